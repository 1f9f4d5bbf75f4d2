from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.elevenlabs.phone_numbers import looks_like_number, mask_number


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+4915112341234", "(+49) •••••1234"),
        ("+1 (415) 555-0100", "(+1) •••••0100"),
        ("004915112341234", "•••••1234"),
        ("5551234", "•••••234"),
        ("1234", "•••••"),
        ("sip:alice@example.com", "•••••"),
        ("sip:+4915112341234@host", "•••••1234"),
        ("", "•••••"),
    ],
)
def test_keeps_only_the_end(number: str, masked: str) -> None:
    """The last digits and the country stay; names, extensions and the middle do not."""
    assert mask_number(number) == masked


@given(st.text())
def test_never_shows_more_than_six_digits(text: str) -> None:
    """Whatever comes in, at most two digits in front and four at the end come out."""
    shown = mask_number(text)
    assert sum(char.isdigit() for char in shown) <= 6
    assert "•••••" in shown


def test_user_ids_that_are_numbers() -> None:
    """A user id is taken for a telephone number only if it is one."""
    assert looks_like_number("+49 151 12341234")
    assert not looks_like_number("user_1234567")
    assert not looks_like_number("123")
