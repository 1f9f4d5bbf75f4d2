"""What Bolt calls: one table of presses, forms and events, and what each does.

The global middleware has recorded already what is answered as a whole. Here a press is acknowledged at once,
and what it opens is shown right after, in the background: a modal is opened with the press's own trigger,
which lives three seconds, and filled when that is there.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import alert_requests, clicks, filters_form, opened_calls, saved_questions
from bot.answers.access import FormSubmission, ModalPress, View, submit_form
from bot.answers.answer import Request, Services
from bot.answers.answering import PROMPTS
from bot.answers.error_messages import words_for
from bot.answers.home_tab import show_home
from bot.answers.ports import Address, Posted, ReplyError
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.modal_views import BadFormError, form_errors, loading_modal, noted
from bot.blocks.notice_messages import trouble_message
from bot.slack.intake import address_of, listed_in, menu_pick, message_text, posted_of
from bot.slack.slack_api import call

log = structlog.get_logger(__name__)

FIND_CALL = "find_call"
"""The message shortcut's callback_id, as in manifest.yml."""
OPEN_FILTERS = "open_filters"
"""The global shortcut's callback_id, as in manifest.yml."""
Start = Callable[[Request], Awaitable[None]]
"""Records a request durably and begins to answer it."""
_ANY = re.compile(r".*", re.DOTALL)
_COMING = {
    act.TRANSCRIPT_FILE: "The transcript is on its way to your direct messages.",
    act.AUDIO_FILE: "The recording is on its way to your direct messages.",
}


class Press:
    """What Slack sends when something is pressed, chosen, opened or submitted."""

    def __init__(self, body: dict[str, Any], payload: dict[str, Any]) -> None:
        """`payload` is the part of the body that Bolt picks: the action, the view, the event."""
        chosen = payload.get("selected_option") or {}
        self.body, self.payload = body, payload
        self.value = str(chosen.get("value") or payload.get("value") or "")
        """What a button carries, or the chosen option."""
        self.metadata = str(payload.get("private_metadata") or "")
        """What a submitted form was opened with."""

    @property
    def state(self) -> object:
        """What was entered in a submitted form."""
        return (self.payload.get("state") or {}).get("values")

    @property
    def id(self) -> str:
        """What names it in the log."""
        return f"press-{self.body.get('trigger_id') or ''}"


Work = Callable[[Press], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Listener:
    kind: str
    """What Bolt calls it: action, view, options, event, command, message_shortcut or global_shortcut."""
    on: str | re.Pattern[str]
    """Which of its kind; an action's id may have a number after a dot (`actions.numbered`)."""
    when: Callable[[Press], bool] | None = None
    answer: Callable[[Press], Awaitable[dict[str, Any]]] | None = None
    """Returns what the acknowledgement says; Slack waits for it."""
    work: Work | None = None
    """What is done after the acknowledgement."""


class Background:
    """Tasks that nobody waits for. Bolt keeps no reference to what its listeners start, so this does."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> int:
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin some work; what it raises is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background work failed", error=type(error).__name__, exc_info=error)

    async def aclose(self) -> None:
        """Give up what still goes on: a modal that is not filled in time is pressed again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Listeners:
    """Serves what must be there within Slack's three seconds."""

    client: AsyncWebClient
    services: Services
    background: Background
    start: Start

    def table(self) -> tuple[Listener, ...]:
        """Return every listener. Bolt takes the first that matches; the last three acknowledge the rest."""
        show_request = self._opens(opened_calls.API_TITLE, opened_calls.show_api_request)
        save = self._opens(saved_questions.TITLE, saved_questions.open_save_form)
        tell = self._opens(alert_requests.TITLE, alert_requests.open_tell_form)
        share = self._opens(clicks.SHARE_TITLE, clicks.open_share_form)
        filters = self._opens(filters_form.TITLE, filters_form.open_filters, _filters_of)
        find = self._opens(opened_calls.TITLE, opened_calls.find_call, _text_of)
        call = self._opens(opened_calls.TITLE, opened_calls.open_call, _call_of)
        save_form = partial(self._keep, saved_questions.TITLE, saved_questions.keep_question)
        tell_form = partial(self._keep, alert_requests.TITLE, alert_requests.keep_watched)
        record = self._record
        return (
            Listener("action", act.OPEN_CALL, work=call),
            Listener("action", act.CALL_PAGE, work=self.turn_page),
            Listener("action", act.CALL_API, work=show_request),
            Listener("action", act.MORE, when=_picks(act.SHOW_API), work=show_request),
            Listener("action", act.TRANSCRIPT_FILE, when=_in_modal, work=self.say_file_comes),
            Listener("action", act.AUDIO_FILE, when=_in_modal, work=self.say_file_comes),
            Listener("action", act.SAVE, work=save),
            Listener("action", act.MORE, when=_picks(act.SAVE), work=save),
            Listener("action", act.SAVED_MENU, when=_picks(act.SAVED_EDIT), work=save),
            Listener("action", act.WATCH_MENU, when=_picks(act.SAVED_EDIT), work=tell),
            Listener("action", act.TELL_ME, work=tell),
            Listener("action", act.FILTERS, work=filters),
            Listener("action", act.SHARE, work=share),
            Listener("options", act.AGENT_MENU, answer=self.filter_options),
            Listener("options", act.FILTER_MENU, answer=self.filter_options),
            Listener("view", act.SAVE_VIEW, answer=save_form),
            Listener("view", act.TELL_VIEW, answer=tell_form),
            Listener("view", act.FILTERS_VIEW, answer=partial(record, filters_form.read_filters_form)),
            Listener("view", act.SHARE_VIEW, answer=partial(record, clicks.read_share_form)),
            Listener("message_shortcut", FIND_CALL, work=find),
            Listener("global_shortcut", OPEN_FILTERS, work=filters),
            Listener("event", "app_home_opened", work=self.open_home),
            Listener("event", _ANY),
            Listener("action", _ANY),
            # A workspace may have renamed the command; the manifest registers ours.
            Listener("command", _ANY),
        )

    def register(self, app: AsyncApp) -> None:
        for listener in self.table():
            on: str | re.Pattern[str] = listener.on
            if listener.kind == "action" and isinstance(on, str):
                on = re.compile(rf"^{on}(\.\d+)?$")
            matchers = [] if listener.when is None else [_matcher(listener.when)]
            getattr(app, listener.kind)(on, matchers)(self._listen(listener))

    def _listen(self, listener: Listener) -> Callable[..., Awaitable[None]]:
        async def listen(ack: AsyncAck, body: dict[str, Any], payload: dict[str, Any]) -> None:
            press = Press(body, payload)
            await ack(**(await listener.answer(press) if listener.answer is not None else {}))
            if listener.work is not None:
                self.background.spawn(listener.work(press))

        return listen

    async def _begin(self, press: Press, first: View) -> ModalPress | None:
        """Show the first view: over the modal that was pressed in, or as a new one.

        None when Slack did not open it (the trigger is too old, say): the presser has been told then.
        """
        body = press.body
        inside = body.get("view") or {}
        method = self.client.views_push if inside.get("type") == "modal" else self.client.views_open
        try:
            opened = await call(method, trigger_id=body.get("trigger_id"), view=first)
        except ReplyError as refused:
            if refused.code == "push_limit_reached":
                return self._modal(press, inside.get("id"))
            log.info("modal not opened", code=refused.code)
            words = words_for(refused)
            told = trouble_message(words.headline, words.next_step)
            try:
                await self.services.reply_to(address_of(body)).fail(told)
            except ReplyError as again:
                log.warning("nowhere to say it", code=again.code)
            return None
        return self._modal(press, (opened.get("view") or {}).get("id"))

    def _inside(self, press: Press) -> ModalPress:
        """Return a press in a modal, which shows what it did when it was pressed in."""
        view = press.body.get("view") or {}
        return self._modal(press, view.get("id"), view.get("hash") or None)

    def _modal(self, press: Press, view_id: object, seen: str | None = None) -> ModalPress:
        """Return a press with a modal. Showing raises ReplyError: `not_found` when its reader has closed it.

        `seen` is the hash of what was pressed in, None where nothing was yet; what another press has put
        there meanwhile is left.
        """

        async def show(view: View) -> None:
            nonlocal seen
            try:
                shown = await call(self.client.views_update, view_id=str(view_id), view=view, hash=seen)
            except ReplyError as refused:
                if refused.code != "hash_conflict":
                    raise
                log.info("modal shows something else by now")
                return
            if seen is not None:
                seen = (shown.get("view") or {}).get("hash") or None

        return ModalPress(self.services, address_of(press.body), press.id, show)

    def _opens(
        self,
        title: str,
        fill: Callable[..., Awaitable[None]],
        arguments: Callable[[Press], tuple[Any, ...]] = lambda press: (press.value,),
    ) -> Work:
        """Open a modal that says to wait, and let `fill` fill it, from what is pressed on."""

        async def work(press: Press) -> None:
            opened = await self._begin(press, loading_modal(title))
            if opened is not None:
                await opened.serve(title, lambda asker: fill(opened, asker, *arguments(press)))

        return work

    async def turn_page(self, press: Press) -> None:
        """Turn to another page of the transcript, in the modal that was pressed in."""
        pressed = self._inside(press)
        await pressed.serve(
            opened_calls.TITLE, lambda asker: opened_calls.turn_transcript(pressed, asker, press.value)
        )

    async def say_file_comes(self, press: Press) -> None:
        words = _COMING[act.base(str(press.payload.get("action_id")))]
        await self._inside(press).show(noted(press.body["view"], words))

    async def _keep(self, title: str, keep: Callable[..., Awaitable[View]], press: Press) -> dict[str, Any]:
        """Save or watch what was entered; it stands in Home right after."""
        address, services = address_of(press.body), self.services
        errors, view = await submit_form(
            services,
            address,
            press.id,
            title,
            lambda asker: keep(services, address, asker, press.metadata, press.state),
        )
        if errors:
            return {"response_action": "errors", "errors": errors}
        self.background.spawn(show_home(services, address))
        return {"response_action": "update", "view": view}

    async def _record(
        self, read: Callable[[Services, FormSubmission], Awaitable[tuple[Request, View | None]]], press: Press
    ) -> dict[str, Any]:
        """Record what was submitted before Slack hears that we have it; a failure keeps the form open."""
        sender = address_of(press.body)
        submission = FormSubmission(
            view_id=str(press.payload.get("id") or ""),
            view_hash=str(press.payload.get("hash") or ""),
            metadata=press.metadata,
            state=press.state,
            team_id=sender.team_id,
            user_id=sender.user_id,
            at=self.services.clock(),
        )
        try:
            request, view = await read(self.services, submission)
        except BadFormError as bad:
            return form_errors(bad.errors)
        await self.start(request)
        return {} if view is None else {"response_action": "update", "view": view}

    async def filter_options(self, press: Press) -> dict[str, Any]:
        """Return what a menu of the Filters form offers for what was typed."""
        key = str(press.payload.get("block_id") or "")
        return await filters_form.offered(self.services, address_of(press.body), key, press.value)

    async def open_home(self, press: Press) -> None:
        """Draw Home when it is opened; offer prompts beside the direct message."""
        event, services = press.payload, self.services
        user_id, channel_id = str(event.get("user") or ""), str(event.get("channel") or "")
        if event.get("tab") == "home" and user_id:
            team_id = str(press.body.get("team_id") or "")
            await show_home(services, Address(team_id=team_id, user_id=user_id, channel_id=""))
        elif event.get("tab") == "messages" and channel_id:
            await services.tabs.prompts(channel_id, PROMPTS)


def _matcher(when: Callable[[Press], bool]) -> Callable[..., Awaitable[bool]]:
    async def matches(body: dict[str, Any], payload: dict[str, Any]) -> bool:
        return when(Press(body, payload))

    return matches


def _picks(pick: str) -> Callable[[Press], bool]:
    """Whether this was chosen in the menu of a list or a saved question."""
    return lambda press: menu_pick(press.payload) == pick


def _in_modal(press: Press) -> bool:
    return bool((press.body.get("view") or {}).get("type") == "modal")


def _call_of(press: Press) -> tuple[str, str, tuple[Posted, str] | None]:
    return press.value, str(press.payload.get("block_id") or ""), listed_in(press.body)


def _text_of(press: Press) -> tuple[str]:
    return (message_text(press.body.get("message")),)


def _filters_of(press: Press) -> tuple[str, Posted | None]:
    """Return what the form is opened on; the shortcut opens an empty one."""
    return press.value or act.encode(Pointer("")), posted_of(press.body)
