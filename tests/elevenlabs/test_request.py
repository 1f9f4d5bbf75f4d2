"""What is sent is what is shown: by curl, by Python and by `bot explain`."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import ElevenLabsError
from bot.elevenlabs.request import ApiRequest, call_request, call_sid_request, first_requests
from bot.explaining import explain
from bot.model import Agent
from bot.query import Query, parse, resolve
from bot.query.filters import FILTERS
from tests.elevenlabs.asking import Clock
from tests.serving import serve

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=UTC)
NOW_SECS = int(NOW.timestamp())
BASE = "https://api.elevenlabs.io"
DATA = Dataset.generate(200, 5, NOW_SECS, odd=False)
AGENTS = [
    Agent(agent_id=f"agent_{number}", name=name) for number, name in enumerate(["Support EN", "Sales Today"])
]


def client(url: str) -> Conversations:
    """Return a client of the sample server at the time of these questions."""
    return Conversations(api_key="sample-key", base_url=url, clock=Clock(NOW_SECS))


def asked(text: str) -> Query:
    """Return a question that is understood, its agents looked up."""
    parsed = parse(text, now=NOW, agents=AGENTS)
    assert parsed.understood, text
    query = resolve(parsed.query, AGENTS)
    assert isinstance(query, Query), text
    return query


EXAMPLES = {each.key: each.examples for each in FILTERS}


@pytest.mark.parametrize("key", EXAMPLES)
async def test_what_is_shown_is_what_is_sent(key: str) -> None:
    """With every filter, of a list and of a text search, a first request has the path and query shown."""
    searches = () if key == "search" else tuple(f'{example} about "refund"' for example in EXAMPLES[key])
    queries = [asked(text) for text in (*EXAMPLES[key], *searches)]
    app = elevenlabs_app(DATA)
    async with serve(app) as url:
        for query in queries:
            async with client(url) as api:
                app.state.requests.clear()
                try:
                    await api.first(query.selection())
                except ElevenLabsError:
                    assert key in {"agent", "topic", "branch", "version"}, query.canonical()
                # Where all is read, the oldest row is asked for beside the newest page, in whichever order.
                sent = [ApiRequest(seen.path, seen.params) for seen in app.state.requests][:2]
                shown = first_requests(query.selection())[0]
                assert shown in sent, query.canonical()
                explained = explain(parse(query.canonical(), now=NOW), BASE, NOW, AGENTS)
                assert explained["params"] == shown.typed_params()
                assert explained["curl"] == shown.curl(BASE)


async def test_what_is_shown_of_a_call_is_what_is_sent() -> None:
    """Of a conversation's own id and of a carrier's, the request has the path and query shown."""
    app = elevenlabs_app(DATA)
    record = next(record for record in DATA if record.phone is not None)
    async with (
        serve(app) as url,
        Conversations(api_key="sample-key", base_url=url, clock=Clock(NOW_SECS)) as api,
    ):
        await api.call(record.row.conversation_id)
        await api.find_sid("CA0123456789abcdef0123456789abcdef")
        sent = [ApiRequest(seen.path, seen.params) for seen in app.state.requests]
    assert sent == [
        call_request(record.row.conversation_id),
        call_sid_request("CA0123456789abcdef0123456789abcdef"),
    ]


def test_bounds_are_asked_for_with_a_second_to_spare() -> None:
    """`since` is included whether or not the API includes its own bound."""
    params = dict(first_requests(asked("since 2026-11-01 until 2026-11-07").selection())[0].params)
    assert params["call_start_after_unix"] == "1793491199"
    assert params["call_start_before_unix"] == "1794096000"
    assert params["page_size"] == "100"
    assert params["summary_mode"] == "include"
    assert params["sort_direction"] == "desc"


def test_a_search_leaves_out_filters_it_does_not_have() -> None:
    """Tags are for the bot to test: neither sent nor shown, but named beside the request."""
    query = asked('tag:vip about "refund"')
    assert "tag_ids" not in dict(first_requests(query.selection())[0].params)
    assert "# The API cannot filter these, so keep only: tag:" in first_requests(query.selection())[0].python(
        BASE, query.local
    )


def test_the_curl_line_is_safe_to_paste() -> None:
    """Whatever a name holds, the shell reads one URL, one header and `name=value` words; no key is shown."""
    query = parse("""search:"it's $(rm -rf) `x` \\" & more" tag:"a b" since monday""", now=NOW).query
    request = first_requests(query.selection())[0]
    words = shlex.split(request.curl(BASE))
    assert words[:3] == ["curl", "-sS", "--get"]
    assert urlsplit(words[3]).path == "/v1/convai/conversations/messages/text-search"
    assert words[4:6] == ["-H", "xi-api-key: $ELEVENLABS_API_KEY"]
    sent = [word.partition("=") for word in words[7::2]]
    assert tuple((name, value) for name, _, value in sent) == request.params
    assert ("text_query", "it's $(rm -rf) `x` \" & more") in request.params


def test_python_is_a_program_with_these_parameters() -> None:
    """The snippet compiles, calls the SDK's method for the question, and takes the key from outside."""
    for text, method in (
        ("failed since monday", "conversations.list("),
        ('about "x"', "messages.text_search("),
    ):
        code = first_requests(parse(text, now=NOW).query.selection())[0].python(BASE)
        compile(code, "snippet", "exec")
        assert method in code
        assert 'os.environ["ELEVENLABS_API_KEY"]' in code


def test_filters_made_here_are_named_beside_the_request() -> None:
    """The snippet says what the API cannot filter; a name cannot break out of that comment."""
    query = parse('inbound -tag:"a\\nb"', now=NOW).query
    last = first_requests(query.selection())[0].python(BASE, query.local).rstrip("\n").splitlines()[-1]
    assert last.startswith("# ")
    assert "direction:inbound" in last
