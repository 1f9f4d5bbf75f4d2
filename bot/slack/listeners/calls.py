"""Presses that open a call or an API request in a modal: acknowledged at once, served right after."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.answers.call import call_views
from bot.blocks import actions as act
from bot.blocks.modal_views import loading_modal, notice_modal
from bot.slack.intake import listed_in, menu_pick
from bot.slack.modals import Modals

_OPEN = re.compile(rf"^{act.OPEN_CALL}(\.\d+)?$")
_PAGE = re.compile(rf"^{act.CALL_PAGE}(\.\d+)?$")
_API = re.compile(rf"^{act.CALL_API}$")
_FILES = re.compile(rf"^({act.TRANSCRIPT_FILE}|{act.AUDIO_FILE})$")
_ON_ITS_WAY = {
    act.TRANSCRIPT_FILE: "The transcript is on its way to your direct messages.",
    act.AUDIO_FILE: "The recording is on its way to your direct messages.",
}


def register(app: AsyncApp, modals: Modals) -> None:
    """Register the listeners of one call's modal. What is not served here falls to the other listeners."""

    async def opened(body: dict[str, Any], action: dict[str, Any]) -> None:
        press = await modals.begin(body, loading_modal())
        if press is not None:
            await call_views.open_call(press, _value(action), listed_in(body))

    async def api(body: dict[str, Any], action: dict[str, Any]) -> None:
        press = await modals.begin(body, loading_modal(call_views.API_TITLE))
        if press is not None:
            await call_views.show_api_request(press, _value(action))

    async def on_its_way(body: dict[str, Any], words: str) -> None:
        await modals.begin(body, notice_modal("Call", words))

    @app.action(_OPEN)
    async def open_call(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        modals.background.spawn(opened(body, action))

    @app.action(_PAGE)
    async def turn_page(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        value = str(action.get("value") or "")
        modals.background.spawn(call_views.turn_transcript(modals.pressed_in(body), value))

    @app.action(_API)
    @app.action(act.MORE, matchers=[_shows_request])
    async def show_api(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        modals.background.spawn(api(body, action))

    @app.action(_FILES, matchers=[_in_modal])
    async def send_file(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        """Say that the file comes: the press itself is recorded and answered like any other."""
        await ack()
        modals.background.spawn(on_its_way(body, _ON_ITS_WAY[str(action.get("action_id"))]))


def _value(action: dict[str, Any]) -> str:
    """Return what a button carries, or the chosen option."""
    chosen = action.get("selected_option") or {}
    return str(chosen.get("value") or action.get("value") or "")


async def _shows_request(action: dict[str, Any]) -> bool:
    return menu_pick(action) == act.SHOW_API


async def _in_modal(body: dict[str, Any]) -> bool:
    return (body.get("view") or {}).get("type") == "modal"
