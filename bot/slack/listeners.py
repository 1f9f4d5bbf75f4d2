"""The Bolt app, into which both transports dispatch: one table of presses, forms and events, what each does.

One global middleware records what is asked before it is acknowledged; listeners do the rest.
`process_before_response` keeps a listener inside its request, so that nothing runs unobserved after the
acknowledgement: what takes time is a durable answer. A press is acknowledged at once, and what it opens is
shown right after, in the background: a modal is opened with the press's own trigger, which lives three
seconds, and filled when that is there.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import alert_requests, clicks, filters_form, opened_calls, saved_questions
from bot.answers.access import FormSubmission, KeepEntered, ModalPress, View, submit_form
from bot.answers.answer import Request, Services
from bot.answers.answering import PROMPTS
from bot.answers.error_messages import words_for
from bot.answers.home_tab import show_home
from bot.answers.ports import Address, Posted, ReplyError
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.modal_views import BadFormError, form_errors, loading_modal, noted
from bot.blocks.notice_messages import trouble_message
from bot.model import PLAIN_TEXT, HttpAnswer
from bot.slack import intake
from bot.slack.intake import address_of
from bot.slack.slack_api import call
from bot.slack.slack_people import Identity

log = structlog.get_logger(__name__)

FIND_CALL, OPEN_FILTERS = "find_call", "open_filters"
"""The callback_ids of the message shortcut and of the global one, as in manifest.yml."""
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
        self.id = f"press-{body.get('trigger_id') or ''}"
        """What names it in the log."""


Work = Callable[[Press], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Listener:
    kind: str
    """What Bolt calls it: action, view, options, event, command, message_shortcut or global_shortcut."""
    on: str | re.Pattern[str]
    """Which of its kind; an action's id may have a number after a dot (`actions.numbered`)."""
    when: Callable[..., Awaitable[bool]] | None = None
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
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


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
        filters = self._opens(filters_form.TITLE, filters_form.open_filters, _filters_of)
        call = self._opens(opened_calls.TITLE, opened_calls.open_call, _call_of)
        save_form = partial(self._keep, saved_questions.TITLE, saved_questions.keep_question)
        tell_form = partial(self._keep, alert_requests.TITLE, alert_requests.keep_watched)
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
            Listener("action", act.SHARE, work=self._opens(clicks.SHARE_TITLE, clicks.open_share_form)),
            Listener("options", act.AGENT_MENU, answer=self.filter_options),
            Listener("options", act.FILTER_MENU, answer=self.filter_options),
            Listener("view", act.SAVE_VIEW, answer=save_form),
            Listener("view", act.TELL_VIEW, answer=tell_form),
            Listener("view", act.FILTERS_VIEW, answer=partial(self._record, filters_form.read_filters_form)),
            Listener("view", act.SHARE_VIEW, answer=partial(self._record, clicks.read_share_form)),
            Listener(
                "message_shortcut",
                FIND_CALL,
                work=self._opens(opened_calls.TITLE, opened_calls.find_call, _text_of),
            ),
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
            matchers = [] if listener.when is None else [listener.when]
            getattr(app, listener.kind)(on, matchers)(self._listen(listener))

    def _listen(self, listener: Listener) -> Callable[..., Awaitable[None]]:
        async def listen(ack: AsyncAck, body: dict[str, Any], payload: dict[str, Any]) -> None:
            press = Press(body, payload)
            await ack(**(await listener.answer(press) if listener.answer is not None else {}))
            if listener.work is not None:
                self.background.spawn(listener.work(press))

        return listen

    async def _begin(self, press: Press, first: View) -> ModalPress | None:
        """Show the first view, over a modal if pressed in one; None when Slack refuses, which is told."""
        inside = press.body.get("view") or {}
        method = self.client.views_push if inside.get("type") == "modal" else self.client.views_open
        try:
            opened = await call(method, trigger_id=press.body.get("trigger_id"), view=first)
        except ReplyError as refused:
            if refused.code == "push_limit_reached":
                return self._modal(press, str(inside.get("id")))
            log.info("modal not opened", code=refused.code)
            words = words_for(refused)
            try:
                told = trouble_message(words.headline, words.next_step)
                await self.services.reply_to(address_of(press.body)).fail(told)
            except ReplyError as again:
                log.warning("nowhere to say it", code=again.code)
            return None
        return self._modal(press, str((opened.get("view") or {}).get("id")))

    def _modal(self, press: Press, view_id: str | None = None) -> ModalPress:
        """Return a press with the modal that was opened for it; or the one that it was made in, if unchanged.

        Showing raises ReplyError: `not_found` when its reader has closed it.
        """
        inside = press.body.get("view") or {}
        seen = None if view_id else inside.get("hash") or None
        view_id = view_id or str(inside.get("id"))

        async def show(view: View) -> None:
            nonlocal seen
            try:
                shown = await call(self.client.views_update, view_id=view_id, view=view, hash=seen)
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
        pressed = self._modal(press)
        await pressed.serve(
            opened_calls.TITLE, lambda asker: opened_calls.turn_transcript(pressed, asker, press.value)
        )

    async def say_file_comes(self, press: Press) -> None:
        words = _COMING[act.base(str(press.payload.get("action_id")))]
        await self._modal(press).show(noted(press.body["view"], words))

    async def _keep(self, title: str, keep: KeepEntered, press: Press) -> dict[str, Any]:
        """Save or watch what was entered; it stands in Home right after."""
        services, submission = self.services, self._submission(press)
        try:
            view = await submit_form(services, keep, submission, title)
        except BadFormError as bad:
            return {"response_action": "errors", "errors": bad.errors}
        self.background.spawn(show_home(services, submission.sender))
        return {"response_action": "update", "view": view}

    async def _record(
        self, read: Callable[[Services, FormSubmission], Awaitable[tuple[Request, View | None]]], press: Press
    ) -> dict[str, Any]:
        """Record what was submitted before Slack hears that we have it; a failure keeps the form open."""
        try:
            request, view = await read(self.services, self._submission(press))
        except BadFormError as bad:
            return form_errors(bad.errors)
        await self.start(request)
        return {} if view is None else {"response_action": "update", "view": view}

    def _submission(self, press: Press) -> FormSubmission:
        return FormSubmission(
            press_id=press.id,
            view_id=str(press.payload.get("id") or ""),
            view_hash=str(press.payload.get("hash") or ""),
            metadata=str(press.payload.get("private_metadata") or ""),
            state=(press.payload.get("state") or {}).get("values"),
            sender=address_of(press.body),
            at=self.services.clock(),
        )

    async def filter_options(self, press: Press) -> dict[str, Any]:
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


def _picks(pick: str) -> Callable[..., Awaitable[bool]]:
    """Whether this was chosen in the menu of a list or a saved question."""

    async def matches(payload: dict[str, Any]) -> bool:
        return intake.menu_pick(payload) == pick

    return matches


async def _in_modal(body: dict[str, Any]) -> bool:
    return bool((body.get("view") or {}).get("type") == "modal")


def _call_of(press: Press) -> tuple[str, str, tuple[Posted, str] | None]:
    return press.value, str(press.payload.get("block_id") or ""), intake.listed_in(press.body)


def _text_of(press: Press) -> tuple[str]:
    return (intake.message_text(press.body.get("message")),)


def _filters_of(press: Press) -> tuple[str, Posted | None]:
    """Return what the form is opened on; the shortcut opens an empty one."""
    return press.value or act.encode(Pointer("")), intake.posted_of(press.body)


def bolt_app(
    client: AsyncWebClient,
    identity: Identity,
    listeners: Listeners,
    *,
    acknowledged: Callable[[float], None] = lambda _seconds: None,
    bot_token: str,
    signing_secret: str | None,
) -> AsyncApp:
    """Return the app with every listener registered.

    `client` has no token: `authorize` gives `bot_token` without asking Slack. `signing_secret` None: Socket
    Mode, whose connection proves the origin. `acknowledged` hears how many seconds each request took.
    """

    async def authorize(**_: Any) -> AuthorizeResult:
        who = await identity.get()
        known = {name: who.get(name) for name in ("enterprise_id", "team_id", "bot_id")}
        return AuthorizeResult(**known, bot_user_id=who.get("user_id"), bot_token=bot_token)

    app = AsyncApp(
        name="bot",  # else bolt reads every caller's source to find one
        client=client,
        authorize=authorize,
        signing_secret=signing_secret,
        request_verification_enabled=signing_secret is not None,
        process_before_response=True,
        logger=logging.getLogger("slack_bolt"),
    )

    @app.middleware
    async def record(
        req: AsyncBoltRequest, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Record what is asked before Slack hears that we have it; a failure here makes Slack ask again."""
        arrived, now = time.monotonic(), listeners.services.clock()
        request = intake.to_request(body, bot_user_id=req.context.bot_user_id, now=now)
        if request is not None:
            with structlog.contextvars.bound_contextvars(question=request.answer_id):
                await listeners.start(request)
                log.info("recorded", kind=request.kind)
        try:
            return await next_()
        finally:
            acknowledged(time.monotonic() - arrived)

    listeners.register(app)
    return app


def receiver(
    bolt: AsyncApp, *, signing_secret: str | None, clock: Callable[[], float]
) -> Callable[[bytes, Mapping[str, str]], Awaitable[HttpAnswer]]:
    """Return what takes Slack's HTTP requests to the same app that Socket Mode dispatches into."""

    async def receive(body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        try:
            payload = intake.read_signed(body, headers, signing_secret=signing_secret, now=clock())
        except intake.RefusedError as refused:
            log.info("request refused", status=refused.status, why=str(refused))
            return HttpAnswer(refused.status, str(refused))
        # As over Socket Mode: the origin is proven, the payload is read. (Bolt's own reading of forms would
        # lose a command whose text holds the word "payload".)
        answered = await bolt.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        content_type = answered.first_headers_without_set_cookie().get("content-type", PLAIN_TEXT)
        return HttpAnswer(answered.status, answered.body or "", content_type)

    return receive
