"""The requests to the API as values. What is sent is what curl, Python and `bot explain` print.

Paths, parameters and their types follow the official SDK (2.78). All requests are GET.
"""

from __future__ import annotations

import re
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

_NUMBERS = re.compile(r"\w+_(?:size|unix|secs|min|max)")
_FLAGS = re.compile("has_feedback_comment|text_only")
_LISTS = re.compile(r"\w+_(?:ids|params|statuses|languages|reasons)|tool_names\w*")
"""Parameters of other types than text, by their names."""
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
        """Whether the path may not exist, such as that of a conversation."""
        return self.path not in {CONVERSATIONS, TEXT_SEARCH, AGENTS}

    def url(self, base_url: str) -> str:
        """Return the address without its query."""
        return base_url.rstrip("/") + self.path

    def typed_params(self) -> dict[str, Any]:
        """Return the parameters with their types: numbers, flags and lists as such."""
        typed: dict[str, Any] = {}
        for name, value in self.params:
            if _LISTS.fullmatch(name):
                typed.setdefault(name, []).append(value)
            elif _NUMBERS.fullmatch(name):
                typed[name] = int(value)
            elif _FLAGS.fullmatch(name):
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
        """Return a program with the official SDK. `local`: filters that the API cannot apply, as text."""
        program = (
            "import os\n\nfrom elevenlabs import ElevenLabs\n\n"
            'client = ElevenLabs(api_key=os.environ["ELEVENLABS_API_KEY"], '
            f"base_url={base_url.rstrip('/')!r})\n"
        )
        if self.path in _SDK_METHODS:
            method, rows = _SDK_METHODS[self.path]
            params = "".join(f"        {name}={value!r},\n" for name, value in self.typed_params().items())
            program += (
                "rows, cursor = [], None\nwhile True:\n"
                f"    page = client.conversational_ai.{method}(\n{params}        cursor=cursor,\n    )\n"
                f"    rows += page.{rows}\n    cursor = page.next_cursor\n"
                "    if not page.has_more or not cursor:\n        break\n"
            )
        else:
            conversation_id = unquote(self.path.rpartition("/")[2])
            program += (
                f"call = client.conversational_ai.conversations.get(conversation_id={conversation_id!r})\n"
                "print(call.metadata.phone_call, call.transcript)\n"
            )
        if filters := " ".join(local):
            program += f"# The API cannot filter these, so keep only: {filters}\n"
        return program


def list_request(
    selection: Selection,
    since: Bound,
    until: Bound,
    cursor: str | None = None,
    *,
    page_size: int = PAGE_SIZE,
) -> ApiRequest:
    direction = ("sort_direction", "asc" if selection.oldest_first else "desc")
    params = (*selection.params, ("summary_mode", "include"), direction)
    return _page_request(CONVERSATIONS, params, page_size, cursor, (since, until))


def search_request(
    selection: Selection, text: str, since: Bound, until: Bound, cursor: str | None = None
) -> ApiRequest:
    params = [("text_query", text), *(pair for pair in selection.params if pair[0] not in _NOT_SEARCHABLE)]
    return _page_request(TEXT_SEARCH, params, SEARCH_PAGE_SIZE, cursor, (since, until))


def first_requests(selection: Selection) -> tuple[ApiRequest, ...]:
    """Return the first requests of a selection, those to show for it: one for each text, else one."""
    since, until = selection.since, selection.until
    searches = tuple(search_request(selection, text, since, until) for text in selection.texts)
    return searches or (list_request(selection, since, until),)


def call_request(conversation_id: str) -> ApiRequest:
    """Return the request for one conversation; an id from outside cannot leave its place in the path."""
    return ApiRequest(f"{CONVERSATIONS}/{quote(conversation_id, safe='').replace('.', '%2E')}")


def audio_request(conversation_id: str) -> ApiRequest:
    return ApiRequest(f"{call_request(conversation_id).path}/audio")


def call_sid_request(call_sid: str) -> ApiRequest:
    by_sid = ("dynamic_variable_params", f"system__call_sid:eq:{call_sid}")
    return _page_request(CONVERSATIONS, [by_sid], SID_CANDIDATES + 1)


def agents_request(cursor: str | None = None) -> ApiRequest:
    return _page_request(AGENTS, [], PAGE_SIZE, cursor)


def agent_request(agent_id: str) -> ApiRequest:
    return ApiRequest(f"{AGENTS}/{quote(agent_id, safe='').replace('.', '%2E')}")


def _page_request(
    path: str,
    params: Iterable[tuple[str, str]],
    page_size: int,
    cursor: str | None = None,
    span: tuple[Bound, Bound] = (None, None),
) -> ApiRequest:
    """Return the request for a page of a list in a span `[since, until)`.

    Whether the API's bounds are inclusive is not documented: a second more is asked for, and cut.
    """
    since, until = span
    found = [*params, ("page_size", str(page_size))]
    if cursor is not None:
        found.append(("cursor", cursor))
    if since is not None:
        found.append(("call_start_after_unix", str(max(0, since - 1))))
    if until is not None:
        found.append(("call_start_before_unix", str(max(0, until))))
    return ApiRequest(path, tuple(sorted(found)))


ANYTHING = list_request(Selection(), None, None)
"""The newest conversations, whichever: a request that only fails when ElevenLabs is not there."""
HEALTH_CHECK = ApiRequest(CONVERSATIONS, (("page_size", "1"),))
"""The smallest such request."""
