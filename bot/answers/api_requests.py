"""The API request behind an answer, for whoever wants to run it: of a question, of one call."""

from __future__ import annotations

from bot.blocks.modal_views import api_request_modal
from bot.elevenlabs import ApiRequest, call_request, first_request
from bot.query import Query


def question_request(query: Query, base_url: str) -> dict[str, object]:
    """Return the modal with the first request of a question."""
    return _modal(query.sentence(), first_request(query.selection()), base_url, query.local)


def conversation_request(conversation_id: str, base_url: str) -> dict[str, object]:
    """Return the modal with the request for one conversation."""
    return _modal(f"conversation {conversation_id}", call_request(conversation_id), base_url)


def _modal(
    sentence: str, request: ApiRequest, base_url: str, local: tuple[str, ...] = ()
) -> dict[str, object]:
    return api_request_modal(
        sentence,
        endpoint=request.url(base_url),
        curl=request.curl(base_url),
        python=request.python(base_url, local),
        local=local,
    )
