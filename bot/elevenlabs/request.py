"""The requests to the API as values. What is sent is what curl, Python and `bot explain` print.

Paths, parameters and their types follow the official SDK (2.78). All requests are GET.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from bot.model import Selection

CONVERSATIONS = "/v1/convai/conversations"
TEXT_SEARCH = "/v1/convai/conversations/messages/text-search"
AGENTS = "/v1/convai/agents"
DASHBOARD = "/v1/convai/settings/dashboard"
PAGE_SIZE = 100
"""The API's largest page of conversations and of agents."""
SEARCH_PAGE_SIZE = 50
"""The API's largest page of a text search."""
SID_CANDIDATES = 3
"""A filter for one carrier's sid that brings more conversations than this was ignored."""

_NUMBERS = frozenset(
    {
        "page_size",
        "call_start_after_unix",
        "call_start_before_unix",
        "call_duration_min_secs",
        "call_duration_max_secs",
        "rating_min",
        "rating_max",
    }
)
_FLAGS = frozenset({"has_feedback_comment", "text_only"})
_LISTS = frozenset(
    {
        "data_collection_ids",
        "data_collection_params",
        "dynamic_variable_params",
        "evaluation_criteria_ids",
        "evaluation_params",
        "exclude_statuses",
        "main_languages",
        "tag_ids",
        "termination_reasons",
        "tool_names",
        "tool_names_errored",
        "tool_names_successful",
        "topic_ids",
    }
)
_NOT_SEARCHABLE = frozenset(
    {"tag_ids", "parent_conversation_id", "data_collection_ids", "evaluation_criteria_ids"}
)
"""Filters of the list that the text search does not have: the list applies them when it gives the rows."""
_SDK_METHODS = {
    CONVERSATIONS: ("conversations.list", "conversations"),
    TEXT_SEARCH: ("conversations.messages.text_search", "results"),
}
"""The official SDK's method for a list, and the attribute of its pages that holds the rows."""

Bound = int | None
"""Unix seconds, or open."""


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A GET request: its path, and its query as (name, value) pairs, lists as repeated names."""

    path: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def names_a_resource(self) -> bool:
        """Whether the path may not exist: a conversation, or the text search, newer than the lists."""
        return self.path not in {CONVERSATIONS, AGENTS}

    def url(self, base_url: str) -> str:
        """Return the address without its query."""
        return base_url.rstrip("/") + self.path

    def typed_params(self) -> dict[str, Any]:
        """Return the parameters with their types: numbers, flags and lists as such."""
        typed: dict[str, Any] = {}
        for name, value in self.params:
            if name in _LISTS:
                typed.setdefault(name, []).append(value)
            elif name in _NUMBERS:
                typed[name] = int(value)
            elif name in _FLAGS:
                typed[name] = value == "true"
            else:
                typed[name] = value
        return typed

    def curl(self, base_url: str) -> str:
        """Return one shell command; the key is only named, as $ELEVENLABS_API_KEY."""
        parts = ["curl", "-sS", *(["--get"] if self.params else []), shlex.quote(self.url(base_url))]
        parts += ["-H", '"xi-api-key: $ELEVENLABS_API_KEY"']
        for name, value in self.params:
            parts += ["--data-urlencode", shlex.quote(f"{name}={value}")]
        return " ".join(parts)

    def python(self, base_url: str, local: Iterable[str] = ()) -> str:
        """Return a program with the official SDK; the key comes from the environment.

        Of a list it reads all pages. `local`: filters that the API cannot apply, as text.
        """
        lines = [
            "import os",
            "",
            "from elevenlabs import ElevenLabs",
            "",
            'client = ElevenLabs(api_key=os.environ["ELEVENLABS_API_KEY"], base_url='
            + repr(base_url.rstrip("/"))
            + ")",
        ]
        if self.path in _SDK_METHODS:
            method, rows = _SDK_METHODS[self.path]
            lines += [
                "rows, cursor = [], None",
                "while True:",
                f"    page = client.conversational_ai.{method}(",
                *(f"        {name}={value!r}," for name, value in self.typed_params().items()),
                "        cursor=cursor,",
                "    )",
                f"    rows += page.{rows}",
                "    cursor = page.next_cursor",
                "    if not page.has_more or not cursor:",
                "        break",
            ]
        else:
            conversation_id = unquote(self.path.rpartition("/")[2])
            lines += [
                f"call = client.conversational_ai.conversations.get(conversation_id={conversation_id!r})",
                "print(call.metadata.phone_call, call.transcript)",
            ]
        if filters := " ".join(local):
            lines.append(f"# The API cannot filter these, so keep only: {filters}")
        return "\n".join(lines) + "\n"


def list_request(
    selection: Selection,
    since: Bound,
    until: Bound,
    cursor: str | None = None,
    *,
    page_size: int = PAGE_SIZE,
) -> ApiRequest:
    """Return the request for a page of the list in `[since, until)`, summaries included."""
    return _request(
        CONVERSATIONS,
        *selection.params,
        ("summary_mode", "include"),
        ("sort_direction", "asc" if selection.oldest_first else "desc"),
        *_times(since, until),
        *_paging(page_size, cursor),
    )


def search_request(
    selection: Selection, text: str, since: Bound, until: Bound, cursor: str | None = None
) -> ApiRequest:
    """Return the request for a page of the search for one text in `[since, until)`."""
    return _request(
        TEXT_SEARCH,
        ("text_query", text),
        *(pair for pair in selection.params if pair[0] not in _NOT_SEARCHABLE),
        *_times(since, until),
        *_paging(SEARCH_PAGE_SIZE, cursor),
    )


def first_requests(selection: Selection) -> tuple[ApiRequest, ...]:
    """Return the first requests of a selection, those to show for it: one for each text, else one."""
    since, until = selection.since, selection.until
    searches = tuple(search_request(selection, text, since, until) for text in selection.texts)
    return searches or (list_request(selection, since, until),)


def call_request(conversation_id: str) -> ApiRequest:
    """Return the request for one conversation; an id from outside cannot leave its place in the path."""
    return ApiRequest(f"{CONVERSATIONS}/{quote(conversation_id, safe='').replace('.', '%2E')}")


def audio_request(conversation_id: str) -> ApiRequest:
    """Return the request for a conversation's recording."""
    return ApiRequest(f"{call_request(conversation_id).path}/audio")


def call_sid_request(call_sid: str) -> ApiRequest:
    """Return the request for the conversations with a carrier's sid."""
    by_sid = ("dynamic_variable_params", f"system__call_sid:eq:{call_sid}")
    return _request(CONVERSATIONS, by_sid, *_paging(SID_CANDIDATES + 1, None))


def agents_request(cursor: str | None = None) -> ApiRequest:
    """Return the request for a page of the account's agents."""
    return _request(AGENTS, *_paging(PAGE_SIZE, cursor))


def agent_request(agent_id: str) -> ApiRequest:
    """Return the request for one agent's settings."""
    return ApiRequest(f"{AGENTS}/{quote(agent_id, safe='').replace('.', '%2E')}")


def _request(path: str, *params: tuple[str, str]) -> ApiRequest:
    return ApiRequest(path, tuple(sorted(params)))


def _times(since: Bound, until: Bound) -> Iterable[tuple[str, str]]:
    """Give the bounds for `[since, until)`.

    The documentation does not say whether the API's are inclusive. A second more is asked for, which is right
    either way, and what is too much is cut.
    """
    if since is not None:
        yield "call_start_after_unix", str(max(0, since - 1))
    if until is not None:
        yield "call_start_before_unix", str(max(0, until))


def _paging(page_size: int, cursor: str | None) -> Iterable[tuple[str, str]]:
    yield "page_size", str(page_size)
    if cursor is not None:
        yield "cursor", cursor


ANYTHING = list_request(Selection(), None, None)
"""The newest conversations, whichever: a request that only fails when ElevenLabs is not there."""
HEALTH_CHECK = ApiRequest(CONVERSATIONS, (("page_size", "1"),))
"""The smallest such request."""
