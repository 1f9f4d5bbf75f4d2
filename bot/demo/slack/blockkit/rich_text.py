"""The rich_text block and its parts."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.blockkit.notes import (
    Notes,
    check_choice,
    check_fields,
    check_items,
    check_kind,
    is_object,
    size,
)

_SECTIONS = {
    "rich_text_section": ("type", "elements"),
    "rich_text_list": ("type", "elements", "style", "indent", "offset", "border"),
    "rich_text_preformatted": ("type", "elements", "border", "language"),
    "rich_text_quote": ("type", "elements", "border"),
}
_PARTS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "link": ("url",),
    "emoji": ("name",),
    "user": ("user_id",),
    "usergroup": ("usergroup_id",),
    "channel": ("channel_id",),
    "team": ("team_id",),
    "broadcast": ("range",),
    "color": ("value",),
    "date": ("timestamp", "format"),
}
_PART_FIELDS: dict[str, tuple[str, ...]] = {
    "link": ("text", "unsafe", "style"),
    "emoji": ("unicode", "skin_tone", "style"),
    "date": ("fallback", "url", "style"),
}
_STYLES = (
    "bold",
    "italic",
    "strike",
    "code",
    "underline",
    "highlight",
    "client_highlight",
    "unlink",
)


def check_rich_text(block: dict[str, Any], at: str, notes: Notes) -> None:
    """Check a rich_text block (also a cell of a table)."""
    for i, section in enumerate(check_items(block.get("elements"), f"{at}/elements", notes, most=1000)):
        _check_section(section, f"{at}/elements/{i}", notes)


def _check_section(section: Any, at: str, notes: Notes) -> None:
    if not is_object(section, at, notes):
        return
    if (kind := check_kind(section, _SECTIONS, at, notes)) is None:
        return
    if not check_fields(section, _SECTIONS[kind], ("elements",), at, notes):
        return
    if kind == "rich_text_list":
        check_choice(section.get("style"), ("bullet", "ordered"), f"{at}/style", notes)
        for i, part in enumerate(check_items(section["elements"], f"{at}/elements", notes, most=1000)):
            where = f"{at}/elements/{i}"
            if is_object(part, where, notes) and part.get("type") != "rich_text_section":
                notes.add(f"unsupported type: {part.get('type')}", f"{where}/type")
            elif isinstance(part, dict):
                _check_section(part, where, notes)
        return
    for i, part in enumerate(check_items(section["elements"], f"{at}/elements", notes, most=1000, least=0)):
        _check_part(part, f"{at}/elements/{i}", notes)


def _check_part(part: Any, at: str, notes: Notes) -> None:
    if not is_object(part, at, notes):
        return
    if (kind := check_kind(part, _PARTS, at, notes)) is None:
        return
    known = ("type", *_PARTS[kind], *_PART_FIELDS.get(kind, ("style",)))
    if not check_fields(part, known, _PARTS[kind], at, notes):
        return
    for name in (*_PARTS[kind], "text"):
        value = part.get(name)
        if isinstance(value, str):
            if name == "text":
                notes.text_total += size(value)
            if not value:
                notes.add("must be more than 0 characters", f"{at}/{name}")
        elif value is not None and name != "timestamp":
            notes.add("must provide a string", f"{at}/{name}")
    if part.get("style") is not None:
        _check_style(part["style"], f"{at}/style", notes)


def _check_style(style: Any, at: str, notes: Notes) -> None:
    if is_object(style, at, notes):
        for name, on in style.items():
            if name not in _STYLES or not isinstance(on, bool):
                notes.add(f"invalid additional property: {name}", at)


_MARKS = frozenset({"emoji", "user", "channel", "usergroup", "date", "broadcast", "color"})
"""Parts that show a name or picture which is not in the block."""


def visible_text(block: dict[str, Any]) -> str:
    """Return the characters a rich_text block shows, as far as they are in the block."""
    shown: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for item in node:
                walk(item)
        elif isinstance(node, dict):
            if isinstance(node.get("text"), str):
                shown.append(node["text"])
            elif node.get("type") == "link":
                shown.append(str(node.get("url", "")))
            elif str(node.get("type")) in {
                "emoji",
                "user",
                "channel",
                "usergroup",
                "date",
                "broadcast",
                "color",
            }:
                shown.append("·")
            walk(node.get("elements"))

    walk(block.get("elements"))
    return "".join(shown)
