"""Slash commands: acknowledged; the middleware has recorded the question."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncAck, AsyncApp

_ANY = re.compile(r".*", re.DOTALL)  # a workspace may have renamed the command; the manifest registers ours


def register(app: AsyncApp) -> None:
    """Register the listeners of slash commands."""

    @app.command(_ANY)
    async def acknowledge(ack: AsyncAck) -> None:
        await ack()
