"""The database's part of `bot check`: whether it answers, or, for a SQLite file, could be made."""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy as sa

from bot.check.lines import Line, ok, problem
from bot.settings import Settings
from bot.store.database import described, sqlalchemy_url, unanswered

_SUBJECT = "database"
_TIMEOUT = 5


def database(settings: Settings) -> Line:
    """Connect and ask for one value. Blocks: call it in a thread. A SQLite file is not created."""
    url = sa.make_url(sqlalchemy_url(settings.database_url.reveal()))
    shown = described(url)
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and not (file := Path(url.database or "")).exists():
        if os.access(file.absolute().parent, os.W_OK):
            return ok(_SUBJECT, f"{shown} (made at the first start)")
        return problem(_SUBJECT, f"{shown} cannot be made: choose a folder that this user may write to")
    engine = sa.create_engine(url, connect_args={"timeout" if sqlite else "connect_timeout": _TIMEOUT})
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT name FROM sqlite_master" if sqlite else "SELECT 1"))
    except sa.exc.SQLAlchemyError as error:
        return problem(_SUBJECT, unanswered(url, error))
    finally:
        engine.dispose()
    return ok(_SUBJECT, shown)
