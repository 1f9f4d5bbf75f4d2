"""The API request behind an answer, for whoever wants to run it: of a question, of one call."""

from __future__ import annotations

from bot.blocks.api_request import api_request_modal
from bot.query import Query, curl, endpoint, python_snippet
from bot.query.one_call import call_curl, call_endpoint, call_python


def question_request(query: Query, base_url: str) -> dict[str, object]:
    """Show the request for exactly this question: endpoint, curl, Python."""
    return api_request_modal(
        query.sentence(),
        endpoint=endpoint(query, base_url),
        curl=curl(query, base_url),
        python=python_snippet(query, base_url),
        local=query.local,
    )


def call_request(conversation_id: str, base_url: str) -> dict[str, object]:
    """Show the request for exactly this conversation."""
    return api_request_modal(
        f"conversation {conversation_id}",
        endpoint=call_endpoint(conversation_id, base_url),
        curl=call_curl(conversation_id, base_url),
        python=call_python(conversation_id, base_url),
    )
