"""Questions that ask themselves, with several processes that look: each time is answered once."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.answers.answer import reference
from bot.demo.slack.sample import ME, TEAM
from bot.model import SavedQuestion
from bot.store.database import Database
from bot.store.saved import SavedQuestions
from tests.processes.town import filed, town

NUMBER = 8


def due_at(moment: float, number: int) -> SavedQuestion:
    """Return one of several saved questions that are due at a moment, and not again before another day."""
    return SavedQuestion(
        saved_id=f"s{number}",
        team_id=TEAM.id,
        user_id=ME,
        name=f"Question {number}",
        name_key=f"question {number}",
        texts=(f"limit:{number + 5} since 60 days ago",),
        tz="UTC",
        schedule=f"every day {time.strftime('%H:%M', time.gmtime(moment - 120))}",
        next_at=moment,
    )


async def test_three_workers_and_one_killed_ask_each_question_once(tmp_path: Path, postgres: str) -> None:
    """All look at the same moment and one dies then: every question has one list and one file."""
    async with town(tmp_path, postgres) as place:
        web = await place.web()
        workers = [await place.worker() for _ in range(3)]
        await asyncio.gather(*(process.healthy() for process in (web, *workers)))
        database = Database(postgres)
        table = SavedQuestions(database)
        moment = float(int(time.time()) + 2)
        for number in range(NUMBER):
            assert await table.put(due_at(moment, number)) is not None
        await asyncio.sleep(max(0.0, moment - time.time()) + 1.2)
        await workers[0].kill()
        wanted = {reference(f"schedule-s{number}-{int(moment)}") for number in range(NUMBER)}
        messages = place.desk.messages
        direct = place.desk.dm()

        def marks() -> list[str]:
            return [
                message["metadata"]["event_payload"]["answer"]
                for message in messages(direct)
                if message.get("metadata", {}).get("event_payload", {}).get("part") == "list"
            ]

        def files() -> list[str]:
            return filed(messages(direct))

        await place.desk.seen(lambda: set(files()) >= wanted, patience=40)
        await asyncio.sleep(2.5)  # another look of each
        assert sorted(marks()) == sorted(wanted)
        assert sorted(files()) == sorted(wanted)
        assert all((each.next_at or 0) > moment for each in await table.of(ME))
        database.close()
