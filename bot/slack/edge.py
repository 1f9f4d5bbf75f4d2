"""Slack's route and the Bolt app: what comes in is proven to be Slack's, recorded, and then acknowledged.

The order matters. Signature and age come first, on the bytes as they came. Whatever is not a payload as Slack
sends them is answered 4xx in one word, so that neither Bolt nor a listener meets a list where an object
belongs. Headers and query go no further: they are not signed.

Both transports (HTTP and Socket Mode) dispatch into the same app. One global middleware records what is asked
before it is acknowledged; listeners do the rest. `process_before_response` keeps a listener inside its
request, so that nothing runs unobserved after the acknowledgement: what takes time is a durable answer.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast
from urllib.parse import parse_qsl

import msgspec
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.model import PLAIN_TEXT, HttpAnswer
from bot.slack.intake import to_request
from bot.slack.listeners import Listeners
from bot.slack.slack_people import Identity

log = structlog.get_logger(__name__)

WINDOW_SECS = 300
"""How old, or how far ahead of our clock, a signed request may be (docs: "Verifying requests from Slack")."""
_FIELDS = 200
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


def bolt_app(
    client: AsyncWebClient,
    identity: Identity,
    listeners: Listeners,
    *,
    acknowledged: Callable[[float], None] = lambda _seconds: None,
    bot_token: str,
    signing_secret: str | None,
) -> AsyncApp:
    """Return the app with every listener registered.

    `client` has no token of its own: `authorize` gives `bot_token`, without asking Slack on every request.
    `signing_secret` None means Socket Mode only: there Slack's own connection is the proof of origin.
    `acknowledged` hears how long each request took from its arrival to its acknowledgement.
    """

    async def authorize(**_: Any) -> AuthorizeResult:
        who = await identity.get()
        return AuthorizeResult(
            enterprise_id=who.get("enterprise_id"),
            team_id=who.get("team_id"),
            bot_user_id=who.get("user_id"),
            bot_id=who.get("bot_id"),
            bot_token=bot_token,
        )

    app = AsyncApp(
        name="bot",  # else bolt reads every caller's source to find one
        client=client,
        authorize=authorize,
        signing_secret=signing_secret,
        request_verification_enabled=signing_secret is not None,
        process_before_response=True,
        logger=logging.getLogger("slack_bolt"),
    )

    @app.middleware
    async def record(
        req: AsyncBoltRequest, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Record what is asked before Slack hears that we have it; a failure here makes Slack ask again."""
        arrived = time.monotonic()
        now = listeners.services.clock()
        request = to_request(body, bot_user_id=req.context.bot_user_id, now=now)
        if request is not None:
            with structlog.contextvars.bound_contextvars(question=request.answer_id):
                await listeners.start(request)
                log.info("recorded", kind=request.kind)
        try:
            return await next_()
        finally:
            acknowledged(time.monotonic() - arrived)

    listeners.register(app)
    return app


def receiver(
    bolt: AsyncApp, *, signing_secret: str | None, clock: Callable[[], float]
) -> Callable[[bytes, Mapping[str, str]], Awaitable[HttpAnswer]]:
    """Return what takes Slack's HTTP requests to the same app that Socket Mode dispatches into."""

    async def receive(body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        try:
            payload = read_signed(body, headers, signing_secret=signing_secret, now=clock())
        except RefusedError as refused:
            log.info("request refused", status=refused.status, why=str(refused))
            return HttpAnswer(refused.status, str(refused))
        # As over Socket Mode: the origin is proven, the payload is read. (Bolt's own reading of forms would
        # lose a command whose text holds the word "payload".)
        answered = await bolt.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        content_type = answered.first_headers_without_set_cookie().get("content-type", PLAIN_TEXT)
        return HttpAnswer(answered.status, answered.body or "", content_type)

    return receive


class RefusedError(Exception):
    """A request that is not taken; `status` is HTTP's, the text is one or two words without its content."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def _is_signed(text: str, headers: Mapping[str, str], signing_secret: str | None, now: float) -> bool:
    stamp = headers.get("x-slack-request-timestamp", "")
    try:
        fresh = abs(now - int(stamp)) <= WINDOW_SECS
    except ValueError:
        fresh = False
    if signing_secret is None or not fresh:
        return False
    right = SignatureVerifier(signing_secret).generate_signature(timestamp=stamp, body=text) or ""
    return hmac.compare_digest(right.encode(), headers.get("x-slack-signature", "").encode())


def read_signed(
    body: bytes, headers: Mapping[str, str], *, signing_secret: str | None, now: float
) -> dict[str, Any]:
    """Read a signed body: JSON (events), a form (commands) or JSON in a form. Raises RefusedError.

    `headers` are by lower-case names, `now` is Unix seconds. Without a secret (Socket Mode) nothing is taken.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise RefusedError(400, "not UTF-8") from None
    if not _is_signed(text, headers, signing_secret, now):
        raise RefusedError(401, "not signed by Slack")
    kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind not in ("", _JSON, _FORM):
        raise RefusedError(415, "not JSON and no form")
    payload: object
    try:
        if kind == _JSON or text.startswith("{"):
            payload = msgspec.json.decode(text)
        else:
            fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS))
            payload = msgspec.json.decode(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        raise RefusedError(400, "unreadable") from None
    if (problem := problem_of(payload)) is not None:
        raise RefusedError(400, problem)
    return cast("dict[str, Any]", payload)


# The shape of payloads, as far as anybody here reads them. Slack keeps to it; what does not is not Slack's,
# or not meant for us. Only the outer layers are looked at: what people and other apps write (blocks, state,
# files) is read with care where it is used.

DEEPEST = 64
"""Levels of nesting; Slack's own payloads have about fifteen."""

_NONE = type(None)
_OBJECT, _STRING, _ARRAY = (dict, _NONE), (str, _NONE), (list, _NONE)
_TYPES: dict[str, tuple[type, ...]] = {
    # What listeners are chosen by is there or absent, and never null.
    **dict.fromkeys(("type", "command", "action_id", "callback_id"), (str,)),
    **dict.fromkeys(("event", "view"), (dict,)),
    **dict.fromkeys(("actions", "response_urls"), (list,)),
    **dict.fromkeys(("assistant_thread", "container", "function_data", "item"), _OBJECT),
    **dict.fromkeys(("message", "previous_message", "selected_option", "state"), _OBJECT),
    **dict.fromkeys(("channel", "enterprise", "team", "user"), (dict, str, _NONE)),
    "authorizations": _ARRAY,
    **dict.fromkeys(("id", "api_app_id", "bot_id", "channel_id", "team_id", "user_id", "user_team"), _STRING),
    **dict.fromkeys(("event_id", "block_id", "trigger_id", "view_id"), _STRING),
    **dict.fromkeys(("ts", "action_ts", "event_ts", "message_ts", "thread_ts"), _STRING),
    **dict.fromkeys(("challenge", "channel_type", "hash", "private_metadata", "subtype"), _STRING),
    **dict.fromkeys(("response_url", "tab", "value"), _STRING),
}
_LAYERS = 4


def problem_of(payload: object) -> str | None:
    """Say in a word what is wrong with a payload's shape; None when nothing is."""
    if not isinstance(payload, dict) or not payload:
        return "not a payload"
    if _too_deep(payload):
        return "too deep"
    kind, whole = payload.get("type"), _fits(payload, _LAYERS)
    if whole and kind == "block_actions":  # a press says what was pressed
        whole = all("action_id" in action for action in payload.get("actions") or [{}])
    elif whole and kind in ("view_submission", "view_closed"):  # and a submission which form it is of
        whole = all(name in payload.get("view", {}) for name in ("type", "callback_id"))
    return None if whole else "malformed"


def _too_deep(payload: object) -> bool:
    level = [payload]
    for _ in range(DEEPEST + 1):
        level = [
            part
            for node in level
            for part in (node.values() if isinstance(node, dict) else cast("list[object]", node))
            if isinstance(part, (dict, list))
        ]
    return bool(level)


def _fits(node: dict[str, object], layers: int) -> bool:
    """Whether every field that anybody reads has a type of its own."""
    for name, value in node.items():
        types = _TYPES.get(name)
        if types is None:
            continue
        # A press has one action; a list without any is nobody's.
        if not isinstance(value, types) or (name == "actions" and not value):
            return False
        parts = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        if not all(isinstance(part, dict) and (layers == 0 or _fits(part, layers - 1)) for part in parts):
            return False
    return True
