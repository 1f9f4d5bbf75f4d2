"""One call of a Web API method: its arguments, and what it may touch."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.demo.slack.block_kit import MESSAGE_TEXT, check_message, with_ids
from bot.demo.slack.shapes import Json, SlackError, require
from bot.demo.slack.workspace import Workspace

MOST_TEXT = 40_000


@dataclass(frozen=True, slots=True)
class MethodCall:
    """A call by the app. Arguments are JSON values, or text where a form or query string carried them."""

    workspace: Workspace
    args: Json
    base_url: str
    spawn: Callable[[Coroutine[Any, Any, Any]], None]
    app_level: bool = False
    """Whether the app-level token was used."""

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        if value is None:
            return default
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return ",".join(value)
        return value if isinstance(value, str) else json.dumps(value)

    def needed(self, name: str, error: str = "invalid_arguments") -> str:
        value = self.text(name)
        require(value, error, f"missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean argument, also written 1 or true."""
        value = self.args.get(name)
        return default if value is None else str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """Return a whole number. Raises SlackError(invalid_arguments)."""
        value = self.args.get(name)
        if value is None or value == "":
            return default
        try:
            return int(str(value))
        except ValueError:
            raise SlackError(
                "invalid_arguments", [f"must provide an integer [json-pointer:/{name}]"]
            ) from None

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """Return an argument that is an object or array, possibly as JSON text. Raises SlackError(error)."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def content(self, *, most_text: int = MOST_TEXT) -> Json:
        """Return text and blocks of a message, checked as Slack does.

        Raises SlackError: no_text, msg_too_long, invalid_blocks_format, invalid_blocks, msg_blocks_too_long.
        """
        return message_content(
            self.workspace, self.args, self.structure("blocks", "invalid_blocks_format"), most_text
        )


def message_content(workspace: Workspace, args: Json, blocks: Any, most_text: int = MOST_TEXT) -> Json:
    """Check text and blocks of a message; returns what is stored: nothing is escaped or changed.

    Raises SlackError: no_text, msg_too_long, invalid_blocks_format, invalid_blocks, msg_blocks_too_long.
    """
    text = args.get("text")
    require(
        text is None or isinstance(text, str),
        "invalid_arguments",
        "must provide a string [json-pointer:/text]",
    )
    if isinstance(args.get("markdown_text"), str):
        require(not text and not blocks, "markdown_text_conflict")
        text = args["markdown_text"]
    require(text or blocks or args.get("attachments"), "no_text")
    require(len(text or "") <= most_text, "msg_too_long")
    content: Json = {"text": text or ""}
    if blocks is not None:
        require(isinstance(blocks, list), "invalid_blocks_format")
        notes = check_message(blocks)
        if notes.problems:
            raise SlackError("invalid_blocks", notes.problems)
        require(notes.text_total < MESSAGE_TEXT, "msg_blocks_too_long")
        content["blocks"] = with_ids(blocks, workspace.ids)
    return content


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: what it does, the scopes of which it needs one, and the kind of token."""

    run: Callable[[MethodCall], Json]
    scopes: tuple[str, ...] = ()
    app_level: bool | None = False
    """True: app-level token, False: bot token, None: either."""
