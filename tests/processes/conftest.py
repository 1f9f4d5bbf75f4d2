"""Databases for processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.processes.town import postgres_database


@pytest.fixture
def postgres() -> Iterator[str]:
    """Make a PostgreSQL database for one test; without a server the test is skipped, but not in CI."""
    with_server = postgres_database()
    try:
        url = with_server.__enter__()
    except psycopg.OperationalError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL on 127.0.0.1:5432 (user postgres, no password)")
    try:
        yield url
    finally:
        with_server.__exit__(None, None, None)


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """Name a SQLite file for one test."""
    return f"sqlite:///{tmp_path / 'bot.db'}"
