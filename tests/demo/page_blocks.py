"""Block Kit in few words, for the tests of the chat page."""

from __future__ import annotations

from typing import Any

from tests.demo.block_samples import Json, plain


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def actions(*elements: Json, block_id: str = "acts") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(action_id: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    """Return an input block whose element's action_id is its block_id."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": block_id, **element},
        **more,
    }


def modal(*blocks: Json, title: str = "Filters", submit: str | None = "Show", **more: Any) -> Json:
    view: Json = {"type": "modal", "title": plain(title), "blocks": list(blocks), **more}
    return {**view, "submit": plain(submit)} if submit else view
