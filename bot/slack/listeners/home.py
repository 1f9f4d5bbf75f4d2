"""The app's own page in Slack: Home drawn when it is opened, prompts offered beside the direct message."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.answers.home_tab import show_home
from bot.answers.notices import PROMPTS
from bot.answers.ports import Address
from bot.answers.services import Services
from bot.slack.background import Background


def register(app: AsyncApp, services: Services, background: Background) -> None:
    """Register the listener of the page's opening. The middleware has recorded what is answered."""

    @app.event("app_home_opened")
    async def opened(body: dict[str, Any], event: dict[str, Any]) -> None:
        user_id, channel_id = str(event.get("user") or ""), str(event.get("channel") or "")
        if event.get("tab") == "home" and user_id:
            address = Address(team_id=str(body.get("team_id") or ""), user_id=user_id, channel_id="")
            background.spawn(show_home(services, address))
        elif event.get("tab") == "messages" and channel_id:
            background.spawn(services.tabs.prompts(channel_id, PROMPTS))
