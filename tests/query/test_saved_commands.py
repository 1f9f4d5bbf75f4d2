"""Words about saved questions, and the schedules on which they run."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.query.saved_commands import Saving, clean_name, name_key, name_problem, read_saving
from bot.query.time.calendar import zone_called
from bot.query.time.schedule_parser import EVERY_DAY, WORKDAYS, Schedule, read_schedule

MONDAY_9 = Schedule(frozenset({0}), time(9))
TUESDAY_9 = Schedule(frozenset({1}), time(9))
ZONES = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "Africa/Cairo"]
schedules = st.builds(
    Schedule,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    st.sampled_from(["", "", "UTC", "EST", "PT", "Europe/London"]),
)
monthly = st.builds(
    Schedule,
    st.just(frozenset()),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    st.sampled_from(["", "UTC"]),
    st.integers(1, 31),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('failed last week save as "Bad"', Saving(act="save", name="Bad", question="failed last week")),
        ("save as “Bad”", Saving(act="save", name="Bad")),
        ('save failed calls as "Bad"', Saving(act="save", name="Bad", question="failed calls")),
        (
            'save failed calls for "Support EN" as "Bad" every monday 9:00',
            Saving(act="save", name="Bad", question='failed calls for "Support EN"', schedule=MONDAY_9),
        ),
        ("save this as Mara's list.", Saving(act="save", name="Mara's list")),
        ("save this as Weekly review", Saving(act="save", name="Weekly review")),
        ("failed, and save it as Bad", Saving(act="save", name="Bad", question="failed")),
        (
            'failed save as "Bad" every monday at 9:00',
            Saving(act="save", name="Bad", question="failed", schedule=MONDAY_9),
        ),
        (
            'failed every monday 9 save as "Bad" in <#C123|general>',
            Saving(act="save", name="Bad", question="failed", schedule=MONDAY_9, channel_id="C123"),
        ),
        (
            'failed every monday 9 save as "Bad" in #general.',
            Saving(act="save", name="Bad", question="failed", schedule=MONDAY_9, channel_id="#general"),
        ),
        (
            'failed save as "Bad" every monday 9:00 here',
            Saving(act="save", name="Bad", question="failed", schedule=MONDAY_9, channel_id="here"),
        ),
        (
            'failed save as "Bad" every monday 9:00 UTC',
            Saving(
                act="save", name="Bad", question="failed", schedule=Schedule(frozenset({0}), time(9), "UTC")
            ),
        ),
        (
            "failed calls every monday to friday 9:00",
            Saving(
                act="schedule",
                name="failed calls",
                question="failed calls",
                schedule=Schedule(WORKDAYS, time(9)),
                sure=False,
            ),
        ),
        ('save as "Bad": failed calls', Saving(act="save", name="Bad", question="failed calls")),
        (
            'save as "Bad" failed calls for "Support EN" every monday 9:00',
            Saving(act="save", name="Bad", question='failed calls for "Support EN"', schedule=MONDAY_9),
        ),
        (
            'failed calls for "Support EN" every monday 9:00',
            Saving(
                act="schedule",
                name="failed calls for Support EN",
                question='failed calls for "Support EN"',
                schedule=MONDAY_9,
                sure=False,
            ),
        ),
        ('save "Bad" every monday 9:00', Saving(act="schedule", name="Bad", schedule=MONDAY_9)),
        ('failed save as "My daily calls"', Saving(act="save", name="My daily calls", question="failed")),
        ("saved", Saving(act="list")),
        ("list my saved questions", Saving(act="list")),
        ("schedules", Saving(act="list")),
        ("run Monday failures", Saving(act="run", name="Monday failures")),
        ('delete saved "Bad"', Saving(act="delete", name="Bad")),
        ("pause Bad", Saving(act="pause", name="Bad")),
        ("pause Daily failures", Saving(act="pause", name="Daily failures")),
        ("delete daily failures 9:00", Saving(act="delete", name="daily failures 9:00")),
        ("resume “Bad”", Saving(act="resume", name="Bad")),
        ("every monday 9:00", Saving(act="schedule", schedule=MONDAY_9, sure=False)),
        ('"Bad" every monday', Saving(act="schedule", name="Bad", schedule=MONDAY_9)),
        (
            "failed calls every monday 9am",
            Saving(
                act="schedule", name="failed calls", question="failed calls", schedule=MONDAY_9, sure=False
            ),
        ),
    ],
)
def test_words_about_saved_questions(text: str, wanted: Saving) -> None:
    """Each way of saying it is recognised, and the question is left as it was typed."""
    assert read_saving(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('change "Bad" to every tuesday 9:00', Saving(act="change", name="Bad", schedule=TUESDAY_9)),
        ('change "Bad" to tuesdays 9am', Saving(act="change", name="Bad", schedule=TUESDAY_9)),
        ('change "Bad" to 10:00', Saving(act="change", name="Bad")),
        (
            'change "Bad" to failed calls for "Support EN"',
            Saving(act="change", name="Bad", question='failed calls for "Support EN"'),
        ),
        ('change "Bad" to "failed calls"', Saving(act="change", name="Bad", question="failed calls")),
        ('move "Bad" to <#C123|general>', Saving(act="change", name="Bad", channel_id="C123")),
        ('post "Bad" in <#C123>', Saving(act="change", name="Bad", channel_id="C123")),
        ('move "Bad" here', Saving(act="change", name="Bad", channel_id="here")),
        ('send "Bad" to me', Saving(act="change", name="Bad", channel_id="")),
        ('change "Bad" to only if any', Saving(act="change", name="Bad", only_if_any=True)),
        ('change "Bad" to even if none', Saving(act="change", name="Bad", only_if_any=False)),
        ('rename "Bad" to "Good"', Saving(act="change", name="Bad", new_name="Good")),
        ("rename Bad to Good", Saving(act="change", name="Bad", new_name="Good", sure=False)),
        ('change the name of "Bad" to Good', Saving(act="change", name="Bad", new_name="Good")),
        (
            'change "Bad" to failed calls yesterday',
            Saving(act="change", name="Bad", question="failed calls yesterday"),
        ),
        (
            'change "Bad" to failed yesterday every tuesday 9:00 in <#C1|x> only if any',
            Saving(
                act="change",
                name="Bad",
                question="failed yesterday",
                schedule=TUESDAY_9,
                channel_id="C1",
                only_if_any=True,
            ),
        ),
        ("change the agent to Sales", Saving(act="change", name="the agent", question="Sales", sure=False)),
    ],
)
def test_words_that_change_a_saved_question(text: str, wanted: Saving) -> None:
    """Its schedule, place, question or name: what is not named is not in the change."""
    assert read_saving(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10:00", "every Monday 10:00"),
        ("tuesdays", "every Tuesday 09:00"),
        ("monthly 8:00", "every month on the 1st 08:00"),
    ],
)
def test_a_changed_schedule_keeps_what_is_not_said(text: str, wanted: str) -> None:
    """A time keeps the days, days keep the time."""
    assert read_schedule(text, MONDAY_9).words() == wanted


def test_run_may_be_a_name_or_a_schedule() -> None:
    """Of “run X every monday 9:00” both readings are given, the name first."""
    found = read_saving("run failed calls every monday 9:00")
    assert found is not None
    assert (found.act, found.name) == ("run", "failed calls every monday 9:00")
    assert found.instead == Saving(
        act="schedule", name="failed calls", question="failed calls", schedule=MONDAY_9
    )


@pytest.mark.parametrize(
    ("text", "question", "channel"),
    [
        ("send overview of last week to #leads every friday 9:00", "overview of last week", "#leads"),
        ("post failed calls yesterday in <#C1|x> each friday at 9", "failed calls yesterday", "C1"),
        ("every friday at 9 send overview of last week to #leads", "overview of last week", "#leads"),
        ("can you send me failed calls yesterday every friday at 9am", "failed calls yesterday", None),
        ("give me failed calls yesterday every friday morning at 9", "failed calls yesterday", None),
        ("failed calls yesterday at 9 every friday to my dms", "failed calls yesterday", ""),
    ],
)
def test_a_question_is_sent_on_a_schedule(text: str, question: str, channel: str | None) -> None:
    """Verbs of sending are no part of the question; a place may stand on either side of the schedule."""
    found = read_saving(text)
    assert found is not None
    asked = found.instead or found
    assert (asked.act, asked.question, asked.channel_id) == ("schedule", question, channel)
    assert (asked.schedule, asked.problem) == (Schedule(frozenset({4}), time(9)), None)


@pytest.mark.parametrize("text", ["run daily failures", "run failures every monday", "ask it every day"])
def test_no_schedule_is_made_without_its_time_of_day(text: str) -> None:
    """After a verb the time of day is asked for; no nine o'clock is made up."""
    found = read_saving(text)
    assert found is not None
    scheduled = found.instead or found
    assert scheduled.act == "schedule"
    assert "at what time of day" in (scheduled.problem or "")


@pytest.mark.parametrize(
    "text",
    [
        "failed calls last week",
        "calls saved last week",
        "how many calls every day",
        "failed calls every monday",
        "every call since monday",
        "save as csv",
        "failed save as a csv file",
        "run",
        "",
        "save as",
        "agent:Delete",
        "failed calls since the 1st of the month",
        "calls on the first of the month",
        'save "a" as "b"',
    ],
)
def test_questions_are_left_alone(text: str) -> None:
    """Words that only look like it are a question, or nothing known."""
    assert read_saving(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('failed save as "help"', "command"),
        ('failed save as ""', "missing"),
        ("failed every monday 25:00", "There is no time 25:00"),
        ("every monday 9:75", "There is no time 9:75"),
        ("every monday 9:00 IST", "several time zones"),
        ("overview to #leads every friday", "at what time of day"),
        ("failed calls every 15 minutes", "at most once a day"),
        ('failed calls save as "Bad" every two weeks', "at most once a day"),
        ("failed calls every other monday", "at most once a day"),
        ('failed calls save as "Bad" hourly', "at most once a day"),
        ('change "Bad" to every two weeks', "at most once a day"),
    ],
)
def test_what_cannot_be_saved_says_why(text: str, words: str) -> None:
    """A name that hides a command, no name, no such time, a channel that is only a name."""
    found = read_saving(text)
    assert found is not None
    assert words in (found.problem or "")


@given(
    st.text(max_size=300), st.sampled_from(["", " save as ", " every monday 9:00", 'run "', " in <#C1|x>"])
)
def test_any_text_is_read_without_an_exception(text: str, more: str) -> None:
    """Hostile text is a question or a command, never a failure, and names stay short and on one line."""
    found = read_saving(text + more + text)
    if found is not None:
        assert len(found.name) <= 60
        assert "\n" not in found.name


@given(st.text(max_size=80))
def test_a_name_that_is_kept_runs(text: str) -> None:
    """Whatever name can be given, `run "name"` finds it again."""
    name = clean_name(text)
    if name_problem(name) is None:
        found = read_saving(f'run "{name}"')
        assert found is not None
        assert (found.act, name_key(found.name)) == ("run", name_key(name))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("every monday 9:00", MONDAY_9),
        ("Every Monday at 9", MONDAY_9),
        ("weekly on monday 9:00", MONDAY_9),
        ("every mon 9.00", MONDAY_9),
        ("daily 18:30", Schedule(EVERY_DAY, time(18, 30))),
        ("every day at 6:30 pm", Schedule(EVERY_DAY, time(18, 30))),
        ("every weekday 8:00", Schedule(WORKDAYS, time(8))),
        ("every tuesday and thursday at noon", Schedule(frozenset({1, 3}), time(12))),
        ("every mon, wed and fri 12am", Schedule(frozenset({0, 2, 4}), time(0))),
        ("every day at midnight", Schedule(EVERY_DAY, time(0))),
        ("Mondays 9am", MONDAY_9),
        ("weekly", MONDAY_9),
        ("every week at 9", MONDAY_9),
        ("weekdays 8:30", Schedule(WORKDAYS, time(8, 30))),
        ("on tuesdays and thursdays 12:00", Schedule(frozenset({1, 3}), time(12))),
        ("daily at 9", Schedule(EVERY_DAY, time(9))),
        ("monthly", Schedule(frozenset(), time(9), "", 1)),
        ("every month on the 1st at 8:00", Schedule(frozenset(), time(8), "", 1)),
        ("monthly on the 15th 8:00 UTC", Schedule(frozenset(), time(8), "UTC", 15)),
        ("the last day of every month 18:00", Schedule(frozenset(), time(18), "", 31)),
        ("every weekend 10:00", Schedule(frozenset({5, 6}), time(10))),
        ("Monday 9am", MONDAY_9),
        ("mon 9:00", MONDAY_9),
        ("mon-fri 8:30", Schedule(WORKDAYS, time(8, 30))),
        ("friday to monday 9:00", Schedule(frozenset({4, 5, 6, 0}), time(9))),
        ("first of the month", Schedule(frozenset(), time(9), "", 1)),
        ("last day of the month at 6pm", Schedule(frozenset(), time(18), "", 31)),
        ("on the 15th of the month 8:00", Schedule(frozenset(), time(8), "", 15)),
        ("at 9 every monday", MONDAY_9),
        ("every evening at 8", Schedule(EVERY_DAY, time(20))),
        ("every monday 9:00 utc", Schedule(frozenset({0}), time(9), "UTC")),
    ],
)
def test_schedules_are_read(text: str, wanted: Schedule) -> None:
    """Days and times as people write them."""
    assert read_schedule(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "monday", "every 9:00", "every monday 13pm", "every monday 9:75", "never"]
)
def test_no_schedule_says_what_to_say(text: str) -> None:
    """What is no schedule is refused with an example."""
    with pytest.raises(match="every monday"):
        read_schedule(text)


@given(st.one_of(schedules, monthly))
def test_a_schedule_reads_back(schedule: Schedule) -> None:
    """Its words are the same schedule."""
    assert read_schedule(schedule.words()) == schedule


@given(schedules, st.sampled_from(ZONES), st.integers(1_700_000_000, 1_900_000_000))
def test_every_named_day_has_it_exactly_once(schedule: Schedule, name: str, start: int) -> None:
    """Over three weeks anywhere, clock changes included: each named day once, no other day, in order."""
    zone = zone_called(schedule.zone_name.casefold()) or ZoneInfo(name)
    first = datetime.fromtimestamp(start, zone).date() + timedelta(days=1)
    moment = datetime.combine(first, time(0), zone).timestamp() - 1
    found = []
    while (moment := schedule.next_after(moment, zone)) < start + 22 * 86_400:
        found.append(datetime.fromtimestamp(moment, zone))
    days = [day.date() for day in found]
    last = days[-1] if days else first
    wanted = [first + timedelta(n) for n in range((last - first).days + 1)]
    assert days == [day for day in wanted if day.weekday() in schedule.days]
    for local in found:
        shift = local.replace(tzinfo=None) - datetime.combine(local.date(), schedule.at)
        assert timedelta(0) <= shift <= timedelta(hours=1)


@given(monthly, st.sampled_from(ZONES), st.integers(1_700_000_000, 1_900_000_000))
def test_every_month_has_it_exactly_once(schedule: Schedule, name: str, start: int) -> None:
    """On its day, or the last of a shorter month: over fourteen months each once."""
    zone = zone_called(schedule.zone_name.casefold()) or ZoneInfo(name)
    moment, found = float(start), []
    for _ in range(14):
        moment = schedule.next_after(moment, zone)
        found.append(datetime.fromtimestamp(moment, zone).date())
    months = [day.year * 12 + day.month for day in found]
    assert months == list(range(months[0], months[0] + 14))
    for day in found:
        after = day + timedelta(days=1)
        assert day.day == schedule.month_day or (after.day == 1 and day.day < schedule.month_day)


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ("2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00"),  # 02:30 is left out that night
        ("2026-10-24T12:00+02:00", "2026-10-25T02:30+02:00"),  # comes twice: the first
        ("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),  # and not the second
    ],
)
def test_the_clock_change(after: str, wanted: str) -> None:
    """In the night in which clocks change, once."""
    schedule = Schedule(EVERY_DAY, time(2, 30))
    zone = ZoneInfo("Europe/Amsterdam")
    found = schedule.next_after(datetime.fromisoformat(after).timestamp(), zone)
    assert datetime.fromtimestamp(found, UTC) == datetime.fromisoformat(wanted)


def test_of_missed_times_the_last_counts() -> None:
    """After a downtime: when it was last due, and how many came before."""
    monday = datetime(2026, 11, 2, 9, tzinfo=UTC).timestamp()
    week = 7 * 86_400
    zone = ZoneInfo("UTC")
    assert MONDAY_9.last_until(monday, monday + 5, zone) == (monday, 0)
    assert MONDAY_9.last_until(monday, monday + 3 * week + 5, zone) == (monday + 3 * week, 3)


def test_words_of_a_schedule_are_plain() -> None:
    """As shown to people."""
    assert Schedule(frozenset({0, 2, 4}), time(9)).words() == "every Monday, Wednesday and Friday 09:00"
