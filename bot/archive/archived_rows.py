"""The conversations kept in the database: `KeptRows` of everything the account had in the last ARCHIVE_DAYS.

What is kept is the whole list, whatever was asked, so that any filter that rows can decide is answered from
it. Spans of start times are complete as of a moment; what a complete reading no longer shows is removed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
import structlog

from bot.archive.archive_state import (
    ArchiveState,
    KeptAccount,
    KeptSpan,
    Lease,
    cut_out,
    read_state,
    replace_span,
)
from bot.archive.kept_sums import first_rows, read_sums, summing
from bot.archive.tables import (
    ALL,
    UNFINISHED,
    archive_spans,
    call_ids,
    conditions,
    conversation_texts,
    conversations,
    of_numbers,
    read,
    written,
)
from bot.elevenlabs.kept_rows import (
    CLOCK_SLACK,
    LAST,
    LIVE_SECS,
    MaxAge,
    Piece,
    ReadsKept,
    Rows,
    SumsKept,
    with_gaps,
    without_seconds,
)
from bot.elevenlabs.request import Bound
from bot.model import FINAL_STATUSES, Conversation, Selection
from bot.store.database import AT_ONCE, Database, parts, upsert
from bot.tally import CallSums, FirstBy, Summary

log = structlog.get_logger(__name__)

DAY = 86_400
_ONE_AGE = 3600.0
"""Neighbours are read as one when they are that close in age."""
_FIRST_BATCH, _BATCH = 128, 4096


class Archive:
    """The archive in the database. Times are Unix seconds, spans `[since, until)`."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float],
        *,
        holder: str,
        days: int,
        account: KeptAccount,
    ) -> None:
        """`holder` names this process. `days` 0 keeps nothing."""
        self.days = days
        self.lease = Lease(database, holder)
        self._account = account
        self._database = database
        self._clock = clock
        self._one_put = asyncio.Lock()

    # --- answering ---

    async def cover(self, selection: Selection, since: Bound, until: Bound, max_age: MaxAge) -> list[Piece]:
        """Divide a span into pieces that are kept and pieces that are missing, newest first: see KeptRows."""
        tests = conditions(selection.params)
        if tests is None or not self.days:
            return [Piece(since, until)]
        if selection.number_hashes:
            tests.append(of_numbers(selection.number_hashes))
        low, high = 0 if since is None else max(since, 0), LAST if until is None else until
        now = self._clock()
        spans, unfinished = await self._database.run(self._spans, low, high, now - max_age.archived_settled)
        kept: list[Piece] = []
        for span in spans:
            live = span.as_of > now - max_age.archived_live
            settled = min(span.until, int(span.as_of) - LIVE_SECS)
            usable = [(span.since, span.until)] if live else without_seconds(span.since, settled, unfinished)
            for start, end in usable:
                start, end = max(start, low), min(end, high)  # noqa: PLW2901
                if start >= end:
                    continue
                # About: with the rows of the whole span in each part, no two gaps would ever be asked as one.
                count = span.rows * (end - start) // (span.until - span.since)
                last = kept[-1] if kept else None
                if last and last.since == end and abs(last.as_of - span.as_of) < _ONE_AGE:
                    kept[-1] = Piece(start, last.until, last.count + count, None, min(last.as_of, span.as_of))
                else:
                    kept.append(Piece(start, end, count, None, span.as_of))
        return with_gaps([self._kept(piece, tests) for piece in kept], since, until)

    def _kept(self, piece: Piece, tests: list[sa.ColumnElement[bool]]) -> Piece:
        low, high = piece.since or 0, piece.until or 0
        return replace(piece, rows=self._reader(low, high, tests), sums=self._summing(low, high, tests))

    def _spans(
        self, connection: sa.Connection, low: int, high: int, oldest: float
    ) -> tuple[list[KeptSpan], list[int]]:
        """Return spans of this account, newest first, and the seconds of rows that are not final."""
        if not self._account.owns(connection):
            return [], []
        found = connection.execute(
            sa.select(archive_spans)
            .where(archive_spans.c.until > low, archive_spans.c.since < high, archive_spans.c.as_of > oldest)
            .order_by(archive_spans.c.since.desc())
        )
        start = conversations.c.start_time_unix_secs
        unfinished = connection.execute(
            sa.select(start).where(UNFINISHED, start >= low, start < high).distinct().order_by(start)
        ).scalars()
        return [KeptSpan(*row) for row in found], list(unfinished)

    def _reader(self, low: int, high: int, tests: list[sa.ColumnElement[bool]]) -> ReadsKept:
        start, key = conversations.c.start_time_unix_secs, conversations.c.conversation_id

        async def rows(*, oldest_first: bool) -> AsyncIterator[Rows]:
            order = (start, key) if oldest_first else (start.desc(), key.desc())
            statement = ALL.where(*tests).order_by(*order)
            bounds, size = [start >= low, start < high], _FIRST_BATCH
            while True:
                part = statement.where(*bounds).limit(size)
                found = await self._database.run(self._read, part)
                if found:
                    yield found
                if len(found) < size:
                    return
                at, row_id = found[-1].start_time_unix_secs, found[-1].conversation_id
                beyond = sa.tuple_(start, key)
                here = sa.tuple_(sa.literal(at), sa.literal(row_id))
                bounds = (
                    [start >= at, start < high, beyond > here]
                    if oldest_first
                    else [start >= low, start <= at, beyond < here]
                )
                size = min(4 * size, _BATCH)

        return rows

    def _read(self, connection: sa.Connection, statement: sa.Select[Any]) -> Rows:
        return read(connection.execute(statement), self._account.site, self._account.seal)

    def _summing(self, low: int, high: int, tests: list[sa.ColumnElement[bool]]) -> SumsKept:
        async def sums(by: Summary) -> list[CallSums] | None:
            if isinstance(by, FirstBy):
                rows = await self._database.run(self._read, first_rows(by, low, high, tests))
                return [CallSums(row, row.start_time_unix_secs) for row in rows]
            found: list[CallSums] = []
            for since, until, ahead in by.stretches(low, high):
                statement = summing(by, ahead, since, until, tests)
                part = await self._database.run(read_sums, statement)
                if part is None:
                    return None
                found += part
            return found

        return sums

    async def state(self) -> ArchiveState:
        return await self._database.run(read_state)

    # --- keeping ---

    async def due(self, since: int, until: Bound, oldest: float) -> list[Piece]:
        """Return what of a span is missing, or was read before `oldest`, newest first."""
        high = LAST if until is None else until
        spans, _ = await self._database.run(self._spans, since, high, oldest)
        kept = (Piece(span.since, span.until, as_of=span.as_of) for span in spans)
        return [piece for piece in with_gaps(kept, since, until) if not piece.as_of]

    async def unfinished(self, until: int, limit: int) -> list[Piece]:
        """Return the newest seconds before `until` with conversations that are not final."""
        start = conversations.c.start_time_unix_secs
        statement = sa.select(start).where(UNFINISHED, start < until).distinct().order_by(start.desc())
        seconds = await self._database.scalars(statement.limit(limit))
        return [Piece(second, second + 1) for second in seconds]

    async def put(self, selection: Selection, since: Bound, until: Bound, rows: Rows, as_of: float) -> None:
        """Keep all that the list has in a span: see KeptRows. Raises LeaseLostError."""
        low = max(0 if since is None else since, int(as_of) - self.days * DAY)
        high = min(LAST if until is None else until, int(as_of) - CLOCK_SLACK)
        if selection.params or selection.texts or low >= high:
            return
        by_id = {row.conversation_id: row for row in rows if low <= row.start_time_unix_secs < high}
        start = conversations.c.start_time_unix_secs
        statement = ALL.where(start >= low, start < high)
        async with self._one_put:
            # Read before the lease is held, which keeps everybody else from writing.
            there = await self._database.run(self._read, statement)

            def write(connection: sa.Connection) -> None:
                self.lease.hold(connection)
                known = {row.conversation_id: row for row in there}
                _remove(connection, [row_id for row_id in known if row_id not in by_id])
                changed = [row for row_id, row in by_id.items() if known.get(row_id) != row]
                unkept = self._write(connection, changed)
                for begin, end in without_seconds(low, high, sorted(unkept)):
                    replace_span(connection, begin, end, as_of)

            await self._database.run(write)

    async def note(self, row: Conversation) -> None:
        """Keep one conversation that ElevenLabs told about; a complete reading will say more."""

        def write(connection: sa.Connection) -> None:
            same = conversations.c.conversation_id == row.conversation_id
            final = conversations.c.status.in_(FINAL_STATUSES)
            known = connection.execute(sa.select(sa.literal(1)).where(same, final)).first()
            if known is None and self._account.owns(connection):
                self._write(connection, [row])

        if self.days and row.start_time_unix_secs > self._clock() - self.days * DAY:
            await self._database.run(write)

    def _write(self, connection: sa.Connection, rows: Iterable[Conversation]) -> set[int]:
        """Insert or replace rows; return the seconds of those that no database can hold."""
        unkept: set[int] = set()
        words, texts, hidden = [], [], []
        found: dict[str, Any] = {row.conversation_id: row for row in rows}
        for part in parts(found):
            ids = set(
                connection.execute(
                    sa.select(call_ids.c.conversation_id).where(
                        call_ids.c.conversation_id.in_(part),
                        call_ids.c.masked == self._account.masked,
                        call_ids.c.hashed,
                    )
                ).scalars()
            )
            for row_id in part:
                row: Conversation = found[row_id]
                pair = written(row, self._account.seal)
                if pair is None:
                    unkept.add(row.start_time_unix_secs)
                    continue
                pair[0]["ids_wanted"] = (
                    row.final and row.may_be_phone and row.hiding_reason is None and row_id not in ids
                )
                hidden += [row_id] if row.hiding_reason is not None else []
                words.append(pair[0])
                texts.append(pair[1])
        for part in parts(hidden):
            connection.execute(sa.delete(call_ids).where(call_ids.c.conversation_id.in_(part)))
        upsert(connection, conversations, words)
        upsert(connection, conversation_texts, texts)
        return unkept

    async def forget(self, conversation_id: str) -> None:
        """Remove a conversation that the API no longer has, with its ids."""
        await self._database.run(_remove, [conversation_id])

    async def trim(self) -> int:
        """Remove what is older than ARCHIVE_DAYS; returns how many conversations."""
        oldest = int(self._clock()) - self.days * DAY
        gone = 0
        while True:
            part = await self._database.run(self._trim, oldest)
            gone += part
            if part < AT_ONCE:
                return gone

    def _trim(self, connection: sa.Connection, oldest: int) -> int:
        self.lease.hold(connection)
        spans = archive_spans.c
        connection.execute(sa.delete(archive_spans).where(spans.until <= oldest))
        for span in connection.execute(sa.select(archive_spans).where(spans.since < oldest)).all():
            cut_out(connection, KeptSpan(*span), 0, oldest)
        start = conversations.c.start_time_unix_secs
        old = list(
            connection.execute(
                sa.select(conversations.c.conversation_id).where(start < oldest).limit(AT_ONCE)
            ).scalars()
        )
        _remove(connection, old)
        return len(old)

    async def belong(self, agents: Collection[str] | None) -> bool:
        """Make sure that what is kept is of this account, whose agents these are: else it is deleted.

        Without agents only say whether it is.
        """
        ours = await self._database.run(self._account.owns)
        if ours or agents is None:
            return ours
        theirs = sa.select(conversations.c.agent_id).distinct()
        kept = {*await self._database.scalars(theirs)}
        same_place = await self._database.run(self._account.owns, whatever_key=True)
        if not (same_place and kept & set(agents)) and (gone := await self.empty()):
            log.warning("the archive was of another account, host or setting: emptied", rows=gone)
        await self._database.run(self._account.claim)
        return True

    async def analyze(self) -> None:
        """Let the database count what came: without it, plans for a freshly filled archive read all of it."""

        def analyze(connection: sa.Connection) -> None:
            if connection.dialect.name == "sqlite":
                connection.execute(sa.text("PRAGMA analysis_limit = 1000"))  # rows of each index
            for table in (conversations, conversation_texts, call_ids):
                connection.execute(sa.text(f"ANALYZE {table.name}"))

        await self._database.run(analyze)

    async def delete_unwanted(self) -> None:
        if not self.days and (rows := await self.empty()):
            log.info("the archive was deleted", rows=rows)

    async def empty(self) -> int:
        """Delete every conversation and every id; returns how many conversations there were."""

        def delete(connection: sa.Connection) -> int:
            for table in (archive_spans, conversation_texts, call_ids):
                connection.execute(sa.delete(table))
            return connection.execute(sa.delete(conversations)).rowcount

        return await self._database.run(delete)


def _remove(connection: sa.Connection, ids: list[str]) -> None:
    for part in parts(ids):
        for table in (conversations, conversation_texts, call_ids):
            connection.execute(sa.delete(table).where(table.c.conversation_id.in_(part)))
