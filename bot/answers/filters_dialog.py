"""The Filters form: opened on an answer, from Home or by the shortcut; read back when it is submitted.

What is submitted is judged before Slack's acknowledgement, so that errors stand beside their fields; it is
then recorded and answered like any other request (see `question_answer.answer_changed_filters`).
"""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import FormResult, FormSubmission, ModalPress, View
from bot.answers.answer import Click, Request, Services
from bot.answers.filters_form import form_of, menus_for, with_form
from bot.answers.ports import Address, Asker, Posted, ReplyError, is_direct_message, thread_read
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.filters_modal import RESULT, FiltersForm, agent_options, filters_modal, read_filters
from bot.blocks.inputs import BadFormError, form_errors
from bot.blocks.modal_views import notice_modal
from bot.elevenlabs.errors import ElevenLabsError
from bot.query import Query

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
    if question is None:
        too_old = _FRESH if value != act.encode(Pointer("")) else ""
        metadata = msgspec.json.encode(OpenFilters(tz=asker.tz)).decode()
        return filters_modal(FiltersForm(), tz=zone, sentence=too_old, metadata=metadata)
    query = query_of(question, week_start=services.week_start)
    form = form_of(query)
    opened = OpenFilters(question_id=question_id, tz=asker.tz, posted=posted)
    return filters_modal(
        form,
        tz=zone,
        sentence=query.sentence(),
        metadata=msgspec.json.encode(opened).decode(),
        menus=menus_for(form),
    )


async def offered_agents(services: Services, address: Address, typed: str) -> dict[str, object]:
    """Return the options of the menu of agents; none for a stranger, or when they come too late."""
    try:
        async with asyncio.timeout(OPTIONS_SECS):
            asker = await services.people.asker(address)
            agents = () if asker.refused is not None else await services.conversations.agents()
    except (TimeoutError, ElevenLabsError, ReplyError) as error:
        log.info("no agents for the menu", error=type(error).__name__)
        agents = ()
    return agent_options(agents, typed)


async def read_filters_form(services: Services, submission: FormSubmission) -> FormResult:
    """Read a submitted form into a request, or into errors beside its fields."""
    try:
        opened = msgspec.json.decode(submission.metadata, type=OpenFilters)
        zone = ZoneInfo(opened.tz)
    except (msgspec.MsgspecError, KeyError, ValueError, OSError):
        return FormResult(None, form_errors({RESULT: _TOO_OLD}))
    query = Query(zone=zone)
    if opened.question_id:
        question = await services.questions.get(opened.question_id)
        if question is None:  # what the form does not show would be lost
            return FormResult(None, form_errors({RESULT: _TOO_OLD}))
        query = query_of(question, week_start=services.week_start)
    before = form_of(query)
    try:
        query = with_form(query, before, read_filters(submission.state, tz=zone, before=before))
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
