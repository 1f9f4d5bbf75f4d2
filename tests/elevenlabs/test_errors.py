from __future__ import annotations

import json
from typing import Any

import pytest

from bot.elevenlabs import errors
from bot.elevenlabs.errors import classify, retry_after

NOW = 1_790_000_000.0


def body(code: str, message: str = "", **more: Any) -> bytes:
    """Return an error body as ElevenLabs words it."""
    return json.dumps({"detail": {"status": code, "message": message, **more}}).encode()


CASES: list[tuple[int, bytes, type[errors.ElevenLabsError]]] = [
    (401, body("invalid_api_key"), errors.WrongKey),
    (400, body("invalid_api_key"), errors.WrongKey),
    (401, b'{"detail": "Unauthorized"}', errors.WrongKey),
    (401, b"<html>401</html>", errors.NotElevenLabs),
    (403, b"<html>Just a moment</html>", errors.NotElevenLabs),
    (404, b"", errors.NotElevenLabs),
    (407, b"<html>", errors.NotElevenLabs),
    (422, b"{}", errors.NotElevenLabs),
    (403, b'{"error": "blocked"}', errors.NotElevenLabs),
    (404, b'{"detail": "Not Found"}', errors.NotFound),
    (401, b'{"code": "invalid_api_key"}', errors.WrongKey),
    (401, body("missing_permissions", "missing the permission convai_read"), errors.MissingScope),
    (403, body("missing_permissions", "missing the permission convai_read"), errors.MissingScope),
    (401, body("invalid_api_key", "This key is for the EU data residency environment"), errors.WrongRegion),
    (403, body("wrong_region"), errors.WrongRegion),
    (401, body("quota_exceeded"), errors.PaymentRequired),
    (402, body("x"), errors.PaymentRequired),
    (403, body("forbidden"), errors.Forbidden),
    (404, body("document_not_found"), errors.NotFound),
    (422, b'{"detail": [{"loc": ["query", "page_size"], "msg": "no", "type": "x"}]}', errors.Invalid),
    (409, body("conflict"), errors.Unavailable),
    (409, body("wrong_region"), errors.WrongRegion),
    (425, body("too_early"), errors.Unavailable),
    (418, b"[]", errors.NotElevenLabs),
    (418, body("teapot"), errors.Invalid),
    (429, b"", errors.RateLimited),
    (429, body("system_busy"), errors.RateLimited),
    (400, body("too_many_concurrent_requests"), errors.RateLimited),
    (500, b"oops", errors.Unavailable),
    (503, body("system_busy"), errors.Unavailable),
    (408, b"", errors.Unavailable),
    (302, b"", errors.NotElevenLabs),
    (204, b"", errors.BadAnswer),
]


@pytest.mark.parametrize(("status", "content", "kind"), CASES)
def test_class_by_status_and_body(status: int, content: bytes, kind: type[errors.ElevenLabsError]) -> None:
    """Each answer is told apart by its status and its body, whatever the shape of that."""
    error = classify(status, {}, content, now=NOW)
    assert type(error) is kind
    assert error.status == status


def test_what_every_elevenlabs_has_is_not_missing() -> None:
    """A list that is not there is a wrong address; with a code, a value in the question is unknown."""
    for status, content, kind in (
        (404, b'{"detail": "Not Found"}', errors.NotElevenLabs),
        (405, b'{"detail": "Method Not Allowed"}', errors.NotElevenLabs),
        (404, b"<html>", errors.NotElevenLabs),
        (404, body("agent_not_found"), errors.Invalid),
    ):
        assert type(classify(status, {}, content, now=NOW, always_there=True)) is kind


def test_says_what_is_missing() -> None:
    """The scope, the refused parameters and the request id are kept for the words to people."""
    missing = classify(
        401,
        {},
        body(
            "missing_permissions",
            "The API key you used is missing the permission convai_read to execute this operation.",
            request_id="req_42",
        ),
        now=NOW,
    )
    assert isinstance(missing, errors.MissingScope)
    assert (missing.scope, missing.request_id) == ("convai_read", "req_42")
    content = (
        b'{"detail": [{"loc": ["query", "page_size"]}, {"loc": ["query", "agent_ids", 0]}, {"loc": 3}, 7]}'
    )
    invalid = classify(422, {"request-id": "r-1"}, content, now=NOW)
    assert isinstance(invalid, errors.Invalid)
    assert (invalid.fields, invalid.request_id) == (("page_size", "agent_ids"), "r-1")


def test_text_holds_nothing_of_the_body() -> None:
    """What an answer quotes (keys, numbers, people) stays out of the exception's text."""
    content = body("Bad <!channel>", "Invalid API key sk_secret for +4915112345678", request_id="x y")
    error = classify(401, {}, content, now=NOW)
    for secret in ("sk_secret", "4915", "channel", "x y"):
        assert secret not in f"{error} {error!r}"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("3", 3.0),
        ("0.5", 0.5),
        ("-4", 0.0),
        ("soon", None),
        ("inf", None),
        ("nan", None),
        ("Mon, 21 Sep 2026 14:13:50 GMT", 30.0),
        ("Mon, 21 Sep 2020 14:13:50 GMT", 0.0),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    """Retry-After is read as seconds or as a date, and never makes a wait negative or endless."""
    assert retry_after(value, now=NOW) == seconds
