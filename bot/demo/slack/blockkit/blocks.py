"""Blocks: what each type must and may hold, and what a message or view may hold of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.demo.slack.blockkit.elements import IN_ACTIONS, IN_INPUT, IN_SECTION, check_element
from bot.demo.slack.blockkit.notes import (
    ANY_TEXT,
    Notes,
    check_choice,
    check_fields,
    check_flag,
    check_https,
    check_items,
    check_kind,
    check_string,
    check_text,
    is_object,
)
from bot.demo.slack.blockkit.rich_text import check_rich_text, visible_text

Json = dict[str, Any]
Check = Callable[[Json, str, Notes], None]

TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARACTERS = 100, 20, 10_000
MARKDOWN_CHARACTERS = 12_000
_EVERYWHERE = frozenset({"message", "modal", "home"})
_MESSAGE_AND_HOME = frozenset({"message", "home"})


def check_blocks(blocks: Any, at: str, notes: Notes, *, most: int) -> None:
    """Check all blocks of a message or view: each one, their number, ids that repeat, tables."""
    tables = markdown = 0
    for i, block in enumerate(check_items(blocks, at, notes, most=most, least=0)):
        where = f"{at}/{i}"
        if not is_object(block, where, notes):
            continue
        if (kind := check_kind(block, _KINDS, where, notes)) is None:
            continue
        surfaces, known, needed, check = _KINDS[kind]
        if notes.surface not in surfaces:
            notes.add(f"unsupported type: {kind}", f"{where}/type")
            continue
        _check_block_id(block, where, notes)
        if check_fields(block, ("type", "block_id", *known), needed, where, notes):
            check(block, where, notes)
        if kind == "table":
            tables += 1
        if kind == "markdown":
            markdown += len(str(block.get("text", "")))
    if tables > 1:
        notes.add("only one table is allowed per message", at)
    if markdown > MARKDOWN_CHARACTERS:
        notes.add(f"all markdown blocks must be less than {MARKDOWN_CHARACTERS + 1} characters", at)


def _check_block_id(block: Json, at: str, notes: Notes) -> None:
    if "block_id" not in block:
        return
    given = block["block_id"]
    if check_string(given, f"{at}/block_id", notes, most=255):
        if given in notes.block_ids:
            notes.add(f"`block_id` must be unique; `{given}` used multiple times", f"{at}/block_id")
        notes.block_ids.add(given)


def _section(block: Json, at: str, notes: Notes) -> None:
    if "text" not in block and "fields" not in block:
        notes.add("must define either `text` or `fields`", at)
    if "text" in block:
        check_text(block["text"], f"{at}/text", notes, most=3000, kinds=ANY_TEXT)
    if "fields" in block:
        for i, item in enumerate(check_items(block["fields"], f"{at}/fields", notes, most=10)):
            check_text(item, f"{at}/fields/{i}", notes, most=2000, kinds=ANY_TEXT)
    if "accessory" in block:
        check_element(block["accessory"], IN_SECTION, f"{at}/accessory", notes)
    if "expand" in block:
        check_flag(block["expand"], f"{at}/expand", notes)


def _header(block: Json, at: str, notes: Notes) -> None:
    check_text(block["text"], f"{at}/text", notes, most=150)


def _divider(block: Json, at: str, notes: Notes) -> None:
    """Nothing to check: a divider has no content."""


def _image(block: Json, at: str, notes: Notes) -> None:
    check_string(block["alt_text"], f"{at}/alt_text", notes, most=2000)
    if ("image_url" in block) == ("slack_file" in block):
        notes.add("must define either `image_url` or `slack_file`", at)
    if "image_url" in block:
        check_https(block["image_url"], f"{at}/image_url", notes)
    if "title" in block:
        check_text(block["title"], f"{at}/title", notes, most=2000)


def _actions(block: Json, at: str, notes: Notes) -> None:
    seen: set[str] = set()
    for i, element in enumerate(check_items(block["elements"], f"{at}/elements", notes, most=25)):
        check_element(element, IN_ACTIONS, f"{at}/elements/{i}", notes)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(action_id, str):
            if action_id in seen:
                notes.add(
                    f"`action_id` must be unique; `{action_id}` used multiple times", f"{at}/elements/{i}"
                )
            seen.add(action_id)


def _context(block: Json, at: str, notes: Notes) -> None:
    for i, element in enumerate(check_items(block["elements"], f"{at}/elements", notes, most=10)):
        where = f"{at}/elements/{i}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_element(element, IN_SECTION, where, notes)
        else:
            check_text(element, where, notes, most=2000, kinds=ANY_TEXT)


def _input(block: Json, at: str, notes: Notes) -> None:
    check_text(block["label"], f"{at}/label", notes, most=2000)
    check_element(block["element"], IN_INPUT, f"{at}/element", notes)
    if "hint" in block:
        check_text(block["hint"], f"{at}/hint", notes, most=2000)
    for name in ("optional", "dispatch_action"):
        if name in block:
            check_flag(block[name], f"{at}/{name}", notes)


def _markdown(block: Json, at: str, notes: Notes) -> None:
    check_string(block["text"], f"{at}/text", notes, most=MARKDOWN_CHARACTERS, counted=True)


def _file(block: Json, at: str, notes: Notes) -> None:
    check_choice(block["source"], ("remote",), f"{at}/source", notes)


def _video(block: Json, at: str, notes: Notes) -> None:
    check_text(block["title"], f"{at}/title", notes, most=199)
    check_string(block["alt_text"], f"{at}/alt_text", notes, most=2000)
    for name in ("video_url", "thumbnail_url"):
        check_https(block[name], f"{at}/{name}", notes)


def _table(block: Json, at: str, notes: Notes) -> None:
    characters = 0
    for i, row in enumerate(check_items(block["rows"], f"{at}/rows", notes, most=TABLE_ROWS)):
        where = f"{at}/rows/{i}"
        for j, cell in enumerate(check_items(row, where, notes, most=TABLE_COLUMNS)):
            characters += _check_cell(cell, f"{where}/{j}", notes)
    if characters > TABLE_CHARACTERS:
        notes.add(f"the characters of all cells must be less than {TABLE_CHARACTERS + 1}", f"{at}/rows")
    if "column_settings" in block:
        items = check_items(
            block["column_settings"], f"{at}/column_settings", notes, most=TABLE_COLUMNS, least=0
        )
        for i, setting in enumerate(items):
            where = f"{at}/column_settings/{i}"
            if setting is None or not is_object(setting, where, notes):
                continue
            check_fields(setting, ("align", "is_wrapped"), (), where, notes)
            if "align" in setting:
                check_choice(setting["align"], ("left", "center", "right"), f"{where}/align", notes)
            if "is_wrapped" in setting:
                check_flag(setting["is_wrapped"], f"{where}/is_wrapped", notes)


def _check_cell(cell: Any, at: str, notes: Notes) -> int:
    """Check a cell; returns how many characters it shows."""
    if not is_object(cell, at, notes):
        return 0
    kind = cell.get("type")
    if kind == "raw_text":
        if check_fields(cell, ("type", "text"), ("text",), at, notes):
            check_string(cell["text"], f"{at}/text", notes, most=TABLE_CHARACTERS, counted=True)
        return len(str(cell.get("text", "")))
    if kind == "raw_number":
        check_fields(cell, ("type", "value", "text"), ("value",), at, notes)
        if not isinstance(cell.get("value"), (int, float)) or isinstance(cell.get("value"), bool):
            notes.add("must provide a number", f"{at}/value")
        if "text" in cell:
            check_string(cell["text"], f"{at}/text", notes, most=TABLE_CHARACTERS, counted=True)
        return len(str(cell.get("text") or cell.get("value")))
    if kind == "rich_text":
        if check_fields(cell, ("type", "elements", "block_id"), ("elements",), at, notes):
            check_rich_text(cell, at, notes)
            if not visible_text(cell):
                notes.add("must be more than 0 characters", f"{at}/elements")
        return len(visible_text(cell))
    notes.add(f"unsupported type: {kind}" if kind else "missing required field: type", f"{at}/type")
    return 0


_KINDS: dict[str, tuple[frozenset[str], tuple[str, ...], tuple[str, ...], Check]] = {
    "section": (_EVERYWHERE, ("text", "fields", "accessory", "expand"), (), _section),
    "header": (_EVERYWHERE, ("text",), ("text",), _header),
    "divider": (_EVERYWHERE, (), (), _divider),
    "image": (_EVERYWHERE, ("image_url", "slack_file", "alt_text", "title"), ("alt_text",), _image),
    "actions": (_EVERYWHERE, ("elements",), ("elements",), _actions),
    "context": (_EVERYWHERE, ("elements",), ("elements",), _context),
    "rich_text": (_EVERYWHERE, ("elements",), ("elements",), check_rich_text),
    "input": (
        _EVERYWHERE,
        ("label", "element", "hint", "optional", "dispatch_action"),
        ("label", "element"),
        _input,
    ),
    "video": (
        _EVERYWHERE,
        (
            "alt_text",
            "video_url",
            "thumbnail_url",
            "title",
            "title_url",
            "description",
            "provider_icon_url",
            "provider_name",
            "author_name",
        ),
        ("alt_text", "video_url", "thumbnail_url", "title"),
        _video,
    ),
    "markdown": (frozenset({"message"}), ("text",), ("text",), _markdown),
    "file": (frozenset({"message"}), ("external_id", "source"), ("external_id", "source"), _file),
    "table": (_MESSAGE_AND_HOME, ("rows", "column_settings"), ("rows",), _table),
}
"""By type: surfaces it may be on, its fields, those it needs, its own check.

Types that are newer than this list are refused, as a Slack that does not have them yet would.
"""
