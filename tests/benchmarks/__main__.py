"""Runs the measurements and prints them: `python -m tests.benchmarks [--quick] [--runs N]`.

Exit code 1 when a bound is missed. About four minutes; `--quick` leaves out the 100,000 rows. `--archive N`
measures only an archive of N conversations, in SQLite and in PostgreSQL: some minutes for a million.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator

from tests.benchmarks import archive, measures
from tests.benchmarks.alerts import alerts
from tests.benchmarks.measures import LATENCY, Result
from tests.benchmarks.reports import reports
from tests.benchmarks.server import sample_server
from tests.databases import postgres_database

_HOURS_OLD = 3 * 3600
"""All rows are older than the two hours within which nothing is remembered."""


def results(*, quick: bool, runs: int) -> Iterator[Result]:
    """Give one result after the other."""
    yield from measures.start()
    now = int(time.time()) - _HOURS_OLD
    with sample_server(10_000, latency=LATENCY, now=now) as url:
        yield from measures.retrieval(url, 10_000, runs, with_sdk=True)
        yield from measures.remembered(url, now)
        yield from measures.details(url, 1_000, 1)
    if quick:
        return
    with sample_server(100_000, latency=LATENCY, now=now) as url:
        yield from measures.retrieval(url, 100_000, runs, with_sdk=False)
    with sample_server(100_000, latency=0.0, now=now) as url:
        yield from measures.memory(url, 100_000)
        yield from reports(url, 100_000)
    yield from alerts(100_000)


def archives(rows: int) -> Iterator[Result]:
    """Measure an archive in either database, and what a person notices while one fills."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sample_server(10_000, latency=LATENCY, now=int(time.time())) as url,
    ):
        yield from archive.while_it_fills(url, f"sqlite:///{folder}/filling.db")
        yield from archive.archived(f"sqlite:///{folder}/bot.db", rows)
    with postgres_database() as database_url:
        yield from archive.archived(database_url, rows)


def main() -> int:
    """Print all results; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only 10,000 rows")
    parser.add_argument("--archive", type=int, metavar="N", help="only an archive of N conversations")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median counts (3)")
    options = parser.parse_args()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    sys.stdout.write(
        f"{os.cpu_count()} cores{load}, server on the same machine, {LATENCY * 1000:.0f} ms a page\n"
    )
    missed = 0
    measured = (
        archives(options.archive) if options.archive else results(quick=options.quick, runs=options.runs)
    )
    for result in measured:
        bound = ""
        if result.at_least is not None:
            bound = f"(at least {result.at_least:g})"
        if result.at_most is not None:
            bound = f"(at most {result.at_most:g})"
        missed += not result.met
        mark = "" if result.met else "  MISSED"
        figure = f"{result.value:.2f}" if result.value < 100 else f"{result.value:,.0f}"
        sys.stdout.write(f"{result.name:<52} {figure:>9} {result.unit:<3} {bound:<15} {result.note}{mark}\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
