"""A database that falls silent, and processes that are taken for dead: nothing hangs, nothing runs twice."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.app import present, readiness
from bot.slack.slack_api import web_client
from bot.slack.slack_people import Identity
from bot.store.database import Database
from bot.store.database_connections import Connection, passes
from bot.store.durable import Checkpoints, DurableAnswers, Step
from bot.store.exports import Exports
from bot.store.processes import Processes
from tests.databases import ended, wire

BEAT_SECS = 0.2


async def test_a_frozen_connection_is_given_up(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statement fails in time, the next one has a new connection; meanwhile the process is not ready."""
    monkeypatch.setattr(Connection, "answer_secs", 0.5)
    with wire(postgres) as line:
        database = Database(line.url)
        await database.ping()
        line.freeze()
        async with aiohttp.ClientSession() as session:
            identity = Identity(web_client("xoxb-1", "http://127.0.0.1:9/", session))
            found = await readiness(database, identity, None, within=0.1)
        assert "database: TimeoutError" in found.problems
        with contextlib.suppress(sa.exc.OperationalError):  # one that was handed out before it was found out
            await asyncio.wait_for(database.ping(), 3)
        await asyncio.wait_for(database.ping(), 3)
        slow = sa.text("SELECT pg_sleep(2)")
        with pytest.raises(sa.exc.OperationalError, match="does not answer") as silent:
            await asyncio.to_thread(database.run_here, lambda connection: connection.execute(slow))
        assert passes(silent.value)
        database.close()


async def test_a_process_notices_its_own_silence(postgres: str) -> None:
    """Its beat hangs: it stops its answers before others take it for dead, not when the database is back."""
    with wire(postgres) as line:
        database = Database(line.url)
        await database.create_tables()
        processes = Processes(database, "one", answers=True, beat_secs=0.5)
        stopped, looked = asyncio.Event(), asyncio.Event()

        async def taken_for_dead() -> None:
            stopped.set()

        async def adopt(_alive: frozenset[str]) -> int:
            looked.set()
            return 0

        async with processes.present(adopt=adopt, taken_for_dead=taken_for_dead):
            await asyncio.wait_for(looked.wait(), 10)
            assert not stopped.is_set()
            line.freeze()
            began = time.monotonic()
            await asyncio.wait_for(stopped.wait(), 10)
            assert time.monotonic() - began < 5 * 0.5
        database.close()


async def test_a_process_does_not_adopt_its_own_answers(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database does not know that it is alive: its work is stopped and begun anew, never doubled.

    DBOS's own connections are given up as well when they freeze: the answer goes on over new ones.
    """
    working, most, answered = 0, 0, list[str]()

    async def handler(request: dict[str, Any], steps: Checkpoints) -> None:
        nonlocal working, most

        async def work(_begun: bool) -> bool:
            if request["freezes"]:
                line.freeze()
            else:
                await asyncio.sleep(0.5)
            return True

        working += 1
        most = max(most, working)
        try:
            await steps.run(Step("work", bool), work)
            answered.append(steps.answer_id)
        finally:
            working -= 1

    database = Database(postgres)
    await database.create_tables()
    monkeypatch.setattr(Connection, "answer_secs", 0.5)
    with wire(postgres) as line:
        durable = DurableAnswers(
            Database(line.url).url,
            handler,
            executor_id="one",
            shared=True,
            asker=lambda _: "U1",
        )
        await durable.launch()
        processes = Processes(database, "one", answers=True, beat_secs=BEAT_SECS)
        async with present(processes, durable, Exports(database, "one", time.time), lambda _count: None):
            await durable.start("a", {"freezes": False})
            while not working:  # noqa: ASYNC110 - a figure
                await asyncio.sleep(0.01)
            await execute(database, SILENCE)
            await asyncio.sleep(2 * BEAT_SECS)
            await execute(database, "DROP TRIGGER silence ON processes")
            await asyncio.wait_for(ended("a"), 20)
            await durable.start("b", {"freezes": True})
            await asyncio.wait_for(ended("b"), 20)
            await durable.close(within=0)
        assert (most, answered) == (1, ["a", "b"])
    database.close()


SILENCE = """
CREATE FUNCTION silence() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW.beat_at := 0; RETURN NEW; END $$;
CREATE TRIGGER silence BEFORE INSERT OR UPDATE ON processes FOR EACH ROW EXECUTE FUNCTION silence();
UPDATE processes SET beat_at = 0
"""


async def execute(database: Database, statements: str) -> None:
    """Run statements on the server."""
    await database.run(lambda connection: connection.exec_driver_sql(statements))
