"""Telephone numbers: made unreadable for people who may see a call but not whom it was with, and looked for.

What is looked for is a keyed hash of the one form that a number has (E.164). Who has the database but not
the key in it cannot tell whose number a hash is by trying all numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

import phonenumbers

from bot.elevenlabs.errors import ElevenLabsError

_HEX_DIGITS = 32
DOT = "•"
_LONG = 9
"""From so many digits on, four of them and the country's may stay without giving the number away."""
_SHORT = 7
_ONE_DIGIT = frozenset("17")
"""Country codes of one digit; of others two are shown, which is all or the beginning."""
_INTERNATIONAL = re.compile(r"\+\d(?:[\s().\-/]{0,2}\d){7,14}")
_NUMBER = re.compile(r"(?:\+|00)?[\d\s().\-/]{7,24}")


class UnclearNumber(ElevenLabsError):  # noqa: N818 - as in `errors`
    """A number was typed in a national form, and which country's it is cannot be told."""


class NumberHash:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of_call(
        self, agent_number: str | None, external_number: str | None
    ) -> tuple[str | None, str | None, str | None]:
        """Return the hashes of a call's two numbers, and the agent's country: national forms are of that."""
        agent = _parsed(agent_number, None)
        region = None if agent is None else phonenumbers.region_code_for_number(agent)
        return self._hashed(agent), self._hashed(_parsed(external_number, region)), region

    def of_typed(self, text: str, regions: Iterable[str]) -> tuple[str, ...]:
        """Hash a number as typed; `regions` are those of the agents' numbers. Raises UnclearNumber."""
        international = text.strip().startswith(("+", "00"))
        tried: Iterable[str | None] = [None] if international else regions
        text = f"+{text.strip()[2:]}" if text.strip().startswith("00") else text
        numbers = [number for region in tried if (number := _parsed(text, region)) is not None]
        valid = [number for number in numbers if phonenumbers.is_valid_number(number)]
        found = {self._hashed(number) for number in (numbers if international else valid)}
        if len(found) != 1:
            raise UnclearNumber("a number that is none, or of no known country, or of several")
        return tuple(each for each in found if each is not None)

    def _hashed(self, number: phonenumbers.PhoneNumber | None) -> str | None:
        if number is None:
            return None
        text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()[:_HEX_DIGITS]


def _parsed(text: str | None, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text or "", region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def mask_number(number: str) -> str:
    """Mask a telephone number or SIP address: `+4915112341234` becomes `(+49) •••••1234`.

    The last four digits stay (three of a short number, none of an extension), and the country's: in brackets,
    as a spreadsheet takes what begins with a plus for a formula. Names in a SIP address do not stay.
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
    """Mask the numbers in prose that begin with a plus: other long ones are as often an order's."""
    return _INTERNATIONAL.sub(lambda found: mask_number(found[0]), text) if "+" in text else text


def looks_like_number(text: str) -> bool:
    """Whether a text, such as a user id, is a telephone number rather than a name or a key."""
    return bool(_NUMBER.fullmatch(text.strip())) and sum(char.isdigit() for char in text) >= _SHORT
