"""Processes killed at random moments: what Slack was told is recorded is answered, once.

A few kills each; `endurance.py` does forty.
"""

from __future__ import annotations

import asyncio
import random
import time
from datetime import datetime
from pathlib import Path

from bot.demo.slack import Fault
from bot.demo.slack.sample import LENA, ME, OMAR
from tests.databases import wire
from tests.processes.town import town

QUESTION = "since 60 days ago"


async def test_alone_killed_at_random(tmp_path: Path, sqlite: str) -> None:
    """With SQLite: killed and started again, every acknowledged command gets one list and one file."""
    chance = random.Random(7)  # noqa: S311 - when to kill is no secret
    async with town(tmp_path, sqlite) as place:
        process = await place.web()
        port = process.port
        for _ in range(3):
            await process.healthy()
            for user in (ME, LENA, OMAR):
                await place.ask(QUESTION, to=process, user=user)
            await asyncio.sleep(chance.uniform(0, 0.8))
            await process.kill()
            process = await place.web(port)
        await process.healthy()
        await place.all_answered()
        assert len(place.asked) == 9
        assert place.repeated() == {}


async def test_killed_between_slacks_yes_and_the_checkpoint(tmp_path: Path, sqlite: str) -> None:
    """Slack did it, its answer was lost, the process died before it asked again: nothing is done twice."""
    async with town(tmp_path, sqlite) as place:
        process = await place.web()
        await process.healthy()
        doors = place.workspace.faults
        doors.add(Fault("drop", frozenset({"chat.postMessage"}), after_effect=True))
        doors.add(Fault("drop", frozenset({"files.completeUploadExternal"}), after_effect=True))
        await place.ask(QUESTION, to=process)
        for happened in (place.lists, place.files):
            await place.desk.seen(happened)
            await process.kill()
            process = await place.web(process.port)
        await process.healthy()
        await place.desk.seen(place.settled)
        assert place.repeated() == {}


async def test_workers_killed_at_random(tmp_path: Path, empty_postgres: str) -> None:
    """Two web and two workers on PostgreSQL: a killed worker's answers are taken over, once each.

    Four processes make the tables at the same time.
    """
    chance = random.Random(11)  # noqa: S311 - when to kill is no secret
    async with town(tmp_path, empty_postgres, latency=0.1) as place:
        webs = [await place.web(), await place.web()]
        workers = [await place.worker(), await place.worker()]
        await asyncio.gather(*(process.healthy() for process in (*webs, *workers)))
        killed: list[float] = []
        for round_ in range(4):
            for user in (ME, LENA, OMAR):
                assert (await place.ask(QUESTION, to=webs[round_ % 2], user=user)).ok
            await asyncio.sleep(chance.uniform(0.2, 0.6))
            if round_ in (1, 2):
                killed.append(time.time())
                await workers[0].kill()
                workers = [workers[1], await place.worker()]
        await place.all_answered()
        assert place.repeated() == {}
        for process in place.processes:
            for line in process.said("took over answers of a process that ended"):
                taken = datetime.fromisoformat(line["timestamp"]).timestamp()
                assert min(taken - at for at in killed if at < taken) < 30


async def test_a_database_that_is_away_loses_no_answer(tmp_path: Path, postgres: str) -> None:
    """Twelve questions, a killed worker and three outages of two seconds: every file comes, once."""
    with wire(postgres) as line:
        async with town(tmp_path, line.url, latency=0.05) as place:
            web, worker, killed = await place.web(), await place.worker(), await place.worker()
            await asyncio.gather(web.healthy(), worker.healthy(), killed.healthy())
            people = place.people(4)
            for _ in range(3):
                for user in people:
                    assert (await place.ask(QUESTION, to=web, user=user)).ok
            for pause in (0.1, 0.7, 1.3):
                await asyncio.sleep(pause)
                await line.outage(2)
                await killed.kill()
            await place.all_answered()
            assert len(place.asked) == 12
            assert place.repeated() == {}
            assert not worker.said("failed")
            assert worker.said("the database does not answer; trying again")


async def test_nothing_is_lost_without_workers(tmp_path: Path, postgres: str) -> None:
    """Web processes record while no worker is alive and say so; the first worker answers what waited."""
    async with town(tmp_path, postgres) as place:
        web = await place.web()
        await web.healthy()
        assert "no `bot worker` is alive" in await web.get("/readyz")
        assert (await place.ask(QUESTION, to=web)).ok
        await web.figures("bot_queue_depth 1.0")
        assert not list(place.messages())
        worker = await place.worker()
        await worker.healthy()
        await place.all_answered()
        assert 'notes":[]' in await web.get("/readyz")
        (recorded,) = web.said("recorded")
        (answered,) = await place.desk.seen(lambda: worker.said("answered"))
        assert recorded["question"] == answered["question"]
        await worker.figures('bot_answers_total{kind="ask",outcome="answered"} 1.0')
