"""The Bolt app: one global middleware records what is asked before it is acknowledged; listeners do the rest.

Both transports (HTTP and Socket Mode) dispatch into the same app. `process_before_response` keeps a listener
inside its request, so that nothing runs unobserved after the acknowledgement: what takes time is a durable
answer, not a listener.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.intake import to_request
from bot.slack.listeners import Listeners
from bot.slack.slack_people import Identity

log = structlog.get_logger(__name__)


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
        request = to_request(body, bot_user_id=req.context.bot_user_id, now=listeners.clock())
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
