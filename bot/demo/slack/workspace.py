"""The workspace in memory: who and what there is, and the rules of seeing and posting."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

from bot.demo.faults import Faults, Rates
from bot.demo.slack.files import Files
from bot.demo.slack.hooks import Hooks
from bot.demo.slack.messages import Change, Changes, Messages
from bot.demo.slack.shapes import App, Channel, Ids, Json, SlackError, Team, User
from bot.demo.slack.views import Views


class Workspace:
    """One Slack workspace with one installed app.

    `clock` gives Unix seconds, `rng` every id. `me` is the person the chat page plays. `base_url` is where
    the stand-in is served (learned from the first request if empty). `escape_commands`: whether & < > of a
    command's text arrive as entities, as those of messages do. `latency`: seconds each Web API call takes.
    `share_delay`: seconds between completing an upload and the message that shows it. `rates`: Slack's rate
    limits, if they are to be enforced.
    """

    def __init__(
        self,
        *,
        team: Team,
        users: Iterable[User],
        channels: Iterable[Channel],
        me: str,
        clock: Callable[[], float],
        rng: random.Random,
        app: App | None = None,
        base_url: str = "",
        other_teams: Iterable[Team] = (),
        usergroups: dict[str, tuple[str, ...]] | None = None,
        faults: Faults | None = None,
        rates: Rates | None = None,
        latency: float = 0.0,
        share_delay: float = 0.0,
        suggestions: tuple[str, ...] = (),
        escape_commands: bool = True,
    ) -> None:
        self.team = team
        self.other_teams = {other.id: other for other in other_teams}
        self.app = app or App()
        self.base_url = base_url
        self.me = me
        self.clock = clock
        self.rng = rng
        self.faults = faults or Faults()
        self.rates = rates
        self.latency = latency
        self.share_delay = share_delay
        self.tickets: set[str] = set()
        self.suggestions = suggestions
        self.usergroups = usergroups or {}
        self.escape_commands = escape_commands
        self.ids = Ids(clock, rng)
        self.changes = Changes()
        self.messages = Messages(self.ids, self.changes)
        self.hooks = Hooks(self.ids)
        self.files = Files(self.ids)
        self.views = Views(self.ids, self.changes, self.app, team.id)
        self.users = {user.id: user for user in users}
        self.channels = {channel.id: channel for channel in channels}
        self.picked: dict[tuple[str, ...], Any] = {}
        self._statuses: set[tuple[str, str]] = set()
        self.changes.listen(self._end_status)
        self.dm(me)

    @property
    def bot(self) -> User:
        return self.users[self.app.bot_user_id]

    def dm(self, user: str) -> Channel:
        return self.im(user, self.app.bot_user_id)

    def im(self, one: str, other: str) -> Channel:
        pair = {one, other}
        for channel in self.channels.values():
            if channel.is_im and channel.members == pair:
                return channel
        made = Channel(self.ids.new("D"), "", "im", set(pair), created=int(self.clock()), creator=one)
        self.channels[made.id] = made
        return made

    def find_channel(self, name_or_id: str) -> Channel:
        """Return a channel by id, #name or name. Raises KeyError."""
        if name_or_id in self.channels:
            return self.channels[name_or_id]
        for channel in self.channels.values():
            if channel.name and channel.name == name_or_id.removeprefix("#"):
                return channel
        raise KeyError(name_or_id)

    def visible(self, name_or_id: str) -> Channel:
        """Return a channel the bot can see. Raises SlackError(channel_not_found)."""
        try:
            channel = self.find_channel(name_or_id)
        except KeyError:
            raise SlackError("channel_not_found") from None
        if not channel.is_open and self.app.bot_user_id not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def postable(self, name_or_id: str) -> Channel:
        """Return a channel the bot may post in.

        Raises SlackError: channel_not_found, not_in_channel, is_archived.
        """
        channel = self.visible(name_or_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        public_writer = "chat:write.public" in self.app.scopes and channel.kind == "channel"
        if self.app.bot_user_id not in channel.members and not public_writer:
            raise SlackError("not_in_channel")
        return channel

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        """Make someone (or the bot) a member; the channel says so."""
        if user in channel.members:
            return
        channel.members.add(user)
        said: Json = {"subtype": "channel_join", "user": user, "text": f"<@{user}> has joined the channel"}
        if inviter:
            said["inviter"] = inviter
        self.messages.post(channel.id, said)
        self.changes.emit(Change("joined", channel.id, data={"user": user, "inviter": inviter}))

    def set_status(self, channel: str, thread_ts: str, status: str) -> None:
        """Show what the app is doing under a thread; empty text, or the app's next reply, ends it."""
        if status:
            self._statuses.add((channel, thread_ts))
        else:
            self._statuses.discard((channel, thread_ts))
        data = {"thread_ts": thread_ts, "status": status}
        self.changes.emit(Change("status", channel, data=data))

    def _end_status(self, change: Change) -> None:
        message = change.message or {}
        place = (change.channel or "", message.get("thread_ts") or "")
        if change.kind == "message" and message.get("bot_id") and place in self._statuses:
            self.set_status(*place, "")

    def bot_author(self) -> Json:
        """Return the fields that say the app wrote a message."""
        return {
            "user": self.app.bot_user_id,
            "bot_id": self.app.bot_id,
            "app_id": self.app.app_id,
            "team": self.team.id,
            "bot_profile": {
                "id": self.app.bot_id,
                "app_id": self.app.app_id,
                "user_id": self.app.bot_user_id,
                "name": self.app.name,
                "deleted": False,
                "updated": 1_700_000_000,
                "team_id": self.team.id,
            },
        }

    def permalink(self, channel: str, ts: str) -> str:
        """Return a message's address (the path as Slack has it, on this server)."""
        link = f"{self.base_url}/archives/{channel}/p{ts.replace('.', '')}"
        message = self.messages.get(channel, ts)
        root = (message or {}).get("thread_ts")
        return f"{link}?thread_ts={root}&cid={channel}" if root and root != ts else link

    def team_of(self, user_id: str) -> Team:
        team_id = self.users[user_id].team_id
        return self.other_teams.get(team_id, self.team)
