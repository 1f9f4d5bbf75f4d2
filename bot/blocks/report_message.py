"""The answer to a question for numbers: the finding first, a chart, a table of groups, what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.block_elements import (
    actions,
    button,
    context,
    header,
    option,
    overflow,
    section,
    select,
    shared_by,
)
from bot.blocks.chart_block import chart_block
from bot.blocks.data_table import Cell, DataTable, data_table
from bot.blocks.help_message import Example
from bot.blocks.limits import DATA_ROWS, HEADER_CHARS, OPTION_VALUE_CHARS, Block, message
from bot.blocks.report_words import change_words, counted_words, finding, value_words
from bot.blocks.text import capital, clip, escape, fresh, note_line, number, plural, spoken, title
from bot.model import Message
from bot.report.chart import Chart
from bot.report.measures import MEASURES, Measure, Unit
from bot.report.overview import OverviewCalls
from bot.report.report_table import ReportTable, TableRow

_TOP = 5
"""Reasons and tools that an overview names."""
_POINTS = 100
"""A rate sorts by its per cent."""
_BUTTONS = ((act.CSV, "CSV"), (act.SHARE, "Share"), (act.SAVE, "Save"), (act.TELL_ME, "Tell me when…"))
_MORE = ((act.REFRESH, "Refresh"), (act.SHOW_API, "Show API request"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """Everything that a report shows."""

    sentence: str
    """The restated question, plain text."""
    table: ReportTable
    counted: str = "calls"
    """What the calls are called: "failed calls for Support EN"."""
    chart: Chart | None
    tz: tzinfo
    now: float
    as_of: float
    question_id: str
    actions: frozenset[str] = frozenset()
    """What may be offered: CSV, SAVE, SHARE, TELL_ME, REFRESH, SHOW_API."""
    asks: Sequence[Example] = ()
    """Questions that go on from this one, as buttons: the calls behind it, other groups, a comparison."""
    notes: Sequence[str] = ()
    """Plain words: what is left out, what it is compared with."""
    overview: OverviewCalls | None = None
    shared_by: str | None = None
    """Slack id of who shared it; "" for a schedule."""
    shared_note: str = ""
    permalink: str | None = None
    """The address of the full answer, on a glance."""


def report_message(view: ReportView) -> Message:
    """Draw a report; plainer without its chart, and with ever plainer tables."""
    table, found = _groups(view.table), capital(finding(view.table, view.counted))
    top: list[Block] = [
        header(clip(found, HEADER_CHARS)),
        *shared_by(view.shared_by, view.shared_note),
        section(title(view.sentence)),
        context(capital(fresh(view.as_of, view.now, view.tz))),
    ]
    notes = [*counted_words(view.table), *(view.chart.notes if view.chart else ()), *view.notes]
    if table is not None and len(table.rows) < len(view.table.rows):
        shown, rows = number(len(table.rows)), number(len(view.table.rows))
        notes.append(f"the table shows {shown} of {rows} rows: the CSV has all")
    if view.permalink is not None:
        notes.append("the full answer is in your direct messages")
    bottom = [
        *_overview(view),
        context(note_line([capital(note) for note in notes])),
        *_buttons(view),
    ]
    forms = table.forms() if table is not None else ([],)
    charts = ([chart_block(view.chart)], []) if view.chart is not None else ([],)
    first, *plainer = ([*top, *chart, *form, *bottom] for form in forms for chart in charts)
    lines = "\n".join(table.lines()) if table is not None else ""
    text = f"{escape(found)}\n{escape(capital(view.sentence), 900)}, {fresh(view.as_of, view.now, view.tz)}"
    return message(f"{text}\n{lines}" if lines else text, first, *plainer)


def reading_message(sentence: str, seen: int, expected: int | None) -> Message:
    """Say how far the reading of a report's calls has come."""
    calls = plural(seen, "call")
    if expected is not None and expected > seen:
        calls = f"{number(seen)} of about {plural(expected, 'call')}"
    words = f"Counting: {calls} read so far"
    return message(f"{escape(capital(sentence), 900)}: {words}", [section(title(sentence)), context(words)])


def _groups(table: ReportTable) -> DataTable | None:
    """Make the table of all groups; none for a report on all calls together, unless it compares."""
    measures = _columns(table)
    compared = table.previous is not None
    if not table.by and not compared and len(table.show) == 1:
        return None
    head = [group.title for group in table.by] if table.by else ["Measure"]
    if table.by:
        for measure in measures:
            head += [measure.title, *(["Before", "Change"] if compared and measure in table.show else [])]
        ranks = [{key: float(rank) for rank, key in enumerate(keys)} for keys in table.keys]
        rows = [
            [
                *(
                    Cell(label, None if group.order is None else rank.get(key))
                    for group, label, key, rank in zip(table.by, row.labels, row.keys, ranks, strict=True)
                ),
                *(cell for measure in measures for cell in _cells(table, measure, row, compared)),
            ]
            for row in _shown(table)
        ]
        caption = f"By {' and '.join(group.noun for group in table.by)}"
    else:
        head += ["Value", *(["Before", "Change"] if compared else [])]
        rows = [[Cell(measure.title), *_cells(table, measure, table.total, compared)] for measure in measures]
        caption = "All calls"
    return data_table(caption, head, rows)


def _shown(table: ReportTable) -> Sequence[TableRow]:
    """Return the rows of the table; of more than it takes those with calls, as the CSV has all days."""
    if len(table.rows) <= DATA_ROWS:
        return table.rows
    return [row for row in table.rows if row.now.calls or (row.before is not None and row.before.calls)]


def _columns(table: ReportTable) -> list[Measure]:
    """Return the measures shown, and how many calls they are of."""
    calls = MEASURES["calls"]
    return [*table.show, *([calls] if calls not in table.show else [])]


def _cells(table: ReportTable, measure: Measure, row: TableRow, compared: bool) -> list[Cell]:
    values = [table.value(measure, row.now)]
    shown = compared and (measure in table.show or not table.by)
    if shown:
        values.append(None if row.before is None else table.value(measure, row.before))
    cells = [
        Cell(
            value_words(table, measure, value),
            value if value is None or measure.unit is not Unit.RATE else value * _POINTS,
        )
        for value in values
    ]
    return [*cells, Cell(change_words(table, measure, row))] if shown else cells


def _overview(view: ReportView) -> list[Block]:
    """Say how failed calls ended, which tools were used in them, and offer three calls to hear."""
    if view.overview is None:
        return []
    lines = []
    for what, calls in (
        ("Failed calls ended with", view.overview.reasons),
        ("Tools in failed calls", view.overview.tools),
    ):
        table = ReportTable(show=(MEASURES["calls"],), current=calls)
        top = [
            f"{escape(row.labels[0], 80)} ({number(row.now.calls)})"
            for row in table.rows
            if row.keys != ("",)
        ][:_TOP]
        lines += [f"*{what}*: {' · '.join(top)}"] if top else []
    return [
        *([section("\n".join(lines))] if lines else []),
        *actions(
            select(
                "Three calls worth hearing",
                act.OPEN_CALL,
                [
                    option(
                        f"{why}: {spoken(row.call_duration_secs)} · {row.agent_name or row.agent_id}",
                        row.conversation_id,
                        detail=row.call_summary_title,
                    )
                    for why, row in view.overview.worth_hearing()
                    if 0 < len(row.conversation_id) <= OPTION_VALUE_CHARS and row.conversation_id.isascii()
                ],
            )
        ),
    ]


def _buttons(view: ReportView) -> list[Block]:
    pointer = Pointer(view.question_id)
    offered = {name: button(label, name, pointer) for name, label in _BUTTONS if name in view.actions}
    more = overflow(
        act.MORE,
        [(label, Pointer(view.question_id, pick=pick)) for pick, label in _MORE if pick in view.actions],
    )
    asks = (ask.button(ask.question, act.RUN_EXAMPLE, index) for index, ask in enumerate(view.asks))
    csv = offered.pop(act.CSV, None)
    return actions(csv, *asks, *offered.values(), more)
