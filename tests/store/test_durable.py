"""Durable answers as a process knows them: recorded once, gone on with by the names of their steps."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store.database_connections import engine_options
from bot.store.durable import Checkpoints, DurableAnswers, Handler, Step
from tests.databases import ended


@contextlib.asynccontextmanager
async def answering(url: str, handler: Handler) -> AsyncIterator[DurableAnswers]:
    """Run the only process; at the end what has not ended is left for the next."""
    durable = DurableAnswers(url, handler, executor_id="single")
    await durable.launch()
    try:
        yield durable
    finally:
        await durable.close(within=0)


async def test_steps_are_found_by_their_names(sqlite: str) -> None:
    """After a restart other steps are taken, and in another order: what is recorded is returned all the same.

    What had failed is tried again, until it succeeds.
    """
    done: list[str] = []
    stopped = asyncio.Event()

    async def before(_request: dict[str, Any], steps: Checkpoints) -> None:
        await do(steps, "one")
        with pytest.raises(ZeroDivisionError):
            await do(steps, "fails", ZeroDivisionError())
        await do(steps, "two")
        stopped.set()
        await asyncio.sleep(60)

    async def after(_request: dict[str, Any], steps: Checkpoints) -> None:
        assert await steps.recorded(Step("two", str)) == "two"
        assert await steps.recorded(Step("fails", str)) is None
        for name in ("new", "two", "fails", "one"):
            assert await do(steps, name) == name
        assert await steps.recorded(Step("new", str)) == "new"

    async def do(steps: Checkpoints, name: str, error: Exception | None = None) -> str:
        async def work(may_be_begun: bool) -> str:
            done.append(f"{name} again" if may_be_begun else name)
            if error is not None:
                raise error
            return name

        return await steps.run(Step(name, str), work)

    async with answering(sqlite, before) as durable:
        await durable.start("a", {})
        await stopped.wait()
    async with answering(sqlite, after) as durable:
        await asyncio.wait_for(ended("a"), 20)
    assert done == ["one", "fails", "two", "new again", "fails"]


async def test_a_request_given_up_while_it_is_recorded_is_answered(sqlite: str, tmp_path: Path) -> None:
    """The database is busy for longer than Slack is kept waiting: delivered again, it is answered once."""
    answered: list[str] = []

    async def handler(request: dict[str, Any], _steps: Checkpoints) -> None:
        answered.append(request["text"])

    async with answering(sqlite, handler) as durable:
        busy = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
        busy.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(durable.start("a", {"text": "once"}), 0.2)
        busy.execute("ROLLBACK")
        while not busy.execute("SELECT count(*) FROM workflow_status").fetchone()[0]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        busy.close()
        await durable.start("a", {"text": "once"})
        await asyncio.wait_for(ended("a"), 10)
    assert answered == ["once"]


async def test_a_database_of_any_python_goes_on(sqlite: str) -> None:
    """DBOS writes other defaults into its tables under Python 3.12 and newer; old SQLite gives NULL for them.

    Here both kinds of tables, whatever Python runs the test, take new rows with the time of today.
    """
    engine = sa.create_engine(sqlite, **engine_options(sqlite))
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE times (older INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),"
                " newer INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))"
            )
        )
        connection.execute(sa.text("INSERT INTO times DEFAULT VALUES"))
        row = connection.execute(sa.text("SELECT older, newer FROM times")).one()
    engine.dispose()
    assert all(abs(written / 1000 - time.time()) < 60 for written in row)
