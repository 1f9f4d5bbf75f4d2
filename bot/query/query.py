"""A question as a value: what is asked, in whichever words it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Any, TypeVar, cast

from bot.model import Conversation, Selection
from bot.query.filters import BY_KEY, ORDER, Filter
from bot.query.filters.order_and_limit import LOWEST_FIRST, RANKINGS, Ranking, said_first
from bot.query.report_question import SHAPE, ReportQuestion, compared_span, report_of
from bot.query.values import Choice, Keys, Limit, Misread, NotKnown, Order, Span, Texts, Value

V = TypeVar("V", bound=Value)
_DEFAULTS = (("sort", Order()), ("columns", Keys()))
ALL_TIME, ALL_ROWS = Span(None, None), Limit(None)


@dataclass(frozen=True)
class Query:
    """A question. Compares and hashes by what it asks; the zone only says its times.

    Build one with `parse`, or change one with the `with_…` and `without` methods.
    """

    conditions: tuple[tuple[str, Value], ...] = ()
    """(filter key, value), in the registry's order, one for each filter in force."""
    zone: tzinfo = field(default=UTC, compare=False)

    @classmethod
    def of(cls, values: Mapping[str, Value], zone: tzinfo) -> Query:
        """Return the question of some settled values; what is the default anyway is left out."""
        kept = {k: v for k, v in values.items() if (k, v) not in _DEFAULTS}
        if not kept.keys().isdisjoint(SHAPE):
            kept.pop("count", None)  # "how many calls per day"
            if kept.get("sort") != LOWEST_FIRST:  # numbers are the same in any order of the calls
                kept.pop("sort", None)
            if kept.get("limit") == ALL_ROWS:  # it counts all of them anyway
                del kept["limit"]
        if kept.get("show") == Keys(("calls",)) and not kept.keys().isdisjoint({"by", "compare"}):
            del kept["show"]
        return cls(tuple((key, kept[key]) for key in ORDER if key in kept), zone)

    def value(self, key: str) -> Any:
        """Return what a filter holds, or None."""
        return dict(self.conditions).get(key)

    def _held(self, key: str, default: V) -> V:
        return cast("V", self.value(key) or default)

    @cached_property
    def _in_force(self) -> tuple[tuple[Filter[Any], Value], ...]:
        return tuple((BY_KEY[key], value) for key, value in self.conditions)

    # --- shape ---

    @property
    def order(self) -> Order:
        """Which call comes first."""
        return self._held("sort", Order())

    @property
    def ranking(self) -> Ranking | None:
        """How calls are put in order here, where the API does not do it."""
        return RANKINGS.get(self.order.by)

    @property
    def limit(self) -> int | None:
        """How many rows at most, or None."""
        return self._held("limit", ALL_ROWS).rows

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns besides the usual ones, as `chosen_value` reads them."""
        return self._held("columns", Keys()).keys

    @property
    def counting(self) -> bool:
        """Whether the count is what was asked ("how many")."""
        return "count" in dict(self.conditions)

    @property
    def report(self) -> ReportQuestion | None:
        """What of the calls is asked, if it is numbers."""
        return report_of(dict(self.conditions))

    def compared(self, now: datetime) -> Query | None:
        """Return the question of the time compared with, like with like; None where there is none."""
        report, span = self.report, self._held("time", ALL_TIME)
        other = compared_span(report, span, int(now.timestamp())) if report else None
        return self.without("compare").with_value("time", other) if other else None

    @property
    def since(self) -> datetime | None:
        """The first moment included, in the asker's zone."""
        span = self._held("time", ALL_TIME)
        return None if span.since is None else span.at(span.since)

    @property
    def until(self) -> datetime | None:
        """The first moment no longer included, in the asker's zone."""
        span = self._held("time", ALL_TIME)
        return None if span.until is None else span.at(span.until)

    @property
    def texts(self) -> tuple[str, ...]:
        """What to look for in what was said: any of these."""
        return self._held("search", Texts(())).texts

    @property
    def agent_names(self) -> tuple[str, ...]:
        """Names of agents not looked up yet, asked for or excluded."""
        agents = self._held("agent", Choice())
        return tuple(ref.name for ref in (*agents.wanted, *agents.exclude) if not ref.id)

    # --- what is asked of the API, and what is tested here ---

    def selection(self) -> Selection:
        """Return what is asked of the API: since included, until excluded."""
        number, span = self.value("number"), self._held("time", ALL_TIME)
        return Selection(
            since=span.since,
            until=span.until,
            oldest_first=self.order.by == "oldest",
            texts=self.texts,
            number=number.single if number and BY_KEY["number"].local(number) else None,
            params=tuple(sorted({p for f, value in self._in_force for p in f.params(value)})),
        )

    @cached_property
    def _tested_here(self) -> tuple[tuple[Filter[Any], Value], ...]:
        searching = bool(self.texts)
        return tuple((f, v) for f, v in self._in_force if f.local(v) or (searching and not f.searchable))

    @cached_property
    def local(self) -> tuple[str, ...]:
        """The filters that are tested here, as canonical text."""
        return tuple(f.canonical(v) for f, v in self._tested_here)

    def matches(self, row: Conversation) -> bool | None:
        """Whether a row of the selection passes what the API cannot filter; None if the row does not say.

        Where a text search cannot filter, the list does it: rows without the attribute need no test.
        """
        sure = True
        for which, value in self._tested_here:
            passes = which.matches(value, row)
            if passes is False:
                return False
            sure = sure and (passes is True or not which.attribute)
        return sure or None

    @cached_property
    def undecidable(self) -> tuple[str, ...]:
        """The keys of filters of which rows do not say whether they pass: only the API can tell."""
        nothing = Conversation(conversation_id="")
        asked = [(f, v) for f, v in self._in_force if f.parameter or f.free_text]
        return tuple(f.key for f, v in asked if f.matches(v, nothing) is None)

    def holds_for(self, row: Conversation) -> bool:
        """Whether a row passes every filter that rows can decide."""
        return all(f.matches(v, row) is not False for f, v in self._in_force)

    # --- words ---

    def sentence(self) -> str:
        """Return the question restated in plain words, every filter named."""
        if report := self.report:
            return self._report_sentence(report)
        unsaid = self.counting and self.order == Order()
        if self.limit is not None:
            unsaid = self.ranking is None or self.ranking.adjective
        order = "" if unsaid else f", {said_first(self.order)} first"
        return self.subject() + order + (", without a limit" if self.value("limit") == ALL_ROWS else "")

    def subject(self) -> str:
        """Return which calls are asked for, without their order: "failed calls since 1 May 2026"."""
        said = [f.words(value) for f, value in self._in_force]
        noun = "calls" if any(w.before or w.after for w in said) else "conversations"
        if self.limit is not None:
            order = said_first(self.order) if self.ranking is None or self.ranking.adjective else ""
            start = f"the {self.limit} {order}".rstrip() if self.limit > 1 or not order else f"the {order}"
            noun = noun if self.limit > 1 else noun.removesuffix("s")
        else:
            start = "" if any(w.before or w.after or w.end for w in said) else "all"
        if self.counting:
            start = f"how many of {start}" if self.limit is not None else "how many"
        parts = [start, *(w.before for w in said), noun, *(w.after for w in said), *(w.end for w in said)]
        return " ".join(filter(None, parts))

    def counted(self) -> str:
        """Return what the calls are called, without their time: "failed calls for Support EN"."""
        said = [f.words(value) for f, value in self._in_force]
        return " ".join(filter(None, (*(w.before for w in said), "calls", *(w.after for w in said))))

    def _report_sentence(self, report: ReportQuestion) -> str:
        """Say "success rate by agent of failed calls in October 2026, compared with the time before"."""
        said = {key: BY_KEY[key].words(value).end for key, value in self.conditions if key in SHAPE}
        which = self.without(*SHAPE, "sort", "limit").sentence().removesuffix(", newest first")
        parts = [
            f"how many {which.removeprefix('all ')}"
            if report.show == ("calls",)
            else f"{said['show']} of {which}",
            said.get("by"),
            "lowest first" if self.value("sort") == LOWEST_FIRST else "",
            f"the first {self.limit}" if self.limit is not None else "",
            said.get("compare"),
        ]
        return ", ".join(filter(None, parts))

    def canonical(self) -> str:
        """Return text that `parse` reads back as this same question, today or tomorrow."""
        return " ".join(f.canonical(value) for f, value in self._in_force)

    def filters(self) -> dict[str, str]:
        """Return the value of each filter in force, readable, by key."""
        return {f.key: f.readable(value) for f, value in self._in_force}

    # --- changing ---

    def with_value(self, key: str, value: Value | None) -> Query:
        """Return the question with a filter's value replaced, or taken away."""
        conditions = {k: v for k, v in self.conditions if k != key}
        if value is not None:
            conditions[key] = value
        return Query.of(conditions, self.zone)

    def with_filter(self, key: str, text: str) -> Query:
        """Return the question with `key:text` replaced; empty text takes it away.

        Raises Misread (its text is for people) when that cannot be. For forms; times go through `with_time`.
        """
        which = BY_KEY.get(key)
        if which is None or which.key == "time":
            raise Misread(f"There is no filter “{key}”.")
        if not text.strip():
            return self.without(which.key)
        try:
            return self.with_value(which.key, which.from_form(text))
        except NotKnown as unknown:
            hint = f" Did you mean {' or '.join(unknown.nearest)}?" if unknown.nearest else ""
            hint = f" It can be {' or '.join(unknown.possible)}." if unknown.possible else hint
            raise Misread(f"“{which.key}” knows no “{text[:60]}”.{hint}") from None

    def with_time(self, since: datetime | None, until: datetime | None) -> Query:
        """Return the question with other bounds (aware; since included, until excluded)."""
        low = int(since.timestamp()) if since is not None else None
        high = int(until.timestamp()) if until is not None else None
        if low is not None and high is not None and low >= high:
            raise Misread("The time asked for is empty: the end must come after the beginning.")
        span = Span(low, high, self.zone, self._held("time", ALL_TIME).clocked)
        return self.with_value("time", span if span != ALL_TIME else None)

    def without(self, *keys: str) -> Query:
        """Return the question without some filters (keys as in `filters()`)."""
        return Query.of({k: v for k, v in self.conditions if k not in keys}, self.zone)
