"""The Filters form: a question as its values, and its values put back into the question.

It is opened on an answer, from Home or by the shortcut. The registry of filters says which have a field. What
the form does not show (a tag, a limit, "how many") stays in the question; what was not touched stays exactly
as it was. What is submitted is judged before Slack's acknowledgement, so that errors stand beside their
fields; it is then recorded and answered like any other request (`question_answer.answer_changed_filters`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import FormSubmission, ModalPress, View
from bot.answers.answer import Click, Request, Services
from bot.answers.ports import Address, Asker, Posted, ReplyError, is_direct_message, thread_read
from bot.answers.typed_texts import MOST_AGENTS, query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.filters_modal import (
    ANY,
    DAYS,
    PERIOD,
    FiltersForm,
    FormField,
    filters_modal,
    fitting_options,
    read_filters,
)
from bot.blocks.modal_views import BadFormError, MenuChoice, notice_modal, usable
from bot.blocks.notice_messages import pasted_key_words
from bot.blocks.text import capital, clip
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import CHOSEN_COLUMNS, Selection
from bot.query import Misread, Query, parse
from bot.query.filters import BY_KEY, Filter, in_groups
from bot.query.values import AgentRef, Choice, Keys, Value
from bot.redaction import mask_keys

log = structlog.get_logger(__name__)

TITLE = "Filters"
OPTIONS_SECS = 2.0
"""Slack waits three seconds for a menu's options."""
_TOO_OLD = "The question behind this form is no longer kept. Close it and ask anew."
_FRESH = "That answer is too old to change. These filters ask anew"


class OpenFilters(msgspec.Struct, frozen=True, kw_only=True):
    """What an open form keeps in Slack (private_metadata): Slack's ids and ours, nothing personal."""

    question_id: str = ""
    """The question that the form was filled from; "" for a fresh one."""
    tz: str = "UTC"
    """The zone in which its times were shown."""
    at: float = 0.0
    """Unix seconds at which it was opened: what "today" was then."""
    posted: Posted | None = None
    """The message to change; None when the answer is a new one."""


async def open_filters(press: ModalPress, asker: Asker, value: str, posted: Posted | None) -> None:
    """Show the form, filled from the question that a button's value points at; empty without one."""
    services = press.services
    zone = ZoneInfo(asker.tz)
    now = datetime.fromtimestamp(services.clock(), zone)
    query, opened = Query(zone=zone), OpenFilters(tz=asker.tz, at=now.timestamp())
    sentence = _FRESH if value != act.encode(Pointer("")) else ""
    with contextlib.suppress(BadValueError):
        question_id = act.decode(value).question_id
        question = await services.questions.get(question_id) if question_id else None
        if question is not None:
            opened = msgspec.structs.replace(opened, question_id=question_id, posted=posted)
            query = query_of(services, question)
            sentence = query.sentence()
    form, metadata = form_of(query, now, services.week_start), msgspec.json.encode(opened).decode()
    await press.show(filters_modal(form, tz=zone, sentence=sentence, metadata=metadata))
    try:  # so that the menu of agents is there when it is opened
        await services.conversations.agents()
    except ElevenLabsError as error:
        log.info("no agents for the menu yet", error=type(error).__name__)


async def offered(services: Services, address: Address, key: str, typed: str) -> dict[str, object]:
    """Return what the menu of a filter offers; nothing for a stranger, or when it comes too late."""
    choices: list[MenuChoice] = []
    try:
        async with asyncio.timeout(OPTIONS_SECS):
            asker = await services.people.asker(address)
            if asker.refused is None:
                choices = await _choices(services, key, typed)
    except (TimeoutError, ElevenLabsError, ReplyError) as error:
        log.info("nothing for a menu", key=key if key in BY_KEY else "", error=type(error).__name__)
    return fitting_options(choices, typed)


async def _choices(services: Services, key: str, typed: str) -> list[MenuChoice]:
    which = BY_KEY.get(key)
    if which is None or not which.typed:
        return []
    client = services.conversations
    if key == "agent":
        return [MenuChoice(agent.agent_id, agent.name) for agent in await client.agents()]
    known = [MenuChoice(each, which.title(each)) for each in which.offered]
    if key in {"tool", "tool-failed"}:
        used = {name for row in (await client.first(Selection())).rows for name in row.tool_names}
        known = [MenuChoice(name, name) for name in sorted(used)]
    if key == "columns":  # first what the company chose for its own dashboard
        agent_ids = [agent.agent_id for agent in await client.agents()][:MOST_AGENTS]
        settings = client.agent_settings
        fields = [*await settings.dashboard(), *await settings.fields(agent_ids)]
        names = {field.column: f"{field.name} ({field.column})" for field in reversed(fields)}
        known = [MenuChoice(each.column, names[each.column]) for each in fields]
        return [*known, *(MenuChoice(name, which.title(name)) for name in CHOSEN_COLUMNS)]
    if any(typed.casefold() == choice.label.casefold() for choice in known):
        return known
    return [*typed_option(key, typed), *known]


async def read_filters_form(services: Services, submission: FormSubmission) -> tuple[Request, View | None]:
    """Read a submitted form into a request, and what is shown instead of it. Raises BadFormError."""
    try:
        opened = msgspec.json.decode(submission.metadata, type=OpenFilters)
        zone = ZoneInfo(opened.tz)
    except (msgspec.MsgspecError, KeyError, ValueError, OSError):
        raise BadFormError({PERIOD: _TOO_OLD}) from None
    query = Query(zone=zone)
    if opened.question_id:
        question = await services.questions.get(opened.question_id)
        if question is None:  # what the form does not show would be lost
            raise BadFormError({PERIOD: _TOO_OLD})
        query = query_of(services, question)
    then, now = (datetime.fromtimestamp(at, zone) for at in (opened.at or submission.at, submission.at))
    before = form_of(query, then, services.week_start)
    after = read_filters(submission.state, tz=zone, before=before)
    text = with_form(query, before, after, now, services.week_start).canonical()
    posted = opened.posted
    request = Request(
        answer_id=submission.answer_id(text),
        kind="click",
        asked_at=submission.at,
        text=text,
        address=Address(
            team_id=submission.team_id,
            user_id=submission.user_id,
            channel_id="" if posted is None else posted.channel_id,
            thread_ts=None if posted is None else posted.thread,
            reads_in=None if posted is None else thread_read(posted.thread_ts, posted.ts),
            private=posted is None or is_direct_message(posted.channel_id),
        ),
        click=Click(action_id=act.FILTERS_VIEW, value=act.encode(Pointer(opened.question_id)), posted=posted),
    )
    words = "The answer is on its way to your direct messages."
    return request, notice_modal(TITLE, words) if posted is None else None


# --- a question as what the form shows, and back ---

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
    offered = tuple(MenuChoice(each, which.title(each)) for each in which.offered)
    if which.key == PERIOD:
        offered = (MenuChoice(ANY, "Any time"), *offered, MenuChoice(DAYS, "The days below"))
    menu = act.AGENT_MENU if which.key == "agent" else act.FILTER_MENU
    return FormField(
        key=which.key,
        label=which.form,
        group=which.group,
        choices=offered,
        chosen=_chosen(which, query.order if which.key == "sort" else query.value(which.key)),
        asked_for=menu if which.typed else "",
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


def _with_field(query: Query, key: str, chosen: Sequence[MenuChoice]) -> Query:
    wanted = [option.value for option in chosen if not option.value.startswith(_NOT)]
    unwanted = [option.value.removeprefix(_NOT) for option in chosen if option.value.startswith(_NOT)]
    for text in (*wanted, *unwanted):
        if pasted_key := mask_keys(text)[1]:
            raise Misread(pasted_key_words(pasted_key))
    if key == "agent":
        return query.with_value("agent", _chosen_agents(query, chosen))
    text = " and ".join(filter(None, (",".join(wanted), ",".join(unwanted) and f"not {','.join(unwanted)}")))
    return query.with_filter(key, text)


def _chosen(which: Filter[Any], value: Value | None) -> tuple[MenuChoice, ...]:
    """Return the entries that a field shows as chosen: the grammar's values, with a minus if not wanted."""
    wanted: list[MenuChoice] = []
    unwanted: list[MenuChoice] = []
    match value:
        case Choice() if which.key == "agent":
            wanted = [MenuChoice(_agent_value(ref), ref.label) for ref in value.wanted]
            unwanted = [MenuChoice(_agent_value(ref), ref.label) for ref in value.exclude]
        case Choice():
            wanted = [MenuChoice(each, which.title(each)) for each in value.wanted]
            unwanted = [MenuChoice(each, which.title(each)) for each in value.exclude]
        case Keys():
            titles = {each: which.title(each) for each in which.offered}
            wanted = [MenuChoice(each, titles.get(each, each)) for each in value.keys]
        case _ if value is not None and (text := which.readable(value)):
            wanted = [MenuChoice(clip(text, _OPTION_CHARS), text)]
    return (*wanted, *(MenuChoice(f"{_NOT}{each.value}", f"Not {each.label}") for each in unwanted))


def _agent_value(ref: AgentRef) -> str:
    return ref.id or f"name:{clip(ref.name, _OPTION_CHARS)}"


def _chosen_agents(query: Query, chosen: Sequence[MenuChoice]) -> Choice | None:
    """Return the agents chosen; those that were in the question keep their names."""
    old = query.value("agent") or Choice()
    known = {_agent_value(ref): ref for ref in (*old.wanted, *old.exclude)}
    refs: dict[bool, list[AgentRef]] = {True: [], False: []}
    for option in chosen:
        bare = option.value.removeprefix(_NOT)
        refs[bare == option.value].append(known.get(bare) or AgentRef(option.label, bare))
    return BY_KEY["agent"].checked(Choice.of(refs[True], refs[False])) if chosen else None


def typed_option(key: str, typed: str) -> list[MenuChoice]:
    """Return what was typed into the menu of a filter as an entry; nothing where it cannot be asked for."""
    typed = typed.strip()
    if not typed or mask_keys(typed)[1]:
        return []
    try:
        Query().with_filter(key, typed)
    except Misread:
        return []
    return [MenuChoice(typed, capital(typed))]
