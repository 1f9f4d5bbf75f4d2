"""Small words that turn the meaning: a “but” that leaves out, and “not only … but also”."""

from __future__ import annotations

from bot.query.name_reader import NameReader
from bot.query.phrases import Text
from bot.query.vocabulary import RESTRICTING, UNIVERSAL

PLAIN_NOT = frozenset({"not", "no", "non", "never", "neither", "nor", "without"})
"""What takes away a fact, not one of all calls."""
_NOT_ONLY = frozenset({("not", "only"), ("not", "just")})


def takes_away(names: NameReader, at: int) -> bool:
    """Whether a “but” means “except”: “all calls but the German ones”; “failed but German” does not."""
    text, after = names.text, at + 1
    following = names.found[after] if after < len(text) else None
    if (following is not None and following.key == "sort") or text.word(after) in RESTRICTING:
        return False
    named = after < len(text) and names.agents and names.called(after)  # "failed but Sales"
    return bool(named) or not UNIVERSAL.isdisjoint(text.words[:at])


def not_only_but_also(text: Text, at: int) -> tuple[int, str] | None:
    """Read "not only failed but also unknown" as either: the end of two words, and what they join by.

    A "not only" without the rest is asked back.
    """
    if text.word(at) not in {"not", "but"}:
        return None
    pairs = [text.words[start : start + 2] for start in range(len(text))]
    if pairs[at] == ("but", "also") and not _NOT_ONLY.isdisjoint(pairs[:at]):
        return at + 2, "or"
    return (at + 2, "") if pairs[at] in _NOT_ONLY and ("but", "also") in pairs[at:] else None
