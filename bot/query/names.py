"""Names without quotes: they go on until a known phrase begins."""

from __future__ import annotations

from collections.abc import Container, Sequence

from rapidfuzz.distance import OSA

from bot.query.grammar import GRAMMAR, Found
from bot.query.ids import bare_id
from bot.query.phrases import Text
from bot.query.tokens import Kind, item_text
from bot.query.words import ENDS_NAME, JOINERS, NAME_WORDS, NEGATIONS, STOP

_NAME_ENDS = frozenset({"for", "by", "handled", "answered", "taken"})
"""Openers that also end the name before them."""


class NameReader:
    """Finds where a name begins and ends among words of the grammar."""

    def __init__(self, text: Text, found: Sequence[Found | None], typed: Container[int]) -> None:
        """`found` is what phrase begins at each word; `typed` the positions of `since:` and the like."""
        self.text = text
        self.found = found
        self.typed = typed

    def read(self, at: int) -> tuple[str, int] | None:
        """Read a name, quoted or up to a known phrase; returns it with the position after it."""
        if at >= len(self.text):
            return None
        token = self.text.tokens[at]
        if token.kind is Kind.QUOTED:
            return item_text(token.items[0]), at + 1
        if token.kind is not Kind.WORD or token.word[:1].isdecimal():
            return None
        end = at
        if self._ends_name(at):
            end = self._lead_in(at)
            if end == at:
                return None
        while end < len(self.text) and not self._ends_name(end) and not (end > at and self.mistyped(end)):
            end += 1
        while end > at and self.text.word(end - 1) in NAME_WORDS | JOINERS.keys():
            end -= 1
        if end == at:
            return None
        words = [t.text for t in self.text.tokens[at:end] if t.kind is Kind.WORD]
        if len(words) > 1 and words[-1].casefold() in {"agent", "assistant", "bot"}:
            words.pop()
        name = " ".join(words)
        return (name, end) if any(c.isalnum() for c in name) else None

    def _ends_name(self, at: int) -> bool:
        token = self.text.tokens[at]
        if token.kind is not Kind.WORD or at in self.typed or bare_id(token.text):
            return True
        found = self.found[at]
        if token.word in JOINERS:  # "Sales and Returns" is one name, "Sales and inbound" is not
            return at + 1 >= len(self.text) or self._ends_name(at + 1)
        if token.word in NAME_WORDS:
            return found is not None and bool(found.key)
        return token.word in ENDS_NAME | NEGATIONS | _NAME_ENDS or (
            found is not None and (bool(found.key) or token.word not in STOP)
        )

    def _lead_in(self, at: int) -> int:
        """Return the end of grammar words that begin a name: the "German" of "for German Support"."""
        found = self.found[at]
        if (
            found is None
            or found.key == "time"
            or found.problem is not None
            or self.text.word(at) in NEGATIONS
        ):
            return at
        end = found.end
        if end >= len(self.text) or self._ends_name(end) or self.mistyped(end):
            return at
        return end if self.text.word(end) not in NAME_WORDS | JOINERS.keys() else at

    def mistyped(self, at: int) -> bool:
        """Whether a word looks like a mistyped word of the grammar, so that it is no part of a name."""
        word = self.text.word(at)
        if len(word) < 5 or word in GRAMMAR.anchors:  # noqa: PLR2004 - short words resemble too much
            return False
        return any(
            abs(len(anchor) - len(word)) <= 1
            and len(anchor) > 4  # noqa: PLR2004 - as above
            and OSA.distance(word, anchor, score_cutoff=1) <= 1
            for anchor in GRAMMAR.anchors
        )
