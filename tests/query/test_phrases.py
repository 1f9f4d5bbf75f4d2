"""Phrases are found among those that a word can begin."""

from __future__ import annotations

from bot.query.phrases import Text
from bot.query.time.time_slots import SLOTS
from bot.query.tokens import tokenise

from .test_hostile import HOSTILE, SENTENCES


def test_slots_of_times_read_nothing_that_they_cannot_begin_with() -> None:
    """Else a phrase that begins with the slot would be passed over."""
    wrong = set()
    for sentence in [*SENTENCES, *HOSTILE]:
        text = Text(tokenise(sentence).tokens)
        for at, word in enumerate(text.words):
            for name, (read, starts) in SLOTS.items():
                begins = word in starts if isinstance(starts, frozenset) else starts(word)
                if not begins and next(iter(read(text, at)), None) is not None:
                    wrong.add((name, word, sentence))
    assert wrong == set()
