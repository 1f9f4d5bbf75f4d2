"""The form that saves a question: opened by a press, taken in when it is submitted."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.answers.home_tab import show_home
from bot.answers.saved.save_form import TITLE, open_save_form, submit_save_form
from bot.blocks import actions as act
from bot.blocks.modal_views import loading_modal
from bot.slack.intake import address_of, menu_pick
from bot.slack.modals import Modals, press_id


def register(app: AsyncApp, modals: Modals) -> None:
    """Register the listeners of the form."""

    async def opened(body: dict[str, Any], value: str) -> None:
        press = await modals.begin(body, loading_modal(TITLE))
        if press is not None:
            await open_save_form(press, value)

    @app.action(act.MORE, matchers=[_wants_form])
    async def save(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        chosen = action.get("selected_option") or {}
        modals.background.spawn(opened(body, str(chosen.get("value") or "")))

    @app.view(act.SAVE_VIEW)
    async def submitted(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        address = address_of(body)
        metadata, state = str(view.get("private_metadata") or ""), (view.get("state") or {}).get("values")
        done = await submit_save_form(modals.services, address, press_id(body), metadata, state)
        if done.errors:
            await ack(response_action="errors", errors=done.errors)
            return
        await ack(response_action="update", view=done.view)
        modals.background.spawn(show_home(modals.services, address))


async def _wants_form(action: dict[str, Any]) -> bool:
    return menu_pick(action) == act.SAVE
