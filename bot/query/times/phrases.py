"""Reading phrases of time: a preposition and what it introduces."""

# ruff: noqa: C901, PLR0911, PLR2004, RUF001
# A reader tries one form after the other; the numbers of a calendar and a clock are their own
# names; people type long dashes.

from __future__ import annotations

from bot.query.numbers import WORDS
from bot.query.phrases import Text
from bot.query.times.clock import WEEKDAYS, Clock, Period
from bot.query.times.constraint import Constraint, Role
from bot.query.times.dates import QUARTER, read_day
from bot.query.times.hours import read_clock, time_of_day
from bot.query.times.ranges import between, read_range, the
from bot.query.times.spans import read_amount, read_when, running
from bot.query.times.when import DAYS, LAST, MONTHS, THIS, UNITS, Read, When
from bot.query.tokens import word_set
from bot.query.values import Misread

_SINCE = {"since", "from", "starting", "beginning"}


_UNTIL = {"until", "till", "til", "through", "thru"}


_IN = {"in", "on", "at", "during", "for", "of", "within", "over"}


def read_constraint(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read a phrase of time; raises Misread when it names an impossible date."""
    word = text.word(at)
    if not (
        word in _STARTERS or word[:1].isdecimal() or "-" in word or "–" in word or QUARTER.fullmatch(word)
    ):
        return None
    _refuse_repeats(text, at)
    if word in {"between", "btw"}:
        return between(text, at + 1)
    if word in _SINCE:
        return _since(text, at)
    if word in _UNTIL or (word == "up" and text.word(at + 1) in {"to", "until", "till"}):
        found = read_when(text, the(text, at + (2 if word == "up" else 1)))
        return (Constraint(Role.UNTIL, found[0]), found[1]) if found else None
    if word in {"more", "less", "fewer"} and text.word(at + 1) == "than":
        return _than_ago(text, at)
    if text.words[at : at + 2] in {("on", "or"), ("at", "or")} and text.word(at + 2) in {"after", "before"}:
        found = read_when(text, the(text, at + 3))
        role = Role.SINCE if text.word(at + 2) == "after" else Role.UNTIL
        return (Constraint(role, found[0]), found[1]) if found else None
    if text.words[at : at + 2] == ("as", "of"):
        found = read_when(text, the(text, at + 2))
        return (Constraint(Role.SINCE, found[0]), found[1]) if found else None
    if word in {"before", "after"} or (word in {"older", "newer"} and text.word(at + 1) == "than"):
        return _beside(text, at)
    found_range = read_range(text, at, after_from=False)
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
    _SINCE
    | _UNTIL
    | _IN
    | LAST
    | THIS
    | _REPEATING
    | frozenset(DAYS)
    | frozenset(MONTHS)
    | frozenset(WORDS)
    | word_set(
        "as between btw up before after older newer more less fewer every each today todays "
        "yesterday yesterdays tomorrow tonight now the day week weekend noon "
        "midday midnight next first second third fourth kw wtd mtd qtd ytd "
        "month quarter year calendar beginning start end"
    )
)
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


def _period(text: Text, at: int) -> Read | None:
    """Read what may stand on its own as a time: not a bare time of day, a bare year or "may"."""
    doubtful = text.word(at) in {"now", "may", "march", "mar"}  # words of their own, unless a number follows
    if doubtful and not (text.word(at) in MONTHS and _date_follows(text, at)):
        return None
    found = read_when(text, at)
    if found is None or (found[1] == at + 1 and text.word(at).isdecimal() and len(text.word(at)) < 8):
        return None
    if found[0].relative and text.word(found[1] - 1) in {"ago", "back", "now", "today"}:
        return _ago_alone(text, at, found)
    return found


def _date_follows(text: Text, at: int) -> bool:
    """Whether a month that is also a word is followed by a number."""
    return text.word(at + 1)[:1].isdecimal()


def _ago_alone(text: Text, at: int, found: Read) -> Read | None:
    """Return the whole day, week, month or year of "3 days ago" on its own."""
    amount = read_amount(text, at)
    if amount is None:
        return None
    unit = amount[1]
    if unit in {"second", "minute", "hour"}:
        raise Misread(
            f"“{_typed(text, at, found[1])}” is a moment: "
            "write “since” before it, or “last …” for the time since."
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
    start = the(text, start)
    if word in {"from", "starting", "beginning"}:
        found_range = read_range(text, start, after_from=True)
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
    start = the(text, at + (2 if word in {"older", "newer"} else 1))
    role = {"before": Role.BEFORE, "older": Role.BEFORE, "after": Role.AFTER, "newer": Role.SINCE}[word]
    if word in {"older", "newer"}:
        amount = read_amount(text, start)
        if amount:
            end = amount[2] + (text.word(amount[2]) == "ago")
            return Constraint(role, running(*amount[:2])), end
    clocked = read_clock(text, start)  # "before 9am today" is today before nine, not all that was before
    found = (time_of_day(clocked[0]), clocked[1]) if clocked else read_when(text, start)
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
    word, start = text.word(at), the(text, at + 1)
    if word == "within" and read_amount(text, start):
        amount = read_amount(text, start)
        if amount and text.word(amount[2]) != "ago":
            return Constraint(Role.WITHIN, running(*amount[:2])), amount[2]
    found_range = read_range(text, start, after_from=False)
    if found_range:
        return found_range
    found = read_when(text, start)
    if found is None:
        return None
    when, end = found
    if (when.of_day and word != "at") or (word in {"over", "of"} and not (when.spans or when.relative)):
        return None
    if word in {"for", "of", "over"} and end == start + 1 and text.word(start).isdecimal() and word != "of":
        return None
    if when.relative and text.word(end - 1) in {"ago", "back", "now", "today"}:
        whole = _ago_alone(text, start, found)
        return (Constraint(Role.WITHIN, whole[0]), end) if whole else None
    return Constraint(Role.WITHIN, when), end
