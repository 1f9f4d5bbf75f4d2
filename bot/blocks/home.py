"""App Home: quick questions, what the person asked lately, what they saved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.elements import Block, actions, button, context, divider, header, overflow, section
from bot.blocks.limits import fit_view
from bot.blocks.parts import capital
from bot.blocks.talk import COMMAND, EXAMPLES, Example
from bot.blocks.text import code, escape, started

__all__ = ["Recent", "Saved", "home_view"]

_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}", re.ASCII)
_RECENT = 10
_SAVED = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A question asked lately."""

    question_id: str
    sentence: str
    asked_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A saved question."""

    saved_id: str
    name: str
    sentence: str
    schedule: str | None = None
    """When it is asked by itself, in words, or None."""
    where: str | None = None
    """Slack id of the channel answered in; None is the direct message."""
    paused: bool = False


def home_view(
    *,
    recent: Sequence[Recent],
    saved: Sequence[Saved],
    tz: tzinfo,
    now: float,
    quick: Sequence[Example] = EXAMPLES,
    command: str = COMMAND,
) -> dict[str, object]:
    """Build the Home tab."""
    blocks = [
        header("Ask about your conversations"),
        section(
            f"Type {code(command + ' failed calls since yesterday')} anywhere, or press a question. "
            "The answer comes to your direct messages, with the call ids and a CSV."
        ),
        *_quick(quick),
        *actions(button("Choose filters", act.FILTERS, Pointer(""))),
        divider(),
        header("Saved questions"),
        *_saved(saved),
        divider(),
        header("Asked lately"),
        *_recent(recent, tz, now),
    ]
    return {"type": "home", "callback_id": act.HOME_VIEW, "blocks": fit_view(blocks)}


def _quick(quick: Sequence[Example]) -> list[Block]:
    return actions(
        *(
            button(capital(example.question), numbered(act.QUICK, index), Pointer("", pick=example.question))
            for index, example in enumerate(quick)
        )
    )


def _saved(saved: Sequence[Saved]) -> list[Block]:
    if not saved:
        return [context("None yet. Open the menu of an answer and press Save this question.")]
    blocks: list[Block] = []
    for index, item in enumerate(saved[:_SAVED]):
        lines = [f"*{escape(item.name, 100)}*", escape(capital(item.sentence), 500)]
        if item.schedule:
            lines.append(
                f"{'Paused: ' if item.paused else ''}{escape(item.schedule, 100)}{_where(item.where)}"
            )
        entries = []
        if item.schedule:
            what, label = (act.SAVED_RESUME, "Resume") if item.paused else (act.SAVED_PAUSE, "Pause")
            entries.append((label, Pointer("", pick=f"{what}:{item.saved_id}")))
        entries.append(("Delete", Pointer("", pick=f"{act.SAVED_DELETE}:{item.saved_id}")))
        blocks.append(section("\n".join(lines), overflow(numbered(act.SAVED_MENU, index), entries)))
        run = button("Ask now", numbered(act.SAVED_RUN, index), Pointer("", pick=item.saved_id))
        blocks += actions(run)
    rest = len(saved) - _SAVED
    return [*blocks, context(f"… and {rest} more. Run any of them by its name.")] if rest > 0 else blocks


def _where(channel_id: str | None) -> str:
    if channel_id is None:
        return ", in your direct messages"
    return f", in <#{channel_id}>" if _CHANNEL.fullmatch(channel_id) else ""


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
