"""Slack's limits: of each element, and of a whole message or view, kept for any input.

Each element keeps its own limit when it is built (`block_elements`, `inputs`). What remains is the sum: block
count and text of all blocks together, above which Slack answers `msg_blocks_too_long`. Source: Slack's Block
Kit reference, unless another is named.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.blocks.text import clip, clip_markup, size
from bot.model import Message

Block = dict[str, object]
"""A block or an element of one, as Slack takes it."""

SECTION_CHARS = 3000
FIELDS = 10
FIELD_CHARS = 2000
HEADER_CHARS = 150
CONTEXT_CHARS = 2000
BUTTON_CHARS = 75
BUTTONS = 25
BUTTON_VALUE_CHARS = 2000
OPTIONS = 100
OPTION_VALUE_CHARS = 150
OVERFLOW_OPTIONS = 5
PLACEHOLDER_CHARS = 150
INPUT_CHARS = 3000
MODAL_TITLE_CHARS = 24
PREFORMATTED_CHARS = 2900
"""Ours: two of them and the rest of the modal stay far below VIEW_CHARS."""
CAPTION_CHARS = 150
"""Ours: Slack names no limit."""
DATA_ROWS = 200
DATA_TABLE_CHARS = 20_000
"""In all cells of a message: they count apart from its other texts."""
LABEL_CHARS = 200
"""Ours: Slack takes 2,000, but a label is a few words."""
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARS = 8_800
"""Slack takes 9,000 with certainty and refused 11,000."""
TEXT_CHARS = 3_900
VIEW_CHARS = 60_000
"""A view may weigh 250 KB as JSON; a character weighs up to 4 bytes, or 12 when it is written as escapes."""
_LABEL = 24
"""Texts this short are labels: they are not shrunk."""


def message(text: str, blocks: Sequence[Block], *fallbacks: Sequence[Block]) -> Message:
    """Make a message that Slack accepts. `text` is markup (escape what comes from outside)."""
    return Message(
        text=clip_markup(text, TEXT_CHARS) or " ",
        blocks=fit(blocks),
        fallbacks=tuple(fit(plainer) for plainer in fallbacks),
    )


def with_last_line(drawn: Message, words: str) -> Message:
    """Return a message with a small line at its end, in its plainer forms too. `words` are markup."""
    line: Block = {"type": "context", "elements": [{"type": "mrkdwn", "text": words}]}
    first, *plainer = ([*form, line] for form in (drawn.blocks, *drawn.fallbacks))
    return message(drawn.text, first, *plainer)


def fit(blocks: Sequence[Block], most: int = MESSAGE_BLOCKS, chars: int = MESSAGE_CHARS) -> tuple[Block, ...]:
    """Return the blocks, shortened so that they keep Slack's sums: longest texts are cut first."""
    kept = list(blocks)
    if len(kept) > most:
        rest = f"… and {len(kept) - most + 1} more."
        line = {"type": "mrkdwn", "text": rest, "verbatim": True}
        kept[most - 1 :] = [{"type": "context", "elements": [line]}]
    excess = weight(kept) - chars
    if excess > 0:
        kept = copy.deepcopy(kept)  # plainer forms share blocks, and may have room for their texts
        _shrink(list(_texts(_counted(kept))), excess)
    return tuple(kept)


def fit_view(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a view, shortened likewise."""
    return list(fit(blocks, VIEW_BLOCKS, VIEW_CHARS))


def weight(blocks: Iterable[Block]) -> int:
    """Count the characters that Slack may count: every text, and addresses to be safe.

    A data_table has a limit of its own, which it keeps (`data_table`).
    """
    return sum(_weigh(block) for block in _counted(blocks))


def _counted(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if block.get("type") != "data_table"]


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
        if isinstance(node.get("text"), str) and size(node["text"]) > _LABEL:
            yield node
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)


def _shrink(texts: list[dict[str, Any]], excess: int) -> None:
    """Cut the longest texts to one common length, the greatest that saves `excess` characters."""
    lengths = sorted((size(item["text"]) for item in texts), reverse=True)
    cap = _LABEL
    for count, longest in enumerate(lengths, start=1):
        following = lengths[count] if count < len(lengths) else _LABEL
        total = sum(lengths[:count])
        if total - count * following >= excess or count == len(lengths):
            cap = max(_LABEL, min(longest, (total - excess) // count))
            break
    for item in texts:
        if size(item["text"]) > cap:
            cut = clip_markup if item.get("type") == "mrkdwn" else clip
            item["text"] = cut(item["text"], cap)
