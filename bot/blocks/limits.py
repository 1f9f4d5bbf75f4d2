"""Slack's limits on a whole message or view, kept for any input.

Each element keeps its own limit when it is built (`elements`); what remains is the sum: block count and text
of all blocks together, above which Slack answers `msg_blocks_too_long`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.blocks.elements import Block, context
from bot.blocks.text import clip, clip_markup, size
from bot.model import Message

__all__ = [
    "MESSAGE_BLOCKS",
    "MESSAGE_CHARS",
    "TEXT_CHARS",
    "VIEW_BLOCKS",
    "fit",
    "fit_view",
    "message",
    "weight",
]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARS = 8_800
"""Slack takes 9,000 with certainty and refused 11,000."""
TEXT_CHARS = 3_900
VIEW_CHARS = 60_000
"""A view may weigh 250 KB as JSON; a character weighs up to 4 bytes, or 12 when it is written as escapes."""
_KEEP = 24
"""Texts this short are labels: they are not shrunk."""


def message(text: str, blocks: Sequence[Block], plain_blocks: Sequence[Block] | None = None) -> Message:
    """Make a message that Slack accepts. `text` is markup (escape what comes from outside)."""
    return Message(
        text=clip_markup(text, TEXT_CHARS) or " ",
        blocks=fit(blocks),
        plain_blocks=None if plain_blocks is None else fit(plain_blocks),
    )


def fit(blocks: Sequence[Block], most: int = MESSAGE_BLOCKS, chars: int = MESSAGE_CHARS) -> tuple[Block, ...]:
    """Return the blocks, shortened so that they keep Slack's sums: longest texts are cut first."""
    kept = copy.deepcopy(list(blocks))
    if len(kept) > most:
        kept = [*kept[: most - 1], context(f"… and {len(kept) - most + 1} more.")]
    excess = weight(kept) - chars
    if excess > 0:
        _shrink(list(_texts(kept)), excess)
    return tuple(kept)


def fit_view(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a view, shortened likewise."""
    return list(fit(blocks, VIEW_BLOCKS, VIEW_CHARS))


def weight(blocks: Iterable[Block]) -> int:
    """Count the characters that Slack may count: every text, and addresses to be safe."""
    return sum(_weigh(block) for block in blocks)


def _weigh(node: Any) -> int:
    if isinstance(node, dict):
        return sum(
            size(value)
            if key in {"text", "url", "alt_text", "title"} and isinstance(value, str)
            else _weigh(value)
            for key, value in node.items()
        )
    if isinstance(node, list | tuple):
        return sum(map(_weigh, node))
    return 0


def _texts(node: Any) -> Iterator[dict[str, Any]]:
    """Every text object, cell or rich text element in the tree that is long enough to cut."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str) and size(node["text"]) > _KEEP:
            yield node
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)


def _shrink(texts: list[dict[str, Any]], excess: int) -> None:
    """Cut the longest texts to one common length, the greatest that saves `excess` characters."""
    lengths = sorted((size(item["text"]) for item in texts), reverse=True)
    cap = _KEEP
    for count, longest in enumerate(lengths, start=1):
        following = lengths[count] if count < len(lengths) else _KEEP
        total = sum(lengths[:count])
        if total - count * following >= excess or count == len(lengths):
            cap = max(_KEEP, min(longest, (total - excess) // count))
            break
    for item in texts:
        if size(item["text"]) > cap:
            cut = clip_markup if item.get("type") == "mrkdwn" else clip
            item["text"] = cut(item["text"], cap)
