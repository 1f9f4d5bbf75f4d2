"""A report: calls counted in groups as they come, then a table of them, beside the period before it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, product, zip_longest
from operator import attrgetter

from bot.model import Conversation
from bot.report.groups import GROUPS, Group, LocalTime, sums_by
from bot.report.measures import CSV_COLUMNS, Measure, csv_cell
from bot.tally import CallSums, FirstBy, FirstRows, Summary, SumsBy, Tally, merge_all

_start = attrgetter("start_time_unix_secs")
Keys = tuple[str, ...]
"""The key of a row of the table in each of the report's groups."""
MOST_GROUPS = 10_000
"""Values that occur beyond so many different ones are counted together: memory stays flat."""
_ENOUGH = 10
"""Calls from which a rate or an average says something, whatever other groups have."""
REST = "(other)"
"""The key of those."""


class GroupedCalls:
    """Calls counted in their groups. Holds no row; neither order nor split of the rows matters."""

    def __init__(self, by: Sequence[Group], local: LocalTime) -> None:
        self.by = tuple(by)
        self.local = local
        self.found: dict[Keys, Tally] = {} if by else {(): Tally()}
        self.oldest: int | None = None
        """When the first of the calls began, Unix seconds."""
        self.newest: int | None = None
        self.names: dict[str, tuple[int, str]] = {}
        """What agents are called by the newest call that says it, with its time."""
        self._readers = [group.key_of(local) for group in by]
        self._by_agent = any(group.key == "agent" for group in by)
        self._several = any(group.several for group in by)
        self._all = Tally()
        """All calls, where groups do not add up to them."""

    def add(self, rows: Sequence[Conversation], *, wider: bool = False) -> None:
        """Count calls; `wider`: those of the same question without its filters, which a share is of."""
        if not rows:
            return
        counted = [(self._tally(keys), part) for keys, part in self._sorted(rows).items()]
        for tally, part in [*counted, (self._all, rows)] if self._several else counted:
            if wider:
                tally.wider += len(part)
            else:
                tally.add(part)
        if not wider:
            self._note(rows, min(map(_start, rows)))

    @property
    def sums_by(self) -> SumsBy | None:
        """What calls can be summed by for `add_sums`; None if only rows tell their groups."""
        return sums_by(self.by, self.local)

    def add_sums(self, sums: Sequence[CallSums], *, wider: bool = False) -> None:
        """Count calls that are summed by `sums_by`, likewise."""
        for each in sums:
            tallies = [self._tally(keys) for keys in self._sorted([each.alike])]
            for tally in [*tallies, self._all] if self._several else tallies:
                if wider:
                    tally.wider += each.tally.calls
                else:
                    tally.merge(each.tally)
            if not wider:
                self._note([each.alike], each.oldest)

    def _note(self, rows: Sequence[Conversation], oldest: int) -> None:
        newest = max(map(_start, rows))
        self.oldest = oldest if self.oldest is None else min(self.oldest, oldest)
        self.newest = newest if self.newest is None else max(self.newest, newest)
        if not self._by_agent:
            return
        for row in rows:
            if row.agent_name:
                named = (row.start_time_unix_secs, row.agent_name)
                if named > self.names.get(row.agent_id, (-1, "")):
                    self.names[row.agent_id] = named

    @property
    def total(self) -> Tally:
        """All calls counted so far."""
        return self._all if self._several else merge_all(self.found.values())

    def together(self) -> GroupedCalls:
        """Return the same calls without groups."""
        whole = GroupedCalls((), self.local)
        whole.found[()] = self.total
        return whole

    def _tally(self, keys: Keys) -> Tally:
        found = self.found.get(keys)
        if found is None:
            if len(self.found) >= MOST_GROUPS:
                keys = (REST,) * len(keys)
            found = self.found.setdefault(keys, Tally())
        return found

    def _sorted(self, rows: Sequence[Conversation]) -> dict[Keys, list[Conversation]]:
        sorted_rows: defaultdict[Keys, list[Conversation]] = defaultdict(list)
        if not self.by:
            return {(): list(rows)}
        columns = [map(read, rows) for read in self._readers]
        if self._several:
            for row, *keys in zip(rows, *columns, strict=True):
                for each in product(*(key if isinstance(key, frozenset) else (key,) for key in keys)):
                    sorted_rows[each].append(row)
            return sorted_rows
        for row, each in zip(rows, zip(*columns, strict=True), strict=True):
            sorted_rows[each].append(row)
        return sorted_rows


@dataclass(frozen=True, slots=True)
class TableRow:
    """One group of calls, or the rest of them."""

    keys: Keys
    labels: tuple[str, ...]
    now: Tally
    before: Tally | None = None
    """The same group in the period before; None when nothing is compared."""
    keys_before: Keys | None = None
    """Its keys in the period before: last week's Monday beside this week's."""
    merged: int = 0
    """How many groups it stands for, when it is the rest of them."""


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """The groups of a report in order, each with the period before where one is compared."""

    show: tuple[Measure, ...]
    """What is shown, the most important first."""
    current: GroupedCalls
    previous: GroupedCalls | None = None
    limit: int | None = None
    """How many groups of the first kind are wanted, the largest; the rest are one row."""
    smallest_first: bool = False
    since: int | None = None
    """Where the time of the question begins, Unix seconds; None reaches back to the first call."""
    until: int | None = None
    since_before: int | None = None
    until_before: int | None = None

    @cached_property
    def in_credits(self) -> bool:
        """Whether money is in credits: a sum of dollars beside one without any would compare nothing."""
        totals = [each.total for each in (self.current, self.previous) if each is not None]
        return any(total.credits.said and not total.dollars.said for total in totals)

    @property
    def by(self) -> tuple[Group, ...]:
        return self.current.by

    @cached_property
    def total(self) -> TableRow:
        before = None if self.previous is None else self.previous.total
        return TableRow((), (), self.current.total, before)

    def value(self, measure: Measure, tally: Tally) -> float | None:
        """Return what a measure shows of counted calls, money in the report's one currency."""
        if self.in_credits and measure.credits is not None:
            return measure.credits(tally)
        return measure.value(tally)

    @cached_property
    def enough(self) -> int:
        """Of how many calls a rate or an average says something beside those of the other groups."""
        measure, rows = self.show[0], self._paired[0].values()
        calls = [
            measure.of(row.now) for row in rows if measure.of and self.value(measure, row.now) is not None
        ]
        return min(_ENOUGH, math.ceil(sum(calls) / len(calls) / 2)) if calls else 0

    @cached_property
    def rows(self) -> tuple[TableRow, ...]:
        """Every group in order; of a limit, the largest and then the rest of them as one."""
        if self.limit is None or not self.by:
            return self.all_rows
        place = self._ranked_place
        wanted = set(self.keys[place][: self.limit])
        kept = tuple(row for row in self.all_rows if row.keys[place] in wanted)
        left = [row for row in self.all_rows if row.keys[place] not in wanted]
        if not left:
            return kept
        rest = TableRow(
            keys=(REST,) * len(self.by),
            labels=(f"Other ({len(left)})",) * len(self.by),
            now=merge_all(row.now for row in left),
            before=None if self.previous is None else merge_all(row.before for row in left if row.before),
            merged=len(left),
        )
        return (*kept, rest)

    @cached_property
    def all_rows(self) -> tuple[TableRow, ...]:
        """Every group, in the order of `keys`."""
        ranks = [{key: rank for rank, key in enumerate(keys)} for keys in self.keys]
        return tuple(
            replace(row, labels=tuple(self.labels[place][key] for place, key in enumerate(row.keys)))
            for row in sorted(
                self._paired[0].values(),
                key=lambda row: [rank[key] for rank, key in zip(ranks, row.keys, strict=True)],
            )
        )

    @cached_property
    def keys(self) -> tuple[list[str], ...]:
        """The keys of each of the groups: in the group's own order, else the largest first."""
        return tuple(self._ordered(place) for place in range(len(self.by)))

    @cached_property
    def labels(self) -> tuple[dict[str, str], ...]:
        """How people read the keys of each of the groups. A year that all share is left out."""
        found = []
        for group, keys in zip(self.by, self.keys, strict=True):
            label = {key: self._label(group, key) for key in keys}
            if group.over_time and len({words.rpartition(" ")[2] for words in label.values()}) == 1:
                label = {key: words.rpartition(" ")[0] for key, words in label.items()}
            found.append(label)
        return tuple(found)

    @property
    def without_counterpart(self) -> list[TableRow]:
        """Days of the period before that have none now, such as a 31st beside a month of 30 days."""
        return self._paired[1]

    @cached_property
    def _paired(self) -> tuple[dict[Keys, TableRow], list[TableRow]]:
        """Every group, also those that only the period before has; and what has no counterpart."""
        now = self._filled(self.current, self.since, self.until)
        if self.previous is None:
            return {keys: TableRow(keys, (), tally) for keys, tally in now.items()}, []
        before = self._filled(self.previous, self.since_before, self.until_before)
        rows = {keys: TableRow(keys, (), tally, Tally()) for keys, tally in now.items()}
        alone: list[TableRow] = []
        twins = [self._twins(place, now, before) for place in range(len(self.by))]
        for keys, tally in before.items():
            own = [twins[place].get(key, key) for place, key in enumerate(keys)]
            twin = tuple(key for key in own if key is not None)
            if len(twin) == len(keys):
                here = rows.get(twin) or TableRow(twin, (), Tally())
                rows[twin] = replace(here, before=tally, keys_before=keys)
            else:
                alone.append(TableRow(keys, (), Tally(), tally, keys))
        return rows, alone

    def _filled(self, calls: GroupedCalls, since: int | None, until: int | None) -> dict[Keys, Tally]:
        """Return what was counted, with groups of no calls for times in which none was."""
        since = calls.oldest if since is None else since
        until = calls.newest + 1 if until is None and calls.newest is not None else until
        if since is None or until is None or not self.by:
            return calls.found
        columns = [
            group.between(since, until, calls.local)
            or list(dict.fromkeys(keys[place] for keys in calls.found))
            for place, group in enumerate(self.by)
        ]
        if math.prod(map(len, columns)) > MOST_GROUPS:
            return calls.found
        return {keys: Tally() for keys in product(*columns)} | calls.found

    def _twins(self, place: int, now: Iterable[Keys], before: Iterable[Keys]) -> dict[str, str | None]:
        """Return which time now belongs to which before, the first to the first; None where there is none."""
        if not self.by[place].over_time:
            return {}
        ours, theirs = (sorted({keys[place] for keys in each}) for each in (now, before))
        return dict(zip_longest(theirs, ours[: len(theirs)]))

    @property
    def _ranked_place(self) -> int:
        """Which of the groups a limit counts: the first without an order of its own, else the first."""
        return next((place for place, group in enumerate(self.by) if group.order is None), 0)

    def _ordered(self, place: int) -> list[str]:
        group, local = self.by[place], self.current.local
        sizes: defaultdict[str, Tally] = defaultdict(Tally)
        for keys, row in self._paired[0].items():
            sizes[keys[place]].merge(row.now)
        order_of = group.order
        if order_of is not None and (self.limit is None or place != self._ranked_place):
            return sorted(sizes, key=lambda key: (True,) if key == REST else (False, order_of(key, local)))
        measure, turn = self.show[0], 1 if self.smallest_first else -1
        least = 0 if self.limit is None or measure.of is None else self.enough

        def rank(key: str) -> tuple[object, ...]:
            value = self.value(measure, sizes[key])
            return (
                key == REST,
                value is None,
                measure.of is not None and measure.of(sizes[key]) < least,
                turn * (value or 0),
                -sizes[key].calls,
                self._label(group, key),
                key,
            )

        return sorted(sizes, key=rank)

    def _label(self, group: Group, key: str) -> str:
        return "Other" if key == REST else group.label(self.agent_name(key) if group.key == "agent" else key)

    def agent_name(self, agent_id: str) -> str:
        """Return what the newest call says that an agent is called; its id where none says it."""
        named = (each.names.get(agent_id) for each in (self.current, self.previous) if each is not None)
        return next((found[1] for found in named if found), agent_id)


def csv_rows(table: ReportTable) -> Iterator[list[str]]:
    """Yield the header, then a row for each group; where two periods are compared, one for each of both."""
    compared = table.previous is not None
    heads = [["agent_id", "agent_name"] if group.key == "agent" else [group.key] for group in table.by]
    yield [*chain(*heads), *(["period"] if compared else []), *CSV_COLUMNS]
    for period in ("current", "before") if compared else ("current",):
        current = period == "current"
        for row in table.rows if current else (*table.rows, *table.without_counterpart):
            keys, tally = (row.keys, row.now) if current else (row.keys_before, row.before)
            if row.merged or tally is None or keys is None:
                continue
            groups = [
                [key, table.agent_name(key) if key else ""] if group.key == "agent" else [key]
                for group, key in zip(table.by, keys, strict=True)
            ]
            cells = [csv_cell(unit, value(tally)) for unit, value in CSV_COLUMNS.values()]
            yield [*chain(*groups), *([period] if compared else []), *cells]


_FAILED = "failure"
_WORTH: dict[str, FirstBy] = {
    "Longest failed": FirstBy(("call_duration_secs",), result=_FAILED),
    "Worst rated": FirstBy(("rating",), largest_first=False),
    "Longest": FirstBy(("call_duration_secs",)),
}
"""Why a call may be worth hearing: the first of an order, or one of the next if that is worth it already."""


class OverviewCalls:
    """What an overview says besides its numbers, counted in the same pass. Holds a handful of rows."""

    def __init__(self, local: LocalTime) -> None:
        self.reasons = GroupedCalls([GROUPS["ended"]], local)
        """Failed calls by how they ended."""
        self.tools = GroupedCalls([GROUPS["tool"]], local)
        """Failed calls by the tools that were used in them."""
        self._best = {why: FirstRows(by) for why, by in _WORTH.items()}
        self._failed = SumsBy((GROUPS["ended"].column, GROUPS["tool"].column), result=_FAILED)

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """What `add_sums` takes in place of rows."""
        return (self._failed, *_WORTH.values())

    def add(self, rows: Sequence[Conversation]) -> None:
        failed = [row for row in rows if row.call_successful == _FAILED]
        self.reasons.add(failed)
        self.tools.add(failed)
        for best in self._best.values():
            best.add(rows)

    def add_sums(self, sums: Mapping[Summary, Sequence[CallSums]]) -> None:
        failed = sums.get(self._failed, ())
        self.reasons.add_sums(failed)
        self.tools.add_sums(failed)
        for best in self._best.values():
            best.add(each.alike for each in sums.get(best.by, ()))

    def worth_hearing(self) -> list[tuple[str, Conversation]]:
        """Return one call for each reason to hear one, with the reason; no call twice."""
        found: dict[str, tuple[str, Conversation]] = {}
        for why, best in self._best.items():
            for row in best.rows():
                if row.conversation_id not in found and best.by.numbers(row) != [None]:
                    found[row.conversation_id] = (why, row)
                    break
        return list(found.values())
