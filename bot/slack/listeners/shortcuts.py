"""The message shortcut "Find this call": any id or link of the message, opened privately."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.answers.modals import CallModals
from bot.blocks.modal_views import loading_modal
from bot.slack.intake import address_of, message_text
from bot.slack.listeners.calls import press_id
from bot.slack.modals import Modals

FIND_CALL = "find_call"
"""The shortcut's callback_id, as in manifest.yml."""


def register(app: AsyncApp, modals: Modals, calls: CallModals) -> None:
    """Register the listeners of shortcuts."""

    async def find(body: dict[str, Any]) -> None:
        address = address_of(body)
        modal = await modals.begin(body, address, loading_modal())
        if modal is not None:
            await calls.find(address, press_id(body), message_text(body.get("message")), modal.show)

    @app.message_shortcut(FIND_CALL)
    async def find_call(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        modals.background.spawn(find(body))
