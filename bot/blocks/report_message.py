"""The answer to a question for numbers: the finding first, a chart, a table of groups, what was counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.block_elements import (
    DATA_ROWS,
    HEADER_CHARS,
    Block,
    Drawing,
    actions,
    context,
    header,
    message,
    offers,
    option,
    section,
    select,
    shared_by,
)
from bot.blocks.data_table import Cell, DataTable, chart_block, data_table
from bot.blocks.notice_messages import Example
from bot.blocks.text import DASH, capital, clip, escape, note_line, number, plural, spoken, started, title
from bot.model import Message
from bot.report.chart import Chart, dollar_places
from bot.report.measures import MEASURES, Measure, Unit
from bot.report.report_table import MOST_GROUPS, OverviewCalls, ReportTable, TableRow
from bot.tally import Tally

_FIRST = 2
"""Measures that the first line names; the table has all."""
_LEAST = 0.05
"""Smaller changes, in points or per cent, are none."""
_BASIS = {"success-rate": "judged ", "failure-rate": "judged ", "rating": "rated "}
"""Which calls these are, where not all."""
_SMALL, _NEARLY_ALL = 10, 99
"""Per cent below and above which a decimal matters."""


def percent(rate: float) -> str:
    """0.71 -> "71%", 0.034 -> "3.4%": a decimal where it matters; "0%" is none and "100%" all."""
    value = rate * 100
    shown = f"{value:.1f}" if value < _SMALL or value > _NEARLY_ALL else f"{value:.0f}"
    if shown in {"0.0", "100.0"} and 0 < rate < 1:
        return "under 0.1%" if shown == "0.0" else "over 99.9%"
    return f"{shown.removesuffix('.0')}%"


def dollars(value: float, *, average: bool = False) -> str:
    """12.5 -> "$12.50", 0.0031 -> "$0.0031"."""
    return f"${value:,.{dollar_places(value, average=average)}f}"


def value_words(table: ReportTable, measure: Measure, value: float | None) -> str:
    """Say a value of a measure; a dash where there is none."""
    if value is None:
        return DASH
    match measure.unit:
        case Unit.RATE:
            return percent(value)
        case Unit.SECONDS:
            return spoken(round(value))
        case Unit.MONEY:
            if table.in_credits:
                return f"{number(round(value, 1))} credits"
            return dollars(value, average=measure.of is not None)
        case Unit.COUNT | Unit.NUMBER:
            return number(value)


def said(table: ReportTable, measure: Measure, tally: Tally) -> str:
    return value_words(table, measure, table.value(measure, tally))


def change_words(measure: Measure, now: float | None, before: float | None) -> str:
    """Say how a measure changed: "down 6 points", "up 12%", "unchanged"; "" where nothing can be compared.

    Rates, which are per cent already, differ by points. No judgement: more is not better.
    """
    if now is None or before is None:
        return ""
    points = measure.unit is Unit.RATE
    direction = "up" if now > before else "down"
    if now != before and not before and not points:
        return f"{direction} from none"
    change = abs(now - before) * 100 / (1 if points else abs(before) or 1)
    if change < _LEAST:
        return "unchanged"
    size = number(round(change, 1) if change < _SMALL else round(change))
    return f"{direction} {size}" + (f" point{'' if size == '1' else 's'}" if points else "%")


def _change(table: ReportTable, measure: Measure, row: TableRow) -> str:
    if row.before is None:
        return ""
    return change_words(measure, table.value(measure, row.now), table.value(measure, row.before))


def overall(table: ReportTable, measure: Measure, counted: str = "calls") -> str:
    """Say what a measure is of all calls, and how it changed: "Success rate 71%, down 6 points".

    `counted` is what the calls are called: "failed calls for Support EN".
    """
    value = said(table, measure, table.total.now)
    words = (
        f"{value} {counted if value != '1' else re.sub(r'calls?', 'call', counted, count=1)}"
        if measure.key == "calls"
        else f"{measure.title} {value}"
    )
    change = _change(table, measure, table.total)
    return f"{words}, {change}" if change else words


def finding(table: ReportTable, counted: str = "calls") -> str:
    """Say what a report found, the number first: "Success rate 71%, down 6 points · highest: A with 82%".

    One of few calls (under ten, and under half of what groups have) is not named as the highest or lowest.
    """
    if not table.total.now.calls and not table.total.now.wider:
        return "No calls found"
    words = " · ".join(overall(table, measure, counted) for measure in table.show[:_FIRST])
    rows = [row for row in table.rows if not row.merged and table.value(table.show[0], row.now) is not None]
    if not table.by or len(rows) < 2:  # noqa: PLR2004 - one group is the whole
        return words
    measure = table.show[0]
    pick: Callable[..., float] = min if table.smallest_first else max
    enough = [row for row in rows if measure.of is None or measure.of(row.now) >= table.enough]
    extreme, value = (pick(table.value(measure, row.now) or 0 for row in some) for some in (rows, enough))
    best = [row for row in enough if table.value(measure, row.now) == value]
    sums = measure.unit is Unit.COUNT
    which = ("fewest" if sums else "lowest") if table.smallest_first else ("most" if sums else "highest")
    if extreme != value:
        which += f" of those with {table.enough} {_BASIS.get(measure.key, '')}calls or more"
    more = f" and {number(len(best) - 1)} more" if len(best) > 1 else ""
    return f"{words} · {which}: {', '.join(best[0].labels)}{more} with {said(table, measure, best[0].now)}"


def counted_words(table: ReportTable) -> list[str]:
    """Say what was counted, and what a reader has to know of it, in short sentences without full stops."""
    total = table.total.now
    results = ((total.successful, "successful"), (total.failed, "failed"), (total.unknown, "unknown"))
    parts = ", ".join(f"{number(count)} {result}" for count, result in results if count)
    words = [f"{plural(total.calls, 'call')} counted{parts and f': {parts}'}"]
    shown = {measure.key for measure in table.show}
    units = {measure.unit for measure in table.show}
    if {"success-rate", "failure-rate"} & shown and total.unknown:
        words.append(f"rates are of the {plural(total.judged, 'call')} that were judged")
    if "share" in shown:
        words.append(f"a share is of {plural(total.wider, 'call')}")
    if Unit.MONEY in units:
        words += _money_words(table, total)
    if "rating" in shown:
        words.append(f"{plural(total.rating.said, 'call')} rated")
    if table.limit is not None and (of := table.show[0].of) is not None:
        few = any(of(row.now) < table.enough for row in table.all_rows)
        basis = _BASIS.get(table.show[0].key, "")
        words += [f"groups of fewer than {table.enough} {basis}calls come last"] if few else []
    if several := [group.title.lower() for group in table.by if group.several]:
        words.append(f"a call with several {several[0]}s counts once in each")
    if len(table.current.found) > MOST_GROUPS:
        words.append(f"beyond {number(MOST_GROUPS)} different values the rest is counted together, as Other")
    if alone := table.without_counterpart:
        words.append(f"{plural(len(alone), 'row')} of the time before without counterpart: in the CSV")
    return words


def _money_words(table: ReportTable, total: Tally) -> list[str]:
    """Say in which money it is, and what is not in it."""
    if table.in_credits:
        return ["cost is in credits, as ElevenLabs says no dollars for some of these calls"]
    alone = total.credits_alone
    silent = total.calls - total.dollars.said - alone.said
    words = []
    if alone.said:
        credit = f"{number(round(alone.value or 0, 1))} credits"
        words.append(f"without {plural(alone.said, 'call')} that say only credits ({credit})")
    if silent:
        words.append(f"{plural(silent, 'call')} without a cost")
    return words


_TOP = 5
"""Reasons and tools that an overview names."""
_POINTS = 100
"""A rate sorts by its per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView(Drawing):
    """Everything that a report shows."""

    sentence: str
    """The restated question, plain text."""
    table: ReportTable | None = None
    """None while calls are still being read."""
    seen: int = 0
    """Calls read by then."""
    expected: int | None = None
    """An estimate of the calls to read."""
    counted: str = "calls"
    """What the calls are called: "failed calls for Support EN"."""
    chart: Chart | None = None
    overview: OverviewCalls | None = None
    as_of: float = 0
    actions: frozenset[str] = frozenset()
    """What may be offered: CSV, SAVE, SHARE, TELL_ME, REFRESH, SHOW_API; CANCEL while calls are read, and
    RETRY once that was cancelled."""
    asks: Sequence[Example] = ()
    """Questions that go on from this one, as buttons: the calls behind it, other groups, a comparison."""
    permalink: str | None = None
    """The address of the full answer, on a glance."""

    def message(self, now: float) -> Message:
        if self.table is None:
            return reading_message(self)
        return report_message(self, self.table, now)


def report_message(view: ReportView, counted: ReportTable, now: float) -> Message:
    """Draw a report; plainer without its chart, and with ever plainer tables."""
    table, found = _groups(counted), capital(finding(counted, view.counted))
    as_of = started(view.as_of, view.tz, now)
    top: list[Block] = [
        header(clip(found, HEADER_CHARS)),
        *shared_by(view.shared_by, view.shared_note),
        section(title(view.sentence)),
        context(f"As of {as_of}"),
    ]
    notes = [*counted_words(counted), *(view.chart.notes if view.chart else ()), *view.notes]
    if table is not None and len(table.rows) < len(counted.rows):
        shown, rows = number(len(table.rows)), number(len(counted.rows))
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
    lines = table.lines() if table is not None else []
    asked = f"{escape(capital(view.sentence), 900)}, as of {as_of}"
    text = "\n".join([escape(found), asked, *lines])
    return message(text, *([*top, *chart, *form, *bottom] for form in forms for chart in charts))


def reading_message(view: ReportView) -> Message:
    """Say how far the reading of a report's calls has come, or where it was cancelled."""
    calls = plural(view.seen, "call")
    if view.expected is not None and view.expected > view.seen:
        calls = f"{number(view.seen)} of about {plural(view.expected, 'call')}"
    words = f"Cancelled: {calls} read" if act.RETRY in view.actions else f"Counting: {calls} read so far"
    buttons = actions(*offers(view.actions, Pointer(view.question_id), act.CANCEL, act.RETRY))
    top = [section(title(view.sentence)), context(words)]
    return message(f"{escape(capital(view.sentence), 900)}: {words}", [*top, *buttons])


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
    return [*cells, Cell(_change(table, measure, row))] if shown else cells


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
                ],
            )
        ),
    ]


def _buttons(view: ReportView) -> list[Block]:
    pointer = Pointer(view.question_id)
    asks = (ask.button(index=index) for index, ask in enumerate(view.asks))
    return actions(
        *offers(view.actions, pointer, act.CSV),
        *asks,
        *offers(view.actions, pointer, act.SHARE, act.SAVE, act.TELL_ME, act.MORE),
    )
