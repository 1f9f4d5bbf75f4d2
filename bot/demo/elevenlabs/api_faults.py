"""What goes wrong on purpose: planned by chance, by a script or for paths, and played on the answers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from bot.demo.elevenlabs import refusals
from bot.demo.elevenlabs.refusals import Refusal
from bot.demo.elevenlabs.transcripts import FRAME
from bot.demo.faults import Cut, Dropped, Fault, Faults

NUMBER = re.compile(rb'(?<="cost":)[^,}]+')
LONG = b"9" * 5000
WRONG_SHAPE = b'{"conversations":{"unexpected":true},"agents":7}'
PAGE = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"

REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    "400": lambda: refusals.refusal(400, "validation_error", "bad_request", "The request is not valid."),
    "401": refusals.wrong_key,
    "402": refusals.payment_required,
    "403": refusals.forbidden,
    "404": lambda: refusals.not_found("document", "unknown"),
    "404-route": lambda: Refusal(404, "Not Found"),
    "408": lambda: refusals.refusal(408, "timeout", "request_timeout", "The request took too long."),
    "409": refusals.conflict,
    "425": lambda: refusals.refusal(425, "too_early", "too_early", "The resource is not ready yet."),
    "429": refusals.too_many,
    "500": refusals.server_error,
    "502": lambda: refusals.server_error(502),
    "503": lambda: refusals.server_error(503),
    "504": lambda: refusals.server_error(504),
}


TITLES = {
    200: "Just a moment…",
    401: "401 Authorization Required",
    403: "Access denied",
    404: "This page does not exist",
    407: "407 Proxy Authentication Required",
    503: "503 Service Temporarily Unavailable",
    530: "530 The origin cannot be reached",
}
"""Web pages by status, as proxies and wrong hosts send them."""


def web_page(status: int) -> Response:
    return HTMLResponse(PAGE.format(TITLES[status]), status)


REPLACED: Mapping[str, Callable[[], Response]] = {
    "html": lambda: web_page(200),
    **{f"{status}-html": partial(web_page, status) for status in TITLES if status != 200},  # noqa: PLR2004
    "wrong-shape": lambda: Response(WRONG_SHAPE, media_type="application/json"),
    "drop": Dropped,
}
"""Answers that have nothing of the good one."""


KINDS = (
    *(*REFUSALS, *REPLACED, "429-retry-after"),
    *("cut", "broken-json", "slow", "repeat-cursor", "shuffled", "long-number"),
)
"""Statuses come with the API's error body; `…-html` with a web page instead, as a proxy or a wrong host sends
it; 404-route as the API answers for a path it does not have. Further:

drop: the connection closes without an answer; cut: it closes in the middle of the body; html: 200 with a web
page; broken-json: a complete answer whose JSON stops halfway; wrong-shape: JSON, but not what was asked for;
slow: a good answer, late; repeat-cursor: `next_cursor` is the one just used; shuffled: a page that is not in
order of time; long-number: a number of more digits than any program reads.
"""

TRANSIENT = ("429", "429-retry-after", "500", "503", "drop", "cut", "html", "503-html", "broken-json")
"""The kinds that a careful client gets over by trying again."""

PASSING = ("408", "409", "425", "502", "504", "530-html")
"""Further kinds that pass, in the view of the API's own client."""

GOOD = "good"
"""A good answer among bad ones, in a script."""


class ApiFaults(Faults):
    """What goes wrong with requests: first what is planned for paths, then the script, then chance."""

    def __init__(
        self,
        *,
        rate: float = 0.0,
        kinds: Sequence[str] = TRANSIENT,
        seed: int = 0,
        script: Sequence[str | None] = (),
        path: str = "",
        retry_after: float | str = 1.0,
        slow: float = 2.0,
    ) -> None:
        """Make a plan.

        `rate`: chance of a fault, 0 to 1, of `kinds` with equal chance. `script`: what happens to the first
        requests, in order; None for a good answer. Both only where the path contains `path`. `retry_after`:
        what 429-retry-after says, in seconds, or as text (a date). `slow`: seconds that a slow answer takes.
        """
        super().__init__(*(_fault(kind or GOOD, path, 1) for kind in script))
        self.rate = rate
        self.kinds = tuple(kinds)
        self.retry_after = retry_after
        self.slow = slow
        self.path = path
        self._random = random.Random(seed)  # noqa: S311 (a plan, not a secret)
        self._first = 0

    def plan(self, path: str, kind: str, times: int = 1) -> None:
        """Let the next `times` requests whose path contains `path` go wrong this way."""
        self.planned.insert(self._first, _fault(kind, path, times))
        self._first += 1

    def clear(self) -> None:
        super().clear()
        self._first, self.rate = 0, 0.0

    def next(self, path: str) -> str | None:
        fault = self.take(path, self._random)
        if fault is not None:
            return None if fault.kind == GOOD else fault.kind
        struck = self.path in path and self.rate and self._random.random() < self.rate
        return self._random.choice(self.kinds) if struck else None


def _fault(kind: str, path: str, times: int) -> Fault:
    if kind not in {*KINDS, GOOD}:
        raise ValueError(f"no such fault: {kind}; known: {', '.join(KINDS)}")
    return Fault(kind, frozenset({path} if path else ()), times)


def before(fault: str, faults: ApiFaults) -> None:
    if fault == "429-retry-after":
        raise refusals.too_many("system_busy", faults.retry_after)
    if fault in REFUSALS:
        refused = REFUSALS[fault]()
        raise refused


def spoiled(fault: str, request: Request, response: Response) -> Response:
    """Give what is sent instead of a good answer."""
    if fault in REPLACED:
        return REPLACED[fault]()
    if isinstance(response, StreamingResponse):
        return _cut_stream(response) if fault == "cut" else response
    body = bytes(response.body)
    half = body[: len(body) // 2]
    if fault == "cut":
        return Cut(half, len(body))
    if fault in {"repeat-cursor", "shuffled"} and body.startswith(b'{"conversations"'):
        return _confused(fault, request, body)
    changed = {"broken-json": half, "long-number": NUMBER.sub(LONG, body, count=1)}.get(fault)
    if changed is None:
        return response
    return Response(changed, response.status_code, media_type="application/json")


def _cut_stream(response: StreamingResponse) -> Response:
    """Break off a recording after its first frames; without a length the end of the chunks is missing."""
    promised = response.headers.get("content-length")
    return Cut(FRAME * 20, None if promised is None else int(promised), "audio/mpeg")


def _confused(fault: str, request: Request, body: bytes) -> Response:
    page = msgspec.json.decode(body)
    if fault == "shuffled":
        random.Random(1).shuffle(page["conversations"])  # noqa: S311 (any order will do)
    elif page["has_more"]:
        page["next_cursor"] = request.query_params.get("cursor", page["next_cursor"])
    return Response(msgspec.json.encode(page), media_type="application/json")
