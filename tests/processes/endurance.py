"""What the bot endures, as figures: `python -m tests.processes.endurance load|sqlite|postgres|soak|all`.

load: 50 commands a second for a minute over HTTP, two web and two workers on PostgreSQL. sqlite and postgres:
40 kills at random moments, of the only process or of one of two workers. soak: 10% faults on both APIs. The
stand-ins run in this process, so that a machine with two cores is busy with both sides.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

from bot.answers.answer import reference
from bot.demo.elevenlabs import ApiFaults
from bot.demo.slack import Fault
from bot.demo.slack.sample import GENERAL
from tests.answers.office import days_ago
from tests.databases import postgres_database
from tests.processes.town import Process, Town, town

QUESTION = "failed since 60 days ago"
FAULT_RATE = 0.1


def say(words: str) -> None:
    """Print a line at once."""
    print(words, flush=True)  # noqa: T201 - a command that prints figures


def share(values: list[float], part: float) -> float:
    """Return the value below which a share of the values lie."""
    return statistics.quantiles(values, n=1000, method="inclusive")[int(part * 1000) - 1]


@contextlib.contextmanager
def places(*, shared: bool) -> Iterator[tuple[Path, str]]:
    """Make a folder and a database that are gone at the end."""
    with tempfile.TemporaryDirectory(prefix="endurance-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        url = stack.enter_context(postgres_database()) if shared else f"sqlite:///{folder / 'bot.db'}"
        yield folder, url


async def load(*, rate: int = 50, seconds: int = 60) -> bool:
    """Ask many times a second; every command acknowledged in time, answered, and that once."""
    with places(shared=True) as (folder, url):
        async with town(folder, url, rows=400, latency=0.05) as place:
            people = place.people(100)
            webs = [await place.web(), await place.web()]
            workers = [await place.worker(), await place.worker()]
            await asyncio.gather(*(process.healthy() for process in (*webs, *workers)))
            began = time.monotonic()
            asking: set[asyncio.Task[object]] = set()
            for number in range(rate * seconds):
                await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
                ask = place.ask(QUESTION, to=webs[number % 2], user=people[number % len(people)])
                asking.add(asyncio.create_task(ask))
            await asyncio.gather(*asking)
            asked = time.monotonic() - began
            acks = [delivery.seconds for delivery in (*place.asked, *place.refused)]
            await place.all_answered(patience=900)
            answered = time.monotonic() - began
            lists = [float(line) for process in workers for line in await _first_lists(process)]
    say(
        f"load: {len(acks)} commands in {asked:.0f} s, {len(place.refused)} not acknowledged; ack p50 "
        f"{share(acks, 0.5) * 1000:.0f} ms, p99 {share(acks, 0.99) * 1000:.0f} ms, worst {max(acks):.2f} s; "
        f"all answered after {answered:.0f} s, {len(place.repeated())} twice; {sum(lists):.0f} lists in 5 s"
    )
    return not place.refused and share(acks, 0.99) < 1 and not place.repeated()


async def _first_lists(process: Process) -> list[str]:
    lines = (await process.get("/metrics")).splitlines()
    return [line.split()[-1] for line in lines if line.startswith('bot_first_list_seconds_bucket{le="5.0"}')]


async def sqlite(*, kills: int = 40, seed: int = 1) -> bool:
    """Kill the only process at random moments."""
    chance = random.Random(seed)  # noqa: S311 - when to kill is no secret
    with places(shared=False) as (folder, url):
        async with town(folder, url, rows=400, latency=0.1) as place:
            people = place.people(10)
            process = await place.web()
            port = process.port
            for _ in range(kills):
                await process.healthy()
                for _ in range(3):
                    await place.ask(QUESTION, to=process, user=chance.choice(people))
                    await asyncio.sleep(chance.uniform(0, 0.1))
                await asyncio.sleep(chance.uniform(0, 0.4))
                await process.kill()
                process = await place.web(port)
            await process.healthy()
            await place.all_answered(patience=300)
            return killed("sqlite", kills, place)


async def postgres(*, kills: int = 40, seed: int = 2) -> bool:
    """Kill one of two workers at random moments."""
    chance = random.Random(seed)  # noqa: S311 - when to kill is no secret
    with places(shared=True) as (folder, url):
        async with town(folder, url, rows=400, latency=0.1) as place:
            people = place.people(10)
            webs = [await place.web(), await place.web()]
            workers = [await place.worker(), await place.worker()]
            await asyncio.gather(*(process.healthy() for process in (*webs, *workers)))
            for number in range(kills):
                for _ in range(3):
                    await place.ask(QUESTION, to=webs[number % 2], user=chance.choice(people))
                    await asyncio.sleep(chance.uniform(0, 0.1))
                await asyncio.sleep(chance.uniform(0, 0.4))
                victim = workers.pop(chance.randrange(2))
                await victim.kill()
                workers.append(await place.worker())
                await workers[-1].healthy()
            began = time.monotonic()
            await place.all_answered(patience=300)
            say(f"postgres: the last answer came {time.monotonic() - began:.0f} s after the last restart")
            return killed("postgres", kills, place)


def killed(name: str, kills: int, place: Town) -> bool:
    """Report what became of the answers."""
    adopted = sum(
        line["message"] in {"answered", "failed"} and line.get("resumed", False)
        for process in place.processes
        for line in process.lines()
    )
    twice = place.repeated()
    asked = Counter(delivery.payload["user_id"] for delivery in place.asked)
    glances = sum(max(0, len(place.desk.whispers(GENERAL, user)) - asked[user]) for user in asked)
    say(
        f"{name}: {kills} kills, {len(place.asked)} commands acknowledged ({len(place.refused)} not), all "
        f"answered, {len(twice)} with a list or file twice, {glances} glances twice; {adopted} answers went "
        "on after a kill"
    )
    return not twice


async def soak(*, commands: int = 200, seed: int = 3) -> bool:
    """Answer while a tenth of all requests on both sides goes wrong; every CSV must be complete."""
    faults = ApiFaults(rate=FAULT_RATE, seed=seed, retry_after=0.2)
    with places(shared=True) as (folder, url):
        async with town(folder, url, rows=2000, api_faults=faults) as place:
            people = place.people(20)
            webs = [await place.web(), await place.web()]
            workers = [await place.worker(), await place.worker()]
            await asyncio.gather(*(process.healthy() for process in (*webs, *workers)))
            doors = place.workspace.faults
            for kind in ("status", "ratelimited", "drop", "garbage", "delay"):
                doors.add(Fault(kind, chance=FAULT_RATE / 5, times=None, seconds=0.5, retry_after=1))
            for number in range(commands):
                await place.ask(QUESTION, to=webs[number % 2], user=people[number % len(people)])
                await asyncio.sleep(0.1)
            since = days_ago(60, time.time()) + 1
            wanted = {
                record.row.conversation_id
                for record in place.desk.dataset
                if record.row.call_successful == "failure" and record.row.start_time_unix_secs >= since
            }
            with contextlib.suppress(BaseException):
                await place.all_answered(patience=60)
            doors.clear()
            files = [file for message in place.messages() for file in message.get("files", ())]
            incomplete = sum(
                not wanted <= {row["conversation_id"] for row in place.desk.rows(file)} for file in files
            )
            marks = {reference(f"command-{delivery.payload['trigger_id']}") for delivery in place.asked}
            without = marks - set(place.files())
            seen = [
                *place.messages(),
                *(shown for user in people for shown in place.desk.whispers(GENERAL, user)),
            ]
            told = sum(any(mark in str(shown) for shown in seen) for mark in without)
            for line in (line for process in place.processes for line in process.lines()):
                if line.get("reference") in without:
                    say(f"  without a file: {line}")
    say(
        f"soak: {len(marks)} commands with {FAULT_RATE:.0%} faults on both APIs: {len(files)} files, "
        f"{incomplete} incomplete; {len(without)} without a file, {told} of them told why; "
        f"{len(place.repeated())} with a list or file twice"
    )
    return not incomplete and told == len(without)


RUNS: dict[str, Callable[[], Coroutine[object, object, bool]]] = {
    "load": load,
    "sqlite": sqlite,
    "postgres": postgres,
    "soak": soak,
}


def main() -> None:
    """Run what is asked for; exit 1 when something did not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="+", choices=[*RUNS, "all"])
    runs = parser.parse_args().runs
    good: list[bool] = [asyncio.run(run()) for name, run in RUNS.items() if name in runs or "all" in runs]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
