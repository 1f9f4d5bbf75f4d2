"""Blocks as a person would read them, for snapshots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.model import Message


def render(message: Message, *, plain: bool = False) -> str:
    """Draw a message: text alternative first, then its blocks (or their variant without tables)."""
    blocks = message.fallbacks[-1] if plain else message.blocks
    return f"[{message.text}]\n\n{render_blocks(blocks)}"


def render_view(view: dict[str, Any]) -> str:
    """Draw a modal or a Home tab."""
    names = " | ".join(view[key]["text"] for key in ("title", "submit", "close") if key in view)
    return f"== {names} ==\n{render_blocks(view['blocks'])}"


Draw = Callable[[dict[str, Any]], str]


def render_blocks(blocks: Sequence[dict[str, Any]]) -> str:
    """Draw blocks, one below the other."""
    return "\n".join(_DRAW[block["type"]](block) for block in blocks)


def _section(block: dict[str, Any]) -> str:
    parts = [block["text"]["text"]] if "text" in block else []
    parts += ["  " + item["text"].replace("\n", ": ") for item in block.get("fields", [])]
    if "accessory" in block:
        parts[-1] += "  " + _element(block["accessory"])
    return "\n".join(parts)


def _table(block: dict[str, Any]) -> str:
    rows = [[_cell(cell) for cell in row] for row in block["rows"]]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    right = {n for n, column in enumerate(block.get("column_settings", [])) if column.get("align") == "right"}
    lines = [
        "  ".join(
            cell.rjust(widths[n]) if n in right else cell.ljust(widths[n]) for n, cell in enumerate(row)
        )
        for row in rows
    ]
    return "\n".join(f"| {line.rstrip()}" for line in lines)


def _cell(cell: dict[str, Any]) -> str:
    return _rich(cell) if cell["type"] == "rich_text" else str(cell["text"])


def _rich(block: dict[str, Any]) -> str:
    lines = []
    for part in block["elements"]:
        words = "".join(
            f"`{item['text']}`" if item.get("style", {}).get("code") else item["text"]
            for item in part["elements"]
        )
        lines.append("```\n" + words + "\n```" if part["type"] == "rich_text_preformatted" else words)
    return "\n".join(lines)


def _element(element: dict[str, Any]) -> str:
    match element["type"]:
        case "button":
            mark = {"primary": "!", "danger": "x"}.get(element.get("style", ""), "")
            return f"[{mark}{element['text']['text']}]"
        case "overflow":
            return "(… " + " / ".join(option["text"]["text"] for option in element["options"]) + ")"
        case _:
            chosen = [element.get("initial_option"), *element.get("initial_options", [])]
            words = [option["text"]["text"] for option in chosen if option]
            words += [
                str(element[key])
                for key in ("initial_value", "initial_date", "initial_time")
                if key in element
            ]
            hint = element.get("placeholder", {}).get("text", "")
            return f"<{element['type']} {', '.join(words) or hint}>"


_DRAW: dict[str, Draw] = {
    "section": _section,
    "header": lambda block: f"# {block['text']['text']}",
    "context": lambda block: "~ " + " ".join(item["text"] for item in block["elements"]),
    "actions": lambda block: " ".join(_element(item) for item in block["elements"]),
    "divider": lambda _: "---",
    "table": _table,
    "data_table": lambda block: f"[{block['caption']}]\n{_table(block)}",
    "rich_text": _rich,
    "input": lambda block: f"{block['label']['text']}: {_element(block['element'])}",
}
