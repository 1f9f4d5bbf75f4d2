"""Elements: buttons, menus, pickers, inputs, and the objects they are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.demo.slack.blockkit.notes import (
    ANY_TEXT,
    Notes,
    check_choice,
    check_fields,
    check_https,
    check_items,
    check_kind,
    check_string,
    check_text,
    is_object,
)

Json = dict[str, Any]

IN_SECTION = frozenset(
    {
        "button",
        "channels_select",
        "checkboxes",
        "conversations_select",
        "datepicker",
        "external_select",
        "image",
        "multi_channels_select",
        "multi_conversations_select",
        "multi_external_select",
        "multi_static_select",
        "multi_users_select",
        "overflow",
        "radio_buttons",
        "static_select",
        "timepicker",
        "users_select",
        "workflow_button",
    }
)
IN_ACTIONS = frozenset(
    {
        "button",
        "channels_select",
        "checkboxes",
        "conversations_select",
        "datepicker",
        "datetimepicker",
        "external_select",
        "overflow",
        "radio_buttons",
        "static_select",
        "timepicker",
        "users_select",
        "workflow_button",
    }
)
IN_INPUT = frozenset(
    {
        "channels_select",
        "checkboxes",
        "conversations_select",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "external_select",
        "file_input",
        "multi_channels_select",
        "multi_conversations_select",
        "multi_external_select",
        "multi_static_select",
        "multi_users_select",
        "number_input",
        "plain_text_input",
        "radio_buttons",
        "rich_text_input",
        "static_select",
        "timepicker",
        "url_text_input",
        "users_select",
    }
)
_BASE = ("type", "action_id")
_PICK = (*_BASE, "placeholder", "confirm", "focus_on_load")
_TYPED = (*_BASE, "placeholder", "focus_on_load", "initial_value", "dispatch_action_config")
_MULTI = (*_PICK, "max_selected_items")
FIELDS: dict[str, tuple[str, ...]] = {
    "button": (*_BASE, "text", "url", "value", "style", "confirm", "accessibility_label"),
    "workflow_button": (*_BASE, "text", "workflow", "style", "accessibility_label"),
    "overflow": (*_BASE, "options", "confirm"),
    "checkboxes": (*_BASE, "options", "initial_options", "confirm", "focus_on_load"),
    "radio_buttons": (*_BASE, "options", "initial_option", "confirm", "focus_on_load"),
    "datepicker": (*_PICK, "initial_date"),
    "timepicker": (*_PICK, "initial_time", "timezone"),
    "datetimepicker": (*_BASE, "initial_date_time", "confirm", "focus_on_load"),
    "static_select": (*_PICK, "options", "option_groups", "initial_option"),
    "external_select": (*_PICK, "initial_option", "min_query_length"),
    "users_select": (*_PICK, "initial_user"),
    "conversations_select": (
        *_PICK,
        "initial_conversation",
        "default_to_current_conversation",
        "response_url_enabled",
        "filter",
    ),
    "channels_select": (*_PICK, "initial_channel", "response_url_enabled"),
    "multi_static_select": (*_MULTI, "options", "option_groups", "initial_options"),
    "multi_external_select": (*_MULTI, "initial_options", "min_query_length"),
    "multi_users_select": (*_MULTI, "initial_users"),
    "multi_conversations_select": (
        *_MULTI,
        "initial_conversations",
        "default_to_current_conversation",
        "filter",
    ),
    "multi_channels_select": (*_MULTI, "initial_channels"),
    "plain_text_input": (*_TYPED, "multiline", "min_length", "max_length"),
    "email_text_input": _TYPED,
    "url_text_input": _TYPED,
    "number_input": (*_TYPED, "is_decimal_allowed", "min_value", "max_value"),
    "rich_text_input": (*_TYPED, "min_lines", "max_lines"),
    "file_input": (*_BASE, "filetypes", "max_files"),
    "image": ("type", "image_url", "alt_text", "slack_file"),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "button": ("text",),
    "workflow_button": ("text", "workflow"),
    "overflow": ("options",),
    "checkboxes": ("options",),
    "radio_buttons": ("options",),
    "number_input": ("is_decimal_allowed",),
    "image": ("alt_text",),
}
MOST_OPTIONS = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def check_element(element: Any, allowed: frozenset[str], at: str, notes: Notes) -> None:
    """Check one element, of a type that its block may hold."""
    if not is_object(element, at, notes):
        return
    if (kind := check_kind(element, allowed, at, notes)) is None:
        return
    if kind == "file_input" and notes.surface != "modal":
        notes.add("unsupported type: file_input", f"{at}/type")
    check_fields(element, FIELDS[kind], NEEDED.get(kind, ()), at, notes)
    if kind == "image":
        _check_image(element, at, notes)
        return
    _check_common(element, at, notes)
    if kind in {"button", "workflow_button"}:
        _check_button(element, at, notes)
    elif "options" in FIELDS[kind]:
        _check_choices(element, at, notes)
    _check_values(element, at, notes)


def _check_common(element: Json, at: str, notes: Notes) -> None:
    """Check what any interactive element may have."""
    if "action_id" in element:
        check_string(element["action_id"], f"{at}/action_id", notes, most=255)
    if "placeholder" in element:
        check_text(element["placeholder"], f"{at}/placeholder", notes, most=150)
    if element.get("focus_on_load"):
        notes.focused += 1
        if notes.focused > 1:
            notes.add("only one element may have focus_on_load", at)
    if "confirm" in element:
        check_confirm(element["confirm"], f"{at}/confirm", notes)


def check_option(option: Any, at: str, notes: Notes, *, kind: str) -> None:
    """Check one option of a menu, a checkbox group, radio buttons or an overflow menu."""
    if not is_object(option, at, notes):
        return
    known = (
        ["type", "text", "value", "description"]
        if kind != "overflow"
        else ["text", "value", "url", "description"]
    )
    if not check_fields(option, known, ("text", "value"), at, notes):
        return
    kinds = ANY_TEXT if kind in {"checkboxes", "radio_buttons"} else ("plain_text",)
    check_text(option["text"], f"{at}/text", notes, most=75, kinds=kinds)
    check_string(option["value"], f"{at}/value", notes, most=150, least=0)
    if "description" in option:
        check_text(option["description"], f"{at}/description", notes, most=75, kinds=kinds)
    if "url" in option:
        check_https(option["url"], f"{at}/url", notes, plain_http=True)


def check_option_groups(groups: Any, at: str, notes: Notes, *, kind: str) -> None:
    """Check the groups of a menu's options."""
    for i, group in enumerate(check_items(groups, at, notes, most=100)):
        where = f"{at}/{i}"
        if not is_object(group, where, notes):
            continue
        if check_fields(group, ("label", "options"), ("label", "options"), where, notes):
            check_text(group["label"], f"{where}/label", notes, most=75)
            for j, option in enumerate(check_items(group["options"], f"{where}/options", notes, most=100)):
                check_option(option, f"{where}/options/{j}", notes, kind=kind)


def check_confirm(confirm: Any, at: str, notes: Notes) -> None:
    """Check a confirmation dialog."""
    if not is_object(confirm, at, notes):
        return
    check_fields(confirm, ("title", "text", "confirm", "deny", "style"), (), at, notes)
    if "title" in confirm:
        check_text(confirm["title"], f"{at}/title", notes, most=100)
    if "text" in confirm:
        check_text(confirm["text"], f"{at}/text", notes, most=300, kinds=ANY_TEXT)
    for name in ("confirm", "deny"):
        if name in confirm:
            check_text(confirm[name], f"{at}/{name}", notes, most=30)
    if "style" in confirm:
        check_choice(confirm["style"], ("primary", "danger"), f"{at}/style", notes)


def _check_image(element: Json, at: str, notes: Notes) -> None:
    check_string(element.get("alt_text"), f"{at}/alt_text", notes, most=2000)
    if ("image_url" in element) == ("slack_file" in element):
        notes.add("must define either `image_url` or `slack_file`", at)
    if "image_url" in element:
        check_https(element["image_url"], f"{at}/image_url", notes)


def _check_button(element: Json, at: str, notes: Notes) -> None:
    if "text" in element:
        check_text(element["text"], f"{at}/text", notes, most=75)
    if "value" in element:
        check_string(element["value"], f"{at}/value", notes, most=2000, least=0)
    if "url" in element:
        check_https(element["url"], f"{at}/url", notes, plain_http=True)
    if "style" in element:
        check_choice(element["style"], ("primary", "danger"), f"{at}/style", notes)
    if "accessibility_label" in element:
        check_string(element["accessibility_label"], f"{at}/accessibility_label", notes, most=75)


def _check_choices(element: Json, at: str, notes: Notes) -> None:
    kind = element["type"]
    groups = "option_groups" in element
    if "option_groups" in FIELDS[kind] and groups == ("options" in element):
        notes.add("must define either `options` or `option_groups`", at)
    if "options" in element:
        most = MOST_OPTIONS.get(kind, 100)
        for i, option in enumerate(check_items(element["options"], f"{at}/options", notes, most=most)):
            check_option(option, f"{at}/options/{i}", notes, kind=kind)
    if groups:
        check_option_groups(element["option_groups"], f"{at}/option_groups", notes, kind=kind)
    offered = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        offered += group.get("options") or [] if isinstance(group, dict) else []
    chosen = [element["initial_option"]] if "initial_option" in element else []
    chosen += element.get("initial_options") or []
    if "initial_options" in element and not element["initial_options"]:
        notes.add("no fewer than 1 items allowed", f"{at}/initial_options")
    for one in chosen:
        if _meaning(one) not in [_meaning(option) for option in offered]:
            name = "initial_option" if "initial_option" in element else "initial_options"
            notes.add("initial option must match one of the options", f"{at}/{name}")


def _meaning(option: Any) -> Any:
    """Return what makes two options the same: value and shown text."""
    if not isinstance(option, dict):
        return option
    text = option.get("text")
    return (option.get("value"), text.get("text") if isinstance(text, dict) else text)


def _check_values(element: Json, at: str, notes: Notes) -> None:
    for name, (fits, problem) in _VALUES.items():
        if name in element and not fits(element[name]):
            notes.add(problem, f"{at}/{name}")
    if element["type"] == "plain_text_input" and "initial_value" in element:
        check_string(element["initial_value"], f"{at}/initial_value", notes, most=3000, least=0)


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    """Return a test for whole numbers between two."""
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


_VALUES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "initial_date": (lambda value: bool(_DATE.fullmatch(str(value))), "must match pattern: YYYY-MM-DD"),
    "initial_time": (lambda value: bool(_TIME.fullmatch(str(value))), "must match pattern: HH:mm"),
    "initial_date_time": (_whole(10**9, 10**10 - 1), "must be a Unix timestamp of 10 digits"),
    "max_selected_items": (_whole(1, 10**6), "must be greater than 0"),
    "min_length": (_whole(0, 3000), "must be between 0 and 3000"),
    "max_length": (_whole(1, 3000), "must be between 1 and 3000"),
    "min_query_length": (_whole(0, 1000), "must be a whole number"),
    "multiline": (_is_flag, "must provide a boolean"),
    "is_decimal_allowed": (_is_flag, "must provide a boolean"),
    "focus_on_load": (_is_flag, "must provide a boolean"),
    "default_to_current_conversation": (_is_flag, "must provide a boolean"),
}
"""By field: the test its value must pass, and the problem otherwise."""
