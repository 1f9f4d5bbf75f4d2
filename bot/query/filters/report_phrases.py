"""The phrases that say what a report shows, what it is grouped by, and what it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.query.filters.base import Filter, PhraseSlot
from bot.query.filters.choices import one
from bot.query.filters.order_and_limit import LOWEST_FIRST, limit_of
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
    group_at,
    group_later,
    group_starts,
    read_first,
    read_further,
    read_period,
    reader,
)
from bot.query.time.clock_words import calendar_unit
from bot.query.time.when import Constraint, Role
from bot.query.values import AgentRef, Agents, Also, Compared, Keys, Misread, Value
from bot.report.groups import GROUPS
from bot.report.measures import MEASURES

Patterns = tuple[tuple[str, Any], ...]
Slots = Mapping[str, object]

_SHOWN = {
    words: key for words, key in SHOWN.items() if words not in NOT_ALONE and not words.startswith("number of")
}
_TIMES = {words: GROUPED[words] for words in ("daily", "weekly", "monthly", "hourly")}
_PEOPLE = {
    words: key for words, key in GROUPED.items() if words.endswith("s") and key not in {"status", "result"}
}
_REPORTS = frozenset(["report", "reports", "summary", "summaries", "overview", "overviews", "digest"])


def _same(meaning: object, *patterns: str) -> Patterns:
    return tuple((pattern, meaning) for pattern in patterns)


def _show(*keys: str) -> Keys:
    return Keys(keys)


def _shown(slots: Slots) -> Keys:
    return Keys((str(slots["shown"]),))


def _grouped(slots: Slots) -> Keys:
    found = [str(slots[name]) for name in _GROUP_SLOTS if name in slots]
    if len(found) > 2:  # noqa: PLR2004 - as the filter says
        raise Misread("A report has at most two groups: leave the third out.")
    return Keys(tuple(dict.fromkeys(found)))


_GROUP_SLOTS = ("grouping", "plural", "adverb", "time_unit", "agents", "later", "second", "third")


def _with(make: Callable[[Slots], Keys], **more: Value) -> Callable[[Slots], object]:
    """Return what else a phrase says: a limit from its count, what is measured, which end comes first."""

    def meaning(slots: Slots) -> object:
        said: list[tuple[str, Value]] = [("by", make(slots)), *more.items()]
        if "count" in slots:
            said.append(("limit", limit_of(slots["count"])))
        if "ranked" in slots:
            said.append(("show", Keys((str(slots["ranked"]),))))
        return Also(tuple(said)) if len(said) > 1 else said[0][1]

    return meaning


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


_NOUNS = "call|calls|conversation|conversations"
_PART = "share|percentage|percent|pct|%|proportion|fraction|ratio|portion"
_A_PART = f"[what|which|how] [is|was|are] [the|our|a|many] {_PART} [of] [the|all|our] [{_NOUNS}]"
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
    *((f"{_A_PART} {_WERE} {words} [{_NOUNS}]", _show(rate)) for rate, words in _OUTCOMES.items()),
    *_same(_show("share"), _A_PART),
    *_same(_show("success-rate", "failure-rate"), "success|successful and|or|& failure|failed rate|rates"),
    *_same(
        _show("average-duration"),
        f"how long {_DID} [the|a|our] [average|typical] {_NOUNS} [last|take] [on] [average]",
        f"how long [is|are|was|were] [the|an|our] average {_NOUNS}",
        "how long [on] average",
        "average|avg|mean talk|handle|handling|call|conversation time|length|duration",
    ),
    *_same(_show("p90-duration"), "90th percentile of [the] call|talk|handle [length|duration|time]"),
    *_same(
        _show("total-duration"),
        f"how many|much minutes|hours|time [did|do|have|has|does|were|was] {_WE} {_TALKED} [talking]",
        "how many minutes|hours",
        "total call duration|length|time|minutes|hours",
    ),
    *_same(
        _show("cost"),
        f"how much [money] did|do|have|has|does|is|was {_WE} spend|spent|spending|pay|paid|cost|costs",
        f"how many|much credits [did|do|have|has|does|were|was] {_WE} [use|used|spend|spent]",
        f"what [did|do|does] {_WE} spend|pay|paid",
        "total cost|costs|spend|spending|price",
        "credits [used|spent]",
    ),
    *_same(
        _show("average-cost"),
        "how much does|do|did [a|one|each|the|our] call|calls cost on average",
        "how expensive is|are|was|were [a|the|our] call|calls",
    ),
    *_same(_show("average-cost"), f"[what] [do|did] {_WE} pay|paid|spend|spent per|a call|conversation"),
    *_same(
        _show("messages"), "[how] [many] [average|avg] messages|turns per call|conversation [on] [average]"
    ),
    *_same(
        _show("overview"),
        "how are|is|were|was|did|do we|things|it|everything [all] [doing|going|do|perform|performing]",
        "kpi|kpis [report|overview|summary]",
        "key|main figures|numbers|metrics",
    ),
    ("how is|are|was|were|did|does {capitalised} doing|performing|perform|do|going", _doing),
    ("{adverb} report|reports|summary|overview|digest", _ask_weekly),
)

_MOST = "most|highest|greatest|largest|biggest|busiest"
_LEAST = "fewest|lowest|least|worst|smallest|quietest|slowest"
_HAS = "[has|have|had|got|gets|get|is|was|were|are|with|saw|costs|cost]"
_FAILS = one("failure")
_OF_FAILURE = "for|of|behind [the|our|all] failure|failures|failing|failed [calls]"
_TREND = "[going|getting|gone|went|trending] up|down|better|worse"
_COMMON, _REASON = "[common|frequent|usual]", "reason|reasons|cause|causes"
BY: Patterns = (
    *_same(
        _with(_grouped, show=Keys(("success-rate",))),
        "which|what {grouping} [is|are|was|were|performs|performed|does|did] [the|doing|does] best",
    ),
    *_same(
        _with(_grouped, show=Keys(("success-rate",)), sort=LOWEST_FIRST),
        "which|what {grouping} [is|are|was|were|performs|performed|does|did] [the|doing|does] worst",
    ),
    *_same(
        _with(lambda _slots: Keys(("ended",)), result=_FAILS),
        f"[the|our] [top|main|most|biggest] {_COMMON} [{{count}}] {_COMMON} {_REASON} {_OF_FAILURE}",
        f"[the|our] [top|main|most|biggest] {_COMMON} [{{count}}] failure {_REASON}",
    ),
    *_same(_with(_grouped, show=Keys(("success-rate",))), "best [{count}] {agents}"),
    ("worst [{count}] {agents}", _with(_grouped, show=Keys(("success-rate",)), sort=LOWEST_FIRST)),
    *_same(
        _with(_grouped, sort=LOWEST_FIRST),
        f"which|what {{grouping}} {_HAS} [the] {_LEAST}",
        f"{_LEAST} {{grouping}}",
        "least busy|used|common|frequent|active {grouping}",
        "bottom {count} {grouping}",
        "worst|bottom|lowest [{count}] {plural} [by|on|in|per] {ranked}",
    ),
    *_same(
        _with(_grouped, show=Keys(("cost",))),
        "[which|what] {grouping} cost|costs [us] [the] most",
        "[the] most expensive|costly {grouping}",
    ),
    (
        f"which|what {{grouping}} {_HAS} [the] best|highest rating|ratings",
        _with(_grouped, show=Keys(("rating",))),
    ),
    (
        f"which|what {{grouping}} {_HAS} [the] worst|lowest rating|ratings",
        _with(_grouped, show=Keys(("rating",)), sort=LOWEST_FIRST),
    ),
    ("rating|ratings by|per {grouping}", _with(_grouped, show=Keys(("rating",)))),
    ("messages|turns by|per {grouping}", _with(_grouped, show=Keys(("messages",)))),
    ("[a|the] chart|graph|plot|diagram [of] {later}", _grouped),
    ("[a|the] chart|graph|plot|diagram [of]", Keys(("day",))),
    ("minutes|hours by|per {grouping}", _with(_grouped, show=Keys(("total-duration",)))),
    (
        "[are] [is|things] we|it getting better|worse",
        _with(lambda _slots: Keys(("day",)), show=Keys(("success-rate",))),
    ),
    (
        "which|what {plural} [do|did] [the|our] callers|customers|people|they|users speak|spoke|use",
        _grouped,
    ),
    *_same(
        _grouped,
        "by|per [the] {grouping} [{second}] [{third}]",
        "[for|of|in|on] each {grouping}",
        "{adverb}",
        "every {time_unit}",
        "grouped|group|split|broken|break [down|up] [it|them|calls] by|per [the] {grouping} [{second}]",
        "breakdown|distribution|split|mix [of|by] {grouping}",
        "breakdown|distribution|split|break [down] [of] {later}",
        "{grouping} breakdown|distribution|split|mix",
        f"which|what {{grouping}} {_HAS} [the] [{_MOST}]",
        f"{_MOST}|peak|top|common {{grouping}}",
        "most [common|used|frequent|popular|active] {grouping}",
        "compare|comparing [the|our|all] {plural}",
        "rank|ranking|ranked [of] [the|our|all] {plural}",
        "{plural} by|per {grouping}",
    ),
    *_same(_with(_grouped), "rank|compare|top|best [the|our|all] [{count}] {plural} [by|on|in|per] {ranked}"),
    *_same(_with(_grouped), "{plural} by|on|per {ranked}", "top [our] {count} {grouping}"),
    *_same(
        lambda _slots: Keys(("hour",)),
        "when are|were we [the] [most] busiest|busy",
        "when do|did|are [the] most [of] [the|our] calls|conversations [come|start|made|happen] [in]",
    ),
    *_same(
        lambda _slots: Keys(("day",)),
        "over time",
        f"{_TREND} [over] [time]",
        "[the] trend|trends|trending [of|in|for]",
        "[has|have|did|do|does] develop|developed|change|changed over time",
    ),
    *_same(
        lambda _slots: Keys(("day",)),
        "improve|improved|improving|increase|increased|increasing|decrease|decreased|decreasing",
        "rise|risen|rising|worsen|worsened|grow|grown|growing",
    ),
    ("how do|did|have [the|our|most] calls|conversations [end|ended]", lambda _slots: Keys(("ended",))),
)

_AGAINST = "vs|versus|vs.|against"
_TO = "with|to|against|and|by|vs|versus"
_COMPARED = "compared|compare|comparing|comparison|relative"
_UNIT = "week|month|day|quarter|year|period|time"
_BEFORE = f"[{_UNIT}|days|weeks|hours|one] before [that|it|then]"
_MORE = "more|fewer|less|higher|lower|better|worse|longer|shorter|cheaper"
COMPARE: Patterns = (
    *_same(
        Compared(),
        f"{_AGAINST} [the] [{{count}}] {_BEFORE}",
        f"{_COMPARED} {_TO} [the] [{{count}}] {_BEFORE}",
        f"{{comparing}} {_TO} [the] {_BEFORE}",
        f"than [the] {_BEFORE}",
        f"{_AGAINST} [the] previous|prior|preceding [{_UNIT}]",
        f"{_COMPARED} {_TO} [the] previous|prior|preceding [{_UNIT}]",
        f"{{comparing}} {_TO} [the] previous|prior|preceding [{_UNIT}]",
        f"than [the] previous|prior|preceding [{_UNIT}]",
        f"{_AGAINST} [the] previous|prior|preceding {{count}} days|weeks|months|hours",
        f"{_COMPARED} {_TO} [the] previous|prior|preceding {{count}} days|weeks|months|hours",
    ),
    *_same(
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
    *_same(Compared(vague=True), _AGAINST, _COMPARED, "{comparing} with|to|against"),
    ("how do|does|did {compared_later}", Compared(vague=True)),
    *_same(
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
_read_ranked, _ranked_starts = reader({**SHOWN, "calls": "calls"})
_read_adverb, _adverb_starts = reader(_TIMES)
_read_unit, _unit_starts = reader(
    {word: GROUPED[word] for word in ("day", "week", "month", "hour", "weekday")}
)
_read_plural, _plural_starts = reader(_PEOPLE)
_read_agents, _agents_starts = reader({words: key for words, key in GROUPED.items() if key == "agent"})
SHOW_SLOTS = {
    "shown": PhraseSlot(_read_shown, _shown_starts),
    "adverb": PhraseSlot(_read_adverb, _adverb_starts),
    "capitalised": PhraseSlot(capitalised, bool),
}
BY_SLOTS = {
    "grouping": PhraseSlot(group_at, group_starts),
    "second": PhraseSlot(read_further, bool),
    "third": PhraseSlot(read_further, bool),
    "ranked": PhraseSlot(_read_ranked, _ranked_starts),
    "time_unit": PhraseSlot(_read_unit, _unit_starts),
    "plural": PhraseSlot(_read_plural, _plural_starts),
    "later": PhraseSlot(group_later, bool),
    "agents": PhraseSlot(_read_agents, _agents_starts),
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
