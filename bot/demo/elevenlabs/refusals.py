"""The API's ways to say no: bodies and statuses as the documentation and issue threads show them.

`detail` is an object `{type, code, status, message, request_id}`, for 422 a list of `{loc, msg, type}`, for
unknown routes a string.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Refusal(Exception):  # noqa: N818 (it is an answer of the API, not an error of ours)
    """An answer other than 200: status, JSON `detail`, extra headers."""

    def __init__(self, status: int, detail: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}")
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def refusal(
    status: int, kind: str, code: str, message: str, headers: Mapping[str, str] | None = None
) -> Refusal:
    """Make a refusal with the API's error object; the request id is filled in when it is sent."""
    return Refusal(status, {"type": kind, "code": code, "status": code, "message": message}, headers)


def invalid(*problems: dict[str, Any]) -> Refusal:
    return Refusal(422, list(problems))


def problem(name: str, kind: str, message: str, value: object, **context: object) -> dict[str, Any]:
    told: dict[str, Any] = {"type": kind, "loc": ["query", name], "msg": message, "input": value}
    if context:
        told["ctx"] = context
    return told


def no_key() -> Refusal:
    return refusal(
        401,
        "authentication_error",
        "needs_authorization",
        "Neither authorization header nor xi-api-key received, please provide one.",
    )


def wrong_key(status: int = 401) -> Refusal:
    """Refuse an unknown key: 401, on some routes 400."""
    return refusal(status, "authentication_error", "invalid_api_key", "Invalid API key")


def residency_key() -> Refusal:
    return refusal(
        401,
        "authentication_error",
        "invalid_api_key",
        "Invalid API key: The API key used is for a data residency stack, however this server is a global "
        "server. Please check you are calling the correct API URL.",
    )


def missing_scope(scope: str) -> Refusal:
    return refusal(
        401,
        "authentication_error",
        "missing_permissions",
        f"The API key you used is missing the permission {scope} to execute this operation.",
    )


def payment_required() -> Refusal:
    return refusal(
        402,
        "payment_error",
        "payment_required",
        "Your subscription has a failed or incomplete payment. Complete the latest invoice to continue.",
    )


def forbidden() -> Refusal:
    return refusal(403, "authorization_error", "forbidden", "You do not have access to this resource.")


def not_found(what: str, identifier: str) -> Refusal:
    return refusal(
        404, "not_found", f"{what}_not_found", f"{what.capitalize()} with id {identifier} not found."
    )


def conflict() -> Refusal:
    return refusal(409, "conflict", "conflict", "The resource is locked by another operation.")


def too_many(code: str = "rate_limit_exceeded", retry_after: float | str | None = None) -> Refusal:
    """Refuse one request too many; `code` tells which limit. Retry-After is in seconds, or text as it is."""
    said = f"{retry_after:g}" if isinstance(retry_after, float | int) else retry_after
    headers = {} if said is None else {"retry-after": said}
    return refusal(
        429, "rate_limit_error", code, "Too many requests. Please slow down and try again.", headers
    )


def server_error(status: int = 500) -> Refusal:
    """Fail on the server's side: 500 or 503."""
    code = "internal_server_error" if status == 500 else "service_unavailable"  # noqa: PLR2004 (HTTP's own)
    return refusal(status, "internal_error", code, "Something went wrong on our side. Please try again.")


def bad_cursor(status: int = 400) -> Refusal:
    """Refuse a cursor that is garbage, expired, or of another question."""
    if status == 422:  # noqa: PLR2004 (HTTP's own)
        return invalid(problem("cursor", "value_error", "Value error, invalid cursor", None))
    return refusal(
        status, "validation_error", "invalid_cursor", "The provided cursor is invalid or has expired."
    )


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may do."""

    scopes: frozenset[str] = frozenset({"convai_read"})
    residency: bool = False
    """A key of a residency region, refused on this (global) host."""
    unpaid: bool = False
    forbidden: bool = False


SAMPLE_KEYS: Mapping[str, Key] = {
    "sample-key-without-scope": Key(scopes=frozenset({"text_to_speech"})),
    "sample-key-residency": Key(residency=True),
    "sample-key-unpaid": Key(unpaid=True),
    "sample-key-forbidden": Key(forbidden=True),
}
"""Keys that every stand-in knows, so that each refusal can be tried by hand."""


class Keyring:
    """Checks keys."""

    def __init__(self, keys: Mapping[str, Key], *, wrong_key_status: int = 401) -> None:
        self._keys = dict(keys)
        self._wrong_key_status = wrong_key_status

    def check(self, given: str | None, scope: str) -> None:
        if not given:
            raise no_key()
        key = self._keys.get(given)
        if key is None:
            raise wrong_key(self._wrong_key_status)
        if key.residency:
            raise residency_key()
        if scope not in key.scopes:
            raise missing_scope(scope)
        if key.unpaid:
            raise payment_required()
        if key.forbidden:
            raise forbidden()
