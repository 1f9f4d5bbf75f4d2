"""The state of elements in blocks: what they hold, what a click says, what a form still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.demo.slack.shapes import Json

_VALUES = {
    "option": ("static_select", "external_select", "radio_buttons"),
    "options": ("checkboxes", "multi_static_select", "multi_external_select"),
    "user": ("users_select",),
    "users": ("multi_users_select",),
    "channel": ("channels_select",),
    "channels": ("multi_channels_select",),
    "conversation": ("conversations_select",),
    "conversations": ("multi_conversations_select",),
    "date": ("datepicker",),
    "time": ("timepicker",),
    "date_time": ("datetimepicker",),
}
_TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_HOLDS = {
    **{kind: f"selected_{name}" for name, kinds in _VALUES.items() for kind in kinds},
    **dict.fromkeys(_TYPED, "value"),
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
"""Where each kind of element keeps its value."""
_INITIAL = {
    **{f"selected_{name}": f"initial_{name}" for name in _VALUES},
    "value": "initial_value",
    "rich_text_value": "initial_value",
}
_LISTS = {holds for holds in _HOLDS.values() if holds.endswith("s")}
_ONE = {holds for holds in _INITIAL if holds.startswith("selected_") and holds not in _LISTS}
REQUIRED = "Please complete this required field."


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        inside = list(block.get("elements") or []) if block["type"] == "actions" else []
        inside += [block[name] for name in ("accessory", "element") if name in block]
        for element in inside:
            if "action_id" in element:
                yield block, element


def holds_one(element: Json) -> str | None:
    """Return where an element that shows one choice keeps it, or None for the other elements."""
    holds = _HOLDS.get(element["type"])
    return holds if holds in _ONE else None


def began_with(element: Json) -> Any:
    return element.get(_INITIAL.get(_HOLDS.get(element["type"], ""), ""))


def find(blocks: list[Json], block_id: str, action_id: str) -> Json | None:
    for block, element in elements(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return element
    return None


def state(blocks: list[Json], given: Json) -> Json:
    """Return `state.values` for blocks: what the person gave, else what the element began with."""
    values: Json = {}
    for block, element in elements(blocks):
        holds = _HOLDS.get(element["type"])
        if holds is None:
            continue
        chosen = given.get(block["block_id"], {}).get(element["action_id"])
        value: Any = element.get(_INITIAL.get(holds, ""))
        if isinstance(chosen, dict):
            value = chosen.get(holds)
        if value is None and holds in _LISTS:
            value = []
        if value == "":
            value = None
        values.setdefault(block["block_id"], {})[element["action_id"]] = {
            "type": element["type"],
            holds: value,
        }
    return values


def missing_inputs(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return what the Slack client itself refuses before submitting: block_id -> text."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        holds = _HOLDS[element["type"]]
        value = values.get(block["block_id"], {}).get(element["action_id"], {}).get(holds)
        if value in (None, "", []):
            if not block.get("optional"):
                errors[block["block_id"]] = REQUIRED
            continue
        problem = _problem(element, value)
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _problem(element: Json, value: Any) -> str | None:
    if element["type"] == "number_input":
        return _number_problem(element, value)
    if isinstance(value, str):
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None


def _number_problem(element: Json, value: Any) -> str | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return "Please enter a valid number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Please enter a whole number."
    if number < float(element.get("min_value", number)):
        return f"Please enter a number of at least {element['min_value']}."
    if number > float(element.get("max_value", number)):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def action(element: Json, block_id: str, given: Json, ts: str) -> Json:
    """Return one item of block_actions' `actions`: the element's own values, and what was chosen."""
    kind = element["type"]
    made: Json = {"type": kind, "action_id": element["action_id"], "block_id": block_id, "action_ts": ts}
    if kind in {"button", "workflow_button"}:
        made |= {name: element[name] for name in ("text", "value", "style", "url") if name in element}
        return made
    holds = "selected_option" if kind == "overflow" else _HOLDS[kind]
    made[holds] = given.get(holds)
    for name in ("placeholder", "initial_option", "initial_options", "initial_date"):
        if name in element:
            made[name] = element[name]
    return made
