from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from bot.slack.intake import address_of, message_text, to_request
from bot.slack.shapes import problem_of
from tests.laws import law
from tests.slack.junk import payloads


@given(payloads())
@law(400)
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
