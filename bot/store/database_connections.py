"""Connections that give up in time, which errors of a database pass by themselves, and words for the others.

A host that is gone, a pooler that hangs, a network that swallows packets: the server then neither answers nor
ends the connection, and libpq would wait until somebody restarts the process. The kernel finds out about
what does not even acknowledge; the rest is given up after a while here, and the connection with it. (The
server's own `statement_timeout` does not help against one that is silent, and poolers refuse it as an option
of the connection.)

This is the one place that relies on how psycopg waits: `Connection.wait` runs a generator, which is sent 0
ten times a second while nothing arrives. A test fails if that changes.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from typing import Any, ParamSpec, TypeVar

import psycopg
import sqlalchemy as sa
import structlog
from dbos import error as dbos_error

log = structlog.get_logger(__name__)

P = ParamSpec("P")
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

    DBOS writes it into its tables on Python 3.12 and newer; SQLite before 3.42 (Debian 12 has 3.40) returns
    NULL. A database made under one Python is opened under another, so Python's version does not matter here.
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

    @contextlib.contextmanager
    def without_timeout(self) -> Iterator[None]:
        """Let statements take as long as they need."""
        self.answer_secs = None
        try:
            yield
        finally:
            del self.answer_secs


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


def engine_options(url: str) -> dict[str, Any]:
    """Return what `sqlalchemy.create_engine` needs for connections to a SQLAlchemy URL."""
    if url.startswith("sqlite"):
        return {"connect_args": {"factory": SQLiteConnection}}
    address = sa.make_url(url)
    arguments, given = address.get_dialect()().create_connect_args(address)

    # A plain function: DBOS logs the options, and a partial would show the password.
    def connect() -> Connection:
        return Connection.connect(*arguments, **{**PARAMETERS, **given})

    return {"pool_pre_ping": True, "creator": connect}


FIRST_PAUSE_SECS = 0.1
LONGEST_PAUSE_SECS = 2.0
_PASSING_STATES = ("08", "25006", "25P03", "40", "53", "57P")
"""How the SQLSTATEs of errors begin that are not the statement's fault: connection lost, read-only while
another server takes over, idle too long, deadlock, out of resources, shutdown."""
_PASSING_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
DRIVER_ERRORS = (sa.exc.SQLAlchemyError, psycopg.Error, sqlite3.Error)
START_ERRORS = (*DRIVER_ERRORS, dbos_error.DBOSException)
"""What opening a database may raise."""


async def repeat_while_away(work: Callable[P, Awaitable[T]], *args: P.args, **named: P.kwargs) -> T:
    """Do `work`, perhaps twice, until the database answers. Raises what is the fault of the work itself.

    There is no limit: without its database the bot can answer nothing, and what waits is recorded as begun.
    """
    pause = FIRST_PAUSE_SECS
    while True:
        try:
            return await work(*args, **named)
        except START_ERRORS as error:
            if not passes(error):
                raise
            log.warning("the database does not answer; trying again", error=type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECS)


def passes(error: BaseException) -> bool:
    """Whether an error is the database's and not the statement's: the same may work in a moment."""
    if isinstance(error, sa.exc.TimeoutError):  # no connection was free
        return True
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return True
    driver = getattr(error, "orig", None) or error
    if isinstance(driver, sqlite3.OperationalError):
        return _sqlite_code(driver) in _PASSING_CODES
    if isinstance(driver, psycopg.OperationalError | psycopg.InterfaceError):
        return driver.sqlstate is None or driver.sqlstate.startswith(_PASSING_STATES)
    return False


_NO_CONNECTION_LEFT = re.compile(r"too many (?:connections|clients)|connection slots|no more connections")
"""In the words of PostgreSQL or pgbouncer: of a refused connection libpq gives no SQLSTATE."""


def no_connection_left(error: BaseException) -> bool:
    return _NO_CONNECTION_LEFT.search(str(_driver_error(error))) is not None


def _driver_error(error: BaseException) -> BaseException:
    return getattr(error, "orig", None) or error.__cause__ or error


_PROBLEMS: dict[object, tuple[str, str]] = {
    sqlite3.SQLITE_NOTADB: ("is no SQLite database", "name another file in DATABASE_URL"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "choose a folder that this user may write to"),
    sqlite3.SQLITE_READONLY: ("can only be read", "let this user write to the file and its folder"),
    "25006": ("can only be read", "name the server that takes writes in DATABASE_URL"),
    "42501": ("refuses to be changed", "give its user the right CREATE on the database and on its schema"),
}
"""By SQLite's primary code or PostgreSQL's SQLSTATE."""


def database_problem(url: sa.URL, error: BaseException) -> str:
    """Say in a sentence why a database cannot be used, and what to do."""
    driver = _driver_error(error)
    reason = str(driver).strip().partition("\n")[0] or type(driver).__name__
    known = _PROBLEMS.get(_sqlite_code(driver)) or _PROBLEMS.get(getattr(driver, "sqlstate", None))
    if no_connection_left(error):
        known = "has no connection left", "allow ten for each process of the bot"
    what, step = known or ("does not answer", "start it, or correct DATABASE_URL")
    return f"{described(url)} {what} ({reason}): {step}"


def described(url: sa.URL) -> str:
    """Return a database's address as people write it, without its password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def _sqlite_code(error: object) -> int | None:
    """Return the primary code of an error of SQLite: the low byte of the extended one."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
