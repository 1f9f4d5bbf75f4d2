"""Block Kit's elements as a table (where each may stand, its fields, each field's rule), and rich text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.demo.slack.block_kit_rules import (
    FLAG,
    HTTPS,
    LINK,
    Findings,
    Rule,
    anything,
    as_list,
    choice,
    items,
    objects_in,
    pattern,
    shape,
    string,
    text,
    typed,
    whole,
)
from bot.demo.slack.shapes import Json


def option(*, mrkdwn: bool = False, url: bool = False) -> Rule:
    fields = {
        "text": text(75, mrkdwn=mrkdwn),
        "value": string(150, least=0),
        "description": text(75, mrkdwn=mrkdwn),
    }
    return shape({**fields, "url": LINK} if url else fields, ["text", "value"])


OPTIONS = items(option(), 100)
GROUPS = items(shape({"label": text(75), "options": OPTIONS}, ["label", "options"]), 100)
STYLE = choice("primary", "danger")
CONFIRM = shape(
    {
        "title": text(100),
        "text": text(300, mrkdwn=True),
        "confirm": text(30),
        "deny": text(30),
        "style": STYLE,
    }
)


def focus(value: Any, at: str, found: Findings) -> None:
    FLAG(value, at, found)
    found.focused += bool(value)
    if value and found.focused > 1:
        found.add("only one element may have focus_on_load", at)


def initial_options_exist(element: Json, at: str, found: Findings) -> None:
    """Note initial options that are not among the options (value and shown text make them the same)."""

    def meaning(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        shown = item.get("text")
        return (item.get("value"), shown.get("text") if isinstance(shown, dict) else shown)

    offered = as_list(element.get("options"))
    for group in objects_in(element.get("option_groups")):
        offered = offered + as_list(group.get("options"))
    for name in ("initial_option", "initial_options"):
        if name in element:
            chosen = [element[name]] if name == "initial_option" else as_list(element[name])
            if not chosen:
                found.add("no fewer than 1 items allowed", f"{at}/{name}")
            if any(meaning(one) not in [meaning(other) for other in offered] for one in chosen):
                found.add("initial option must match one of the options", f"{at}/{name}")


def only_in_modals(element: Json, at: str, found: Findings) -> None:
    if found.surface != "modal":
        found.add(f"unsupported type: {element['type']}", f"{at}/type")


def has_a_condition(value: Json, at: str, found: Findings) -> None:
    if not value:
        found.add("must define at least one of `include`, `exclude_external_shared_channels`, …", at)


FIELDS: dict[str, Rule] = {
    "accessibility_label": string(75),
    "action_id": string(255),
    "alt_text": string(2000),
    "confirm": CONFIRM,
    "default_to_current_conversation": FLAG,
    "filter": shape(
        {
            "include": items(choice("im", "mpim", "private", "public"), 4),
            "exclude_external_shared_channels": FLAG,
            "exclude_bot_users": FLAG,
        },
        also=has_a_condition,
    ),
    "focus_on_load": focus,
    "image_url": HTTPS,
    "initial_date": pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "YYYY-MM-DD"),
    "initial_date_time": whole(10**9, 10**10 - 1, "must be a Unix timestamp of 10 digits"),
    "initial_time": pattern(r"([01]\d|2[0-3]):[0-5]\d", "HH:mm"),
    "is_decimal_allowed": FLAG,
    "max_length": whole(1, 3000),
    "max_selected_items": whole(1, 10**6, "must be greater than 0"),
    "min_length": whole(0, 3000),
    "min_query_length": whole(0, 1000, "must be a whole number"),
    "multiline": FLAG,
    "option_groups": GROUPS,
    "options": OPTIONS,
    "response_url_enabled": FLAG,
    "placeholder": text(150),
    "style": STYLE,
    "text": text(75),
    "url": LINK,
    "value": string(2000, least=0),
}
"""The fields of elements that are checked, by name."""
OF_KIND: dict[tuple[str, str], Rule] = {
    ("overflow", "options"): items(option(url=True), 5),
    ("checkboxes", "options"): items(option(mrkdwn=True), 10),
    ("radio_buttons", "options"): items(option(mrkdwn=True), 10),
    ("plain_text_input", "initial_value"): string(3000, least=0),
}
"""Where a kind's field differs."""
BASE = "action_id"
CHOOSE = f"{BASE} confirm focus_on_load"
PICK = f"{CHOOSE} placeholder"
MULTI = f"{PICK} max_selected_items"
TYPED = f"{BASE} placeholder focus_on_load initial_value dispatch_action_config"
ELEMENTS = {
    "button": ("section actions", f"{BASE} text* url value style confirm accessibility_label"),
    "workflow_button": ("section actions", f"{BASE} text* workflow* style accessibility_label"),
    "overflow": ("section actions", f"{BASE} options* confirm"),
    "checkboxes": ("section actions input", f"{CHOOSE} options* initial_options"),
    "radio_buttons": ("section actions input", f"{CHOOSE} options* initial_option"),
    "datepicker": ("section actions input", f"{PICK} initial_date"),
    "timepicker": ("section actions input", f"{PICK} initial_time timezone"),
    "datetimepicker": ("actions input", f"{CHOOSE} initial_date_time"),
    "static_select": ("section actions input", f"{PICK} options option_groups initial_option"),
    "external_select": ("section actions input", f"{PICK} initial_option min_query_length"),
    "users_select": ("section actions input", f"{PICK} initial_user"),
    "conversations_select": (
        "section actions input",
        f"{PICK} initial_conversation default_to_current_conversation response_url_enabled filter",
    ),
    "channels_select": ("section actions input", f"{PICK} initial_channel response_url_enabled"),
    "multi_static_select": ("section input", f"{MULTI} options option_groups initial_options"),
    "multi_external_select": ("section input", f"{MULTI} initial_options min_query_length"),
    "multi_users_select": ("section input", f"{MULTI} initial_users"),
    "multi_conversations_select": (
        "section input",
        f"{MULTI} initial_conversations default_to_current_conversation filter",
    ),
    "multi_channels_select": ("section input", f"{MULTI} initial_channels"),
    "plain_text_input": ("input", f"{TYPED} multiline min_length max_length"),
    "email_text_input": ("input", TYPED),
    "url_text_input": ("input", TYPED),
    "number_input": ("input", f"{TYPED} is_decimal_allowed* min_value max_value"),
    "rich_text_input": ("input", f"{TYPED} min_lines max_lines"),
    "file_input": ("input", f"{BASE} filetypes max_files"),
    "image": ("section context", "image_url slack_file alt_text*"),
}
"""By type: the blocks that take it, and its fields; * marks those it needs."""


def _element(kind: str, fields: str) -> Rule:
    names = [name.removesuffix("*") for name in fields.split()]
    one_of = {
        "image": ("image_url", "slack_file"),
        "static_select": ("options", "option_groups"),
        "multi_static_select": ("options", "option_groups"),
    }
    also = initial_options_exist if "options" in names and kind != "overflow" else anything
    return shape(
        {name: OF_KIND.get((kind, name), FIELDS.get(name, anything)) for name in names},
        [name.removesuffix("*") for name in fields.split() if name.endswith("*")],
        one_of=one_of.get(kind),
        also=only_in_modals if kind == "file_input" else also,
    )


def element_of(block: str) -> Rule:
    return typed(
        {kind: _element(kind, fields) for kind, (blocks, fields) in ELEMENTS.items() if block in blocks}
    )


_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
WORD = string(40_000)
_STYLE: dict[str, Rule] = {"style": shape(dict.fromkeys(_STYLES, FLAG))}
_PARTS: dict[str, Rule] = {
    "text": shape({"text": string(40_000, counted=True), **_STYLE}, ["text"]),
    "link": shape({"url": WORD, "text": string(40_000, counted=True), "unsafe": FLAG, **_STYLE}, ["url"]),
    "emoji": shape({"name": WORD, "unicode": anything, "skin_tone": anything, **_STYLE}, ["name"]),
    "user": shape({"user_id": WORD, **_STYLE}, ["user_id"]),
    "usergroup": shape({"usergroup_id": WORD, **_STYLE}, ["usergroup_id"]),
    "channel": shape({"channel_id": WORD, **_STYLE}, ["channel_id"]),
    "team": shape({"team_id": WORD, **_STYLE}, ["team_id"]),
    "broadcast": shape({"range": WORD, **_STYLE}, ["range"]),
    "color": shape({"value": WORD, **_STYLE}, ["value"]),
    "date": shape(
        {"timestamp": anything, "format": WORD, "fallback": anything, "url": anything, **_STYLE},
        ["timestamp", "format"],
    ),
}
_INLINE: dict[str, Rule] = {"elements": items(typed(_PARTS), 1000, least=0)}
_RICH_SECTION = shape(_INLINE, ["elements"])
_RICH: dict[str, Rule] = {
    "rich_text_section": _RICH_SECTION,
    "rich_text_list": shape(
        {
            "elements": items(typed({"rich_text_section": _RICH_SECTION}), 1000),
            "style": choice("bullet", "ordered"),
            "indent": anything,
            "offset": anything,
            "border": anything,
        },
        ["elements", "style"],
    ),
    "rich_text_preformatted": shape({**_INLINE, "border": anything, "language": anything}, ["elements"]),
    "rich_text_quote": shape({**_INLINE, "border": anything}, ["elements"]),
}
RICH_TEXT: dict[str, Rule] = {"elements": items(typed(_RICH), 1000)}
_NAMELESS = frozenset({"emoji", "user", "channel", "usergroup", "date", "broadcast", "color"})
"""Parts that show a name or picture which is not in the block."""


def visible_texts(node: Any) -> Iterator[str]:
    """Give the texts that rich text shows, as far as they are in the block."""
    for item in as_list(node):
        yield from visible_texts(item)
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        elif node.get("type") == "link":
            yield str(node.get("url", ""))
        elif isinstance(node.get("type"), str) and node["type"] in _NAMELESS:
            yield "·"
        yield from visible_texts(node.get("elements"))
