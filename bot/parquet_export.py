"""Conversations as Parquet: the columns of the CSV with their types, for warehouses. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any, BinaryIO, Self

import pyarrow as pa
from pyarrow import parquet

from bot.csv_export import column_values, moment_of
from bot.model import NOT_ASKED, CallIds, Conversation, FieldKind, IdState

_GROUP_ROWS = 10_000
"""Rows of a row group: so many are in memory."""
_TIMES = {"start_time": pa.timestamp("s"), "start_time_utc": pa.timestamp("s", "UTC")}
"""The asker's wall clock, which has no zone, and the moment."""
_TYPES: dict[FieldKind, pa.DataType] = {
    FieldKind.COUNT: pa.int64(),
    FieldKind.NUMBER: pa.float64(),
    FieldKind.WORDS: pa.list_(pa.string()),
}
"""All others are strings: one id may hold numbers in some calls and words in others."""


class ParquetWriter:
    """Writes rows as they come, in groups. Use as a context manager: leaving it completes the file.

    `tz` is the asker's zone. `rows` counts the rows written.
    """

    def __init__(self, out: BinaryIO, tz: tzinfo, columns: Sequence[str]) -> None:
        self.rows = 0
        self.ids_failed = 0
        """Rows marked "could not be read"."""
        self._tz = tz
        self._schema = pa.schema((column, _type(column)) for column in columns)
        self._writer = parquet.ParquetWriter(out, self._schema, compression="zstd")
        self._waiting: list[tuple[Conversation, CallIds]] = []

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
            self._waiting.append((row, found))
            self.rows += 1
            self.ids_failed += found.state is IdState.FAILED
            if len(self._waiting) >= _GROUP_ROWS:
                self._flush()
        return self.rows - before

    def _flush(self) -> None:
        if self._waiting:
            rows, found = zip(*self._waiting, strict=True)
            arrays = [pa.array(self._values(field.name, rows, found), field.type) for field in self._schema]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            self._waiting = []

    def _values(self, column: str, rows: Sequence[Conversation], found: Sequence[CallIds]) -> list[Any]:
        if column in _TIMES:
            zone = self._tz if column == "start_time" else UTC
            moments = [moment_of(row.start_time_unix_secs, zone) for row in rows]
            return [moment and moment.replace(tzinfo=None) for moment in moments]
        kind, values = column_values(column, rows, found)
        if kind in _TYPES:
            return values
        return [f"{each:.15g}" if isinstance(each, float | int) else each or None for each in values]


def _type(column: str) -> pa.DataType:
    return _TIMES.get(column) or _TYPES.get(column_values(column, (), ())[0], pa.string())
