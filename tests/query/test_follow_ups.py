from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.query import follow_up, goes_on, parse

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("calls since monday", "only the failed ones", "failed since monday"),
        ("failed this week", "and last month?", "failed last month"),
        ("failed for Support", "just German", "failed german calls for Support"),
        ("failed for Support EN", "what about Support DE", None),
        ("failed for Support EN", "for Support DE", 'failed agent:"Support DE"'),
        ("failed german calls", "without the failed ones", "german calls not failed"),
        ("failed german calls", "any language", "failed"),
        ("failed for Support since monday", "for all agents", "failed since monday"),
        ("failed since monday", "all time", "failed"),
        ("failed", "how many?", "how many failed"),
        ("how many failed", "list them", "failed"),
        ("how many failed today", "and yesterday?", "how many failed yesterday"),
        ("failed yesterday", "before noon", "failed yesterday before noon"),
        ("failed yesterday", "after 3pm", "failed yesterday after 3pm"),
        ("failed yesterday", "only between 9:00 and 11:00", "failed yesterday between 9:00 and 11:00"),
        ("failed last week", "and yesterday between 9:00 and 11:00", "failed yesterday 9:00-11:00"),
        ("failed last week", "what about may", "failed in may"),
        ("oldest first failed", "newest first", "failed"),
        ("over 5 minutes", "over 10 minutes instead", "over 10 minutes"),
        ("last 10 calls", "failed", "last 10 calls failed"),
        ("failed or unknown", "only successful", "successful"),
        ("failed", "also the successful ones", "failed or successful"),
        ("failed", "the successful ones too", "failed or successful"),
        ("failed", "and the successful ones", "successful"),
        ("for Sales", "also for Billing", "agent:Sales,Billing"),
        ("failed today", "also yesterday", None),
        ("failed", "also in german", "failed in german"),
        ("failed for Support EN", "all agents", "failed"),
        ("failed german calls", "again", "failed german calls"),
        ("failed calls this month", "by day", "failed calls by day this month"),
        ("failed calls this month", "by agent", "failed calls by agent this month"),
        ("last 10 failed calls", "by agent", "failed calls by agent"),
        ("how many failed this week", "by day", "failures per day this week"),
        ("success rate by agent this week", "by day", "success rate by day this week"),
        ("success rate by agent", "also by day", "success rate by agent and day"),
        ("calls by agent last week", "as success rate", "success rate by agent last week"),
        ("success rate this month", "compare with last month", "success rate this month vs last month"),
        ("success rate in october", "compared to september", "success rate in october vs september"),
        ("success rate in october", "compare with august", "success rate in october vs august"),
        ("success rate this week", "vs the week before", "success rate this week vs last week"),
        ("calls by agent", "only inbound", "inbound calls by agent"),
        ("calls by agent", "only the failed ones", "failed calls by agent"),
        ("failures by agent last week", "show the calls", "failures last week"),
        ("failures by agent last week", "which ones?", "failures last week"),
        ("how many failed last week", "which calls", "failed last week"),
        ("failed last week", "and the week before?", "failed from 2026-11-02 to 2026-11-08"),
        ("failures by agent yesterday", "what about the day before", "failures by agent on 2026-11-17"),
        ("failed in october", "the previous month", "failed in september"),
        ("failed yesterday", "and the week before?", None),
        ("top 5 agents by success rate last week", "show me the calls", "calls last week"),
        ("success rate by agent for Sales", "list the failed calls", "failed calls for Sales"),
        ("failures by agent last week", "how many?", "how many failures last week"),
        ("failures by agent last week", "and yesterday?", "failures by agent yesterday"),
        ("calls by agent", "for Support EN", "calls by agent for Support EN"),
        ("failed", "compare with last month", "failed calls this month vs last month"),
        ("success rate", "compare with the time before", None),
    ],
)
def test_a_follow_up_changes_what_it_names(before: str, text: str, after: str | None) -> None:
    """A filter named anew replaces the one before, the others stay; a name without "for" is asked back."""
    previous = parse(before, now=NOW).query
    changed = follow_up(previous, text, now=NOW)
    if after is None:
        assert not changed.understood
    else:
        assert changed.understood, changed
        assert changed.query == parse(after, now=NOW).query


def test_what_is_kept_is_said() -> None:
    """The reply can list, in words, what stays of the question before."""
    previous = parse("failed german calls for Support since monday oldest first", now=NOW).query
    changed = follow_up(previous, "just the successful ones", now=NOW)
    assert changed.kept == ("German", "for Support", "since Monday 16 Nov 2026", "oldest first")


@pytest.mark.parametrize(
    ("before", "text", "dropped"),
    [
        ("failed since monday", "and yesterday?", ("since Monday 16 Nov 2026",)),
        ("failed since monday", "all time", ("since Monday 16 Nov 2026",)),
        ("failed for Support since monday", "for all agents", ("for Support",)),
        ("failed for Support", "for Billing", ("for Support",)),
        ("failed german calls", "only the successful ones in any language", ("failed", "German")),
        ("how many failed", "list them", ("how many",)),
        ("oldest first failed", "newest first", ("oldest first",)),
        ("last 10 calls", "last 20 calls", ("at most 10",)),
        ("failed", "only the failed ones", ()),
        ("failed", "also the successful ones", ()),
        ("for Sales", "also for Billing", ()),
        ("failed yesterday", "before noon", ()),
        ("since 2026-11-16", "until 2026-11-18", ()),
        ("failed", "just German", ()),
        ("failed today", "again", ()),
        ("success rate by agent", "by day", ("by agent",)),
        ("success rate by agent", "show the calls", ("success rate", "by agent")),
        ("last 10 calls", "by agent", ("at most 10",)),
        ("success rate this week vs last week", "by agent", ()),
    ],
)
def test_what_is_dropped_is_said(before: str, text: str, dropped: tuple[str, ...]) -> None:
    """What a follow-up replaces or takes away is named; what it adds to or narrows is not."""
    changed = follow_up(parse(before, now=NOW).query, text, now=NOW)
    assert changed.understood, changed
    assert changed.dropped == dropped


def test_a_vague_follow_up_is_asked_back() -> None:
    """“Without the short ones” says no length: the person is asked for one."""
    changed = follow_up(parse("failed", now=NOW).query, "without the short ones", now=NOW)
    assert "short" in changed.problems[0]


def test_commands_and_ids_are_not_follow_ups() -> None:
    """Help and ids are what they are, whatever was asked before."""
    previous = parse("failed", now=NOW).query
    assert follow_up(previous, "help", now=NOW).special == "help"
    assert follow_up(previous, "thanks!", now=NOW).special == "thanks"
    assert follow_up(previous, "all agents", now=NOW).special == "agents"
    assert follow_up(previous, "conv_8401k9abcdefghij", now=NOW).ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("only the failed ones", True),
        ("and last month?", True),
        ("just German", True),
        ("what about last week?", True),
        ("how many?", True),
        ("how many failures this week", False),
        ("how many of those failed", True),
        ("failed ones", True),
        ("by day", True),
        ("as success rate", True),
        ("compare with last month", True),
        ("show the calls", True),
        ("show the failed calls for Sales", False),
        ("compare this week with last week", False),
        ("success rate by agent", False),
        ("without the short ones", True),
        ("failed calls for Support since monday", False),
        ("show me all the german calls", False),
        ("how many calls were there in october for Support EN?", False),
        ("", False),
    ],
)
def test_follow_ups_are_heard(text: str, expected: bool) -> None:
    """Texts that go on from a question are told from texts that ask a new one."""
    assert goes_on(text) is expected


@pytest.mark.parametrize(
    ("before", "text", "key", "kept"),
    [
        ("calls since 2026-11-16", "until 2026-11-18", "time", "since Monday"),
        ("calls for Booking", "without agent staging", "agent", "for Booking"),
    ],
)
def test_what_a_follow_up_narrows_is_kept(before: str, text: str, key: str, kept: str) -> None:
    parsed = follow_up(parse(before, now=NOW).query, text, now=NOW)
    assert kept in " ".join(parsed.kept)
    value = parsed.query.filters()[key]
    assert value.startswith(("2026-11-16", "Booking"))
    assert not value.endswith("..")
