"""Block Kit's pieces, each within its own limit. Limits: Slack's Block Kit reference.

Texts named `markup` may hold mrkdwn: what comes from outside must have gone through `text.escape`. Texts
named `label` or `words` are made literal here.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.actions import OPTION_LIMIT, VALUE_LIMIT, BadValueError, Pointer, encode
from bot.blocks.text import clip_markup, literal, one_line, open_url

__all__ = [
    "Block",
    "actions",
    "button",
    "code_cell",
    "confirmation",
    "context",
    "divider",
    "fields",
    "header",
    "id_cell",
    "link_button",
    "option",
    "overflow",
    "plain",
    "preformatted",
    "section",
    "select",
    "table",
    "text_cell",
    "value_of",
]

Block = dict[str, object]
"""A block or an element of one, as Slack takes it."""

SECTION_CHARS = 3000
FIELDS = 10
FIELD_CHARS = 2000
HEADER_CHARS = 150
CONTEXT_CHARS = 2000
BUTTON_CHARS = 75
BUTTONS = 25
CONFIRM_TITLE_CHARS = 100
CONFIRM_CHARS = 300
CONFIRM_BUTTON_CHARS = 30
OPTIONS = 100
OVERFLOW_OPTIONS = 5
PREFORMATTED_CHARS = 2900


def plain(words: str, limit: int) -> Block:
    """Make a plain_text object."""
    return {"type": "plain_text", "text": literal(words, limit), "emoji": False}


def mrkdwn(markup: str, limit: int) -> Block:
    """Make a mrkdwn object. `verbatim`: an address or channel name in it does not become a link by itself."""
    return {"type": "mrkdwn", "text": clip_markup(markup, limit) or " ", "verbatim": True}


def section(markup: str, accessory: Block | None = None) -> Block:
    """Make a paragraph."""
    block: Block = {"type": "section", "text": mrkdwn(markup, SECTION_CHARS)}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Make a paragraph of two columns from (name, markup) pairs: at most ten, at least one."""
    shown = pairs[:FIELDS]
    return {"type": "section", "fields": [mrkdwn(f"*{name}*\n{value}", FIELD_CHARS) for name, value in shown]}


def header(words: str) -> Block:
    """Make a large line."""
    return {"type": "header", "text": plain(words, HEADER_CHARS)}


def context(markup: str) -> Block:
    """Make a small grey line."""
    return {"type": "context", "elements": [mrkdwn(markup, CONTEXT_CHARS)]}


def divider() -> Block:
    """Make a line."""
    return {"type": "divider"}


def value_of(pointer: Pointer, limit: int = VALUE_LIMIT) -> str | None:
    """Encode a pointer, or None when its ids are not such as we or ElevenLabs make."""
    try:
        return encode(pointer, limit)
    except BadValueError:
        return None


def confirmation(words: str, markup: str, *, yes: str, no: str = "Cancel") -> Block:
    """Make what Slack asks before a press counts."""
    return {
        "title": plain(words, CONFIRM_TITLE_CHARS),
        "text": mrkdwn(markup, CONFIRM_CHARS),
        "confirm": plain(yes, CONFIRM_BUTTON_CHARS),
        "deny": plain(no, CONFIRM_BUTTON_CHARS),
    }


def button(
    label: str, action_id: str, pointer: Pointer, *, style: str | None = None, confirm: Block | None = None
) -> Block | None:
    """Make a button; None when its value cannot be written (see `value_of`)."""
    value = value_of(pointer)
    if value is None:
        return None
    block: Block = {
        "type": "button",
        "text": plain(label, BUTTON_CHARS),
        "action_id": action_id,
        "value": value,
    }
    if style is not None:
        block["style"] = style
    if confirm is not None:
        block["confirm"] = confirm
    return block


def link_button(label: str, action_id: str, url: str) -> Block:
    """Make a button that opens an address."""
    return {"type": "button", "text": plain(label, BUTTON_CHARS), "action_id": action_id, "url": url}


def option(label: str, value: str, *, detail: str | None = None) -> Block:
    """Make an option of a select; `detail` is a second line, left out when it holds nothing to read."""
    made: Block = {"text": plain(label, BUTTON_CHARS), "value": value}
    if detail and one_line(detail):
        made["description"] = plain(detail, BUTTON_CHARS)
    return made


def select(placeholder: str, action_id: str, options: Sequence[Block]) -> Block | None:
    """Make a menu; None without options. Options whose value Slack would refuse must not be passed."""
    if not options:
        return None
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, OPTION_LIMIT),
        "options": list(options[:OPTIONS]),
    }


def overflow(action_id: str, entries: Sequence[tuple[str, Pointer]]) -> Block | None:
    """Make the "…" menu from (label, pointer); None without entries."""
    options = [
        option(label, value)
        for label, pointer in entries
        if (value := value_of(pointer, OPTION_LIMIT)) is not None
    ]
    if not options:
        return None
    return {"type": "overflow", "action_id": action_id, "options": options[:OVERFLOW_OPTIONS]}


def actions(*elements: Block | None) -> list[Block]:
    """Make a row of buttons and menus; nothing when all are None."""
    kept = [element for element in elements if element is not None]
    return [{"type": "actions", "elements": kept[:BUTTONS]}] if kept else []


def preformatted(words: str) -> Block:
    """Make a block of code that is shown exactly as it is."""
    text = literal(words, PREFORMATTED_CHARS, lines=True)
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }


def text_cell(words: str, limit: int = 60) -> Block:
    """Make a table cell of literal text."""
    return {"type": "raw_text", "text": literal(words, limit)}


def code_cell(words: str, limit: int = 128, url: str | None = None) -> Block:
    """Make a table cell in code style, easy to copy, linked when there is an address."""
    element: Block = {"type": "text", "text": literal(words, limit), "style": {"code": True}}
    if url is not None:
        element = {"type": "link", "url": url, "text": element["text"], "style": {"code": True}}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def id_cell(conversation_id: str, site: str) -> Block:
    """Make the cell of a conversation id, linked to ElevenLabs' dashboard."""
    return code_cell(conversation_id, url=open_url(conversation_id, site))


def table(head: Sequence[str], rows: Sequence[Sequence[Block]], columns: Sequence[Block]) -> Block:
    """Make a table: `columns` are Slack's column settings (align, is_wrapped)."""
    return {
        "type": "table",
        "rows": [[text_cell(name) for name in head], *[list(row) for row in rows]],
        "column_settings": list(columns),
    }
