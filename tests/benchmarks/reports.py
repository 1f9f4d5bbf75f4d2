"""Measured: a report over rows that are already held, and what each part of it takes.

`python -m tests.benchmarks.reports [ROWS]` prints it alone.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

from bot.answers.matching_rows import MatchingRows
from bot.answers.report_answer import ReportReading
from bot.blocks.report_message import ReportView
from bot.elevenlabs.client import Conversations
from bot.query import parse
from tests.benchmarks.measures import CONCURRENCY, KEY, Result
from tests.benchmarks.server import sample_server

BOUND = 0.6
"""Processor seconds for 100,000 rows that are held: nothing is waited for, so it takes as long when idle."""
QUESTIONS = (
    "success rate by agent",
    "calls per day",
    "success rate by agent, day",
    "median call length by hour",
)


async def _reports(url: str, rows: int) -> list[Result]:
    now = datetime.now(UTC)
    results = []
    async with Conversations(
        api_key=KEY, base_url=url, concurrency=CONCURRENCY, cache_rows=2 * rows
    ) as conversations:
        for question in QUESTIONS:
            query = parse(question, now=now, week_start="monday").query
            samples = []
            for _ in range(4):  # the first fills the memory
                began = time.process_time()
                reading = ReportReading(query, conversations, now=now, week_start="monday")
                async with MatchingRows(reading.calls, conversations) as matching:
                    async for _batch in matching:
                        pass
                read = time.process_time()
                counted = await reading.read()
                done = time.process_time()
                view = ReportView(
                    sentence=query.sentence(),
                    table=counted.table,
                    chart=counted.chart,
                    tz=UTC,
                    as_of=counted.outcome.as_of,
                    question_id="q",
                )
                view.message(now.timestamp())
                drawn = time.process_time() - done
                assert counted.table.total.now.calls == rows
                samples.append((done - read + drawn, read - began, drawn))
            whole, reading_rows, drawing = (median(each) for each in zip(*samples[1:], strict=True))
            parts = {
                "rows": reading_rows,
                "counting": max(0, whole - reading_rows - drawing),
                "drawing": drawing,
            }
            note = ", ".join(f"{name} {100 * seconds / whole:.0f}%" for name, seconds in parts.items())
            bound = BOUND if rows >= 100_000 else None
            results.append(Result(f"(g) {rows:,} rows held: {question}", whole, "s", None, bound, note))
    return results


def reports(url: str, rows: int) -> Iterator[Result]:
    """Measure (g): reports over rows that are held, with the share of each part."""
    yield from asyncio.run(_reports(url, rows))


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with sample_server(count, latency=0.0, now=int(time.time()) - 3 * 3600) as server:
        for result in reports(server, count):
            sys.stdout.write(f"{result.name:<60} {result.value:.2f} s  {result.note}\n")
