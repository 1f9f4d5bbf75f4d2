"""Conversations as Parquet: the columns of the CSV with their types, for warehouses. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, BinaryIO, Self

import pyarrow as pa
from pyarrow import parquet

from bot.csv_export import column_value
from bot.model import NOT_ASKED, CallIds, Conversation, FieldKind, IdState

_GROUP_ROWS = 10_000
"""Rows of a row group: so many are in memory."""
_TIMES = {"start_time": pa.timestamp("s"), "start_time_utc": pa.timestamp("s", "UTC")}
"""The asker's wall clock, which has no zone, and the moment."""
_TYPES: dict[FieldKind, tuple[pa.DataType, Callable[[Any], object]]] = {
    FieldKind.ID: (pa.string(), lambda value: value or None),
    FieldKind.WORD: (pa.string(), lambda value: value or None),
    FieldKind.PROSE: (pa.string(), lambda value: value or None),
    FieldKind.COUNT: (pa.int64(), lambda value: value),
    FieldKind.NUMBER: (pa.float64(), lambda value: value),
    FieldKind.WORDS: (pa.list_(pa.string()), list),
    # One id may hold numbers in some calls and words in others.
    FieldKind.RESULTS: (
        pa.string(),
        lambda value: value if value is None or isinstance(value, str) else f"{value:.15g}",
    ),
}


class ParquetWriter:
    """Writes rows as they come, in groups. Use as a context manager: leaving it completes the file.

    `tz` is the asker's zone. `rows` counts the rows written.
    """

    def __init__(self, out: BinaryIO, tz: tzinfo, columns: Sequence[str]) -> None:
        self.rows = 0
        self.ids_failed = 0
        """Rows marked "could not be read"."""
        made = [_column(column, tz) for column in columns]
        self._read = [read for _type, read in made]
        self._schema = pa.schema(zip(columns, (each for each, _read in made), strict=True))
        self._writer = parquet.ParquetWriter(out, self._schema, compression="zstd")
        self._waiting: list[list[object]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def write(self, rows: Iterable[Conversation], ids: Mapping[str, CallIds]) -> int:
        """Write rows in the order given, with the call ids known by conversation_id; return how many."""
        before = self.rows
        for row in rows:
            found = ids.get(row.conversation_id, NOT_ASKED)
            self._waiting.append([read(row, found) for read in self._read])
            self.rows += 1
            self.ids_failed += found.state is IdState.FAILED
            if len(self._waiting) >= _GROUP_ROWS:
                self._flush()
        return self.rows - before

    def _flush(self) -> None:
        if self._waiting:
            columns = zip(*self._waiting, strict=True)
            arrays = [
                pa.array(values, field.type) for values, field in zip(columns, self._schema, strict=True)
            ]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            self._waiting = []


def _column(column: str, tz: tzinfo) -> tuple[pa.DataType, Callable[[Conversation, CallIds], object]]:
    if column in _TIMES:
        zone = tz if column == "start_time" else UTC
        return _TIMES[column], lambda row, _found: _wall_clock(row.start_time_unix_secs, zone)
    kind, value = column_value(column)
    type_, clean = _TYPES[kind]
    return type_, lambda row, found: clean(value(row, found))


def _wall_clock(unix: int, zone: tzinfo) -> datetime | None:
    if unix == 0:
        return None  # the API gave no time
    try:
        return datetime.fromtimestamp(unix, zone).replace(tzinfo=None)
    except (OverflowError, ValueError, OSError):
        return None  # beyond any calendar; start_time_unix_secs still holds what came
