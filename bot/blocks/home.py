"""App Home: quick questions, what the person asked lately, what they saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.elements import Block, actions, button, context, divider, header, section
from bot.blocks.limits import fit_view
from bot.blocks.parts import capital
from bot.blocks.saved import Saved, saved_blocks
from bot.blocks.talk import COMMAND, EXAMPLES, Example
from bot.blocks.text import code, escape, started

__all__ = ["Recent", "Saved", "closed_home", "home_view"]

_RECENT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A question asked lately."""

    question_id: str
    sentence: str
    asked_at: float


def home_view(
    *,
    recent: Sequence[Recent],
    saved: Sequence[Saved],
    tz: tzinfo,
    now: float,
    quick: Sequence[Example] = EXAMPLES,
    command: str = COMMAND,
    told: str | None = None,
) -> dict[str, object]:
    """Build the Home tab; `told` is what became of a press in it, plain words."""
    blocks = [
        header("Ask about your conversations"),
        section(
            f"Type {code(command + ' failed calls since yesterday')} anywhere, or press a question. "
            "The answer comes to your direct messages, with the call ids and a CSV."
        ),
        *_quick(quick),
        *actions(button("Choose filters", act.FILTERS, Pointer(""))),
        *([section(f":white_check_mark: {escape(told, 300)}")] if told else []),
        divider(),
        header("Saved questions"),
        *saved_blocks(saved),
        divider(),
        header("Recent questions"),
        *_recent(recent, tz, now),
    ]
    return {"type": "home", "callback_id": act.HOME_VIEW, "blocks": fit_view(blocks)}


def closed_home(words: str) -> dict[str, object]:
    """Build the Home tab of somebody who may not ask: it says so, and shows nothing else."""
    blocks = [header("Conversations"), section(escape(words, 900))]
    return {"type": "home", "callback_id": act.HOME_VIEW, "blocks": blocks}


def _quick(quick: Sequence[Example]) -> list[Block]:
    return actions(
        *(
            button(capital(example.question), numbered(act.QUICK, index), Pointer("", pick=example.question))
            for index, example in enumerate(quick)
        )
    )


def _recent(recent: Sequence[Recent], tz: tzinfo, now: float) -> list[Block]:
    if not recent:
        return [context("Nothing yet.")]
    return [
        section(
            f"{escape(capital(item.sentence), 500)}\n_{started(item.asked_at, tz, now)}_",
            button("Ask again", numbered(act.RECENT, index), Pointer(item.question_id)),
        )
        for index, item in enumerate(recent[:_RECENT])
    ]
