"""The routes: each turns a checked request into an answer, from the data set alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.demo.elevenlabs import parameters, refusals
from bot.demo.elevenlabs.conditions import SYSTEM_VARIABLES, conditions
from bot.demo.elevenlabs.dataset import Dataset
from bot.demo.elevenlabs.details import agent_detail, dashboard, detail, listed
from bot.demo.elevenlabs.parameters import Cursors
from bot.demo.elevenlabs.records import AgentRow, Record
from bot.demo.elevenlabs.transcripts import recording, spoken

PHRASE_SCORE = 1.0
WORDS_SCORE = 0.6


class Hit(msgspec.Struct, frozen=True):
    """A turn that matches."""

    score: float
    start: int
    record: Record
    index: int
    text: str

    def shown(self, words: Iterable[str]) -> dict[str, Any]:
        row = self.record.row
        return {
            "conversation_id": row.conversation_id,
            "agent_id": row.agent_id,
            "agent_name": row.agent_name if isinstance(row.agent_name, str) else None,
            "transcript_index": self.index,
            "chunk_text": self.text,
            "chunk_highlights": highlighted(self.text, words),
            "score": self.score,
            "conversation_start_time_unix_secs": self.start,
        }


def words_of(query: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"[^\W_]+(?:[-'.][^\W_]+)*", query.casefold())))


def highlighted(text: str, words: Iterable[str]) -> list[dict[str, Any]]:
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    if not pattern:
        return [{"value": text, "is_hit": False}]
    parts = re.split(f"({pattern})", text, flags=re.IGNORECASE)
    return [{"value": part, "is_hit": position % 2 == 1} for position, part in enumerate(parts) if part]


def search_words(records: Iterable[Record], query: str, *, by_score: bool = True) -> list[Hit]:
    """Find the turns that hold every word of the query; a whole phrase scores higher."""
    words, phrase = words_of(query), " ".join(query.casefold().split())

    def place(hit: Hit) -> tuple[float, int, str, int]:
        return (-hit.score if by_score else 0, -hit.start, hit.record.row.conversation_id, hit.index)

    hits = []
    for record in records if words else ():
        for index, text in spoken(record):
            folded = text.casefold()
            if phrase in folded or all(word in folded for word in words):
                score = PHRASE_SCORE if phrase in folded else WORDS_SCORE
                hits.append(Hit(score, record.row.start_time_unix_secs, record, index, text))
    return sorted(hits, key=place)


LIST_PAGE = 30
SEARCH_PAGE = 20
KEPT_SEARCHES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Choices where the documentation leaves open what the API does."""

    after_inclusive: bool = True
    before_inclusive: bool = True
    """Whether a row exactly at a time bound is in."""
    cursor_status: int = 400
    """400 or 422, for a cursor that is not accepted."""
    empty_last_page: bool = False
    """A full last page still says has_more, and an empty one follows."""
    system_variables: str = "indexed"
    """What a filter on `system__…` does: see SYSTEM_VARIABLES."""
    audio_bytes: int | None = None
    """The size of every recording, instead of its call's length."""
    audio_length: bool = True
    """Whether Content-Length is sent with it."""

    def __post_init__(self) -> None:
        if self.system_variables not in SYSTEM_VARIABLES:
            raise ValueError(f"system_variables is one of {', '.join(SYSTEM_VARIABLES)}")


class Answers:
    """Answers requests that passed the door."""

    def __init__(self, dataset: Dataset, cursors: Cursors, behaviour: Behaviour) -> None:
        self.dataset = dataset
        self._cursors = cursors
        self._behaviour = behaviour
        self._searches: dict[tuple[str, int], list[Hit]] = {}

    def conversations(self, request: Request) -> Response:
        asked = parameters.read(request.query_params, parameters.CONVERSATIONS)
        question = parameters.question(request.url.path, asked)
        tests = conditions(asked, system_variables=self._behaviour.system_variables)
        low, high = self._bounds(asked)
        size = asked.get("page_size", LIST_PAGE)
        records, more = self.dataset.page(
            tests,
            low=low,
            high=high,
            descending=asked.get("sort_direction", "desc") == "desc",
            after=self._place(question, asked.get("cursor")),
            size=size,
        )
        if self._behaviour.empty_last_page and len(records) == size:
            more = True
        rows = [
            listed(
                record,
                summaries=asked.get("summary_mode") == "include",
                data=asked.get("data_collection_ids", ()),
                criteria=asked.get("evaluation_criteria_ids", ()),
            )
            for record in records
        ]
        cursor = self._cursors.make(question, records[-1].key) if more else None
        answer = as_json({"conversations": rows, "next_cursor": cursor, "has_more": more})
        request.state.rows = len(rows)
        return answer

    def conversation(self, request: Request) -> Response:
        asked = parameters.read(request.query_params, parameters.CONVERSATION)
        shown = detail(self._record(request))
        if asked.get("format") == "opentelemetry":
            shown["otlp_traces"] = {"resourceSpans": []}
        return as_json(shown)

    def audio(self, request: Request) -> Response:
        record = self._record(request)
        if not record.has_audio:
            raise refusals.not_found("audio", record.row.conversation_id)
        length, chunks = recording(
            record.row.conversation_id, record.row.call_duration_secs, self._behaviour.audio_bytes
        )
        headers = {"content-length": str(length)} if self._behaviour.audio_length else {}
        return StreamingResponse(chunks, media_type="audio/mpeg", headers=headers)

    def text_search(self, request: Request) -> Response:
        asked = parameters.read(request.query_params, parameters.TEXT_SEARCH)
        question = parameters.question(request.url.path, asked)
        place = self._place(question, asked.get("cursor"))
        key = (question, self.dataset.version)
        hits = self._searches.get(key)
        if hits is None:
            tests = conditions(asked, system_variables=self._behaviour.system_variables)
            low, high = self._bounds(asked)
            records = self.dataset.page(tests, low=low, high=high, size=len(self.dataset))[0]
            by_score = asked.get("sort_by", "search_score") == "search_score"
            hits = search_words(records, asked["text_query"], by_score=by_score)
            while len(self._searches) >= KEPT_SEARCHES:
                del self._searches[next(iter(self._searches))]
            self._searches[key] = hits
        first = 0 if place is None else int(place[0])
        size = asked.get("page_size", SEARCH_PAGE)
        more = len(hits) > first + size
        words = words_of(asked["text_query"])
        return as_json(
            {
                "meta": {"total": None, "page": None, "page_size": size},
                "results": [hit.shown(words) for hit in hits[first : first + size]],
                "next_cursor": self._cursors.make(question, (first + size, "")) if more else None,
                "has_more": more,
            }
        )

    def agents(self, request: Request) -> Response:
        asked = parameters.read(request.query_params, parameters.AGENTS)
        question = parameters.question(request.url.path, asked)
        place = self._place(question, asked.get("cursor"))
        rows = self._agents(asked)
        first = 0 if place is None else int(place[0])
        size = asked.get("page_size", LIST_PAGE)
        more = len(rows) > first + size
        cursor = self._cursors.make(question, (first + size, "")) if more else None
        return as_json({"agents": rows[first : first + size], "next_cursor": cursor, "has_more": more})

    def agent(self, request: Request) -> Response:
        agent_id = request.path_params["agent_id"]
        agent = next((row for row in self.dataset.agents if row.agent_id == agent_id), None)
        if agent is None:
            raise refusals.not_found("agent", agent_id)
        theirs = [record for record in self.dataset if record.row.agent_id == agent_id]
        return as_json(agent_detail(agent, theirs))

    def dashboard(self, _: Request) -> Response:
        return as_json(dashboard(self.dataset.records))

    def _bounds(self, asked: dict[str, Any]) -> tuple[int | None, int | None]:
        low, high = asked.get("call_start_after_unix"), asked.get("call_start_before_unix")
        if low is not None and not self._behaviour.after_inclusive:
            low += 1
        if high is not None and not self._behaviour.before_inclusive:
            high -= 1
        return low, high

    def _place(self, question: str, cursor: str | None) -> tuple[int, str] | None:
        if cursor is None:
            return None
        place = self._cursors.read(question, cursor)
        if place is None:
            raise refusals.bad_cursor(self._behaviour.cursor_status)
        return int(place[0]), place[1]

    def _record(self, request: Request) -> Record:
        conversation_id = request.path_params["conversation_id"]
        record = self.dataset.get(conversation_id)
        if record is None:
            raise refusals.not_found("conversation", conversation_id)
        if isinstance(record.row.hiding_reason, str):
            raise refusals.forbidden()
        return record

    def _agents(self, asked: dict[str, Any]) -> list[AgentRow]:
        rows = list(self.dataset.agents)
        if "search" in asked:
            rows = [row for row in rows if asked["search"].casefold() in row.name.casefold()]
        if "archived" in asked:
            rows = [row for row in rows if row.archived is asked["archived"]]
        if "tags" in asked:
            rows = [row for row in rows if not set(asked["tags"]).isdisjoint(row.tags)]
        fields: dict[str, Callable[[AgentRow], Any]] = {
            "name": lambda row: row.name.casefold(),
            "created_at": lambda row: row.created_at_unix_secs,
            "updated_at": lambda row: row.updated_at_unix_secs,
            "call_count_7d": lambda row: row.last_call_time_unix_secs or 0,
        }
        if "sort_by" in asked or "sort_direction" in asked:
            descending = asked.get("sort_direction", "desc") == "desc"
            rows.sort(key=fields[asked.get("sort_by", "created_at")], reverse=descending)
        return rows


def as_json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
