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
from collections.abc import Iterable, Mapping, Sequence
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
    chosen_value,
    dashboard_url,
)

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
fields of a conversation or of its phone call, or stand in `column_values`."""

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
    def write(self, data: bytes, /) -> object:
        """Take the next piece."""


@runtime_checkable
class TextFile(Protocol):
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
    first = since.date()
    last = max(last, first)
    if first == last:
        days = f"{first}"
    elif (first.year, first.month) != (last.year, last.month):
        days = f"{first}-to-{last:%m-%d}" if first.year == last.year else f"{first}-to-{last}"
    else:
        whole_month = first.day == 1 and (last + timedelta(days=1)).day == 1
        days = f"{first:%Y-%m}" if whole_month else f"{first}-to-{last:%d}"
    return f"{slug}-{days}.csv"


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
        self._out = out
        self._tz = tz
        self._columns = columns
        self._buffer = io.StringIO(newline="")
        self._csv = csv.writer(self._buffer, lineterminator="\r\n")
        self._buffer.write(BOM)
        self._csv.writerow(map(defuse, columns))
        self._flush()

    def write(self, rows: Iterable[Conversation], ids: Mapping[str, CallIds]) -> int:
        """Write rows in the order given, with the call ids known by conversation_id; return how many.

        A row that has no entry counts as not asked. Pass what is already masked: nothing is masked here.
        """
        waiting = list(rows)
        for start in range(0, len(waiting), _FLUSH_ROWS):
            part = waiting[start : start + _FLUSH_ROWS]
            found = [ids.get(row.conversation_id, NOT_ASKED) for row in part]
            cells = [_cells(column, part, found, self._tz) for column in self._columns]
            self._csv.writerows(zip(*cells, strict=True))
            self.ids_failed += sum(each.state is IdState.FAILED for each in found)
            self._flush()
        self.rows += len(waiting)
        return len(waiting)

    def _flush(self) -> None:
        data = encode(self._buffer.getvalue())
        self._buffer.seek(0)
        self._buffer.truncate()
        self.size += len(data)
        if isinstance(self._out, TextFile):
            self._out.write(data.decode())
        else:
            self._out.write(data)


def column_values(
    column: str, rows: Sequence[Conversation], found: Sequence[CallIds]
) -> tuple[FieldKind, list[Any]]:
    """Return what kind of values a column holds, and those of some rows: as they are, nothing defused.

    `found` are the rows' call ids. The start times are no such column: each format has its own way to write
    them.
    """
    phones = [each.phone if each.state is IdState.FOUND else None for each in found]
    if column == "call_id":
        return FieldKind.WORD, list(map(_call_id, rows, found))
    if column == "direction":
        pairs = zip(rows, phones, strict=True)
        return FieldKind.WORD, [row.direction or (phone and phone.direction) for row, phone in pairs]
    if column == "url":
        return FieldKind.WORD, [dashboard_url(row.conversation_id, row.site) for row in rows]
    if column in COLUMNS:
        value = attrgetter(column)
        if column in FIELDS:
            return FIELDS[column], list(map(value, rows))
        return FieldKind.WORD, [value(phone) if phone else None for phone in phones]
    kind = FIELDS[CHOSEN_COLUMNS[column]] if column in CHOSEN_COLUMNS else FieldKind.RESULTS
    return kind, [chosen_value(row, column) for row in rows]


def _call_id(row: Conversation, found: CallIds) -> str | None:
    if found.state is IdState.FOUND and found.phone:
        return found.phone.call_id
    if found.state is IdState.FAILED:
        return UNREADABLE
    return NOT_LOOKED_UP if found.state is IdState.NOT_ASKED and row.may_be_phone else None


def _cells(
    column: str, rows: Sequence[Conversation], found: Sequence[CallIds], tz: tzinfo
) -> Sequence[object]:
    """Return a column's cells of some rows."""
    if column == "start_time":
        return [_moment(row.start_time_unix_secs, tz, " ") for row in rows]
    if column == "start_time_utc":
        moments = [_moment(row.start_time_unix_secs, UTC, "T") for row in rows]
        return [moment and f"{moment}Z" for moment in moments]
    kind, values = column_values(column, rows, found)
    match kind:
        case FieldKind.COUNT:
            return values
        case FieldKind.WORDS:
            return [defuse("; ".join(words)) for words in values]
        case FieldKind.NUMBER | FieldKind.RESULTS:
            return [defuse(value) if isinstance(value, str) else _number(value) for value in values]
    return [defuse(text) if text else None for text in values]


def _number(value: float | None) -> float | None:
    if value is None or not isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < _EXACT else value


def _moment(unix: int, tz: tzinfo, separator: str) -> str:
    if unix == 0:
        return ""  # the API gave no time
    try:
        return datetime.fromtimestamp(unix, tz).isoformat(separator)[:19]  # without the offset
    except (OverflowError, ValueError, OSError):
        return ""  # beyond any calendar; start_time_unix_secs still holds what came
