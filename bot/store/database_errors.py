"""Errors of the database: which ones pass by themselves, and what to do about the others."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg
import sqlalchemy as sa
import structlog
from dbos import error as dbos_error

log = structlog.get_logger(__name__)

T = TypeVar("T")

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


async def repeat_while_away(work: Callable[[], Awaitable[T]]) -> T:
    """Do `work` until the database answers. Raises what is the fault of the work itself.

    There is no limit: without its database the bot can answer nothing, and an answer that waits is still
    recorded as begun. What was committed just before a connection broke is done again, so `work` must be
    something that can be done twice.
    """
    pause = FIRST_PAUSE_SECS
    while True:
        try:
            return await work()
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


def database_problem(url: sa.URL, error: BaseException) -> str:
    """Say in a sentence why a database cannot be used, and what to do."""
    driver = getattr(error, "orig", None) or error.__cause__ or error
    reason = str(driver).strip().partition("\n")[0] or type(driver).__name__
    state, code = getattr(driver, "sqlstate", None), _sqlite_code(driver)
    address = described(url)
    if code == sqlite3.SQLITE_NOTADB:
        return f"{address} is no SQLite database ({reason}): name another file in DATABASE_URL"
    if code == sqlite3.SQLITE_CANTOPEN:
        return f"{address} cannot be opened ({reason}): choose a folder that this user may write to"
    if code == sqlite3.SQLITE_READONLY:
        return f"{address} can only be read ({reason}): let this user write to the file and its folder"
    if state == "25006":
        return f"{address} can only be read ({reason}): name the server that takes writes in DATABASE_URL"
    if state == "42501":
        return (
            f"{address} refuses to be changed ({reason}): give its user the right CREATE on the database "
            "and on its schema"
        )
    return f"{address} does not answer ({reason}): start it, or correct DATABASE_URL"


def described(url: sa.URL) -> str:
    """Return a database's address as people write it, without its password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def _sqlite_code(error: object) -> int | None:
    """Return the primary code of an error of SQLite: the low byte of the extended one."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
