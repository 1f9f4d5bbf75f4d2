"""What Slack refuses, written from its documented limits and apart from the builders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from bot.blocks.actions import BadValueError, decode
from bot.demo.slack import blockkit
from bot.model import Message

_BLOCKS = {"section", "header", "context", "actions", "divider", "table", "rich_text", "input", "image"}
_IN_VIEWS = _BLOCKS - {"table"}


def units(text: str) -> int:
    """Length counted the stricter way."""
    return len(text.encode("utf-16-le")) // 2


def check_message(message: Message) -> None:
    """Assert that Slack would take the message and its plain variant, and that nothing in it calls anyone."""
    assert 0 < units(message.text) < 4000
    check_markup(message.text)
    for blocks in (message.blocks, message.plain_blocks):
        if blocks is None:
            continue
        check_blocks(blocks, 50)
        assert not blockkit.check_message(list(blocks)).problems
        assert sum(units(text) for text in every_text(blocks)) < 9000
        assert sum(block["type"] == "table" for block in blocks) <= 1
    if any(block["type"] == "table" for block in message.blocks):
        assert message.plain_blocks is not None
    assert not any(block["type"] == "table" for block in message.plain_blocks or ())


def check_view(view: dict[str, Any]) -> None:
    """Assert that Slack would open the view."""
    assert view["type"] in {"modal", "home"}
    for name in ("title", "submit", "close"):
        if name in view:
            assert view[name]["type"] == "plain_text"
            assert 0 < units(view[name]["text"]) <= 24
    if view["type"] == "modal":
        assert "title" in view
        assert ("submit" in view) == any(block["type"] == "input" for block in view["blocks"])
    assert len(view.get("private_metadata", "")) <= 3000
    assert not blockkit.check_view(view, kind=view["type"]).problems
    check_blocks(view["blocks"], 100, _BLOCKS if view["type"] == "home" else _IN_VIEWS)
    assert len(str(view).encode(errors="replace")) < 250_000


def check_blocks(blocks: Sequence[dict[str, Any]], most: int, allowed: set[str] | None = None) -> None:
    """Assert the limits of each block."""
    assert 0 < len(blocks) <= most
    names = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(names) == len(set(names))
    assert all(0 < len(name) <= 255 for name in names)
    for block in blocks:
        assert block["type"] in (allowed or _BLOCKS - {"input"}), block["type"]
        _CHECKS[block["type"]](block)


def check_markup(text: str) -> None:
    """Assert that markup holds no broken entity, no broken code span and only our own links and users."""
    assert not any("\ud800" <= char <= "\udfff" for char in text)
    rest = text
    while "<" in rest:
        start = rest.index("<")
        end = rest.index(">", start)
        inner = rest[start + 1 : end]
        assert inner.startswith(("https://", "http://", "@U", "@W", "#C", "#G")), inner
        rest = rest[:start] + rest[end + 1 :]
    assert ">" not in rest
    position = text.find("&")
    while position >= 0:
        assert text.startswith(("&amp;", "&lt;", "&gt;"), position), text[position : position + 8]
        position = text.find("&", position + 1)
    for line in text.split("\n"):
        assert line.count("`") % 2 == 0, line


def every_text(node: Any) -> Iterator[str]:
    """Yield every text and address in a tree."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in {"text", "url", "alt_text"}:
                yield value
            else:
                yield from every_text(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from every_text(value)


def _text(item: dict[str, Any], limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
    assert item["type"] in kinds
    assert isinstance(item["text"], str)
    assert 0 < units(item["text"]) <= limit, (limit, item["text"][:200])
    if item["type"] == "mrkdwn":
        check_markup(item["text"])
    else:
        _literal(item["text"])


def _literal(text: str) -> None:
    assert text
    assert not any(call in text for call in ("<!", "<@", "<#"))
    assert not any("\ud800" <= char <= "\udfff" or char == "\x00" for char in text)


def _section(block: dict[str, Any]) -> None:
    if "text" in block:
        _text(block["text"], 3000)
    else:
        assert block["fields"]
    fields = block.get("fields", [])
    assert len(fields) <= 10
    for item in fields:
        _text(item, 2000)
    if "accessory" in block:
        _element(block["accessory"])


def _header(block: dict[str, Any]) -> None:
    _text(block["text"], 150, ("plain_text",))


def _context(block: dict[str, Any]) -> None:
    assert 0 < len(block["elements"]) <= 10
    for item in block["elements"]:
        _text(item, 2000)


def _actions(block: dict[str, Any]) -> None:
    assert 0 < len(block["elements"]) <= 25
    names = [element["action_id"] for element in block["elements"]]
    assert len(names) == len(set(names)), names
    for element in block["elements"]:
        _element(element)


def _element(element: dict[str, Any]) -> None:
    assert 0 < len(element["action_id"]) <= 255
    _ELEMENTS[element["type"]](element)
    if "placeholder" in element:
        _text(element["placeholder"], 150, ("plain_text",))


def _button(element: dict[str, Any]) -> None:
    _text(element["text"], 75, ("plain_text",))
    assert element.get("style") in {None, "primary", "danger"}
    if "url" in element:
        assert len(element["url"]) <= 3000
        assert element["url"].startswith(("https://", "http://"))
    else:
        assert 0 < units(element["value"]) <= 2000
        _value(element["value"])


def _choice(most: int) -> Callable[[dict[str, Any]], None]:
    def check(element: dict[str, Any]) -> None:
        assert 0 < len(element["options"]) <= most
        _options(element["options"])
        for chosen in [element.get("initial_option"), *element.get("initial_options", [])]:
            assert chosen is None or chosen in element["options"]

    return check


def _external(element: dict[str, Any]) -> None:
    assert element.get("min_query_length", 0) >= 0
    _options([o for o in [element.get("initial_option"), *element.get("initial_options", [])] if o])


def _typed(element: dict[str, Any]) -> None:
    limit = element.get("max_length", 3000)
    assert 1 <= limit <= 3000
    assert units(element.get("initial_value", "x")) in range(1, limit + 1)


def _date(element: dict[str, Any]) -> None:
    date.fromisoformat(element.get("initial_date", "2026-01-01"))


def _time(element: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d\d:\d\d", element.get("initial_time", "10:00"))


def _conversations(element: dict[str, Any]) -> None:
    assert set(element["filter"]["include"]) <= {"im", "mpim", "private", "public"}
    assert element.get("initial_conversation", "C1")


def _value(value: str) -> None:
    try:
        decode(value)
    except BadValueError:
        raise AssertionError(f"a button carries {value!r}, which is not read back") from None


def _options(options: list[dict[str, Any]]) -> None:
    for option in options:
        _text(option["text"], 75, ("plain_text",))
        assert 0 < units(option["value"]) <= 150


def _divider(block: dict[str, Any]) -> None:
    assert set(block) <= {"type", "block_id"}


def _table(block: dict[str, Any]) -> None:
    rows = block["rows"]
    assert 0 < len(rows) <= 100
    assert len({len(row) for row in rows}) == 1
    assert len(rows[0]) <= 20
    assert len(block.get("column_settings", [])) <= 20
    for row in rows:
        for cell in row:
            if cell["type"] == "raw_text":
                _literal(cell["text"])
            else:
                _rich(cell)
    assert sum(units(text) for text in every_text(rows)) <= 10_000


def _rich(block: dict[str, Any]) -> None:
    assert block["type"] == "rich_text"
    assert block["elements"]
    for part in block["elements"]:
        assert part["type"] in {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}
        assert part["elements"]
        for element in part["elements"]:
            assert element["type"] in {"text", "link", "emoji", "user"}
            if element["type"] == "link":
                assert element["url"].startswith("https://")
                assert element["url"].isascii()
            if element["type"] in {"text", "link"}:
                _literal(element["text"])


def _input(block: dict[str, Any]) -> None:
    _text(block["label"], 2000, ("plain_text",))
    if "hint" in block:
        _text(block["hint"], 2000, ("plain_text",))
    _element(block["element"])


_ELEMENTS = {
    "button": _button,
    "overflow": _choice(5),
    "static_select": _choice(100),
    "multi_static_select": _choice(100),
    "radio_buttons": _choice(10),
    "checkboxes": _choice(10),
    "external_select": _external,
    "multi_external_select": _external,
    "plain_text_input": _typed,
    "datepicker": _date,
    "timepicker": _time,
    "conversations_select": _conversations,
}
_CHECKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "table": _table,
    "rich_text": _rich,
    "input": _input,
}
