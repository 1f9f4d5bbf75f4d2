"""Pieces of forms, each within its own limit, and reading back what was entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.blocks import limits
from bot.blocks.block_elements import option, plain
from bot.blocks.limits import Block
from bot.blocks.text import clip, one_line, size

State = Mapping[str, object]
"""`view.state.values` as Slack sends it: block_id -> action_id -> what was entered. Read as hostile."""
ENTRY = "entry"
"""The action_id of every form element: the block_id says which it is."""


class BadFormError(ValueError):
    """What was entered cannot be: words by block_id, to be shown beside the field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("the form holds something that cannot be")
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """An entry of a menu."""

    value: str
    label: str


def usable(choices: Iterable[MenuChoice]) -> list[MenuChoice]:
    """Keep the choices that Slack takes as options, each value once, at most a hundred."""
    kept: dict[str, MenuChoice] = {}
    for choice in choices:
        if choice.value.isprintable() and 0 < size(choice.value) <= limits.OPTION_VALUE_CHARS:
            kept.setdefault(choice.value, choice)
    return list(kept.values())[: limits.OPTIONS]


def form_errors(errors: Mapping[str, str]) -> dict[str, object]:
    """Build the answer to a view_submission that points at fields."""
    shown = {name: clip(words, limits.LABEL_CHARS) for name, words in errors.items()}
    return {"response_action": "errors", "errors": shown}


def input_block(
    block_id: str, label: str, element: Block, *, hint: str | None = None, optional: bool = True
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, limits.LABEL_CHARS),
        "element": element,
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain(hint, limits.LABEL_CHARS)
    return block


def _element(kind: str, placeholder: str | None, **entries: object) -> Block:
    element: Block = {"type": kind, "action_id": ENTRY}
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, limits.PLACEHOLDER_CHARS)
    return element | {name: value for name, value in entries.items() if value not in (None, "", [])}


def shown_text(initial: str, most: int = limits.INPUT_CHARS) -> str:
    """Return how a line to type in shows its initial text: in one line, cut when it is too long."""
    return clip(one_line(initial), most)


def text_input(initial: str, placeholder: str, *, most: int = limits.INPUT_CHARS) -> Block:
    return _element("plain_text_input", placeholder, initial_value=shown_text(initial, most), max_length=most)


def date_input(initial: date | None, placeholder: str) -> Block:
    return _element("datepicker", placeholder, initial_date=initial and initial.isoformat())


def time_input(initial: time | None, placeholder: str) -> Block:
    return _element("timepicker", placeholder, initial_time=initial and f"{initial:%H:%M}")


def _options(choices: Sequence[MenuChoice]) -> list[Block]:
    return [option(choice.label or choice.value, choice.value) for choice in choices]


def multi_menu(placeholder: str, choices: Sequence[MenuChoice], selected: Sequence[str]) -> Block:
    """Make a menu to choose several from; a selected value that is none of the choices is added to them."""
    known = {choice.value for choice in choices}
    foreign = [MenuChoice(value, value) for value in selected if value not in known]
    options = _options(usable([*foreign, *choices]))
    initial = [entry for entry in options if entry["value"] in set(selected)]
    return _element("multi_static_select", placeholder, options=options, initial_options=initial)


def menu(choices: Sequence[MenuChoice], selected: str) -> Block:
    """Make a menu to choose one from; the selected one must be among the choices."""
    options = _options(usable(choices))
    initial = next((entry for entry in options if entry["value"] == selected), None)
    return _element("static_select", None, options=options, initial_option=initial)


def checkboxes(choices: Sequence[MenuChoice]) -> Block:
    return _element("checkboxes", None, options=_options(choices))


def external_menu(placeholder: str, action_id: str, selected: Sequence[MenuChoice]) -> Block:
    """Make a menu to choose several from, whose options the bot is asked for as the person types."""
    element = _element("multi_external_select", placeholder, initial_options=_options(usable(selected)))
    return element | {"action_id": action_id, "min_query_length": 0}


def channel_select(placeholder: str, initial: str | None = None) -> Block:
    """Make a menu of channels of this company only."""
    own = {
        "include": ["public", "private"],
        "exclude_bot_users": True,
        "exclude_external_shared_channels": True,
    }
    return _element("conversations_select", placeholder, initial_conversation=initial, filter=own)


def _entry(state: object, block_id: str, action_id: str) -> Mapping[str, object]:
    block = state.get(block_id) if isinstance(state, Mapping) else None
    entry = block.get(action_id) if isinstance(block, Mapping) else None
    return entry if isinstance(entry, Mapping) else {}


def entered(state: object, block_id: str, action_id: str = ENTRY) -> str:
    """Return what was typed or picked (text, day, time, option, channel); "" for nothing or nonsense."""
    entry = _entry(state, block_id, action_id)
    for name in ("value", "selected_date", "selected_time", "selected_conversation"):
        value = entry.get(name)
        if isinstance(value, str):
            return value.strip()
    picked = entry.get("selected_option")
    value = picked.get("value") if isinstance(picked, Mapping) else None
    return value if isinstance(value, str) else ""


def chosen_choices(state: object, block_id: str, action_id: str = ENTRY) -> tuple[MenuChoice, ...]:
    """Return the options chosen in a menu of several."""
    picked = _entry(state, block_id, action_id).get("selected_options")
    found = []
    for entry in picked if isinstance(picked, list) else []:
        value = entry.get("value") if isinstance(entry, Mapping) else None
        words = entry.get("text") if isinstance(entry, Mapping) else None
        label = words.get("text") if isinstance(words, Mapping) else None
        if isinstance(value, str) and value:
            found.append(MenuChoice(value, label if isinstance(label, str) else value))
    return tuple(found)


def chosen(state: object, block_id: str) -> tuple[str, ...]:
    """Return the values chosen in a menu of several."""
    return tuple(choice.value for choice in chosen_choices(state, block_id))
