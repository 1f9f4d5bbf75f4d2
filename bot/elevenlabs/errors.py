"""What can go wrong with ElevenLabs, one class for each next step.

The text of each exception is for logs: status, ElevenLabs' own code and request id, never a body (which may
quote the key or a customer). Classes are told apart by status and body, since a key without a scope is
answered 401 and a wrong key sometimes 400.
"""

# ruff: noqa: N818 - the names say what happened; "Error" would add nothing

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


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

    scope: str | None = None


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

    fields: tuple[str, ...] = ()


class RateLimited(ElevenLabsError):
    """Too many requests, still after waiting. `retry_after` is in seconds, when ElevenLabs said it."""

    retry_after: float | None = None


class AskedToWait(RateLimited):
    """ElevenLabs asked for a pause that is longer than this request may take. It was not sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__("not asked: ElevenLabs wants a pause")
        self.retry_after = seconds


class Unavailable(ElevenLabsError):
    """ElevenLabs answered 5xx, too late or not at all, or that it cannot just now; after all retries."""

    others_answered: bool = False
    """Whether ElevenLabs answered other requests meanwhile: the fault lies with what was asked for."""
    wrong_address: bool = False
    """Whether something else answered before ElevenLabs ever did: asking again is useless."""


class FailingFast(Unavailable):
    """ElevenLabs failed again and again, so it is left alone until `until` (Unix seconds)."""

    def __init__(self, until: float) -> None:
        super().__init__("not asked: the last requests all failed")
        self.until = until


class NotElevenLabs(Unavailable):
    """What ElevenLabs' API did not write: from a proxy, or from what stands at a wrong address."""


class BadAnswer(ElevenLabsError):
    """An answer that cannot be read or believed."""


class UnreliableList(BadAnswer):
    """The pages of a list contradict themselves or each other: what they hold may not be everything."""


def only_this_request_failed(error: ElevenLabsError) -> bool:
    """Whether an error is about the one thing that was asked for: others may well be answered."""
    if isinstance(error, Unavailable):
        return error.others_answered
    return isinstance(error, NotFound | Forbidden | Invalid | BadAnswer)


async def unless_it_failed_alone(asked: Awaitable[T]) -> T | None:
    """Return what was asked for; None where the error is about that one thing, which is passed over."""
    try:
        return await asked
    except ElevenLabsError as error:
        if only_this_request_failed(error):
            return None
        raise


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
_REGION_STATUSES = {400, 401, 403, 404, 409, 421, 451}
_BY_STATUS: dict[int, Callable[..., ElevenLabsError]] = {
    401: WrongKey,
    402: PaymentRequired,
    403: Forbidden,
    404: NotFound,
    410: NotFound,
}
_PASSING = {408, 409, 425}
"""Refusals that pass by themselves: too slow, in the way of another request, too early."""
_GONE = {404, 405, 410}
_REDIRECTED = 300
_REFUSED = 400
_TOO_MANY = 429
_SERVER = 500


def classify(
    status: int, headers: Mapping[str, str], body: bytes, *, now: float, always_there: bool = False
) -> ElevenLabsError:
    """Return the error that an answer means: the first rule that holds.

    `now` (Unix seconds) is for a Retry-After given as a date. `always_there`: the path names no particular
    thing, so that not finding it says something about the address.
    """
    detail, theirs = _detail(body)
    said = [code for key in ("status", "code", "type") if isinstance(code := detail.get(key), str)]
    message = detail.get("message")
    message = message if isinstance(message, str) else ""
    codes = set(said)
    elsewhere = any(map(_REGION.search, [*said, message]))
    missing = always_there and status in _GONE
    rules: tuple[tuple[bool, Callable[..., ElevenLabsError]], ...] = (
        (status == _TOO_MANY or (bool(codes & _RATE_CODES) and status < _SERVER), RateLimited),
        (status >= _SERVER, Unavailable),
        (_REDIRECTED <= status < _REFUSED, NotElevenLabs),
        (status < _REFUSED and is_web_page(headers, body), NotElevenLabs),
        (status < _REFUSED, BadAnswer),  # a success, but not the one promised
        (bool(codes & _SCOPE_CODES), MissingScope),
        (elsewhere and status in _REGION_STATUSES, WrongRegion),
        (bool(codes & _PAYMENT_CODES), PaymentRequired),
        (bool(codes & _KEY_CODES), WrongKey),
        (status in _PASSING, Unavailable),
        # Without a code, the route itself is not there. With one, it is a value, such as an agent's id.
        (not theirs or (missing and not codes), NotElevenLabs),
        (missing, Invalid),
        (True, _BY_STATUS.get(status, Invalid)),
    )
    kind = next(kind for holds, kind in rules if holds)
    code = next((f": {code}" for code in said if _CODE.fullmatch(code)), "")
    ids = (detail.get("request_id"), headers.get("request-id"), headers.get("x-request-id"))
    request_id = next((each for each in ids if isinstance(each, str) and _REQUEST_ID.fullmatch(each)), None)
    error = kind(f"ElevenLabs refused{code}", status=status, request_id=request_id)
    if isinstance(error, RateLimited):
        error.retry_after = retry_after(headers.get("retry-after"), now=now)
    elif isinstance(error, MissingScope):
        scope = _SCOPE.search(message)
        error.scope = scope[1] if scope else None
    elif isinstance(error, Invalid):
        error.fields = _fields(detail)
    return error


def is_web_page(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether an answer is HTML, by its beginning or, where that is not JSON's, by what it calls itself."""
    start = body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start == b"<" or ("html" in headers.get("content-type", "").lower() and start not in (b"{", b"["))


def retry_after(value: str | None, *, now: float) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date. None when absent or unreadable, never negative."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError):
            return None
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        seconds = (when - datetime.fromtimestamp(now, UTC)).total_seconds()
    return max(0.0, seconds) if seconds < float("inf") else None


def _detail(body: bytes) -> tuple[dict[str, Any], bool]:
    """Bring the three shapes of `detail` (object, list, text) into one; whether there is one at all."""
    try:
        content = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return {}, False
    if not isinstance(content, dict):
        return {}, False
    detail = content.get("detail", content)
    if not isinstance(detail, dict):
        detail = {"list": detail} if isinstance(detail, list) else {"message": detail}
    return detail, "detail" in content


def _fields(detail: dict[str, Any]) -> tuple[str, ...]:
    """Return the parameter names of a 422's `loc` lists, without what does not look like a name."""
    items = detail.get("list")
    names: list[str] = []
    for item in items if isinstance(items, list) else []:
        loc = item.get("loc") if isinstance(item, dict) else None
        words = [part for part in loc if isinstance(part, str)] if isinstance(loc, list) else []
        names += [word for word in words if _FIELD.fullmatch(word)][-1:]
    return tuple(dict.fromkeys(names))
