from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.check import Line, State, check, manifest_scopes, report
from bot.demo.elevenlabs import ApiFaults, Dataset, Key, elevenlabs_app
from bot.elevenlabs.client import Conversations
from bot.settings import Mode, Settings
from tests.serving import free_port, serve

BOT = "xoxb-1234567890-AbCdEfGh"
APP = "xapp-1-A012-3456789-abcdef"
SAMPLE = Dataset.generate(20, 1, 1_763_856_000)
ROOT = Path(__file__).parent.parent


def slack_app(
    *,
    scopes: str | None = ",".join(sorted(manifest_scopes())),
    auth: Mapping[str, object] | None = None,
    connections: Mapping[str, object] | None = None,
) -> Starlette:
    """Return a Slack that knows two methods and two tokens."""

    async def auth_test(request: Request) -> Response:
        good = request.headers.get("authorization") == f"Bearer {BOT}"
        answer = auth or (
            {"ok": True, "user": "conversations", "team": "Acme", "team_id": "T012"}
            if good
            else {"ok": False, "error": "invalid_auth"}
        )
        return JSONResponse(answer, headers={} if scopes is None else {"x-oauth-scopes": scopes})

    async def open_connection(request: Request) -> Response:
        good = request.headers.get("authorization") == f"Bearer {APP}"
        return JSONResponse(
            connections or ({"ok": True, "url": "wss://x/"} if good else {"ok": False, "error": "x"})
        )

    return Starlette(
        routes=[
            Route("/api/auth.test", auth_test, methods=["POST"]),
            Route("/api/apps.connections.open", open_connection, methods=["POST"]),
        ]
    )


@asynccontextmanager
async def services(
    tmp_path: Path, slack: Starlette | None = None, elevenlabs: Starlette | None = None
) -> AsyncIterator[dict[str, str]]:
    """Serve both, and yield variables with which everything is ok over Socket Mode."""
    async with (
        serve(slack or slack_app()) as slack_url,
        serve(elevenlabs or elevenlabs_app(SAMPLE)) as elevenlabs_url,
    ):
        yield {
            "SLACK_BOT_TOKEN": BOT,
            "SLACK_APP_TOKEN": APP,
            "SLACK_API_URL": f"{slack_url}/api/",
            "ELEVENLABS_API_KEY": "sample-key",
            "ELEVENLABS_BASE_URL": elevenlabs_url,
            "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
        }


def impatient(settings: Settings, base_url: str) -> Conversations:
    """Return a client whose waits between tries are short."""
    key = settings.elevenlabs_api_key
    assert key is not None
    return Conversations(api_key=key.reveal(), base_url=base_url, wait_scale=0.001)


async def checked(
    values: Mapping[str, str], mode: Mode = Mode.RUN, hosts: tuple[str, ...] = ()
) -> dict[str, Line]:
    """Return the lines by subject."""
    settings, problems = Settings.read(values)
    lines = await check(
        settings, problems, mode=mode, open_client=impatient, hosts=hosts or ("https://elsewhere",)
    )
    assert len({line.subject for line in lines}) == len(lines)
    return {line.subject: line for line in lines}


def states(lines: Mapping[str, Line]) -> dict[str, str]:
    """Return how each subject turned out."""
    return {subject: line.state.value for subject, line in lines.items()}


async def test_everything_ok(tmp_path: Path) -> None:
    """With good tokens, scopes, key and database every line is ok, and the SQLite file is not created."""
    async with services(tmp_path) as values:
        lines = await checked(values)
    assert states(lines) == {
        "settings": "ok",
        "Slack bot token": "ok",
        "Slack scopes": "ok",
        "Slack app token": "ok",
        "ElevenLabs key": "ok",
        "ElevenLabs scope": "ok",
        "ElevenLabs region": "ok",
        "database": "ok",
        "archive": "ok",
    }
    assert lines["Slack bot token"].said == "conversations in Acme (T012)"
    assert not (tmp_path / "bot.db").exists()
    assert report(lines.values(), io.StringIO()) == 0


async def test_nothing_set_names_every_next_step() -> None:
    """An empty environment gives one line for each missing variable, and exit code 1."""
    lines = await checked({})
    for variable in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ELEVENLABS_API_KEY"):
        assert lines[variable].state is State.PROBLEM
    assert "https://api.slack.com/apps" in lines["SLACK_BOT_TOKEN"].said
    assert report(lines.values(), io.StringIO()) == 1


async def test_a_broken_variable_is_not_asked_about() -> None:
    """An address that cannot be read is reported, and the default one is not shown these secrets."""
    lines = await checked(
        {
            "SLACK_BOT_TOKEN": BOT,
            "SLACK_SIGNING_SECRET": "8f742231b10e",
            "SLACK_API_URL": "slack",
            "ELEVENLABS_API_KEY": "sample-key",
            "ELEVENLABS_BASE_URL": "elevenlabs",
            "DATABASE_URL": "mysql://db",
        }
    )
    assert states(lines) == dict.fromkeys(("SLACK_API_URL", "ELEVENLABS_BASE_URL", "DATABASE_URL"), "problem")


async def test_http_mode_wants_the_signing_secret(tmp_path: Path) -> None:
    """`bot check` for HTTP looks at the signing secret instead of the app token."""
    async with services(tmp_path) as values:
        missing = await checked({**values, "SLACK_APP_TOKEN": ""}, Mode.HTTP)
        present = await checked({**values, "SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "8f742231b10e"})
    assert missing["SLACK_SIGNING_SECRET"].state is State.PROBLEM
    assert present["Slack signing secret"].state is State.OK
    assert "8f74" not in present["Slack signing secret"].said


@pytest.mark.parametrize(
    ("slack", "subject", "words"),
    [
        (slack_app(auth={"ok": False, "error": "invalid_auth"}), "Slack bot token", "set SLACK_BOT_TOKEN"),
        (slack_app(auth={"ok": False, "error": "ratelimited"}), "Slack bot token", "try again"),
        (
            slack_app(auth={"ok": True, "user": "bot", "is_enterprise_install": True, "team_id": None}),
            "Slack bot token",
            "installed for a whole organization, which is not supported",
        ),
        (
            slack_app(scopes="commands,chat:write"),
            "Slack scopes",
            "lacks app_mentions:read, ",
        ),
        (
            slack_app(connections={"ok": False, "error": "invalid_auth"}),
            "Slack app token",
            "set SLACK_APP_TOKEN",
        ),
        (
            slack_app(connections={"ok": False, "error": "missing_scope", "needed": "connections:write"}),
            "Slack app token",
            "give the token connections:write",
        ),
    ],
)
async def test_slacks_refusals_have_a_next_step(
    slack: Starlette, subject: str, words: str, tmp_path: Path
) -> None:
    """What Slack refuses becomes a line that says what to do at api.slack.com."""
    async with services(tmp_path, slack) as values:
        lines = await checked(values)
    assert lines[subject].state is State.PROBLEM
    assert words in lines[subject].said
    assert lines["ElevenLabs key"].state is State.OK


async def test_scopes_that_are_not_said_or_too_many(tmp_path: Path) -> None:
    """A server that names no scopes is no failure; scopes beyond the manifest are mentioned."""
    async with services(tmp_path, slack_app(scopes=None)) as values:
        assert (await checked(values))["Slack scopes"].state is State.SKIPPED
    async with services(tmp_path, slack_app(scopes=", ".join([*manifest_scopes(), "admin"]))) as values:
        line = (await checked(values))["Slack scopes"]
    assert (line.state, line.said.endswith("not needed: admin")) == (State.OK, True)


async def test_a_slack_that_is_not_there_or_not_slack(tmp_path: Path) -> None:
    """No answer, a web page and an empty answer each point to SLACK_API_URL."""

    async def page(_request: Request) -> Response:
        return PlainTextResponse("<html>Welcome to the proxy</html>", 200)

    proxy = Starlette(routes=[Route("/{path:path}", page, methods=["POST"])])
    async with services(tmp_path, proxy) as values:
        for url in (values["SLACK_API_URL"], f"http://127.0.0.1:{free_port()}/"):
            lines = await checked({**values, "SLACK_API_URL": url})
            for subject in ("Slack bot token", "Slack app token"):
                assert lines[subject].state is State.PROBLEM
                assert "SLACK_API_URL" in lines[subject].said
                assert "proxy</html>" not in lines[subject].said


@pytest.mark.parametrize(
    ("key", "subject", "words"),
    [
        ("unknown-key", "ElevenLabs key", "copy it again"),
        ("sample-key-without-scope", "ElevenLabs scope", "lacks convai_read"),
        ("sample-key-residency", "ElevenLabs region", "set ELEVENLABS_BASE_URL"),
        ("sample-key-unpaid", "ElevenLabs key", "look at the plan"),
        ("sample-key-forbidden", "ElevenLabs key", "rights of the key's owner"),
    ],
)
async def test_each_refusal_of_a_key_has_its_next_step(
    key: str, subject: str, words: str, tmp_path: Path
) -> None:
    """Wrong key, missing scope, wrong region, plan and rights are told apart."""
    async with services(tmp_path) as values:
        lines = await checked({**values, "ELEVENLABS_API_KEY": key})
    assert lines[subject].state is State.PROBLEM
    assert words in lines[subject].said
    assert key not in "".join(line.said for line in lines.values())


@pytest.mark.parametrize("kind", ["404-route", "404-html", "403-html", "401-html"])
async def test_what_is_not_elevenlabs_points_to_the_address(kind: str, tmp_path: Path) -> None:
    """A website or a proxy at the base URL says nothing about the key, the plan or its owner."""
    elsewhere = elevenlabs_app(SAMPLE, faults=ApiFaults(rate=1.0, kinds=(kind,)))
    async with services(tmp_path, elevenlabs=elsewhere) as values:
        lines = await checked(values)
    said = lines["ElevenLabs key"].said
    assert "set ELEVENLABS_BASE_URL to https://api.elevenlabs.io" in said
    assert "plan" not in said
    assert "ElevenLabs region" not in lines


async def test_the_right_region_is_found(tmp_path: Path) -> None:
    """A key that another of ElevenLabs' hosts knows gives the line to put into .env."""
    europe = elevenlabs_app(SAMPLE, keys={"key-of-europe": Key()})
    async with services(tmp_path) as values, serve(europe) as host:
        wrong = {**values, "ELEVENLABS_API_KEY": "key-of-europe"}
        lines = await checked(wrong, hosts=(values["ELEVENLABS_BASE_URL"], host))
    assert lines["ElevenLabs region"].said.endswith(f"set ELEVENLABS_BASE_URL={host}")


async def test_every_region_is_named_when_none_is_known(tmp_path: Path) -> None:
    """With a base URL that is not ElevenLabs' own the region is not guessed: all hosts are listed."""
    async with services(tmp_path) as values:
        wrong = {**values, "ELEVENLABS_API_KEY": "sample-key-residency"}
        lines = await checked(wrong, hosts=("https://api.one.example", "https://api.two.example"))
    assert lines["ElevenLabs region"].said.endswith("one of https://api.one.example, https://api.two.example")


async def test_a_key_is_not_shown_to_strange_hosts(tmp_path: Path) -> None:
    """With a base URL that is not ElevenLabs' own, no other host is asked."""
    other = elevenlabs_app(SAMPLE)
    async with services(tmp_path) as values, serve(other) as host:
        await checked(
            {**values, "ELEVENLABS_API_KEY": "unknown-key"}, hosts=(host.replace("127.0.0.1", "localhost"),)
        )
    assert len(other.state.requests) == 0


async def test_elevenlabs_down(tmp_path: Path) -> None:
    """Errors of the service point to network and address, not to the key."""
    down = elevenlabs_app(SAMPLE, faults=ApiFaults(rate=1.0, kinds=("503", "drop")))
    async with services(tmp_path, elevenlabs=down) as values:
        lines = await checked(values)
    assert "does not answer as ElevenLabs does" in lines["ElevenLabs key"].said


async def test_databases(tmp_path: Path) -> None:
    """A file that is no database, a missing folder and a missing server are said without passwords."""
    (tmp_path / "notes.db").write_text("not a database, but long enough to be taken for one" * 50)
    port = free_port()
    for url, words in (
        (f"sqlite:///{tmp_path}/notes.db", "file is not a database"),
        (f"sqlite:///{tmp_path}/absent/bot.db", "cannot be made"),
        (f"postgresql://bot:hunter2-hunter2@127.0.0.1:{port}/bot", "does not answer"),
    ):
        lines = await checked({"DATABASE_URL": url})
        assert lines["database"].state is State.PROBLEM
        assert words in lines["database"].said
        assert "archive" not in lines
        assert "hunter2" not in lines["database"].said


def test_plain_output_is_one_line_each() -> None:
    """Away from a terminal each line is plain text that scripts can read, whatever it holds."""
    out = io.StringIO()
    code = report([Line(State.OK, "a", "[fine]"), Line(State.PROBLEM, "longer", "x" * 300)], out)
    assert out.getvalue() == "ok       a       [fine]\nproblem  longer  " + "x" * 300 + "\n"
    assert code == 1


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_terminal_output_keeps_square_brackets() -> None:
    """On a terminal what was found is shown as it is, not read as markup."""
    out = Terminal()
    assert report([Line(State.OK, "a", "[red]literal[/red]")], out) == 0
    assert "[red]literal[/red]" in out.getvalue()


def test_scopes_come_from_the_manifest() -> None:
    """The scopes compared are those of the project's manifest.yml."""
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    assert manifest_scopes() == set(manifest["oauth_config"]["scopes"]["bot"])
