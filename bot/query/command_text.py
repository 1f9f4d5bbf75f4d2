"""Commands: what a whole text says, by patterns. What stands in their slots stays as it was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

QUOTES = '"“”„‟«»'
QUOTED = re.compile(rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}]")
COURTESY = "[please] [can|could] [you] [please]"
_PLEASE = re.compile(r",? please$", re.IGNORECASE)
_SLOTS = {
    "words": r"\S.*?",
    "more": r"\S.*",
    "name": rf"{QUOTED.pattern}|[^{QUOTES}]+?",
    "quoted": QUOTED.pattern,
    "channel": r"<#(?P<id>[CG][A-Z0-9]{1,30})(?:\|[^>]*)?>|(?P<named>#[^\s<>]*[^\s<>.,;:!?])",
}
T = TypeVar("T")
Slots = Mapping[str, str]
"""What stands in the slots of a pattern, and in their parts."""


def _expression(pattern: str, slots: Mapping[str, str]) -> str:
    """Return a pattern as a regular expression for a text with single blanks.

    `a|b` is either word, `[a|b]` may be missing, `{slot}` is what its own expression says. Marks may stand
    between.
    """
    parts = []
    for part in pattern.split():
        body = part.strip("[]")
        body = f"(?P<{body[1:-1]}>{slots[body[1:-1]]})" if body[0] == "{" else f"(?:{body})"
        parts.append(rf"(?:{body}[,;:.!]*(?:\s|$))?" if part[0] == "[" else rf"{body}[,;:.!]*(?:\s|$)")
    return "".join(parts)


class Commands(Generic[T]):
    """What a text may say: patterns, one a line, by what is made of their slots. The first holds."""

    def __init__(self, patterns: Mapping[Callable[..., T | None], str], **slots: str) -> None:
        self._patterns = [
            (re.compile(_expression(line, _SLOTS | slots), re.IGNORECASE), make)
            for make, lines in patterns.items()
            for line in lines.strip().splitlines()
        ]

    def read(self, text: str, *beside: object) -> T | None:
        """Return what the first pattern makes of a whole text, of those that make something of it."""
        for pattern, make in self._patterns:
            found = pattern.fullmatch(text)
            if found is not None and (made := make(*beside, _said(found))) is not None:
                return made
        return None

    def within(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Yield what is said anywhere in a text, not in quotes: where it begins and ends, and what it is."""
        masked = QUOTED.sub(lambda quoted: '"' * len(quoted[0]), text)
        for pattern, make in self._patterns:
            for found in pattern.finditer(masked):
                begins = found.start() == 0 or text[found.start() - 1] in " ,;"
                if begins and (made := make(_said(found))) is not None:
                    yield *found.span(), made


def _said(found: re.Match[str]) -> Slots:
    return {slot: said for slot, said in found.groupdict().items() if said is not None}


def one_line(text: str) -> str:
    """Return a command with single blanks, without the courtesy and the marks at its end."""
    return _PLEASE.sub("", " ".join(text.split()).rstrip(".!?"))
