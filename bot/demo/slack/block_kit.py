"""Block Kit's blocks, messages and views, as strict as Slack. Pure: JSON in, problems out.

Limits: docs.slack.dev/reference/block-kit; those of data_table and data_visualization are what Slack's own
validator (blocks.validate) says since September 2026. A type that is not listed is refused, as by a Slack
that does not know it yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bot.demo.slack.block_kit_elements import GROUPS, OPTIONS, RICH_TEXT, WORD, element_of, visible_texts
from bot.demo.slack.block_kit_rules import (
    FLAG,
    HTTPS,
    NUMBER,
    Findings,
    Rule,
    anything,
    as_list,
    choice,
    fits,
    items,
    objects_in,
    remembered,
    shape,
    string,
    text,
    typed,
    unique,
    whole,
)
from bot.demo.slack.shapes import Ids, Json, copied

MESSAGE_TEXT = 11_000
"""From here on all texts of a message's blocks together are refused (seen; no exact bound is documented)."""
VIEW_BYTES = 250_000
CHARACTERS = {"table": 10_000, "data_table": 20_000}
"""Most characters of all blocks of a type together."""
MOST_OF = {"table": 1, "data_visualization": 2}
"""How many blocks of a type a message may have."""

# --- tables and charts


def _shows_something(cell: Json, at: str, found: Findings) -> None:
    if not any(visible_texts(cell.get("elements"))):
        found.add("must be more than 0 characters", f"{at}/elements")


def _cell(*, numbers_need_text: bool) -> dict[str, Rule]:
    shown = string(CHARACTERS["data_table"], counted=True)
    return {
        "raw_text": shape({"text": shown}, ["text"]),
        "raw_number": shape(
            {"value": NUMBER, "text": shown}, ["value", "text"] if numbers_need_text else ["value"]
        ),
        "rich_text": shape({**RICH_TEXT, "block_id": anything}, ["elements"], also=_shows_something),
    }


def _characters(block: Json) -> int:
    cells = [cell for row in as_list(block.get("rows")) for cell in objects_in(row)]
    return sum(
        sum(map(len, visible_texts(cell.get("elements"))))
        if cell.get("type") == "rich_text"
        else len(str(cell.get("text") or cell.get("value", "")))
        for cell in cells
    )


def _header_and_widths(block: Json, at: str, found: Findings) -> None:
    rows = [row for row in as_list(block.get("rows")) if isinstance(row, list)]
    for column, cell in enumerate(objects_in(rows[0]) if rows else []):
        if cell.get("type") == "rich_text":
            found.add("unsupported type: rich_text", f"{at}/rows/0/{column}/type")
    if len({len(row) for row in rows}) > 1:
        found.add("all rows must have the same number of cells", f"{at}/rows")


def _counted_apart(rule: Rule) -> Rule:
    """Leave a block's text out of the message's: it has a sum of its own (CHARACTERS)."""

    def check(value: Any, at: str, found: Findings) -> None:
        total = found.text_total
        rule(value, at, found)
        found.text_total = total

    return check


_ROW = remembered(items(typed(_cell(numbers_need_text=False)), 20))
_DATA_ROW = remembered(items(typed(_cell(numbers_need_text=True)), 20))
_COLUMN = shape({"align": choice("left", "center", "right"), "is_wrapped": FLAG})


def _column_or_none(value: Any, at: str, found: Findings) -> None:
    if value is not None:
        _COLUMN(value, at, found)


def _is_positive(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0


def _series_fit(chart: Json, at: str, found: Findings) -> None:
    """Note series that do not have one point for each category, and names that repeat."""
    axis = chart.get("axis_config")
    categories = as_list(axis.get("categories")) if isinstance(axis, dict) else []
    series = objects_in(chart.get("series"))
    unique(categories, "categories", f"{at}/axis_config/categories", found)
    unique([one.get("name") for one in series], "name", f"{at}/series", found)
    for index, one in enumerate(series):
        labels = [str(point.get("label")) for point in objects_in(one.get("data"))]
        if sorted(labels) != sorted(map(str, categories)):
            found.add("must have one point for each category", f"{at}/series/{index}/data")


_SERIES = shape(
    {
        "name": string(20),
        "data": items(shape({"label": string(20), "value": NUMBER}, ["label", "value"]), 20),
    },
    ["name", "data"],
)
_AXES = shape(
    {"categories": items(string(20), 20), "x_label": string(50), "y_label": string(50)}, ["categories"]
)
_PLOT = shape(
    {"series": items(_SERIES, 12), "axis_config": _AXES}, ["series", "axis_config"], also=_series_fit
)
_SEGMENT = shape(
    {"label": string(20), "value": fits(_is_positive, "must be greater than 0")}, ["label", "value"]
)
_PIE = shape({"segments": items(_SEGMENT, 12)}, ["segments"])
_CHART = typed({"pie": _PIE, "bar": _PLOT, "line": _PLOT, "area": _PLOT})

# --- blocks


def _has_text_or_fields(block: Json, at: str, found: Findings) -> None:
    if "text" not in block and "fields" not in block:
        found.add("must define either `text` or `fields`", at)


def _action_ids_differ(block: Json, at: str, found: Findings) -> None:
    seen: list[Any] = []
    for index, element in enumerate(as_list(block.get("elements"))):
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(action_id, str) and action_id in seen:
            found.add(
                f"`action_id` must be unique; `{action_id}` used multiple times", f"{at}/elements/{index}"
            )
        seen.append(action_id)


def _block(fields: dict[str, Rule], needed: Iterable[str] = (), **more: Any) -> Rule:
    return shape({"block_id": _block_id, **fields}, needed, **more)


def _block_id(value: Any, at: str, found: Findings) -> None:
    string(255)(value, at, found)
    if isinstance(value, str):
        if value in found.block_ids:
            found.add(f"`block_id` must be unique; `{value}` used multiple times", at)
        found.block_ids.add(value)


_ANY_TEXT = text(2000, mrkdwn=True)
_CONTEXT_IMAGE = element_of("context")


def _context_element(value: Any, at: str, found: Findings) -> None:
    image = isinstance(value, dict) and value.get("type") == "image"
    (_CONTEXT_IMAGE if image else _ANY_TEXT)(value, at, found)


BLOCKS: dict[str, Rule] = {
    "section": _block(
        {
            "text": text(3000, mrkdwn=True),
            "fields": items(_ANY_TEXT, 10),
            "accessory": element_of("section"),
            "expand": FLAG,
        },
        also=_has_text_or_fields,
    ),
    "header": _block({"text": text(150), "level": whole(1, 4)}, ["text"]),
    "divider": _block({}),
    "image": _block(
        {"image_url": HTTPS, "slack_file": anything, "alt_text": string(2000), "title": text(2000)},
        ["alt_text"],
        one_of=("image_url", "slack_file"),
    ),
    "actions": _block({"elements": items(element_of("actions"), 25)}, ["elements"], also=_action_ids_differ),
    "context": _block({"elements": items(_context_element, 10)}, ["elements"]),
    "rich_text": _block(RICH_TEXT, ["elements"]),
    "input": _block(
        {
            "label": text(2000),
            "element": element_of("input"),
            "hint": text(2000),
            "optional": FLAG,
            "dispatch_action": FLAG,
        },
        ["label", "element"],
    ),
    "table": _block(
        {"rows": items(_ROW, 100), "column_settings": items(_column_or_none, 20, least=0)}, ["rows"]
    ),
    "data_table": _counted_apart(
        _block(
            {
                "caption": WORD,
                "rows": items(_DATA_ROW, 201, least=2),
                "page_size": whole(1, 100),
                "row_header_column_index": whole(0, 19),
            },
            ["caption", "rows"],
            also=_header_and_widths,
        )
    ),
    "data_visualization": _block({"title": string(50), "chart": _CHART}, ["title", "chart"]),
}
NOT_IN_MODALS = {"table", "data_table", "data_visualization"}
_KNOWN = typed(BLOCKS)


def _on_surface(block: Any, at: str, found: Findings) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if found.surface == "modal" and isinstance(kind, str) and kind in NOT_IN_MODALS:
        found.add(f"unsupported type: {kind}", f"{at}/type")
    else:
        _KNOWN(block, at, found)


def _is(block: Any, kind: str) -> bool:
    return isinstance(block, dict) and block.get("type") == kind


def _check_blocks(blocks: Any, at: str, found: Findings, *, most: int) -> None:
    items(_on_surface, most, least=0)(blocks, at, found)
    known = objects_in(blocks)
    for kind, characters in CHARACTERS.items():
        places = [f"{at}/{i}" for i, block in enumerate(as_list(blocks)) if _is(block, kind)]
        if sum(_characters(block) for block in known if _is(block, kind)) > characters:
            found.add(f"the characters of all must be less than {characters + 1}", f"{places[-1]}/rows")
    for kind, most_of in MOST_OF.items():
        if sum(_is(block, kind) for block in known) > most_of:
            found.add(f"no more than {most_of} {kind} allowed per message", at)


def check_message(blocks: Any) -> Findings:
    """Check the blocks of a message. `problems` is empty when Slack would take them.

    `text_total` at or above MESSAGE_TEXT is refused apart, as msg_blocks_too_long.
    """
    found = Findings("message")
    _check_blocks(blocks, "/blocks", found, most=50)
    return found


_HOME: dict[str, Rule] = {
    "blocks": lambda blocks, at, found: _check_blocks(blocks, at, found, most=100),
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_HEAD = {name: text(24) for name in ("title", "submit", "close")}
_FLAGS = dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), FLAG)
_VIEWS = {
    "home": shape(_HOME, ["blocks"]),
    "modal": shape({**_HOME, **_HEAD, **_FLAGS}, ["title", "blocks"]),
}


def check_view(view: Any, *, kind: str) -> Findings:
    """Check a view. kind: modal (views.open, push, update) or home (views.publish)."""
    found = Findings(kind)
    if isinstance(view, dict) and view.get("type") != kind:
        found.add(f"must be `{kind}`", "/view/type")
        return found
    if isinstance(view, dict):
        # null stands for no such field, except for flags
        view = {name: value for name, value in view.items() if value is not None or name in _FLAGS}
    _VIEWS[kind](view, "/view", found)
    if isinstance(view, dict):
        has_inputs = any(block.get("type") == "input" for block in objects_in(view.get("blocks")))
        if kind == "modal" and has_inputs and "submit" not in view:
            found.add("missing required field: submit (needed by input blocks)", "/view")
        if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
            found.add(f"view must be less than {VIEW_BYTES} bytes", "/view")
    return found


def check_options(answer: Any) -> Findings:
    """Check what an app answers to block_suggestion: {options} or {option_groups}."""
    found = Findings("modal")
    if not isinstance(answer, dict) or ("options" in answer) == ("option_groups" in answer):
        found.add("must define either `options` or `option_groups`", "")
    elif answer.get("options"):
        OPTIONS(answer["options"], "/options", found)
    elif answer.get("option_groups"):
        GROUPS(answer["option_groups"], "/option_groups", found)
    return found


def with_ids(blocks: list[Json], ids: Ids) -> list[Json]:
    """Return the blocks with the block_id and action_id that Slack adds where there are none."""
    done = copied(blocks)
    for block in done:
        block.setdefault("block_id", ids.block_id())
        elements = list(block.get("elements") or []) if block["type"] == "actions" else []
        elements += [block[name] for name in ("accessory", "element") if name in block]
        for element in elements:
            if element["type"] != "image":
                element.setdefault("action_id", ids.block_id())
    return done
