"""Help that teaches: examples that run, and every filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.block_elements import actions, button, context, header, section
from bot.blocks.limits import Block, message
from bot.blocks.text import code, escape
from bot.model import Message

COMMAND = "/conversations"


@dataclass(frozen=True, slots=True)
class Example:
    """A question that can be asked as it stands."""

    question: str
    meaning: str = ""
    """What it is good for, a few words."""
    asks: str = ""
    """What a button asks, when `question` only names it."""

    def button(self, label: str, action: str, index: int) -> Block | None:
        return button(label, numbered(action, index), Pointer("", pick=self.asks or self.question))


EXAMPLES = (
    Example("failed calls since yesterday", "what went wrong lately"),
    Example("how many calls this week", "the count, first"),
    Example("success rate by agent last week", "numbers, with a chart"),
    Example("rated 2 or less in the last 30 days", "unhappy callers"),
    Example("all calls last month", "a whole month as CSV"),
)
"""The five most useful questions."""
_GREETING = "Ask about your ElevenLabs conversations in a sentence; the answer has the call ids and a CSV."


def help_message(greeting: str = _GREETING) -> Message:
    """Show what can be asked, each example with a button that asks it."""
    lines = "\n".join(f"• {escape(example.question, 300)}" for example in EXAMPLES)
    return message(
        f"{escape(greeting)}\n{lines}",
        [
            header("Ask about your conversations"),
            section(escape(greeting)),
            *(
                section(
                    f"{code(example.question, 300)}\n{escape(example.meaning, 200)}",
                    example.button("Ask", act.RUN_EXAMPLE, index),
                )
                for index, example in enumerate(EXAMPLES)
            ),
            context(
                f"Type {code(COMMAND + ' …')}, mention me in a channel, or write to me directly. "
                "A call id, a conversation id or a dashboard link opens that call."
            ),
            context(
                f"{code(COMMAND + ' help filters')} lists every filter, "
                f"{code(COMMAND + ' agents')} your agents. I also speak first: "
                f"{code('subscribe to failed calls')}, or "
                f"{code('alert me when the failure rate is over 20% in the last hour')}."
            ),
        ],
    )


def example_buttons(examples: Sequence[Example]) -> list[Block]:
    """Show examples as one row of buttons that ask them."""
    return actions(
        *(example.button(example.question, act.RUN_EXAMPLE, index) for index, example in enumerate(examples))
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


_EXAMPLES = 3
Filter = tuple[str, str] | tuple[str, str, Sequence[str]]
"""The words of a filter, its meaning, and examples of it."""


def filters_help_message(groups: Mapping[str, Sequence[Filter]]) -> Message:
    """List every filter under its heading, as the grammar gives them."""
    paragraphs = [
        f"*{escape(name, 100)}*\n" + "\n".join(_filter(*each) for each in found)
        for name, found in groups.items()
    ]
    return message(
        "Every filter you can use:\n" + "\n".join(paragraphs),
        [
            header("Every filter"),
            context(
                "Put them in any order, for example "
                f"{code(COMMAND + ' failed calls for Support EN since monday')}. "
                f"A minus before a filter means not: {code('-lang:de')}."
            ),
            *(block for paragraph in paragraphs for block in listing(paragraph.split("\n"))),
        ],
    )


def _filter(words: str, meaning: str, examples: Sequence[str] = ()) -> str:
    line = f"{code(words, 100)}  {escape(meaning, 300)}"
    shown = ", ".join(code(example, 80) for example in examples[:_EXAMPLES])
    return f"{line}: {shown}" if shown else line
