"""`bot check`: whether tokens, scopes, key, region and database will do, each `ok` or with the next step.

Asks each service once and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot import logs
from bot.check.database import database
from bot.check.elevenlabs import HOSTS, Opener, key, open_conversations
from bot.check.lines import Line, State, ok, problem, report
from bot.check.slack import bot_token, manifest_scopes, transport
from bot.redaction import Redactor
from bot.settings import Mode, Problem, Settings, environment

__all__ = ["Line", "State", "check", "manifest_scopes", "report", "run_check"]


async def check(
    settings: Settings,
    problems: Sequence[Problem] = (),
    *,
    mode: Mode = Mode.RUN,
    open_client: Opener = open_conversations,
    hosts: Sequence[str] = HOSTS,
) -> list[Line]:
    """Look at everything that `mode` needs. `settings` and `problems` are what `Settings.read` returned."""
    unread = [problem(found.variable, found.sentence) for found in problems]
    named = {found.variable for found in problems}
    unset = [
        problem(found.variable, found.sentence)
        for found in settings.missing(mode)
        if found.variable not in named
    ]
    slack_url_read = "SLACK_API_URL" not in named
    parts = await asyncio.gather(
        bot_token(settings) if slack_url_read else _nothing(),
        transport(settings, mode) if slack_url_read else _nothing(),
        key(settings, open_client, hosts) if "ELEVENLABS_BASE_URL" not in named else _nothing(),
        asyncio.to_thread(lambda: [database(settings)] if "DATABASE_URL" not in named else []),
    )
    lines = [*unread, *unset, *(line for part in parts for line in part)]
    if not unread:
        lines.insert(0, ok("settings", "every variable can be read"))
    redactor = Redactor(settings.secrets)
    return [Line(line.subject, line.state, redactor.line(line.said)) for line in lines]


def run_check() -> int:
    """Check what the environment and `.env` hold, print the lines, and return the exit code."""
    settings, problems = Settings.read(environment())
    # The lines say what matters; what libraries say to it is of interest only when asked for.
    level = "DEBUG" if settings.log_level == "DEBUG" else "CRITICAL"
    logs.configure(level, settings.log_format, secrets=settings.secrets)
    return report(asyncio.run(check(settings, problems)))


async def _nothing() -> list[Line]:
    """Stand in for a service whose address cannot be read: the default one would be the wrong one to ask."""
    return []
