"""What Slack refuses: judged by slackblocks and by the demo's Slack, and by what neither looks at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import slackblocks as sb

from bot.blocks.actions import BadValueError, decode
from bot.demo.slack import block_kit
from bot.model import Message

_CLASSES: dict[str, Any] = {
    "actions": sb.ActionsBlock,
    "context": sb.ContextBlock,
    "area": sb.AreaChart,
    "bar": sb.BarChart,
    "image": sb.ImageBlock,
    "line": sb.LineChart,
    "pie": sb.PieChart,
    "data_table": sb.DataTableBlock,
    "data_visualization": sb.DataVisualizationBlock,
    "divider": sb.DividerBlock,
    "header": sb.HeaderBlock,
    "input": sb.InputBlock,
    "rich_text": sb.RichTextBlock,
    "section": sb.SectionBlock,
    "table": sb.TableBlock,
    "button": sb.Button,
    "conversations_select": sb.ConversationSelectMenu,
    "datepicker": sb.DatePicker,
    "multi_external_select": sb.ExternalMultiSelectMenu,
    "multi_static_select": sb.StaticMultiSelectMenu,
    "overflow": sb.OverflowMenu,
    "plain_text_input": sb.PlainTextInput,
    "static_select": sb.StaticSelectMenu,
    "timepicker": sb.TimePicker,
    "link": sb.RichTextLink,
    "raw_number": sb.RawNumber,
    "raw_text": sb.RawText,
    "rich_text_preformatted": sb.RichTextCodeBlock,
    "rich_text_section": sb.RichTextSection,
    "text": sb.RichText,
    "modal": sb.ModalView,
    "home": sb.HomeTabView,
}
"""By type: what slackblocks calls it. Its parameters are Slack's own fields."""
_UNTYPED: dict[str, Any] = {
    "axis_config": sb.AxisConfig,
    "column_settings": sb.ColumnSettings,
    "data": sb.DataPoint,
    "filter": sb.ConversationFilter,
    "initial_option": sb.Option,
    "initial_options": sb.Option,
    "options": sb.Option,
    "segments": sb.ChartSegment,
    "series": sb.DataSeries,
}
"""By the field that holds it: objects without a type."""


TABLES = frozenset({"table", "data_table"})


def units(text: str) -> int:
    """Length counted the stricter way."""
    return len(text.encode("utf-16-le")) // 2


def check_message(message: Message) -> None:
    """Assert that Slack would take the message and its fallbacks, and that nothing in it calls anyone."""
    assert 0 < units(message.text) < 4000
    check_markup(message.text)
    for blocks in (message.blocks, *message.fallbacks):
        judge({"blocks": list(blocks)}, sb.WebhookMessage)
        assert not block_kit.check_message(list(blocks)).problems
        _check_texts(blocks)
        apart = [block for block in blocks if block["type"] == "data_table"]
        shown = (node["text"] for node in _objects(apart) if isinstance(node.get("text"), str))
        assert sum(map(units, shown)) <= 20_000
        assert sum(map(units, every_text([block for block in blocks if block not in apart]))) < 9000
        assert sum(block["type"] in TABLES for block in blocks) <= 1
        assert not any(block["type"] == "input" for block in blocks)
    assert not any(block["type"] in TABLES for block in (message.blocks, *message.fallbacks)[-1])


def check_view(view: dict[str, Any]) -> None:
    """Assert that Slack would open the view."""
    judge(view, _CLASSES[view["type"]])
    assert not block_kit.check_view(view, kind=view["type"]).problems
    _check_texts(view)
    assert ("submit" in view) == any(block["type"] == "input" for block in view["blocks"])
    assert view["type"] == "home" or not any(block["type"] == "table" for block in view["blocks"])
    assert len(str(view).encode(errors="replace")) < 250_000


def judge(node: dict[str, Any], kind: Any) -> Any:
    """Build the same with slackblocks: it raises for what Slack refuses and for fields it does not know."""
    fields = {
        name: _judge_field("table_rows" if name == "rows" and kind is sb.TableBlock else name, value)
        for name, value in node.items()
        if name not in {"type", "style"}
    }
    style = node.get("style")
    return kind(**fields, **(style if isinstance(style, dict) else {"style": style} if style else {}))


def _judge_field(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_judge_field(name, item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    if kind in {"mrkdwn", "plain_text"}:
        given = {key: value[key] for key in value if key != "type"}
        return sb.Text(**given, type_=sb.TextType(kind))
    if name == "table_rows" and kind == "rich_text":  # slackblocks puts the cell around a section itself
        (section,) = value["elements"]
        return judge(section, _CLASSES[section["type"]])
    if name == "confirm":
        return judge(value, sb.ConfirmationDialogue)
    return judge(value, _CLASSES[kind] if kind is not None else _UNTYPED[name])


def _check_texts(tree: Any) -> None:
    """Assert what is ours: markup is whole, other text calls nobody, a button's value can be read back."""
    for node in _objects(tree):
        kind, text = node.get("type"), node.get("text")
        if kind == "mrkdwn":
            check_markup(node["text"])
        elif isinstance(text, str):
            _check_literal(text)
        elif kind == "button" and "url" not in node:
            _check_value(node["value"])
        elif kind == "table":
            assert len({len(row) for row in node["rows"]}) == 1
        elif kind == "plain_text_input":
            assert units(node.get("initial_value", "x")) in range(1, node["max_length"] + 1)
        if "url" in node:
            assert node["url"].startswith(("https://", "http://"))
            assert node["url"].isascii()


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for value in tree.values() if isinstance(tree, dict) else tree:
        if isinstance(value, dict | list | tuple):
            yield from _objects(value)


def _check_literal(text: str) -> None:
    assert text
    assert not any(call in text for call in ("<!", "<@", "<#"))
    assert not any("\ud800" <= char <= "\udfff" or char == "\x00" for char in text)


def _check_value(value: str) -> None:
    try:
        decode(value)
    except BadValueError:
        raise AssertionError(f"a button carries {value!r}, which is not read back") from None


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
