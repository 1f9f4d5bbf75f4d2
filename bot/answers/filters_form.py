"""A question as the values of the Filters form, and the form's values put back into the question.

The registry of filters says which have a field. What the form does not show (a tag, a limit, "how many")
stays in the question; what was not touched stays exactly as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.blocks import actions as act
from bot.blocks.filters_modal import ANY, DAYS, PERIOD, FiltersForm, FormField
from bot.blocks.inputs import BadFormError, usable
from bot.blocks.inputs import MenuChoice as Option
from bot.blocks.notice_messages import pasted_key_words
from bot.blocks.text import capital, clip
from bot.query import Misread, Query, parse
from bot.query.filters import BY_KEY, Filter
from bot.query.forms import with_typed
from bot.query.help_texts import in_groups
from bot.query.values import AgentRef, Agents, Choice, Keys, Value
from bot.redaction import mask_keys

_NOT = "-"
_OPTION_CHARS = 140


def form_of(query: Query, now: datetime, week_start: str) -> FiltersForm:
    """Return what the form shows of a question. `now` is aware, in the asker's zone."""
    which = BY_KEY[PERIOD]
    span = query.value(PERIOD)
    period = ANY if span is None else DAYS
    if span is not None:
        spans = {words: _span(words, now, week_start) for words in which.offered}
        period = next((words for words, each in spans.items() if each == span), DAYS)
    fields = tuple(_field(each, query) for each in in_groups() if each.form)
    return FiltersForm(fields=fields, period=period, since=query.since, until=query.until)


def _field(which: Filter[Any], query: Query) -> FormField:
    value = query.value(which.key)
    offered = tuple(Option(each, which.title(each)) for each in which.offered)
    if which.key == PERIOD:
        offered = (Option(ANY, "Any time"), *offered, Option(DAYS, "The days below"))
    asked_for = ""
    if which.typed:
        asked_for = act.AGENT_MENU if which.key == "agent" else act.FILTER_MENU
    chosen = tuple(_agents(value) if isinstance(value, Agents) else _options(which, value))
    if which.key == "sort":
        chosen = (Option(query.order.by, query.order.by),)
    return FormField(
        key=which.key,
        label=which.form,
        group=which.group,
        choices=offered,
        chosen=chosen,
        asked_for=asked_for,
        most=which.most_chosen,
        required=which.key in {PERIOD, "sort"},
    )


def _span(words: str, now: datetime, week_start: str) -> Value | None:
    value: Value | None = parse(words, now=now, week_start=week_start).query.value(PERIOD)
    return value


def with_form(query: Query, before: FiltersForm, after: FiltersForm, now: datetime, week_start: str) -> Query:
    """Return the question as the form was changed: `before` is what it showed.

    Raises BadFormError with the grammar's sentence for each field that cannot be.
    """
    errors: list[str] = []
    for shown, left in zip(before.fields, after.fields, strict=True):
        values = {option.value for option in left.chosen}
        if shown.key == PERIOD or values == {option.value for option in usable(shown.chosen)}:
            continue
        try:
            query = _with_field(query, shown.key, left.chosen)
        except Misread as problem:
            errors.append(f"{shown.label}: {problem}")
    try:
        if after.period == DAYS and (after.since, after.until) != (before.since, before.until):
            query = query.with_time(after.since, after.until)
        elif after.period == DAYS != before.period:
            errors.append("Choose the days below, or another period.")
        elif after.period != before.period:
            query = query.with_value(PERIOD, _span(after.period, now, week_start))
    except Misread as problem:
        errors.append(str(problem))
    if errors:
        raise BadFormError({PERIOD: " ".join(errors)})
    return query


def _with_field(query: Query, key: str, chosen: Sequence[Option]) -> Query:
    wanted = [option.value for option in chosen if not option.value.startswith(_NOT)]
    unwanted = [option.value.removeprefix(_NOT) for option in chosen if option.value.startswith(_NOT)]
    for text in (*wanted, *unwanted):
        if pasted_key := mask_keys(text)[1]:
            raise Misread(pasted_key_words(pasted_key))
    if key == "agent":
        return query.with_value("agent", _chosen_agents(query, chosen))
    text = " and ".join(filter(None, (",".join(wanted), ",".join(unwanted) and f"not {','.join(unwanted)}")))
    return with_typed(query, key, text)


def _options(which: Filter[Any], value: Value | None) -> list[Option]:
    if isinstance(value, Choice):
        wanted = [Option(each, which.title(each)) for group in value.groups for each in group]
        return wanted + [Option(f"{_NOT}{each}", f"Not {which.title(each)}") for each in value.exclude]
    if isinstance(value, Keys):
        return [Option(each, which.title(each) if each in which.offered else each) for each in value.keys]
    text = "" if value is None else which.readable(value)
    return [Option(clip(text, _OPTION_CHARS), text)] if text else []


def _agents(value: Agents) -> list[Option]:
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


def typed_option(key: str, typed: str) -> list[Option]:
    """Return what was typed into the menu of a filter as an entry; nothing where it cannot be asked for."""
    typed = typed.strip()
    if not typed or mask_keys(typed)[1]:
        return []
    try:
        with_typed(Query(), key, typed)
    except Misread:
        return []
    return [Option(typed, capital(typed))]
