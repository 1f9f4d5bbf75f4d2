"""What a person says: commands, messages, edits, opening a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.slack import payloads
from bot.demo.slack.app_connection import Delivery
from bot.demo.slack.composer import compose, escaped
from bot.demo.slack.pressing import Pressing
from bot.demo.slack.shapes import Json, SlackError, require
from bot.demo.slack.web_api import answer

FAILURES = {
    "operation_timeout": "operation_timeout",
    "http_error": "dispatch_failed",
    "connection_failed": "dispatch_failed",
}


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command that was sent. `shown`: the sentence Slack shows its sender when it failed."""

    delivery: Delivery
    error: str | None = None
    shown: str | None = None


class Deliveries(Pressing):
    """Everything that reaches the app: what people say and press, and the events of the workspace.

    Deliveries are signed and go to an events URL, or over the socket when one is connected.
    """

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Commanded:
        """Send a slash command and wait for its ack; an answer in the ack is shown as Slack shows it."""
        workspace = self.workspace
        where, who = workspace.find_channel(channel), workspace.users[user]
        url = self.response_url("command", where.id, user)
        declared = next((c for c in workspace.app.commands if c.command == command), None)
        if declared is not None and declared.should_escape:
            text = compose(workspace, text)[0]
        elif workspace.escape_commands:
            text = escaped(text)
        payload = payloads.command(workspace, who, where, name=command, text=text, response_url=url)
        done = await self.send("command", "slash_commands", payload)
        error = FAILURES.get(done.error or "")
        if error is None and done.body:
            body = {"text": done.body} if isinstance(done.body, str) else done.body
            try:
                answer(workspace, workspace.hooks.peek(url.rpartition("/")[2]), body)
            except (SlackError, ValueError, AttributeError):
                error = "invalid_command_response"
        if error is None:
            return Commanded(done)
        return Commanded(done, error, f'{command} failed with the error "{error}"')

    def say(
        self, user: str, channel: str, text: str, *, thread_ts: str | None = None, raw: bool = False
    ) -> Json:
        """Post a message as a person; its events go out in the background. Returns the message.

        `raw`: the text is already in Slack's form. Raises SlackError: channel_not_found, not_in_channel,
        is_archived, no_text, thread_not_found.
        """
        workspace = self.workspace
        try:
            where = workspace.find_channel(channel)
        except KeyError:
            raise SlackError("channel_not_found") from None
        require(not where.is_archived, "is_archived")
        require(user in where.members, "not_in_channel")
        require(text.strip(), "no_text")
        stored, blocks = (text, []) if raw else compose(workspace, text)
        content: Json = {
            "user": user,
            "client_msg_id": workspace.ids.uuid(),
            "text": stored,
            "team": workspace.users[user].team_id,
        }
        if blocks:
            content["blocks"] = blocks
        return workspace.messages.post(where.id, content, thread_ts=thread_ts)

    async def opened(self, user: str, tab: str = "messages") -> Delivery:
        """Open the app's direct message (tab messages) or its Home (tab home)."""
        workspace = self.workspace
        inner: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": workspace.dm(user).id,
            "tab": tab,
            "event_ts": workspace.ids.ts(),
        }
        home = workspace.views.home(user)
        if tab == "home" and home is not None:
            inner["view"] = home
        return await self.event(inner)
