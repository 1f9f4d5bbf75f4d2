"""The Filters form: a question as its values, and its values put back into the question.

It is opened on an answer, from Home or by the shortcut. The registry of filters says which have a field. What
the form does not show (a tag, a limit, "how many") stays in the question; what was not touched stays exactly
as it was. What is submitted is judged before Slack's acknowledgement; it is then recorded and answered like
any other request. Slack shows errors only at an input, so all stand at the period.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
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
from bot.blocks.block_elements import Block, context, header, section
from bot.blocks.modal_views import (
    ENTRY,
    TIME_OF_DAY,
    BadFormError,
    MenuChoice,
    chosen_choices,
    date_input,
    entered,
    external_menu,
    fitting_options,
    form,
    input_block,
    menu,
    multi_menu,
    notice_modal,
    time_input,
    usable,
)
from bot.blocks.notice_messages import pasted_key_words
from bot.blocks.text import capital, clip, escape
from bot.blocks.text import title as title_of
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import CHOSEN_COLUMNS, Selection
from bot.query import Misread, Query, parse
from bot.query.filters import BY_KEY, FILTERS, HEADINGS, Filter
from bot.query.values import AgentRef, Choice, Keys, Range, Value
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
    values, metadata = form_of(query, now, services.week_start), msgspec.json.encode(opened).decode()
    await press.show(filters_modal(values, sentence=sentence, metadata=metadata))
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
    after = read_filters(submission.state, before)
    text = with_form(query, before, after, now, services.week_start).canonical()
    posted = opened.posted
    request = Request(
        answer_id=submission.answer_id(text),
        kind="click",
        asked_at=submission.at,
        text=text,
        address=Address(
            team_id=submission.sender.team_id,
            user_id=submission.sender.user_id,
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

PERIOD, SINCE, UNTIL = "time", "since", "until"
ANY, DAYS = "any", "days"
"""Values of the period besides those that can be asked for: no time, and the days chosen below it."""
_NOT = "-"
_OPTION_CHARS = 140
ShownMoment = tuple[date | None, time | None]
_NOTHING: ShownMoment = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltersForm:
    tz: tzinfo
    chosen: Mapping[str, tuple[MenuChoice, ...]]
    """By the filters' keys. Values are the grammar's: what would stand after `key:`, a minus for not."""
    period: str = ANY
    since: datetime | None = None
    """Aware; included."""
    until: datetime | None = None
    """Aware; excluded. A midnight is shown as the day before, whole."""


def form_of(query: Query, now: datetime, week_start: str) -> FiltersForm:
    """Return what the form shows of a question. `now` is aware, in the asker's zone."""
    span = query.value(PERIOD)
    named = (words for words in BY_KEY[PERIOD].offered if _span(words, now, week_start) == span)
    return FiltersForm(
        tz=now.tzinfo or query.zone,
        chosen={
            each.key: _chosen(each, query.order if each.key == "sort" else query.value(each.key))
            for each in FILTERS
            if each.form and each.key != PERIOD
        },
        period=ANY if span is None else next(named, DAYS),
        since=query.since,
        until=query.until,
    )


def _span(words: str, now: datetime, week_start: str) -> Value | None:
    value: Value | None = parse(words, now=now, week_start=week_start).query.value(PERIOD)
    return value


def with_form(query: Query, before: FiltersForm, after: FiltersForm, now: datetime, week_start: str) -> Query:
    """Return the question as changed from `before`. Raises BadFormError with all that cannot be."""
    errors: list[str] = []
    for key, left in after.chosen.items():
        if {each.value for each in left} == {each.value for each in usable(before.chosen[key])}:
            continue
        try:
            query = _with_field(query, key, left)
        except Misread as problem:
            errors.append(f"{BY_KEY[key].form}: {problem}")
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
    values = [each.value for each in chosen]
    for text in values:
        if pasted_key := mask_keys(text)[1]:
            raise Misread(pasted_key_words(pasted_key))
    if key == "agent":
        return query.with_value("agent", _chosen_agents(query, chosen))
    wanted = ",".join(text for text in values if not text.startswith(_NOT))
    unwanted = ",".join(text.removeprefix(_NOT) for text in values if text.startswith(_NOT))
    return query.with_filter(key, " and ".join(filter(None, (wanted, unwanted and f"not {unwanted}"))))


def _chosen(which: Filter[Any], value: Value | None) -> tuple[MenuChoice, ...]:
    """Return the entries that a field shows as chosen: the grammar's values, with a minus if not wanted."""
    match value:
        case Choice():
            unwanted = [_entry(which, each) for each in value.exclude]
            without = [MenuChoice(f"{_NOT}{each.value}", f"Not {each.label}") for each in unwanted]
            return (*(_entry(which, each) for each in value.wanted), *without)
        case Keys():
            titles = {each: which.title(each) for each in which.offered}
            return tuple(MenuChoice(each, titles.get(each, each)) for each in value.keys)
        case _ if value is not None and (text := which.readable(value)):
            label = capital(which.words(value).after) if isinstance(value, Range) else text
            return (MenuChoice(clip(text, _OPTION_CHARS), label),)
    return ()


def _entry(which: Filter[Any], value: str | AgentRef) -> MenuChoice:
    if isinstance(value, AgentRef):
        return MenuChoice(value.id or f"name:{clip(value.name, _OPTION_CHARS)}", value.label)
    return MenuChoice(value, which.title(value))


def _chosen_agents(query: Query, chosen: Sequence[MenuChoice]) -> Choice | None:
    """Return the agents chosen; those that were in the question keep their names."""
    agent, old = BY_KEY["agent"], query.value("agent") or Choice()
    known = {_entry(agent, ref).value: ref for ref in (*old.wanted, *old.exclude)}
    refs: dict[bool, list[AgentRef]] = {True: [], False: []}
    for each in chosen:
        bare = each.value.removeprefix(_NOT)
        refs[bare == each.value].append(known.get(bare) or AgentRef(each.label, bare))
    return agent.checked(Choice.of(refs[True], refs[False])) if chosen else None


def typed_option(key: str, typed: str) -> list[MenuChoice]:
    """Return what was typed into the menu of a filter as an entry; nothing where it cannot be asked for."""
    typed = typed.strip()
    if typed and not mask_keys(typed)[1]:
        with contextlib.suppress(Misread):
            Query().with_filter(key, typed)
            return [MenuChoice(typed, capital(typed))]
    return []


# --- the form as Slack shows it ---


def filters_modal(values: FiltersForm, *, sentence: str = "", metadata: str = "") -> dict[str, object]:
    """Build the modal, prefilled. `metadata` becomes private_metadata: nothing personal."""
    blocks: list[Block] = [section(title_of(sentence))] if sentence else []
    for heading, filters in HEADINGS.items():
        shown_here = [each for each in filters if each.form]
        blocks += [header(heading)] if shown_here else []
        for which in shown_here:
            blocks.append(_field(which, values))
            if which.key == PERIOD:
                labels = (SINCE, "From", "Midnight"), (UNTIL, "To, included", "End of the day")
                for (block_id, label, no_time), shown in zip(labels, _shown_days(values), strict=True):
                    moment = [date_input(shown[0], "Any day"), time_input(shown[1], no_time)]
                    blocks += [context(label), {"type": "actions", "block_id": block_id, "elements": moment}]
    return form(act.FILTERS_VIEW, TITLE, "Show calls", blocks, metadata)


def _field(which: Filter[Any], values: FiltersForm) -> Block:
    """Draw a filter. A menu beside its name, as most are, may stay empty without "(optional)" behind it."""
    offered = [MenuChoice(each, which.title(each)) for each in which.offered]
    if which.key == PERIOD:
        offered = [MenuChoice(ANY, "Any time"), *offered, MenuChoice(DAYS, "The days below")]
        return input_block(PERIOD, which.form, menu(offered, values.period), optional=False)
    chosen = values.chosen[which.key]
    if which.key == "sort":
        return input_block(which.key, which.form, menu(offered, chosen[0].value), optional=False)
    asked_for = _asked_for(which)
    element = external_menu("Any", asked_for, chosen) if asked_for else multi_menu("Any", offered, chosen)
    if which.most_chosen is not None:
        element["max_selected_items"] = which.most_chosen
    return section(f"*{escape(which.form)}*", element) | {"block_id": which.key}


def _asked_for(which: Filter[Any]) -> str:
    """Name the menu for which Slack asks what it offers as the person types; "" for the others."""
    return "" if not which.typed else act.AGENT_MENU if which.key == "agent" else act.FILTER_MENU


def read_filters(state: object, before: FiltersForm) -> FiltersForm:
    """Read `view.state.values` back. `before` filled the modal: what was not touched stays exactly as it was.

    Days that were changed count more than the period. Raises BadFormError for what days cannot be.
    """
    shown = _shown_days(before)
    try:
        picked = (_picked(state, SINCE), _picked(state, UNTIL))
        meant = (_meant(picked[0], before.tz, days=0), _meant(picked[1], before.tz, days=1))
    except (ValueError, OverflowError):
        raise BadFormError({PERIOD: "This is not a day I can use. Choose one from the calendar."}) from None
    period = entered(state, PERIOD) or before.period
    since, until = before.since, before.until
    if picked != shown:
        kept = before.period == DAYS
        since = since if kept and picked[0] == shown[0] else meant[0]
        until = until if kept and picked[1] == shown[1] else meant[1]
        period = DAYS
        if any(of_day and not day for day, of_day in picked):
            raise BadFormError({PERIOD: "A time of day needs a day: choose one, or clear the time."})
        if since is not None and until is not None and since >= until:
            raise BadFormError({PERIOD: "The end is before the beginning. Choose other days."})
    chosen = {key: chosen_choices(state, key, _asked_for(BY_KEY[key]) or ENTRY) for key in before.chosen}
    if "sort" in chosen:
        order = entered(state, "sort")
        chosen["sort"] = (MenuChoice(order, order),) if order else before.chosen["sort"]
    return FiltersForm(tz=before.tz, chosen=chosen, period=period, since=since, until=until)


def _shown_days(values: FiltersForm) -> tuple[ShownMoment, ShownMoment]:
    """Return both bounds as the form shows them, if they are what it asks for."""
    if values.period != DAYS:
        return _NOTHING, _NOTHING
    return _shown(values.since, values.tz, 0), _shown(values.until, values.tz, 1)


def _shown(moment: datetime | None, tz: tzinfo, days: int) -> ShownMoment:
    """Return a bound as it is shown: a midnight as a whole day, so many before it."""
    if moment is None:
        return _NOTHING
    local = moment.astimezone(tz)
    if local.time() == time.min:
        return local.date() - timedelta(days), None
    return local.date(), local.time().replace(second=0, microsecond=0)


def _meant(picked: ShownMoment, tz: tzinfo, *, days: int) -> datetime | None:
    """Return the bound that was picked: without a time of day a midnight, so many days after it."""
    day, of_day = picked
    if day is None:
        return None
    return datetime.combine(day if of_day else day + timedelta(days), of_day or time.min, tz)


def _picked(state: object, block_id: str) -> ShownMoment:
    day, of_day = entered(state, block_id), entered(state, block_id, TIME_OF_DAY)
    return date.fromisoformat(day) if day else None, time.fromisoformat(of_day) if of_day else None
