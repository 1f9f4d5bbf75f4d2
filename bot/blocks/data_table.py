"""A table that Slack itself sorts, searches and turns; and the same for a Slack that does not know it.

Its limits (Slack's reference, probed against its validator): 20 columns, 200 rows and a header, 20,000
characters in all cells together. A column sorts by number only where every cell of it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from bot.blocks import limits
from bot.blocks.block_elements import context, section
from bot.blocks.limits import Block
from bot.blocks.text import DASH, code, escape, link, literal, number, size
from bot.formulas import defuse
from bot.model import Message

PLAIN_ROWS = 10
"""Rows shown where Slack takes only a plain table, or none."""
_CELL_CHARS = 128
_LEAST_CHARS = 24
"""Texts are not cut shorter than this to make room: then rows are left out."""
_STEP = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `words` may come from outside: they are shown as they are, on one line, a dash for nothing.

    People copy and download cells: what a spreadsheet would run as a formula is made text.
    """

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
    page_size: int

    def forms(self) -> tuple[list[Block], ...]:
        """Return its blocks, then ever plainer ones for a Slack that refuses them; none without rows."""
        if not self.rows:
            return ([],)
        numbers = [_numbers([row[column] for row in self.rows]) for column in range(len(self.head))]
        ways = [self._data_table(numbers)]
        if any(numbers):
            ways.append(self._data_table([None] * len(numbers)))
        return (*ways, self._table(numbers), self._sections())

    def lines(self) -> list[str]:
        """Return its first rows as markup, for readers of plain text."""
        return [
            " · ".join(
                _markup(name, cell) for name, cell in zip(self.head, row, strict=True) if cell.words != DASH
            )
            for row in self.rows[:PLAIN_ROWS]
        ]

    def _data_table(self, numbers: Sequence[Sequence[float] | None]) -> list[Block]:
        rows = [
            [
                _block(cell, None if known is None else known[at])
                for cell, known in zip(row, numbers, strict=True)
            ]
            for at, row in enumerate(self.rows)
        ]
        block: Block = {
            "type": "data_table",
            "caption": literal(self.caption, limits.CAPTION_CHARS),
            "rows": [[_block(Cell(name)) for name in self.head], *rows],
            "page_size": self.page_size,
        }
        return [block]

    def _table(self, numbers: Sequence[Sequence[float] | None]) -> list[Block]:
        columns = [
            {"align": "right"} if at and known else {"is_wrapped": False} for at, known in enumerate(numbers)
        ]
        shown = [[_block(cell) for cell in row] for row in self.rows[:PLAIN_ROWS]]
        rows = [[_block(Cell(name)) for name in self.head], *shown]
        return [{"type": "table", "rows": rows, "column_settings": columns}, self._legend()]

    def _sections(self) -> list[Block]:
        lines = (line.partition(" · ") for line in self.lines())
        return [*(section(f"*{first}*{dot}{others}") for first, dot, others in lines), self._legend()]

    def _legend(self) -> Block:
        count = f"the first {PLAIN_ROWS} of {number(len(self.rows))} rows"
        return context(escape(self.caption) + (f" · {count}" if len(self.rows) > PLAIN_ROWS else ""))


def data_table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], *, page_size: int = PLAIN_ROWS
) -> DataTable:
    """Make a table of as many rows as Slack takes; long texts are cut before rows are left out.

    `caption` is outside text too. Every row has a cell for each name of `head`, at most 20.
    """
    shown = [[_cut(cell, _CELL_CHARS) for cell in row] for row in rows[: limits.DATA_ROWS]]
    room = limits.DATA_TABLE_CHARS - sum(map(size, head))
    cap = _CELL_CHARS
    while cap > _LEAST_CHARS and sum(_row_size(row, cap) for row in shown) > room:
        cap -= _STEP
    kept: list[tuple[Cell, ...]] = []
    for row in shown:
        room -= _row_size(row, cap)
        if room < 0:
            break
        cut = row if cap == _CELL_CHARS else [_cut(cell, cap) for cell in row]
        kept.append(tuple(cut))
    return DataTable(caption, tuple(head), tuple(kept), page_size)


def with_table(text: str, top: Sequence[Block], table: DataTable, bottom: Sequence[Block]) -> Message:
    """Make a message of a table between other blocks, with all its plainer forms. `text` is markup."""
    first, *plainer = ([*top, *form, *bottom] for form in table.forms())
    return limits.message(text, first, *plainer)


def _cut(cell: Cell, cap: int) -> Cell:
    words = literal(cell.words, _CELL_CHARS if cell.is_id else cap)
    harmless = defuse(words)
    return replace(cell, words=words if harmless == words else literal(harmless, cap))


def _row_size(row: Sequence[Cell], cap: int) -> int:
    return sum(size(cell.words or "") if cell.is_id else min(size(cell.words or ""), cap) for cell in row)


def _numbers(cells: Sequence[Cell]) -> list[float] | None:
    """Return the number of each cell of a column; None for a column of words."""
    known = [cell.value for cell in cells if cell.value is not None and isfinite(cell.value)]
    if not known:
        return None
    below = min(known) - 1
    return [below if cell.value is None or not isfinite(cell.value) else cell.value for cell in cells]


def _block(cell: Cell, value: float | None = None) -> Block:
    words = cell.words or ""
    if value is not None:
        return {"type": "raw_number", "value": value, "text": words}
    if not cell.is_id and cell.url is None:
        return {"type": "raw_text", "text": words}
    element: Block = {"type": "text"} if cell.url is None else {"type": "link", "url": cell.url}
    element["text"] = words
    if cell.is_id:
        element["style"] = {"code": True}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def _markup(name: str, cell: Cell) -> str:
    if cell.is_id:
        opening = f" {link(cell.url, 'open')}" if cell.url else ""
        return f"{name} {code(cell.words)}{opening}"
    words = escape(cell.words)
    return link(cell.url, cell.words or "") if cell.url else words
