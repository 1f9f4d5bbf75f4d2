"""Ids of calls wherever they stand: shortcut, message and question find the same ones."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.answers.typed_texts import read
from bot.query import find_ids

SID = "CA" + "0123456789abcdef" * 2
CONVERSATION = "conv_01jkz9abcdefghijklmnopqr"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"what happened in {SID} yesterday?", [SID]),
        (f"({SID})", [SID]),
        (f"https://console.twilio.com/us1/monitor/logs/calls?x=%2FProject%2F{SID}", [SID]),
        (f"see https://console.twilio.com/us1/monitor/logs/calls/{SID}/recordings please", [SID]),
        (f"<https://elevenlabs.io/app/agents/history/{CONVERSATION}|the call>", [CONVERSATION]),
        (f"&lt;https://eu.residency.elevenlabs.io/app/agents/history/{CONVERSATION}&gt;", [CONVERSATION]),
        (f"failed calls https://elevenlabs.io/app/x/{CONVERSATION}?tab=2,3", [CONVERSATION]),
        (f"open {CONVERSATION} and {SID}", [CONVERSATION, SID]),
        ("x@10.0.0.1", ["x@10.0.0.1"]),
        ("please open x@10.0.0.1:5060.", ["x@10.0.0.1:5060"]),
        ("caller of 5a8f7c10d2@192.168.1.4 hung up", ["5a8f7c10d2@192.168.1.4"]),
        ("a84b4c76e66710@pc33.example.com", ["a84b4c76e66710@pc33.example.com"]),
        (
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@gw.example",
            ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6@gw.example"],
        ),
        ("Call-ID: abc-1@host.example.com", ["abc-1@host.example.com"]),
    ],
)
def test_an_id_is_found_in_a_message_and_in_a_question(text: str, found: list[str]) -> None:
    """By itself, in a sentence, in a link of a carrier or of the dashboard, escaped or not."""
    assert [ref.value for ref in find_ids(text)] == found
    assert [ref.value for ref in read([text], now=NOW, week_start="monday").ids] == found


@pytest.mark.parametrize(
    "text",
    [
        "jane.doe1985@gmx.de wrote to 1985@gmx.de",
        "https://example.com/a?b=c and version 10.0.0.1",
        "<@U0123456789> in <#C0123456789>",
        f"commit {'0123456789abcdef' * 2}0123abcd",
    ],
)
def test_what_is_like_an_id_in_a_message_is_none(text: str) -> None:
    """Addresses of people, of pages and of machines open no call."""
    assert find_ids(text) == ()


@pytest.mark.parametrize("part", ["a.", "-", "a@", "%2F", "a-1", "f0@", "CA0", "https://"])
def test_a_long_text_is_searched_at_once(part: str) -> None:
    """Whatever is repeated in it."""
    began = time.process_time()
    find_ids(part * (40_000 // len(part)))
    assert time.process_time() - began < 1
