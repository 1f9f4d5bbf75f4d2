"""Phrases of time in a text: the rules at work, and the words that may as well be no time."""

# ruff: noqa: PLR2004
# The numbers of a calendar and a clock are their own names.

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import time

from bot.query.numbers import read_amount
from bot.query.phrases import Matcher, Phrase, SlotReader, StartsWith, Text
from bot.query.time.calendar import CALENDAR, DAYS, MONTHS, UNITS, Clock, Period
from bot.query.time.settle import Constraint, Role
from bot.query.time.time_rules import AND, KINDS, TO, Rules, at_hour
from bot.query.time.time_slots import PARTS, SLOTS, Hour, begins_amount, is_comma, one_word_date
from bot.query.time.when import When, at_clock, moved, real_date, running, unclear
from bot.query.tokens import Kind, Token, fold, word_set
from bot.query.values import Misread


def _numbers_of_what(first: Hour, last: Hour) -> When | None:
    start, end = first.clock.hour, last.clock.hour
    if not (first.bare and last.bare):
        return None
    raise Misread(
        f"“{start} and {end}” of what? Write hours as “between {start:02}:00 and {end:02}:00”, "
        f"a length as “between {min(start, end)} and {max(start, end)} minutes”."
    )


def _after_hour_of_part(day: tuple[When, str], hour: Hour) -> Constraint | None:
    """Return "this morning after 9": until where that part of the day ends."""
    if not day[1]:
        return None
    start, end = at_hour(*day, hour), PARTS[day[1]][1]
    return Constraint(Role.RANGE, start, at_clock(day[0], time(end))) if end < 24 else _as(Role.AFTER)(start)


def _until_hour_of_part(day: tuple[When, str], hour: Hour) -> Constraint | None:
    """Return "this morning before 9": from where that part of the day begins."""
    if not day[1]:
        return None
    return Constraint(Role.RANGE, at_clock(day[0], time(PARTS[day[1]][0])), at_hour(*day, hour))


def _hour_of_what(hour: Hour) -> When | None:
    number = hour.clock.hour
    said = f"{number}am” or “{number % 12 + 12}:00" if hour.bare else f"{number}:00"
    raise Misread(f"“{number}” is a time of day only with more beside it: write “{said}”.")


# --- what a question says: a preposition and what it introduces ---


def _as(role: Role) -> Callable[[When], Constraint]:
    return lambda when: Constraint(role, when)


def _from(when: When) -> Constraint:
    return Constraint(Role.WITHIN if when.spans else Role.SINCE, when)


def _period(when: When) -> Constraint:
    """Return a time by itself; "3 days ago" is that whole day."""
    return Constraint(Role.WITHIN, when.whole or when)


def _period_of_day(when: When) -> Constraint | None:
    return None if when.of_day else _period(when)


def _named_stretch(when: When) -> Constraint | None:
    return _period(when) if when.spans or when.whole else None


def _both_days(number: int, last: When) -> Constraint | None:
    """Return "3 and 4 november": two days of one month."""

    def make(clock: Clock, day: Period) -> Period:
        on = clock.local(day.start).date()
        return clock.days(real_date(on.year, on.month, number))

    first = moved(last, make, "date")
    return Constraint(Role.EITHER, first, others=(last,)) if last.month and last.is_day else None


def _no_day_until_hour(ends: Constraint) -> Constraint | None:
    """Leave "yesterday until noon" alone: it is a day and a time on it."""
    return None if ends.to and ends.to.of_day and ends.when.clock is None else ends


_REPEATS = "“{said}” repeats, and a question asks for one stretch of time: say for example “since monday”."
_EDGE = (
    "“{said}” is a moment: write “since” or “until the {said}”, or name the days, such as “between %s %s”."
)
EDGE: Rules = {
    f"{words} of {which}": _EDGE % (days, month)
    for words, days in (("beginning|start", "1 and 10"), ("end", "20 and 30"))
    for which, month in (("[the] {month_name}", "{0}"), ("{whole}", "november"))
}
_MOMENT_AFTER = {
    "since": Role.SINCE,
    "starting|beginning [from|on|in|at|with]": Role.SINCE,
    "no|not earlier than": Role.SINCE,
    "on|at or after": Role.SINCE,
    "as of": Role.SINCE,
    "newer than": Role.SINCE,
    "until|till|til|through|thru|by": Role.UNTIL,
    "up to|until|till [and] [including|incl]": Role.UNTIL,
    "no|not later than": Role.UNTIL,
    "on|at or before": Role.UNTIL,
    "before": Role.BEFORE,
    "older|earlier than": Role.BEFORE,
    "prior to": Role.BEFORE,
    "after": Role.AFTER,
    "later than": Role.AFTER,
}
_AMOUNT_AFTER = {
    "since|starting|beginning {amount}": Role.SINCE,
    "newer than {amount} [ago]": Role.SINCE,
    "less|fewer than {amount} ago": Role.SINCE,
    "under {amount} ago": Role.SINCE,
    "older than {amount} [ago]": Role.BEFORE,
    "more than {amount} ago": Role.BEFORE,
    "over {amount} ago": Role.BEFORE,
    "within [the] {amount}": Role.WITHIN,
}
_HOUR_BESIDE = {"after|since": Role.AFTER, "before": Role.BEFORE, "until|till": Role.UNTIL}
PHRASE: Rules = {
    "every|each {repeated}": _REPEATS,
    "{repeating}": _REPEATS,
    "[at|in|on|by] [the] {edge}": None,
    "from|starting|beginning [from|on|in|at|with] [the] {two_ends}": None,
    "from [the] {moment}": _from,
    "from [the] {moment} {onwards}": _as(Role.SINCE),
    **{f"{words} [the] {{moment}} [{{onwards}}]": _as(role) for words, role in _MOMENT_AFTER.items()},
    **{
        pattern: lambda amount, role=role: Constraint(role, running(*amount))
        for pattern, role in _AMOUNT_AFTER.items()
    },
    **{
        f"{{day}} [{{comma}}] {words} {{lone_hour}}": lambda day, hour, role=role: Constraint(
            role, at_hour(day, "", hour)
        )
        for words, role in _HOUR_BESIDE.items()
    },
    "{day_part} [{comma}] after|since {lone_hour}": _after_hour_of_part,
    "{day_part} [{comma}] before|until|till {lone_hour}": _until_hour_of_part,
    "since|after|before|until|till|at|around {lone_hour} {no_more}": _hour_of_what,
    "between|btw {between}": None,
    f"between|btw {{hour}} {AND} {{hour2}}": _numbers_of_what,
    f"from [the] {{hour}} {TO} {{hour2}}": _numbers_of_what,
    "[on|in|for] [the] {day_number} and|& [the] {when}": _both_days,
    "in|on|at|during|of|within|over [the] {two_ends}": _no_day_until_hour,
    "for [the] {sure} {two_ends}": _no_day_until_hour,
    "{no_decimal} {two_ends}": _no_day_until_hour,
    "in|on|during|within [the] {when}": _period_of_day,
    "for [the] {sure} {when}": _period_of_day,
    "at [the] {when}": _period,
    "of [the] {when}": _named_stretch,
    "over [the] {no_digits} {when}": _named_stretch,
    "{alone}": _period,
}
# --- what may as well be no time ---

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


def _is_decimal(text: Text, at: int) -> bool:
    """Whether "4.5" is a number: a date has a second dot, or stands where a time does."""
    if at == 0 or _DECIMAL.fullmatch(text.word(at)) is None or text.tokens[at].closed:
        return False
    return text.word(at - 1) not in _BEFORE_DATE


def _left_open(text: Text, at: int) -> bool:
    """Whether a word that is also no time has nothing beside it that says it is one."""
    word = text.word(at)  # "for Campaign 2025" is an agent
    doubtful = word in DOUBTFUL or _CODE.fullmatch(word) is not None
    return (doubtful and not _is_time(text, at)) or _is_decimal(text, at)


def _is_time(text: Text, at: int) -> bool:
    """Whether a doubtful word is a time: a number, a noun or another month beside it, or nothing after it."""
    word, before, after = text.word(at), text.word(at - 1), text.word(at + 1)
    if after[:1].isdecimal() or after in _NOUNS or (after in _JUDGED and text.word(at + 2) in _NOUNS):
        return True
    if word == "sun":  # "Sun, Jan 4"
        start = at + 1 + is_comma(text, at + 1)
        start += text.word(start) == "the"
        if text.word(start)[:1].isdecimal() or text.word(start) in MONTHS:
            return True
    if _CODE.fullmatch(word) and (at == 0 or _PART_OF_YEAR.fullmatch(after) or after in MONTHS):
        return True
    for side in (-1, 1):
        linked = text.word(at + side) in _LINKS or is_comma(text, at + side)
        if linked and text.word(at + 2 * side) in _MONTHS_AND_DAYS:
            return True
    if word == "may" and _capital(text, at) and after not in {"i", "we", "you"}:
        return True
    last = all(token.kind is Kind.MARK for token in text.tokens[at + 1 :])
    asked = before == "about" and text.word(at - 2) in {"what", "how"}
    return last and (at == 0 or asked or before in _NOUNS | _JUDGED | {"and", "or", "for"})


def _capital(text: Text, at: int) -> bool:
    """Whether a word has a capital inside a sentence, and is no part of a name such as Theresa May."""
    if at == 0 or text.tokens[at - 1].kind is not Kind.WORD:
        return False
    return text.tokens[at].text[:2].istitle() and not text.tokens[at - 1].text[:1].isupper()


_AFTER_HOUR = word_set("for in with on by please and") | {""}
_COUNTED_FROM = frozenset({"before", "after", "from", "since", "prior", "earlier", "later"})
"""After these an amount counts from another time than now: "2 days before yesterday"."""


def _alone(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read what may stand on its own as a time: also "7 days", the last seven; not "now", nor any "may"."""
    word = text.word(at)
    if word == "now" or _left_open(text, at):
        return
    if found := _read("when", text, at):
        if found[1] > at + 1 or not word.isdecimal() or 4 <= len(word) <= 8:
            yield found
        return
    number, unit, end = read_amount(text.words, at, UNITS) or (0, "", at)
    if word in {"a", "an"} or text.word(end) in _COUNTED_FROM:
        return
    if unit in CALENDAR or (unit == "hour" and number >= 12):
        yield running(number, unit), end


_BEFORE_THE_FIRST = word_set("since on until till before after from between to and")


def _the_first(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the day of "since the first", where nothing follows that it could count."""
    alone = at + 1 >= len(text) or text.word(at + 1) in {"to", "until", "till", "and"}
    if alone and text.word(at - 1) == "the" and text.word(at - 2) in _BEFORE_THE_FIRST:
        yield from SLOTS["ordinal"][0](text, at)


def _same_whole(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read nothing, and return what a half was of before: "first half of november vs second half"."""
    for place in range(at - 3, 0, -1):
        if text.words[place - 1 : place + 1] == ("half", "of") and (found := _read("whole", text, place + 1)):
            yield found[0], at
            return


def _onwards(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the rest of "from monday on"."""
    if text.word(at) in {"onward", "onwards"} or (text.word(at) == "on" and not _read("named", text, at + 1)):
        yield None, at + 1


def where(holds: Callable[[Text, int], bool]) -> SlotReader:
    """Return a slot that is empty, and stands only where something holds."""

    def read(text: Text, at: int) -> Iterator[tuple[object, int]]:
        if holds(text, at):
            yield None, at

    return read


# --- the rules at work ---

_KINDS = KINDS | {"edge": EDGE, "phrase": PHRASE}


def _slot(kind: str) -> tuple[SlotReader, StartsWith]:
    def read(text: Text, at: int) -> Iterator[tuple[object, int]]:
        found = _read(kind, text, at)
        return iter((found,)) if found else iter(())

    return read, lambda word: _MATCHERS[kind].beginning(word)  # noqa: PLW0108 - they refer to each other


def _matchers() -> dict[str, Matcher]:
    slots = SLOTS | {kind: _slot(kind) for kind in _KINDS}
    slots |= {
        "alone": (_alone, lambda word: _slot("when")[1](word) or begins_amount(word)),
        "the_first": (_the_first, SLOTS["ordinal"][1]),
        "onwards": (_onwards, frozenset({"on", "onward", "onwards"})),
        "same_whole": (_same_whole, bool),
        "sure": (where(lambda text, at: not _left_open(text, at)), bool),
        "no_decimal": (where(lambda text, at: not _is_decimal(text, at)), slots["two_ends"][1]),
        "no_digits": (where(lambda text, at: not text.word(at).isdecimal()), bool),
        "no_more": (where(lambda text, at: text.word(at) in _AFTER_HOUR), lambda word: word in _AFTER_HOUR),
        "not_of": (where(lambda text, at: text.word(at) not in {"of", "in"}), bool),
    }
    return {
        kind: Matcher(slots, ((pattern, Phrase(pattern, dict)) for pattern in rules))
        for kind, rules in _KINDS.items()
    }


_MATCHERS = _matchers()


def _read(kind: str, text: Text, at: int) -> tuple[object, int] | None:
    """Return the time of a kind that begins at a position, and its end."""
    key = kind, at
    if key not in text.times:
        text.times[key] = None
        for end, entry, slots in _MATCHERS[kind].matches(text, at):
            value: object = _KINDS[kind][entry.key]
            said = [each for each in slots.values() if each is not None]
            if isinstance(slots.get("clock"), When):  # no time of day, but what is asked back
                value = slots["clock"]
            elif value is None:
                value = said[0]
            elif isinstance(value, str):
                value = unclear(value.format(*said, said=text.typed(at, end)))
            elif callable(value):
                try:
                    value = value(*said)
                except Misread as problem:
                    value = unclear(str(problem))
            if value is not None:
                if kind in {"phrase", "two_ends", "between"} and isinstance(value, When):
                    value = Constraint(Role.WITHIN, value)
                text.times[key] = value, end
                break
    return text.times[key]


# --- two ends in one word ---

_NAMES = "|".join(sorted(MONTHS.keys() | DAYS.keys(), key=len, reverse=True))
_END = rf"(?:\d[\w:.]{{0,8}}|{_NAMES}|noon|midday|midnight)"
_ISO = r"\d{4}-\d{1,2}-\d{1,2}(?:t\d\d:[\d:.]+(?:z|\+[\d:]+)?)?"
_DASHES = frozenset({"-", "–", "—", ".."})  # noqa: RUF001 - what phones type
_IN_ONE_WORD = re.compile(rf"({_ISO})[-/]({_ISO})|({_END})-({_END})|(early|mid|late)-([a-z]+)")


def _apart(text: Text) -> tuple[Text, Sequence[int], Mapping[int, int]]:
    """Return a text in which "9-17" and "mon-fri" are three words; where its words went, and back."""
    if text.apart is not None:
        return text.apart
    tokens: list[Token] = []
    places: list[int] = []
    for token in text.tokens:
        places.append(len(tokens))
        found = _IN_ONE_WORD.fullmatch(token.word) if "-" in token.word or "/" in token.word else None
        parts = [part for part in found.groups() if part] if found and not one_word_date(token.word) else []
        if parts:
            parts.insert(1, "-")
        elif token.kind is Kind.MARK and token.text in _DASHES:
            parts = ["-"]
        tokens += [Token(Kind.WORD, part, fold(part), closed=token.closed) for part in parts] or [token]
    back = {place: at for at, place in enumerate(places)} | {len(tokens): len(text)}
    text.apart = (text if tokens == list(text.tokens) else Text(tokens)), places, back
    return text.apart


def read_constraint(text: Text, at: int) -> tuple[Constraint, int] | None:
    """Read a phrase of time."""
    word = text.word(at)
    if not word or not ("-" in word or _MATCHERS["phrase"].beginning(word)):
        return None
    apart, places, back = _apart(text)
    found = _read("phrase", apart, places[at])
    if found is None or found[1] not in back or not isinstance(found[0], Constraint):
        return None
    return found[0], back[found[1]]
