# ruff: noqa: DTZ001
# Times are drawn without a zone and get one; one has none on purpose.

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import WEEKDAYS
from bot.query import parse
from bot.query.time.calendar import zone_called
from tests.laws import law

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
    "UTC",
]
PERIODS = [
    "today",
    "yesterday",
    "this week",
    "last week",
    "this month",
    "last month",
    "this quarter",
    "last quarter",
    "this year",
    "last year",
    "on monday",
    "last friday",
    "in october",
    "in february",
    "q1",
    "last weekend",
    "on the 31st",
    "on 29 february",
    "week 1",
    "week 53",
    "yesterday morning",
]
OPEN = [
    "last 24 hours",
    "last 7 days",
    "last 2 months",
    "since monday",
    "since yesterday 9am",
    "since 3 days ago",
]


def bounds(text: str, now: datetime, week_start: str = "monday") -> tuple[str | None, str | None]:
    """Return since and until in ISO 8601."""
    query = parse(text, now=now, week_start=week_start).query
    return (
        query.since.isoformat() if query.since else None,
        query.until.isoformat() if query.until else None,
    )


def test_days_across_the_change_to_summer_time() -> None:
    """The day that has 23 hours is a whole day, and seven days ago is the same time on the clock."""
    now = datetime(2026, 3, 30, 9, 0, tzinfo=BERLIN)
    assert bounds("yesterday", now) == ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00")
    assert bounds("last 7 days", now) == ("2026-03-23T09:00:00+01:00", None)
    assert bounds("last 168 hours", now) == ("2026-03-23T08:00:00+01:00", None)


def test_days_across_the_change_to_winter_time() -> None:
    """The day that has 25 hours is a whole day, and 24 hours are 24 hours."""
    now = datetime(2026, 10, 26, 0, 30, tzinfo=BERLIN)
    assert bounds("yesterday", now) == ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00")
    assert bounds("last 24 hours", now) == ("2026-10-25T01:30:00+02:00", None)
    assert bounds("last 1 day", now) == ("2026-10-25T00:30:00+02:00", None)


def test_a_day_without_midnight_begins_with_its_first_moment() -> None:
    """Where clocks skip midnight, the day begins at one o'clock."""
    now = datetime(2026, 4, 24, 12, 0, tzinfo=ZoneInfo("Africa/Cairo"))
    assert bounds("today", now)[0] == "2026-04-24T01:00:00+03:00"


@pytest.mark.parametrize(
    ("week_start", "this", "last"),
    [
        ("monday", "2026-11-16", "2026-11-09"),
        ("sunday", "2026-11-15", "2026-11-08"),
        ("saturday", "2026-11-14", "2026-11-07"),
    ],
)
def test_weeks_begin_as_configured(week_start: str, this: str, last: str) -> None:
    """`week_start` moves this and last week, and nothing else."""
    now = datetime(2026, 11, 19, 14, 30, tzinfo=BERLIN)
    assert bounds("this week", now, week_start)[0] == f"{this}T00:00:00+01:00"
    assert bounds("last week", now, week_start) == (f"{last}T00:00:00+01:00", f"{this}T00:00:00+01:00")
    assert bounds("since monday", now, week_start)[0] == "2026-11-16T00:00:00+01:00"


def test_since_the_weekday_of_today_is_today() -> None:
    """On a Monday "since monday" is this morning, "last monday" a week ago."""
    now = datetime(2026, 11, 16, 0, 0, 30, tzinfo=BERLIN)
    assert bounds("since monday", now) == ("2026-11-16T00:00:00+01:00", None)
    assert bounds("last monday", now) == ("2026-11-09T00:00:00+01:00", "2026-11-10T00:00:00+01:00")


def test_months_and_years_end_where_they_end() -> None:
    """A month back from the 31st is the last day of the shorter month; years turn."""
    now = datetime(2027, 1, 1, 0, 30, tzinfo=BERLIN)
    assert bounds("last month", now) == ("2026-12-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00")
    assert bounds("last quarter", now) == ("2026-10-01T00:00:00+02:00", "2027-01-01T00:00:00+01:00")
    assert bounds("in december", now) == ("2026-12-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00")
    assert bounds("last 1 month", datetime(2026, 3, 31, 8, tzinfo=BERLIN))[0] == "2026-02-28T08:00:00+01:00"


@pytest.mark.parametrize("zone", [*ZONES, "Asia/Kathmandu", "America/St_Johns"])
def test_this_hour_is_the_hour_on_the_wall_clock(zone: str) -> None:
    """In zones half an hour off, and in hours that a clock change makes longer or shorter."""
    changes = [
        datetime(2026, 4, 4, 15),
        datetime(2026, 10, 3, 15),
        datetime(2026, 3, 29),
        datetime(2026, 10, 25),
    ]
    for start in changes:
        for minutes in range(0, 180, 7):
            moment = start.replace(tzinfo=UTC) + timedelta(minutes=minutes)
            query = parse("this hour", now=moment.astimezone(ZoneInfo(zone))).query
            assert query.since is not None
            assert query.until is not None
            assert query.since <= moment < query.until
            assert (query.since.minute, query.since.hour) in {
                (0, moment.astimezone(ZoneInfo(zone)).hour),
                (30, 2),
            }
            assert 1800 <= query.until.timestamp() - query.since.timestamp() <= 5400


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(["yesterday", "3 november", "on 2026-03-29", "last sunday", "monday last week"]),
    st.sampled_from(
        ["from 9 to 5", "9:00-17:00", "between 9h and 17h", "9am to 5", "from 09:00 until 17:00"]
    ),
    st.booleans(),
)
@law(100)
def test_hours_of_a_day_are_that_days(zone: str, naive: datetime, day: str, hours: str, first: bool) -> None:
    """Day and hours in either order are nine to five of that day on the wall clock, never a call's length."""
    text = f"{day} {hours}" if first else f"{hours} {day}"
    parsed = parse(text, now=naive.replace(tzinfo=ZoneInfo(zone)))
    if parsed.problems:
        assert "future" in parsed.problems[0]
        return
    since, until = parsed.query.since, parsed.query.until
    assert parsed.understood
    assert since is not None
    assert until is not None
    assert (since.hour, since.minute, until.hour, until.minute) == (9, 0, 17, 0)
    assert since.date() == until.date()
    assert set(parsed.query.filters()) == {"time"}


@pytest.mark.parametrize(
    ("now", "text", "month"),
    [
        (datetime(2026, 11, 11), "last november", "2025-11"),
        (datetime(2026, 12, 31, 23), "last december", "2025-12"),
        (datetime(2026, 12, 31, 23), "december", "2026-12"),
        (datetime(2027, 1, 1), "last december", "2026-12"),
        (datetime(2026, 3, 29, 12), "first sunday of march", "2026-03"),
        (datetime(2026, 1, 2), "november last year", "2025-11"),
        (datetime(2024, 3, 1), "last day of february", "2024-02"),
    ],
)
def test_a_month_is_the_one_meant(now: datetime, text: str, month: str) -> None:
    """“Last december” is over, “december” has begun, “november last year” is last year's."""
    since = bounds(text, now.replace(tzinfo=BERLIN))[0]
    assert since is not None
    assert since.startswith(month)


def test_an_offset_written_down_counts_before_the_askers_zone() -> None:
    """An ISO time with an offset is that moment, said in the asker's zone."""
    now = datetime(2026, 11, 19, 14, 30, tzinfo=BERLIN)
    assert bounds("since 2026-11-01T10:00:00-05:00", now) == ("2026-11-01T16:00:00+01:00", None)


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(PERIODS),
    st.sampled_from(["monday", "sunday"]),
)
@law(120)
def test_periods_have_begun_and_are_not_empty(zone: str, naive: datetime, text: str, week_start: str) -> None:
    """Whatever the zone and the moment, a named period has begun, ends after it begins, and reads back."""
    now = naive.replace(tzinfo=ZoneInfo(zone))
    parsed = parse(text, now=now, week_start=week_start)
    if parsed.problems:  # this afternoon has not begun in the morning; nothing else may be refused
        assert "future" in parsed.problems[0]
        assert text == "yesterday morning"
        return
    since, until = parsed.query.since, parsed.query.until
    assert since is not None
    assert until is not None
    assert since <= now
    assert since.timestamp() < until.timestamp() <= since.timestamp() + 367 * 86400
    again = parse(parsed.query.canonical(), now=now + timedelta(days=400), week_start="friday")
    assert again.query == parsed.query


@given(
    st.sampled_from(ZONES), st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)), st.sampled_from(OPEN)
)
@law(100)
def test_running_times_begin_before_now_and_stay_open(zone: str, naive: datetime, text: str) -> None:
    """“Last 7 days” and "since …" have a beginning in the past and no end."""
    now = naive.replace(tzinfo=ZoneInfo(zone))
    query = parse(text, now=now).query
    assert query.since is not None
    assert query.since.timestamp() <= now.timestamp()
    assert query.until is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("since 7 days ago", "since Thursday 12 Nov 2026, 04:46"),
        ("last 24 hours", "since Wednesday 18 Nov 2026, 04:46"),
        ("until now", "before Thursday 19 Nov 2026, 04:46"),
        ("since 2026-11-12T04:46:22", "since Thursday 12 Nov 2026, 04:46:22"),
        ("last 30 seconds", "since Thursday 19 Nov 2026, 04:45:52"),
    ],
)
def test_seconds_are_said_only_where_somebody_said_them(text: str, said: str) -> None:
    """Seconds of now stay out of the sentence, in canonical text too, and the bounds stay exact."""
    query = parse(text, now=datetime(2026, 11, 19, 4, 46, 22, tzinfo=BERLIN)).query
    again = parse(query.canonical(), now=datetime(2027, 1, 1, tzinfo=BERLIN)).query
    assert again == query
    assert {again.sentence(), query.sentence(), query.with_time(query.since, query.until).sentence()} == {
        f"conversations {said}, newest first"
    }
    assert again.canonical() == query.canonical()


def test_less_than_a_minute_is_said_with_its_seconds() -> None:
    """Two moments of now within one minute are not said as the same."""
    now = datetime(2026, 11, 19, 4, 46, 50, tzinfo=BERLIN)
    sentence = parse("since 2026-11-19T04:46:20.000 until now", now=now).query.sentence()
    assert "from 04:46:20 to 04:46:50" in sentence


def test_the_zone_only_says_the_time() -> None:
    """The same moments asked for from two zones are the same question."""
    there = parse("since 2026-11-01T00:00:00Z", now=datetime(2026, 11, 19, tzinfo=UTC)).query
    here = parse(
        "since 2026-11-01T01:00", now=datetime(2026, 11, 19, tzinfo=timezone(timedelta(hours=1)))
    ).query
    assert there == here
    assert hash(there) == hash(here)
    assert there.sentence() != here.sentence()


COMMA_FORMS = [
    "{long}, {month} {day}",
    "{long}, {day} {month}",
    "{short}, {month} {day}",
    "{short}, {day}. {month}",
    "{long}, {month} {day}, {year}",
    "{long}, {day} {month} {year}",
    "{long}, the {day}th of {month}",
    "{short}, {year}-{number:02}-{day:02}",
]


@given(
    st.dates(date(2015, 1, 1), date(2034, 12, 31)),
    st.sampled_from(COMMA_FORMS),
    st.sampled_from(["since", "on", "until", "before", "after", ""]),
    st.integers(1, 300),
    st.integers(0, 6),
)
@law(120)
def test_a_weekday_beside_a_date_is_checked(day: date, form: str, lead: str, ago: int, other: int) -> None:
    """With and without its comma a date is the same, and a weekday that is not its own is named."""
    now = datetime.combine(day + timedelta(ago), datetime.min.time(), tzinfo=BERLIN) + timedelta(hours=12)

    def said(weekday: str) -> str:
        date_words = form.format(
            long=weekday, short=weekday[:3], month=f"{day:%B}", number=day.month, day=day.day, year=day.year
        )
        return f"{lead} {date_words}"

    right = f"{day:%A}"
    with_comma, without = said(right), said(right).replace(",", "", 1)
    assert parse(with_comma, now=now).understood, with_comma
    assert parse(with_comma, now=now).query == parse(without, now=now).query
    bare = f"{lead} {day:%Y-%m-%d}"
    assert parse(with_comma, now=now).query == parse(bare, now=now).query
    wrong = WEEKDAYS[other].capitalize()
    if wrong != right:
        problems = parse(said(wrong), now=now).problems
        assert any(f"is a {right}, not a {wrong}" in problem for problem in problems), said(wrong)


@given(
    st.sampled_from([zone for zone in ZONES if zone != "Pacific/Apia"]),
    st.integers(2012, 2030),
    st.sampled_from(["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04"]),
    st.integers(1, 24 * 60 - 1),
)
@law(120)
def test_since_and_until_split_a_day(zone: str, year: int, day: str, minute: int) -> None:
    """Across every clock change a time splits its day with no gap and no overlap, or both are asked back."""
    on = date.fromisoformat(day).replace(year=year)
    on += timedelta(days=6 - on.weekday())  # clocks change on Sundays
    now = datetime.combine(on + timedelta(days=3), datetime.min.time(), tzinfo=ZoneInfo(zone))
    text = f"{on} {minute // 60:02}:{minute % 60:02}"
    since, until = parse(f"since {text}", now=now), parse(f"until {text}", now=now)
    assert since.problems == until.problems
    if since.problems:
        assert "comes twice" in since.problems[0]
        return
    assert since.query.since == until.query.until is not None
    local = since.query.since
    assert local is not None
    assert (local.hour, local.minute) >= (minute // 60, minute % 60)


def test_a_time_that_clocks_skip_is_when_they_do() -> None:
    """Half past two on the day of summer time is three o'clock, not half past three."""
    now = datetime(2026, 4, 2, 12, tzinfo=BERLIN)
    assert bounds("since 2026-03-29 02:30", now)[0] == "2026-03-29T03:00:00+02:00"
    assert bounds("until 2026-03-29 02:30", now)[1] == "2026-03-29T03:00:00+02:00"


@pytest.mark.parametrize(
    "text", ["between 2:30 and 2:45 on 25 october", "since 2:30 on 25 october", "since 2026-10-25 02:30"]
)
def test_a_time_that_comes_twice_is_asked_back(text: str) -> None:
    """The answer says how both are written, and each of those is read."""
    now = datetime(2026, 11, 2, 12, tzinfo=BERLIN)
    problems = parse(text, now=now).problems
    assert "write it as 2026-10-25T02:30+02:00 or as 2026-10-25T02:30+01:00" in problems[0]
    assert bounds("since 2026-10-25T02:30+02:00", now)[0] == "2026-10-25T02:30:00+02:00"
    assert bounds("since 2026-10-25T02:30+01:00", now)[0] == "2026-10-25T02:30:00+01:00"


@given(
    st.sampled_from(["UTC", "EST", "PT", "CET", "JST", "UTC+5:30", "America/New_York"]),
    st.datetimes(datetime(2012, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(["since yesterday 9am {}", "yesterday 9:00-17:00 {}", "until yesterday 17:00 {}"]),
)
@law(100)
def test_a_zone_beside_a_time_is_that_zones_time(name: str, naive: datetime, form: str) -> None:
    """A time with its zone is what somebody in that zone means without it, wherever the asker is."""
    zone = zone_called(name.casefold())
    assert zone is not None
    here = naive.replace(tzinfo=ZoneInfo("Asia/Kolkata"))
    asked = parse(form.format(name), now=here)
    meant = parse(form.format("").strip(), now=here.astimezone(zone))
    assert asked.understood
    assert asked.query == meant.query
    assert asked.query.zone == here.tzinfo


def test_a_clock_without_a_zone_is_the_callers_mistake() -> None:
    """A naive now, or a week that starts on no weekday, is refused at once."""
    with pytest.raises(ValueError, match="time zone"):
        parse("today", now=datetime(2026, 11, 19))
    with pytest.raises(ValueError, match="funday"):
        parse("today", now=datetime(2026, 11, 19, tzinfo=UTC), week_start="funday")
