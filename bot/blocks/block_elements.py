"""Block Kit's pieces within Slack's limits: of each element, and of a whole message or view.

Each element keeps its own limit when it is made. What remains is the sum: block count and text of all blocks
together, above which Slack answers `msg_blocks_too_long`. Source: Slack's Block Kit reference, unless another
is named.

Texts named `markup` may hold mrkdwn: what comes from outside must have gone through `text.escape`. Texts
named `label` or `words` are made literal here.
"""

from __future__ import annotations

import bisect
import copy
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, value_of
from bot.blocks.text import clean, clip, clip_markup, escape, literal, size
from bot.model import Message

Block = dict[str, object]
"""A block or an element of one, as Slack takes it."""

SECTION_CHARS = 3000
FIELDS = 10
FIELD_CHARS = 2000
HEADER_CHARS = 150
CONTEXT_CHARS = 2000
BUTTON_CHARS = 75
BUTTONS = 25
OPTIONS = 100
OPTION_VALUE_CHARS = 150
OVERFLOW_OPTIONS = 5
PLACEHOLDER_CHARS = 150
INPUT_CHARS = 3000
MODAL_TITLE_CHARS = 24
PREFORMATTED_CHARS = 2900
"""Ours: two of them and the rest of the modal stay far below VIEW_CHARS."""
CAPTION_CHARS = 150
"""Ours: Slack names no limit."""
DATA_ROWS = 200
DATA_TABLE_CHARS = 20_000
"""In all cells of a message: they count apart from its other texts."""
LABEL_CHARS = 200
"""Ours: Slack takes 2,000, but a label is a few words."""
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARS = 8_800
"""Slack takes 9,000 with certainty and refused 11,000."""
TEXT_CHARS = 3_900
VIEW_CHARS = 60_000
"""A view may weigh 250 KB as JSON; a character weighs up to 4 bytes, or 12 when it is written as escapes."""
_LABEL = 24
"""Texts this short are labels: they are not shrunk."""


def message(text: str, *forms: Sequence[Block]) -> Message:
    """Make a message that Slack accepts: its blocks, then ever plainer ones. `text` is markup, escaped."""
    blocks, *plainer = map(fit, forms)
    return Message(text=clip_markup(text, TEXT_CHARS) or " ", blocks=blocks, fallbacks=tuple(plainer))


def with_last_line(drawn: Message, words: str) -> Message:
    """Return a message with a small line at its end, in its plainer forms too. `words` are markup."""
    return message(drawn.text, *([*form, context(words)] for form in (drawn.blocks, *drawn.fallbacks)))


def fit(blocks: Sequence[Block], most: int = MESSAGE_BLOCKS, chars: int = MESSAGE_CHARS) -> tuple[Block, ...]:
    """Return the blocks, shortened so that they keep Slack's sums: longest texts are cut first."""
    kept = list(blocks)
    if len(kept) > most:
        kept[most - 1 :] = [context(f"… and {len(kept) - most + 1} more.")]
    excess = weight(kept) - chars
    if excess > 0:
        kept = copy.deepcopy(kept)  # plainer forms share blocks, and may have room for their texts
        _shrink(list(_texts(kept)), excess)
    return tuple(kept)


def fit_view(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a view, shortened likewise."""
    return list(fit(blocks, VIEW_BLOCKS, VIEW_CHARS))


def weight(node: object) -> int:
    """Count the characters that Slack may count, addresses too; not of a data_table, which has its own."""
    if isinstance(node, list | tuple):
        return sum(map(weight, node))
    if not isinstance(node, dict) or node.get("type") == "data_table":
        return 0
    total = 0
    for key, value in node.items():
        if not isinstance(value, str):
            total += weight(value)
        elif key in {"text", "url", "alt_text", "title"}:
            total += size(value)
    return total


def _texts(node: Any) -> Iterator[dict[str, Any]]:
    """Every text object, cell or rich text element in the tree that is long enough to cut."""
    if isinstance(node, dict) and node.get("type") != "data_table":
        if isinstance(node.get("text"), str) and size(node["text"]) > _LABEL:
            yield node
        node = list(node.values())
    if isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)


def _shrink(texts: list[dict[str, Any]], excess: int) -> None:
    """Cut the longest texts to one common length, the greatest that saves `excess` characters."""
    lengths = [size(item["text"]) for item in texts]
    caps, room = range(_LABEL + 1, max(lengths, default=0) + 1), sum(lengths) - excess
    fitting = bisect.bisect_right(caps, room, key=lambda cap: sum(min(each, cap) for each in lengths))
    cap = _LABEL + fitting
    for item in texts:
        if size(item["text"]) > cap:
            cut = clip_markup if item.get("type") == "mrkdwn" else clip
            item["text"] = cut(item["text"], cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One state of the message of an answer: of its list, or of its report."""

    question_id: str = ""
    """Id of the stored question: what the buttons carry."""
    tz: tzinfo
    """The asker's zone."""
    notes: Sequence[str] = ()
    """Plain words about the answer: from memory, corrected, moved to the direct message."""
    shared_by: str | None = None
    """Slack id of who posted it for all to see; "" for a schedule, which mentions nobody; None in private."""
    shared_note: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing on it, and nothing comes. A report on no calls says so: an answer."""
        return False

    @property
    def calls(self) -> int:
        """How many calls are on it, with their ids."""
        return 0

    def message(self, now: float) -> Message:
        raise NotImplementedError


_USER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def plain(words: str, limit: int) -> Block:
    return {"type": "plain_text", "text": literal(words, limit), "emoji": False}


def mrkdwn(markup: str, limit: int) -> Block:
    """Make a mrkdwn object. `verbatim`: an address or channel name in it does not become a link by itself."""
    return {"type": "mrkdwn", "text": clip_markup(markup, limit) or " ", "verbatim": True}


def section(markup: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(markup, SECTION_CHARS)}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Make a paragraph of two columns from (name, markup) pairs: at most ten, at least one."""
    shown = [mrkdwn(f"*{name}*\n{value}", FIELD_CHARS) for name, value in pairs[:FIELDS]]
    return {"type": "section", "fields": shown}


def header(words: str) -> Block:
    return {"type": "header", "text": plain(words, HEADER_CHARS)}


def context(markup: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(markup, CONTEXT_CHARS)]}


def shared_by(user_id: str | None, note: str = "") -> list[Block]:
    """Say who shared what follows, and their note; nothing for what nobody shared."""
    if not user_id or not set(user_id) <= _USER:
        return []
    words = escape(note, 600, lines=True).strip()
    return [section(f"Shared by <@{user_id}>:\n{words}" if words else f"Shared by <@{user_id}>")]


def divider() -> Block:
    return {"type": "divider"}


def button(label: str, action_id: str, pointer: Pointer, *, style: str | None = None) -> Block | None:
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
    return block


def link_button(label: str, action_id: str, url: str) -> Block:
    return {"type": "button", "text": plain(label, BUTTON_CHARS), "action_id": action_id, "url": url}


def option(label: str, value: str, *, detail: str | None = None) -> Block:
    """Make an option of a select; `detail` is a second line, left out when it holds nothing to read."""
    made: Block = {"text": plain(label, BUTTON_CHARS), "value": value}
    if detail and clean(detail):
        made["description"] = plain(detail, BUTTON_CHARS)
    return made


def select(placeholder: str, action_id: str, options: Sequence[Block]) -> Block | None:
    """Make a menu of the options whose value Slack takes; None without any."""
    values = [str(each["value"]) for each in options]
    fits = [0 < len(value) <= OPTION_VALUE_CHARS and value.isascii() for value in values]
    kept = [each for each, fitting in zip(options, fits, strict=True) if fitting]
    if not kept:
        return None
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, PLACEHOLDER_CHARS),
        "options": kept[:OPTIONS],
    }


def overflow(action_id: str, entries: Sequence[tuple[str, Pointer]]) -> Block | None:
    """Make the "…" menu from (label, pointer); None without entries."""
    options = [
        option(label, value)
        for label, pointer in entries
        if (value := value_of(pointer, OPTION_VALUE_CHARS)) is not None
    ]
    if not options:
        return None
    return {"type": "overflow", "action_id": action_id, "options": options[:OVERFLOW_OPTIONS]}


def actions(*elements: Block | None) -> list[Block]:
    """Make a row of buttons and menus; nothing when all are None."""
    kept = [element for element in elements if element is not None]
    return [{"type": "actions", "elements": kept[:BUTTONS]}] if kept else []


_LABELS = {
    act.FILTERS: "Filters",
    act.CSV: "CSV",
    act.SHARE: "Share",
    act.SAVE: "Save",
    act.TELL_ME: "Tell me when…",
    act.REFRESH: "Refresh",
    act.SHOW_API: "Show API request",
    act.RETRY: "Retry",
    act.WITHOUT_IDS: "Send now without call ids",
    act.CANCEL: "Cancel",
    act.SEND_ALL: "Send all",
    act.AUDIO_FILE: "Audio",
    act.TRANSCRIPT_FILE: "Transcript",
}
_STYLES = {act.RETRY: "primary", act.CANCEL: "danger"}


def offers(allowed: Collection[str], pointer: Pointer, *names: str) -> list[Block | None]:
    """Make the buttons of these names that are allowed; MORE is the menu of REFRESH and SHOW_API."""
    made = []
    for name in names:
        if name == act.MORE:
            entries = [entry for entry in (act.REFRESH, act.SHOW_API) if entry in allowed]
            more = [(_LABELS[entry], Pointer(pointer.question_id, pick=entry)) for entry in entries]
            made.append(overflow(act.MORE, more))
        elif name in allowed:
            made.append(button(_LABELS[name], name, pointer, style=_STYLES.get(name)))
    return made


def preformatted(words: str) -> Block:
    """Make a block of code that is shown exactly as it is."""
    text = literal(words, PREFORMATTED_CHARS, lines=True)
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }
