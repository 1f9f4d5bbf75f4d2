"""Databases for tests: a SQLite file, and a database of its own on the PostgreSQL server."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

import psycopg

SERVER = "postgresql://postgres@127.0.0.1:5432"


@contextlib.contextmanager
def postgres_database() -> Iterator[str]:
    """Make a database, and drop it at the end. Raises psycopg.OperationalError when no server answers."""
    name = f"bot_{secrets.token_hex(6)}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{SERVER}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
