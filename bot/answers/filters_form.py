"""A question as the values of the Filters form, and the form's values put back into the question.

What the form does not show (a tag, a limit, "how many") stays in the question; what was not touched stays
exactly as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks import filters_modal as fields
from bot.blocks.filters_modal import FiltersForm, FiltersMenus
from bot.blocks.inputs import BadFormError, usable
from bot.blocks.inputs import MenuChoice as Option
from bot.blocks.notice_messages import pasted_key_words
from bot.blocks.text import clip
from bot.query import Misread, Query
from bot.query.filters import BY_KEY
from bot.query.forms import with_typed
from bot.query.values import AgentRef, Agents, Choice
from bot.redaction import mask_keys

_LISTS = {"result": "result", "direction": "direction", "source": "source", "language": "lang"}
"""Fields of the form with a menu -> the filter's key."""
_TEXTS = {"duration": "duration", "rating": "rating", "text": "search", "tool": "tool"}
"""Fields of the form with a line to type in -> the filter's key."""
_BLOCKS: Mapping[str, str] = {
    "agents": fields.AGENTS,
    "result": fields.RESULT,
    "direction": fields.DIRECTION,
    "source": fields.SOURCE,
    "language": fields.LANGUAGE,
    "duration": fields.DURATION,
    "rating": fields.RATING,
    "text": fields.TEXT,
    "tool": fields.TOOL,
}
_NOT = "-"
_OPTION_CHARS = 140


def form_of(query: Query) -> FiltersForm:
    """Return what the form shows of a question."""
    shown = query.filters()
    return FiltersForm(
        agents=tuple(_agents(query)),
        since=query.since,
        until=query.until,
        oldest_first=query.oldest_first,
        result=_listed(query.value("result")),
        direction=_listed(query.value("direction")),
        source=_listed(query.value("source")),
        language=_listed(query.value("lang")),
        duration=shown.get("duration", ""),
        rating=shown.get("rating", ""),
        text=shown.get("search", ""),
        tool=shown.get("tool", ""),
    )


def menus_for(form: FiltersForm) -> FiltersMenus:
    """Return the menus with what the form holds and they do not offer, in words."""
    menus = FiltersMenus()
    return FiltersMenus(
        results=_with(menus.results, form.result, "result"),
        directions=_with(menus.directions, form.direction, "direction"),
        sources=_with(menus.sources, form.source, "source"),
        languages=_with(menus.languages, form.language, "lang"),
    )


def with_form(query: Query, before: FiltersForm, after: FiltersForm) -> Query:
    """Return the question as the form was changed: `before` is what it showed.

    Raises BadFormError with the grammar's sentence beside each field that cannot be.
    """
    errors: dict[str, str] = {}
    changed = _changes(before, after)
    for name, text in changed.items():
        if pasted_key := mask_keys(text)[1]:
            errors[_BLOCKS[name]] = pasted_key_words(pasted_key)
            continue
        try:
            query = with_typed(query, (_LISTS | _TEXTS)[name], text)
        except Misread as problem:
            errors[_BLOCKS[name]] = str(problem)
    if _values(after.agents) != _values(usable(before.agents)):
        try:
            query = query.with_value("agent", _chosen_agents(query, after.agents))
        except Misread as problem:
            errors[_BLOCKS["agents"]] = str(problem)
    if (after.since, after.until) != (before.since, before.until):
        try:
            query = query.with_time(after.since, after.until)
        except Misread as problem:
            errors[fields.UNTIL] = str(problem)
    if errors:
        raise BadFormError(errors)
    if after.oldest_first == before.oldest_first:
        return query
    return query.with_order("oldest" if after.oldest_first else "newest")


def _changes(before: FiltersForm, after: FiltersForm) -> dict[str, str]:
    """Return the changed fields with what would stand after the filter's colon."""
    changed = {name: getattr(after, name) for name in _TEXTS if getattr(after, name) != getattr(before, name)}
    for name in _LISTS:
        values: Sequence[str] = getattr(after, name)
        shown = usable(Option(value, value) for value in getattr(before, name))
        if set(values) == {option.value for option in shown}:
            continue
        wanted = ",".join(value for value in values if not value.startswith(_NOT))
        unwanted = ",".join(value.removeprefix(_NOT) for value in values if value.startswith(_NOT))
        changed[name] = " and ".join(part for part in (wanted, unwanted and f"not {unwanted}") if part)
    return changed


def _listed(value: Any) -> tuple[str, ...]:
    if not isinstance(value, Choice):
        return ()
    wanted = [each for group in value.groups for each in group]
    return (*wanted, *(f"{_NOT}{each}" for each in value.exclude))


def _with(menu: Sequence[Option], values: Sequence[str], key: str) -> tuple[Option, ...]:
    known = {option.value for option in menu}
    which: Any = BY_KEY[key]
    more = []
    for value in values:
        if value not in known:
            words = which.say(value.removeprefix(_NOT))
            more.append(
                Option(value, f"Not {words}" if value.startswith(_NOT) else words[:1].upper() + words[1:])
            )
    return (*more, *menu)


def _agents(query: Query) -> list[Option]:
    value = query.value("agent")
    if not isinstance(value, Agents):
        return []
    wanted = [Option(_agent_value(ref), ref.label) for ref in value.include]
    return wanted + [Option(f"{_NOT}{_agent_value(ref)}", f"Not {ref.label}") for ref in value.exclude]


def _agent_value(ref: AgentRef) -> str:
    return ref.id or f"name:{clip(ref.name or '', _OPTION_CHARS)}"


def _chosen_agents(query: Query, chosen: Sequence[Option]) -> Agents | None:
    """Return the agents chosen; those that were in the question keep their names."""
    if not chosen:
        return None
    value = query.value("agent")
    old = value if isinstance(value, Agents) else Agents()
    known = {_agent_value(ref): ref for ref in (*old.include, *old.exclude)}
    found = Agents()
    for option in chosen:
        bare = option.value.removeprefix(_NOT)
        ref = known.get(bare) or AgentRef(option.label, bare)
        agents = Agents((), (ref,)) if option.value.startswith(_NOT) else Agents((ref,))
        found = BY_KEY["agent"].merge(found, agents, "or")
    return found


def _values(options: Sequence[Option]) -> set[str]:
    return {option.value for option in options}
