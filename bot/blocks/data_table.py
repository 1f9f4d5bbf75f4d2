"""Charts, and tables that Slack itself sorts, searches and turns; the same for a Slack that knows neither.

The limits (Slack's reference, probed against its validator): 20 columns, 200 rows and a header, 20,000
characters in all cells together. A column sorts by number only where every cell of it is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import accumulate
from math import isfinite

from bot.blocks.block_elements import (
    CAPTION_CHARS,
    DATA_ROWS,
    DATA_TABLE_CHARS,
    Block,
    context,
    option,
    section,
)
from bot.blocks.text import (
    DASH,
    clean,
    clip,
    code,
    escape,
    length,
    link,
    literal,
    number,
    open_url,
    plural,
    result,
    size,
    started,
    zone,
)
from bot.csv_export import defuse
from bot.model import NOT_ASKED, CallIds, Conversation, IdState, chosen_value
from bot.report.chart import Chart

PLAIN_ROWS = 10
"""Rows shown where Slack takes only a plain table, or none."""
_CELL_CHARS = 128
_LEAST_CHARS = 24
"""Texts are not cut shorter than this to make room: then rows are left out."""
_STEP = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `words` may come from outside. What a spreadsheet would run as a formula is made text."""

    words: str | None
    value: float | None = None
    """The number that it sorts by; a cell without one sorts below all others of its column."""
    is_id: bool = False
    """Whether it is in code style, and never cut to make room."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table that keeps Slack's limits. Made by `data_table`."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """As they are shown. There may be fewer than were given: whoever shows them says so."""

    def forms(self) -> tuple[list[Block], ...]:
        """Return its blocks, then ever plainer ones for a Slack that refuses them; none without rows."""
        if not self.rows:
            return ([],)
        numbers = [_numbers([row[column] for row in self.rows]) for column in range(len(self.head))]
        head = [_block(Cell(name)) for name in self.head]
        words = [[_block(cell) for cell in row] for row in self.rows]
        sortable = [list(row) for row in words]
        for column, values in enumerate(numbers):
            if values is not None:
                for row, cells, value in zip(sortable, self.rows, values, strict=True):
                    row[column] = {"type": "raw_number", "value": value, "text": cells[column].words or ""}
        ways: list[list[Block]] = []
        for rows in [sortable, words] if any(numbers) else [words]:
            caption = literal(self.caption, CAPTION_CHARS)
            table = {"type": "data_table", "caption": caption, "rows": [head, *rows]}
            ways.append([table | {"page_size": PLAIN_ROWS}])
        columns = [
            {"align": "right"} if at and known else {"is_wrapped": False} for at, known in enumerate(numbers)
        ]
        plain: Block = {"type": "table", "rows": [head, *words[:PLAIN_ROWS]], "column_settings": columns}
        first = f" · the first {PLAIN_ROWS} of {number(len(self.rows))} rows"
        legend = context(escape(self.caption) + (first if len(self.rows) > PLAIN_ROWS else ""))
        lines = (line.partition(" · ") for line in self.lines())
        sections = [section(f"*{first}*{dot}{others}") for first, dot, others in lines]
        return (*ways, [plain, legend], [*sections, legend])

    def lines(self) -> list[str]:
        """Return its first rows as markup, for readers of plain text."""
        found = []
        for row in self.rows[:PLAIN_ROWS]:
            shown = []
            for name, cell in zip(self.head, row, strict=True):
                words = link(cell.url, cell.words or "") if cell.url else escape(cell.words)
                if cell.is_id:
                    opening = f" {link(cell.url, 'open')}" if cell.url else ""
                    words = f"{name} {code(cell.words)}{opening}"
                if cell.words != DASH:
                    shown.append(words)
            found.append(" · ".join(shown))
        return found


def data_table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> DataTable:
    """Make a table of as many rows as Slack takes: each has a cell for each name of `head`, at most 20."""
    shown = [[_cut(cell, _CELL_CHARS) for cell in row] for row in rows[:DATA_ROWS]]
    room = DATA_TABLE_CHARS - sum(map(size, head))
    for cap in range(_CELL_CHARS, _LEAST_CHARS - 1, -_STEP):
        sizes = [
            sum(size(cell.words or "") if cell.is_id else min(size(cell.words or ""), cap) for cell in row)
            for row in shown
        ]
        if sum(sizes) <= room:
            break
    kept = shown[: sum(total <= room for total in accumulate(sizes))]
    if cap < _CELL_CHARS:
        kept = [[_cut(cell, cap) for cell in row] for row in kept]
    return DataTable(caption, tuple(head), tuple(map(tuple, kept)))


def _cut(cell: Cell, cap: int) -> Cell:
    words = literal(cell.words, _CELL_CHARS if cell.is_id else cap)
    harmless = defuse(words)
    words = words if harmless == words else literal(harmless, cap)
    return cell if words == cell.words else replace(cell, words=words)


def _numbers(cells: Sequence[Cell]) -> list[float] | None:
    """Return the number of each cell of a column; None for a column of words."""
    known = [cell.value for cell in cells if cell.value is not None and isfinite(cell.value)]
    if not known:
        return None
    below = min(known) - 1
    return [below if cell.value is None or not isfinite(cell.value) else cell.value for cell in cells]


def _block(cell: Cell) -> Block:
    words = cell.words or ""
    if not cell.is_id and cell.url is None:
        return {"type": "raw_text", "text": words}
    element: Block = {"type": "text"} if cell.url is None else {"type": "link", "url": cell.url}
    element["text"] = words
    if cell.is_id:
        element["style"] = {"code": True}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


_CHART_CHARS = 50
_LABEL_CHARS = 20


def chart_block(chart: Chart) -> Block:
    """Make the block of a chart, labels cut to what Slack takes and told apart."""
    categories = _labels(chart.categories)
    names = _labels(name for name, _values in chart.series)
    axes: Block = {"categories": categories, "x_label": literal(chart.x_label, _CHART_CHARS)}
    if chart.y_label:
        axes["y_label"] = literal(chart.y_label, _CHART_CHARS)
    return {
        "type": "data_visualization",
        "title": literal(chart.title, _CHART_CHARS),
        "chart": {
            "type": chart.kind,
            "series": [
                {
                    "name": name,
                    "data": [
                        {"label": label, "value": value}
                        for label, value in zip(categories, values, strict=True)
                    ],
                }
                for name, (_name, values) in zip(names, chart.series, strict=True)
            ],
            "axis_config": axes,
        },
    }


def _labels(words: Iterable[str]) -> list[str]:
    """Cut labels; one that stands there already gets a number, as Slack wants each once."""
    found: list[str] = []
    for each in words:
        label, number = literal(each, _LABEL_CHARS), 2
        while label in found:
            label = literal(each, _LABEL_CHARS - 4).rstrip("…") + f" ({number})"
            number += 1
        found.append(label)
    return found


MOST_ROWS = 100
"""Rows of a table of calls; all of them are in the CSV."""
PENDING = "…"
UNREADABLE = "could not be read"
NO_CARRIER_ID = "none from the carrier"
AGENT, RESULT, ENDED, CALL_ID = "Agent", "Result", "Ended because", "Call id"
_TITLE_CHARS, _AGENT_CHARS = 40, 30


def _call_id(row: Conversation, ids: Mapping[str, CallIds]) -> Cell:
    """Return what stands for a row's call id: words where it is not known."""
    found = ids.get(row.conversation_id, NOT_ASKED)
    if found.state is IdState.FAILED:
        return Cell(UNREADABLE)
    if found.state is IdState.FOUND and found.phone is not None:
        return Cell(found.phone.call_id, is_id=True) if found.phone.call_id else Cell(NO_CARRIER_ID)
    return Cell(PENDING if found.state is IdState.NOT_ASKED and row.may_be_phone else DASH)


def call_table(
    rows: Sequence[Conversation],
    ids: Mapping[str, CallIds],
    tz: tzinfo,
    now: float,
    *,
    constant: frozenset[str] = frozenset(),
    chosen: Sequence[str] = (),
) -> DataTable:
    """Make a table of the first rows, without the `constant` columns; `chosen` ones stand before the ids."""
    made: list[list[tuple[str, Cell]]] = []
    for row in rows[:MOST_ROWS]:
        conversation_id, began = row.conversation_id, row.start_time_unix_secs
        values = [(column.partition(".")[2] or column, chosen_value(row, column)) for column in chosen]
        usual = [
            ("Started", Cell(started(began, tz, now), began)),
            (AGENT, Cell(row.agent_name or row.agent_id)),
            ("Length", Cell(length(row.call_duration_secs), row.call_duration_secs)),
            (RESULT, Cell(result(row.status, row.call_successful))),
            ("Title", Cell(row.call_summary_title)),
            (ENDED, Cell(row.termination_reason)),
        ]
        own = [
            (name, Cell(f"{each:g}", each) if isinstance(each, int | float) else Cell(each))
            for name, each in values
        ]
        last = [
            (CALL_ID, _call_id(row, ids)),
            ("Conversation id", Cell(conversation_id, is_id=True, url=open_url(conversation_id, row.site))),
        ]
        facts, last = ([cell for cell in some if cell[0] not in constant] for some in (usual, last))
        made.append([*facts, *own, *last])
    head = [name for name, _cell in made[0]] if made else []
    cells = [[cell for _name, cell in each] for each in made]
    return data_table(f"Calls, times in {zone(tz, now)}", head, cells)


def call_options(rows: Sequence[Conversation], tz: tzinfo, now: float) -> list[Block]:
    """Make entries of a menu, one a call, by its title; the value is its conversation id."""
    options = []
    for row in rows[:MOST_ROWS]:
        name = clip(clean(row.call_summary_title or ""), _TITLE_CHARS)
        if not name:
            agent = literal(row.agent_name or row.agent_id, _AGENT_CHARS)
            name = f"{agent} · {result(row.status, row.call_successful)}"
        label = f"{name} · {started(row.start_time_unix_secs, tz, now)}"
        options.append(option(label, row.conversation_id))
    return options


def pending(rows: Sequence[Conversation], ids: Mapping[str, CallIds]) -> bool:
    """Whether a call id is still to come."""
    return any(_call_id(row, ids).words == PENDING for row in rows)


def legend(rows: Sequence[Conversation], ids: Mapping[str, CallIds]) -> list[Block]:
    """Say what stands in the place of call ids that are not known."""
    shown = Counter(_call_id(row, ids).words for row in rows[:MOST_ROWS])
    notes = (
        (PENDING, f"{PENDING} {plural(shown[PENDING], 'call id')} not looked up yet"),
        (UNREADABLE, f"{UNREADABLE}: ElevenLabs did not give the call's details"),
    )
    words = " · ".join(note for mark, note in notes if mark in shown)
    return [context(words)] if words else []
