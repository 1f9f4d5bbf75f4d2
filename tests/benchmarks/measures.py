"""The measurements (a) to (f). Each returns what it saw; the bounds it should meet stand beside it."""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from elevenlabs import ElevenLabs

from bot.elevenlabs.client import Conversations
from bot.model import Conversation, Selection

KEY = "sample-key"
CONCURRENCY = 8
LATENCY = 0.15
PAGE = 100


@dataclass(frozen=True, slots=True)
class Result:
    """One figure and the bound it should meet (`at_least` or `at_most`; None: no bound)."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether it is within its bound."""
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )


def client(url: str) -> Conversations:
    """Return a client of the sample server as a user has it."""
    return Conversations(api_key=KEY, base_url=url, concurrency=CONCURRENCY)


async def all_rows(conversations: Conversations, selection: Selection) -> list[Conversation]:
    """Return all rows of a selection."""
    async with conversations.retrieve(selection) as retrieval:
        return [row async for batch in retrieval for row in batch]


def sdk_loop(url: str) -> tuple[float, int]:
    """Fetch everything with the official SDK, page after page; return seconds and rows."""
    sdk = ElevenLabs(api_key=KEY, base_url=url)
    began = time.perf_counter()
    count = 0
    cursor: str | None = None
    while True:
        page = sdk.conversational_ai.conversations.list(page_size=PAGE, cursor=cursor, summary_mode="include")
        count += len(page.conversations)
        if not page.has_more:
            return time.perf_counter() - began, count
        cursor = page.next_cursor


async def ours(url: str) -> tuple[float, float, int, int]:
    """Fetch everything once; return seconds, seconds to the first rows, rows and requests."""
    async with client(url) as conversations:
        began = time.perf_counter()
        first = 0.0
        seen: set[str] = set()
        async with conversations.retrieve(Selection()) as retrieval:
            async for batch in retrieval:
                first = first or time.perf_counter() - began
                seen.update(row.conversation_id for row in batch)
        return time.perf_counter() - began, first, len(seen), conversations.counts.requests


def retrieval(url: str, rows: int, runs: int, *, with_sdk: bool) -> Iterator[Result]:
    """Measure (a) against the SDK's loop and (b) against the ideal, both over the same server."""
    samples = [asyncio.run(ours(url)) for _ in range(runs)]
    for _, _, count, _ in samples:
        assert count == rows, f"{count} of {rows} rows came"
    seconds = median(sample[0] for sample in samples)
    requests = median(sample[3] for sample in samples)
    ideal = -(-rows // PAGE) / CONCURRENCY * LATENCY
    label = f"{rows:,} rows"
    if with_sdk:
        sdk_seconds, sdk_rows = sdk_loop(url)
        assert sdk_rows == rows
        note = f"{sdk_seconds:.1f} s against {seconds:.2f} s"
        yield Result(
            f"(a) {label}: times faster than the SDK's loop", sdk_seconds / seconds, "x", 6, None, note
        )
    yield Result(
        f"(b) {label}: time against the ideal",
        seconds / ideal,
        "x",
        None,
        1.2 if rows >= 100_000 else None,
        f"{seconds:.2f} s, ideal {ideal:.2f} s, first rows after {median(s[1] for s in samples):.2f} s",
    )
    pages = -(-rows // PAGE)
    yield Result(
        f"(b) {label}: requests against pages",
        requests / pages,
        "x",
        None,
        1.05 if rows >= 100_000 else None,
        f"{requests:.0f} requests, {pages} pages",
    )


async def _remembered(url: str, now: int) -> list[Result]:
    results = []
    async with client(url) as conversations:
        rows = await all_rows(conversations, Selection())
        day = 86_400
        agent, source = rows[0].agent_id, "twilio"
        week = Selection(since=now - 40 * day, until=now - 10 * day)
        asked: list[tuple[str, Selection, set[str]]] = [
            ("the same again", Selection(), {row.conversation_id for row in rows}),
            (
                "narrower by time",
                week,
                {
                    r.conversation_id
                    for r in rows
                    if now - 40 * day <= r.start_time_unix_secs < now - 10 * day
                },
            ),
            (
                "narrower by agent",
                Selection(params=(("agent_id", agent),)),
                {row.conversation_id for row in rows if row.agent_id == agent},
            ),
            (
                "narrower by source",
                Selection(params=(("conversation_initiation_source", source),)),
                {r.conversation_id for r in rows if r.conversation_initiation_source == source},
            ),
        ]
        for name, selection, expected in asked:
            before = conversations.counts.requests
            began = time.perf_counter()
            found = await all_rows(conversations, selection)
            seconds = time.perf_counter() - began
            assert {row.conversation_id for row in found} == expected, name
            sent = conversations.counts.requests - before
            note = f"{len(found):,} rows in {seconds:.2f} s"
            # A call that hangs is looked at again, however long ago it began; those of today in one request.
            since, until = selection.since or 0, selection.until or now - day
            hanging = sum(not row.final and since <= row.start_time_unix_secs < until for row in rows)
            note += f", {hanging} of them for calls that hang"
            results.append(Result(f"(c) {name}: other requests sent", sent - hanging, "", None, 2, note))
    return results


def remembered(url: str, now: int) -> Iterator[Result]:
    """Measure (c): what repeated and narrower questions cost; all rows are older than two hours."""
    yield from asyncio.run(_remembered(url, now))


def memory(url: str, rows: int) -> Iterator[Result]:
    """Measure (d): everything to a CSV file in a process of its own: its peak memory and its speed."""
    command = [sys.executable, "-m", "tests.benchmarks.csv_file", url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own
    seen = json.loads(output)
    assert seen["rows"] == rows
    note = f"{seen['seconds']:.1f} s, file of {seen['size'] / 1e6:.0f} MB"
    yield Result(f"(d) {rows:,} rows to CSV: peak memory", seen["peak_mb"], "MB", None, 350, note)
    yield Result(f"(d) {rows:,} rows to CSV: rows per second", rows / seen["seconds"], "/s", None, None, note)


async def _details(url: str, count: int) -> tuple[float, int]:
    async with client(url) as conversations:
        rows = [row for row in await all_rows(conversations, Selection()) if row.may_be_phone][:count]
        began = time.perf_counter()
        waiting = iter(rows)
        found = 0

        async def work() -> None:
            nonlocal found
            for row in waiting:
                found += (await conversations.ids(row.conversation_id)).phone is not None

        await asyncio.gather(*(work() for _ in range(CONCURRENCY * 2)))
        assert found
        return time.perf_counter() - began, len(rows)


def details(url: str, count: int, runs: int) -> Iterator[Result]:
    """Measure (e): the carrier's ids of many calls, one request each."""
    samples = [asyncio.run(_details(url, count)) for _ in range(runs)]
    seconds, asked = median(sample[0] for sample in samples), samples[0][1]
    ideal = -(-asked // CONCURRENCY) * LATENCY
    note = f"{seconds:.2f} s, ideal {ideal:.2f} s"
    yield Result(f"(e) {asked:,} call ids: time against the ideal", seconds / ideal, "x", None, None, note)


def _processor_seconds(*arguments: str) -> float:
    """Return the processor time that a new Python takes, the best of some runs."""
    best = float("inf")
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def start() -> Iterator[Result]:
    """Measure (f): how long `bot explain` takes against importing the libraries that it needs."""
    libraries = _processor_seconds("-c", "import msgspec, rapidfuzz")
    explain = _processor_seconds("-m", "bot", "explain", "failed calls")
    note = f"{explain:.2f} s against {libraries:.2f} s"
    yield Result("(f) bot explain against importing its libraries", explain / libraries, "x", None, 4.5, note)
