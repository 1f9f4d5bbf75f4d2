"""Blocks to try the demo's Block Kit limits with."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def option(text: str = "one", value: str = "1") -> Json:
    return {"text": plain(text), "value": value}


def button(text: str = "Go", action_id: str = "go", **more: object) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(count: int = 2, **more: object) -> Json:
    options = [option(f"o{i}", str(i)) for i in range(count)]
    return {"type": "static_select", "action_id": "s", "options": options, **more}


def table(rows: int = 2, columns: int = 2, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def data_table(rows: int = 1, columns: int = 2, text: str = "x", **more: object) -> Json:
    row = [{"type": "raw_text", "text": text}] * columns
    return {"type": "data_table", "caption": "Calls", "rows": [row] * (rows + 1), **more}


def chart(kind: str = "bar", names: int = 1, points: int = 2, **more: object) -> Json:
    """Return a data_visualization with so many series of so many points."""
    labels = [str(i) for i in range(points)]
    data = [{"label": label, "value": 1} for label in labels]
    drawn: Json = {
        "type": kind,
        "series": [{"name": str(i), "data": data} for i in range(names)],
        "axis_config": {"categories": labels},
    }
    return {"type": "data_visualization", "title": "Calls", "chart": {**drawn, **more}}


def pie(*values: float, label: str = "x") -> Json:
    segments = [{"label": label, "value": value} for value in values]
    return {
        "type": "data_visualization",
        "title": "x" * 50,
        "chart": {"type": "pie", "segments": segments},
    }


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(parts)}]}


def typed(**more: object) -> Json:
    element = {"type": "plain_text_input", "action_id": "i", **more}
    return {"type": "input", "block_id": "b", "label": plain("Name"), "element": element}


def modal(*blocks: Json, **more: object) -> Json:
    return {"type": "modal", "title": plain("Hi"), "submit": plain("Go"), "blocks": list(blocks), **more}
