"""What a spreadsheet would run as a formula, made text: for files, and for cells that people copy."""

from __future__ import annotations

import re

_LEAD = (
    r"\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
# Lead characters are those a spreadsheet may trim or not show; the rest are the formula starters and their
# fullwidth, small and mathematical look-alikes, which some spreadsheets fold into the plain ones.
_STARTER = r"[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]"
_SEPARATOR = re.compile(r"[;\t\r\n]")
_RISKY = re.compile(f"[{_LEAD}]*{_STARTER}")
_RISKY_AFTER_SEPARATOR = re.compile(f'([;\t\r\n][{_LEAD}"]*)(?={_STARTER})')
"""What another locale reads as the start of a cell; a quote there is the opening one of the cell."""
_EDGE = re.compile(r"[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(?:\d{1,300})(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_SAFE_FIRST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def defuse(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; return other text as it is.

    Covers `= + - @` and their fullwidth forms, first or after blanks, controls or invisible marks, also after
    a semicolon, tab or line break inside the text; and text that starts with a tab or line break. A text that
    is a plain signed number (also a phone number) is no formula.
    """
    if _SEPARATOR.search(text):  # in hardly any text of a file
        text = _RISKY_AFTER_SEPARATOR.sub(r"\1'", text)
    if not text or text[0] in _SAFE_FIRST:
        return text
    if _EDGE.match(text) or (_RISKY.match(text) and not _NUMBER.fullmatch(text)):
        return "'" + text
    return text
