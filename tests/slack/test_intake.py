from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given

from bot.answers.answer import Request
from bot.slack.intake import address_of, message_text, problem_of, to_request
from tests.laws import law
from tests.slack.junk import payloads


@given(payloads())
@law(80)
def test_intake_survives_whatever_comes(payload: Any) -> None:
    """Any JSON of any shape becomes a request or nothing; nothing is raised, and ids stay ids."""
    problem_of(payload)
    if isinstance(payload, dict):
        request = to_request(payload, bot_user_id="U0DEMOBOT01", now=1.0)
        address_of(payload)
        message_text(payload)
        if request is not None:
            assert request.address.user_id
            json.dumps(request.text).encode()
            assert "\0" not in request.text
            assert len(request.answer_id) < 1000


def test_a_request_that_an_earlier_version_stored_is_read() -> None:
    """What it does not say is taken in the safe way: told in the channel; Slack is asked who reads there."""
    stored = {
        "answer_id": "message-T1-C1-1.2",
        "kind": "ask",
        "asked_at": 1.0,
        "text": "failed",
        "address": {
            "team_id": "T1",
            "user_id": "U1",
            "channel_id": "C1",
            "thread_ts": "1.2",
            "private": False,
            "shared_channel": False,
            "response_url": None,
        },
        "command": False,
        "click": None,
        "scheduled": None,
    }
    address = msgspec.convert(stored, Request).address
    assert (address.thread_ts, address.reads_in, address.unshared) == ("1.2", None, False)
