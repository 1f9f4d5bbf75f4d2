"""Filters: the buttons and the shortcut that open the form, its menu of agents, and its submission."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.answers import filters_dialog
from bot.answers.filters_dialog import TITLE, Submission
from bot.answers.request import Request
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.modal_views import loading_modal
from bot.slack.intake import address_of, posted_of
from bot.slack.modals import Modals

OPEN_FILTERS = "open_filters"
"""The global shortcut's callback_id, as in manifest.yml."""
_OPEN = re.compile(rf"^{act.FILTERS}(\.\d+)?$")


def register(
    app: AsyncApp,
    modals: Modals,
    start: Callable[[Request], Awaitable[None]],
    clock: Callable[[], float],
) -> None:
    """Register the listeners of the Filters form."""

    async def opened(body: dict[str, Any], value: str) -> None:
        press = await modals.begin(body, loading_modal(TITLE))
        if press is not None:
            await filters_dialog.open_filters(press, value, posted_of(body))

    @app.action(_OPEN)
    async def open_filters(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        modals.background.spawn(opened(body, str(action.get("value") or "")))

    @app.global_shortcut(OPEN_FILTERS)
    async def open_fresh(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        modals.background.spawn(opened(body, act.encode(Pointer(""))))

    @app.options(act.AGENT_MENU)
    async def agents(ack: AsyncAck, body: dict[str, Any]) -> None:
        typed = str(body.get("value") or "")
        found: dict[str, Any] = await filters_dialog.offered_agents(modals.services, address_of(body), typed)
        await ack(options=found["options"])

    @app.view(act.FILTERS_VIEW)
    async def submitted(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        """Record what was submitted before Slack hears that we have it; a failure keeps the form open."""
        sender = address_of(body)
        read = await filters_dialog.read_filters_form(
            modals.services,
            Submission(
                view_id=str(view.get("id") or ""),
                view_hash=str(view.get("hash") or ""),
                metadata=str(view.get("private_metadata") or ""),
                state=(view.get("state") or {}).get("values"),
                team_id=sender.team_id,
                user_id=sender.user_id,
                at=clock(),
            ),
        )
        if read.request is not None:
            await start(read.request)
        answer: dict[str, Any] = read.ack
        await ack(**answer)
