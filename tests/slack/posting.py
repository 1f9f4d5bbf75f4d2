"""Requests as Slack makes them, and as others would: signed, badly signed, of any shape."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

from bot.demo.slack.app_connection import signature

SECRET = "demo-signing-secret"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def signed(
    body: bytes, content_type: str = FORM, *, at: float | None = None, secret: str = SECRET
) -> dict[str, str]:
    """Return the headers that Slack sends with a body now, or `at` a moment."""
    stamp = int(time.time() if at is None else at)
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": str(stamp),
        "x-slack-signature": signature(secret, stamp, body),
    }


def command(**fields: str) -> bytes:
    """Return the body of a slash command."""
    return urlencode(
        {
            "team_id": "T0DEMOTEAM1",
            "user_id": "U0NOBODY001",
            "channel_id": "C0GENERAL01",
            "command": "/conversations",
            "text": "failed",
            "trigger_id": f"1.2.{time.monotonic_ns()}",
            **fields,
        }
    ).encode()


def pressed(payload: Any) -> bytes:
    """Return the body of anything interactive."""
    return urlencode({"payload": json.dumps(payload)}).encode()
