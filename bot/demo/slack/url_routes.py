"""Two other doors the app uses: upload URLs and response URLs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.demo.slack.hooks import ResponseUrl
from bot.demo.slack.methods import message_content
from bot.demo.slack.request_arguments import arguments, multipart
from bot.demo.slack.shapes import Json, SlackError, require
from bot.demo.slack.slack_faults import faulty
from bot.demo.slack.workspace import Workspace

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
