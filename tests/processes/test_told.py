"""What a subscription tells, with the process killed at random moments: every call once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bot.demo.slack.sample import ME, TEAM
from bot.model import SavedQuestion
from bot.store.database import Database
from bot.store.saved import SavedQuestions
from tests.processes.town import Town, town

CALLS = 3


def arrive(place: Town) -> str:
    """Let a call fail just now; returns its id."""
    record = place.desk.dataset.arrive(int(time.time()))
    place.desk.dataset.remove(record.row.conversation_id)
    record.row.start_time_unix_secs = int(time.time())
    record.row.status, record.row.call_successful = "done", "failure"
    place.desk.dataset.add(record)
    return record.row.conversation_id


async def test_killed_at_random_each_call_is_told_once(tmp_path: Path, sqlite: str) -> None:
    """Calls fail while the process is killed and started again: none is lost, none is told twice."""
    chance = random.Random(16)  # noqa: S311 - when to kill is no secret
    async with town(tmp_path, sqlite, ALERT_SECONDS="1", ARCHIVE_DAYS="0") as place:
        process = await place.web()
        await process.healthy()
        database = Database(sqlite)
        now = time.time() - 1
        subscription = SavedQuestion(
            saved_id="s1",
            team_id=TEAM.id,
            user_id=ME,
            name="failed calls",
            name_key="failed calls",
            texts=("failed calls",),
            tz="UTC",
            kind="subscription",
            since=now,
            looked_at=now,
        )
        assert await SavedQuestions(database).put(subscription) is not None

        def told() -> Counter[str]:
            messages: list[dict[str, Any]] = place.desk.messages(place.desk.dm())
            return Counter(key for key in failed for m in messages if key in str(m.get("blocks")))

        failed: list[str] = []
        for _ in range(CALLS):
            failed.append(arrive(place))
            await asyncio.sleep(chance.uniform(0.3, 1.6))
            await process.kill()
            process = await place.web(process.port)
            await process.healthy()
        await place.desk.seen(lambda: set(told()) == set(failed), patience=40)
        await asyncio.sleep(2.5)  # two more looks
        assert told() == Counter(failed)
        database.close()
