"""The database: one engine, its tables, and synchronous work run in threads.

SQLAlchemy is used synchronously in worker threads: an asynchronous SQLite driver was measured to stall under
load, and every statement here is short.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import operator
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy import event
from sqlalchemy.schema import CreateColumn

from bot.model import CannotStartError
from bot.store.database_connections import (
    ANSWER_SECS,
    START_ERRORS,
    database_problem,
    engine_options,
    repeat_while_away,
    without_timeout,
)

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_LOCK_SECS = 0.1
"""How often a process that starts asks whether it may."""
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: no UTF-8 can hold it."""

metadata = sa.MetaData()

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("question_id", sa.String(40), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("tz", sa.String(64), nullable=False),
    sa.Column("team_id", sa.String(32), nullable=False),
    sa.Column("user_id", sa.String(32), nullable=False),
    sa.Column("channel_id", sa.String(32), nullable=False),
    sa.Column("thread_ts", sa.String(32)),
    sa.Column("asked_at", sa.Float, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("texts", sa.Text),
    sa.Column("refused", sa.Boolean),
    sa.Column("note", sa.Text),
    sa.Index("questions_by_thread", "channel_id", "thread_ts", "asked_at"),
    sa.Index("questions_by_person", "user_id", "asked_at"),
)

shown = sa.Table(
    "shown",
    metadata,
    sa.Column("channel_id", sa.String(32), primary_key=True),
    sa.Column("ts", sa.String(32), primary_key=True),
    sa.Column("thread", sa.String(32), nullable=False),
    sa.Column("question_id", sa.String(40), nullable=False),
    sa.Column("shown_at", sa.Float, nullable=False),
    sa.Column("shared_by", sa.String(32)),
    sa.Column("user_id", sa.String(32)),
    sa.Index("shown_by_thread", "channel_id", "thread", "shown_at"),
    sa.Index("shown_by_age", "shown_at"),
)
"""Which question each of our list messages shows, and whose message it is; one may come to show another
question. What is no list, and stands where all can press it, has "" for its question."""


def sqlalchemy_url(database_url: str) -> str:
    """Return the URL with the driver this project ships: psycopg 3 for PostgreSQL."""
    for scheme in ("postgresql://", "postgres://"):
        if database_url.startswith(scheme):
            return "postgresql+psycopg://" + database_url.removeprefix(scheme)
    return database_url


class Database:
    """One SQLAlchemy engine and a way to use it without holding up the event loop."""

    def __init__(self, database_url: str, *, answer_secs: float = ANSWER_SECS) -> None:
        """`database_url`: `sqlite:///file.db` or `postgresql://…`, which is given up after `answer_secs`."""
        self.url = sqlalchemy_url(database_url)
        # Small PostgreSQL plans allow twenty connections in all; statements here are short and can queue.
        pool = {} if self.url.startswith("sqlite") else {"pool_size": 3, "max_overflow": 1}
        self.engine = sa.create_engine(self.url, **engine_options(self.url, answer_secs), **pool)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)

    async def create_tables(self) -> None:
        """Create what is missing, also in an earlier version's database; several processes may at once.

        Raises CannotStartError when the database cannot be used.
        """
        with self._needed():
            await asyncio.to_thread(self._create_tables)

    @contextlib.contextmanager
    def _needed(self) -> Iterator[None]:
        """Raise errors of the database as CannotStartError, in words with a next step."""
        try:
            yield
        except START_ERRORS as error:
            raise CannotStartError(f"The database {database_problem(self.engine.url, error)}.") from error

    def _create_tables(self) -> None:
        with self.engine.begin() as connection, without_timeout(connection):
            if self.engine.dialect.name == "postgresql":
                # Processes of one deployment start together; CREATE TABLE IF NOT EXISTS alone can collide.
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(727274001)"))
            _upgrade(connection)

    async def run(
        self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run `work` in a thread, inside one transaction; again if the database is away, until it is back."""
        return await repeat_while_away(
            asyncio.to_thread, functools.partial(self.run_here, work, *args, **named)
        )

    def run_here(
        self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run `work` in this thread, inside one transaction. Blocks."""
        with self.engine.begin() as connection:
            return work(connection, *args, **named)

    async def rows(self, statement: sa.Select[Any]) -> Sequence[sa.RowMapping]:
        """Return what a statement finds."""
        return await self.run(_rows, statement)

    async def change(self, statement: sa.Update | sa.Delete) -> int:
        """Run a statement; returns how many rows it changed."""
        return await self.run(_change, statement)

    @contextlib.asynccontextmanager
    async def first_start(self) -> AsyncIterator[None]:
        """Keep other processes from migrating the database while this one does.

        DBOS's own lock belongs to a session, which a pooler such as pgbouncer hands to others after each
        transaction; this one belongs to a transaction that is held open meanwhile. Who waits asks again and
        again, and holds no connection that the holder may need. Raises CannotStartError.
        """
        lock = sa.text(
            "SELECT pg_try_advisory_xact_lock(727274003)"
            " FROM set_config('idle_in_transaction_session_timeout', '0', true)"
        )
        with self._needed():
            while self.engine.dialect.name == "postgresql":
                # At a higher level it would hold a snapshot, and CREATE INDEX CONCURRENTLY wait for it.
                engine = self.engine.execution_options(isolation_level="READ COMMITTED")
                with engine.begin() as connection:
                    if connection.execute(lock).scalar_one():
                        yield
                        return
                await asyncio.sleep(_LOCK_SECS)
            yield

    async def ping(self) -> None:
        """Raise SQLAlchemyError when the database does not answer."""
        await asyncio.to_thread(self.run_here, lambda connection: connection.execute(sa.text("SELECT 1")))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _rows(connection: sa.Connection, statement: sa.Select[Any]) -> Sequence[sa.RowMapping]:
    return connection.execute(statement).mappings().all()


def _change(connection: sa.Connection, statement: sa.Update | sa.Delete) -> int:
    return connection.execute(statement).rowcount


def try_to_write(database_url: str) -> None:
    """Do what the first start would have to do in a database, and take it back. Blocks; raises START_ERRORS.

    A SQLite file that is not there is not created.
    """
    url = sqlalchemy_url(database_url)
    engine = sa.create_engine(url, **engine_options(url), poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":  # Python's driver begins no transaction before a CREATE
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            elif not sa.inspect(connection).has_schema("dbos"):
                connection.exec_driver_sql("CREATE SCHEMA dbos")
            _upgrade(connection)
            connection.execute(sa.delete(questions).where(sa.false()))
            connection.rollback()
    finally:
        engine.dispose()


def _upgrade(connection: sa.Connection) -> None:
    """Create the tables, columns and indexes that an earlier version's database lacks, keeping every row.

    Columns are only ever added, and may be empty in older rows; nothing is renamed, retyped or dropped. So
    processes of the old and the new version can share a database while a deploy runs.
    """
    metadata.create_all(connection)
    inspector = sa.inspect(connection)
    prepare = connection.dialect.identifier_preparer
    for table in metadata.sorted_tables:
        there = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                described = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(
                    sa.text(f"ALTER TABLE {prepare.format_table(table)} ADD COLUMN {described}")
                )
                log.info("database column added", table=table.name, column=column.name)
        for index in table.indexes:
            index.create(connection, checkfirst=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Let readers and the one writer of SQLite work side by side, and wait for each other."""
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def fits(table: sa.Table, row: Mapping[str, object]) -> bool:
    """Whether every text of a row can be kept: PostgreSQL refuses what is too long, and NUL."""
    for name, value in row.items():
        if isinstance(value, str):
            most = getattr(table.c[name].type, "length", None) or len(value)
            if len(value) > most or "\x00" in value or _SURROGATE.search(value):
                return False
    return True


def upsert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, object]]) -> None:
    """Insert rows; one whose primary key exists already is replaced.

    In the order of their keys: processes that write the same rows then wait for each other. In orders of
    their own each could hold what the other needs, and PostgreSQL ends one of them ("deadlock detected").
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql as dialect  # noqa: PLC0415 - one of two, by what is in use
    else:
        from sqlalchemy.dialects import sqlite as dialect  # type: ignore[no-redef]  # noqa: PLC0415
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    statement = statement.on_conflict_do_update(
        index_elements=keys,
        set_={column.name: statement.excluded[column.name] for column in table.c if column.name not in keys},
    )
    connection.execute(statement, sorted(rows, key=operator.itemgetter(*keys)))
