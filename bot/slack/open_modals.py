"""Modals: opened with a press's trigger, which lives three seconds; filled in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.access import ModalPress, View
from bot.answers.answer import Services
from bot.answers.error_messages import words_for
from bot.answers.ports import Address, ReplyError
from bot.blocks.notice_messages import Trouble, trouble_message
from bot.slack.intake import address_of
from bot.slack.slack_api import call

log = structlog.get_logger(__name__)


class Background:
    """Tasks that nobody waits for. Bolt keeps no reference to what its listeners start, so this does."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> int:
        """How much of it goes on."""
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin some work; what it raises is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background work failed", error=type(error).__name__, exc_info=error)

    async def aclose(self) -> None:
        """Give up what still goes on: a modal that is not filled in time is pressed again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class OpenModal:
    """A modal that is open. Showing raises ReplyError: `not_found` when its reader has closed it.

    `seen` is the hash of what its reader pressed on; None for a modal that nothing was pressed in yet.
    """

    def __init__(self, client: AsyncWebClient, view_id: str, seen: str | None = None) -> None:
        self._client = client
        self._view_id = view_id
        self._seen = seen

    async def show(self, view: View) -> None:
        """Replace what the modal shows; not what another press has put there meanwhile."""
        try:
            shown = await call(self._client.views_update, view_id=self._view_id, view=view, hash=self._seen)
        except ReplyError as refused:
            if refused.code != "hash_conflict":
                raise
            log.info("modal shows something else by now")
            return
        if self._seen is not None:
            self._seen = str((shown.get("view") or {}).get("hash") or "") or None


class Modals:
    """Opens modals for presses, shortcuts and the like."""

    def __init__(self, client: AsyncWebClient, services: Services, background: Background) -> None:
        self._client = client
        self.services = services
        self.background = background

    async def begin(self, body: dict[str, Any], first: View) -> ModalPress | None:
        """Show the first view: over the modal that was pressed in, or as a new one.

        None when Slack did not open it (the trigger is too old, say): the presser has been told then.
        """
        inside = body.get("view") or {}
        method = self._client.views_push if inside.get("type") == "modal" else self._client.views_open
        try:
            opened = await call(method, trigger_id=body.get("trigger_id"), view=first)
        except ReplyError as refused:
            if refused.code == "push_limit_reached":
                return self._press(body, OpenModal(self._client, str(inside.get("id"))))
            log.info("modal not opened", code=refused.code)
            await self._tell(address_of(body), refused)
            return None
        return self._press(body, OpenModal(self._client, str((opened.get("view") or {}).get("id"))))

    def pressed_in(self, body: dict[str, Any]) -> ModalPress:
        """Return the modal that was pressed in, as it was when it was pressed in."""
        view = body.get("view") or {}
        modal = OpenModal(self._client, str(view.get("id")), str(view.get("hash") or "") or None)
        return self._press(body, modal)

    def _press(self, body: dict[str, Any], modal: OpenModal) -> ModalPress:
        return ModalPress(self.services, address_of(body), press_id(body), modal.show)

    async def _tell(self, address: Address, refused: ReplyError) -> None:
        words = words_for(refused)
        try:
            await self.services.replies.to(address).fail(
                trouble_message(Trouble(headline=words.headline, next_step=words.next_step))
            )
        except ReplyError as again:
            log.warning("nowhere to say it", code=again.code)


def press_id(body: dict[str, Any]) -> str:
    """Return what names a press in the log."""
    return f"press-{body.get('trigger_id') or ''}"
