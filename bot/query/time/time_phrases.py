"""Reading phrases of time: a preposition and what it introduces."""

# ruff: noqa: C901, PLR0911, PLR0912, PLR2004
# A reader tries one form after the other; the numbers of a calendar and a clock are their own names.

from __future__ import annotations

import re

from bot.model import WEEKDAYS
from bot.query.numbers import WORDS
from bot.query.phrases import Text
from bot.query.time.calendar import CALENDAR, DAYS, MONTHS, UNITS
from bot.query.time.clock_words import read_amount, running, whole_ago
from bot.query.time.date_ranges import between, read_range, the
from bot.query.time.dates import after_comma, read_day, skip
from bot.query.time.day_hours import hours_on_day, numbers_of_what
from bot.query.time.spans import CODE, read_moment, read_when
from bot.query.time.when import LAST, THIS, Constraint, Read, Role, unclear
from bot.query.tokens import Kind, word_set
from bot.query.values import Misread

DOUBTFUL = frozenset({"may", "mar", "sun"})
"""“May I …”, “calls that may have failed”, and names such as Del Mar and The Sun."""
_CODE = re.compile(r"20\d\d|h[12]|w\d{1,2}")
_PART_OF_YEAR = re.compile(r"[qh][1-4]")
_NOUNS = word_set("calls conversations convos chats sessions dialogs dialogues logs records phonecalls")
_JUDGED = word_set("failed successful unsuccessful inbound outbound")
_LINKS = word_set("and or to - & until till through")
_DECIMAL = re.compile(r"\d{1,2}\.\d{1,2}")
_BEFORE_DATE = (
    _NOUNS
    | _JUDGED
    | DAYS.keys()
    | word_set(
        "since from on until till til before after between by and or to - & am vom bis seit through starting"
    )
)
_MONTHS_AND_DAYS = MONTHS.keys() | DAYS.keys()


def doubtful(word: str) -> bool:
    """Whether a word may as well be no time: "for Campaign 2025" is an agent."""
    return word in DOUBTFUL or _CODE.fullmatch(word) is not None


def is_decimal(text: Text, at: int) -> bool:
    """Whether "4.5" is a number: a date has a second dot, or stands where a time does."""
    if _DECIMAL.fullmatch(text.word(at)) is None or text.tokens[at].closed or at == 0:
        return False
    return text.word(at - 1) not in _BEFORE_DATE


def is_time(text: Text, at: int) -> bool:
    """Whether a doubtful word is a time: a number, a noun or another month beside it, or nothing after it."""
    before, after = text.word(at - 1), text.word(at + 1)
    if after[:1].isdecimal() or after in _NOUNS or (after in _JUDGED and text.word(at + 2) in _NOUNS):
        return True
    if text.word(at) == "sun" and _dated(text, at + 1):
        return True
    if _CODE.fullmatch(text.word(at)) and (at == 0 or _PART_OF_YEAR.fullmatch(after) or after in MONTHS):
        return True
    if any(_linked(text, at + side) and text.word(at + 2 * side) in _MONTHS_AND_DAYS for side in (-1, 1)):
        return True
    if text.word(at) == "may" and _capital(text, at) and after not in {"i", "we", "you"}:
        return True
    last = all(token.kind is Kind.MARK for token in text.tokens[at + 1 :])
    asked = before == "about" and text.word(at - 2) in {"what", "how"}
    return last and (at == 0 or asked or before in _NOUNS | _JUDGED | {"and", "or", "for"})


def _dated(text: Text, at: int) -> bool:
    """Whether a date follows, after a comma or without: "Sun, Jan 4"."""
    start = skip(text, after_comma(text, at), "the")
    return text.word(start)[:1].isdecimal() or text.word(start) in MONTHS


def _linked(text: Text, at: int) -> bool:
    """Whether a word or a comma that joins two months stands here."""
    if text.word(at):
        return text.word(at) in _LINKS
    return 0 <= at < len(text) and text.tokens[at].text == ","


def _capital(text: Text, at: int) -> bool:
    """Whether a word has a capital inside a sentence, and is no part of a name such as Theresa May."""
    if at == 0 or text.tokens[at - 1].kind is not Kind.WORD:
        return False
    return text.tokens[at].text[:2].istitle() and not text.tokens[at - 1].text[:1].isupper()


_SINCE = {"since", "from", "starting", "beginning"}


_UNTIL = {"until", "till", "til", "through", "thru", "by"}


_IN = {"in", "on", "at", "during", "for", "of", "within", "over"}


def read_constraint(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read a phrase of time; raises Misread when it names an impossible date."""
    word = text.word(at)
    if not (word in _STARTERS or word[:1].isdecimal() or "-" in word or CODE.fullmatch(word)):
        return None
    _refuse_repeats(text, at)
    if word in {"between", "btw"}:
        return between(text, at + 1) or numbers_of_what(text, at + 1)
    if edge := _edge(text, at):
        return edge
    if word in _SINCE:
        return _since(text, at)
    if word in _UNTIL or (word == "up" and text.word(at + 1) in {"to", "until", "till"}):
        found = read_moment(text, the(text, at + (2 if word == "up" else 1)))
        return (Constraint(Role.UNTIL, found[0]), found[1]) if found else None
    if word in {"no", "not"} and text.words[at + 1 : at + 3] in {("later", "than"), ("earlier", "than")}:
        found = read_moment(text, the(text, at + 3))
        role = Role.UNTIL if text.word(at + 1) == "later" else Role.SINCE
        return (Constraint(role, found[0]), found[1]) if found else None
    if (word in {"more", "less", "fewer"} and text.word(at + 1) == "than") or word in {"over", "under"}:
        than = _than_ago(text, at)
        if than or word not in {"over", "under"}:
            return than
    if text.words[at : at + 2] in {("on", "or"), ("at", "or")} and text.word(at + 2) in {"after", "before"}:
        found = read_when(text, the(text, at + 3))
        role = Role.SINCE if text.word(at + 2) == "after" else Role.UNTIL
        return (Constraint(role, found[0]), found[1]) if found else None
    if text.words[at : at + 2] == ("as", "of"):
        found = read_when(text, the(text, at + 2))
        return (Constraint(Role.SINCE, found[0]), found[1]) if found else None
    if word in _BESIDE or text.words[at : at + 2] in _BESIDE_TWO:
        return _beside(text, at)
    hours = hours_on_day(text, the(text, at + 1 if word in {"on", "in", "for", "of"} else at))
    if hours and not _left_open(text, at):
        return hours
    found_range = read_range(text, at, after_from=False)
    if found_range and not is_decimal(text, at):
        return found_range
    if word in _IN:
        return _within(text, at)
    found = _period(text, at)
    return (Constraint(Role.WITHIN, found[0]), found[1]) if found else None


_BESIDE = {"before": Role.BEFORE, "after": Role.AFTER}
_BESIDE_TWO = {
    ("older", "than"): Role.BEFORE,
    ("newer", "than"): Role.SINCE,
    ("prior", "to"): Role.BEFORE,
    ("earlier", "than"): Role.BEFORE,
    ("later", "than"): Role.AFTER,
}
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
        "as between btw up before after older newer prior earlier later no not more less fewer under "
        "early mid late "
        "every each today todays yesterday yesterdays tomorrow tonight now the day week weekend noon "
        "midday midnight next first second third fourth kw cw wk workday half wtd mtd qtd ytd "
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


def _edge(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Ask back about "the end of october": it is a moment, and some days before it may be meant."""
    if vague := _part_of_month(text, at + (text.word(at) in _SINCE | _UNTIL | _IN)):
        return vague
    start = the(text, at + 1 if text.word(at) in {"at", "in", "on", "by"} else at)
    if text.word(start) not in {"beginning", "start", "end"} or text.word(start + 1) != "of":
        return None
    found = read_when(text, start)
    if found is None:
        return None
    said = _typed(text, start, found[1])
    month = next((w for w in text.words[start : found[1]] if w in MONTHS), "november")
    days = "20 and 30" if text.word(start) == "end" else "1 and 10"
    reason = (
        f"“{said}” is a moment: write “since” or “until the {said}”, "
        f"or name the days, such as “between {days} {month}”."
    )
    return Constraint(Role.WITHIN, unclear(reason)), found[1]


def _part_of_month(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Ask back about "mid november", "late-october"."""
    word, _dash, name = text.word(at).partition("-")
    end = at + 1
    if not name and word in _PARTS_OF_MONTH:
        name, end = text.word(end), end + 1
    days = _PARTS_OF_MONTH.get(word)
    if days is None or name not in MONTHS:
        return None
    reason = f"“{word} {name}” says no days: name them, such as “between {days} {name}”."
    return Constraint(Role.WITHIN, unclear(reason)), end


_PARTS_OF_MONTH = {"early": "1 and 10", "mid": "10 and 20", "late": "20 and 28"}


def _period(text: Text, at: int) -> Read | None:
    """Read what may stand on its own as a time: also "7 days", the last seven; not "now", nor any "may"."""
    word = text.word(at)
    if word == "now" or _left_open(text, at):
        return None
    found = read_when(text, at)
    if found is None:
        amount = read_amount(text, at)
        if amount is None or word in {"a", "an"} or text.word(amount[2]) in _COUNTED_FROM:
            return None
        lasting = amount[1] in CALENDAR or (amount[1] == "hour" and amount[0] >= 12)
        return (running(*amount[:2]), amount[2]) if lasting else None
    if found[1] == at + 1 and word.isdecimal() and not 4 <= len(word) <= 8:
        return None
    if found[0].relative and text.word(found[1] - 1) in {"ago", "back", "now", "today"}:
        return _ago_alone(text, at, found)
    return found


_COUNTED_FROM = frozenset({"before", "after", "from", "since", "prior", "earlier", "later"})
"""After these an amount counts from another time than now: "2 days before yesterday"."""


def _left_open(text: Text, at: int) -> bool:
    """Whether a word that is also no time has nothing beside it that says it is one."""
    return (doubtful(text.word(at)) and not is_time(text, at)) or is_decimal(text, at)


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
    return whole_ago(*amount[:2]), found[1]


def _typed(text: Text, at: int, end: int) -> str:
    return " ".join(token.text for token in text.tokens[at:end])


def _since(text: Text, at: int) -> tuple[Constraint, int] | None:
    word, start = text.word(at), at + 1
    if word in {"starting", "beginning"} and text.word(start) in {"from", "on", "in", "at", "with"}:
        start += 1
    start = the(text, start)
    if word in {"from", "starting", "beginning"}:
        found_range = hours_on_day(text, start) or read_range(text, start, after_from=True)
        if found_range:
            return found_range
    found = read_moment(text, start)
    if found is None:
        amount = read_amount(text, start)  # "since 7 days"
        if amount is None or word == "from":
            return numbers_of_what(text, start) if word == "from" else None
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
    start = the(text, at + (1 if word in _BESIDE else 2))
    role = _BESIDE[word] if word in _BESIDE else _BESIDE_TWO[word, text.word(at + 1)]
    if word in {"older", "newer"}:
        amount = read_amount(text, start)
        if amount:
            end = amount[2] + (text.word(amount[2]) == "ago")
            return Constraint(role, running(*amount[:2])), end
    found = read_moment(text, start)
    return (Constraint(role, found[0]), found[1]) if found else None


def _than_ago(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read "more than 7 days ago", "less than 2 hours ago"."""
    over = text.word(at) in {"more", "over"}
    amount = read_amount(text, at + 1 if text.word(at) in {"over", "under"} else at + 2)
    if amount is None or text.word(amount[2]) != "ago":
        return None
    role = Role.BEFORE if over else Role.SINCE
    return Constraint(role, running(*amount[:2])), amount[2] + 1


def _within(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read "in october", "on monday", "during last week", "over the last 2 weeks", "at the weekend"."""
    word, start = text.word(at), the(text, at + 1)
    if word == "within" and read_amount(text, start):
        amount = read_amount(text, start)
        if amount and text.word(amount[2]) != "ago":
            return Constraint(Role.WITHIN, running(*amount[:2])), amount[2]
    if word == "for" and _left_open(text, start):  # "for Sun Energy" is an agent
        return None
    found_range = read_range(text, start, after_from=False)
    if found_range:
        return found_range
    found = read_when(text, start)
    if found is None:
        return None
    when, end = found
    if (when.of_day and word != "at") or (word in {"over", "of"} and not (when.spans or when.relative)):
        return None
    if word == "over" and end == start + 1 and text.word(start).isdecimal():
        return None
    if when.relative and text.word(end - 1) in {"ago", "back", "now", "today"}:
        whole = _ago_alone(text, start, found)
        return (Constraint(Role.WITHIN, whole[0]), end) if whole else None
    return Constraint(Role.WITHIN, when), end
