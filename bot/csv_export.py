"""Conversations as CSV that spreadsheets open safely: values in, bytes out.

UTF-8 with a byte order mark (Excel guesses the encoding without one), commas, CRLF and quotes as RFC 4180
says, so line breaks, quotes and right-to-left text inside a cell arrive as they were. The one change made to
text is defusing, also where people copy a cell: what a spreadsheet would run as a formula gets an apostrophe
in front, the mark spreadsheets themselves use for "this is text". Where the locale's separator is a semicolon
or a tab, spreadsheets cut a file there and ignore quotes inside what they take for a cell: so text after
these is defused too. Numbers, signed ones too, stay numbers.
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
from typing import Any, Protocol

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

_LEAD = (
    r"\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
# Lead characters are those a spreadsheet may trim or not show; the rest are the formula starters and their
# fullwidth, small and mathematical look-alikes, which some spreadsheets fold into the plain ones.
_STARTER = r"[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]"
_SEPARATOR = re.compile(r"[;\t\r\n]")
_RISKY = re.compile(f"[{_LEAD}]*{_STARTER}")
_RISKY_AFTER_SEPARATOR = re.compile(f'([;\t\r\n][{_LEAD}"]*)(?={_STARTER})')
"""What another locale reads as the start of a cell; a quote there is the opening one of the cell."""
_EDGE = re.compile(r"[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(?:\d{1,300})(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_SAFE_FIRST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

_SURROGATE = re.compile("[\ud800-\udfff]")
_EXACT = 10**15
"""Whole numbers above this are not exact in a float, nor in a spreadsheet."""
_FLUSH_ROWS = 500


class BinaryFile(Protocol):
    def write(self, data: bytes, /) -> object:
        """Take the next piece."""


def defuse(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; return other text as it is.

    Covers `= + - @` and their look-alikes, first or after blanks, controls or invisible marks, also after a
    semicolon, tab or line break inside the text; and text that starts with a tab or line break. A plain
    signed number (also a phone number) is no formula.
    """
    if _SEPARATOR.search(text):  # in hardly any text of a file
        text = _RISKY_AFTER_SEPARATOR.sub(r"\1'", text)
    if not text or text[0] in _SAFE_FIRST:
        return text
    if _EDGE.match(text) or (_RISKY.match(text) and not _NUMBER.fullmatch(text)):
        return "'" + text
    return text


def encode(text: str) -> bytes:
    """Encode as UTF-8; NUL, Ctrl-Z (some programs stop reading there) and lone surrogates become U+FFFD."""
    for control in ("\x00", "\x1a"):
        if control in text:
            text = text.replace(control, "\ufffd")
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


def filename(words: str, since: datetime | None, until: datetime | None, asked: date) -> str:
    """Build `<words>-<days>.csv`, such as `failed-calls-2026-11-23-to-29.csv`: ASCII, at most 80 characters.

    `until` is excluded; the file holds nothing after the day it was `asked` for.
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

    `start_time` is written in `tz`; `columns` may hold chosen ones. `rows` and `size` count rows and bytes.
    """

    def __init__(self, out: BinaryFile, tz: tzinfo, columns: Sequence[str] = COLUMNS) -> None:
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
        """Write rows, masked already, with the call ids known (none: not asked); return how many."""
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
        self._out.write(data)


def column_values(
    column: str, rows: Sequence[Conversation], found: Sequence[CallIds]
) -> tuple[FieldKind, list[Any]]:
    """Return the kind of values of a column, and those of some rows: as they are, nothing defused.

    `found` are the rows' call ids. Start times are no such column: each format writes them in its own way.
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
    if column == "start_time":
        moments = [moment_of(row.start_time_unix_secs, tz) for row in rows]
        return [moment and moment.isoformat(" ")[:19] for moment in moments]  # without the offset
    if column == "start_time_utc":
        moments = [moment_of(row.start_time_unix_secs, UTC) for row in rows]
        return [moment and f"{moment.isoformat()[:19]}Z" for moment in moments]
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


def moment_of(unix: int, tz: tzinfo) -> datetime | None:
    """Return when a call began; None where the API gave no time, or one that is beyond any calendar."""
    if unix == 0:
        return None
    try:
        return datetime.fromtimestamp(unix, tz)
    except (OverflowError, ValueError, OSError):
        return None  # start_time_unix_secs still holds what came
