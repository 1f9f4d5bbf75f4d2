"""What keeps the bot from starting: `bot check` finds it, `bot run` says it in one sentence; no traceback."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from bot.check import State, check
from bot.clients import conversations, network_problems
from bot.settings import Settings
from bot.store.database import Database, sqlalchemy_url, try_to_write
from tests.bot_process import start_bot

TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-1234567890-AbCdEfGh",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "ELEVENLABS_API_KEY": "sample-key",
    "ELEVENLABS_BASE_URL": "http://127.0.0.1:9",
    "PORT": "0",
}
AWAY = {"SLACK_API_URL": "https://slack.invalid/api/", "ELEVENLABS_BASE_URL": "https://elevenlabs.invalid"}
CHANGES = {
    "no right in the schema": "GRANT CREATE ON DATABASE {database} TO {role}",
    "no right in the database": "GRANT ALL ON SCHEMA public TO {role}",
    "read-only": "ALTER ROLE {role} SUPERUSER; ALTER ROLE {role} SET default_transaction_read_only = on",
    "no connection": "ALTER ROLE {role} CONNECTION LIMIT 0",
    "connections": "ALTER ROLE {role} CONNECTION LIMIT 9",
    "may only write": "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
}


@pytest.fixture
def as_role(empty_postgres: str) -> Iterator[Callable[[str], str]]:
    """Make a role by one of CHANGES; what is returned is the database's URL for it."""
    role, url = f"bot_{secrets.token_hex(6)}", sa.make_url(empty_postgres)
    with psycopg.connect(empty_postgres, autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN")

        def changed(name: str) -> str:
            server.execute(CHANGES[name].format(role=role, database=url.database))
            return url.set(username=role).render_as_string(hide_password=False)

        try:
            yield changed
        finally:
            server.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


async def refused(words: str, folder: Path, **variables: str) -> None:
    """`bot run` must end with exit code 1 and one sentence that holds these words."""
    process = await start_bot("run", "--http", env={**os.environ, **TOKENS, **variables}, cwd=folder)
    _, said = await asyncio.wait_for(process.communicate(), 30)
    sentences = said.decode().splitlines()
    assert process.returncode == 1
    assert len(sentences) == 1, said.decode()
    assert words in sentences[0]


async def found(words: str, **variables: str) -> None:
    """`bot check` must name the problem in the line of the database."""
    settings, problems = Settings.read(variables)
    (line,) = [line for line in await check(settings, problems) if line.subject == "database"]
    assert line.state is State.PROBLEM
    assert words in line.said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("no right in the schema", "give its user the right CREATE"),
        ("no right in the database", "give its user the right CREATE"),
        ("read-only", "name the server that takes writes"),
    ],
)
async def test_a_server_that_may_not_be_changed(
    as_role: Callable[[str], str], tmp_path: Path, change: str, words: str
) -> None:
    """Connecting works; creating tables, or the schema of answers, does not."""
    url = as_role(change)
    await found(words, DATABASE_URL=url)
    await refused(words, tmp_path, DATABASE_URL=url)


async def test_a_server_that_has_no_connection_left_is_tried_again(
    as_role: Callable[[str], str], tmp_path: Path
) -> None:
    """It says so and what to do; the next start, when there are some, comes further."""
    url = as_role("no connection")
    await found("has no connection left", DATABASE_URL=url)
    environment = {**os.environ, **TOKENS, "DATABASE_URL": url}
    process = await start_bot("run", "--http", env=environment, cwd=tmp_path)
    said = (await asyncio.wait_for(process.stderr.readline(), 30)).decode()
    assert said.endswith("allow ten for each process of the bot. Trying again in 1 s.\n")
    as_role("connections")
    _, more = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert "give its user the right CREATE" in more.decode()


@pytest.mark.parametrize(
    ("query", "content", "words"),
    [
        ("", b"not a database, but long enough to be taken for one" * 50, "is no SQLite database"),
        ("?mode=ro&uri=true", b"", "can only be read"),
    ],
)
async def test_a_file_that_cannot_be_used(tmp_path: Path, query: str, content: bytes, words: str) -> None:
    """Another kind of file, and one that may only be read; neither is changed."""
    file = tmp_path / "bot.db"
    file.write_bytes(content)
    url = f"sqlite:///file:{file}{query}" if query else f"sqlite:///{file}"
    await found(words, DATABASE_URL=url)
    await refused(words, tmp_path, DATABASE_URL=url)
    assert file.read_bytes() == content


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The file cannot be made."""
    url = f"sqlite:///{tmp_path}/absent/bot.db"
    await found("cannot be made", DATABASE_URL=url)
    await refused("cannot be opened", tmp_path, DATABASE_URL=url)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_check_leaves_nothing_behind(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """No table, no schema, no file, no other journal."""
    database_url = f"sqlite:///{tmp_path / 'bot.db'}"
    if kind == "postgres":
        database_url = request.getfixturevalue("empty_postgres")
    else:
        with contextlib.closing(sqlite3.connect(tmp_path / "bot.db")) as file:
            file.execute("CREATE TABLE other (x)")
    try_to_write(database_url)
    engine = sa.create_engine(sqlalchemy_url(database_url))
    tables = sa.inspect(engine).get_table_names()
    schemas = sa.inspect(engine).get_schema_names()
    engine.dispose()
    assert tables == (["other"] if kind == "sqlite" else [])
    assert "dbos" not in schemas
    assert {file.name for file in tmp_path.iterdir()} <= {"bot.db"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (
            "SSL_CERT_FILE",
            "/absent/certificates.pem",
            "SSL_CERT_FILE=/absent/certificates.pem cannot be read",
        ),
        ("SSL_CERT_FILE", __file__, "no certificates"),
        ("ALL_PROXY", "socks5://127.0.0.1:1", "set HTTPS_PROXY to one, or unset ALL_PROXY"),
        ("https_proxy", "socks5h://127.0.0.1:1", "HTTPS_PROXY names a socks5h proxy"),
    ],
)
async def test_a_network_that_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    """Certificates that are not there, proxies of a kind that is not spoken."""
    monkeypatch.setenv(name, value)
    variables = {**TOKENS, **AWAY, "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db"}
    settings, problems = Settings.read(variables)
    lines = [line for line in await check(settings, problems) if line.subject == name.upper()]
    assert [line.state for line in lines] == [State.PROBLEM]
    assert words in lines[0].said
    await refused(words, tmp_path, **variables, **{name: value})


@pytest.mark.parametrize("no_proxy", ["", "slack.invalid,.invalid"])
def test_a_proxy_that_no_request_goes_through_is_no_problem(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    """Nothing on this machine goes through one, nor what NO_PROXY names; httpx does not even make it."""
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    settings, _ = Settings.read({**TOKENS, **(AWAY if no_proxy else {})})
    assert network_problems(settings) == ()
    conversations(settings)


async def test_a_database_that_is_ready_needs_no_right_to_create(
    as_role: Callable[[str], str], empty_postgres: str
) -> None:
    """Where every table is there already, a role that may only read and write them will do."""
    database = Database(empty_postgres)
    await database.create_tables()
    await database.run(lambda connection: connection.exec_driver_sql("CREATE SCHEMA dbos"))
    database.close()
    await asyncio.to_thread(try_to_write, as_role("may only write"))
