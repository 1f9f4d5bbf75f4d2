"""Conversations as CSV that spreadsheets open safely: values in, bytes out.

UTF-8 with a byte order mark (Excel guesses the encoding without one), commas, CRLF and quotes as RFC 4180
says, so line breaks, quotes and right-to-left text inside a cell arrive as they were. The one change made to
text is defusing: a cell that a spreadsheet would run as a formula gets an apostrophe in front, the mark
spreadsheets themselves use for "this is text". Numbers, signed ones too, stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from math import isfinite
from typing import Protocol, runtime_checkable

from bot.model import NOT_ASKED, CallIds, Conversation, IdState, dashboard_url

__all__ = ["BOM", "COLUMNS", "NOT_LOOKED_UP", "UNREADABLE", "CsvWriter", "defuse", "encode", "filename"]

COLUMNS = (
    "conversation_id",
    "call_id",
    "call_sid",
    "phone_provider",
    "agent_id",
    "agent_name",
    "start_time",
    "start_time_unix_secs",
    "call_duration_secs",
    "message_count",
    "status",
    "call_successful",
    "direction",
    "conversation_initiation_source",
    "main_language",
    "rating",
    "termination_reason",
    "call_summary_title",
    "transcript_summary",
    "tool_names",
    "cost",
    "cost_fiat",
    "agent_number",
    "external_number",
    "url",
)
"""The columns in order: a contract, scripts rely on it."""

BOM = "\ufeff"
UNREADABLE = "could not be read"
"""In `call_id` when the lookup failed after its retries: never confused with "no id"."""
NOT_LOOKED_UP = "not looked up"
"""In `call_id` when the file was wanted without waiting for the ids: a blank always means "no call id"."""

_LEAD = (
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]*"
)
# Lead characters are those a spreadsheet may trim or not show; the rest are the formula starters and their
# fullwidth, small and mathematical look-alikes, which some spreadsheets fold into the plain ones.
_RISKY = re.compile(_LEAD + r"[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]")
_EDGE = re.compile(r"[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(?:\d{1,300})(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SAFE_FIRST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
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


def defuse(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula; return other text as it is.

    Covers `= + - @` and their fullwidth forms, first or after blanks, controls or invisible marks, and text
    that starts with a tab or line break. A plain signed number (also a phone number) is no formula.
    """
    if not text or text[0] in _SAFE_FIRST:
        return text
    if _EDGE.match(text) or (_RISKY.match(text) and not _NUMBER.fullmatch(text)):
        return "'" + text
    return text


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


def filename(slug: str, day: date) -> str:
    """Build `conversations-<slug>-<date>.csv` from any words: lower case ASCII, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", slug[:1000]).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:48].strip("-")
    return "-".join(part for part in ("conversations", words, day.isoformat()) if part) + ".csv"


class CsvWriter:
    """Writes the byte order mark and the header at once, then rows as they come.

    `out` is any file object, for bytes or for text (open a text file with newline="" and UTF-8). `tz` is the
    asker's zone, in which `start_time` is written. `rows` counts the rows written, `size` the bytes.
    """

    def __init__(self, out: BinaryFile | TextFile, tz: tzinfo) -> None:
        self.rows = 0
        self.size = 0
        self.ids_failed = 0
        """Rows marked "could not be read"."""
        self._put = _sink(out)
        self._tz = tz
        self._buffer = io.StringIO(newline="")
        self._csv = csv.writer(self._buffer, lineterminator="\r\n")
        self._buffer.write(BOM)
        self._csv.writerow(COLUMNS)
        self._flush()

    def write(self, rows: Iterable[Conversation], ids: Mapping[str, CallIds]) -> int:
        """Write rows in the order given, with the call ids known by conversation_id; return how many.

        A row that has no entry counts as not asked. Pass what is already masked: nothing is masked here.
        """
        before = self.rows
        for row in rows:
            self._csv.writerow(self._cells(row, ids.get(row.conversation_id, NOT_ASKED)))
            self.rows += 1
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

    def _cells(self, row: Conversation, found: CallIds) -> tuple[object, ...]:
        phone = found.phone if found.state is IdState.FOUND else None
        call_id: str | None = None
        if phone is not None:
            call_id = phone.call_id
        elif found.state is IdState.FAILED:
            call_id = UNREADABLE
            self.ids_failed += 1
        elif found.state is IdState.NOT_ASKED and row.may_be_phone:
            call_id = NOT_LOOKED_UP
        return (
            defuse(row.conversation_id),
            call_id and defuse(call_id),
            phone and phone.call_sid and defuse(phone.call_sid),
            phone and defuse(phone.phone_provider),
            defuse(row.agent_id),
            row.agent_name and defuse(row.agent_name),
            self._local(row.start_time_unix_secs),
            row.start_time_unix_secs,
            row.call_duration_secs,
            row.message_count,
            defuse(row.status),
            defuse(row.call_successful),
            _optional(row.direction or (phone.direction if phone else None)),
            _optional(row.conversation_initiation_source),
            _optional(row.main_language),
            _number(row.rating),
            _optional(row.termination_reason),
            _optional(row.call_summary_title),
            _optional(row.transcript_summary),
            defuse("; ".join(row.tool_names)),
            _number(row.cost),
            _number(row.cost_fiat),
            phone and phone.agent_number and defuse(phone.agent_number),
            phone and phone.external_number and defuse(phone.external_number),
            dashboard_url(row.conversation_id, row.site),
        )

    def _local(self, unix: int) -> str:
        if unix == 0:
            return ""  # the API gave no time
        try:
            return datetime.fromtimestamp(unix, self._tz).isoformat()
        except (OverflowError, ValueError, OSError):
            return ""  # beyond any calendar; start_time_unix_secs still holds what came


def _sink(out: BinaryFile | TextFile) -> Callable[[bytes], object]:
    if isinstance(out, TextFile):
        text = out
        return lambda data: text.write(data.decode())
    return out.write


def _optional(text: str | None) -> str | None:
    return defuse(text) if text else None


def _number(value: float | None) -> float | None:
    if value is None or not isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < _EXACT else value
