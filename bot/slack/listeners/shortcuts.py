"""The message shortcut "Find this call": any id or link of the message, opened privately."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.answers.call import call_views
from bot.blocks.modal_views import loading_modal
from bot.slack.intake import message_text
from bot.slack.modals import Modals

FIND_CALL = "find_call"
"""The shortcut's callback_id, as in manifest.yml."""


def register(app: AsyncApp, modals: Modals) -> None:
    """Register the listeners of shortcuts."""

    async def find(body: dict[str, Any]) -> None:
        press = await modals.begin(body, loading_modal())
        if press is not None:
            await call_views.find_call(press, message_text(body.get("message")))

    @app.message_shortcut(FIND_CALL)
    async def find_call(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        modals.background.spawn(find(body))
