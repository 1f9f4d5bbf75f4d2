"""Blocks that a workspace refuses: told plainer at once, and not tried there again for an hour."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answers.ports import ReplyError
from bot.blocks.block_elements import message, section
from bot.blocks.data_table import Cell, data_table
from bot.model import Message
from bot.slack.slack_api import Fallbacks

TABLE = data_table("Calls", ["Length"], [[Cell("4:05", 245)]])
LIST = message("Calls", *([section("*Calls*"), *form] for form in TABLE.forms()))


class Workspace:
    """A Slack that knows all kinds of blocks and cells but some."""

    def __init__(self, *unknown: str) -> None:
        self.unknown = unknown
        self.tried: list[int] = []

    async def send(self, blocks: list[dict[str, object]]) -> str:
        """Take a message, or refuse it."""
        self.tried.append([*LIST.fallbacks, LIST.blocks].index(tuple(blocks)) if blocks else -1)
        if any(f"'{name}'" in str(blocks) for name in self.unknown):
            raise ReplyError("invalid_blocks", "chat.postMessage")
        return "sent"


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.mark.parametrize(
    ("unknown", "first", "then"),
    [
        ([], [3], [3]),
        (["raw_number"], [3, 0], [0]),
        (["raw_number", "data_table"], [3, 0, 1], [1]),
        (["data_table", "table"], [3, 0, 1, 2], [2]),
        (["section"], [3, 0, 1, 2, -1], [3, 0, 1, 2, -1]),
    ],
)
async def test_each_form_is_tried_once(
    now: list[float], unknown: list[str], first: list[int], then: list[int]
) -> None:
    """What was refused is not tried again within an hour; what all forms have in common is not blamed."""
    fallbacks, workspace = Fallbacks(lambda: now[0]), Workspace(*unknown)
    await fallbacks.send("T1", LIST, workspace.send)
    assert workspace.tried == first
    for at, tried in ((3_500.0, then), (3_700.0, first)):
        now[0], workspace.tried = at, []
        await fallbacks.send("T1", LIST, workspace.send)
        assert workspace.tried == tried


async def test_workspaces_are_apart_and_other_blocks_unharmed(now: list[float]) -> None:
    """One workspace's refusal says nothing of another, nor of a message without that block."""
    fallbacks, poor, rich = Fallbacks(lambda: now[0]), Workspace("data_table"), Workspace()
    await fallbacks.send("T1", LIST, poor.send)
    await fallbacks.send("T2", LIST, rich.send)
    assert rich.tried == [3]
    poor.tried = []
    await fallbacks.send("T1", Message(text="x", blocks=LIST.fallbacks[-1]), poor.send)
    assert poor.tried == [2]


@pytest.mark.parametrize(("code", "sent"), [("msg_blocks_too_long", True), ("not_in_channel", False)])
async def test_other_refusals(now: list[float], code: str, sent: bool) -> None:
    """A message too long is told plainer, that alone; any other refusal is raised."""
    fallbacks = Fallbacks(lambda: now[0])
    tried: list[int] = []

    async def refuse_long(blocks: list[dict[str, Any]]) -> None:
        tried.append(len(tried))
        if "data_table" in str(blocks):
            raise ReplyError(code, "chat.postMessage")

    for _ in range(2):
        if sent:
            await fallbacks.send("T1", LIST, refuse_long)
        else:
            with pytest.raises(ReplyError):
                await fallbacks.send("T1", LIST, refuse_long)
    assert len(tried) == (4 if sent else 2)
