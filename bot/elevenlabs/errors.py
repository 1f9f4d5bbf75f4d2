"""What can go wrong with ElevenLabs, one class for each next step.

    ElevenLabsError
    ├── WrongKey            the key is not known
    ├── MissingScope        the key may not do this; `scope` says what it lacks
    ├── WrongRegion         the key belongs to a data-residency region with its own host
    ├── PaymentRequired     credits or plan
    ├── Forbidden           this key may not see this
    ├── NotFound
    ├── Invalid             the request was refused; `fields` says which parameters
    ├── RateLimited         after all retries; `retry_after` seconds, when said
    ├── Unavailable         5xx, timeouts, dropped connections, after all retries
    │   └── FailingFast     not even tried: five requests failed in a row; `until` on the client's clock
    └── BadAnswer           not JSON, not the shape that the API promises, or an answer that contradicts itself

The text of each exception is for logs: status, ElevenLabs' own code and request id, never a body (which may
quote the key or a customer). Classes are told apart by status and body, since a key without a scope is answered
401 and a wrong key sometimes 400.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

__all__ = [
    "BadAnswer",
    "ElevenLabsError",
    "FailingFast",
    "Forbidden",
    "Invalid",
    "MissingScope",
    "NotFound",
    "PaymentRequired",
    "RateLimited",
    "Unavailable",
    "WrongKey",
    "WrongRegion",
    "classify",
]


class ElevenLabsError(Exception):
    """Anything that ElevenLabs, or the way to it, refused. `status` is the HTTP status, if there was one."""

    def __init__(self, reason: str, *, status: int | None = None, request_id: str | None = None) -> None:
        known = [f"HTTP {status}"] if status is not None else []
        if request_id is not None:
            known.append(f"request {request_id}")
        super().__init__(f"{reason} ({', '.join(known)})" if known else reason)
        self.status = status
        self.request_id = request_id


class WrongKey(ElevenLabsError):
    """The API key is not known to this host."""


class MissingScope(ElevenLabsError):
    """The API key is limited to scopes and lacks `scope` (such as `convai_read`), if it was named."""

    def __init__(
        self, reason: str, *, scope: str | None, status: int | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(reason, status=status, request_id=request_id)
        self.scope = scope


class WrongRegion(ElevenLabsError):
    """The API key belongs to a data-residency region, which has its own host."""


class PaymentRequired(ElevenLabsError):
    """The plan or its credits do not allow this."""


class Forbidden(ElevenLabsError):
    """This key may not see what was asked for."""


class NotFound(ElevenLabsError):
    """There is no such thing, or no longer."""


class Invalid(ElevenLabsError):
    """The request was refused as wrong. `fields` are the names of the refused parameters, where said."""

    def __init__(
        self,
        reason: str,
        *,
        fields: tuple[str, ...] = (),
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(reason, status=status, request_id=request_id)
        self.fields = fields


class RateLimited(ElevenLabsError):
    """Too many requests, still after waiting. `retry_after` is in seconds, when ElevenLabs said it."""

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(reason, status=status, request_id=request_id)
        self.retry_after = retry_after


class Unavailable(ElevenLabsError):
    """ElevenLabs answered 5xx, too late or not at all."""


class FailingFast(Unavailable):
    """ElevenLabs failed again and again, so it is left alone until `until` (on the client's clock)."""

    def __init__(self, until: float) -> None:
        super().__init__("not asked: the last requests all failed")
        self.until = until


class BadAnswer(ElevenLabsError):
    """An answer that cannot be read or believed."""


_CODE = re.compile(r"[a-z][a-z0-9_]{1,60}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9_\-]{1,80}")
_SCOPE = re.compile(r"permissions?\W+(?:to\s+)?([a-z][a-z0-9]*(?:_[a-z0-9]+)+)")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")
_REGION = re.compile(
    r"residency|wrong[ _]region|different[ _]region|another[ _]region|region[ _]mismatch", re.IGNORECASE
)

_SCOPE_CODES = {"missing_permissions", "missing_permission", "insufficient_permissions"}
_KEY_CODES = {"invalid_api_key", "needs_authorization", "missing_api_key"}
_PAYMENT_CODES = {"quota_exceeded", "payment_required", "insufficient_credits", "payment_issue"}
_RATE_CODES = {
    "rate_limit_exceeded",
    "concurrent_limit_exceeded",
    "too_many_concurrent_requests",
    "system_busy",
}
_TOO_MANY = 429
_SERVER = 500
_TIMED_OUT = 408


def classify(status: int, headers: Mapping[str, str], body: bytes, *, now: float) -> ElevenLabsError:
    """Return the error that an answer with this status, headers and body means.

    `now` (Unix seconds) is what a Retry-After given as a date is measured against.
    """
    detail = _detail(body)
    codes = [
        code
        for code in (detail.get("status"), detail.get("code"), detail.get("type"))
        if isinstance(code, str)
    ]
    message = detail.get("message") if isinstance(detail.get("message"), str) else ""
    said = next((code for code in codes if _CODE.fullmatch(code)), None)
    request_id = _request_id(detail, headers)
    reason = f"ElevenLabs refused: {said}" if said else "ElevenLabs refused"
    told = set(codes)

    if status == _TOO_MANY or (told & _RATE_CODES and status < _SERVER):
        wait = retry_after(headers.get("retry-after"), now=now)
        return RateLimited(reason, retry_after=wait, status=status, request_id=request_id)
    if status >= _SERVER or status == _TIMED_OUT:
        return Unavailable(reason, status=status, request_id=request_id)
    if told & _SCOPE_CODES:
        found = _SCOPE.search(str(message))
        return MissingScope(reason, scope=found[1] if found else None, status=status, request_id=request_id)
    if status in {400, 401, 403, 404, 409, 421, 451} and any(
        _REGION.search(text) for text in [*codes, str(message)]
    ):
        return WrongRegion(reason, status=status, request_id=request_id)
    if told & _PAYMENT_CODES or status == 402:  # noqa: PLR2004 - the number is its own best name
        return PaymentRequired(reason, status=status, request_id=request_id)
    if told & _KEY_CODES or status == 401:  # noqa: PLR2004 - as above
        return WrongKey(reason, status=status, request_id=request_id)
    if status < 400:  # noqa: PLR2004 - as above
        return BadAnswer("ElevenLabs answered with a redirect", status=status, request_id=request_id)
    simple = {403: Forbidden, 404: NotFound, 410: NotFound}.get(status)
    if simple is not None:
        return simple(reason, status=status, request_id=request_id)
    return Invalid(reason, fields=_fields(detail), status=status, request_id=request_id)


def retry_after(value: str | None, *, now: float) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date. None when absent or unreadable, never negative."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        seconds = (when - datetime.fromtimestamp(now, UTC)).total_seconds()
    return max(0.0, seconds) if seconds < float("inf") else None


def _detail(body: bytes) -> dict[str, Any]:
    """Bring the three shapes of `detail` (object, list, text) into one. Anything unreadable is empty."""
    try:
        content = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return {}
    detail = content.get("detail", content) if isinstance(content, dict) else content
    if isinstance(detail, dict):
        return detail
    if isinstance(detail, list):
        return {"list": detail}
    return {"message": detail} if isinstance(detail, str) else {}


def _fields(detail: dict[str, Any]) -> tuple[str, ...]:
    """Return the parameter names of a 422's `loc` lists, without what does not look like a name."""
    items = detail.get("list")
    names: list[str] = []
    for item in items if isinstance(items, list) else []:
        loc = item.get("loc") if isinstance(item, dict) else None
        if isinstance(loc, list) and loc:
            words = [part for part in loc if isinstance(part, str) and _FIELD.fullmatch(part)]
            names.extend(words[-1:])
    return tuple(dict.fromkeys(names))


def _request_id(detail: dict[str, Any], headers: Mapping[str, str]) -> str | None:
    for candidate in (detail.get("request_id"), headers.get("request-id"), headers.get("x-request-id")):
        if isinstance(candidate, str) and _REQUEST_ID.fullmatch(candidate):
            return candidate
    return None
