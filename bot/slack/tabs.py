"""Home tabs and the agent surface: suggested prompts, and what the bot is doing just now."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.ports import ReplyError
from bot.slack.web_api import call

log = structlog.get_logger(__name__)


class SlackTabs:
    """Implements `answers.ports.Tabs`."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def home(self, user_id: str, view: dict[str, object]) -> None:
        """Publish a Home tab. Raises ReplyError."""
        await call(self._client.views_publish, user_id=user_id, view=view)

    async def prompts(self, channel_id: str, prompts: Sequence[tuple[str, str]]) -> None:
        """Offer prompts; Slack takes four at most."""
        shown = [{"title": title, "message": message} for title, message in prompts[:4]]
        try:
            await call(
                self._client.assistant_threads_setSuggestedPrompts, channel_id=channel_id, prompts=shown
            )
        except ReplyError as refused:  # an app or a workspace without the agent surface
            log.debug("prompts not shown", code=refused.code)

    async def status(self, channel_id: str, thread_ts: str, words: str) -> None:
        """Show or clear the status."""
        try:
            await call(
                self._client.assistant_threads_setStatus,
                channel_id=channel_id,
                thread_ts=thread_ts,
                status=words,
            )
        except ReplyError as refused:  # likewise
            log.debug("status not shown", code=refused.code)
