"""Short things to say: something was done, was sent elsewhere, or may not be done."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import Block, context, section
from bot.blocks.limits import message
from bot.blocks.parts import title
from bot.blocks.text import escape
from bot.model import Message

__all__ = ["notice_message"]


def notice_message(
    words: str, *, detail: str | None = None, sentence: str | None = None, more: Sequence[Block] = ()
) -> Message:
    """Say something in plain words. `sentence` is the question it is about, `more` blocks that follow."""
    said = escape(words, 900)
    blocks: list[Block] = [section(title(sentence))] if sentence else []
    blocks.append(section(said or " "))
    if detail:
        blocks.append(context(escape(detail, 600)))
    return message(said, [*blocks, *more])
