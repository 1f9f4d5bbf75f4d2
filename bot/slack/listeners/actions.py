"""Clicks on buttons and menus: acknowledged; the middleware has recorded those that are answered."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncAck, AsyncApp

_ANY = re.compile(r".*", re.DOTALL)


def register(app: AsyncApp) -> None:
    """Register the listeners of clicks."""

    @app.action(_ANY)
    async def acknowledge(ack: AsyncAck) -> None:
        await ack()
