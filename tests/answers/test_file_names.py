"""What the file of a list is called: which calls of which days, and nothing that somebody typed freely."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.answers.listing import list_filename
from bot.query import parse

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("failed calls since monday", "failed-calls-2026-11-23-to-29.csv"),
        ("how many failed calls last week", "failed-calls-2026-11-16-to-22.csv"),
        ("top 5 longest calls in october", "the-5-longest-conversations-2026-10.csv"),
        ("failed calls for Support EN yesterday", "failed-calls-for-support-en-2026-11-28.csv"),
        ("all calls", "conversations-until-2026-11-29.csv"),
        ("calls yesterday columns:data.csat,eval.greeting", "conversations-2026-11-28.csv"),
        ("calls from +49 170 1234567 today", "conversations-2026-11-29.csv"),
        ("failed calls about “Ada Lovelace” today", "failed-calls-2026-11-29.csv"),
        ("user:ada@example.com data:phone=491701234567 today", "conversations-2026-11-29.csv"),
    ],
)
def test_a_file_is_named_after_its_calls(question: str, name: str) -> None:
    parsed = parse(question, now=NOW)
    assert parsed.understood, parsed
    assert list_filename(parsed.query, NOW.date()) == name
