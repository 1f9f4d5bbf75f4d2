"""Whatever answers in ElevenLabs' place, or ElevenLabs itself by mistake: a right answer, or words for it."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.answers.error_messages import words_for
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import BadAnswer, ElevenLabsError, NotElevenLabs, UnreliableList
from bot.model import FAILED, Selection
from tests.elevenlabs.asking import NOW, Clock, client, everything, ids
from tests.elevenlabs.fake import Answer, Fake, found, row
from tests.serving import serve

ROWS = [row(number, NOW - 9000 - 7 * number) for number in range(450)]
WEB_PAGE = b"<!doctype html><html><title>Sign in</title></html>"
HTML = {"content-type": "text/html; charset=utf-8"}
JSON = {"content-type": "application/json"}
DETAIL = {"conversation_id": "conv_000001", "status": "done", "metadata": {"phone_call": None}}


Where = Callable[[str, dict[str, list[str]]], bool]


@dataclass
class Hostile(Fake):
    """Answers as a test says where it applies, and rightly elsewhere."""

    answer: Answer = (200, b"", {})
    applies: Where = lambda _path, _query: True

    def _answer(self, path: str, query: dict[str, list[str]]) -> Answer:
        return self.answer if self.applies(path, query) else super()._answer(path, query)


def asking(url: str, **settings: Any) -> Conversations:
    """Return a client that retries without waiting."""
    return Conversations(api_key="sample-key", base_url=url, wait_scale=0.0, clock=Clock(), **settings)


def _later(path: str, query: dict[str, list[str]]) -> bool:
    return (
        path.endswith("/conversations")
        and int(query.get("call_start_before_unix", [str(NOW)])[0]) < NOW - 9000 - 7 * 250
    )


PLACES: dict[str, tuple[Where, Callable[[Conversations], Any]]] = {
    "first page": (lambda path, _: path.endswith("/conversations"), lambda api: api.first(Selection())),
    "later page": (_later, lambda api: everything(api, Selection())),
    "detail": (lambda path, _: "/conv_" in path, lambda api: api.call("conv_000001")),
    "ids": (lambda path, _: "/conv_" in path, lambda api: api.ids("conv_000001")),
    "agents": (lambda path, _: path.endswith("/agents"), lambda api: api.agents()),
}
ANSWERS: dict[str, Answer] = {
    "redirect": (302, b"", {"location": "https://elsewhere.example/login"}),
    "moved": (308, b"", {"location": "/v2"}),
    "not modified": (304, b"", {}),
    "no content": (204, b"", {}),
    "web page": (200, WEB_PAGE, HTML),
    "web page called JSON": (200, b"\xef\xbb\xbf\r\n" + WEB_PAGE, JSON),
    "text called a web page": (200, b"It works!", HTML),
    "web page 201": (201, WEB_PAGE, HTML),
    "web page 404": (404, WEB_PAGE, HTML),
    "web page 429": (429, WEB_PAGE, HTML),
    "web page 500": (500, WEB_PAGE, HTML),
    "web page 511": (511, WEB_PAGE, HTML),
    "empty": (200, b"", JSON),
    "text": (200, b"OK", {"content-type": "text/plain"}),
    "a list": found([]),
    "a list of lists": found([[[]]]),
    "a string": found("conversations"),
    "null": found(None),
    "a number": found(7),
    "an object": found({}),
    "an error with 200": found({"detail": {"status": "invalid_api_key", "message": "no"}}),
    "deep": (200, b"[" * 200_000, JSON),
    "half": (200, b'{"conversations": [{"conversation_id": "conv_0', JSON),
    "rows are no objects": found(
        {"conversations": [1, "x", None, []], "agents": [1, "x"], "has_more": False}
    ),
    "ids are numbers": found(
        {
            "conversations": [{"conversation_id": 7}],
            "agents": [{"agent_id": 7}],
            "conversation_id": 7,
            "has_more": False,
        }
    ),
    "429 without a wait": (429, b"", {}),
    "429 for a date": (429, b"", {"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}),
    "429 for a date that is none": (429, b"", {"retry-after": "Fri, 99 Foo 99999999999999 99:99:99 GMT"}),
    "429 for ever": (429, b"", {"retry-after": "1e300"}),
    "429 for infinity": (429, b"", {"retry-after": "inf"}),
    "429 nan": (429, b"", {"retry-after": "nan"}),
    "429 garbage": (429, b"", {"retry-after": "soon"}),
    "429 negative": (429, b"", {"retry-after": "-5"}),
    "packed, but not": (200, b"{}", {"content-encoding": "gzip"}),
    "packed by nobody": (200, b"{}", {"content-encoding": "x-own"}),
}
BOMBS: dict[str, Callable[[], Answer]] = {
    "bomb": lambda: (200, gzip.compress(b" " * 70_000_000, 1), {"content-encoding": "gzip"}),
    "bomb in a bomb": lambda: (
        200,
        gzip.compress(gzip.compress(b" " * 70_000_000, 1)),
        {"content-encoding": "gzip, gzip"},
    ),
}
"""Made where they are used: every worker of the tests reads this file. Slow to unpack, and that is done alike
for every place: they come in two, of which one fails and one marks its row."""


async def _outcome(answer: Answer, place: str) -> tuple[Any, Hostile]:
    """Ask; return what was returned or raised, and the server."""
    server = Hostile(ROWS)
    server.answer = answer
    server.applies, ask = PLACES[place]
    server.details["conv_000001"] = DETAIL
    async with serve(server) as url, asking(url) as api:
        try:
            result = await asyncio.wait_for(ask(api), 20)
        except ElevenLabsError as error:
            return error, server
    return result, server


@pytest.mark.parametrize("name", [*ANSWERS, *BOMBS])
async def test_it_ends_in_words_and_soon(name: str) -> None:
    """Each such answer, in each place, is an error with its own words, after a bounded number of tries."""
    answer = ANSWERS[name] if name in ANSWERS else BOMBS[name]()
    for place in PLACES if name in ANSWERS else ("first page", "ids"):
        result, server = await _outcome(answer, place)
        assert len(server.requests) <= 25, place
        if place == "ids" and not isinstance(result, Exception):
            assert result == FAILED  # marked in its row, which is no "there was no phone call"
        elif place == "detail" and name == "ids are numbers":
            assert result.conversation_id == "conv_000001"
        else:
            assert isinstance(result, ElevenLabsError), place
            assert words_for(result) != words_for(ZeroDivisionError()), place


@pytest.mark.parametrize("name", [name for name in ANSWERS if name.startswith(("redirect", "web page"))])
async def test_a_wrong_address_is_recognised_at_the_first_answer(name: str) -> None:
    """A redirect, or a web page in place of an answer: one request, and words about the address."""
    answer = ANSWERS[name]
    for place in PLACES:
        if place != "later page" and answer[0] < 400:
            result, server = await _outcome(answer, place)
            assert isinstance(result, NotElevenLabs)
            assert len(server.requests) == 1
            assert "ELEVENLABS_BASE_URL" in words_for(result).next_step


async def test_nobody_is_left_alone_at_a_wrong_address() -> None:
    """The tenth question says the same as the first: how to mend it, not that ElevenLabs is down."""
    server = Hostile(answer=ANSWERS["web page"])
    async with serve(server) as url, asking(url) as api:
        for _ in range(10):
            with pytest.raises(NotElevenLabs):
                await api.first(Selection(params=(("user_id", "x"),)))
    assert len(server.requests) == 10


async def test_a_web_page_between_answers_passes() -> None:
    """Once ElevenLabs has answered, a page of a proxy in between is asked again."""
    server = Hostile(ROWS, answer=ANSWERS["web page"])
    left = iter([False, True, True, False, True])
    server.applies = lambda _path, _query: next(left, False)
    async with serve(server) as url, asking(url) as api:
        await api.first(Selection())
        assert len(await everything(api, Selection(), refresh=True)) == len(ROWS)


def _rewritten(change: Callable[[dict[str, Any], dict[str, list[str]]], None], rows: Any = ROWS) -> Fake:
    """Return a server whose pages are changed on their way."""
    fake = Fake(rows)

    def answer(query: dict[str, list[str]]) -> Answer:
        fake.override = None
        try:
            status, body, headers = fake._list(query)
        finally:
            fake.override = answer
        if status != 200:
            return status, body, headers
        page = json.loads(body)
        change(page, query)
        return found(page)

    fake.override = answer
    return fake


def _no_cursor(page: dict[str, Any], _query: object) -> None:
    page["next_cursor"] = None


def _same_cursor(page: dict[str, Any], query: dict[str, list[str]]) -> None:
    if page["has_more"] and "cursor" in query:
        (page["next_cursor"],) = query["cursor"]


def _denied(page: dict[str, Any], _query: object) -> None:
    page["has_more"] = False


def _always_a_cursor(page: dict[str, Any], _query: object) -> None:
    rows = page["conversations"]
    page["next_cursor"] = page["next_cursor"] or (rows[-1]["conversation_id"] if rows else None)


def _bad_cursor_at_the_end(page: dict[str, Any], _query: object) -> None:
    page["next_cursor"] = page["next_cursor"] or "the end"


def _unsaid(page: dict[str, Any], _query: object) -> None:
    del page["has_more"]


def _unsaid_without_cursor(page: dict[str, Any], _query: object) -> None:
    del page["has_more"], page["next_cursor"]


CONTRADICTIONS = [
    _no_cursor,
    _same_cursor,
    _denied,
    _always_a_cursor,
    _bad_cursor_at_the_end,
    _unsaid,
    _unsaid_without_cursor,
]


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize("change", CONTRADICTIONS)
async def test_pages_that_contradict_themselves_lose_nothing(change: Any, oldest_first: bool) -> None:
    """No cursor, an old one, one on the last page, no has_more: all rows come, once, in a bounded number."""
    selection = Selection(oldest_first=oldest_first)
    fake = _rewritten(change)
    async with serve(fake) as url, asking(url) as api:
        first = await api.first(selection)
        assert len(first.rows) == 100
        assert not first.complete
        rows = await everything(api, selection)
        assert sorted(ids(rows)) == sorted(ids(ROWS))
        assert await everything(api, selection, refresh=True) == rows
    assert fake.pages <= 60


@pytest.mark.parametrize("change", [_no_cursor, _same_cursor, _denied, _unsaid_without_cursor])
async def test_a_second_that_cannot_be_paged_is_said(change: Any) -> None:
    """Where even time does not lead on, or the cursor does, nothing is silently missing."""
    rows = [row(number, NOW - 9000) for number in range(250)]
    async with serve(_rewritten(change, rows)) as url, asking(url) as api:
        if change is _denied:
            assert len(await everything(api, Selection())) == len(rows)
            return
        with pytest.raises(UnreliableList) as seen:
            await everything(api, Selection())
    words = words_for(seen.value)
    assert "may be missing" in words.headline
    assert words.beside_retry.startswith("Press Retry, or choose a shorter time")


async def test_a_search_follows_its_cursors_too() -> None:
    """Hits behind a page that calls itself the last are hits; a page without a way on is said."""
    hits = [
        {
            "conversation_id": each["conversation_id"],
            "conversation_start_time_unix_secs": each["start_time_unix_secs"],
        }
        for each in ROWS[:120]
    ]

    class Denying(Fake):
        """Calls each page of hits the last."""

        cursors = True

        def _search(self, query: dict[str, list[str]]) -> Answer:
            page = json.loads(super()._search(query)[1])
            page["has_more"] = page["has_more"] if not self.cursors else False
            page["next_cursor"] = page["next_cursor"] if self.cursors else None
            return found(page)

    fake = Denying(ROWS, hits=hits)
    async with serve(fake) as url, asking(url) as api:
        assert len(await everything(api, Selection(texts=("refund",)))) == 120
        fake.cursors = False
        with pytest.raises(UnreliableList):
            await everything(api, Selection(texts=("refund",)), refresh=True)


async def test_thirty_thousand_calls_in_one_second() -> None:
    """They come once each, as cursors lead through them."""
    many = [row(number, NOW - 9000) for number in range(30_000)]
    body = [json.dumps(each) for each in many]

    def answer(query: dict[str, list[str]]) -> Answer:
        begin = int(query.get("cursor", ["0"])[0])
        more = begin + 100 < len(many)
        rows = ",".join(body[begin : begin + 100])
        page = f'{{"conversations":[{rows}],"has_more":{json.dumps(more)},"next_cursor":"{begin + 100}"}}'
        return 200, page.encode(), {}

    fake = Fake(override=answer)
    async with client(fake) as api:
        assert len(await everything(api, Selection())) == len(many)
    assert fake.pages <= 310


ODD_STARTS: list[tuple[Any, bool]] = [
    (NOW - 9000.5, True),
    (str(NOW - 9000), True),
    (4_000_000_000, True),
    (-5, False),
    (-0.5, True),
    (10**30, False),
    ("yesterday", False),
    ([], False),
    (True, False),
    (None, False),
]


@pytest.mark.parametrize(("start", "placed"), ODD_STARTS)
async def test_odd_start_times_are_read_or_counted(start: Any, placed: bool) -> None:
    """A number in another dress is one; what is no time is counted as missing, in list and first page."""
    rows = [{**row(1, 0), "start_time_unix_secs": start}, row(2, NOW - 2 * 86_400)]
    if start == -0.5:
        rows.reverse()
    fake = Fake(override=lambda _: found({"conversations": rows, "has_more": False}))
    async with serve(fake) as url, asking(url) as api:
        first = await api.first(Selection())
        assert (len(first.rows), first.unplaced) == ((2, 0) if placed else (1, 1))


async def test_a_connection_cut_in_the_middle_is_asked_again() -> None:
    """Half a body, with and without a promised length, is never taken for a whole one."""
    whole = json.dumps({"conversations": ROWS[:50], "has_more": False}).encode()
    asked: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        promised = b"content-length: %d\r\n" % len(whole) if len(asked) % 2 else b"connection: close\r\n"
        sent = whole if len(asked) == 3 else whole[: len(whole) // 2]
        asked.append(sent)
        writer.write(b"HTTP/1.1 200 OK\r\n" + promised + b"\r\n" + sent)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server, asking(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as api:
        assert len((await api.first(Selection())).rows) == 50
    assert len(asked) == 4


async def test_a_recording_is_not_what_calls_itself_something_else() -> None:
    """JSON or a web page with 200 is no recording."""
    server = Hostile(ROWS)
    for answer, kind in ((found({"detail": "soon"}), BadAnswer), (ANSWERS["web page"], NotElevenLabs)):
        server.answer = answer
        async with serve(server) as url, asking(url) as api:
            with pytest.raises(kind):
                await api.audio("conv_000001", io.BytesIO(), most=1000)
