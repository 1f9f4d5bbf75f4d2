"""Telephone numbers made unreadable, for people who may see a call but not whom it was with."""

from __future__ import annotations

import re

DOT = "•"
_LONG = 9
"""From so many digits on, four of them and the country's may stay without giving the number away."""
_SHORT = 7
_ONE_DIGIT = frozenset("17")
"""Country codes of one digit; of others two are shown, which is all or the beginning."""
_INTERNATIONAL = re.compile(r"\+\d(?:[\s().\-/]{0,2}\d){7,14}")
_NUMBER = re.compile(r"(?:\+|00)?[\d\s().\-/]{7,24}")


def mask_number(number: str) -> str:
    """Mask a telephone number or SIP address: `+4915112341234` becomes `(+49) •••••1234`.

    The last four digits stay (three of a short number, none of an extension), and the country's of an
    international number: in brackets, since a spreadsheet takes what begins with a plus and is no number for
    a formula. Names in a SIP address do not stay.
    """
    digits = [char for char in number if char.isascii() and char.isdigit()]
    if not _NUMBER.fullmatch(number.strip()) and len(digits) < _SHORT:
        return DOT * 5
    if len(digits) >= _LONG:
        country = digits[: 1 if digits[0] in _ONE_DIGIT else 2]
        start = f"(+{''.join(country)}) " if number.strip().startswith("+") else ""
        return start + DOT * 5 + "".join(digits[-4:])
    if len(digits) >= _SHORT:
        return DOT * 5 + "".join(digits[-3:])
    return DOT * 5


def mask_within(text: str) -> str:
    """Mask the international numbers in what was written about a call.

    Only those that begin with a plus: other long numbers are as often an order's or an account's.
    """
    return _INTERNATIONAL.sub(lambda found: mask_number(found[0]), text) if "+" in text else text


def looks_like_number(text: str) -> bool:
    """Whether a text, such as a user id, is a telephone number rather than a name or a key."""
    return bool(_NUMBER.fullmatch(text.strip())) and sum(char.isdigit() for char in text) >= _SHORT
