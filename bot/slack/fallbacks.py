"""A message's one list of fallbacks: each form is tried once, and what a workspace refuses is remembered.

Slack brings new kinds of blocks to one workspace after the other, and refuses a whole message for one block
that it does not take. An hour later it is tried again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from cachetools import TTLCache

from bot.answers.ports import ReplyError
from bot.model import Message
from bot.slack.slack_api import RETRIES, call

T = TypeVar("T")

_UNKNOWN_BLOCK = frozenset({"invalid_blocks", "invalid_blocks_format"})
_TOO_LONG = frozenset({"msg_blocks_too_long", "msg_too_long"})
"""Says something of this one message only."""
_SHOWN_ALIKE = frozenset({"raw_number"})
"""Cells that are as long without it."""
_REMEMBERED_SECS = 3600.0
_TEXT_LIMIT = 3_900


class Fallbacks:
    """What workspaces refused within the last hour. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._refused: TTLCache[tuple[str, frozenset[str]], None] = TTLCache(
            10_000, ttl=_REMEMBERED_SECS, timer=clock
        )

    async def send(
        self, team_id: str, message: Message, send: Callable[[list[dict[str, object]]], Awaitable[T]]
    ) -> T:
        """Send a message's blocks; those that Slack refuses are tried plainer, then left out."""
        refused: list[frozenset[str]] = []
        too_long: list[frozenset[str]] = []
        for blocks in (message.blocks, *message.fallbacks):
            kinds = _kinds(blocks)
            known = [*too_long, *(those for team, those in self._refused if team == team_id)]
            if any(kinds >= those for those in known):
                continue
            try:
                sent = await send(list(blocks))
            except ReplyError as error:
                if error.code in _UNKNOWN_BLOCK:
                    refused.append(kinds)
                elif error.code in _TOO_LONG:
                    too_long.append(kinds - _SHOWN_ALIKE)
                else:
                    raise
            else:
                # What a plainer form of the same message has as well was not the reason.
                for those in filter(None, (each - kinds for each in refused)):
                    self._refused[team_id, those] = None
                return sent
        return await send([])

    async def say(
        self,
        team_id: str,
        method: Callable[..., Awaitable[Any]],
        message: Message,
        *,
        retries: int = RETRIES,
        **arguments: Any,
    ) -> dict[str, Any]:
        """Post or update a message. Raises ReplyError."""
        text = message.text[:_TEXT_LIMIT]
        return await self.send(
            team_id,
            message,
            lambda blocks: call(method, retries=retries, text=text, blocks=blocks, **arguments),
        )


def _kinds(blocks: Sequence[dict[str, Any]]) -> frozenset[str]:
    """Return the types of blocks, and of the cells of a data_table."""
    tables = [block["rows"] for block in blocks if block["type"] == "data_table"]
    cells = {cell["type"] for rows in tables for row in rows for cell in row}
    return frozenset({block["type"] for block in blocks} | (cells & _SHOWN_ALIKE))
