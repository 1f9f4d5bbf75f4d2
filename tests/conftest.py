"""What holds for all tests."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from tests.databases import drop_template, postgres_database, sqlite_with_tables
from tests.laws import law

settings.register_profile("laws", law())
settings.load_profile("laws")
# The certificates of this machine are no test's business, and slow to read.
os.environ.pop("SSL_CERT_FILE", None)
# Workers import the same files at about the same time: what one has compiled, the others need not.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# While tests are collected nothing becomes garbage.
gc.disable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mix files that wait with files that work: by their names they come in long runs of a kind.

    Those with a browser stay together: each worker that meets one starts its own. Tests of several processes
    wait the longest, and nothing should wait for them in the end: each worker begins with its part of them.
    """
    groups: dict[str, list[pytest.Item]] = {}
    long: list[pytest.Item] = []
    for item in items:
        browser = "browser" in getattr(item, "fixturenames", ())
        group = groups.setdefault("" if browser else item.nodeid.partition("::")[0], [])
        (long if item.nodeid.startswith("tests/processes/") else group).append(item)
    mixed = list(groups.values())
    random.Random(1).shuffle(mixed)  # noqa: S311 - the same order each time
    short = iter([item for group in mixed for item in group])
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    count = len(items)
    items.clear()
    for worker in range(workers):  # xdist first gives each worker its share, one after the other
        share = (count - len(items)) // (workers - worker)
        part = long[worker::workers]
        items += part + list(islice(short, max(0, share - len(part))))


def pytest_collection_finish() -> None:
    """Thousands of tests are there to stay: the collector need not look through them, not even once."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """Three workers a core: tests wait for clocks, other processes and a browser more than they work."""
    return 3 * (os.cpu_count() or 1)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Clean up in the process that started the workers: it ends last."""
    if not hasattr(session.config, "workerinput"):
        drop_template()


@contextlib.contextmanager
def _with_server(*, tables: bool) -> Iterator[str]:
    """Make a PostgreSQL database for one test; without a server the test is skipped, but not in CI."""
    database = postgres_database(tables=tables)
    try:
        url = database.__enter__()
    except psycopg.OperationalError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL on 127.0.0.1:5432 (user postgres, no password)")
    try:
        yield url
    finally:
        database.__exit__(None, None, None)


@pytest.fixture
def postgres() -> Iterator[str]:
    """Make a PostgreSQL database that has every table: making them takes seconds."""
    with _with_server(tables=True) as url:
        yield url


@pytest.fixture
def empty_postgres() -> Iterator[str]:
    """Make a PostgreSQL database that has none."""
    with _with_server(tables=False) as url:
        yield url


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """Make a SQLite file that has every table."""
    (tmp_path / "bot.db").write_bytes(sqlite_with_tables())
    return f"sqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Name a database of either kind: what the store says has to be understood by both."""
    url: str = request.getfixturevalue(request.param)
    return url
