"""App Home: quick questions, what the person asked lately, what they saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.alert_blocks import WatchedItem, watched_blocks
from bot.blocks.block_elements import actions, button, context, divider, header, section
from bot.blocks.chart_block import chart_block
from bot.blocks.help_message import COMMAND, EXAMPLES
from bot.blocks.limits import Block, fit_view
from bot.blocks.report_words import overall
from bot.blocks.saved_blocks import Saved, saved_blocks
from bot.blocks.text import capital, code, escape, started
from bot.report.chart import Chart
from bot.report.report_table import ReportTable

_RECENT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A question asked lately."""

    question_id: str
    sentence: str
    asked_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What a time looks like in numbers, beside the time before."""

    time: str
    """ "Today"."""
    table: ReportTable
    chart: Chart | None = None


def home_view(
    *,
    recent: Sequence[Recent],
    saved: Sequence[Saved],
    watched: Sequence[WatchedItem] = (),
    tz: tzinfo,
    now: float,
    numbers: Sequence[Numbers] = (),
    told: str | None = None,
) -> dict[str, object]:
    """Build the Home tab; `told` is what became of a press in it, plain words."""
    return _home(
        [
            *_numbers(numbers),
            header("Ask about your conversations"),
            section(
                f"Type {code(COMMAND + ' failed calls since yesterday')} anywhere, or press a question. "
                "The answer comes to your direct messages, with the call ids and a CSV."
            ),
            *actions(
                *(
                    example.button(capital(example.question), act.QUICK, index)
                    for index, example in enumerate(EXAMPLES)
                )
            ),
            *actions(button("Choose filters", act.FILTERS, Pointer(""))),
            *([section(f":white_check_mark: {escape(told, 300)}")] if told else []),
            divider(),
            header("Saved questions"),
            *saved_blocks(saved),
            divider(),
            header("Alerts and subscriptions"),
            *watched_blocks(watched),
            divider(),
            header("Recent questions"),
            *([] if recent else [context("Nothing yet.")]),
            *(
                section(
                    f"{escape(capital(item.sentence), 500)}\n_{started(item.asked_at, tz, now)}_",
                    button("Ask again", numbered(act.RECENT, index), Pointer(item.question_id)),
                )
                for index, item in enumerate(recent[:_RECENT])
            ),
        ]
    )


def _numbers(numbers: Sequence[Numbers]) -> list[Block]:
    lines = [
        f"*{each.time}*: {escape(' · '.join(overall(each.table, measure) for measure in each.table.show))}"
        for each in numbers
    ]
    charts = [chart_block(each.chart) for each in numbers if each.chart is not None]
    beside = "Beside the same part of the day or week before"
    return [section("\n".join(lines)), *charts, context(beside), divider()] if lines else []


def closed_home(words: str) -> dict[str, object]:
    """Build the Home tab of somebody who may not ask: it says so, and shows nothing else."""
    return _home([header("Conversations"), section(escape(words, 900))])


def _home(blocks: Sequence[Block]) -> dict[str, object]:
    return {"type": "home", "callback_id": act.HOME_VIEW, "blocks": fit_view(blocks)}
