"""Follow-ups: "only the failed ones", "and last month?", "just German" change the question before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from bot.model import Agent
from bot.query.agent_names import KnownAgents
from bot.query.filters import BY_KEY
from bot.query.parser import Parsed, clock_of, finish, parse
from bot.query.query import Query
from bot.query.reader import Draft, read
from bot.query.time.calendar import Clock
from bot.query.time.constraint import Constraint
from bot.query.time.settle import settle
from bot.query.tokens import fold, word_set
from bot.query.values import Agents, Choice, Limit, Misread, Order, Span, Value
from bot.query.vocabulary import CLEARING

_STARTS = word_set(
    "and or only just but what how now without not also except instead same excluding then no any all"
)
_FIRST_TWO = frozenset({("what", "about"), ("how", "about"), ("how", "many"), ("and", "now")})
_WITHIN = word_set("ones one those them these instead too either again")
_REPEATS = frozenset(
    {
        ("again",),
        ("once", "more"),
        ("same", "again"),
        ("again", "please"),
        ("repeat",),
        ("and", "now"),
        ("now",),
        ("what", "about", "now"),
    }
)
"""Words that ask the question before once more."""
_ADDING = word_set("also plus add include including")
_ADDING_LAST = word_set("too")
"""Words by which a value comes to those before, instead of in their place."""
_LISTING = word_set("list show csv export file table send")


def looks_like_follow_up(text: str) -> bool:
    """Whether a text sounds as if it went on from the question before ("and …", "only …", "… ones")."""
    words = [fold(word.strip(",.;:?!")) for word in text.split()[:40]]
    if not words:
        return False
    if words[0] in {"what", "how"}:
        return tuple(words[:2]) in _FIRST_TWO and len(words) <= 6  # noqa: PLR2004 - longer ones ask anew
    if words[0] in {"all", "any", "no", "then", "now"}:
        return len(words) <= 4  # noqa: PLR2004 - as above
    return words[0] in _STARTS or bool(_WITHIN & set(words))


def follow_up(
    previous: Query, text: str, *, now: datetime, week_start: str = "monday", agents: Sequence[Agent] = ()
) -> Parsed:
    """Return the question before, changed by a text; `kept` says in words what stays of it.

    A filter named anew replaces the one before; "all agents", "any time" and the like take it away. A lone
    time of day ("before noon") belongs to the day of the question before, if that was one day.
    """
    words = tuple(fold(word.strip(",.;:?!")) for word in text.split()[:40])
    if words in _REPEATS:
        return Parsed(previous, kept=_said(dict(previous.conditions)))
    alone = parse(text, now=now, week_start=week_start, agents=agents)
    undone = CLEARING.get(words, "") in dict(previous.conditions)  # "all agents" lists them otherwise
    if (alone.special and not undone) or alone.ids:
        return alone
    clock = clock_of(now, week_start)
    draft = read(text, clock, KnownAgents(agents))
    changed = _settled(draft, previous, clock)
    conditions = {k: v for k, v in previous.conditions if k not in draft.cleared}
    if "count" in conditions and "count" not in changed and _LISTING & {fold(w) for w in text.split()[:40]}:
        del conditions["count"]
    kept = _said({k: v for k, v in conditions.items() if k not in changed})
    if _ADDING & set(words[:2]) or _ADDING_LAST & set(words[-1:]) or words[-2:] == ("as", "well"):
        changed = _added(draft, conditions, changed)
    return finish(draft, conditions | changed, kept)


def _added(draft: Draft, before: Mapping[str, Value], changed: Mapping[str, Value]) -> dict[str, Value]:
    """Return the new values with those before: "also the successful ones" are the failed ones as well."""
    both: dict[str, Value] = dict(changed)
    for key in changed.keys() & before.keys():
        if not isinstance(changed[key], Choice | Agents):
            continue
        try:
            both[key] = BY_KEY[key].merge(before[key], changed[key], "or")
        except Misread as problem:
            draft.problem(problem)
    if before.get("time") is not None and "time" in changed and before["time"] != changed["time"]:
        draft.problem(
            Misread(
                "“Also” cannot add to the time of the question before: name the whole time, such as "
                "“yesterday and today”, or leave “also” out for the new one."
            )
        )
    return both


def _said(conditions: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(said for key, value in conditions.items() if (said := say(key, value)))


def _settled(draft: Draft, previous: Query, clock: Clock) -> dict[str, Value]:
    """Return the new values, a lone time of day on the day before asked for."""
    constraints = draft.values.get("time")
    day = _one_day(previous)
    if constraints and day and all(c.of_day for c in cast("tuple[Constraint, ...]", constraints)):
        try:
            draft.values["time"] = settle(cast("tuple[Constraint, ...]", constraints), clock, day)
        except Misread as problem:
            draft.problem(problem)
            del draft.values["time"]
    return draft.settled()


def _one_day(query: Query) -> date | None:
    """Return the day of a question about one day."""
    since, until = query.since, query.until
    if since is None or until is None:
        return None
    span = cast("Span", query.value("time"))
    last = span.at(cast("int", span.until) - 1)
    return since.date() if since.date() == last.date() else None


def say(key: str, value: Value) -> str:
    """Return one filter in words, as a reply lists what it kept."""
    if isinstance(value, Order):
        return "oldest first" if value.oldest_first else ""
    if isinstance(value, Limit):
        return "all of them" if value.rows is None else f"at most {value.rows}"
    if key == "count":
        return "how many"
    words = BY_KEY[key].words(value)
    return words.before or words.after or words.end
