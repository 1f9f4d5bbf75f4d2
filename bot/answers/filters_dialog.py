"""The Filters form: opened on an answer, from Home or by the shortcut; read back when it is submitted.

What is submitted is judged before Slack's acknowledgement, so that errors stand beside their fields; it is
then recorded and answered like any other request (see `question_answer.answer_changed_filters`).
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import FormResult, FormSubmission, ModalPress, View
from bot.answers.answer import Click, Request, Services
from bot.answers.filters_form import form_of, typed_option, with_form
from bot.answers.ports import Address, Asker, Posted, ReplyError, is_direct_message, thread_read
from bot.answers.typed_texts import MOST_AGENTS, query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.filters_modal import PERIOD, filters_modal, fitting_options, read_filters
from bot.blocks.inputs import BadFormError, MenuChoice, form_errors
from bot.blocks.modal_views import notice_modal
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import CHOSEN_COLUMNS, Selection
from bot.query import Query
from bot.query.filters import BY_KEY

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


async def open_filters(press: ModalPress, value: str, posted: Posted | None) -> None:
    """Show the form, filled from the question that a button's value points at; empty without one."""
    services = press.services

    async def open_it(asker: Asker) -> None:
        await press.show(await _view(services, asker, value, posted))
        try:  # so that the menu of agents is there when it is opened
            await services.conversations.agents()
        except ElevenLabsError as error:
            log.info("no agents for the menu yet", error=type(error).__name__)

    await press.serve(TITLE, open_it)


async def _view(services: Services, asker: Asker, value: str, posted: Posted | None) -> View:
    try:
        question_id = act.decode(value).question_id
    except BadValueError:
        question_id, posted = "", None
    question = await services.questions.get(question_id) if question_id else None
    zone = ZoneInfo(asker.tz)
    now = datetime.fromtimestamp(services.clock(), zone)
    if question is None:
        too_old = _FRESH if value != act.encode(Pointer("")) else ""
        metadata = msgspec.json.encode(OpenFilters(tz=asker.tz, at=now.timestamp())).decode()
        form = form_of(Query(zone=zone), now, services.week_start)
        return filters_modal(form, tz=zone, sentence=too_old, metadata=metadata)
    query = query_of(question, week_start=services.week_start)
    form = form_of(query, now, services.week_start)
    opened = OpenFilters(question_id=question_id, tz=asker.tz, at=now.timestamp(), posted=posted)
    metadata = msgspec.json.encode(opened).decode()
    return filters_modal(form, tz=zone, sentence=query.sentence(), metadata=metadata)


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


async def read_filters_form(services: Services, submission: FormSubmission) -> FormResult:
    """Read a submitted form into a request, or into errors beside its fields."""
    try:
        opened = msgspec.json.decode(submission.metadata, type=OpenFilters)
        zone = ZoneInfo(opened.tz)
    except (msgspec.MsgspecError, KeyError, ValueError, OSError):
        return FormResult(None, form_errors({PERIOD: _TOO_OLD}))
    query = Query(zone=zone)
    if opened.question_id:
        question = await services.questions.get(opened.question_id)
        if question is None:  # what the form does not show would be lost
            return FormResult(None, form_errors({PERIOD: _TOO_OLD}))
        query = query_of(question, week_start=services.week_start)
    then, now = (datetime.fromtimestamp(at, zone) for at in (opened.at or submission.at, submission.at))
    before = form_of(query, then, services.week_start)
    try:
        after = read_filters(submission.state, tz=zone, before=before)
        query = with_form(query, before, after, now, services.week_start)
    except BadFormError as wrong:
        return FormResult(None, form_errors(wrong.errors))
    request = _request(submission, opened, query.canonical())
    if opened.posted is not None:
        return FormResult(request, {})
    words = "The answer is on its way to your direct messages."
    return FormResult(request, {"response_action": "update", "view": notice_modal(TITLE, words)})


def _request(submission: FormSubmission, opened: OpenFilters, text: str) -> Request:
    """Return what is recorded."""
    posted = opened.posted
    return Request(
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
