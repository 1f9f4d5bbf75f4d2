"""The audit: one log event for everything that takes conversations out, whatever LOG_LEVEL says.

Logger `audit`, event `export`, `share`, `transcript` or `audio`. It says who, what was asked, how many
conversations, where to, and what came of it; never a name, a number, a token, or a text searched for.
"""

from __future__ import annotations

from typing import Literal

import structlog

from bot.answers.ports import is_direct_message
from bot.query import Query
from bot.query.filters import FILTERS

log = structlog.get_logger("audit")

What = Literal["export", "share", "transcript", "audio"]
AuditOutcome = Literal["sent", "refused", "cancelled", "failed", "nothing to send"]
FREE_TEXT = tuple(each.key for each in FILTERS if each.free_text)


def audit(
    what: What, *, user_id: str, team_id: str, asked: str, rows: int, channel_id: str, outcome: AuditOutcome
) -> None:
    """Write one event. `asked` comes from `asked_for`, or is an id; `channel_id` is where it went."""
    log.info(
        what,
        user=user_id,
        team=team_id,
        asked=asked,
        rows=rows,
        channel=channel_id,
        channel_kind="direct" if is_direct_message(channel_id) else "channel" if channel_id else "none",
        outcome=outcome,
    )


def asked_for(query: Query) -> str:
    """Return a question's canonical text, the values of free-text filters hidden."""
    hidden = [f"{key}:(hidden)" for key in query.filters() if key in FREE_TEXT]
    return " ".join([query.without(*FREE_TEXT).canonical(), *hidden]).strip() or "all"
