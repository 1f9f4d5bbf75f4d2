"""Connections with timeouts: the adapter to what psycopg and sqlite3 do not offer by a setting.

A host that is gone, a pooler that hangs, a network that swallows packets: the server then neither answers nor
ends the connection, and libpq would wait until somebody restarts the process. The kernel finds out about
what does not even acknowledge; the rest is given up after a while here, and the connection with it. (The
server's own `statement_timeout` does not help against one that is silent, and poolers refuse it as an option
of the connection.)

This is the one place that relies on how psycopg waits: `Connection.wait` runs a generator, which is sent 0
ten times a second while nothing arrives. A test fails if that changes.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa

T = TypeVar("T")

CONNECT_SECS = 5
ANSWER_SECS = 30.0
"""How long a statement may take; those of this bot take milliseconds."""
PARAMETERS: dict[str, Any] = {
    "connect_timeout": CONNECT_SECS,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "prepare_threshold": None,
}
"""libpq's own (seconds, but tcp_user_timeout); what the database's URL says comes before them.

No prepared statements: a pooler such as pgbouncer gives the next transaction another connection of its own,
which does not know them.
"""


class SQLiteConnection(sqlite3.Connection):
    """A connection that knows `unixepoch('subsec')`, whatever the version of SQLite.

    DBOS writes it into its tables and statements on Python 3.12 and newer; SQLite knows it since 3.42, and
    older ones (Debian 12 has 3.40) return NULL. A database made under one Python is opened under another, so
    the Python's version does not matter here.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sqlite3.sqlite_version_info < (3, 42):
            self.create_function("unixepoch", 1, _unix_epoch)


def _unix_epoch(_modifier: str) -> float:
    """Return the seconds since 1970 to the millisecond, as SQLite does."""
    return round(time.time(), 3)


class Connection(psycopg.Connection[Any]):
    """A connection on which nothing takes longer than `answer_secs`."""

    answer_secs: float | None = ANSWER_SECS

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **kwargs: Any) -> T:
        """Wait for the server as psycopg does; one that is silent for too long is not waited for any more."""
        if self.answer_secs is None:
            return super().wait(gen, *args, **kwargs)
        try:
            return super().wait(_until(gen, time.monotonic() + self.answer_secs), *args, **kwargs)
        except _SilentError:
            self.close()  # whatever comes on it now would be the answer to something else
            raise


class _SilentError(psycopg.OperationalError):
    pass


def _until(gen: Generator[Any, Any, T], deadline: float) -> Generator[Any, Any, T]:
    """Pass a generator of psycopg's on; it is sent 0 ten times a second while nothing arrives."""
    try:
        state = next(gen)
        while True:
            ready = yield state
            if not ready and time.monotonic() > deadline:
                raise _SilentError("the database does not answer")
            state = gen.send(ready)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]


def engine_options(url: str, answer_secs: float = ANSWER_SECS) -> dict[str, Any]:
    """Return what `sqlalchemy.create_engine` needs for connections to a SQLAlchemy URL."""
    if url.startswith("sqlite"):
        return {"connect_args": {"factory": SQLiteConnection}}
    template = sa.create_engine(url)
    arguments, parameters = template.dialect.create_connect_args(template.url)
    return {"pool_pre_ping": True, "creator": _connector(list(arguments), dict(parameters), answer_secs)}


def _connector(arguments: list[Any], parameters: dict[str, Any], answer_secs: float) -> Callable[[], Any]:
    # A plain function: DBOS logs the options, and a partial would show the password.
    def connect() -> Connection:
        connection = Connection.connect(*arguments, **{**PARAMETERS, **parameters})
        connection.answer_secs = answer_secs
        return connection

    return connect


@contextlib.contextmanager
def without_timeout(connection: sa.Connection) -> Iterator[None]:
    """Let statements take as long as they need: indexes of large tables, another process that makes them."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, Connection):
        yield
        return
    before, driver.answer_secs = driver.answer_secs, None
    try:
        yield
    finally:
        driver.answer_secs = before
