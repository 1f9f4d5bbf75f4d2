"""Block Kit's limits, checked as strictly as Slack does. Pure: JSON in, problems out."""

from __future__ import annotations

import json
from typing import Any

from bot.demo.slack.blockkit.blocks import check_blocks
from bot.demo.slack.blockkit.elements import check_option, check_option_groups
from bot.demo.slack.blockkit.notes import (
    Notes,
    check_fields,
    check_flag,
    check_items,
    check_string,
    check_text,
)
from bot.demo.slack.ids import Ids
from bot.demo.slack.shapes import copied

__all__ = ["MESSAGE_TEXT", "Notes", "check_message", "check_options", "check_view", "with_ids"]

Json = dict[str, Any]
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 11_000
"""From here on all texts of a message's blocks together are refused (seen; no exact bound is documented)."""
VIEW_BYTES = 250_000
_VIEW_FIELDS = (
    "type",
    "blocks",
    "private_metadata",
    "callback_id",
    "external_id",
    "title",
    "submit",
    "close",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
)
_HOME_FIELDS = ("type", "blocks", "private_metadata", "callback_id", "external_id")


def check_message(blocks: Any) -> Notes:
    """Check the blocks of a message. `problems` is empty when Slack would take them.

    `text_total` at or above MESSAGE_TEXT is refused apart, as msg_blocks_too_long.
    """
    notes = Notes("message")
    check_blocks(blocks, "/blocks", notes, most=MESSAGE_BLOCKS)
    return notes


def check_view(view: Any, *, kind: str) -> Notes:
    """Check a view. kind: modal (views.open, push, update) or home (views.publish)."""
    notes = Notes(kind)
    if not isinstance(view, dict):
        notes.add("must provide an object", "/view")
        return notes
    if view.get("type") != kind:
        notes.add(f"must be `{kind}`", "/view/type")
        return notes
    needed = ("title", "blocks") if kind == "modal" else ("blocks",)
    complete = check_fields(view, _VIEW_FIELDS if kind == "modal" else _HOME_FIELDS, needed, "/view", notes)
    _check_head(view, notes)
    if complete:
        check_blocks(view["blocks"], "/view/blocks", notes, most=VIEW_BLOCKS)
        blocks = view["blocks"] if isinstance(view["blocks"], list) else []
        inputs = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
        if kind == "modal" and inputs and view.get("submit") is None:
            notes.add("missing required field: submit (needed by input blocks)", "/view")
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        notes.add(f"view must be less than {VIEW_BYTES} bytes", "/view")
    return notes


def _check_head(view: Json, notes: Notes) -> None:
    """Check everything of a view but its blocks."""
    for name in ("title", "submit", "close"):
        if view.get(name) is not None:
            check_text(view[name], f"/view/{name}", notes, most=24)
    for name, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if view.get(name) is not None:
            check_string(view[name], f"/view/{name}", notes, most=most, least=0)
    for name in ("clear_on_close", "notify_on_close", "submit_disabled"):
        if name in view:
            check_flag(view[name], f"/view/{name}", notes)


def check_options(answer: Any) -> Notes:
    """Check what an app answers to block_suggestion: {options} or {option_groups}."""
    notes = Notes("modal")
    if not isinstance(answer, dict) or ("options" in answer) == ("option_groups" in answer):
        notes.add("must define either `options` or `option_groups`", "")
        return notes
    if "options" in answer:
        for i, option in enumerate(check_items(answer["options"], "/options", notes, most=100, least=0)):
            check_option(option, f"/options/{i}", notes, kind="external_select")
    elif answer["option_groups"]:
        check_option_groups(answer["option_groups"], "/option_groups", notes, kind="external_select")
    return notes


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
