"""The API request of a question, to run without this bot: curl, and Python with the official SDK."""

from __future__ import annotations

import shlex
from typing import Any

from bot.query.query import Query

NUMBERS = frozenset(
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
FLAGS = frozenset({"has_feedback_comment", "text_only"})
LISTS = frozenset(
    {
        "data_collection_params",
        "dynamic_variable_params",
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


def endpoint(query: Query, base_url: str) -> str:
    """Return the address of the list, or of the message search when the question looks for text."""
    path = "/v1/convai/conversations"
    return base_url.rstrip("/") + path + ("/messages/text-search" if query.text is not None else "")


def typed_params(query: Query) -> dict[str, Any]:
    """Return the parameters with their types: numbers, flags and lists as such."""
    params: dict[str, Any] = {}
    for name, value in query.api_params():
        if name in LISTS:
            params.setdefault(name, []).append(value)
        elif name in NUMBERS:
            params[name] = int(value)
        elif name in FLAGS:
            params[name] = value == "true"
        else:
            params[name] = value
    return params


def curl(query: Query, base_url: str) -> str:
    """Return one shell command for the first page; the key is only named, as $ELEVENLABS_API_KEY."""
    parts = [
        "curl",
        "-sS",
        "--get",
        shlex.quote(endpoint(query, base_url)),
        "-H",
        '"xi-api-key: $ELEVENLABS_API_KEY"',
    ]
    for name, value in query.api_params():
        parts += ["--data-urlencode", shlex.quote(f"{name}={value}")]
    return " ".join(parts)


def python_snippet(query: Query, base_url: str) -> str:
    """Return a program with the official SDK that reads all pages; the key comes from the environment."""
    search = query.text is not None
    method = "conversations.messages.text_search" if search else "conversations.list"
    rows = "results" if search else "conversations"
    lines = [
        "import os",
        "",
        "from elevenlabs import ElevenLabs",
        "",
        'client = ElevenLabs(api_key=os.environ["ELEVENLABS_API_KEY"], base_url='
        + repr(base_url.rstrip("/"))
        + ")",
        "rows, cursor = [], None",
        "while True:",
        f"    page = client.conversational_ai.{method}(",
        *(f"        {name}={value!r}," for name, value in typed_params(query).items()),
        "        cursor=cursor,",
        "    )",
        f"    rows += page.{rows}",
        "    cursor = page.next_cursor",
        "    if not page.has_more or not cursor:",
        "        break",
    ]
    if query.local:
        lines.append(f"# The API cannot filter these, so keep only: {' '.join(query.local)}")
    return "\n".join(lines) + "\n"
