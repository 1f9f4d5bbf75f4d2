"""The phrases that say what a report shows, what it is grouped by, and what it is compared with."""

from __future__ import annotations

from typing import Any

from bot.query.filters.base import Filter, PhraseSlot
from bot.query.filters.group_phrases import BY, BY_SLOTS, NOUNS, Patterns, Slots, same
from bot.query.filters.report_shape import (
    GROUPED,
    MOST_GROUPS,
    NOT_ALONE,
    SHOWN,
    CompareWith,
    KeysFilter,
    before_than,
    capitalised,
    compared_later,
    comparing,
    read_first,
    read_period,
    reader,
)
from bot.query.time.clock_words import calendar_unit
from bot.query.time.when import Constraint, Role
from bot.query.values import AgentRef, Agents, Also, Compared, Keys, Misread, Value
from bot.report.groups import GROUPS
from bot.report.measures import MEASURES

_SHOWN = {
    words: key for words, key in SHOWN.items() if words not in NOT_ALONE and not words.startswith("number of")
}


def _show(*keys: str) -> Keys:
    return Keys(keys)


def _shown(slots: Slots) -> Keys:
    return Keys((str(slots["shown"]),))


def _previous(slots: Slots) -> Compared:
    count = slots.get("count")
    return Compared(count=int(count) if isinstance(count, int | float) else 0)


def _compared(slots: Slots) -> Compared:
    return Compared(said=(slots["period"],))


def _two_periods(slots: Slots) -> Also:
    return Also((("time", (slots["first"],)), ("compare", _compared(slots))))


def _doing(slots: Slots) -> Also:
    agent = Agents((AgentRef(str(slots["capitalised"])),))
    return Also((("show", Keys(("overview",))), ("agent", agent)))


def _ask_weekly(_slots: Slots) -> Value:
    raise Misread(
        "A report that comes again and again is a saved question: ask for “overview of last week”, then "
        "save it with a time, such as every monday 9:00."
    )


def _ask_same_day(_slots: Slots) -> Value:
    raise Misread(
        "Which time is that? Name it, such as “compared to last thursday” or “compared to last week”."
    )


_PART = "share|percentage|percent|pct|%|proportion|fraction|ratio|portion"
_A_PART = f"[what|which|how] [is|was|are] [the|our|a|many] {_PART} [of] [the|all|our] [{NOUNS}]"
_WERE = "[that|which|who] [were|was|are|is|have|has|did|get|got] [been]"
_OUTCOMES = {
    "failure-rate": "failed|fail|fails|failing|failure|failures|unsuccessful",
    "success-rate": "succeeded|succeed|successful|success|successes",
    "unknown-rate": "unknown|undecided",
}
_WE = "[we|i|you|they|it]"
_DID = "[is|are|was|were|do|does|did]"
_TALKED = "talk|talked|talking|use|used|using|spend|spent|speak|spoke"
SHOW: Patterns = (
    ("[how] [high|low|good|bad|big|large] [is|was] [the|our] {shown}", _shown),
    *((f"{_A_PART} {_WERE} {words} [{NOUNS}]", _show(rate)) for rate, words in _OUTCOMES.items()),
    *same(_show("share"), _A_PART),
    *same(_show("success-rate", "failure-rate"), "success|successful and|or|& failure|failed rate|rates"),
    *same(
        _show("failure-rate"),
        f"how often {_DID} [the|our] {NOUNS} fail|failed|failing",
        "[the] rate|percentage|share of failed|failing|unsuccessful calls|conversations",
        "failed|failing call|calls|conversation|conversations rate|percentage",
    ),
    *same(
        _show("success-rate"),
        f"how often {_DID} [the|our] {NOUNS} succeed|succeeded|successful",
        "[the] rate|percentage|share of successful calls|conversations",
        "successful call|calls|conversation|conversations rate|percentage",
        "how reliable|successful|good is|are|was|were",
    ),
    *same(
        _show("median-duration"),
        f"how long {_DID} [the|a|our] typical {NOUNS} [last|take]",
        f"how long [is|are|was|were] [the|an|our|a] [median|typical] {NOUNS}",
    ),
    ("how busy is|are|was|were [we|it|you]", _show("calls")),
    *same(
        _show("average-duration"),
        f"longest|highest average|avg {NOUNS} [length|duration]",
        f"how long {_DID} [the|a|our] [average] {NOUNS} [last|take] [on] [average]",
        f"how long [is|are|was|were] [the|an|our] average {NOUNS}",
        "how long [on] average",
        "average|avg|mean talk|handle|handling|call|conversation time|length|duration",
    ),
    *same(_show("p90-duration"), "90th percentile of [the] call|talk|handle [length|duration|time]"),
    *same(
        _show("total-duration"),
        f"how many|much minutes|hours|time [did|do|have|has|does|were|was] {_WE} {_TALKED} [talking]",
        "how many minutes|hours",
        "total call duration|length|time|minutes|hours",
    ),
    *same(
        _show("cost"),
        f"how much [money] did|do|have|has|does|is|was {_WE} spend|spent|spending|pay|paid|cost|costs",
        f"how many|much credits [did|do|have|has|does|were|was] {_WE} [use|used|spend|spent]",
        f"what [did|do|does] {_WE} spend|pay|paid",
        "total cost|costs|spend|spending|price",
        "credits [used|spent]",
    ),
    *same(
        _show("average-cost"),
        f"how expensive|costly|cheap {_DID} [the|a|an|our] [average] [{NOUNS}]",
        f"how much {_DID} a|an|one|each|every [single|average|typical] [{NOUNS}] cost|costs [on] [average]",
    ),
    *same(_show("average-cost"), f"[what] [do|did] {_WE} pay|paid|spend|spent per|a call|conversation"),
    *same(
        _show("messages"),
        "[how] [many] [average|avg] [number] [of] messages|turns per call|conversation [on] [average]",
    ),
    *same(
        _show("overview"),
        "how are|is|were|was|did|do we|things|it|everything [all] [doing|going|do|perform|performing]",
        "kpi|kpis [report|overview|summary]",
        "key|main figures|numbers|metrics",
    ),
    ("how is|are|was|were|did|does {capitalised} doing|performing|perform|do|going", _doing),
    ("{adverb} report|reports|summary|overview|digest", _ask_weekly),
)

_AGAINST = "vs|versus|vs.|against"
_TO = "with|to|against|and|by|vs|versus"
_COMPARED = "compared|compare|comparing|comparison|relative"
_UNIT = "week|month|day|quarter|year|period|time"
_BEFORE = f"[{_UNIT}|days|weeks|hours|one] before [that|it|then]"
_MORE = "more|fewer|less|higher|lower|better|worse|longer|shorter|cheaper"
COMPARE: Patterns = (
    *same(
        _previous,
        f"{_AGAINST} [the] [{{count}}] {_BEFORE}",
        f"{_COMPARED} {_TO} [the] [{{count}}] {_BEFORE}",
        f"{{comparing}} {_TO} [the] {_BEFORE}",
        f"than [the] {_BEFORE}",
        f"{_AGAINST} [the] previous|prior|preceding [{{count}}] [{_UNIT}|days|weeks|months|hours]",
        f"{_COMPARED} {_TO} [the] previous|prior|preceding [{{count}}] [{_UNIT}|days|weeks|months|hours]",
        f"{{comparing}} {_TO} [the] previous|prior|preceding [{_UNIT}]",
        f"than [the] previous|prior|preceding [{_UNIT}]",
    ),
    *same(
        _compared,
        f"{_AGAINST} [the] {{period}}",
        f"{_COMPARED} {_TO} [the] {{period}}",
        f"{{comparing}} {_TO} [the] {{period}}",
        "than [in|on] {period}",
        f"[{_COMPARED}] {_TO} [the] same|equivalent period|part|days|dates|stretch [of|in] [the] {{period}}",
        f"{_AGAINST} [the] same|equivalent period|part|days|dates|stretch [of|in] [the] {{period}}",
    ),
    (f"[{_COMPARED}] [of|between] [the] {{first}} {_TO} [the] {{period}}", _two_periods),
    (f"{{before_than}} {_MORE}", Compared(vague=True)),
    *same(Compared(vague=True), _AGAINST, _COMPARED, "{comparing} with|to|against"),
    ("how do|does|did {compared_later}", Compared(vague=True)),
    *same(
        _ask_same_day,
        f"{_AGAINST} [the] same day|time|hour|week|month [of] {{period}}",
        f"{_COMPARED} {_TO} [the] same day|time|hour|week|month [of] {{period}}",
    ),
    *(
        (f"{unit} over|on|to|by|vs {unit}|{unit}", Compared(unit=unit))
        for unit in ("day", "week", "month", "quarter", "year")
    ),
    ("wow", Compared(unit="week")),
    ("mom", Compared(unit="month")),
    ("yoy", Compared(unit="year")),
)


def this_unit(unit: str) -> tuple[Constraint, ...]:
    """Return the time of "week over week" where no other is named: this week."""
    return (Constraint(Role.WITHIN, calendar_unit(unit)),)


_read_shown, _shown_starts = reader(_SHOWN)
SHOW_SLOTS = {
    "shown": PhraseSlot(_read_shown, _shown_starts),
    "adverb": BY_SLOTS["adverb"],
    "capitalised": PhraseSlot(capitalised, bool),
}
COMPARE_SLOTS = {
    "comparing": PhraseSlot(comparing, frozenset(_TO.split("|"))),
    "period": PhraseSlot(read_period, bool),
    "first": PhraseSlot(read_first, bool),
    "compared_later": PhraseSlot(compared_later, bool),
    "before_than": PhraseSlot(before_than, frozenset(_MORE.split("|"))),
}

REPORT_FILTERS: tuple[Filter[Any], ...] = (
    KeysFilter(
        key="show",
        form="Show numbers",
        offered=tuple(key for key in MEASURES if key != "share"),  # of what?
        group="Numbers",
        aliases=("measure", "measures", "metric", "metrics"),
        about="what is measured: rates, lengths, cost, ratings, an overview",
        examples=(
            *("success rate", "average call length", "how much did we spend", "csat", "overview"),
            "show:success-rate,cost",
        ),
        table=SHOWN,
        titles=lambda key: MEASURES[key].title[:1].lower() + MEASURES[key].title[1:],
        what="measures",
        most=len(MEASURES),
        patterns=SHOW,
        slots=SHOW_SLOTS,
    ),
    KeysFilter(
        key="by",
        form="Grouped by",
        offered=tuple(GROUPS),
        most_chosen=MOST_GROUPS,
        group="Numbers",
        aliases=("group", "group-by", "per"),
        about="what the numbers are grouped by, two at most",
        examples=("by agent", "per day", "busiest hour", "each language", "by:agent,day"),
        table=GROUPED,
        titles=lambda key: GROUPS[key].title.lower() if key in GROUPS else key.partition(".")[2],
        what="groups",
        most=MOST_GROUPS,
        patterns=BY,
        slots=BY_SLOTS,
    ),
    CompareWith(
        key="compare",
        group="Numbers",
        aliases=("compared", "compare-with", "versus", "vs"),
        about="another time that the numbers are compared with",
        examples=("this week vs last week", "october compared to september", "last week vs the week before"),
        patterns=COMPARE,
        slots=COMPARE_SLOTS,
    ),
)
"""What of the calls a report shows, by what, and compared with what."""
