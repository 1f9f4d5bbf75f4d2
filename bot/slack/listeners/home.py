"""The app's own page in Slack: Home drawn when it is opened, prompts offered beside the direct message."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.answers.homes import Homes
from bot.answers.ports import Tabs
from bot.answers.welcome import PROMPTS
from bot.slack.background import Background


def register(app: AsyncApp, homes: Homes, tabs: Tabs, background: Background) -> None:
    """Register the listener of the page's opening. The middleware has recorded what is answered."""

    @app.event("app_home_opened")
    async def opened(body: dict[str, Any], event: dict[str, Any]) -> None:
        user_id, channel_id = str(event.get("user") or ""), str(event.get("channel") or "")
        if event.get("tab") == "home" and user_id:
            background.spawn(homes.show(str(body.get("team_id") or ""), user_id))
        elif event.get("tab") == "messages" and channel_id:
            background.spawn(tabs.prompts(channel_id, PROMPTS))
