"""What an interaction hands the app for later: trigger ids and response URLs, with their ends.

A trigger lives 3 seconds and opens one view. A response URL takes 5 uses within 30 minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.slack.shapes import Ids, SlackError

TRIGGER_SECONDS = 3.0
URL_SECONDS = 30 * 60.0
URL_USES = 5


@dataclass(slots=True)
class Trigger:
    """Permission to open a view for one person. `view_id`: the modal it was made in, if any."""

    id: str
    user: str
    created: float
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Permission to answer one interaction. kind: command, click or shortcut.

    `message_ts` and `ephemeral` say which message a click was on.
    """

    token: str
    kind: str
    channel: str
    user: str
    created: float
    message_ts: str | None = None
    ephemeral: bool = False
    uses: int = 0


class Hooks:
    """All triggers and response URLs given out."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, user: str, view_id: str | None = None) -> str:
        made = f"{self._ids.digits(13)}.{self._ids.digits(13)}.{self._ids.hex()}"
        self._triggers[made] = Trigger(made, user, self._ids.clock(), view_id)
        return made

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger. Raises SlackError: invalid_trigger_id, exchanged_trigger_id, expired_trigger_id."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._ids.clock() - trigger.created > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger

    def respond_to(
        self,
        kind: str,
        channel: str,
        user: str,
        *,
        message_ts: str | None = None,
        ephemeral: bool = False,
    ) -> ResponseUrl:
        """Make a response URL (its token; the server knows the address)."""
        made = ResponseUrl(self._ids.secret(), kind, channel, user, self._ids.clock(), message_ts, ephemeral)
        self._urls[made.token] = made
        return made

    def peek(self, token: str) -> ResponseUrl:
        """Return a response URL without counting a use (an acknowledgement's own body is no use)."""
        return self._urls[token]

    def use(self, token: str) -> ResponseUrl:
        """Count one use. Raises SlackError: no_service, expired_url, used_url."""
        url = self._urls.get(token)
        if url is None:
            raise SlackError("no_service")
        if self._ids.clock() - url.created > URL_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= URL_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
