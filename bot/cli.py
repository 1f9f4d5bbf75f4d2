"""The command line. Exit codes: 0 ok, 1 failed, 2 bad input."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.model import Agent, CannotStartError, NoConnectionLeftError, zone_named
from bot.settings import Mode, Settings, SettingsError, number

T = TypeVar("T")
OK, FAILED, BAD_INPUT = 0, 1, 2
_PAUSES_SECS = (1, 2, 4, 8, 16, 0)
"""From one start to the next, where the database has no connection left: in a deploy, old processes leave."""
_NEGATION = re.compile(r"^-+[A-Za-z-]+:|^-[A-Za-z]{2,}$")
"""How a question may begin (`-lang:de`, `-failed`): with a blank in front it is not taken for an option."""
_HEALTH = "serve /healthz, /readyz and /metrics there (HTTP mode serves them on PORT)"


def main(argv: Sequence[str] | None = None) -> None:
    words = sys.argv[1:] if argv is None else argv
    glued = "export" in words[:1]  # only there is an `-o`
    arguments = _parser().parse_args(
        [word if glued and _with_file(word) else _NEGATION.sub(r" \g<0>", word) for word in words]
    )
    try:
        sys.exit(arguments.command(arguments))
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        sys.exit(BAD_INPUT)
    except CannotStartError as error:
        print(error, file=sys.stderr)
        sys.exit(FAILED)
    except KeyboardInterrupt:  # Ctrl-C; SIGTERM, see _run_async
        sys.exit(FAILED)
    except BrokenPipeError:
        # Whoever read our output went away (`bot explain … | head`); Python would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)


def _with_file(word: str) -> bool:
    """Whether a word is `-o` with its file, as in `-ocalls`; `-outbound` is a question."""
    if not word.startswith("-o") or ":" in word:
        return False
    from bot.explaining import is_question

    return not is_question(word)


def _number(low: int, high: int) -> Callable[[str], int]:
    """Read what an option takes; what it refuses is said as of a variable."""
    read = number(low, high)

    def take(text: str) -> int:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return take


_PORT = _number(0, 65535)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bot", description="ElevenLabs voice-agent conversations in Slack. Without a command: run."
    )
    parser.add_argument("--version", action="version", version=f"bot {version('conversations-bot')}")
    parser.set_defaults(command=_run, http=False, health_port=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    health, asking = (argparse.ArgumentParser(add_help=False) for _ in range(2))
    health.add_argument("--health-port", type=_PORT, metavar="PORT", help=_HEALTH)
    asking.add_argument("question", help='as in Slack, in quotes: "failed calls since monday"')
    asking.add_argument(
        "--tz", metavar="ZONE", help="IANA time zone of the question (default: this machine's)"
    )

    def command(name: str, run: Callable[..., int], about: str, *parents: Any) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about, parents=parents)
        added.set_defaults(command=run)
        return added

    run = command("run", _run, "answer in Slack (Socket Mode with SLACK_APP_TOKEN, else HTTP)", health)
    run.add_argument("--http", action="store_true", help="serve HTTP on PORT even if SLACK_APP_TOKEN is set")
    command("worker", _worker, "answer what `bot run --http` recorded (DATABASE_URL=postgresql://…)", health)
    demo = command("demo", _demo, "try everything in your browser, without any account")
    demo.add_argument("--port", type=_PORT, default=3000, help="of the page (default 3000)")
    demo.add_argument(
        "--rows", type=_number(1, 10**6), default=5000, help="sample conversations (default 5000)"
    )
    demo.add_argument("--no-browser", action="store_true", help="do not open the page")
    demo.add_argument("--live", action="store_true", help="real conversations, with ELEVENLABS_API_KEY")
    export = command("export", _export, "write the CSV (or Parquet) of a question, without Slack", asking)
    export.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="where to (default: a name made of the question; - is stdout; NAME.parquet is Parquet)",
    )
    sync = command("sync", _sync, "bring the archive in the database up to date once")
    sync.add_argument(
        "--days", type=_number(1, 3650), metavar="N", help="how far back (default: ARCHIVE_DAYS)"
    )
    explain = command("explain", _explain, "show as JSON how a question is understood", asking)
    explain.add_argument("--now", metavar="ISO", help="pretend it is this time, such as 2026-11-23T09:30")
    command("check", _check, "verify tokens, scopes, key, region, database and archive")
    return parser


def _run_async(main: Coroutine[Any, Any, T]) -> T:
    """Run a command that waits for something; SIGTERM ends it as Ctrl-C does."""
    import asyncio

    try:
        return asyncio.run(main)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _serve(main: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Run a process that stays. Of several that start at once one may find no connection left."""
    for pause in _PAUSES_SECS:
        try:
            _run_async(main())
        except NoConnectionLeftError as error:
            if not pause:
                raise
            print(f"{error} Trying again in {pause} s.", file=sys.stderr)
            time.sleep(pause)
        else:
            break
    return OK


def _prepared(mode: Mode) -> Settings:
    from bot import logs

    settings = Settings.load(mode)
    logs.configure(settings.log_level, settings.log_format, secrets=settings.secrets)
    return settings


def _run(arguments: argparse.Namespace) -> int:
    from bot.app import run_http, run_socket

    settings = _prepared(Mode.HTTP if arguments.http else Mode.RUN)
    if settings.socket_mode:
        return _serve(lambda: run_socket(settings, arguments.health_port))
    return _serve(lambda: run_http(settings))


def _worker(arguments: argparse.Namespace) -> int:
    from bot.app import run_worker

    settings = _prepared(Mode.WORKER)
    return _serve(lambda: run_worker(settings, arguments.health_port))


def _demo(arguments: argparse.Namespace) -> int:
    from bot import logs
    from bot.demo.demo_server import run_demo

    settings = Settings.load(Mode.LIVE if arguments.live else Mode.DEMO)
    logs.configure("WARNING", settings.log_format, secrets=settings.secrets)
    print(f"The demo is at http://127.0.0.1:{arguments.port}/ (Ctrl-C ends it)", flush=True)
    _run_async(
        run_demo(
            settings,
            port=arguments.port,
            rows=arguments.rows,
            live=arguments.live,
            browser=not arguments.no_browser,
        )
    )
    return OK


def _export(arguments: argparse.Namespace) -> int:
    from bot.offline import export_question

    settings = _prepared(Mode.EXPORT)
    return _run_async(export_question(settings, arguments.question, arguments.output, _zone(arguments.tz)))


def _sync(arguments: argparse.Namespace) -> int:
    from bot.offline import sync_once

    return _run_async(sync_once(_prepared(Mode.SYNC), arguments.days))


def _explain(arguments: argparse.Namespace) -> int:
    from bot.explaining import explain_question

    settings = Settings.load(Mode.EXPLAIN)
    now = _now(arguments.now, _zone(arguments.tz))
    explained = explain_question(settings, arguments.question, now, lambda: _agents(settings))
    print(json.dumps(explained, indent=2, ensure_ascii=False))
    return BAD_INPUT if explained["unknown"] or explained.get("problems") else OK


def _agents(settings: Settings) -> Sequence[Agent] | None:
    """Return the agents that ElevenLabs has, if it can be asked."""
    if settings.elevenlabs_api_key is None:
        return None
    from bot.clients import agents_if_reachable

    return _run_async(agents_if_reachable(settings))


def _check(_arguments: argparse.Namespace) -> int:
    from bot.check import run_check

    return run_check()


def _zone(name: str | None) -> ZoneInfo:
    """Return the zone named, or this machine's; UTC where the machine does not say."""
    if name is None:
        local = Path("/etc/localtime").resolve().as_posix().partition("/zoneinfo/")[2]
        known = map(zone_named, (os.environ.get("TZ", "").lstrip(":"), local))
        return next(filter(None, known), ZoneInfo("UTC"))
    if (zone := zone_named(name)) is None:
        raise SettingsError((f"There is no time zone {name!r}: use a name like Europe/Berlin.",))
    return zone


def _now(text: str | None, zone: ZoneInfo) -> datetime:
    if text is None:
        return datetime.now(zone)
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError((f"--now {text!r} is no time: write it like 2026-11-23T09:30.",)) from None
    return given.replace(tzinfo=zone) if given.tzinfo is None else given.astimezone(zone)
