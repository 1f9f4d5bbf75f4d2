"""Block Kit's pieces, each within its own limit. Limits: Slack's Block Kit reference.

Texts named `markup` may hold mrkdwn: what comes from outside must have gone through `text.escape`. Texts
named `label` or `words` are made literal here.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import limits
from bot.blocks.actions import BadValueError, Pointer, encode
from bot.blocks.limits import Block
from bot.blocks.text import clip_markup, escape, literal, one_line

_USER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def plain(words: str, limit: int) -> Block:
    return {"type": "plain_text", "text": literal(words, limit), "emoji": False}


def mrkdwn(markup: str, limit: int) -> Block:
    """Make a mrkdwn object. `verbatim`: an address or channel name in it does not become a link by itself."""
    return {"type": "mrkdwn", "text": clip_markup(markup, limit) or " ", "verbatim": True}


def section(markup: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(markup, limits.SECTION_CHARS)}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Make a paragraph of two columns from (name, markup) pairs: at most ten, at least one."""
    shown = [mrkdwn(f"*{name}*\n{value}", limits.FIELD_CHARS) for name, value in pairs[: limits.FIELDS]]
    return {"type": "section", "fields": shown}


def header(words: str) -> Block:
    return {"type": "header", "text": plain(words, limits.HEADER_CHARS)}


def context(markup: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(markup, limits.CONTEXT_CHARS)]}


def shared_by(user_id: str | None, note: str = "") -> list[Block]:
    """Say who shared what follows, and their note; nothing for what nobody shared."""
    if not user_id or not set(user_id) <= _USER:
        return []
    words = escape(note, 600, lines=True).strip()
    return [section(f"Shared by <@{user_id}>:\n{words}" if words else f"Shared by <@{user_id}>")]


def divider() -> Block:
    return {"type": "divider"}


def value_of(pointer: Pointer, limit: int = limits.BUTTON_VALUE_CHARS) -> str | None:
    """Encode a pointer, or None when its ids are not such as we or ElevenLabs make."""
    try:
        return encode(pointer, limit)
    except BadValueError:
        return None


def button(label: str, action_id: str, pointer: Pointer, *, style: str | None = None) -> Block | None:
    """Make a button; None when its value cannot be written (see `value_of`)."""
    value = value_of(pointer)
    if value is None:
        return None
    block: Block = {
        "type": "button",
        "text": plain(label, limits.BUTTON_CHARS),
        "action_id": action_id,
        "value": value,
    }
    if style is not None:
        block["style"] = style
    return block


def link_button(label: str, action_id: str, url: str) -> Block:
    return {"type": "button", "text": plain(label, limits.BUTTON_CHARS), "action_id": action_id, "url": url}


def option(label: str, value: str, *, detail: str | None = None) -> Block:
    """Make an option of a select; `detail` is a second line, left out when it holds nothing to read."""
    made: Block = {"text": plain(label, limits.BUTTON_CHARS), "value": value}
    if detail and one_line(detail):
        made["description"] = plain(detail, limits.BUTTON_CHARS)
    return made


def select(placeholder: str, action_id: str, options: Sequence[Block]) -> Block | None:
    """Make a menu; None without options. Options whose value Slack would refuse must not be passed."""
    if not options:
        return None
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, limits.PLACEHOLDER_CHARS),
        "options": list(options[: limits.OPTIONS]),
    }


def overflow(action_id: str, entries: Sequence[tuple[str, Pointer]]) -> Block | None:
    """Make the "…" menu from (label, pointer); None without entries."""
    options = [
        option(label, value)
        for label, pointer in entries
        if (value := value_of(pointer, limits.OPTION_VALUE_CHARS)) is not None
    ]
    if not options:
        return None
    return {"type": "overflow", "action_id": action_id, "options": options[: limits.OVERFLOW_OPTIONS]}


def actions(*elements: Block | None) -> list[Block]:
    """Make a row of buttons and menus; nothing when all are None."""
    kept = [element for element in elements if element is not None]
    return [{"type": "actions", "elements": kept[: limits.BUTTONS]}] if kept else []


def preformatted(words: str) -> Block:
    """Make a block of code that is shown exactly as it is."""
    text = literal(words, limits.PREFORMATTED_CHARS, lines=True)
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }
