"""Alerts: a measure of the calls in a moving window, and when people are to hear of it.

A look gives a reading; `after_look` says what an alert is then, and whether that is news. It fires at the
first look that crosses its bound, and is over only after two looks in a row that do not: a measure that
swings around its bound is one alert. People hear of it once when it begins and once when it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from bot.model import Conversation
from bot.report.measures import MEASURES
from bot.tally import Tally

Standing = Literal["ok", "firing", "resolved", "no data"]
News = Literal["firing", "resolved", "no data", "reminder"]

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 7 * 86_400
SHORTEST, LONGEST = 5 * MINUTE, 7 * DAY
"""Windows, in seconds."""
LEAST_CALLS = 10
"""Fewer calls say nothing about a rate or an average, unless the alert says otherwise."""
CLEAR_LOOKS = 2
POINTS = 12
"""Of a chart, at most."""
_DRAWN_WHOLE = 4 * HOUR
"""Of longer windows the parts are drawn, not the windows before."""
_RESOLVED_SECS = HOUR
"""So long after its end was told an alert stands as resolved, then as ok."""


class AlertRule(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert looks at."""

    measure: str
    """A key of MEASURES."""
    over: bool
    """Whether it fires above its bound, or below."""
    bound: float
    """In the measure's own unit: a rate is 0 to 1, a length seconds. With `compared`, a share of the value of
    the same time last week: 0.2 is 20% above (or below) it."""
    window: int = HOUR
    """Seconds: calls that started so long ago at most."""
    least: int = 0
    """Calls that there must be for the measure to say something."""
    compared: bool = False
    credits: bool = False
    """Whether money is in credits, not dollars."""

    @property
    def reach(self) -> int:
        """How many seconds back calls are read."""
        drawn = POINTS * self.window if self.window <= _DRAWN_WHOLE else 0
        return max(drawn, self.window + (WEEK if self.compared else 0))


class AlertState(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert has come to, and what people were told. Times are Unix seconds."""

    standing: Standing = "ok"
    since: float = 0
    clear: int = 0
    """Looks in a row that did not cross the bound, while firing."""
    told: Literal["", "firing", "no data"] = ""
    """What the last message said; "" when it said that all is well, or there was none."""
    told_at: float = 0
    snoozed_until: float = 0
    value: float | None = None
    """The measure at the last look."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure at one look; None where there is nothing to measure."""

    value: float | None
    calls: int
    """Calls that it was read from."""
    before: float | None = None
    """The same a week earlier."""


def least_calls(measure: str) -> int:
    """Return how many calls a measure needs to say something: a sum or a number says something of none."""
    return 0 if MEASURES[measure].of is None else LEAST_CALLS


def read_tally(rule: AlertRule, tally: Tally) -> Reading:
    """Return what a measure says of the calls counted."""
    measure = MEASURES[rule.measure]
    value = measure.credits if rule.credits and measure.credits is not None else measure.value
    return Reading(value(tally), tally.calls if measure.of is None else measure.of(tally))


def crosses(rule: AlertRule, reading: Reading) -> bool | None:
    """Whether a reading is beyond the bound; None when it says nothing."""
    bound = rule.bound
    if reading.value is None or reading.calls < rule.least:
        return None
    if rule.compared:
        if reading.before is None:
            return None
        bound = reading.before * (1 + bound if rule.over else 1 - bound)
    return reading.value > bound if rule.over else reading.value < bound


def after_look(
    rule: AlertRule, state: AlertState, reading: Reading, now: float, *, may_tell: bool = True
) -> tuple[AlertState, News | None]:
    """Return the state after a look, and what people are to hear, which counts as told then.

    `may_tell` False: the last message is still on its way, or the place has heard enough; it is told later.
    """
    crossed = crosses(rule, reading)
    seen: Standing = "no data" if crossed is None else "firing" if crossed else "ok"
    clear = 0
    if seen != "firing" and state.standing == "firing":
        clear = state.clear + 1
        seen = "firing" if clear < CLEAR_LOOKS else "resolved" if seen == "ok" else seen
    elif seen == "ok" and (
        state.told or (state.standing == "resolved" and now - state.since < _RESOLVED_SECS)
    ):
        seen = "resolved"
    state = msgspec.structs.replace(
        state,
        standing=seen,
        since=now if seen != state.standing else state.since,
        clear=clear if seen == "firing" else 0,
        value=reading.value,
    )
    news = _news(state, now) if may_tell and now >= state.snoozed_until else None
    if news is None:
        return state, None
    told: Literal["", "firing", "no data"] = (
        "" if news == "resolved" else "firing" if news == "reminder" else news
    )
    return msgspec.structs.replace(state, told=told, told_at=now), news


def _news(state: AlertState, now: float) -> News | None:
    if state.standing == "firing":
        if state.told != "firing":
            return "firing"
        return "reminder" if now - state.told_at >= DAY else None
    if state.standing == "no data":
        return "no data" if state.told == "firing" else None
    return "resolved" if state.told else None


def snoozed(state: AlertState, until: float) -> AlertState:
    """Return the state of an alert that is silent until a moment, and then says whether it still fires."""
    return msgspec.structs.replace(state, snoozed_until=until, told_at=min(state.told_at, until - DAY))


@dataclass(slots=True)
class RecentCalls:
    """Some calls of the last days, as last read, counted over any window. Times are Unix seconds."""

    live: bool = False
    """Whether calls count before they have ended."""
    _hours: dict[int, dict[str, Conversation]] = field(default_factory=dict)
    """The calls that began in an hour, by their ids."""
    _hour_of: dict[str, int] = field(default_factory=dict)
    _others: set[str] = field(default_factory=set)
    """Ids of those that are not counted themselves: what is counted is a share of all."""
    _tallies: dict[int, Tally] = field(default_factory=dict)
    """The calls of whole hours, counted, until one of them changes."""

    def put(self, row: Conversation, *, other: bool = False) -> None:
        """Take in a call as last read; `other`: as one of which the counted ones are a share."""
        self.drop(row.conversation_id)
        hour = self._hour_of[row.conversation_id] = row.start_time_unix_secs // HOUR
        self._hours.setdefault(hour, {})[row.conversation_id] = row
        self._tallies.pop(hour, None)
        if other:
            self._others.add(row.conversation_id)

    def drop(self, conversation_id: str) -> None:
        """Forget a call, if it is there."""
        hour = self._hour_of.pop(conversation_id, None)
        if hour is not None:
            del self._hours[hour][conversation_id]
            self._tallies.pop(hour, None)
            self._others.discard(conversation_id)

    def forget_before(self, moment: float) -> None:
        """Forget the hours that ended before a moment."""
        for hour in [hour for hour in self._hours if (hour + 1) * HOUR <= moment]:
            for conversation_id in [*self._hours[hour]]:
                self.drop(conversation_id)
            del self._hours[hour]

    def tally(self, since: float, until: float) -> Tally:
        """Count the calls of those between two moments that have ended, or all where they are `live`."""
        total = Tally()
        for hour in range(int(since // HOUR), int(until // HOUR) + 1):
            if not (rows := self._hours.get(hour)):
                continue
            if since <= hour * HOUR and (hour + 1) * HOUR <= until:
                if hour not in self._tallies:
                    self._tallies[hour] = self._counted(rows.values())
                total.merge(self._tallies[hour])
            else:
                inside = (row for row in rows.values() if since <= row.start_time_unix_secs < until)
                total.merge(self._counted(inside))
        return total

    def _counted(self, rows: Iterable[Conversation]) -> Tally:
        ended = [row for row in rows if self.live or row.final]
        tally = Tally(wider=len(ended))
        tally.add([row for row in ended if row.conversation_id not in self._others])
        return tally


def measured(rule: AlertRule, calls: RecentCalls, now: float) -> Reading:
    """Return what a rule's measure says of the calls up to now, and what it said a week ago."""

    def reading(until: float) -> Reading:
        return read_tally(rule, calls.tally(until - rule.window, until))

    found = reading(now)
    if not rule.compared:
        return found
    before = reading(now - WEEK)
    return Reading(found.value, found.calls, before.value if before.calls >= rule.least else None)


def history(rule: AlertRule, calls: RecentCalls, now: float) -> list[tuple[int, float | None]]:
    """Return the measure of the last windows, or of the parts of a long one: (start, value), oldest first."""
    size = (
        rule.window
        if rule.window <= _DRAWN_WHOLE
        else DAY
        if rule.window >= 3 * DAY
        else rule.window // POINTS
    )
    count = POINTS if size < DAY else rule.window // DAY
    starts = [int(now) - size * number for number in range(count, 0, -1)]
    return [(start, read_tally(rule, calls.tally(start, start + size)).value) for start in starts]


def to_tell(
    calls: Iterable[Conversation],
    *,
    matches: Callable[[Conversation], bool],
    since: float,
    live: bool,
    told: Collection[str],
) -> list[Conversation]:
    """Return the calls that a subscription is to tell now, oldest first.

    A call counts when its result is final, or as soon as it matches where the question asks how far calls are
    (`live`); one that ended before the subscription, at `since`, does not, nor a live one that began before.
    """
    since = int(since)
    found = [
        row
        for row in calls
        if (live or row.final)
        and row.start_time_unix_secs + (0 if live else row.call_duration_secs) >= since
        and row.conversation_id not in told
        and matches(row)
    ]
    return sorted(found, key=lambda row: (row.start_time_unix_secs, row.conversation_id))
