"""Words that make the bot speak first: what they are about, where it is told, and that they read back."""

from __future__ import annotations

from datetime import UTC, datetime, time

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.query import parse
from bot.query.alert_commands import Watching, read_watched, read_watching, said
from bot.query.saved_commands import Saving, read_saving
from bot.query.time.schedule_parser import Schedule
from bot.report.alerting import DAY, HOUR, AlertRule, least_calls
from bot.report.measures import MEASURES, Unit

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "question", "channel"),
    [
        ("subscribe to failed calls for Support EN", "failed calls for Support EN", None),
        ("tell me about every call rated 1", "calls rated 1", None),
        ("notify <#C1|quality> when a call mentions refund", "calls that mention refund", "C1"),
        ("alert me when a call lasts longer than 10 minutes", "calls that last longer than 10 minutes", None),
        ("tell me when a call fails", "calls that fail", None),
        (
            "subscribe to calls in progress for more than 30 minutes in <#C1>",
            "calls in progress for more than 30 minutes",
            "C1",
        ),
        ("let me know when a call is longer than 10 minutes", "calls longer than 10 minutes", None),
        ("notify me of all failed calls", "failed calls", None),
        ("tell me when calls for Sales over 5 minutes", "calls for Sales over 5 minutes", None),
        ("notify #quality-review when a call fails", "calls that fail", "#quality-review"),
        ("subscribe to failed calls in #quality please.", "failed calls", "#quality"),
        ("subscribe #quality to failed calls", "failed calls", "#quality"),
        ("can you alert me when a call fails?", "calls that fail", None),
        ("create an alert for failed calls", "failed calls", None),
    ],
)
def test_a_subscription_is_a_question(text: str, question: str, channel: str | None) -> None:
    """Which calls, as a question that can be read."""
    found = read_watching(text)
    assert found == Watching(act="subscription", question=question, channel_id=channel)
    assert parse(question, now=NOW).understood


RATE = AlertRule(measure="failure-rate", over=True, bound=0.2, least=10)


@pytest.mark.parametrize(
    ("text", "question", "rule"),
    [
        ("alert me when more than 20% of calls fail in the last hour", "", RATE),
        ("alert me when over 20% of german calls failed in the last hour", "german calls", RATE),
        (
            "warn us if less than 80% of our calls are successful",
            "",
            AlertRule(measure="success-rate", over=False, bound=0.8, least=10),
        ),
        (
            "alert me when the failure rate for Support EN is over 20% in the last hour",
            "for Support EN",
            RATE,
        ),
        ("alert me when failures for Support EN go over 20% in an hour", "for Support EN", RATE),
        ("alert when failures go over 20% in an hour for Support EN", "for Support EN", RATE),
        ("set up an alert if the failure rate is above 20% for Support EN", "for Support EN", RATE),
        ("warn us if failure rate > 20 percent with at least 10 calls", "", RATE),
        (
            "let me know when the success rate drops below 70% in the last 2 hours with at least 3 calls",
            "",
            AlertRule(measure="success-rate", over=False, bound=0.7, window=2 * HOUR, least=3),
        ),
        (
            "alert me when there are more than 5 failed calls in the last 15 minutes",
            "failed calls",
            AlertRule(measure="calls", over=True, bound=5, window=900),
        ),
        (
            "warn us when more than 5 calls fail within 15 minutes",
            "calls that fail",
            AlertRule(measure="calls", over=True, bound=5, window=900),
        ),
        (
            "tell me when there are no calls in the last hour",
            "",
            AlertRule(measure="calls", over=False, bound=1),
        ),
        (
            "alert me when average call length is above 5 minutes",
            "",
            AlertRule(measure="average-duration", over=True, bound=300, least=10),
        ),
        (
            "alert me when cost is over $1,200.50 in the last 7 days",
            "",
            AlertRule(measure="cost", over=True, bound=1200.5, window=7 * DAY),
        ),
        (
            "alert me when cost is over 500 credits in the last day",
            "",
            AlertRule(measure="cost", over=True, bound=500, window=DAY, credits=True),
        ),
        (
            "alert me when calls in the last hour are more than 20% above the same time last week",
            "",
            AlertRule(measure="calls", over=True, bound=0.2, compared=True),
        ),
        (
            "alert me when the number of failed calls is 50% below the same time last week",
            "failed calls",
            AlertRule(measure="calls", over=False, bound=0.5, compared=True),
        ),
        (
            "alert me when the share of whatsapp calls is over 30% within 15 minutes",
            "whatsapp calls",
            AlertRule(measure="share", over=True, bound=0.3, window=900, least=10),
        ),
        (
            "alert me when cost above $50 a day",
            "",
            AlertRule(measure="cost", over=True, bound=50, window=DAY),
        ),
        (
            "alert me when daily cost for Sales exceeds 500 credits",
            "for Sales",
            AlertRule(measure="cost", over=True, bound=500, window=DAY, credits=True),
        ),
        (
            "notify me when failures over 10/day",
            "failures",
            AlertRule(measure="calls", over=True, bound=10, window=DAY),
        ),
        (
            "alert me when csat is below 3 stars per week",
            "",
            AlertRule(measure="rating", over=False, bound=3, window=7 * DAY, least=10),
        ),
        (
            "alert me when what percentage of calls failed for Support EN is above 5% in a week",
            "for Support EN",
            AlertRule(measure="failure-rate", over=True, bound=0.05, window=7 * DAY, least=10),
        ),
    ],
)
def test_an_alert_is_a_rule_about_a_question(text: str, question: str, rule: AlertRule) -> None:
    """The measure, its bound, the window and the least number of calls."""
    assert read_watching(text) == Watching(act="alert", question=question, rule=rule)
    assert parse(question or "calls", now=NOW).understood


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("alert me when the failure rate is over 20 in the last hour", "20%"),
        ("alert me when the p90 is over 300", "300 minutes"),
        ("alert me when the cost is over 5%", "same time last week"),
        ("alert me when the failure rate is over 20% in the last 2 minutes", "5 minutes to 7 days"),
        ("alert me when the failure rate is over 20% in the last 3 weeks", "5 minutes to 7 days"),
        ("alert me when the share is over 5%", "share of which calls"),
        ("alert me when csat under 3 this week", "“in the last 7 days” instead of “this week”"),
        ("alert me when there are more than 5 failures today", "“in the last day” instead of “today”"),
        ("alert me when cost is over $100 this month", "“in the last 7 days” instead of “this month”"),
        ("alert me when the failure rate is over 5 minutes", "20%"),
    ],
)
def test_what_cannot_be_says_what_to_say(text: str, words: str) -> None:
    """A bound without its unit, a window that is none, a channel that is only a name."""
    found = read_watching(text)
    assert found is not None
    assert words in (found.problem or "")


@pytest.mark.parametrize(
    "text",
    [
        *("failed calls", "calls about alerts", "alert", "tell me", "digest", "how many alerts"),
        *("tell calls from chats", "notify failed calls", "let calls"),
    ],
)
def test_questions_are_left_alone(text: str) -> None:
    """Words that only look like it."""
    assert read_watching(text) is None
    assert read_saving(text) is None


@pytest.mark.parametrize(
    ("text", "watching"),
    [
        ("alerts", Watching(act="list")),
        ("what alerts do I have?", Watching(act="list")),
        ("alerts for Support EN", Watching(act="list", question="Support EN")),
        ("show my subscriptions.", Watching(act="list")),
        ("pause my alerts", Watching(act="pause", kind="alert", several=True)),
        ("turn off my alerts", Watching(act="pause", kind="alert", several=True)),
        ("resume the alert", Watching(act="resume", kind="alert")),
        (
            'pause alert "the failure rate is over 20%"',
            Watching(act="pause", kind="alert", question="failure rate is over 20%"),
        ),
        (
            "delete the subscription for failed calls",
            Watching(act="delete", kind="subscription", question="failed calls"),
        ),
        ("unsubscribe from every call rated 1", Watching(act="delete", question="calls rated 1")),
        ("stop telling me about failed calls", Watching(act="delete", question="failed calls")),
        ("pause the alert for Support EN", Watching(act="pause", kind="alert", question="Support EN")),
    ],
)
def test_what_is_watched_is_listed_and_changed_by_words(text: str, watching: Watching) -> None:
    """By some of its words, or all of a kind at once."""
    assert read_watching(text) == watching


@pytest.mark.parametrize(
    "text",
    ["mute alerts for an hour", "snooze my alerts for 2 hours", "pause alerts until monday"],
)
def test_a_pause_has_no_end(text: str) -> None:
    """What is said of how long is not dropped: the list comes, and says what can be done."""
    found = read_watching(text)
    assert found is not None
    assert (found.act, found.kind) == ("list", "alert")
    assert "Snooze" in (found.problem or "")
    assert "pause my alerts" in (found.problem or "")


@pytest.mark.parametrize("text", ["cost is over 5 minutes", "calls are over 3 stars", "cost is over €50"])
def test_a_bound_of_another_kind_is_no_rule(text: str) -> None:
    """It is a question, which names what it does not know: five minutes are not five dollars."""
    found = read_watching(f"alert me when {text}")
    assert found is not None
    assert found.act == "subscription"


@pytest.mark.parametrize(
    ("text", "question", "schedule", "channel"),
    [
        (
            "digest every monday 9:00 in <#C1|voice>, only if any",
            "overview last week vs the week before",
            Schedule(frozenset({0}), time(9)),
            "C1",
        ),
        (
            "post the weekly digest on monday at 9:00 in #voice please",
            "overview last week vs the week before",
            Schedule(frozenset({0}), time(9)),
            "#voice",
        ),
        (
            "send a digest to #voice daily at 9",
            "overview yesterday vs the day before",
            Schedule(frozenset(range(7)), time(9)),
            "#voice",
        ),
        (
            "send me a digest daily at 9",
            "overview yesterday vs the day before",
            Schedule(frozenset(range(7)), time(9)),
            None,
        ),
        (
            "weekly digest every monday 9am",
            "overview last week vs the week before",
            Schedule(frozenset({0}), time(9)),
            None,
        ),
        (
            "daily digest for Support EN every weekday at 9",
            "overview for Support EN yesterday vs the day before",
            Schedule(frozenset(range(5)), time(9)),
            None,
        ),
        (
            "digest of Support EN monthly 8:00",
            "overview for Support EN last month vs the month before",
            Schedule(frozenset(), time(8), "", 1),
            None,
        ),
    ],
)
def test_a_digest_is_an_overview_on_a_schedule(
    text: str, question: str, schedule: Schedule, channel: str | None
) -> None:
    """Of the day, week or month that is over by then, against the one before."""
    name = "Digest of Support EN" if "Support" in text else "Digest"
    wanted = Saving(
        act="save",
        name=name,
        question=question,
        schedule=schedule,
        channel_id=channel,
        only_if_any=True if "only if any" in text else None,
    )
    assert read_saving(text) == wanted


@st.composite
def rules(draw: st.DrawFn) -> AlertRule:
    """Draw a rule that words can say."""
    measure = draw(st.sampled_from(sorted(MEASURES.keys() - {"overview"})))
    unit, compared = MEASURES[measure].unit, draw(st.booleans())
    number = draw(st.integers(1, 5000))
    bound = (
        number / 10_000
        if compared or unit is Unit.RATE
        else number / 100
        if unit is Unit.MONEY
        else float(number)
    )
    in_credits = unit is Unit.MONEY and not compared and draw(st.booleans())
    return AlertRule(
        measure=measure,
        over=draw(st.booleans()),
        bound=bound if unit is not Unit.NUMBER or compared else number % 100,
        window=draw(st.sampled_from([300, 900, 3600, 5400, 7200, DAY, 3 * DAY, 7 * DAY])),
        least=draw(st.integers(0, 30)) if least_calls(measure) else draw(st.sampled_from([0, 5])),
        compared=compared,
        credits=in_credits,
    )


@given(
    rules(),
    st.sampled_from(["", "for Support EN", "failed calls", "failed calls for Sales longer than 5 minutes"]),
)
@example(AlertRule(measure="calls", over=False, bound=1), "failed calls for Sales longer than 5 minutes")
@example(AlertRule(measure="calls", over=False, bound=1, window=1800, least=5), "")
def test_what_is_said_reads_back(rule: AlertRule, question: str) -> None:
    """The words of an alert are the same alert."""
    if rule.measure == "share":
        question = "whatsapp calls"
    elif rule.measure != "calls":
        question = question.removeprefix("failed calls").strip()
    found = read_watched(said(rule, question), Watching(act="subscription"))
    assert found.problem is None
    assert found.rule is not None
    assert found.question == question
    assert found.rule.bound == pytest.approx(rule.bound)
    assert msgspec.structs.replace(found.rule, bound=rule.bound) == rule


def test_no_calls_are_said_as_asked() -> None:
    """Not as “fewer than 1 calls”."""
    rule = AlertRule(measure="calls", over=False, bound=1, window=1800)
    assert said(rule, "failed calls") == "there are no failed calls in the last 30 minutes"


@given(
    st.text(max_size=200),
    st.sampled_from(["alert me when ", "subscribe to ", "digest ", "tell me when x is over 5% "]),
)
def test_any_text_is_read_without_an_exception(text: str, start: str) -> None:
    """Hostile text is a command with a problem, or none."""
    read_watching(start + text)
    read_saving(start + text)
