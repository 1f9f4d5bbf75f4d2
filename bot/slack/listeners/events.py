"""Events: acknowledged, also those that ask nothing, or Slack would deliver them again."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

_ANY = re.compile(r".*", re.DOTALL)


def register(app: AsyncApp) -> None:
    """Register the listeners of events."""

    @app.event(_ANY)
    async def acknowledge() -> None:
        """Bolt acknowledges events by itself once a listener matches."""
