"""Who asks: their time zone, and whether they may. Asked of Slack once per person and five minutes.

Guests and people of other companies (Slack Connect) get no data; nor does anybody outside ALLOWED_USERS or
ALLOWED_CHANNELS when those are set. When Slack does not say who somebody is, they are refused.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from math import inf
from typing import Any, TypeVar

import structlog
from cachetools import TTLCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.ports import Address, Asker, ReplyError, is_direct_message
from bot.model import zone_named
from bot.slack.slack_api import NO_SUCH_METHOD, call, pages, slack_domain

log = structlog.get_logger(__name__)

T = TypeVar("T")

_REMEMBERED_SECS = 300
"""People who leave, and lists that change, are noticed after so many seconds."""
_CHANNELS_SECS = 60
"""The same of the channels that somebody is in."""
_ON_A_PAGE = 999
"""Slack's most."""
_MOST_PAGES = 500
_NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
"""What Slack says of people it does not let us see: those of other companies."""
_GUEST = (
    "Sorry, only full members of this workspace can ask for conversations. Ask a colleague to share them."
)
_STRANGER = "Sorry, I answer only members of the workspace that installed me."
_ORG_WIDE = (
    "Sorry, I am installed for a whole organization, which is not supported. "
    "The person who runs this app installs it in a single workspace."
)
_NOT_ALLOWED = (
    "Sorry, you are not on the list of people who may ask for conversations here. "
    "Ask the person who runs this app to add you to ALLOWED_USERS."
)
_NOT_HERE = (
    "Sorry, I do not answer in this channel. Ask me in a direct message, or ask the person who runs this app "
    "to add this channel to ALLOWED_CHANNELS."
)


class Identity:
    """Which app and workspace this is: Slack's auth.test, asked once and again only after a failure."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[str, Any] | None = None
        self._asked_at = 0.0

    async def get(self, *, max_age: float = inf) -> dict[str, Any]:
        """Return auth.test's answer (team_id, user_id, …), `max_age` seconds old at most."""
        if self._known is None or time.monotonic() - self._asked_at > max_age:
            # What is known stays known meanwhile: requests that arrive are not refused for this.
            self._known = await call(self._client.auth_test)
            self._asked_at = time.monotonic()
        return self._known


class SlackPeople:
    """Implements `answers.ports.People`."""

    def __init__(
        self,
        client: AsyncWebClient,
        identity: Identity,
        *,
        allowed_users: frozenset[str],
        allowed_channels: frozenset[str],
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._identity = identity
        self._allowed_users = allowed_users
        self._allowed_channels = allowed_channels
        self._profiles: TTLCache[str, dict[str, Any]] = TTLCache(10_000, ttl=_REMEMBERED_SECS, timer=clock)
        self._names: TTLCache[str, str] = TTLCache(1_000, ttl=_REMEMBERED_SECS, timer=clock)
        self._channels: TTLCache[str, dict[str, str]] = TTLCache(1_000, ttl=_CHANNELS_SECS, timer=clock)
        self._groups: TTLCache[str, frozenset[str]] = TTLCache(100, ttl=_REMEMBERED_SECS, timer=clock)

    async def asker(self, address: Address) -> Asker:
        try:
            user = await self._profile(address.user_id)
        except ReplyError as refusal:
            if refusal.code not in _NOBODY:
                raise
            return Asker(refused=_STRANGER)
        zone = str(user.get("tz") or "UTC")
        tz = zone if zone_named(zone) else "UTC"
        return Asker(tz=tz, refused=await self._refusal(address, user))

    async def name_of(self, mention: str) -> str | None:
        try:
            if mention not in self._names and (name := await self._look_up(mention[0], mention[1:])):
                self._names[mention] = name
        except ReplyError as refused:
            log.info("a mention has no name", code=refused.code)
        return self._names.get(mention)

    async def _look_up(self, kind: str, mentioned: str) -> str:
        if kind == "@":
            user = await self._profile(mentioned)
            profile = user.get("profile") or {}
            return str(profile.get("display_name") or user.get("real_name") or user.get("name") or "")
        if kind == "#":
            found = await call(self._client.conversations_info, channel=mentioned)
            return str((found.get("channel") or {}).get("name") or "")
        groups = (await call(self._client.usergroups_list)).get("usergroups") or ()
        group = mentioned.partition("^")[2]
        return next((str(each.get("handle") or "") for each in groups if each.get("id") == group), "")

    async def audience(self, address: Address) -> str | None:
        """Return why no data may be posted there; what the request said counts where Slack says no more."""
        try:
            found = await call(self._client.conversations_info, channel=address.channel_id)
            channel = self._said(found, "channel", dict)
        except ReplyError as refused:
            return None if address.unshared or refused.code == NO_SUCH_METHOD else refused.code
        if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
            return "is_ext_shared"
        if channel.get("is_archived"):
            return "is_archived"
        return "not_in_channel" if channel.get("is_member") is False else None

    async def barred(self, address: Address) -> str | None:
        refused = await self.audience(address)
        return refused if refused is not None else await self._not_a_member(address)

    async def _not_a_member(self, address: Address) -> str | None:
        """Look for the asker among the members of a channel. Where Slack does not say, they are none."""
        try:
            members = self._pages(self._client.conversations_members, "members", channel=address.channel_id)
            async for page in members:
                if address.user_id in page:
                    return None
        except ReplyError as refused:
            return None if refused.code == NO_SUCH_METHOD else refused.code
        return "asker_not_in_channel"

    async def channels_of(self, user_id: str) -> dict[str, str]:
        if user_id not in self._channels:
            found: dict[str, str] = {}
            method, types = self._client.users_conversations, "public_channel,private_channel"
            try:
                async for page in self._pages(
                    method, "channels", user=user_id, types=types, exclude_archived=True
                ):
                    found.update((str(each.get("name")).casefold(), str(each.get("id"))) for each in page)
            except ReplyError as refused:
                if refused.code != NO_SUCH_METHOD:
                    raise
            self._channels[user_id] = found
        return self._channels[user_id]

    async def _pages(
        self, method: Callable[..., Awaitable[Any]], name: str, **arguments: Any
    ) -> AsyncIterator[list[Any]]:
        """Give the lists of this name that a method's pages have. Raises ReplyError."""
        async for page in pages(method, _MOST_PAGES, limit=_ON_A_PAGE, **arguments):
            yield self._said(page, name, list)

    def _said(self, answer: dict[str, Any], name: str, kind: type[T]) -> T:
        """Return what Slack says; an answer without it is no answer of Slack's, or of a stand-in."""
        found = answer.get(name)
        if isinstance(found, kind) and found != {}:
            return found
        code = "slack_failed" if slack_domain(self._client.base_url) else NO_SUCH_METHOD
        raise ReplyError(code, name)

    async def _profile(self, user_id: str) -> dict[str, Any]:
        """Return who somebody is; {} where a stand-in does not know people, which is not remembered."""
        known = self._profiles.get(user_id)
        if known is not None:
            return known
        try:
            user = self._said(await call(self._client.users_info, user=user_id), "user", dict)
        except ReplyError as refused:
            if refused.code != NO_SUCH_METHOD:
                raise
            return {}
        self._profiles[user_id] = user
        return user

    async def _refusal(self, address: Address, user: dict[str, Any]) -> str | None:
        who = await self._identity.get()
        team_id = who.get("team_id")
        if who.get("is_enterprise_install") is True or not team_id:
            return _ORG_WIDE
        # Their own team is the one that installed the app, or shares its Enterprise Grid.
        grid = (user.get("enterprise_user") or {}).get("teams") or ()
        teams = {user.get("team_id"), *grid} - {None} or {address.team_id}
        if user.get("is_stranger") or user.get("deleted") or team_id not in teams:
            return _STRANGER
        if user.get("is_restricted") or user.get("is_ultra_restricted"):
            return _GUEST
        if self._allowed_users and address.user_id not in self._allowed_users:
            groups = sorted(entry for entry in self._allowed_users if entry.startswith("S"))
            if not any([address.user_id in await self._members(group) for group in groups]):
                return _NOT_ALLOWED
        # A press in Home or in a modal has no channel: its answer is seen by nobody else.
        direct = not address.channel_id or is_direct_message(address.channel_id)
        if self._allowed_channels and not direct and address.channel_id not in self._allowed_channels:
            return _NOT_HERE
        return None

    async def _members(self, group: str) -> frozenset[str]:
        """Return who is in a user group; one that cannot be read allows nobody, until it can."""
        known = self._groups.get(group)
        if known is None:
            try:
                found = await call(self._client.usergroups_users_list, usergroup=group)
            except ReplyError as refused:
                log.warning("a group of ALLOWED_USERS cannot be read", group=group, code=refused.code)
                return frozenset()
            known = frozenset(map(str, found.get("users") or ()))
            self._groups[group] = known
        return known
