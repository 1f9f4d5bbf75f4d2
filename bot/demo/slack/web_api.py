"""The Web API: `POST /slack-api/<method>`; tokens, scopes, planned faults, and the record of calls.

And two other doors that the app uses: upload URLs and response URLs.
"""

from __future__ import annotations

import asyncio
import email.parser
import email.policy
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.demo.faults import Fault, faulty
from bot.demo.slack.event_delivery import Tasks
from bot.demo.slack.hooks import ResponseUrl
from bot.demo.slack.methods import METHODS, Method, MethodCall, message_content
from bot.demo.slack.shapes import Json, SlackError, require
from bot.demo.slack.workspace import Workspace


async def arguments(request: Request) -> Json:
    """Return a Web API call's arguments from query string and body. Raises SlackError(invalid_json, …)."""
    args: Json = dict(parse_qsl(request.url.query, keep_blank_values=True))
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body:
        return args
    if kind == "application/json":
        try:
            given = json.loads(body)
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(given, dict):
            raise SlackError("json_not_object")
        return args | given
    if kind == "multipart/form-data":
        parts = multipart(request.headers["content-type"], body)
        return args | {name: value.decode(errors="replace") for name, value in parts.items()}
    try:
        return args | dict(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        raise SlackError("invalid_form_data") from None


def multipart(content_type: str, body: bytes) -> dict[str, bytes]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parsed = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    parts: dict[str, bytes] = {}
    for part in parsed.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload: Any = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            parts[name] = payload
    return parts


def base_of(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


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


GONE = {"no_service", "expired_url", "used_url"}


class Doors:
    """Takes uploads and answers through response URLs."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def upload(self, request: Request) -> Response:
        """Take a file's bytes: raw, or as one part of a form. The length must be the announced one."""
        return await self._with_faults("upload", request, self._upload)

    async def respond(self, request: Request) -> Response:
        """Post, or (for a click) replace or delete, through a response URL."""
        return await self._with_faults("response_url", request, self._respond)

    async def _with_faults(
        self, door: str, request: Request, work: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        workspace = self._workspace
        fault = workspace.faults.take(door, workspace.rng)
        if fault is None:
            return await work(request)
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
            return await work(request)
        if fault.after_effect:
            await work(request)
        return faulty(fault)[0]

    async def _upload(self, request: Request) -> Response:
        file = self._workspace.files.by_upload(request.path_params["token"])
        if file is None or file.content is not None:
            return PlainTextResponse("not found", status_code=404)
        content = await request.body()
        kind = request.headers.get("content-type", "")
        if kind.lower().startswith("multipart/form-data"):
            content = next(iter(multipart(kind, content).values()), b"")
        if not content or len(content) != file.length:
            return PlainTextResponse("bad request: size differs from the announced length", status_code=400)
        file.content = content
        return PlainTextResponse(f"OK - {file.length}")

    async def _respond(self, request: Request) -> Response:
        try:
            args = await arguments(request)
            if isinstance(args.get("payload"), str):
                args = json.loads(args["payload"])
            url = self._workspace.hooks.use(request.path_params["token"])
            answer(self._workspace, url, args)
        except SlackError as refused:
            return JSONResponse(refused.as_body(), status_code=404 if refused.code in GONE else 200)
        except ValueError:
            return PlainTextResponse("invalid_payload", status_code=400)
        return PlainTextResponse("ok")


def answer(workspace: Workspace, url: ResponseUrl, args: Json) -> None:
    """Do what an answer to an interaction asks (also the body of a command's acknowledgement).

    Only a click's answer can replace or delete the message it was on; to a command, `replace_original` posts
    another message. Raises SlackError as chat.postMessage does.
    """
    on_message = url.kind == "click" and url.message_ts is not None
    if args.get("delete_original") in {True, "true"}:
        if on_message:
            _remove(workspace, url)
        return
    blocks = args.get("blocks")
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    content = {"blocks": None, **message_content(workspace, args, blocks)}
    if on_message and args.get("replace_original") in {True, "true"}:
        _replace(workspace, url, content)
        return
    content = {**workspace.bot_author(), **{k: v for k, v in content.items() if v is not None}}
    asked = args.get("thread_ts")
    thread_ts = asked if isinstance(asked, str) and asked else None
    if args.get("response_type") == "in_channel":
        workspace.messages.post(url.channel, content, thread_ts=thread_ts)
    else:
        workspace.messages.whisper(url.channel, url.user, content, thread_ts=thread_ts)


def _replace(workspace: Workspace, url: ResponseUrl, content: Json) -> None:
    ts = url.message_ts or ""
    if url.ephemeral:
        require(workspace.messages.ephemeral(url.channel, ts), "message_not_found")
        workspace.messages.rewhisper(url.channel, ts, content)
        return
    require(workspace.messages.get(url.channel, ts), "message_not_found")
    workspace.messages.edit(url.channel, ts, content, edited_by=workspace.app.bot_user_id)


def _remove(workspace: Workspace, url: ResponseUrl) -> None:
    ts = url.message_ts or ""
    if url.ephemeral and workspace.messages.ephemeral(url.channel, ts):
        workspace.messages.unwhisper(url.channel, ts)
    elif not url.ephemeral and workspace.messages.get(url.channel, ts):
        workspace.messages.delete(url.channel, ts)
