"""The command line without Slack: `bot export` (the same questions, rows and columns) and `bot sync`.

Parquet, for warehouses, has the columns of the CSV with their types; it needs pyarrow, which may be missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Self
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.answers.error_messages import cause, words_for
from bot.answers.matching_rows import MOST_RANKED, CsvProgress, write_rows
from bot.answers.question_answer import kind_of
from bot.answers.report_answer import ReportReading
from bot.answers.typed_texts import read_with_names, with_agents
from bot.archive.archive_state import LeaseLostError
from bot.archive.archive_sync import ArchiveSync, SyncProgress
from bot.archive.kept_ids import IdFinder
from bot.blocks.list_message import Omissions, Outcome
from bot.blocks.text import plural
from bot.clients import OpenArchive, conversations, open_archive
from bot.csv_export import COLUMNS, CsvWriter, column_values, moment_of, table_csv
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import NOT_ASKED, CallIds, CannotStartError, Conversation, FieldKind, IdState
from bot.query import AgentChoice, NoSuchAgent, Parsed, Query, parse
from bot.query.alert_commands import read_watching
from bot.query.filters.base import listed
from bot.report.report_table import csv_rows
from bot.settings import Settings, SettingsError
from bot.store.database import Database

OK, FAILED = 0, 1
_SHOWN_A_SECOND = 8
_GROUP_ROWS = 10_000
"""Rows of a row group of Parquet: so many are in memory."""
_TYPED = frozenset({FieldKind.COUNT, FieldKind.NUMBER, FieldKind.WORDS})
"""All others are strings there: one id may hold numbers in some calls and words in others."""


async def export_question(settings: Settings, question: str, output: str | None, zone: ZoneInfo) -> int:
    """Write all rows of a question, as CSV or (`.parquet`) as Parquet; returns the exit code."""
    _end_when_asked()
    if _is_parquet(output):
        _pyarrow()  # nothing is asked of ElevenLabs where it is missing
    errors = Console(stderr=True, highlight=False, markup=False)
    now = datetime.now(zone)
    parsed = parse(question, now=now, week_start=settings.week_start)
    if not (parsed.unknown or parsed.corrected):  # else a name may be known once the agents are
        _require_understood(parsed)
    async with _opened(settings) as (archive, client):
        ids = IdFinder(client, archive.ids)
        try:
            query = await _understood(question, client, settings, now)
            path = output or kind_of(query).filename(query, now.date())
            if query.report is not None:
                reading = ReportReading(query, client, now=now, week_start=settings.week_start)
                written, read = await _write_report(reading, path=path, errors=errors)
            else:
                written, read = await _write(query, client, ids, path=path, zone=zone, errors=errors)
        except Exception as error:
            if isinstance(cause(error), BrokenPipeError):
                raise cause(error) from None
            if not isinstance(cause(error), ElevenLabsError | OSError):
                raise
            errors.print(_said(cause(error)), style="red", soft_wrap=True)
            return FAILED
    where = "standard output" if path == "-" else path
    failed = f", {plural(read.ids_failed, 'call id')} could not be read" if read.ids_failed else ""
    errors.print(f"{query.sentence()}: {plural(written, 'row')} to {where}{failed}", soft_wrap=True)
    if read.total > written:
        more = read.total - written
        left = f"Only {MOST_RANKED:,} can be put in this order: the file is without {plural(more, 'call')}"
        errors.print(f"{left}.", soft_wrap=True)
    for words in read.omissions.words:
        errors.print(f"{words}.", soft_wrap=True)
    return OK


async def _write(
    query: Query, client: Conversations, ids: IdFinder, *, path: str, zone: ZoneInfo, errors: Console
) -> tuple[int, Outcome]:
    """Write a list; returns the rows of the file, and what came of reading."""
    progress = CsvProgress()
    with _output(path) as out:
        columns = (*COLUMNS, *query.columns)
        if _is_parquet(path):
            async with _shown(lambda: progress, errors):
                with ParquetWriter(out, zone, columns) as table:
                    outcome = await write_rows(query, client, ids, table, progress)
            return progress.rows, outcome
        held = _Held(out)
        writer = CsvWriter(held, zone, columns)
        held.begun = True
        async with _shown(lambda: progress, errors):
            outcome = await write_rows(query, client, ids, writer, progress)
        held.write(b"")
    return progress.rows, outcome


async def _write_report(reading: ReportReading, *, path: str, errors: Console) -> tuple[int, Outcome]:
    if _is_parquet(path):
        raise SettingsError(("Numbers are written as CSV: let the name of the file end with .csv.",))
    with _output(path) as out:
        async with _shown(lambda: CsvProgress(seen=reading.seen, expected=reading.expected), errors):
            counted = await reading.read()
        rows = list(csv_rows(counted.table))
        out.write(table_csv(rows))
    return len(rows) - 1, msgspec.structs.replace(counted.outcome, total=0)


class _Held:
    """Keeps the head of the file back until rows follow it or none came: a refused key leaves no output."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._head = b""
        self.begun = False

    def write(self, data: bytes, /) -> None:
        """Take the next piece; once `begun`, pass it on after what was kept."""
        self._head += data
        if self.begun:
            self._out.write(self._head)
            self._head = b""


@contextlib.contextmanager
def _output(path: str) -> Iterator[BinaryIO]:
    """Open where the file goes, under its name only once complete; a device, pipe or link as it is."""
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    if target.is_relative_to("/dev") or target.is_relative_to("/proc") or _is_special(target):
        with target.open("wb") as out:
            yield out
        return
    path = str(target.resolve())
    part = Path(f"{path}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _is_parquet(path: str | None) -> bool:
    return path is not None and path.endswith(".parquet")


def _pyarrow() -> Any:
    """Return pyarrow. Raises CannotStartError where it is missing."""
    try:
        import pyarrow.parquet  # noqa: PLC0415 - slow, and it may not be there
    except ImportError:
        raise CannotStartError(
            "Parquet needs pyarrow: install it with `uv sync --extra parquet` or `pip install pyarrow`."
        ) from None
    return pyarrow


class ParquetWriter:
    """Writes rows as they come, in groups, in the zone `tz`; leaving the context completes the file."""

    def __init__(self, out: BinaryIO, tz: tzinfo, columns: Sequence[str]) -> None:
        self.rows = 0
        self.ids_failed = 0
        """Rows marked "could not be read"."""
        self._tz = tz
        self._columns = columns
        pa = _pyarrow()
        types = {
            FieldKind.COUNT: pa.int64(),
            FieldKind.NUMBER: pa.float64(),
            FieldKind.WORDS: pa.list_(pa.string()),
        }
        # The asker's wall clock, which has no zone, and the moment.
        times = {"start_time": pa.timestamp("s"), "start_time_utc": pa.timestamp("s", "UTC")}
        kinds = {
            name: times.get(name) or types.get(column_values(name, (), ())[0], pa.string())
            for name in columns
        }
        schema = pa.schema(kinds.items())
        self._table = partial(pa.Table.from_pydict, schema=schema)
        self._writer = pa.parquet.ParquetWriter(out, schema, compression="zstd")
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
            self._writer.write_table(
                self._table({name: self._values(name, rows, found) for name in self._columns})
            )
            self._waiting = []

    def _values(self, column: str, rows: Sequence[Conversation], found: Sequence[CallIds]) -> list[Any]:
        if column in {"start_time", "start_time_utc"}:
            zone = self._tz if column == "start_time" else UTC
            moments = [moment_of(row.start_time_unix_secs, zone) for row in rows]
            return [moment and moment.replace(tzinfo=None) for moment in moments]
        kind, values = column_values(column, rows, found)
        if kind in _TYPED:
            return values
        return [f"{each:.15g}" if isinstance(each, float | int) else each or None for each in values]


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _end_when_asked() -> None:
    """End by SIGTERM as by Ctrl-C: nothing half-written is left."""
    task = asyncio.current_task()
    with contextlib.suppress(NotImplementedError):  # Windows has no handlers on its loop
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: task and task.cancel())


@contextlib.asynccontextmanager
async def _shown(progress: Callable[[], CsvProgress | SyncProgress], errors: Console) -> AsyncIterator[None]:
    """Show rows and call ids on a terminal while they come; nothing where stderr is no terminal."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    rows, found = bars.add_task("rows", total=None), bars.add_task("call ids", total=None)

    async def refresh() -> None:
        while True:
            now = progress()
            bars.update(rows, completed=now.seen, total=now.expected)
            bars.update(found, completed=now.ids_done, total=now.ids_wanted or None)
            await asyncio.sleep(1 / _SHOWN_A_SECOND)

    with bars:
        task = asyncio.create_task(refresh())
        try:
            yield
        finally:
            task.cancel()


@contextlib.asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[OpenArchive, Conversations]]:
    """Open the database, and the client that answers from it."""
    database = Database(settings.database_url.reveal())
    try:
        await database.create_tables()
        archive = await open_archive(settings, database, time.time)
        async with conversations(settings, archive) as client:
            yield archive, client
    finally:
        database.close()


async def sync_once(settings: Settings, days: int | None) -> int:
    """Bring the archive up to date; returns the exit code. What was read stays, however it ends.

    `days`: how far back, if not ARCHIVE_DAYS.
    """
    if not settings.archive_days:
        raise SettingsError(("ARCHIVE_DAYS=0 keeps no conversations: set it to the days to keep.",))
    if days is not None and days > settings.archive_days:
        raise SettingsError(
            (f"--days can be ARCHIVE_DAYS at most, which is {settings.archive_days}: set that first.",)
        )
    errors = Console(stderr=True, highlight=False, markup=False)
    async with _opened(settings) as (archive, client):
        sync = ArchiveSync(archive.rows, archive.ids, client, time.time, days=days)
        try:
            async with _shown(lambda: sync.progress, errors):
                await sync.once()
        except (ElevenLabsError, LeaseLostError) as error:
            other = "Another process keeps the archive now: it goes on with it."
            said = other if isinstance(error, LeaseLostError) else _said(cause(error))
            errors.print(f"{said} What was read so far is kept.", style="red", soft_wrap=True)
            return FAILED
        errors.print(f"archive: {(await archive.rows.state()).words(time.time())}", soft_wrap=True)
        for words in Omissions(unplaced=len(sync.progress.unplaced)).words:
            errors.print(f"{words}.", soft_wrap=True)
        if failed := sync.progress.ids_failed:
            errors.print(
                f"The ids of {plural(failed, 'call')} could not be read: ElevenLabs is asked for them again.",
                soft_wrap=True,
            )
    return OK


async def _understood(question: str, client: Conversations, settings: Settings, now: datetime) -> Query:
    """Return the question, its agents found. Raises SettingsError when it cannot be exported."""
    if read_watching(question) is not None:
        raise SettingsError(("Subscriptions and alerts are told in Slack: say that there.",))
    parsed, _agents = await read_with_names(
        client, lambda agents: parse(question, now=now, week_start=settings.week_start, agents=agents)
    )
    _require_understood(parsed)
    found = await with_agents(client, parsed.query)
    if isinstance(found, AgentChoice):
        names = " or ".join(f"agent:{agent.agent_id} ({agent.name})" for agent in found.candidates)
        raise SettingsError((f"Several agents are called like {found.name!r}: say {names}.",))
    if isinstance(found, NoSuchAgent):
        names = ", ".join(agent.name for agent in found.nearest)
        raise SettingsError(
            (f"There is no agent called {found.name!r}." + (f" The nearest: {names}." if names else ""),)
        )
    return found


def _require_understood(parsed: Parsed) -> None:
    """Raise SettingsError (bad input) that names what was not understood."""
    sentences = [*parsed.problems]
    for unknown in () if parsed.other_language else parsed.unknown:
        near = f" Did you mean {listed(unknown.nearest)}?" if unknown.nearest else ""
        near = f" It can be {', '.join(unknown.possible)}." if unknown.possible else near
        sentences.append(f"I do not know the word {unknown.word!r}.{near}")
    if parsed.ids:  # the words around an id would ask for other calls
        sentences.append(
            f"{parsed.ids[0].value} names one call, and an export is a list: leave the id out, "
            "or see the call with the command that “bot explain” shows for it."
        )
    if parsed.special is not None:
        sentences.append(
            f"{parsed.special!r} is no question: ask for conversations, for example 'failed since monday'."
        )
    if sentences:
        raise SettingsError(tuple(sentences))


def _said(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f"The file cannot be written: {error.strerror or 'unknown reason'}."
    words = words_for(error)
    return f"{words.headline} {words.next_step}"
