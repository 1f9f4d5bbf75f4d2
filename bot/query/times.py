"""Phrases of time, and what several of them mean together.

Semantics, also said in the sentence of every answer:
- `since X` begins with X (included); `until X` ends after X when X is a day or longer ("until friday" includes
  Friday), and at X when it is a moment; `before X` ends where X begins; `after X` begins where X ends.
- A named period (today, last week, in october) has both ends; "last 7 days" has a beginning only.
- Several phrases must all hold; a time of day belongs to the one day named, else to today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum

from .clock import WEEKDAYS, Clock, Period
from .dates import (
    DAYS,
    LAST,
    MONTHS,
    QUARTER,
    THIS,
    UNITS,
    Read,
    When,
    dated,
    day_of_year,
    on_date,
    read_amount,
    read_clock,
    read_day,
    read_when,
    real_date,
    running,
    time_of_day,
)
from .numbers import WORDS
from .phrases import Text
from .tokens import Kind, Token, fold
from .values import Misread, Span


class Role(Enum):
    """What a phrase does with its date."""

    SINCE = "since"
    AFTER = "after"
    UNTIL = "until"
    BEFORE = "before"
    WITHIN = "within"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Constraint:
    """One phrase of time."""

    role: Role
    when: When
    to: When | None = None
    """The other end of a range."""
    written: str = ""

    @property
    def of_day(self) -> bool:
        """Whether it only says a time of day."""
        return self.when.of_day


_SINCE = {"since", "from", "starting", "beginning"}
_UNTIL = {"until", "till", "til", "through", "thru"}
_IN = {"in", "on", "at", "during", "for", "of", "within", "over"}
_TO = frozenset({"to", "until", "till", "through", "thru", "-", "–", "—"})  # noqa: RUF001 - what people type


def read_constraint(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read a phrase of time; raises Misread when it names an impossible date."""
    word = text.word(at)
    if not (word in _STARTERS or word[:1].isdigit() or "-" in word or "–" in word or QUARTER.fullmatch(word)):  # noqa: RUF001
        return None
    _refuse_repeats(text, at)
    if word in {"between", "btw"}:
        return _between(text, at + 1)
    if word in _SINCE:
        return _since(text, at)
    if word in _UNTIL or (word == "up" and text.word(at + 1) in {"to", "until", "till"}):
        found = read_when(text, _the(text, at + (2 if word == "up" else 1)))
        return (Constraint(Role.UNTIL, found[0]), found[1]) if found else None
    if word in {"more", "less", "fewer"} and text.word(at + 1) == "than":
        return _than_ago(text, at)
    if word in {"before", "after"} or (word in {"older", "newer"} and text.word(at + 1) == "than"):
        return _beside(text, at)
    found_range = _range(text, at, after_from=False)
    if found_range:
        return found_range
    if word in _IN:
        return _within(text, at)
    found = _period(text, at)
    return (Constraint(Role.WITHIN, found[0]), found[1]) if found else None


_REPEATING = frozenset(
    {f"{day}s" for day in WEEKDAYS} | {"weekdays", "weekends", "daily", "weekly", "monthly"}
)


_STARTERS = (
    _SINCE | _UNTIL | _IN | LAST | THIS | _REPEATING | frozenset(DAYS) | frozenset(MONTHS) | frozenset(WORDS)
    | frozenset(
        "between btw up before after older newer more less fewer every each today todays yesterday yesterdays tomorrow "
        "tonight now the day week weekend noon midday midnight next first second third fourth".split()
    )
)  # fmt: skip
"""Words that can begin a phrase of time, so that others are passed over fast."""


def _refuse_repeats(text: Text, at: int) -> None:
    """Raise Misread for "every monday", "mondays": a span is one stretch of time."""
    word, following = text.word(at), text.word(at + 1)
    every = word in {"every", "each"} and (
        following in DAYS or following in UNITS or following in {"weekend", "weekday"}
    )
    if every or word in _REPEATING:
        said = f"{word} {following}" if every else word
        raise Misread(
            f"“{said}” repeats, and a question asks for one stretch of time: say for example “since monday”."
        )


def _the(text: Text, at: int) -> int:
    return at + 1 if text.word(at) == "the" and text.word(at + 1) != "day" else at


def _period(text: Text, at: int) -> Read | None:
    """Read what may stand on its own as a time: not a bare time of day, a bare year or "may"."""
    if text.word(at) in {"now", "may", "sun", "sat"} or text.word(at) in {"march", "mar"}:
        if text.word(at) not in MONTHS or not _date_follows(text, at):
            return None
    found = read_when(text, at)
    if found is None or found[0].of_day or (found[1] == at + 1 and text.word(at).isdigit()):
        return None
    if found[0].relative and text.word(found[1] - 1) in {"ago", "back", "now", "today"}:
        return _ago_alone(text, at, found)
    return found


def _date_follows(text: Text, at: int) -> bool:
    """Whether a month that is also a word is followed by a number."""
    return text.word(at + 1)[:1].isdigit()


def _ago_alone(text: Text, at: int, found: Read) -> Read | None:
    """Return the whole day, week, month or year of "3 days ago" on its own."""
    amount = read_amount(text, at)
    if amount is None:
        return None
    unit = amount[1]
    if unit in {"second", "minute", "hour"}:
        raise Misread(
            f"“{_typed(text, at, found[1])}” is a moment: write “since” before it, or “last …” for the time since."
        )

    def resolve(clock: Clock, _after: int | None) -> Period:
        day = clock.local(clock.ago(amount[0], unit)).date()
        if unit == "day":
            return clock.days(day)
        if unit == "week":
            return clock.days(clock.week_of(day), 7)
        if unit == "month":
            return clock.month(day.year, day.month)
        if unit == "quarter":
            return clock.month(day.year, (day.month - 1) // 3 * 3 + 1, 3)
        return clock.month(day.year, 1, 12)

    return When(resolve, spans=True), found[1]


def _typed(text: Text, at: int, end: int) -> str:
    return " ".join(token.text for token in text.tokens[at:end])


def _since(text: Text, at: int) -> tuple[Constraint, int] | None:
    word, start = text.word(at), at + 1
    if word in {"starting", "beginning"} and text.word(start) in {"from", "on", "in", "at", "with"}:
        start += 1
    start = _the(text, start)
    if word in {"from", "starting", "beginning"}:
        found_range = _range(text, start, after_from=True)
        if found_range:
            return found_range
    found = read_when(text, start)
    if found is None:
        amount = read_amount(text, start)  # "since 7 days"
        if amount is None or word == "from":
            return None
        return Constraint(Role.SINCE, running(*amount[:2])), amount[2]
    when, end = found
    if text.word(end) in {"on", "onward", "onwards"} and not _time_begins(text, end + 1):
        return Constraint(Role.SINCE, when), end + 1
    if word == "from" and when.spans:
        return Constraint(Role.WITHIN, when), end
    return Constraint(Role.SINCE, when), end


def _time_begins(text: Text, at: int) -> bool:
    return read_day(text, at) is not None


def _beside(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read "before", "after", "older than", "newer than"."""
    word = text.word(at)
    start = _the(text, at + (2 if word in {"older", "newer"} else 1))
    role = {"before": Role.BEFORE, "older": Role.BEFORE, "after": Role.AFTER, "newer": Role.SINCE}[word]
    if word in {"older", "newer"}:
        amount = read_amount(text, start)
        if amount:
            end = amount[2] + (text.word(amount[2]) == "ago")
            return Constraint(role, running(*amount[:2])), end
    found = read_when(text, start)
    return (Constraint(role, found[0]), found[1]) if found else None


def _than_ago(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read "more than 7 days ago", "less than 2 hours ago"."""
    amount = read_amount(text, at + 2)
    if amount is None or text.word(amount[2]) != "ago":
        return None
    role = Role.BEFORE if text.word(at) == "more" else Role.SINCE
    return Constraint(role, running(*amount[:2])), amount[2] + 1


def _within(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read "in october", "on monday", "during last week", "over the last 2 weeks", "at the weekend"."""
    word, start = text.word(at), _the(text, at + 1)
    if word == "within" and read_amount(text, start):
        amount = read_amount(text, start)
        if amount and text.word(amount[2]) != "ago":
            return Constraint(Role.WITHIN, running(*amount[:2])), amount[2]
    found_range = _range(text, start, after_from=False)
    if found_range:
        return found_range
    found = read_when(text, start)
    if found is None:
        return None
    when, end = found
    if when.of_day or (word in {"over", "of"} and not (when.spans or when.relative)):
        return None
    if word in {"for", "of", "over"} and end == start + 1 and text.word(start).isdigit() and word != "of":
        return None
    if when.relative and text.word(end - 1) in {"ago", "back", "now", "today"}:
        whole = _ago_alone(text, start, found)
        return (Constraint(Role.WITHIN, whole[0]), end) if whole else None
    return Constraint(Role.WITHIN, when), end


def _between(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read the rest of "between 3 and 7 november", "between 9am and noon"."""
    return _ends(text, at, frozenset({"and", "&", "to", "-"}))


def _range(text: Text, at: int, *, after_from: bool) -> tuple[Constraint, int] | None:
    """Read "3-7 november", "2026-11-03..2026-11-07", and after "from" also "3 to 7 november"."""
    joins = (
        _TO if after_from else _TO - {"until", "till", "through", "thru"}
    )  # "yesterday until noon" is no range
    return _ends(text, at, joins)


def _ends(text: Text, at: int, joins: frozenset[str]) -> tuple[Constraint, int] | None:
    """Read two ends with a word between them; the first may lack what the second says (month, year)."""
    split = _dash_split(text, at)
    if split is not None:
        return split
    first_end = _the(text, at)
    short = _number(text, first_end)
    if short is not None:  # "3 and 7 november", "9 and 11am"
        joined = _join(text, first_end + 1, joins)
        if joined is not None:
            borrowed = _borrow(text, short, first_end, joined)
            if borrowed:
                return borrowed
    found = read_when(text, first_end)
    if found is None:
        return None
    joined = _join(text, found[1], joins)
    if joined is None:
        return None
    second = _second_end(text, first_end, found, _the(text, joined))
    if second is None:
        return None
    return Constraint(Role.RANGE, found[0], second[0]), second[1]


def _second_end(text: Text, first_at: int, first: Read, at: int) -> Read | None:
    """Read the far end; "november 3 to 7" says the month once, "9am to 5" the clock."""
    found = read_when(text, at)
    number = _number(text, at)
    if number is None or (found is not None and not found[0].of_day and found[1] > at + 1):
        return found
    if first[0].of_day or first[0].clock is not None:
        clocked = read_clock(text, at, bare=True)
        if clocked:
            return time_of_day(clocked[0]), clocked[1]
    month = next((MONTHS[w] for w in text.words[first_at : first[1]] if w in MONTHS), None)
    if month is not None and found is None:
        return dated(text, number, month, at + 1)
    return found


def _number(text: Text, at: int) -> int | None:
    """Return the day or hour a short number is (`3`, `3rd`)."""
    word = text.word(at).removesuffix("st").removesuffix("nd").removesuffix("rd").removesuffix("th")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 2 else None


def _join(text: Text, at: int, joins: frozenset[str]) -> int | None:
    if text.word(at) in joins or (
        at < len(text) and text.tokens[at].kind is Kind.MARK and text.tokens[at].text in {"..", "-", "–", "—"}
    ):  # noqa: E501, RUF001
        return at + 1
    return None


def _borrow(text: Text, number: int, at: int, second_at: int) -> tuple[Constraint, int] | None:
    """Return a range whose first end is a bare number: it takes the month or the half of day of the second."""
    second = read_when(text, _the(text, second_at))
    if second is None:
        return None
    end_words = text.words[second_at : second[1]]
    month = next((MONTHS[w] for w in end_words if w in MONTHS), None)
    if second[0].of_day and second[0].clock is not None:
        clocked = read_clock(text, at, bare=True)
        if clocked is None:
            return None
        start = clocked[0]
        afternoon = second[0].clock.hour >= 12 and any("pm" in w for w in end_words)
        if afternoon and start.hour < 12 and start.hour + 12 <= second[0].clock.hour:
            start = start.replace(hour=start.hour + 12)
        return Constraint(Role.RANGE, time_of_day(start), second[0]), second[1]
    if month is None or second[0].spans:
        return None
    year = next((int(w) for w in end_words if len(w) == 4 and w.isdigit()), None)
    if year is not None:
        return Constraint(Role.RANGE, on_date(real_date(year, month, number)), second[0]), second[1]
    real_date(2024, month, number)
    return Constraint(Role.RANGE, day_of_year(number, month), second[0]), second[1]


def _dash_split(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read one word with a dash in it: "3-7 november", "november 3-7", "9-11am", "mon-fri"."""
    for position in (at, at + 1):
        word = text.word(position).replace("–", "-").replace("—", "-")  # noqa: RUF001
        parts = word.split("-")
        if len(parts) == 2 and all(parts) and all(len(part) <= 9 for part in parts):
            pieces = [Token(Kind.WORD, part, fold(part)) for part in (parts[0], "-", parts[1])]
            inner = Text([*text.tokens[:position], *pieces, *text.tokens[position + 1 : position + 6]])
            found = _ends_plain(inner, at)
            if found and found[1] > position + 2:
                return found[0], found[1] - 2
        if text.word(at) not in MONTHS:
            break
    return None


def _ends_plain(text: Text, at: int) -> tuple[Constraint, int] | None:
    try:
        return _ends(text, at, frozenset({"-"}))
    except Misread:
        return None


# --- settling -------------------------------------------------------------------------------------------------


def settle(constraints: tuple[Constraint, ...], clock: Clock, day: date | None = None) -> Span:
    """Return the one span that all phrases mean. Raises Misread when it is empty, in the future or unclear.

    `day` is the day a lone time of day belongs to, when it is not today (a follow-up on one day's calls).
    """
    since: int | None = None
    until: int | None = None
    for constraint in sorted((c for c in constraints if not c.of_day), key=_order):
        low, high = _bounds(constraint, clock, since)
        since = low if since is None else max(since, low) if low is not None else since
        until = high if until is None else min(until, high) if high is not None else until
    clocks = [constraint for constraint in constraints if constraint.of_day]
    if clocks:
        since, until = _of_day(clocks, clock, since, until, day)
    if since is not None and since > clock.unix:
        raise Misread(
            f"{_moment(clock, since)} is in the future: there are no calls yet. Ask for a time that has begun."
        )
    if since is not None and until is not None and since >= until:
        raise Misread(
            f"The time asked for is empty: it would begin {_moment(clock, since)} "
            f"and end {_moment(clock, until)}. Check both ends."
        )
    return Span(since, until, clock.zone)


def _order(constraint: Constraint) -> int:
    """Ends are settled after beginnings, since "until friday" looks forward from them."""
    return 1 if constraint.role in {Role.UNTIL, Role.BEFORE} else 0


def _bounds(constraint: Constraint, clock: Clock, since: int | None) -> tuple[int | None, int | None]:
    role = constraint.role
    if role is Role.RANGE and constraint.to is not None:
        if constraint.to.year and constraint.when.year is False:  # "3 november to 7 november 2025"
            last = constraint.to.resolve(clock, None)
            return constraint.when.resolve(
                Clock(clock.local(last.start), clock.week_start), None
            ).start, last.end
        first = constraint.when.resolve(clock, None)
        last = constraint.to.resolve(clock, first.start)
        return first.start, last.end
    period = constraint.when.resolve(clock, since if role in {Role.UNTIL, Role.BEFORE} else None)
    if role is Role.SINCE:
        return period.start, None
    if role is Role.AFTER:
        return period.start if period.end is None else period.end, None
    if role is Role.BEFORE:
        return None, period.start
    if role is Role.UNTIL:
        return None, period.end
    if period.instant:
        raise Misread(f"{_moment(clock, period.start)} is a moment: write “since” or “until” before it.")
    return period.start, period.end


def _of_day(
    clocks: list[Constraint], clock: Clock, since: int | None, until: int | None, day: date | None
) -> tuple[int | None, int | None]:
    """Apply times of day to the one day asked for."""
    if since is not None and until is not None:
        first, last = clock.local(since).date(), clock.local(until - 1).date()
        if first != last:
            raise Misread("A time of day needs one day: say for example “yesterday before noon”.")
        day = first
    elif since is not None or until is not None:
        raise Misread("A time of day needs its day: say for example “since monday 9am”.")
    day = day or clock.today
    for constraint in clocks:
        low = clock.at(day, constraint.when.clock) if constraint.when.clock else clock.at(day)
        if constraint.role is Role.RANGE and constraint.to is not None and constraint.to.clock is not None:
            high = clock.at(day, constraint.to.clock)
            if not constraint.to.clock.hour and not constraint.to.clock.minute:
                high = clock.days(day).end or high
            since = max(since or low, low)
            until = min(until or high, high)
        elif constraint.role in {Role.SINCE, Role.AFTER}:
            since = max(since or low, low)
        elif constraint.role in {Role.UNTIL, Role.BEFORE}:
            if constraint.when.clock == time():  # "before midnight" ends the day
                low = clock.days(day).end or low
            until = min(until or low, low)
            since = max(since or 0, clock.at(day)) or None
        else:
            raise Misread("A time of day needs “since”, “after”, “before” or “between … and …”.")
    return since, until


def _moment(clock: Clock, unix: int) -> str:
    return say_moment(clock.local(unix))


def say_day(day: date) -> str:
    """Return a date as people read it: Monday 16 Nov 2026."""
    return f"{day:%A} {day.day} {day:%b} {day.year}"


def say_moment(moment: datetime) -> str:
    """Return a moment: the date alone at midnight, else with the time."""
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return say_day(moment)
    clock = f"{moment:%H:%M}" if not moment.second else f"{moment:%H:%M:%S}"
    return f"{say_day(moment)}, {clock}"
