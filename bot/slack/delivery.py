"""Delivery: what `answers` wants shown, put where the address says.

A private answer never leaves the asker's direct message. An answer for a channel falls back to the direct
message when the bot may not post there, and says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import aiohttp
import msgspec
import structlog
from cachetools import LRUCache
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.answers.ports import Address, Filed, Mark, Posted, ReplyError, Upload, is_direct_message
from bot.model import Message
from bot.proxy import proxy_for
from bot.slack.idempotency import Uploads, do_once, find_message, metadata
from bot.slack.slack_api import (
    RETRY_DROPPED,
    RETRY_FAILED,
    RETRY_LIMITED,
    Fallbacks,
    Updates,
    call,
    may_post_to,
    narrowing,
    web_client,
)

log = structlog.get_logger(__name__)

CANNOT_POST_THERE = frozenset(
    {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
        "cannot_reply_to_message",
        "thread_not_found",
        "message_not_found",
        "no_permission",
        "not_allowed",
        "access_denied",
        "ekm_access_denied",
        "team_access_not_granted",
    }
)
"""Slack's codes for "not in this channel", after which the direct message is used instead."""

_HTTP_OK = 200
RESPOND_SECS = 10.0
"""How long a response_url is tried: what it shows is for somebody who is looking just now."""


class SlackDelivery:
    """Builds the reply to any stored address; shared by all answers of a process."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        clock: Callable[[], float],
        *,
        respond_secs: float = RESPOND_SECS,
    ) -> None:
        self.client = client
        self.respond_secs = respond_secs
        # What must not happen twice is repeated only when Slack said that it did nothing (429).
        self.posting_client = web_client(client.token, client.base_url, session, RETRY_LIMITED)
        # When an update that came too early is repeated, `updates` decides.
        self.updating_client = web_client(client.token, client.base_url, session, RETRY_DROPPED, RETRY_FAILED)
        self.updates = Updates()
        self.uploads = Uploads(client, self.posting_client, session)
        self.fallbacks = Fallbacks(clock)
        self.session = session
        self._direct_messages: LRUCache[str, str] = LRUCache(maxsize=10_000)

    async def direct_message(self, user_id: str) -> str:
        """Return the id of the direct message with a person. Raises ReplyError, such as `cannot_dm_bot`."""
        known = self._direct_messages.get(user_id)
        if known is None:
            opened = await call(self.client.conversations_open, users=user_id)
            known = str((opened.get("channel") or {}).get("id") or "")
            if not known:
                raise ReplyError("channel_not_found", "conversations.open")
            self._direct_messages[user_id] = known
        return known


@dataclass(frozen=True, slots=True)
class SlackReply:
    """Implements `answers.ports.Reply` for one address."""

    _delivery: SlackDelivery
    _address: Address
    _mark: Mark | None = None

    def marked(self, mark: Mark) -> SlackReply:
        return replace(self, _mark=mark)

    def at(self, address: Address) -> SlackReply:
        return replace(self, _address=address)

    async def show(self, message: Message) -> Posted:
        address = self._address
        moved_because = address.kept_private or ("is_ext_shared" if address.shared_channel else None)
        if not address.private and not address.shared_channel:
            try:
                return await self._post(message, address.channel_id, address.thread_ts)
            except ReplyError as refused:
                if refused.code not in CANNOT_POST_THERE:
                    raise
                moved_because = refused.code
        channel_id = await self._delivery.direct_message(address.user_id)
        thread_ts = address.thread_ts if channel_id == address.channel_id else None
        posted = await self._post(message, channel_id, thread_ts)
        return msgspec.structs.replace(posted, moved_because=moved_because)

    async def _post(self, message: Message, channel_id: str, thread_ts: str | None) -> Posted:
        mark, delivery = self._mark, self._delivery
        part = "" if mark is None else mark.part("message")

        async def look(mark: Mark) -> dict[str, Any] | None:
            found = await find_message(
                delivery.client, mark, part, channel_id=channel_id, thread_ts=thread_ts
            )
            return None if found is None else {"channel": channel_id, "ts": found["ts"]}

        say = partial(
            call,
            delivery.posting_client.chat_postMessage,
            retries=0,
            text=message.text,
            channel=channel_id,
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
            metadata=None if mark is None else metadata(mark, part),
        )
        post = partial(delivery.fallbacks.send, self._address.team_id, message, say)
        posted = await do_once(mark, look, post)
        channel_id = str(posted.get("channel") or channel_id)
        return Posted(channel_id=channel_id, ts=str(posted.get("ts")), thread_ts=thread_ts)

    async def update(self, posted: Posted, message: Message) -> None:
        await self._delivery.updates.needed(partial(self._update, posted, message))

    async def progress(self, posted: Posted, draw: Callable[[], Message]) -> bool:
        updates = self._delivery.updates
        if not updates.take_turn(f"{posted.channel_id} {posted.ts}"):
            return False
        return await updates.progress(partial(self._update, posted, draw()))

    async def _update(self, posted: Posted, message: Message) -> None:
        if await self._held_by(posted) is not posted:
            raise ReplyError("not_private", "chat.update")
        method = self._delivery.updating_client.chat_update
        say = partial(call, method, text=message.text, channel=posted.channel_id, ts=posted.ts)
        await self._delivery.fallbacks.send(self._address.team_id, message, say)

    async def glance(self, message: Message) -> bool:
        address = self._address
        if not address.channel_id:
            return False  # a press in Home or in a modal: there is no "on the spot"
        if address.response_url and await self._respond(address.response_url, message):
            return True
        say = partial(
            call,
            self._delivery.client.chat_postEphemeral,
            text=message.text,
            channel=address.channel_id,
            user=address.user_id,
            thread_ts=address.reads_in,
        )
        try:
            await self._delivery.fallbacks.send(address.team_id, message, say)
        except ReplyError as refused:
            log.info("glance refused", code=refused.code)
            return False
        return True

    async def replace_glance(self, message: Message) -> bool:
        url = self._address.response_url
        return bool(url) and await self._respond(url or "", message, replace_original=True)

    async def _respond(self, response_url: str, message: Message, *, replace_original: bool = False) -> bool:
        """Answer through Slack's response_url: it works where the bot is no member, 5 times, 30 minutes."""
        client, delivery = self._delivery.client, self._delivery
        if not may_post_to(response_url, client.base_url):
            log.warning("a response_url that is not Slack's was not used")
            return False
        webhook = AsyncWebhookClient(
            response_url, session=delivery.session, retry_handlers=client.retry_handlers
        )
        webhook.proxy = proxy_for(response_url)

        async def send(blocks: list[dict[str, object]]) -> None:
            with narrowing("response_url"):
                async with asyncio.timeout(delivery.respond_secs):
                    response = await webhook.send(
                        text=message.text,
                        blocks=blocks or None,
                        response_type="ephemeral",
                        replace_original=replace_original,
                    )
            if response.status_code != _HTTP_OK or "invalid_blocks" in response.body:
                raise ReplyError("invalid_blocks" if "block" in response.body else "refused", "response_url")

        try:
            await delivery.fallbacks.send(self._address.team_id, message, send)
        except ReplyError as refused:
            log.info("response_url refused", code=refused.code)
            return False
        return True

    async def file(self, posted: Posted | None, file: Upload) -> Filed:
        posted = await self._held_by(posted)
        try:
            return await self._delivery.uploads.upload(self._mark, file, posted)
        except ReplyError as refused:
            if refused.code not in CANNOT_POST_THERE or is_direct_message(posted.channel_id):
                raise
            return await self._delivery.uploads.upload(self._mark, file, await self._held_by(None))

    async def _held_by(self, posted: Posted | None) -> Posted:
        """Return where data of this answer may be: a private one never outside the asker's direct message."""
        if posted is not None and (not self._address.private or is_direct_message(posted.channel_id)):
            return posted
        channel_id = await self._delivery.direct_message(self._address.user_id)
        there = posted is not None and posted.channel_id == channel_id
        return posted if posted is not None and there else Posted(channel_id=channel_id, ts="")

    async def link(self, posted: Posted) -> str | None:
        try:
            method = self._delivery.client.chat_getPermalink
            found = await call(method, channel=posted.channel_id, message_ts=posted.ts)
        except ReplyError as refused:
            log.info("no permalink", code=refused.code)
            return None
        return str(found["permalink"]) if found.get("permalink") else None

    async def fail(self, message: Message) -> None:
        direct = is_direct_message(self._address.channel_id) and not self._address.response_url
        if direct or not await self.glance(message):
            await self.at(msgspec.structs.replace(self._address, private=True)).show(message)


class SlackTabs:
    """Implements `answers.ports.Tabs`."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def home(self, user_id: str, view: dict[str, object]) -> None:
        await call(self._client.views_publish, user_id=user_id, view=view)

    async def prompts(self, channel_id: str, prompts: Sequence[tuple[str, str]]) -> None:
        """Offer prompts; Slack takes four at most."""
        shown = [{"title": title, "message": message} for title, message in prompts[:4]]
        method = self._client.assistant_threads_setSuggestedPrompts
        await self._offer(method, channel_id=channel_id, prompts=shown)

    async def status(self, channel_id: str, thread_ts: str, words: str) -> None:
        method = self._client.assistant_threads_setStatus
        await self._offer(method, channel_id=channel_id, thread_ts=thread_ts, status=words)

    async def _offer(self, method: Callable[..., Awaitable[Any]], **arguments: Any) -> None:
        try:
            await call(method, **arguments)
        except ReplyError as refused:  # an app or a workspace without the agent surface
            log.debug("not shown", code=refused.code)
