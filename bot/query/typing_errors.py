"""A known word with one typing error in it: corrected where it can be only that one, and said."""

from __future__ import annotations

from dataclasses import replace

from bot.query.agent_names import KnownAgents
from bot.query.draft import Draft
from bot.query.filters.origins import BY_NAME
from bot.query.grammar import GRAMMAR
from bot.query.key_values import Prepared
from bot.query.phrases import Text
from bot.query.suggestions import opposed
from bot.query.tokens import Kind, Token, word_set
from bot.query.values import Choice, Value

MOST = 3
"""Words of a text that are corrected; of more, it is not a question anyway."""
_MOST_KNOWN = 6
_LONG = 5
"""Letters from which a word with a letter left out, doubled or swapped is hardly another."""
_VERY_LONG = 6
"""Letters from which this holds for a wrong letter, and for a word with a capital, too."""
_SHORT = word_set("week weeks month months year hour hours days many last past this since until today calls")
"""Words that are known with an error in them although they are short."""
_OTHER_WORDS = word_set("finish resent parch pending stares starts stairs greet match mouth languish contest")
"""Words that only look like mistyped ones."""


def with_word(prepared: Prepared, at: int, known: str) -> Prepared:
    """Return a text with another word at a position."""
    tokens = list(prepared.text.tokens)
    tokens[at] = replace(tokens[at], text=known, word=known)
    return replace(prepared, text=Text(tokens))


def mistyped(prepared: Prepared, draft: Draft, agents: KnownAgents) -> list[tuple[int, list[str]]]:
    """Return the positions of words not understood that may be mistyped, with the known words near each."""
    named = [unknown.word for unknown in draft.unknown]
    if not 0 < len(named) <= MOST:
        return []
    shouted = not any(token.text.islower() for token in prepared.text.tokens)
    found = []
    for at, token in enumerate(prepared.text.tokens):
        if token.kind is not Kind.WORD or token.text not in named or at in prepared.time_pairs:
            continue
        if token.key or not token.word.isalpha() or token.word in _OTHER_WORDS or agents.has_word(token.text):
            continue
        capital = token.text[0].isupper() and at > 0 and not shouted
        near = sorted(GRAMMAR.vocabulary.one_error_from(token.word), key=lambda known: -len(known))
        may_be = [known for known in near if _may_be(token, known, capital=capital)]
        if may_be:
            found.append((at, may_be[:_MOST_KNOWN]))
    return found


def _may_be(token: Token, known: str, *, capital: bool) -> bool:
    """Whether a word may be a known one with a typing error, and is hardly a word of its own."""
    typed = token.word
    if opposed(typed, known) or not known.isalpha():
        return False
    if typed[0] != known[0] and sorted(typed[:2]) != sorted(known[:2]) and typed != known[1:]:
        return False
    if known in BY_NAME and (known.startswith(typed) or typed.startswith(known)):  # Germany is no language
        return False
    wrong_letter = len(typed) == len(known) and sorted(typed) != sorted(known)
    if len(typed) < (_VERY_LONG if wrong_letter or capital else _LONG):
        return known in _SHORT and not wrong_letter and not capital
    return True


def _better(draft: Draft, new: Draft) -> bool:
    """Whether a text says more with a word corrected, and all that it said before."""
    named, before = {unknown.word for unknown in new.unknown}, {unknown.word for unknown in draft.unknown}
    return (
        named < before
        and set(new.problems) <= set(draft.problems)
        and new.values != draft.values
        and all(_kept(value, new.values.get(key)) for key, value in draft.values.items())
    )


def _kept(value: Value, now: Value | None) -> bool:
    """Whether a filter is still there: the same, a time with more to it, or more values after an “or”."""
    if isinstance(value, Choice) and isinstance(now, Choice):
        return {*value.exclude} <= {*now.exclude} and {v for g in value.groups for v in g} <= {
            v for g in now.groups for v in g
        }
    return value == now or (isinstance(value, tuple) and isinstance(now, tuple))


def one_meaning(draft: Draft, read: list[tuple[Prepared, Draft]]) -> tuple[Prepared, Draft] | None:
    """Return the text that says more with the fewest words left over; None if two differ in meaning."""
    best = [each for each in read if _better(draft, each[1])]
    fewest = min((len(new.unknown) for _text, new in best), default=0)
    best = [each for each in best if len(each[1].unknown) == fewest]
    return best[0] if best and all(new.values == best[0][1].values for _text, new in best) else None
