"""The phrases that say what a report is grouped by, and which end of the groups comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.query.filters.base import PhraseSlot
from bot.query.filters.choices import one
from bot.query.filters.order_and_limit import BEST_FIRST, LOWEST_FIRST, WORST_FIRST, limit_of
from bot.query.filters.report_shape import (
    GROUPED,
    SHOWN,
    group_at,
    group_later,
    group_starts,
    read_further,
    reader,
)
from bot.query.values import Also, Keys, Misread, Value

Patterns = tuple[tuple[str, Any], ...]
Slots = Mapping[str, object]
NOUNS = "call|calls|conversation|conversations"

_TIMES = {words: GROUPED[words] for words in ("daily", "weekly", "monthly", "hourly")}
_PEOPLE = {
    words: key for words, key in GROUPED.items() if words.endswith("s") and key not in {"status", "result"}
}


def same(meaning: object, *patterns: str) -> Patterns:
    return tuple((pattern, meaning) for pattern in patterns)


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


_MOST = "most|highest|greatest|largest|biggest|busiest"
_LEAST = "fewest|lowest|least|smallest|quietest|slowest"
_HAS = "[has|have|had|got|gets|get|is|was|were|are|with|saw|costs|cost]"
_FAILS = one("failure")
_OF_FAILURE = "for|of|behind [the|our|all] failure|failures|failing|failed [calls]"
_CHARTS = "bar|line|pie|column|area"
_TREND = "[going|getting|gone|went|trending] up|down|better|worse"
_COMMON, _REASON = "[common|frequent|usual]", "reason|reasons|cause|causes"
BY: Patterns = (
    *same(
        _with(lambda _slots: Keys(("ended",)), result=_FAILS),
        f"[the|our] [top|main|most|biggest] {_COMMON} [{{count}}] {_COMMON} {_REASON} {_OF_FAILURE}",
        f"[the|our] [top|main|most|biggest] {_COMMON} [{{count}}] failure {_REASON}",
    ),
    *same(
        _with(_grouped, show=Keys(("success-rate",))),
        "best [performing] [{count}] {agents}",
        "top performing [{count}] {agents}",
        "which|what {grouping} [is|are|was|were|performs|perform|performed|does|did] [the|doing|does] best",
    ),
    *same(
        _with(_grouped, show=Keys(("success-rate",)), sort=LOWEST_FIRST),
        "worst [performing] [{count}] {agents}",
        "which|what {grouping} [is|are|was|were|performs|perform|performed|does|did] [the|doing|does] worst",
    ),
    *same(_with(_grouped, show=Keys(("rating",))), "best|highest|top rated [{count}] {grouping}"),
    ("worst|lowest rated [{count}] {grouping}", _with(_grouped, show=Keys(("rating",)), sort=LOWEST_FIRST)),
    *same(
        _with(_grouped, show=Keys(("average-duration",))),
        f"which|what {{grouping}} {_HAS} [the] longest average [{NOUNS}] [length|duration]",
        f"{{grouping}} with [the] longest average [{NOUNS}] [length|duration]",
    ),
    *same(
        _with(_grouped, show=Keys(("average-duration",)), sort=LOWEST_FIRST),
        f"which|what {{grouping}} {_HAS} [the] shortest average [{NOUNS}] [length|duration]",
        f"{{grouping}} with [the] shortest average [{NOUNS}] [length|duration]",
    ),
    *same(
        _with(_grouped, result=_FAILS),
        "[which|what] {grouping} [that|which] fail|fails|failed|failing [the] most [often]",
    ),
    *same(
        _with(_grouped, sort=LOWEST_FIRST),
        f"which|what {{grouping}} {_HAS} [the] {_LEAST}",
        f"{_LEAST} {{grouping}}",
        f"which|what {{grouping}} {_HAS} [the] {_LEAST} {{ranked}}",
        f"{{grouping}} with [the] {_LEAST} [{{ranked}}]",
        "least busy|used|common|frequent|active {grouping}",
        "bottom {count} {grouping}",
        "bottom|lowest [{count}] {plural} [by|on|in|per] {ranked}",
    ),
    *(
        (pattern, _with(_grouped, sort=order))
        for word, order in (("worst", WORST_FIRST), ("best", BEST_FIRST))
        for pattern in (
            f"{word} [{{count}}] {{plural}} [by|on|in|per] {{ranked}}",
            f"which|what {{grouping}} {_HAS} [the] {word} [{{ranked}}]",
            f"{{grouping}} with [the] {word} [{{ranked}}]",
        )
    ),
    *same(
        _with(_grouped, show=Keys(("cost",)), sort=LOWEST_FIRST),
        "[the] cheapest|least-expensive {grouping}",
        "[the] least expensive|costly {grouping}",
        "[which|what] {grouping} cost|costs [us] [the] least",
    ),
    *same(
        _with(_grouped, show=Keys(("cost",))),
        "[which|what] {grouping} cost|costs [us] [the] most",
        "[the] most expensive|costly {grouping}",
    ),
    ("rating|ratings by|per {grouping}", _with(_grouped, show=Keys(("rating",)))),
    ("messages|turns by|per {grouping}", _with(_grouped, show=Keys(("messages",)))),
    ("minutes|hours by|per {grouping}", _with(_grouped, show=Keys(("total-duration",)))),
    (
        "[are] [is|things] we|it getting better|worse",
        _with(lambda _slots: Keys(("day",)), show=Keys(("success-rate",))),
    ),
    (
        "which|what {plural} [do|did] [the|our] callers|customers|people|they|users speak|spoke|use",
        _grouped,
    ),
    *same(
        _grouped,
        "by|per [the] {grouping} [{second}] [{third}]",
        "by|per [the] {grouping} highest|largest|biggest|most first|to [lowest|smallest|least|fewest]",
        "by|per [the] {grouping} descending|desc",
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
        f"{{grouping}} with [the] {_MOST}",
        "which|what {grouping} [is|are|was|were|gets|get|got] [used|called] [the] most [used] [often]",
        "compare|comparing [the|our|all] {plural}",
        "rank|ranking|ranked|sort|order [of] [the|our|all] {plural} [by|on]",
        "{plural} ranked|ranking|sorted|ordered [by|on]",
        "{plural} by|per {grouping}",
    ),
    *same(
        _with(_grouped),
        "rank|sort|order|compare|top [the|our|all] [{count}] {plural} [by|on|in|per] {ranked}",
        "{plural} [ranked|sorted|ordered] by|on|per {ranked}",
        f"which|what {{grouping}} {_HAS} [the] {_MOST} {{ranked}}",
        f"{{grouping}} with [the] {_MOST} {{ranked}}",
        "top [our] {count} {grouping}",
    ),
    *same(
        lambda _slots: Keys(("hour",)),
        "when are|were we [the] [most] busiest|busy",
        "when do|did|are [the] most [of] [the|our] calls|conversations [come|start|made|happen] [in]",
        f"what time of [the] day do|did|are [the] most [of] [the|our] {NOUNS} [come|start|made|happen] [in]",
    ),
    *same(
        _with(lambda _slots: Keys(("hour",)), result=_FAILS),
        f"when do|did|are [the|our|most] [{NOUNS}] fail|failed|failing|failures [the] [most]",
    ),
    (f"[a|the] [{_CHARTS}] chart|graph|plot of [the|our] results|outcomes", lambda _slots: Keys(("result",))),
    *same(
        lambda _slots: Keys(()),  # a chart: its group is named elsewhere, or settled when all is read
        f"[a|the] [{_CHARTS}] chart|charts|graph|graphs|plot|plots|diagram|heatmap [of|for|with] [the]",
    ),
    *same(
        lambda _slots: Keys(("day",)),
        "over time",
        f"{_TREND} [over] [time]",
        "[the] trend|trends|trending [of|in|for]",
        "[has|have|did|do|does] develop|developed|change|changed over time",
    ),
    *same(
        lambda _slots: Keys(("day",)),
        "improve|improved|improving|increase|increased|increasing|decrease|decreased|decreasing",
        "rise|risen|rising|worsen|worsened|grow|grown|growing",
    ),
    ("how do|did|have [the|our|most] calls|conversations [end|ended]", lambda _slots: Keys(("ended",))),
)


_read_ranked, _ranked_starts = reader({**SHOWN, "calls": "calls"})
_read_adverb, _adverb_starts = reader(_TIMES)
_read_unit, _unit_starts = reader(
    {word: GROUPED[word] for word in ("day", "week", "month", "hour", "weekday")}
)
_read_plural, _plural_starts = reader(_PEOPLE)
_read_agents, _agents_starts = reader({words: key for words, key in GROUPED.items() if key == "agent"})
BY_SLOTS = {
    "adverb": PhraseSlot(_read_adverb, _adverb_starts),
    "grouping": PhraseSlot(group_at, group_starts),
    "second": PhraseSlot(read_further, bool),
    "third": PhraseSlot(read_further, bool),
    "ranked": PhraseSlot(_read_ranked, _ranked_starts),
    "time_unit": PhraseSlot(_read_unit, _unit_starts),
    "plural": PhraseSlot(_read_plural, _plural_starts),
    "later": PhraseSlot(group_later, bool),
    "agents": PhraseSlot(_read_agents, _agents_starts),
}
