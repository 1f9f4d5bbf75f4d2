"""What is suggested for words that are not known: never the opposite, never what only rhymes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.query import parse
from bot.query.vocabulary import may_be, opposed

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("errored calls", ["failed", "result:error"]),
        ("calls with errors", ["failed", "result:error"]),
        ("-errored", ["-failed"]),
        ("broken calls", ["failed"]),
        ("good calls", ["successful", "rated 4 or more"]),
        ("bad calls", ["failed", "rated 2 or less"]),
        ("unclear calls", ["unknown result"]),
        ("initiated calls", ["status:initiated"]),
        ("pending calls", ["in progress", "processing", "status:initiated"]),
        ("done calls", ["status:done"]),
        ("processed calls", ["status:done"]),
        ("aborted calls", ["failed", "status:failed"]),
        ("inactive calls", ["-active"]),
        ("stop", ['about "stop"']),
        ("cancel", ['about "cancel"']),
        ("-inactive", ["active"]),
        ("columns", ["columns:all"]),
        ("limit", ["limit:50"]),
        ("AH-17545", ['about "AH-17545"']),
    ],
)
def test_everyday_words_get_the_right_suggestion(text: str, nearest: list[str]) -> None:
    """Words for results and statuses lead to those that select them, and each suggestion is understood."""
    (unknown,) = parse(text, now=NOW).unknown
    assert list(unknown.nearest) == nearest
    assert all(parse(text.replace(unknown.word, each), now=NOW).understood for each in nearest)


@pytest.mark.parametrize("text", ["status:incomplete", "status:inactive", "result:unsuccesful"])
def test_after_a_colon_the_opposite_is_not_suggested_either(text: str) -> None:
    """Of the words for a value none is suggested that says the opposite."""
    (unknown,) = parse(text, now=NOW).unknown
    assert not {"status:complete", "status:completed", "status:active", "result:successful"} & {
        *unknown.nearest
    }


@pytest.mark.parametrize(
    ("typed", "known", "may"),
    [
        ("incomplete", "completed", False),
        ("succesful", "unsuccessful", False),
        ("stop", "top", False),
        ("done", "one", False),
        ("aborted", "sorted", False),
        ("inbund", "inbound", True),
        ("untl", "until", True),
        ("ailed", "failed", True),
        ("esterdy", "yesterday", True),
        ("rfom", "from", True),
        ("gailed", "failed", True),
    ],
)
def test_what_may_have_been_meant(typed: str, known: str, *, may: bool) -> None:
    """A typing error may be anywhere; one word in front of another is another word."""
    assert may_be(typed, known) == may
    assert not opposed(typed, typed)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("refund", ('about "refund"',)),
        ("Billing", ("for Billing", 'about "Billing"')),
        ("from Max", ("for Max", 'about "Max"')),
        ("EN", ("lang:en",)),
        ("finish calls", ("finnish", "finished")),
        ("typical calls", ()),
        ("calls from germany", ('about "germany"',)),
        ("-faild", ("-failed", "-fail", "-fails")),
    ],
)
def test_what_is_suggested_may_well_be_meant(text: str, nearest: tuple[str, ...]) -> None:
    """A mistyped word gives known ones, a name how a name is said, any other word how a topic is."""
    assert parse(text, now=NOW).unknown[0].nearest == nearest
