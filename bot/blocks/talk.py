"""Buttons and lines that several of the talking messages share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.elements import Block, actions, button, section
from bot.blocks.text import code, escape

__all__ = ["COMMAND", "EXAMPLES", "Example", "example_blocks", "listing"]

COMMAND = "/conversations"


@dataclass(frozen=True, slots=True)
class Example:
    """A question that can be asked as it stands."""

    question: str
    meaning: str
    """What it is good for, a few words."""
    asks: str = ""
    """What a button asks, when `question` only names it."""


EXAMPLES = (
    Example("failed calls since yesterday", "what went wrong lately"),
    Example("how many calls this week", "the count, first"),
    Example("calls over 10 minutes last week", "long calls to review"),
    Example("rated 2 or less in the last 30 days", "unhappy callers"),
    Example("all calls last month", "a whole month as CSV"),
)
"""The five most useful questions."""


def example_blocks(examples: Sequence[Example], *, run: bool) -> list[Block]:
    """Show examples, each as a paragraph, with a button that runs it when `run`."""
    blocks: list[Block] = []
    for index, example in enumerate(examples):
        words = f"{code(example.question, 300)}\n{escape(example.meaning, 200)}"
        ask = (
            button(
                "Ask", numbered(act.RUN_EXAMPLE, index), Pointer("", pick=example.asks or example.question)
            )
            if run
            else None
        )
        blocks.append(section(words, ask))
    return blocks


def run_buttons(examples: Sequence[Example]) -> list[Block]:
    """Show examples as one row of buttons that run them."""
    return actions(
        *(
            button(
                example.question,
                numbered(act.RUN_EXAMPLE, index),
                Pointer("", pick=example.asks or example.question),
            )
            for index, example in enumerate(examples)
        )
    )


def listing(lines: Sequence[str], chars: int = 2800) -> list[Block]:
    """Put markup lines into as few paragraphs as hold them."""
    blocks: list[Block] = []
    current = ""
    for line in lines:
        if current and len(current) + len(line) + 1 > chars:
            blocks.append(section(current))
            current = ""
        current = f"{current}\n{line}" if current else line
    return [*blocks, section(current)] if current else blocks
