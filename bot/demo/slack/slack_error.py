"""Slack's refusals."""

from __future__ import annotations

from collections.abc import Sequence

from bot.demo.slack.shapes import Json


class SlackError(Exception):
    """Answered as `{"ok": false, "error": code, …}`."""

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = tuple(messages)
        self.extra = extra

    def as_body(self) -> Json:
        """Return the JSON Slack answers with."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["errors"] = list(self.messages)
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


def require(condition: object, code: str, *messages: str) -> None:
    """Raise SlackError(code) unless the condition holds."""
    if not condition:
        raise SlackError(code, messages)
