"""The Web API: `POST /slack-api/<method>`; tokens, scopes, planned faults, and the record of calls."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.demo.faults import Fault
from bot.demo.slack.event_delivery import Tasks
from bot.demo.slack.methods import METHODS, Method, MethodCall
from bot.demo.slack.request_arguments import arguments, base_of
from bot.demo.slack.shapes import Json, SlackError
from bot.demo.slack.slack_faults import faulty
from bot.demo.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Called:
    """One call that came: what was asked and answered. `error` is Slack's code, or None."""

    method: str
    args: Json
    status: int
    error: str | None
    at: float


class WebApi:
    """Answers Web API calls. `calls` holds the latest 10,000."""

    def __init__(self, workspace: Workspace, tasks: Tasks) -> None:
        self._workspace = workspace
        self._tasks = tasks
        self.calls: deque[Called] = deque(maxlen=10_000)

    def called(self, method: str) -> list[Called]:
        return [call for call in self.calls if call.method == method]

    async def endpoint(self, request: Request) -> Response:
        workspace = self._workspace
        workspace.base_url = workspace.base_url or base_of(request)
        name = request.path_params["method"]
        if workspace.latency:
            await asyncio.sleep(workspace.latency)
        fault = workspace.faults.take(name, workspace.rng)
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
            fault = None
        args: Json = {}
        headers: dict[str, str] = {}
        response: Response
        error: str | None
        if fault is not None and not fault.after_effect:
            response, error = faulty(fault)
        else:
            try:
                args = await arguments(request)
                fault = self._too_many(name, args) or fault
                body = {} if fault and not fault.after_effect else self._run(name, args, request, headers)
            except SlackError as refused:
                body = refused.as_body()
            response, error = JSONResponse(body, headers=headers), body.get("error")
            if fault is not None:
                response, error = faulty(fault)
        seen = {key: value for key, value in args.items() if key != "token"}
        self.calls.append(Called(name, seen, response.status_code, error, workspace.clock()))
        return response

    def _too_many(self, name: str, args: Json) -> Fault | None:
        if self._workspace.rates is None:
            return None
        wait = self._workspace.rates.wait(name, str(args.get("channel", "")))
        return None if wait is None else Fault("ratelimited", retry_after=wait)

    def _run(self, name: str, args: Json, request: Request, headers: dict[str, str]) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        app_level = self._authorize(method, args, request, headers)
        call = MethodCall(self._workspace, args, self._workspace.base_url, self._tasks.spawn, app_level)
        return {"ok": True, **method.run(call)}

    def _authorize(self, method: Method, args: Json, request: Request, headers: dict[str, str]) -> bool:
        """Check token and scopes; returns whether it is the app-level token."""
        app = self._workspace.app
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else args.get("token")
        if not token:
            raise SlackError("not_authed")
        if token not in {app.bot_token, app.app_token}:
            raise SlackError("invalid_auth")
        if token == app.bot_token and app.revoked:
            raise SlackError(app.revoked)
        app_level = bool(token == app.app_token)
        if method.app_level not in {None, app_level}:
            raise SlackError("not_allowed_token_type")
        provided = app.app_scopes if app_level else app.scopes
        headers["x-oauth-scopes"] = ",".join(provided)
        headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        if method.scopes and not set(method.scopes) & set(provided):
            raise SlackError("missing_scope", needed=method.scopes[0], provided=",".join(provided))
        return app_level
