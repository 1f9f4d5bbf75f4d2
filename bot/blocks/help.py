"""Help that teaches: examples that run, and every filter."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import context, header, section
from bot.blocks.limits import message
from bot.blocks.talk import COMMAND, EXAMPLES, Example, example_blocks, listing
from bot.blocks.text import code, escape
from bot.model import Message

__all__ = ["FILTER_GROUPS", "filters_help_message", "help_message"]


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
FILTER_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("When", ("time",)),
    ("Which agent", ("agent",)),
    ("How it went", ("result", "status", "ended")),
    ("Length and rating", ("duration", "rating", "feedback")),
    ("How it came in", ("direction", "source", "lang")),
    ("What was said and done", ("search", "tool", "tool-failed", "tool-succeeded", "tag")),
    ("What you get", ("count", "sort", "limit")),
)
"""Filters by what people look for, the most asked first. Whatever is in none of them comes last."""


def filters_help_message(filters: Sequence[Filter], *, command: str = COMMAND) -> Message:
    """List every filter from (words, meaning) or (words, meaning, examples), as the grammar gives them."""
    paragraphs = [
        f"*{name}*\n" + "\n".join(_filter(*each) for each in found) for name, found in _grouped(filters)
    ]
    return message(
        "Every filter you can use:\n" + "\n".join(paragraphs),
        [
            header("Every filter"),
            context(
                "Put them in any order, for example "
                f"{code(command + ' failed calls for Support EN since monday')}. "
                f"A minus before a filter means not: {code('-lang:de')}."
            ),
            *(block for paragraph in paragraphs for block in listing(paragraph.split("\n"))),
        ],
    )


def _grouped(filters: Sequence[Filter]) -> list[tuple[str, list[Filter]]]:
    """Put filters into their groups; a group without any is left out."""
    grouped = [
        (name, [each for key in keys for each in filters if each[0] == key]) for name, keys in FILTER_GROUPS
    ]
    known = {key for _name, keys in FILTER_GROUPS for key in keys}
    rest = [each for each in filters if each[0] not in known]
    return [(name, found) for name, found in (*grouped, ("Advanced", rest)) if found]


def _filter(words: str, meaning: str, examples: Sequence[str] = ()) -> str:
    line = f"{code(words, 100)}  {escape(meaning, 300)}"
    shown = ", ".join(code(example, 80) for example in examples[:_EXAMPLES])
    return f"{line}: {shown}" if shown else line
