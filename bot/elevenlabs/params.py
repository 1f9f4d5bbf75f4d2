"""What is sent for a selection: paths and query parameters, by the API's own names."""

from __future__ import annotations

from urllib.parse import quote

from bot.elevenlabs.axis import Bound
from bot.model import Selection

CONVERSATIONS = "/v1/convai/conversations"
TEXT_SEARCH = "/v1/convai/conversations/messages/text-search"
AGENTS = "/v1/convai/agents"
ALWAYS_THERE = (CONVERSATIONS, AGENTS)
"""Paths that name no particular thing. (A text search may be missing: it is newer than the lists.)"""
PAGE = 100
"""The API's largest page of conversations and of agents."""
HITS = 50
"""The API's largest page of a text search."""

Pairs = list[tuple[str, str]]


def detail_path(conversation_id: str) -> str:
    """Return the path of one conversation; an id from outside cannot leave its place in it."""
    return f"{CONVERSATIONS}/{quote(conversation_id, safe='').replace('.', '%2E')}"


def times(after: Bound, before: Bound) -> Pairs:
    """Return the parameters of time bounds, as they are (Unix seconds)."""
    pairs: Pairs = []
    if after is not None:
        pairs.append(("call_start_after_unix", str(max(0, after))))
    if before is not None:
        pairs.append(("call_start_before_unix", str(max(0, before))))
    return pairs


def list_params(
    selection: Selection,
    *,
    after: Bound,
    before: Bound,
    oldest_first: bool = False,
    cursor: str | None = None,
    page_size: int = PAGE,
) -> Pairs:
    """Return the parameters of one page, summaries included. Times are sent as they are."""
    pairs: Pairs = [
        *selection.params,
        ("page_size", str(page_size)),
        ("summary_mode", "include"),
        ("sort_direction", "asc" if oldest_first else "desc"),
        *times(after, before),
    ]
    if cursor is not None:
        pairs.append(("cursor", cursor))
    return pairs
