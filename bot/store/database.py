"""The database: one engine, tables that hold values, and synchronous work run in threads.

SQLAlchemy is used synchronously in worker threads: an asynchronous SQLite driver was measured to stall under
load, and every statement here is short.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import operator
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
import sqlalchemy as sa
import structlog
from msgspec import inspect as struct_inspect
from sqlalchemy import event
from sqlalchemy.schema import CreateColumn

from bot.model import CannotStartError, NoConnectionLeftError
from bot.store.database_connections import (
    START_ERRORS,
    Connection,
    database_problem,
    engine_options,
    no_connection_left,
    repeat_while_away,
)

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 500
"""Values in one IN list: SQLite allows 32,766, older builds 999."""
_LOCK_SECS = 0.1
"""How often a process that starts asks whether it may."""
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: no UTF-8 can hold it."""

metadata = sa.MetaData()
UNUSED_INDEXES = "unused_indexes"
"""Under this name a table's `info` says, by dialect, which indexes of earlier versions are to go."""


class TextList(sa.TypeDecorator[tuple[str, ...]]):
    """Some texts, kept as a JSON array."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: object) -> str:
        return msgspec.json.encode(value or ()).decode()

    def process_result_value(self, value: str | None, _dialect: object) -> tuple[str, ...]:
        return msgspec.json.decode(value, type=tuple[str, ...]) if value else ()


def table_of(
    struct: type[msgspec.Struct], name: str, key: Sequence[str], *others: sa.schema.SchemaItem
) -> sa.Table:
    """Return the table for values of a type: a column for each field, NULL where it has a default."""
    columns = (
        sa.Column(
            each.name, _column_type(each.type), primary_key=each.name in key, nullable=not each.required
        )
        for each in struct_inspect.type_info(struct).fields  # type: ignore[attr-defined]
    )
    return sa.Table(name, metadata, *columns, *others)


def _column_type(kind: struct_inspect.Type) -> Any:
    if isinstance(kind, struct_inspect.UnionType):
        (kind,) = (each for each in kind.types if not isinstance(each, struct_inspect.NoneType))
    match kind:
        case struct_inspect.StrType(max_length=None):
            return sa.Text()
        case struct_inspect.StrType(max_length=length):
            return sa.String(length)
        case struct_inspect.BoolType():
            return sa.Boolean()
        case struct_inspect.FloatType():
            return sa.Float()
        case struct_inspect.VarTupleType():
            return TextList()
    return sa.String(16)  # one of some words


def value_of(kind: type[T], row: sa.RowMapping) -> T:
    """Return a row as a value; what an earlier version did not write is as the type has it."""
    return kind(**{name: value for name, value in row.items() if value is not None})


def sqlalchemy_url(database_url: str) -> str:
    """Return the URL with the driver this project ships: psycopg 3 for PostgreSQL."""
    for scheme in ("postgresql://", "postgres://"):
        if database_url.startswith(scheme):
            return "postgresql+psycopg://" + database_url.removeprefix(scheme)
    return database_url


class Database:
    """One SQLAlchemy engine and a way to use it without holding up the event loop."""

    def __init__(self, database_url: str) -> None:
        """`database_url`: `sqlite:///file.db` or `postgresql://…`."""
        self.url = sqlalchemy_url(database_url)
        # Small PostgreSQL plans allow twenty connections in all; statements here are short and can queue.
        pool = {} if self.url.startswith("sqlite") else {"pool_size": 3, "max_overflow": 1}
        self.engine = sa.create_engine(self.url, **engine_options(self.url), **pool)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)

    async def create_tables(self) -> None:
        """Create what is missing, also in an earlier version's database. Raises CannotStartError."""
        with self._needed():
            await asyncio.to_thread(self.run_here, self._create_tables)

    @contextlib.contextmanager
    def _needed(self) -> Iterator[None]:
        """Raise errors of the database as CannotStartError, in words with a next step."""
        try:
            yield
        except START_ERRORS as error:
            kind = NoConnectionLeftError if no_connection_left(error) else CannotStartError
            raise kind(f"The database {database_problem(self.engine.url, error)}.") from error

    @staticmethod
    def _create_tables(connection: sa.Connection) -> None:
        driver = connection.connection.driver_connection
        # Indexes of large tables may take as long as they need, and so may another process that makes them.
        with driver.without_timeout() if isinstance(driver, Connection) else contextlib.nullcontext():
            if connection.dialect.name == "postgresql":
                # Processes of one deployment start together; CREATE TABLE IF NOT EXISTS alone can collide.
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(727274001)"))
            _upgrade(connection)

    async def run(
        self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run `work` in a thread, inside one transaction; again if the database is away, until it is back."""
        once = functools.partial(self.run_here, work, *args, **named)
        return await repeat_while_away(asyncio.to_thread, once)

    def run_here(
        self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run `work` in this thread, inside one transaction. Blocks."""
        with self.engine.begin() as connection:
            return work(connection, *args, **named)

    async def find(self, kind: type[T], statement: sa.Select[Any]) -> list[T]:
        return [value_of(kind, row) for row in await self.run(fetched, statement)]

    async def first(self, kind: type[T], statement: sa.Select[Any]) -> T | None:
        return next(iter(await self.find(kind, statement.limit(1))), None)

    async def scalars(self, statement: sa.Select[Any]) -> Sequence[Any]:
        return await self.run(lambda connection: connection.scalars(statement).all())

    async def put(self, table: sa.Table, *values: msgspec.Struct) -> None:
        """Keep values; each replaces what has the same key."""
        await self.run(upsert, table, [msgspec.structs.asdict(each) for each in values])

    async def change(self, statement: sa.Update | sa.Delete) -> int:
        """Run a statement; returns how many rows it changed."""
        changed: sa.CursorResult[Any] = await self.run(sa.Connection.execute, statement)
        return changed.rowcount

    @contextlib.asynccontextmanager
    async def first_start(self) -> AsyncIterator[None]:
        """Keep other processes from migrating the database while this one does. Raises CannotStartError.

        DBOS's own lock belongs to a session, which a pooler such as pgbouncer hands to others; this one
        belongs to an open transaction. Who waits asks again and again, and holds no connection that the
        holder may need.
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
        await asyncio.to_thread(self.run_here, fetched, sa.select(sa.literal(1)))

    def close(self) -> None:
        self.engine.dispose()


def fetched(connection: sa.Connection, statement: sa.Select[Any]) -> Sequence[sa.RowMapping]:
    return connection.execute(statement).mappings().all()


def parts(values: Iterable[str]) -> Iterator[list[str]]:
    every = list(values)
    return (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))


def try_to_write(database_url: str) -> None:
    """Do what the first start would do, and take it back. Blocks; raises START_ERRORS.

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
            connection.execute(sa.delete(metadata.sorted_tables[0]).where(sa.false()))
            connection.rollback()
    finally:
        engine.dispose()


def _upgrade(connection: sa.Connection) -> None:
    """Create the tables, columns and indexes that an earlier version's database lacks, keeping every row.

    Columns are only added, and may be empty in older rows; nothing is renamed or dropped, save indexes that
    nothing uses. So processes of the old and the new version can share a database while a deploy runs.
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
        for name in table.info.get(UNUSED_INDEXES, {}).get(connection.dialect.name, ()):
            connection.execute(sa.text(f"DROP INDEX IF EXISTS {name}"))


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


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    rows: list[dict[str, object]],
    *,
    where: sa.ColumnElement[bool] | None = None,
) -> int:
    """Insert rows; one whose primary key exists is replaced, if it is as `where` says. Returns how many.

    In the order of their keys, so that processes that write the same rows wait for each other: in orders of
    their own each could hold what the other needs ("deadlock detected").
    """
    if not rows:
        return 0
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql as dialect  # noqa: PLC0415 - one of two, by what is in use
    else:
        from sqlalchemy.dialects import sqlite as dialect  # type: ignore[no-redef]  # noqa: PLC0415
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    statement = statement.on_conflict_do_update(
        index_elements=keys,
        set_={column.name: statement.excluded[column.name] for column in table.c if column.name not in keys},
        where=where,
    )
    in_order = sorted(rows, key=operator.itemgetter(*keys))
    return connection.execute(statement, in_order, execution_options={"preserve_rowcount": True}).rowcount
