"""What of the calls a report shows: its measures (`show`) and its groups (`by`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.query.filters.base import NamesFilter, SaidWords, Slots, all_forms, listed, nearest
from bot.query.phrases import ANYTHING, PhraseSlot, Text, word_slot
from bot.query.tokens import word_set
from bot.query.values import Keys, Misread, NotKnown
from bot.query.vocabulary import NEVER_SAID
from bot.report.groups import GROUPS
from bot.report.measures import MEASURES

MOST_GROUPS = 2
_OF_AGENTS = ("data.", "eval.")
"""What begins the groups of collected data and criteria."""
_NOT_ALONE = word_set(
    "calls share proportion fraction minutes turns ratings rating report messages satisfaction"
)
"""Words of measures that say too little on their own."""


def _spoken(registry: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Return the keys by what people call them, "call length" also as one word with a hyphen."""
    said = {
        word.casefold(): key
        for key, patterns in registry
        for pattern in (key, *patterns)
        for word in all_forms(pattern)
    }
    return said | {word.replace(" ", "-"): key for word, key in said.items()}


_SHOWN = _spoken((key, measure.words) for key, measure in MEASURES.items())
_GROUPED = _spoken((key, group.words) for key, group in GROUPS.items())
_NO_NAME = NEVER_SAID | _SHOWN.keys() | _GROUPED.keys()


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportNames(NamesFilter):
    """Names of one of the report's registries."""

    table: Mapping[str, str]
    """The names by what people call them."""
    titles: Callable[[str], str]
    what: str
    """How a sentence introduces them."""
    most: int
    selects: bool = False

    def title(self, value: str) -> str:
        return super().title(self.titles(value))

    def known(self, name: str) -> str:
        said = " ".join(name.casefold().replace("_", "-").split())
        if (known := self.table.get(said)) is not None:
            return known
        if self.key == "by" and name.startswith(_OF_AGENTS) and not name.endswith("."):
            return name
        keys = tuple(dict.fromkeys(self.table.values()))
        close = nearest(said, keys, cutoff=55)
        raise NotKnown(
            tuple(f"{self.key}:{each}" for each in close),
            () if close else tuple(f"{self.key}:{each}" for each in keys),
        )

    def of_slots(self, slots: Slots) -> Keys:
        """Return the groups that a phrase names, in order; a limit and a measure are said apart."""
        names = [str(name) for slot, name in slots.items() if slot not in {"count", "ranked"}]
        if len(names) > MOST_GROUPS:
            raise Misread("A report has at most two groups: leave the third out.")
        return Keys(tuple(dict.fromkeys(names)))

    def merge(self, old: Keys, new: Keys, joiner: str) -> Keys:
        value = super().merge(old, new, joiner)
        if len(value.keys) > self.most:
            said = listed([self.titles(each) for each in value.keys], "and")
            raise Misread(f"A report has at most two {self.what}, not {said}: leave some out.")
        return value

    def negate(self, value: Keys) -> Keys:
        raise Misread(f"A report cannot leave out {self.readable(value)}: name what you want ({self.key}:…).")

    def words(self, value: Keys) -> SaidWords:
        said = listed([self.titles(each) for each in value.keys], "and")
        return SaidWords(end=f"by {said}" if self.key == "by" else said)


# --- show ---


def _read_name(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name of one to four words, the fewest first: with a capital letter, or of no common words."""
    capital = at < len(text) and text.tokens[at].text[:1].isupper()
    for end in range(at + 1, at + 5):
        if not (word := text.word(end - 1)) or not (capital or (word.isalpha() and word not in _NO_NAME)):
            return
        yield text.typed(at, end), end


_ADVERB = word_slot({words: _GROUPED[words] for words in ("daily", "weekly", "monthly", "hourly")})
SHOW = ReportNames(
    key="show",
    form="Show numbers",
    offered=tuple(key for key in MEASURES if key != "share"),  # of what?
    aliases=("measure", "measures", "metric", "metrics"),
    about="what is measured: rates, lengths, cost, ratings, an overview",
    examples=(
        *("success rate", "average call length", "how much did we spend", "csat", "overview"),
        "show:success-rate,cost",
    ),
    table=_SHOWN,
    vocabulary=("overview", "summary", "digest", "csat", "kpis", "percentile"),
    titles=lambda key: MEASURES[key].title[:1].lower() + MEASURES[key].title[1:],
    what="measures",
    most=len(MEASURES),
    phrases={
        "{}": "[how] [high|low|good|bad|big|large] [is|was] [the|our] {shown}",
        "failure-rate": """
            SHARE WERE failed|fail|fails|failing|failure|failures|unsuccessful [CALLS]
            how often [DID] [the|our] CALLS fail|failed|failing
            [the] rate|percentage|share of failed|failing|unsuccessful calls|conversations
            failed|failing CALLS rate|percentage
        """,
        "success-rate": """
            SHARE WERE succeeded|succeed|successful|success|successes [CALLS]
            how often [DID] [the|our] CALLS succeed|succeeded|successful
            successful CALLS rate|percentage
            how reliable|successful|good IS
        """,
        "share": "SHARE",
        "unknown-rate": "SHARE WERE unknown|undecided [CALLS]",
        "success-rate,failure-rate": "success|successful and|or|& failure|failed rate|rates",
        "median-duration": """
            how long [DID] [the|a|our] typical CALLS [last|take]
            how long [IS] [the|an|our|a] [median|typical] CALLS
        """,
        "calls": "how busy IS [we|it|you]",
        "average-duration": """
            longest|highest average|avg CALLS [length|duration]
            how long [DID] [the|a|an|our] [average] CALLS [last|take] [on] [average]
            how long [on] average
        """,
        "total-duration": """
            how many|much minutes|hours|time [did|do|have|has|does|were|was] [WE] TALKED [talking]
            how many minutes|hours
            [the] sum|total of [all|the|our] [call] duration|durations|length|lengths|minutes
        """,
        "cost": """
            how much [money] did|do|have|has|does|is|was [WE] spend|spent|spending|pay|paid|cost|costs
            how many|much credits [did|do|have|has|does|were|was] [WE] [use|used|spend|spent]
            what [did|do|does] [WE] spend|pay|paid
        """,
        "average-cost": """
            how expensive|costly|cheap [DID] [the|a|an|our] [average] [CALLS]
            how much [DID] a|an|one|each|every [single|average|typical] [CALLS] cost|costs [on] [average]
            [what] [do|did] [WE] pay|paid|spend|spent per|a call|conversation
            what DID [the|our|a] CALLS cost [on] average
            [average|avg] cost|costs|price per {counted}
        """,
        "messages": """
            [how] [many] [average|avg] [number] [of] messages|turns per call|conversation [on] [average]
        """,
        "overview": """
            how are|is|were|was|did|do we|things|it|everything [all] [doing|going|do|go|perform|performing]
            how are|were|did|do|have [the|our|all] CALLS|agents doing|going|do|go|perform|performing|performed
            how was|were
            are we doing better|worse|well
            [a|the] report for|of|on
        """,
        "overview agent:{agent_said}": "how DID {agent_said} doing|performing|perform|do|going",
    },
    slots={
        "shown": word_slot(
            {
                words: key
                for words, key in _SHOWN.items()
                if words not in _NOT_ALONE and not words.startswith("number of")
            }
        ),
        "adverb": _ADVERB,
        "agent_said": PhraseSlot(_read_name, bool),
    },
)

# --- by ---


def _read_group(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a group, also "eval.politeness" as it is spelled."""
    yield from _GROUPING.read(text, at)
    if text.word(at).startswith(_OF_AGENTS):
        yield text.tokens[at].text, at + 1


_BEFORE_FURTHER = frozenset({"and", "&", "by", "per", "then"})


def _read_further(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a further group after a comma, "and", "by" or "per"."""
    start = at
    while start < min(at + 3, len(text)) and (
        text.word(start) in _BEFORE_FURTHER or text.tokens[start].text == ","
    ):
        start += 1
    if start > at:
        yield from _read_group(text, start)


def _read_later(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read the group that is named further on: of "breakdown of calls by result"."""
    for place in range(at, len(text)):
        if text.word(place) in {"by", "per"}:
            for key, _end in _read_group(text, place + 1):
                yield key, at
                return


def _group_said(key: str) -> str:
    """Return a group as a sentence says it; its title heads a column: "Ended because", "Week of"."""
    title = GROUPS[key].title.lower() if key in GROUPS else key.partition(".")[2]
    return {"ended because": "how they ended", "week of": "week"}.get(title, title)


_GROUPING = word_slot(_GROUPED)
_group_starts = re.compile(rf"data\..*|eval\..*|{'|'.join(word.split()[0] for word in _GROUPED)}").fullmatch
_END_FIRST = """
    {word} [{{count}}] {{plural}} [by|on|in|per] {{ranked}}
    {word} [{{count}}] {{thing}} by|on|in|per {{ranked}}
    which|what {{grouping}} HAS [the] {word} [{{ranked}}]
    {{grouping}} with [the] {word} [{{ranked}}]
"""
BY = ReportNames(
    key="by",
    form="Grouped by",
    offered=tuple(GROUPS),
    most_chosen=MOST_GROUPS,
    aliases=("group", "group-by", "per"),
    about="what the numbers are grouped by, two at most",
    examples=("by agent", "per day", "busiest hour", "each language", "by:agent,day"),
    table=_GROUPED,
    titles=_group_said,
    what="groups",
    most=MOST_GROUPS,
    phrases={
        (
            "!No reason for failure is better than another: “top 5 reasons for failure last week” shows which"
            " are the most frequent."
        ): """
            [the|our] best|worst [{count}] REASONS OF_FAILURE [by|per] [success|failure] [rate]
            [the|our] best|worst [{count}] failure REASONS [by|per] [success|failure] [rate]
            REASONS OF_FAILURE with [the|our] best|worst|highest|lowest|most|fewest success|failure [rate]
        """,
        "by:ended result:failure limit:{count}": """
            [the|our] [top|main|most|biggest] [COMMON] [{count}] [COMMON] REASONS OF_FAILURE [calls]
            [the|our] [top|main|most|biggest] [COMMON] [{count}] failure REASONS
            [the] [top|main|most|biggest] [COMMON] [{count}] REASONS [that|why|for] CALLS fail|failed
        """,
        "by:{} show:success-rate limit:{count}": """
            best [performing] [{count}] {agents}
            top performing [{count}] {agents}
            best {time_unit}
            which|what {grouping} [IS|performs|perform|performed|does|did] [the|doing|does] best|better
        """,
        "by:{} show:success-rate sort:lowest limit:{count}": """
            worst [performing] [{count}] {agents}
            worst {time_unit}
            which|what {grouping} [IS|performs|perform|performed|does|did] [the|doing|does] worst
        """,
        "by:{} show:rating limit:{count}": """
            best|highest|top rated [{count}] {grouping}
            rating|ratings by|per {grouping}
        """,
        "by:{} show:rating sort:lowest limit:{count}": "worst|lowest rated [{count}] {grouping}",
        "by:{} show:average-duration": """
            [which|what] {grouping} HAS [the] longest average [CALLS] [length|duration]
        """,
        "by:{} show:average-duration sort:lowest": """
            [which|what] {grouping} HAS [the] shortest average [CALLS] [length|duration]
        """,
        "by:{} result:failure limit:{count}": """
            [which|what] {grouping} [that|which] fail|fails|failed|failing [the] most [often]
            worst [{count}] {grouping} by|for|in failures|failed [calls]
        """,
        "by:{} sort:lowest limit:{count} show:{ranked}": """
            which|what {grouping} HAS [the] LEAST
            LEAST {grouping}
            slowest {time_unit}
            which|what {time_unit} IS [the] slowest
            {grouping} with [the] LEAST [{ranked}]
            least busy|used|common|frequent|active {grouping}
            bottom {count} {grouping}
            bottom|lowest [{count}] {plural} [by|on|in|per] {ranked}
        """,
        "by:{} sort:worst-first limit:{count} show:{ranked}": _END_FIRST.format(word="worst"),
        "by:{} sort:best-first limit:{count} show:{ranked}": _END_FIRST.format(word="best"),
        "by:{} show:cost sort:lowest": """
            [the] cheapest|least-expensive {grouping}
            [the] least expensive|costly {grouping}
            [which|what] {grouping} cost|costs [us] [the] least
        """,
        "by:{} show:cost": """
            [which|what] {grouping} cost|costs [us] [the] most
            [the] most expensive|costly {grouping}
        """,
        "by:{} show:messages": "messages|turns by|per {grouping}",
        "by:{} show:total-duration": "minutes|hours by|per {grouping}",
        "by:day show:success-rate": "[are] [is|things] we|it getting better|worse",
        "by:{} limit:{count} show:{ranked}": """
            which|what {plural} [do|did] [the|our] callers|customers|people|they|users speak|spoke|use
            by|per [the] {grouping} [{second}] [{third}]
            by|per [the] {grouping} highest|largest|biggest|most first|to [lowest|smallest|least|fewest]
            by|per [the] {grouping} descending|desc
            [for|of|in|on] each {grouping}
            {adverb}
            every {time_unit}
            grouped|group|split|broken|break [down|up] [it|them|calls] by|per [the] {grouping} [{second}]
            breakdown|distribution|split|mix [of|by] {grouping}
            breakdown|distribution|split|break [down] [of] {later}
            {grouping} breakdown|distribution|split|mix|ranking|rankings|leaderboard|comparison
            which|what {grouping} HAS [the] [MOST]
            MOST|peak|top|common {grouping}
            MOST|peak|top {thing} by|per {ranked}
            most [common|used|frequent|popular|active] {grouping}
            {plural} [that] [are|were|was] [used|called|triggered] [the] most [often|frequently] [used|called]
            which|what {grouping} [IS|gets|get|got] [used|called] [the] most [used] [often]
            compare|comparing [the|our|all] {plural}
            rank|ranking|ranked|sort|order [of] [the|our|all] {plural} [by|on]
            {plural} ranked|ranking|sorted|ordered [by|on]
            rank|sort|order|compare|top [the|our|all] [{count}] {plural} [by|on|in|per] {ranked}
            {plural} [ranked|sorted|ordered] by|on|per {ranked}
            {plural} by|per {grouping}
            {plural} spoken|used
            which|what {grouping} HAS [the] MOST {ranked}
            {grouping} with [the] MOST [{ranked}]
            top [our] {count} {grouping}
        """,
        "hour": """
            hour by hour
            when are|were we [the] [most] busiest|busy
            when do|did|are [the] most [of] [the|our] calls|conversations [come|start|made|happen] [in]
            what time of [the] day do|did|are [the] most [of] [the|our] CALLS [come|start|made|happen] [in]
        """,
        "by:ended result:failure": "how do|did|have [the|our] failed|failing CALLS end|ended",
        "by:hour result:failure": (
            "when do|did|are [the|our|most] [CALLS] fail|failed|failing|failures [the] [most]"
        ),
        "result": "[a|the] [CHARTS] chart|graph|plot of [the|our] results|outcomes",
        # a chart: its group is named elsewhere, or settled when all is read
        Keys(()): """
            [a|the] [CHARTS] chart|charts|graph|graphs|plot|plots|diagram|heatmap [of|for|with] [the]
        """,
        "week": "week by week",
        "month": "month by month",
        "day": """
            day by day
            over time
            [going|getting|go|gone|went|trending] up|down|better|worse [over] [time]
            [the] trend|trends|trending [of|in|for]
            [has|have|did|do|does] develop|developed|change|changed over time
            improve|improved|improving|increase|increased|increasing|decrease|decreased|decreasing
            rise|risen|rising|worsen|worsened|grow|grown|growing
        """,
        "ended": "how do|did|have [the|our|most] calls|conversations end|ended",
    },
    slots={
        "grouping": PhraseSlot(_read_group, _group_starts),
        "second": PhraseSlot(_read_further, _BEFORE_FURTHER | {""}),
        "third": PhraseSlot(_read_further, _BEFORE_FURTHER | {""}),
        "later": PhraseSlot(_read_later, ANYTHING),
        "adverb": _ADVERB,
        "ranked": word_slot(_SHOWN | {"calls": "calls"}),
        "time_unit": word_slot({word: word for word in ("day", "week", "month", "hour", "weekday")}),
        "plural": word_slot(
            {
                words: key
                for words, key in _GROUPED.items()
                if words.endswith("s") and key not in {"status", "result"}
            }
        ),
        "agents": word_slot({words: "agent" for words, key in _GROUPED.items() if key == "agent"}),
        "thing": word_slot({words: key for words, key in _GROUPED.items() if key != "ended"}),
    },
)
