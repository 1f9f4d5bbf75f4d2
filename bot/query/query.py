"""A question: a draft while its words are read, then a value, whichever the words were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, cast

from bot.model import Agent, Conversation, Selection
from bot.query.agent_names import AgentChoice, KnownAgents, NoSuchAgent, known_agents, parts_of
from bot.query.filters import BY_KEY, ORDER
from bot.query.filters.order_limit_columns import LOWEST_FIRST, RANKINGS, Ranking, said_first
from bot.query.grammar import VOCABULARY, FoundPhrase
from bot.query.keys_and_ids import CallRef
from bot.query.report_question import compared_span
from bot.query.time.calendar import Clock
from bot.query.values import (
    SHAPE,
    AgentRef,
    Also,
    Choice,
    Compared,
    Keys,
    Limit,
    Misread,
    NotKnown,
    Order,
    ReportQuestion,
    Span,
    Texts,
    Unknown,
    Value,
    report_of,
)
from bot.query.vocabulary import HINTS, excluded

_DEFAULTS = (("sort", Order()), ("columns", Keys()))
ALL_TIME, ALL_ROWS = Span(None, None), Limit(None)
_MAX_SUGGESTED = 5
"""Unknown words that get suggestions; of more, the text is not a question anyway."""

_DIFFERENT_FILTERS = (
    "“or” joins values of one filter, such as “failed or unknown”, not different filters: "
    "ask the two questions one after the other."
)


class Query:
    """A question. Compares and hashes by what it asks; the zone only says its times.

    Build one with `parse`, or change one with the `with_…` and `without` methods.
    """

    def __init__(self, conditions: tuple[tuple[str, Value], ...] = (), zone: tzinfo = UTC) -> None:
        """Take (filter key, value), in the registry's order, one for each filter in force."""
        self.conditions: Final = conditions
        self.zone: Final = zone
        self._values: Final[Mapping[str, Any]] = dict(conditions)
        self._in_force: Final = tuple((BY_KEY[key], value) for key, value in conditions)
        self.order: Final[Order] = self.value("sort") or Order()
        self.ranking: Final[Ranking | None] = RANKINGS.get(self.order.by)
        """How calls are put in order here, where the API does not do it."""
        self.limit: Final[int | None] = (self.value("limit") or ALL_ROWS).rows
        self.columns: Final[tuple[str, ...]] = (self.value("columns") or Keys()).keys
        """Those besides the usual ones, as `chosen_value` reads them."""
        self.counting: Final = "count" in self._values
        """Whether the count is what was asked ("how many")."""
        self.report: Final = report_of(self._values)
        """What of the calls is asked, if it is numbers."""
        span: Span = self.value("time") or ALL_TIME
        self.since: Final = None if span.since is None else span.at(span.since)
        """The first moment included, in the asker's zone."""
        self.until: Final = None if span.until is None else span.at(span.until)
        """The first moment no longer included."""
        self.texts: Final[tuple[str, ...]] = (self.value("search") or Texts(())).texts
        """What to look for in what was said: any of these."""
        agents: Choice = self.value("agent") or Choice()
        self.agent_names: Final[tuple[str, ...]] = tuple(
            ref.name for ref in (*agents.wanted, *agents.exclude) if not ref.id
        )
        """Names of agents not looked up yet, asked for or excluded."""
        self._tested_here: Final = [
            (f, v) for f, v in self._in_force if f.local(v) or (self.texts and not f.searchable)
        ]
        self.local: Final = tuple(f.canonical(v) for f, v in self._tested_here)
        """The filters that are tested here, as canonical text."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Query) and self.conditions == other.conditions

    def __hash__(self) -> int:
        return hash(self.conditions)

    def __repr__(self) -> str:
        return f"Query({self.canonical()!r})"

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
        return self._values.get(key)

    # --- what is asked of the API, and what is tested here ---

    def selection(self) -> Selection:
        """Return what is asked of the API: since included, until excluded."""
        number, span = self.value("number"), self.value("time") or ALL_TIME
        return Selection(
            since=span.since,
            until=span.until,
            oldest_first=self.order.by == "oldest",
            texts=self.texts,
            number=number.single if number and BY_KEY["number"].local(number) else None,
            params=tuple(sorted({p for f, value in self._in_force for p in f.params(value)})),
        )

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

    @property
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

    def compared(self, now: datetime) -> Query | None:
        """Return the question of the time compared with, like with like; None where there is none."""
        span = self.value("time") or ALL_TIME
        other = compared_span(self.report, span, int(now.timestamp())) if self.report else None
        return self.without("compare").with_value("time", other) if other else None

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
        span = Span(low, high, self.zone, (self.value("time") or ALL_TIME).clocked)
        return self.with_value("time", span if span != ALL_TIME else None)

    def without(self, *keys: str) -> Query:
        """Return the question without some filters (keys as in `filters()`)."""
        return Query.of({k: v for k, v in self.conditions if k not in keys}, self.zone)


def resolve(query: Query, agents: Sequence[Agent]) -> Query | AgentChoice | NoSuchAgent:
    """Return the question with its agents' ids, or what to ask back about the first name that is unclear."""
    value = query.value("agent")
    if value is None:
        return query
    known, found = known_agents(tuple(agents)), []
    for refs in (value.wanted, value.exclude):
        looked_up = known.look_up(refs)
        if not isinstance(looked_up, tuple):
            return looked_up
        found.append(looked_up)
    return query.with_value("agent", Choice.of(*found))


def choose(query: Query, name: str, agents: Sequence[Agent]) -> Query:
    """Return the question with an unclear name replaced by the agents chosen: any of them."""
    value = query.value("agent") or Choice()
    chosen = [AgentRef(agent.name, agent.agent_id) for agent in agents]

    def swap(refs: tuple[AgentRef, ...]) -> list[AgentRef]:
        parts = [part for ref in refs for part in parts_of(ref, name)]
        return [each for part in parts for each in (chosen if part == AgentRef(name) else [part])]

    return query.with_value("agent", Choice.of(swap(value.wanted), swap(value.exclude)))


@dataclass
class Draft:
    """What has been read so far; a “not”, an “or” or an “instead of” waits for what follows it."""

    clock: Clock
    agents: KnownAgents
    """Those there are, if they are known."""
    values: dict[str, Value] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ids: list[CallRef] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    """Filters that the text says are no longer wanted."""
    corrected: list[tuple[str, str]] = field(default_factory=list)
    """Words with a typing error, as typed and as read."""
    contrasts: list[tuple[str, str, Value]] = field(default_factory=list)
    """“instead of failed”: the words, the filter, and what is not wanted of it."""
    negation: str = ""
    contrast: str = ""
    """As typed, until something follows."""
    joiner: str = ""
    """"or", "and", "," or "", until something follows."""
    last_key: str = ""
    last_negated: bool = False
    last_contrast: str = ""
    """Of what was read last: its filter, and what it was said with."""

    def problem(self, problem: Misread | str) -> None:
        """Note what cannot be, once."""
        if str(problem) not in self.problems:
            self.problems.append(str(problem))

    def add(self, key: str, value: object, *, negated: bool = False) -> None:
        """Take in one filter's value, with the “not” and the “or” that stood before it."""
        if isinstance(value, Also):
            for which_key, each in value.values:
                self.add(which_key, each, negated=negated)
            return
        joiner = self.joiner if self.last_key == key else ""
        carried = bool(self.negation) or (bool(joiner) and self.last_negated)  # "not german or french"
        which, new, old = BY_KEY[key], cast("Value", value), self.values.get(key)
        compared = isinstance(new, Compared)  # “inbound vs outbound” joins both
        if not compared and self.joiner == "or" and self.last_key and self.last_key != key:
            self.problem(_DIFFERENT_FILTERS)
        if key == "agent" and isinstance(new, Choice) and (both := self.agents.both(new.wanted[0].label)):
            new = Choice((tuple(map(AgentRef, both)),))
        contrast = self.contrast or (self.last_contrast if joiner in {"or", "and"} else "")
        if contrast and not compared:
            self.contrasts.append((contrast, key, new))
            self.contrast, self.last_contrast, self.joiner, self.last_key = "", contrast, "", key
            return
        try:
            if not compared and (negated or carried):
                new = which.negate(new)
            self.values[key] = new if old is None else which.merge(old, new, joiner)
        except Misread as problem:
            self.problem(problem)
        if isinstance(new, Compared):
            self.joiner = "or" if new.vague else ""
            return
        self.negation = self.joiner = self.last_contrast = ""
        self.last_key, self.last_negated = key, carried

    def add_named(self, key: str, named: tuple[str, int] | None, *, negated: bool = False) -> int:
        """Take in a name, if there is one; returns the position after it, or 0."""
        if named is None:
            return 0
        self.add(key, BY_KEY[key].named(named[0]), negated=negated)
        return named[1]

    def add_either(self, key: str, names: Sequence[str], end: int) -> int:
        """Take in names of which any will do; returns the position after them, or 0."""
        for name in names:
            self.add(key, BY_KEY[key].named(name))
            self.joiner = "or"
        self.joiner = "" if names else self.joiner
        return end if names else 0

    def add_phrase(self, found: FoundPhrase) -> int:
        """Take in what a phrase says; returns the position after it."""
        if found.problem is not None:
            self.problem(found.problem)
            self.negation = self.joiner = ""
        else:
            self.add(found.key, found.value)
        return found.end

    def not_known(self, word: str, nearest: tuple[str, ...] = (), *, sign: str = "") -> None:
        """Note a word that was not understood; `sign` is a minus glued to it, and to what is suggested."""
        nearest = nearest or HINTS.get(word.casefold(), ())
        if not nearest and len(self.unknown) < _MAX_SUGGESTED:
            nearest = VOCABULARY.suggest(word)
        self.unknown.append(Unknown(sign + word, excluded(nearest, sign) if sign else nearest))

    def drop_negation(self) -> None:
        """Name a "not" or an "instead of" that nothing followed."""
        self.unknown += [Unknown(words) for words in (self.negation, self.contrast) if words]
        self.negation = self.contrast = ""

    def settled(self) -> dict[str, Value]:
        """Return the values once all is read."""
        settled: dict[str, Value] = {}
        for key, value in self.values.items():
            try:
                final = BY_KEY[key].settle(value, self.clock)
            except Misread as problem:
                self.problem(problem)
                continue
            if final is not None:
                settled[key] = final
        return settled

    def check_contrasts(self) -> None:
        """Name an “instead of” where nothing else of its filter is asked for."""
        for words, key, value in self.contrasts:
            if self.values.get(key, value) == value:
                said = words if key == "time" else f"{words} {BY_KEY[key].readable(value)}"
                self.problem(
                    f"“{said}” leaves open what is wanted: name it too, such as “successful {words} failed”."
                )
