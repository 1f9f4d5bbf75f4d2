"""The demo's workspace lives: people have talked, the real bot has answered, calls come in."""

from __future__ import annotations

import asyncio
import functools
import random

from bot.demo.demo_server import Life, lets_fail
from bot.demo.elevenlabs import Dataset
from bot.demo.slack.sample import LENA, ME, OMAR, QUALITY, SUPPORT
from tests.answers.office import NOW, office


async def test_people_talk_and_the_bot_answers() -> None:
    """Messages of earlier name calls that exist, questions are answered, and calls arrive."""
    async with office(rows=300) as desk:
        clock = desk.clock
        life = Life(desk.deliveries, desk.dataset, clock, random.Random(1))  # noqa: S311 - a show
        life.remember()
        earlier = desk.workspace.messages.top_level(SUPPORT)
        said = " ".join(message["text"] for message in earlier)
        assert any(r.phone is not None and r.phone.call_sid in said for r in desk.dataset)
        assert any(r.row.conversation_id in said for r in desk.dataset)
        assert [float(m["ts"]) < clock() - 60 for m in earlier] == [True] * len(earlier)
        assert earlier[0]["reply_count"] == 1
        going_on = asyncio.create_task(life.go_on())
        for channel, asker in ((QUALITY, LENA), (SUPPORT, OMAR), (desk.dm(ME), ME)):
            answers = await desk.seen(functools.partial(desk.messages, channel))
            root = desk.workspace.messages.get(channel, answers[0]["thread_ts"])
            assert root is not None
            assert root["user"] == asker
        going_on.cancel()


async def test_lines_without_their_call_are_left_out() -> None:
    """With real conversations nobody names a call that may not exist."""
    async with office(rows=0) as desk:
        Life(desk.deliveries, None, desk.clock, random.Random(1)).remember()  # noqa: S311 - a show
        assert desk.workspace.messages.top_level(SUPPORT) == []
        assert len(desk.workspace.messages.top_level(QUALITY)) == 3


async def test_a_call_fails_when_it_is_asked_for() -> None:
    """It has ended just now, and failed."""
    now = NOW
    dataset = Dataset.generate(50, now=int(now) - 600)
    done = await lets_fail(dataset, lambda: now)({}, ME)
    record = dataset.get(done["conversation_id"])
    assert record is not None
    assert (record.row.status, record.row.call_successful) == ("done", "failure")
    assert now - 5 < record.row.start_time_unix_secs + record.row.call_duration_secs <= now
