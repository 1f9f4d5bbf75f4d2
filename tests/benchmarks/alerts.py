"""What a look for 500 subscriptions and 100 alerts costs, over 100,000 calls."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import httpx
import msgspec

from bot.answers.answer import Request, Services
from bot.answers.watcher import Watcher
from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.elevenlabs.client import Conversations
from bot.model import SavedQuestion
from bot.report.alerting import AlertRule
from bot.store.database import Database
from bot.store.saved import SavedQuestions, Watches
from tests.benchmarks.measures import KEY, Result

SUBSCRIPTIONS, ALERTS, NEW = 500, 100, 20
_EVERY = 60.0
_MEASURES = ("failure-rate", "calls", "average-duration", "p90-duration", "cost")
_WINDOWS = (300, 3600, 7200, 86_400, 7 * 86_400)
_RESULTS = ("failed", "successful", "failed or unknown")


@dataclass
class _Few:
    """Of `Services`, what a look uses."""

    conversations: Conversations
    watches: Watches
    now: float
    week_start: str = "monday"

    @property
    def meter(self) -> _Few:
        return self

    def clock(self) -> float:
        return self.now

    def looked(self, outcome: str, _seconds: float) -> None:
        assert outcome == "done"


def watched(agents: list[str], now: float) -> Iterator[SavedQuestion]:
    """Give the subscriptions, then the alerts, on questions of many kinds."""

    def saved(number: int, question: str, **values: Any) -> SavedQuestion:
        return SavedQuestion(
            saved_id=f"s{number}",
            team_id="T1",
            user_id=f"U{number % 50}",
            name=f"{number}",
            name_key=f"{number}",
            texts=(question,),
            tz="UTC",
            since=now - 60,
            looked_at=now - 60,
            **values,
        )

    kinds = itertools.cycle(itertools.product(agents, _RESULTS, range(10)))
    for number, (agent, result, minutes) in zip(range(SUBSCRIPTIONS), kinds, strict=False):
        question = f"{result} calls for agent:{agent} longer than {minutes} minutes"
        yield saved(number, question, kind="subscription")
    for number in range(SUBSCRIPTIONS, SUBSCRIPTIONS + ALERTS):
        rule = AlertRule(
            measure=_MEASURES[number % 5],
            over=True,
            bound=1e9,
            window=_WINDOWS[number // 5 % 5],
            compared=number % 10 == 0,
        )
        question = f"calls for agent:{agents[number % len(agents)]}"
        yield saved(number, question, kind="alert", rule=msgspec.json.encode(rule).decode())


async def _look(rows: int) -> tuple[float, float, int, int]:
    now = time.time()
    dataset = Dataset.generate(rows, now=int(now))
    transport = httpx.ASGITransport(app=elevenlabs_app(dataset, api_key=KEY))
    told: list[Request] = []

    async def start(request: Request) -> None:
        told.append(request)

    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bot.db")
        await database.create_tables()
        table = SavedQuestions(database)
        for saved in watched(sorted({record.row.agent_id for record in dataset}), now):
            await table.put(saved)
        async with Conversations(api_key=KEY, base_url="http://sample", http=transport) as client:
            few = _Few(client, Watches(database, "one"), now)
            watcher = Watcher(cast("Services", few), start, every=_EVERY)
            began = time.perf_counter()
            assert await watcher.look()
            first, sent = time.perf_counter() - began, client.counts.requests
            for _ in range(NEW):
                dataset.arrive(int(now))
            few.now += _EVERY
            began = time.perf_counter()
            assert await watcher.look()
            seconds, sent = time.perf_counter() - began, client.counts.requests - sent
        database.close()
    return first, seconds, sent, len(told)


def alerts(rows: int) -> Iterator[Result]:
    """Measure (h): one look with new calls since the last, for all that is watched."""
    first, seconds, sent, told = asyncio.run(_look(rows))
    label = f"(h) {SUBSCRIPTIONS} subscriptions, {ALERTS} alerts over {rows:,} calls"
    note = f"{NEW} new calls, {told} told; the first look after a start took {first:.1f} s"
    yield Result(f"{label}: a look", seconds, "s", None, 1.0, note)
    yield Result(f"{label}: requests of a look", sent, "", None, 3)
