"""The API's JSON for lists, made into the values of `bot.model`.

Field names and `?` marks follow the official SDK's ConversationSummaryResponseModel (2.78). A page that is as
promised is decoded in one typed pass; any surprise (null, other type, broken text) sends it through a lenient
pass, row by row, where a wrong optional field becomes its default.

A row without a usable id or start time cannot be placed in a list that is ordered and without duplicates. It
does not spoil its page: it is left out and named in `Page.unplaced`, so that the answer can say how many
there are, also when pages overlap. A page whose rows are something else altogether, without a single id, is a
BadAnswer.
"""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from bot.elevenlabs import lenient
from bot.elevenlabs.decoding import DEFAULT, Decoding
from bot.elevenlabs.errors import BadAnswer
from bot.model import Agent, Conversation

LATEST = 2**37
"""Start times beyond this (about the year 6300) are not Unix seconds."""


class Page(msgspec.Struct, frozen=True, gc=False):
    """One page of the conversation list, rows in the API's order."""

    rows: list[Conversation]
    next_cursor: str | None
    has_more: bool
    unplaced: frozenset[str] = frozenset()
    """Rows left out because they had no usable id or start time: their ids, or what they came after."""


class Hit(msgspec.Struct, frozen=True):
    """One conversation found by a text search, with when it started (None if not said)."""

    conversation_id: str
    start: int | None


class HitPage(msgspec.Struct, frozen=True):
    """One page of a text search."""

    hits: list[Hit]
    next_cursor: str | None
    has_more: bool


class AgentPage(msgspec.Struct, frozen=True):
    """One page of the agent list."""

    agents: list[Agent]
    next_cursor: str | None
    has_more: bool


class _Row(msgspec.Struct, gc=False):
    conversation_id: str
    start_time_unix_secs: int
    agent_id: str | None = None
    agent_name: str | None = None
    call_duration_secs: int | None = None
    message_count: int | None = None
    status: str | None = None
    call_successful: str | None = None
    direction: str | None = None
    conversation_initiation_source: str | None = None
    main_language: str | None = None
    rating: float | None = None
    termination_reason: str | None = None
    call_summary_title: str | None = None
    transcript_summary: str | None = None
    tool_names: list[str] | None = None
    cost: float | None = None
    cost_fiat: float | None = None
    tag_ids: list[str] | None = None
    hiding_reason: str | None = None


class _List(msgspec.Struct):
    conversations: list[_Row]
    has_more: bool
    next_cursor: str | None = None


_LIST = msgspec.json.Decoder(_List)


def decode_page(body: bytes, how: Decoding = DEFAULT) -> Page:
    """Decode GET /v1/convai/conversations. Raises BadAnswer when it is no such page."""
    try:
        page = _LIST.decode(body)
    except (ValueError, RecursionError):
        return _lenient_page(body, how)
    rows = [_conversation(row, how) for row in page.conversations if row.conversation_id and _placed(row)]
    if len(rows) != len(page.conversations):
        return _lenient_page(body, how)
    return Page(rows, page.next_cursor or None, page.has_more)


def _lenient_page(body: bytes, how: Decoding) -> Page:
    items, cursor, more = _envelope(body, "conversations")
    rows: list[Conversation] = []
    unplaced: set[str] = set()
    before, nameless = "", 0
    for item in map(lenient.mapping, items):
        conversation_id = lenient.text(item.get("conversation_id"))
        row = _lenient_row(item, conversation_id, how)
        if row is not None:
            rows.append(row)
        elif conversation_id is None:
            nameless += 1
            unplaced.add(f"{nameless} after {before}")
        else:
            unplaced.add(conversation_id)
        if conversation_id is not None:
            before, nameless = conversation_id, 0
    if items and not before:
        raise BadAnswer("no row of a page has an id", status=200)
    return Page(rows, cursor, more, frozenset(unplaced))


def _placed(row: _Row) -> bool:
    return 0 <= row.start_time_unix_secs <= LATEST


def _same(value: str | None) -> str | None:
    """Share one copy of a text that many rows repeat; empty is the same as absent."""
    return sys.intern(value) if value else None


def _amount(value: int | None) -> int:
    return value if value is not None and 0 <= value <= lenient.LARGEST else 0


def _conversation(row: _Row, how: Decoding) -> Conversation:
    return Conversation(
        conversation_id=row.conversation_id,
        site=how.site,
        agent_id=_same(row.agent_id) or "",
        agent_name=_same(row.agent_name),
        start_time_unix_secs=row.start_time_unix_secs,
        call_duration_secs=_amount(row.call_duration_secs),
        message_count=_amount(row.message_count),
        status=_same(row.status) or "unknown",
        call_successful=_same(row.call_successful) or "unknown",
        direction=_same(row.direction),
        conversation_initiation_source=_same(row.conversation_initiation_source),
        main_language=_same(row.main_language),
        rating=row.rating,
        termination_reason=_same(row.termination_reason),
        call_summary_title=how.prose(row.call_summary_title),
        transcript_summary=how.prose(row.transcript_summary),
        tool_names=tuple(map(sys.intern, row.tool_names)) if row.tool_names else (),
        cost=row.cost,
        cost_fiat=row.cost_fiat,
        tag_ids=tuple(map(sys.intern, row.tag_ids)) if row.tag_ids else (),
        hiding_reason=_same(row.hiding_reason),
    )


def _lenient_row(item: dict[str, Any], conversation_id: str | None, how: Decoding) -> Conversation | None:
    text, whole, real = lenient.text, lenient.whole, lenient.real
    start = whole(item.get("start_time_unix_secs"))
    if conversation_id is None or start is None or not 0 <= start <= LATEST:
        return None
    return _conversation(
        _Row(
            conversation_id=conversation_id,
            start_time_unix_secs=start,
            agent_id=text(item.get("agent_id")),
            agent_name=text(item.get("agent_name")),
            call_duration_secs=whole(item.get("call_duration_secs")),
            message_count=whole(item.get("message_count")),
            status=text(item.get("status")),
            call_successful=text(item.get("call_successful")),
            direction=text(item.get("direction")),
            conversation_initiation_source=text(item.get("conversation_initiation_source")),
            main_language=text(item.get("main_language")),
            rating=real(item.get("rating")),
            termination_reason=text(item.get("termination_reason")),
            call_summary_title=text(item.get("call_summary_title")),
            transcript_summary=text(item.get("transcript_summary")),
            tool_names=list(lenient.texts(item.get("tool_names"))),
            cost=real(item.get("cost")),
            cost_fiat=real(item.get("cost_fiat")),
            tag_ids=list(lenient.texts(item.get("tag_ids"))),
            hiding_reason=text(item.get("hiding_reason")),
        ),
        how,
    )


def _envelope(body: bytes, name: str) -> tuple[list[Any], str | None, bool]:
    """Read what all lists share: the items under `name`, the next cursor, has_more."""
    try:
        content = lenient.load(body)
    except ValueError:
        # From None: the decoder's error quotes the answer.
        raise BadAnswer("the answer is not JSON", status=200) from None
    items = content.get(name) if isinstance(content, dict) else None
    if not isinstance(items, list):
        raise BadAnswer(f"the answer has no list of {name}", status=200)
    cursor = lenient.shown(content.get("next_cursor"))
    more = content.get("has_more")
    return items, cursor, more if isinstance(more, bool) else cursor is not None


def decode_hits(body: bytes) -> HitPage:
    """Decode GET /v1/convai/conversations/messages/text-search. Several chunks may be of one conversation."""
    items, cursor, more = _envelope(body, "results")
    hits = [
        Hit(found, lenient.whole(item.get("conversation_start_time_unix_secs")))
        for item in items
        if isinstance(item, dict) and (found := lenient.text(item.get("conversation_id"))) is not None
    ]
    if items and not hits:
        raise BadAnswer("no result of a search names its conversation", status=200)
    return HitPage(hits, cursor, more)


def decode_agents(body: bytes) -> AgentPage:
    """Decode GET /v1/convai/agents. An agent without a name is called by its id."""
    items, cursor, more = _envelope(body, "agents")
    agents = [
        Agent(agent_id=found, name=lenient.text(item.get("name")) or found)
        for item in items
        if isinstance(item, dict) and (found := lenient.text(item.get("agent_id"))) is not None
    ]
    return AgentPage(agents, cursor, more)
