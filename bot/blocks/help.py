"""Help that teaches: examples that run, and every filter."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import context, header, section
from bot.blocks.limits import message
from bot.blocks.talk import COMMAND, EXAMPLES, Example, example_blocks, listing
from bot.blocks.text import code, escape
from bot.model import Message

__all__ = ["filters_help_message", "help_message"]


def help_message(
    examples: Sequence[Example] = EXAMPLES,
    *,
    run: bool = False,
    command: str = COMMAND,
    greeting: str | None = None,
) -> Message:
    """Show what can be asked. `run` adds a button to each example; `greeting` replaces the first line."""
    opening = (
        greeting
        or "Ask about your ElevenLabs conversations in a sentence; the answer has the call ids and a CSV."
    )
    lines = "\n".join(f"• {escape(example.question, 300)}" for example in examples)
    return message(
        f"{escape(opening)}\n{lines}",
        [
            header("Ask about your conversations"),
            section(escape(opening)),
            *example_blocks(examples, run=run),
            context(
                f"Type {code(command + ' …')}, mention me in a channel, or write to me directly. "
                "A call id, a conversation id or a dashboard link opens that call."
            ),
            context(
                f"{code(command + ' help filters')} lists every filter, "
                f"{code(command + ' agents')} your agents."
            ),
        ],
    )


_EXAMPLES = 3
Filter = tuple[str, str] | tuple[str, str, Sequence[str]]


def filters_help_message(filters: Sequence[Filter], *, command: str = COMMAND) -> Message:
    """List every filter from (words, meaning) or (words, meaning, examples), as the grammar gives them."""
    lines = [_filter(*each) for each in filters]
    return message(
        "Every filter you can use:\n" + "\n".join(lines),
        [
            header("Every filter"),
            *listing(lines),
            context(
                "Put them in any order, for example "
                f"{code(command + ' failed calls for Support EN since monday')}. "
                f"A minus before a filter means not: {code('-lang:de')}."
            ),
        ],
    )


def _filter(words: str, meaning: str, examples: Sequence[str] = ()) -> str:
    line = f"*{escape(words, 100)}*  {escape(meaning, 300)}"
    shown = ", ".join(code(example, 80) for example in examples[:_EXAMPLES])
    return f"{line}: {shown}" if shown else line
