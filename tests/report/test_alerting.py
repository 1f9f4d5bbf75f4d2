"""Alerts and subscriptions as laws, against what is worked out in the plainest way over a simulated month."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Conversation
from bot.report.alerting import (
    DAY,
    HOUR,
    WEEK,
    AlertRule,
    AlertState,
    News,
    Reading,
    RecentCalls,
    after_look,
    crosses,
    least_calls,
    measured,
    snoozed,
    to_tell,
)
from bot.report.measures import MEASURES
from bot.tally import Tally
from tests.laws import law

RULE = AlertRule(measure="failure-rate", over=True, bound=0.2, least=10)
OVER, UNDER, NOTHING = Reading(0.5, 20), Reading(0.1, 20), Reading(None, 0)
readings = st.lists(st.sampled_from([OVER, UNDER, NOTHING, Reading(0.9, 9)]), max_size=60)


def heard(seen: list[Reading], rule: AlertRule = RULE) -> list[tuple[int, News]]:
    """Return at which look people hear what."""
    state, news = AlertState(), []
    for number, reading in enumerate(seen):
        state, said = after_look(rule, state, reading, 60.0 * number)
        if said:
            news.append((number, said))
    return news


@pytest.mark.parametrize(
    ("seen", "news"),
    [
        ([UNDER, OVER, OVER], [(1, "firing")]),
        ([OVER, UNDER, OVER, UNDER, OVER], [(0, "firing")]),
        ([OVER, UNDER, UNDER, UNDER, OVER], [(0, "firing"), (2, "resolved"), (4, "firing")]),
        ([OVER, NOTHING, NOTHING, NOTHING, UNDER], [(0, "firing"), (2, "no data"), (4, "resolved")]),
        ([OVER, NOTHING, NOTHING, OVER], [(0, "firing"), (2, "no data"), (3, "firing")]),
        ([NOTHING, UNDER, NOTHING, UNDER], []),
        ([Reading(0.9, 9)] * 3, []),
    ],
)
def test_each_change_is_heard_once(seen: list[Reading], news: list[tuple[int, News]]) -> None:
    """A crossing at once, its end after two looks, silence of the data only where it was firing."""
    assert heard(seen) == news


@given(readings)
def test_what_is_heard_is_the_runs_of_crossings(seen: list[Reading]) -> None:
    """An alert lasts from a crossing to the second look in a row without one: read off the run of looks."""
    marks = "".join("x" if crosses(RULE, reading) else "." for reading in seen)
    begins, ends, at = [], [], 0
    while (start := marks.find("x", at)) >= 0:
        end = marks.find("..", start)
        begins.append(start)
        if end < 0:
            break
        ends.append(at := end + 1)
    news = heard(seen)
    assert [number for number, said in news if said == "firing"] == begins
    assert {number for number, said in news if said == "no data"} <= set(ends)
    over = [said for _number, said in news if said != "no data"]
    assert over == ["firing", "resolved"] * (len(over) // 2) + ["firing"] * (
        len(over) % 2
    ) or "no data" in str(news)
    said = [kind for _number, kind in news]
    assert all(one != other for one, other in itertools.pairwise(said))


def test_who_snoozes_hears_at_the_end_whether_it_still_fires() -> None:
    """Silence until then; a crossing that ended meanwhile is told as over, one that goes on as a reminder."""
    state, _ = after_look(RULE, AlertState(), OVER, 0)
    state = snoozed(state, HOUR)
    for at in range(60, HOUR, 60):
        state, news = after_look(RULE, state, OVER, at)
        assert news is None
    assert after_look(RULE, state, OVER, HOUR)[1] == "reminder"
    state, _ = after_look(RULE, state, UNDER, HOUR - 60)
    assert after_look(RULE, state, UNDER, HOUR)[1] == "resolved"


def test_what_is_over_stands_as_resolved_for_an_hour() -> None:
    """Then all is well again, and another crossing is news."""
    state, stood = AlertState(), []
    for at, reading in enumerate([UNDER, OVER, *[UNDER] * 70, OVER]):
        state, _news = after_look(RULE, state, reading, at * 60)
        stood.append(state.standing)
    assert [(name, len([*run])) for name, run in itertools.groupby(stood)] == [
        *(("ok", 1), ("firing", 2), ("resolved", 60), ("ok", 9), ("firing", 1))
    ]


def test_a_day_of_firing_is_said_again() -> None:
    """Once a day."""
    state, news = AlertState(), Counter[News | None]()
    for at in range(0, 3 * DAY + 60, 600):
        state, said = after_look(RULE, state, OVER, at)
        news[said] += 1
    assert (news["firing"], news["reminder"]) == (1, 3)


def test_what_cannot_be_told_yet_is_told_later() -> None:
    """While the message before is on its way nothing new is said, and nothing is lost."""
    state, _ = after_look(RULE, AlertState(), OVER, 0)
    for at in (60, 120):
        state, news = after_look(RULE, state, UNDER, at, may_tell=False)
        assert news is None
    assert after_look(RULE, state, UNDER, 180)[1] == "resolved"


@pytest.mark.parametrize(
    ("measure", "least"), [("failure-rate", 10), ("calls", 0), ("cost", 0), ("p90-duration", 10)]
)
def test_a_rate_needs_calls_and_a_sum_does_not(measure: str, least: int) -> None:
    """Fewer than two calls an hour is an alert about none."""
    assert least_calls(measure) == least


def call(number: int, start: int, **values: object) -> Conversation:
    """Return a call that has ended well."""
    fields: dict[str, object] = {"status": "done", "call_successful": "success", "call_duration_secs": 60}
    return Conversation(conversation_id=f"c{number}", start_time_unix_secs=start, **{**fields, **values})  # type: ignore[arg-type]


@law(30)
@given(
    st.lists(
        st.tuples(st.integers(0, 3 * WEEK), st.sampled_from(["success", "failure", "unknown"]), st.booleans())
    ),
    st.sampled_from([300, 3600, 5400, 86_400, 604_800]),
    st.integers(2 * WEEK, 3 * WEEK),
    st.sampled_from(sorted(MEASURES.keys() - {"overview"})),
    st.booleans(),
)
def test_windows_count_what_is_in_them(
    calls: list[tuple[int, str, bool]], window: int, now: int, measure: str, compared: bool
) -> None:
    """Counted by hours and changed since, a window is what counting all its calls gives."""
    recent = RecentCalls()
    rows, others = {}, {number for number in range(len(calls)) if measure == "share" and number % 3}
    for number, (start, result, late) in enumerate(calls):
        recent.put(call(number, start, call_successful="unknown", status="processing"))
        if late:
            recent.tally(start - window, start + 1)
        rows[number] = call(number, start, call_successful=result)
        recent.put(rows[number], other=number in others)
        if number % 5 == 4:
            recent.drop(f"c{number}")
            del rows[number]
    rule = AlertRule(measure=measure, over=True, bound=0.5, window=window, compared=compared)

    def plain(until: int) -> float | None:
        inside = {
            number: row for number, row in rows.items() if until - window <= row.start_time_unix_secs < until
        }
        tally = Tally(wider=len(inside))
        tally.add([row for number, row in inside.items() if number not in others])
        return MEASURES[measure].value(tally)

    found = measured(rule, recent, now)
    assert found.value == pytest.approx(plain(now))
    assert found.before == (pytest.approx(plain(now - WEEK)) if compared else None)
    recent.forget_before(now)
    assert measured(rule, recent, now).calls == 0


class Month:
    """A month of calls as the API would list them, of which some end late, change, or disappear."""

    def __init__(self, chance: random.Random, calls: int) -> None:
        self.chance = chance
        self.starts = sorted(chance.randrange(30 * DAY) for _ in range(calls))
        self.ends = [
            start + chance.choices((60, 600, 3600, 12 * HOUR), (50, 30, 19, 1))[0] for start in self.starts
        ]
        self.fails = [chance.random() < 0.3 for _ in self.starts]
        self._ended: dict[int, Conversation] = {}
        self.gone = [end + chance.randrange(HOUR) if chance.random() < 0.05 else None for end in self.ends]

    def row(self, number: int, now: float) -> Conversation | None:
        """Return a call as it is listed at a moment."""
        gone = self.gone[number]
        if self.starts[number] > now or (gone is not None and gone <= now):
            return None
        if number in self._ended:
            return self._ended[number]
        ended = self.ends[number] <= now
        result = ("failure" if self.fails[number] else "success") if ended else "unknown"
        status = "done" if ended else "in-progress"
        row = call(number, self.starts[number], call_successful=result, status=status)
        if ended:
            self._ended[number] = row
        return row


def test_over_a_month_every_match_is_told_once() -> None:
    """50,000 calls, outages, restarts that forget all but what was told, late results, deletions.

    A look reads what is new or not final, every four hours the last two days, after a restart all since then.
    """
    chance = random.Random(16)  # noqa: S311 - a simulation
    month = Month(chance, 50_000)
    begun = 5.0 * DAY
    told: dict[str, int] = {}
    failed_seen: set[str] = set()
    final: set[int] = set()
    now = looked = begun
    first, looks = 0, 0
    while now < 30 * DAY:
        now += chance.choice((3 * HOUR, 26 * HOUR, 3 * DAY)) if chance.random() < 0.003 else 600
        looks += 1
        since = looked - 2 * DAY
        while first < len(month.starts) and month.starts[first] < since:
            first += 1
        if looks % 24 == 0 or chance.random() < 0.01:
            final.clear()
        rows = []
        for number in range(first, len(month.starts)):
            if month.starts[number] > now:
                break
            if number not in final and (row := month.row(number, now)) is not None:
                rows.append(row)
                if row.final:
                    final.add(number)
        failed_seen |= {
            row.conversation_id
            for row in rows
            if row.call_successful == "failure" and row.start_time_unix_secs + 60 >= begun
        }
        for row in to_tell(
            rows,
            matches=lambda row: row.call_successful == "failure",
            since=begun,
            live=False,
            told=told.keys(),
        ):
            told[row.conversation_id] = told.get(row.conversation_id, 0) + 1
        looked = now
    assert told == dict.fromkeys(failed_seen, 1)
    for number, end in enumerate(month.ends):
        stays = month.gone[number] is None and month.starts[number] >= begun and end < 26 * DAY
        assert not stays or (f"c{number}" in told) == month.fails[number]
