"""Conversations as CSV that spreadsheets open safely: values in, bytes out.

UTF-8 with a byte order mark (Excel guesses the encoding without one), commas, CRLF and quotes as RFC 4180
says, so line breaks, quotes and right-to-left text inside a cell arrive as they were. The one change made to
text is defusing: what a spreadsheet would run as a formula gets an apostrophe in front, the mark spreadsheets
themselves use for "this is text". Where the locale's separator is a semicolon or a tab, spreadsheets cut a
file there and ignore quotes inside what they take for a cell: so text after these is defused too. Numbers,
signed ones too, stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import isfinite
from operator import attrgetter
from typing import Any, Protocol, runtime_checkable

from bot.formulas import defuse
from bot.model import (
    CHOSEN_COLUMNS,
    FIELDS,
    NOT_ASKED,
    CallIds,
    Conversation,
    FieldKind,
    IdState,
    PhoneCall,
    chosen_value,
    dashboard_url,
)

__all__ = [
    "BOM",
    "COLUMNS",
    "NOT_LOOKED_UP",
    "UNREADABLE",
    "CsvWriter",
    "column_value",
    "encode",
    "filename",
    "table_csv",
]

COLUMNS = (
    "start_time",
    "agent_name",
    "call_duration_secs",
    "call_successful",
    "call_summary_title",
    "termination_reason",
    "call_id",
    "conversation_id",
    "call_sid",
    "phone_provider",
    "agent_id",
    "start_time_utc",
    "start_time_unix_secs",
    "message_count",
    "status",
    "direction",
    "conversation_initiation_source",
    "main_language",
    "rating",
    "transcript_summary",
    "tool_names",
    "cost",
    "cost_fiat",
    "agent_number",
    "external_number",
    "url",
)
"""The columns of every file, in order: a contract, scripts rely on it; chosen ones follow them. Names are
fields of a conversation or of its phone call, or stand in `_OTHER_VALUES`."""

BOM = "\ufeff"
UNREADABLE = "could not be read"
"""In `call_id` when the lookup failed after its retries: never confused with "no id"."""
NOT_LOOKED_UP = "not looked up"
"""In `call_id` when the file was wanted without waiting for the ids: a blank always means "no call id"."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_EXACT = 10**15
"""Whole numbers above this are not exact in a float, nor in a spreadsheet."""
_FLUSH_ROWS = 500


class BinaryFile(Protocol):
    """A file object opened for bytes."""

    def write(self, data: bytes, /) -> object:
        """Take the next piece."""


@runtime_checkable
class TextFile(Protocol):
    """A file object opened for text."""

    @property
    def encoding(self) -> str:
        """Present on text files only: how the two kinds are told apart."""

    def write(self, data: str, /) -> object:
        """Take the next piece."""


def encode(text: str) -> bytes:
    """Encode as UTF-8; what a UTF-8 file or a spreadsheet cannot hold becomes U+FFFD.

    That is NUL, Ctrl-Z (some programs of Windows stop reading there) and lone surrogates.
    """
    for control in ("\x00", "\x1a"):
        if control in text:
            text = text.replace(control, "\ufffd")
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


def filename(words: str, since: datetime | None, until: datetime | None, asked: date) -> str:
    """Build `<words>-<days>.csv`, such as `failed-calls-2026-11-23-to-29.csv`: ASCII, at most 80 characters.

    `since` is included, `until` is not; the file holds nothing after the day it was `asked` for.
    """
    plain = unicodedata.normalize("NFKD", words[:1000]).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:48].strip("-") or "calls"
    last = min(asked, (until - timedelta(seconds=1)).date()) if until is not None else asked
    if since is None:
        return f"{slug}-until-{last}.csv"
    return f"{slug}-{_days(since.date(), max(last, since.date()))}.csv"


def _days(first: date, last: date) -> str:
    if first == last:
        return f"{first}"
    if (first.year, first.month) != (last.year, last.month):
        return f"{first}-to-{last:%m-%d}" if first.year == last.year else f"{first}-to-{last}"
    whole_month = first.day == 1 and (last + timedelta(days=1)).day == 1
    return f"{first:%Y-%m}" if whole_month else f"{first}-to-{last:%d}"


def table_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows of cells as a whole file; cells are defused as everywhere."""
    out = io.StringIO(newline="")
    out.write(BOM)
    csv.writer(out, lineterminator="\r\n").writerows([map(defuse, row) for row in rows])
    return encode(out.getvalue())


class CsvWriter:
    """Writes the byte order mark and the header at once, then rows as they come.

    `out` is any file object, for bytes or for text (open a text file with newline="" and UTF-8). `tz` is the
    asker's zone, in which `start_time` is written as spreadsheets read it. `columns` are in order and may
    hold chosen ones. `rows` counts the rows written, `size` the bytes.
    """

    def __init__(self, out: BinaryFile | TextFile, tz: tzinfo, columns: Sequence[str] = COLUMNS) -> None:
        self.rows = 0
        self.size = 0
        self.ids_failed = 0
        """Rows marked "could not be read"."""
        self._put = _sink(out)
        self._cells = [_cell(column, tz) for column in columns]
        self._buffer = io.StringIO(newline="")
        self._csv = csv.writer(self._buffer, lineterminator="\r\n")
        self._buffer.write(BOM)
        self._csv.writerow(map(defuse, columns))
        self._flush()

    def write(self, rows: Iterable[Conversation], ids: Mapping[str, CallIds]) -> int:
        """Write rows in the order given, with the call ids known by conversation_id; return how many.

        A row that has no entry counts as not asked. Pass what is already masked: nothing is masked here.
        """
        before = self.rows
        for row in rows:
            found = ids.get(row.conversation_id, NOT_ASKED)
            self._csv.writerow([cell(row, found) for cell in self._cells])
            self.rows += 1
            self.ids_failed += found.state is IdState.FAILED
            if self.rows % _FLUSH_ROWS == 0:
                self._flush()
        self._flush()
        return self.rows - before

    def _flush(self) -> None:
        data = encode(self._buffer.getvalue())
        self._buffer.seek(0)
        self._buffer.truncate()
        self.size += len(data)
        self._put(data)


def _sink(out: BinaryFile | TextFile) -> Callable[[bytes], object]:
    if isinstance(out, TextFile):
        text = out
        return lambda data: text.write(data.decode())
    return out.write


def _text(text: str | None) -> str | None:
    return defuse(text) if text else None


def _number(value: float | None) -> float | None:
    if value is None or not isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < _EXACT else value


# --- cells ---

_Value = Callable[[Conversation, CallIds], Any]


def column_value(column: str) -> tuple[FieldKind, _Value]:
    """Return what kind of value a column holds, and what reads it: as it is, nothing defused.

    The start times are no such columns: each format has its own way to write them.
    """
    if column in _OTHER_VALUES:
        return FieldKind.WORD, _OTHER_VALUES[column]
    if column not in COLUMNS:
        kind = FIELDS[CHOSEN_COLUMNS[column]] if column in CHOSEN_COLUMNS else FieldKind.RESULTS
        return kind, lambda row, _found: chosen_value(row, column)
    value = attrgetter(column)
    if column in FIELDS:
        return FIELDS[column], lambda row, _found: value(row)
    return FieldKind.WORD, lambda _row, found: value(phone) if (phone := _phone(found)) else None


def _cell(column: str, tz: tzinfo) -> _Value:
    """Return what writes a column's cells."""
    if column == "start_time":
        return lambda row, _found: _moment(row.start_time_unix_secs, tz, " ")
    if column == "start_time_utc":
        return lambda row, _found: _utc(row.start_time_unix_secs)
    kind, value = column_value(column)
    write = _WRITE[kind]
    return lambda row, found: write(value(row, found))


_WRITE: dict[FieldKind, Callable[[Any], object]] = {
    FieldKind.ID: _text,
    FieldKind.WORD: _text,
    FieldKind.PROSE: _text,
    FieldKind.COUNT: lambda value: value,
    FieldKind.NUMBER: _number,
    FieldKind.WORDS: lambda values: defuse("; ".join(values)),
    FieldKind.RESULTS: lambda value: _text(value) if isinstance(value, str) else _number(value),
}


def _phone(found: CallIds) -> PhoneCall | None:
    return found.phone if found.state is IdState.FOUND else None


def _call_id(row: Conversation, found: CallIds) -> str | None:
    if phone := _phone(found):
        return phone.call_id
    if found.state is IdState.FAILED:
        return UNREADABLE
    return NOT_LOOKED_UP if found.state is IdState.NOT_ASKED and row.may_be_phone else None


def _direction(row: Conversation, found: CallIds) -> str | None:
    phone = _phone(found)
    return row.direction or (phone.direction if phone else None)


def _moment(unix: int, tz: tzinfo, separator: str) -> str:
    if unix == 0:
        return ""  # the API gave no time
    try:
        return datetime.fromtimestamp(unix, tz).isoformat(separator)[:19]  # without the offset
    except (OverflowError, ValueError, OSError):
        return ""  # beyond any calendar; start_time_unix_secs still holds what came


def _utc(unix: int) -> str:
    moment = _moment(unix, UTC, "T")
    return moment and f"{moment}Z"


_OTHER_VALUES: dict[str, _Value] = {
    "call_id": _call_id,
    "direction": _direction,
    "url": lambda row, _found: dashboard_url(row.conversation_id, row.site),
}
"""Columns that are not simply one field."""
