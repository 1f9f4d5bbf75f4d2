"""Telephone numbers as they are looked for: a keyed hash of the one form that a number has (E.164).

Who has the database but not the key in it cannot tell whose number a hash is by trying all numbers.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

from bot.elevenlabs.errors import ElevenLabsError

_HEX_DIGITS = 32


class UnclearNumber(ElevenLabsError):  # noqa: N818 - as in `errors`
    """A number was typed in a national form, and which country's it is cannot be told."""


@dataclass(frozen=True, slots=True)
class CallNumbers:
    """Hashes of the numbers of a phone call; None for what is no number."""

    agent: str | None = None
    external: str | None = None
    region: str | None = None
    """The country of the agent's own number, two letters."""


class NumberHash:
    """The hash of numbers under one key."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of_call(self, agent_number: str | None, external_number: str | None) -> CallNumbers:
        """Hash a call's two numbers; a national form is of the agent's own country."""
        agent = _parsed(agent_number, None)
        region = None if agent is None else phonenumbers.region_code_for_number(agent)
        return CallNumbers(self._hashed(agent), self._hashed(_parsed(external_number, region)), region)

    def of_typed(self, text: str, regions: Iterable[str]) -> tuple[str, ...]:
        """Hash a number that somebody typed; `regions` are those of the agents' numbers.

        Raises UnclearNumber.
        """
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
