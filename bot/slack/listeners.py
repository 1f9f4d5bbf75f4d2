"""What Bolt calls: one table of presses, forms and events, and what each does.

The global middleware has recorded already what is answered as a whole. Here a press is acknowledged at once,
and what it opens is shown right after, in the background.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.answers import call_modals, filters_dialog, saved_questions, sharing
from bot.answers.access import FormResult, FormSubmission, ModalPress
from bot.answers.alerts import alert_requests
from bot.answers.answer import Request, Services
from bot.answers.home_tab import show_home
from bot.answers.notices import PROMPTS
from bot.answers.ports import Address
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.modal_views import loading_modal
from bot.slack.intake import address_of, listed_in, menu_pick, message_text, posted_of
from bot.slack.open_modals import Modals, press_id

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

    @property
    def metadata(self) -> str:
        """What a submitted form was opened with."""
        return str(self.payload.get("private_metadata") or "")

    @property
    def state(self) -> object:
        """What was entered in a submitted form."""
        return (self.payload.get("state") or {}).get("values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One line of the table."""

    kind: str
    """What Bolt calls it: action, view, options, event, command, message_shortcut or global_shortcut."""
    on: str | re.Pattern[str]
    """Which of its kind; an action's id may have a number after a dot (`actions.numbered`)."""
    when: Callable[[Press], bool] = lambda _press: True
    answer: Callable[[Press], Awaitable[dict[str, Any]]] | None = None
    """Returns what the acknowledgement says; Slack waits for it."""
    work: Callable[[Press], Coroutine[Any, Any, None]] | None = None
    """What is done after the acknowledgement."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Serves what must be there within Slack's three seconds."""

    modals: Modals
    start: Start
    clock: Callable[[], float]
    """Unix seconds."""

    def table(self) -> tuple[Listener, ...]:
        """Return every listener. Bolt takes the first that matches; the last three acknowledge the rest."""
        return (
            Listener(kind="action", on=act.OPEN_CALL, work=self.open_call),
            Listener(kind="action", on=act.CALL_PAGE, work=self.turn_page),
            Listener(kind="action", on=act.CALL_API, work=self.show_api_request),
            Listener(kind="action", on=act.MORE, when=_picks(act.SHOW_API), work=self.show_api_request),
            Listener(kind="action", on=act.TRANSCRIPT_FILE, when=_in_modal, work=self.say_file_comes),
            Listener(kind="action", on=act.AUDIO_FILE, when=_in_modal, work=self.say_file_comes),
            Listener(kind="action", on=act.SAVE, work=self.open_save_form),
            Listener(kind="action", on=act.MORE, when=_picks(act.SAVE), work=self.open_save_form),
            Listener(kind="action", on=act.SAVED_MENU, when=_picks(act.SAVED_EDIT), work=self.open_save_form),
            Listener(kind="action", on=act.WATCH_MENU, when=_picks(act.SAVED_EDIT), work=self.open_tell_form),
            Listener(kind="action", on=act.TELL_ME, work=self.open_tell_form),
            Listener(kind="action", on=act.FILTERS, work=self.open_filters),
            Listener(kind="action", on=act.SHARE, work=self.open_share_form),
            Listener(kind="options", on=act.AGENT_MENU, answer=self.filter_options),
            Listener(kind="options", on=act.FILTER_MENU, answer=self.filter_options),
            Listener(kind="view", on=act.SAVE_VIEW, answer=self.submit_save_form),
            Listener(kind="view", on=act.TELL_VIEW, answer=self.submit_tell_form),
            Listener(kind="view", on=act.FILTERS_VIEW, answer=self.submit_filters),
            Listener(kind="view", on=act.SHARE_VIEW, answer=self.submit_share_form),
            Listener(kind="message_shortcut", on=FIND_CALL, work=self.find_call),
            Listener(kind="global_shortcut", on=OPEN_FILTERS, work=self.open_filters),
            Listener(kind="event", on="app_home_opened", work=self.open_home),
            Listener(kind="event", on=_ANY),
            Listener(kind="action", on=_ANY),
            # A workspace may have renamed the command; the manifest registers ours.
            Listener(kind="command", on=_ANY),
        )

    def register(self, app: AsyncApp) -> None:
        """Register the table with Bolt."""
        for listener in self.table():
            on: str | re.Pattern[str] = listener.on
            if listener.kind == "action" and isinstance(on, str):
                on = re.compile(rf"^{on}(\.\d+)?$")
            getattr(app, listener.kind)(on, [_matcher(listener)])(self._listen(listener))

    def _listen(self, listener: Listener) -> Callable[..., Awaitable[None]]:
        async def listen(ack: AsyncAck, body: dict[str, Any], payload: dict[str, Any]) -> None:
            press = Press(body, payload)
            await ack(**(await listener.answer(press) if listener.answer is not None else {}))
            if listener.work is not None:
                self.modals.background.spawn(listener.work(press))

        return listen

    async def _serve(self, press: Press, title: str, work: Callable[[ModalPress], Awaitable[None]]) -> None:
        """Open a modal that says to wait, and let `work` fill it."""
        opened = await self.modals.begin(press.body, loading_modal(title))
        if opened is not None:
            await work(opened)

    async def open_call(self, press: Press) -> None:
        """Open the call chosen in a list's menu."""
        listed, block_id = listed_in(press.body), str(press.payload.get("block_id") or "")
        await self._serve(
            press,
            call_modals.TITLE,
            lambda opened: call_modals.open_call(opened, press.value, block_id, listed),
        )

    async def turn_page(self, press: Press) -> None:
        """Turn to another page of the transcript, in the modal that was pressed in."""
        await call_modals.turn_transcript(self.modals.pressed_in(press.body), press.value)

    async def show_api_request(self, press: Press) -> None:
        """Show the request behind a list or a call."""
        await self._serve(
            press, call_modals.API_TITLE, lambda opened: call_modals.show_api_request(opened, press.value)
        )

    async def say_file_comes(self, press: Press) -> None:
        """Say that the file comes."""
        words = _COMING[act.base(str(press.payload.get("action_id")))]
        await call_modals.say_file_comes(self.modals.pressed_in(press.body), press.body["view"], words)

    async def find_call(self, press: Press) -> None:
        """Open the call whose id or link a message holds."""
        text = message_text(press.body.get("message"))
        await self._serve(press, call_modals.TITLE, lambda opened: call_modals.find_call(opened, text))

    async def open_save_form(self, press: Press) -> None:
        """Open the form that saves a list's question."""
        await self._serve(
            press, saved_questions.TITLE, lambda opened: saved_questions.open_save_form(opened, press.value)
        )

    async def submit_save_form(self, press: Press) -> dict[str, Any]:
        """Save the question; it stands in Home right after."""
        address, services = address_of(press.body), self.modals.services
        errors, view = await saved_questions.submit_save_form(
            services, address, press_id(press.body), press.metadata, press.state
        )
        if errors:
            return {"response_action": "errors", "errors": errors}
        self.modals.background.spawn(show_home(services, address))
        return {"response_action": "update", "view": view}

    async def open_tell_form(self, press: Press) -> None:
        """Open the form that makes a subscription or an alert, or changes one."""
        await self._serve(
            press, alert_requests.TITLE, lambda opened: alert_requests.open_tell_form(opened, press.value)
        )

    async def submit_tell_form(self, press: Press) -> dict[str, Any]:
        """Watch what was entered; it stands in Home right after."""
        address, services = address_of(press.body), self.modals.services
        errors, view = await alert_requests.submit_tell_form(
            services, address, press_id(press.body), press.metadata, press.state
        )
        if errors:
            return {"response_action": "errors", "errors": errors}
        self.modals.background.spawn(show_home(services, address))
        return {"response_action": "update", "view": view}

    async def open_filters(self, press: Press) -> None:
        """Open the Filters form on an answer; the shortcut opens an empty one."""
        value = press.value or act.encode(Pointer(""))
        posted = posted_of(press.body)
        await self._serve(
            press,
            filters_dialog.TITLE,
            lambda opened: filters_dialog.open_filters(opened, value, posted),
        )

    async def submit_filters(self, press: Press) -> dict[str, Any]:
        """Record the question chosen in Filters."""
        return await self._record(filters_dialog.read_filters_form, press)

    async def open_share_form(self, press: Press) -> None:
        """Open the form that shares an answer or a call."""
        await self._serve(press, sharing.TITLE, lambda opened: sharing.open_share_form(opened, press.value))

    async def submit_share_form(self, press: Press) -> dict[str, Any]:
        """Record what is to be shared where."""
        return await self._record(sharing.read_share_form, press)

    async def _record(
        self, read: Callable[[Services, FormSubmission], Awaitable[FormResult]], press: Press
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
            at=self.clock(),
        )
        result = await read(self.modals.services, submission)
        if result.request is not None:
            await self.start(result.request)
        return result.ack

    async def filter_options(self, press: Press) -> dict[str, Any]:
        """Return what a menu of the Filters form offers for what was typed."""
        sender, services = address_of(press.body), self.modals.services
        key = str(press.payload.get("block_id") or "")
        return await filters_dialog.offered(services, sender, key, press.value)

    async def open_home(self, press: Press) -> None:
        """Draw Home when it is opened; offer prompts beside the direct message."""
        event, services = press.payload, self.modals.services
        user_id, channel_id = str(event.get("user") or ""), str(event.get("channel") or "")
        if event.get("tab") == "home" and user_id:
            team_id = str(press.body.get("team_id") or "")
            await show_home(services, Address(team_id=team_id, user_id=user_id, channel_id=""))
        elif event.get("tab") == "messages" and channel_id:
            await services.tabs.prompts(channel_id, PROMPTS)


def _matcher(listener: Listener) -> Callable[..., Awaitable[bool]]:
    async def matches(body: dict[str, Any], payload: dict[str, Any]) -> bool:
        return listener.when(Press(body, payload))

    return matches


def _picks(pick: str) -> Callable[[Press], bool]:
    """Whether this was chosen in the menu of a list or a saved question."""
    return lambda press: menu_pick(press.payload) == pick


def _in_modal(press: Press) -> bool:
    return bool((press.body.get("view") or {}).get("type") == "modal")
