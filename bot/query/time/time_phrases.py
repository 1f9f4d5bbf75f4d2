"""Phrases of time in a text: the rules at work, and the words that may as well be no time."""

# ruff: noqa: PLR2004
# The numbers of a calendar and a clock are their own names.

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time
from functools import partial
from typing import cast

from bot.query.numbers import begins_number
from bot.query.phrases import ANYTHING, Matcher, Phrase, PhraseSlot, Text, where
from bot.query.time.calendar import CALENDAR, DAYS, MONTHS, Clock, Period
from bot.query.time.settle import Constraint, Role
from bot.query.time.time_rules import AND, KINDS, TO, Amount, Rules, at_hour
from bot.query.time.time_slots import PARTS, SLOTS, Hour, one_word_date
from bot.query.time.when import When, at_clock, moved, real_date, running
from bot.query.tokens import Kind, Token, fold, word_set
from bot.query.values import Misread


def _numbers_of_what(first: Hour, last: Hour) -> When | None:
    start, end = first.clock.hour, last.clock.hour
    if not (first.bare and last.bare):
        return None
    until = end + 12 if end <= start else end
    raise Misread(
        f"“{start} and {end}” of what? Write hours as “between {start:02}:00 and {until:02}:00”, "
        f"a length as “between {min(start, end)} and {max(start, end)} minutes”."
    )


def _after_hour(day: tuple[When, str], hour: Hour) -> Constraint:
    """Return "this morning after 9": until where that part of the day ends, if one is named."""
    start, end = at_hour(*day, hour), PARTS.get(day[1], (0, 24))[1]
    if end < 24:
        return Constraint(Role.RANGE, start, at_clock(day[0], time(end)))
    return Constraint(Role.AFTER, start)


def _up_to_hour(role: Role, day: tuple[When, str], hour: Hour) -> Constraint:
    """Return "this morning before 9": from where that part of the day begins, if one is named."""
    end = at_hour(*day, hour)
    if day[1]:
        return Constraint(Role.RANGE, at_clock(day[0], time(PARTS[day[1]][0])), end)
    return Constraint(role, end)


def _hour_of_what(hour: Hour) -> When | None:
    number = hour.clock.hour
    said = f"{number}am” or “{number % 12 + 12}:00" if hour.bare else f"{number}:00"
    raise Misread(f"“{number}” is a time of day only with more beside it: write “{said}”.")


# --- what a question says: a preposition and what it introduces ---


def _period(when: When) -> Constraint:
    """Return a time by itself; "3 days ago" is that whole day."""
    return Constraint(Role.WITHIN, when.whole or when)


def _period_of_day(when: When) -> Constraint | None:
    return None if when.of_day else _period(when)


def _both_days(number: int, last: When) -> Constraint:
    """Return "3 and 4 november": two days of one month."""

    def make(clock: Clock, day: Period) -> Period:
        on = clock.local(day.start).date()
        return clock.days(real_date(on.year, on.month, number))

    first = moved(last, make, "date")
    return Constraint(Role.EITHER, first, others=(last,))


def _no_day_until_hour(ends: Constraint) -> Constraint | None:
    """Leave "yesterday until noon" alone: it is a day and a time on it."""
    return None if ends.to and ends.to.of_day and ends.when.clock is None else ends


def _running_alone(amount: Amount) -> Constraint | None:
    """Return "7 days", the last seven; a few hours or minutes may be a length."""
    number, unit = amount
    long = unit in CALENDAR or (unit == "hour" and number >= 12)
    return Constraint(Role.WITHIN, replace(running(number, unit), unit="amount")) if long else None


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
    Role.SINCE: (
        *("since", "starting|beginning [from|on|in|at|with]", "no|not earlier than", "on|at or after"),
        *("as of", "newer than"),
    ),
    Role.UNTIL: (
        *("until|till|til|through|thru|by", "up to|until|till [and] [including|incl]", "no|not later than"),
        "on|at or before",
    ),
    Role.BEFORE: ("before", "older|earlier than", "prior to"),
    Role.AFTER: ("after", "later than"),
}
PHRASE: Rules = {
    "every|each {repeated}": _REPEATS,
    "{repeating}": _REPEATS,
    "[at|in|on|by] [the] {edge}": None,
    "from|starting|beginning [from|on|in|at|with] [the] {two_ends}": None,
    "from [the] {moment}": lambda when: (
        _period(when) if when.spans or when.whole else Constraint(Role.SINCE, when)
    ),
    "from [the] {moment} {onwards}": Role.SINCE,
    **{
        f"{words} [the] {{moment}} [{{onwards}}]": role
        for role, said in _MOMENT_AFTER.items()
        for words in said
    },
    "since|starting|beginning {running}": Role.SINCE,
    "newer than {running} [ago]": Role.SINCE,
    "less|fewer than {running} ago": Role.SINCE,
    "under {running} ago": Role.SINCE,
    "older than {running} [ago]": Role.BEFORE,
    "more than {running} ago": Role.BEFORE,
    "over {running} ago": Role.BEFORE,
    "within [the] {running}": Role.WITHIN,
    "{day_part} [{comma}] after|since {lone_hour}": _after_hour,
    "{day_part} [{comma}] before {lone_hour}": lambda day, hour: _up_to_hour(Role.BEFORE, day, hour),
    "{day_part} [{comma}] until|till {lone_hour}": lambda day, hour: _up_to_hour(Role.UNTIL, day, hour),
    "since|after|before|until|till|at|around {lone_hour} {no_more}": _hour_of_what,
    "between|btw {between}": None,
    f"between|btw {{hour}} {AND} {{hour2}}": _numbers_of_what,
    f"from [the] {{hour}} {TO} {{hour2}}": _numbers_of_what,
    f"{{lone_hour}} {TO} {{hour2}} {{no_more}}": _numbers_of_what,
    "[on|in|for] [the] {day_number} and|& [the] {dated}": _both_days,
    "in|on|at|during|of|within|over [the] {two_ends}": _no_day_until_hour,
    "for [the] {sure} {two_ends}": _no_day_until_hour,
    "{no_decimal} {two_ends}": _no_day_until_hour,
    "in|on|during|within [the] {when}": _period_of_day,
    "for [the] {sure} {when}": _period_of_day,
    "at [the] {when}": _period,
    "of [the] {stretch}": _period,
    "over [the] {no_digits} {stretch}": _period,
    "{alone} {when}": _period,
    "{alone_amount} {amount} {not_from}": _running_alone,
}
# --- what may as well be no time ---

DOUBTFUL = frozenset({"may", "mar", "sun"})
"""“May I …”, “calls that may have failed”, and names such as Del Mar and The Sun."""
_CODE = re.compile(r"20\d\d|h[12]|w\d{1,2}")
_PART_OF_YEAR = re.compile(r"[qh][1-4]")
_NOUNS = word_set("calls conversations convos chats sessions dialogs dialogues logs records phonecalls")
_JUDGED = word_set("failed successful unsuccessful inbound outbound")
_BEFORE_YEAR = _NOUNS | _JUDGED | word_set("cost costs spend minutes rate csat overview volume") | {""}
"""Words after which 2025 is a year; "" begins a question."""
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
        start = at + 1 + (text.typed(at + 1, at + 2) == ",")
        start += text.word(start) == "the"
        if text.word(start)[:1].isdecimal() or text.word(start) in MONTHS:
            return True
    if _CODE.fullmatch(word) and (
        before in _BEFORE_YEAR or _PART_OF_YEAR.fullmatch(after) or after in MONTHS
    ):
        return True
    for side in (-1, 1):
        linked = text.word(at + side) in _LINKS or text.typed(at + side, at + side + 1) == ","
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
_BEFORE_THE_FIRST = word_set("since on until till before after from between to and")


def _may_stand_alone(text: Text, at: int) -> bool:
    """Whether a time may stand here by itself: not "now", nor any "may", nor a number that may be an id."""
    word = text.word(at)
    return word != "now" and not _left_open(text, at) and not (word.isdecimal() and len(word) > 8)


def _after_the(text: Text, at: int) -> bool:
    """Whether a day is meant as in "since the first", where nothing follows that it could count."""
    alone = at + 1 >= len(text) or text.word(at + 1) in {"to", "until", "till", "and"}
    return alone and text.word(at - 1) == "the" and text.word(at - 2) in _BEFORE_THE_FIRST


def _same_whole(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read nothing, and return what a half was of before: "first half of november vs second half"."""
    for place in range(at - 3, 0, -1):
        if text.words[place - 1 : place + 1] == ("half", "of") and (found := _read("whole", text, place + 1)):
            yield found[0][0], at
            return


def _onwards(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the rest of "from monday on"."""
    if text.word(at) != "on" or not _read("named", text, at + 1):
        yield None, at + 1


# --- the rules at work ---

_KINDS = KINDS | {"edge": EDGE, "phrase": PHRASE}
_SURE = frozenset({"sure_date", "sure_plain", "day", "dated", "whole", "container", "stretch"})
"""Kinds that must be sure before something longer is made of them: "9.30 yesterday" is no month."""
_SLOTS: dict[str, PhraseSlot] = {**SLOTS}
_MATCHERS = {kind: Matcher(_SLOTS) for kind in _KINDS}
_begins_when, _begins_ends = _MATCHERS["when"].beginning, _MATCHERS["two_ends"].beginning


def _read(kind: str, text: Text, at: int) -> Sequence[tuple[object, int]]:
    """Return the time of a kind that begins at a position and its end, or why it is asked back."""
    key = kind, at
    if key not in text.times:
        text.times[key] = ()
        for end, entry, slots in _MATCHERS[kind].matches(text, at):
            value, said = entry.meaning, [each for each in slots.values() if each is not None]
            if problem := next((each for each in said if isinstance(each, Misread)), None):
                value = None if kind in _SURE else problem
            elif value is None:
                value = said[0]
            elif isinstance(value, Role):
                value = Constraint(value, cast("When", said[0]))
            elif isinstance(value, str):
                value = Misread(value.format(*said, said=text.typed(at, end)))
            elif callable(value):
                try:
                    value = value(*said)
                except Misread as reason:
                    value = reason
            if value is not None:
                text.times[key] = ((value, end),)
                break
    return text.times[key]


_SLOTS |= {kind: PhraseSlot(partial(_read, kind), matcher.beginning) for kind, matcher in _MATCHERS.items()}
_SLOTS |= {
    "when2": _SLOTS["when"],
    "after_the": where(_after_the, SLOTS["ordinal"].starts),
    "onwards": PhraseSlot(_onwards, frozenset({"on", "onward", "onwards"})),
    "same_whole": PhraseSlot(_same_whole, ANYTHING),
    "alone": where(_may_stand_alone, _begins_when),
    "alone_amount": where(
        lambda text, at: not _left_open(text, at) and text.word(at) not in {"a", "an"}, begins_number
    ),
    "sure": where(lambda text, at: not _left_open(text, at)),
    "no_decimal": where(lambda text, at: not _is_decimal(text, at), _begins_ends),
    "no_digits": where(lambda text, at: not text.word(at).isdecimal()),
    "no_more": where(lambda text, at: text.word(at) in _AFTER_HOUR),
    "no_quarter": where(lambda text, at: text.word(at) not in {"quarter", "half"}),
    "not_of": where(lambda text, at: text.word(at) not in {"of", "in"}),
    # after these an amount counts from another time than now: "2 days before yesterday"
    "not_from": where(lambda text, at: text.word(at) not in _COUNTED_FROM),
}
for _kind, _rules in _KINDS.items():
    _MATCHERS[_kind].add((pattern, Phrase(pattern, meaning)) for pattern, meaning in _rules.items())


# --- two ends in one word ---

_NAMES = "|".join(sorted(MONTHS.keys() | DAYS.keys(), key=len, reverse=True))
_END = rf"(?:\d[\w:./]{{0,9}}|{_NAMES}|noon|midday|midnight)"
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


def read_constraint(text: Text, at: int) -> tuple[Constraint | Misread, int] | None:
    """Read a phrase of time, or why what was read as one cannot be."""
    word = text.word(at)
    if not word or not ("-" in word or _MATCHERS["phrase"].beginning(word)):
        return None
    apart, places, back = _apart(text)
    for found, end in _read("phrase", apart, places[at]):
        if end in back and isinstance(found, Constraint | Misread):
            return found, back[end]
    return None
