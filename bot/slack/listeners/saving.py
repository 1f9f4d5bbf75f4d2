"""The form that saves a question: opened by a press, taken in when it is submitted."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.answers.save_forms import TITLE, SaveForms
from bot.blocks import actions as act
from bot.blocks.call_modal import loading_modal
from bot.slack.intake import address_of
from bot.slack.listeners.calls import press_id
from bot.slack.modals import Modals

_SAVE = re.compile(rf"^{act.SAVE}(\.\d+)?$")


def register(app: AsyncApp, modals: Modals, forms: SaveForms) -> None:
    """Register the listeners of the form."""

    async def opened(body: dict[str, Any], value: str) -> None:
        address = address_of(body)
        modal = await modals.begin(body, address, loading_modal(TITLE))
        if modal is not None:
            await forms.open(address, press_id(body), value, modal.show)

    @app.action(_SAVE)
    async def save(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        modals.background.spawn(opened(body, str(action.get("value") or "")))

    @app.view(act.SAVE_VIEW)
    async def submitted(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        address = address_of(body)
        metadata, state = str(view.get("private_metadata") or ""), (view.get("state") or {}).get("values")
        done = await forms.submit(address, press_id(body), metadata, state)
        if done.errors:
            await ack(response_action="errors", errors=done.errors)
            return
        await ack(response_action="update", view=done.view)
        modals.background.spawn(forms.saved(address))
