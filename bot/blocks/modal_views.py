"""Modals: their fields, reading back what was entered, and those that say or ask one thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.blocks import actions as act
from bot.blocks.block_elements import (
    INPUT_CHARS,
    LABEL_CHARS,
    MODAL_TITLE_CHARS,
    OPTION_VALUE_CHARS,
    OPTIONS,
    PLACEHOLDER_CHARS,
    PREFORMATTED_CHARS,
    Block,
    actions,
    context,
    fit_view,
    option,
    plain,
    preformatted,
    section,
    select,
)
from bot.blocks.text import clean, clip, code, literal, plural, size, title

State = Mapping[str, object]
"""`view.state.values` as Slack sends it: block_id -> action_id -> what was entered. Read as hostile."""
ENTRY = "entry"
"""The action_id of every form element but a TIME_OF_DAY: the block_id says which it is."""
TIME_OF_DAY = "time_of_day"


class BadFormError(ValueError):
    """What was entered cannot be: words by block_id, to be shown beside the field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("the form holds something that cannot be")
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class MenuChoice:
    value: str
    label: str


def usable(choices: Iterable[MenuChoice]) -> list[MenuChoice]:
    """Keep the choices that Slack takes as options, each value once, at most a hundred."""
    kept: dict[str, MenuChoice] = {}
    for choice in choices:
        if choice.value.isprintable() and 0 < size(choice.value) <= OPTION_VALUE_CHARS:
            kept.setdefault(choice.value, choice)
    return list(kept.values())[:OPTIONS]


def fitting_options(choices: Sequence[MenuChoice], typed: str) -> dict[str, object]:
    """Build the answer to a block_suggestion: entries that hold every typed word, the best first."""
    words = typed[:100].casefold().split()
    fitting = [choice for choice in choices if all(word in choice.label.casefold() for word in words)]
    start = " ".join(words)
    if start:
        fitting.sort(key=lambda each: (not each.label.casefold().startswith(start), each.label.casefold()))
    return {"options": [option(choice.label, choice.value) for choice in usable(fitting)]}


def form_errors(errors: Mapping[str, str]) -> dict[str, object]:
    """Build the answer to a view_submission that points at fields."""
    shown = {name: clip(words, LABEL_CHARS) for name, words in errors.items()}
    return {"response_action": "errors", "errors": shown}


def input_block(
    block_id: str, label: str, element: Block, *, hint: str | None = None, optional: bool = True
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_CHARS),
        "element": element,
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain(hint, LABEL_CHARS)
    return block


def _element(kind: str, placeholder: str | None, **entries: object) -> Block:
    element: Block = {"type": kind, "action_id": ENTRY}
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, PLACEHOLDER_CHARS)
    return element | {name: value for name, value in entries.items() if value not in (None, "", [])}


def shown_text(initial: str, most: int = INPUT_CHARS) -> str:
    """Return how a line to type in shows its initial text: in one line, cut when it is too long."""
    return clip(clean(initial), most)


def text_input(initial: str, placeholder: str, *, most: int = INPUT_CHARS) -> Block:
    return _element("plain_text_input", placeholder, initial_value=shown_text(initial, most), max_length=most)


def date_input(initial: date | None, placeholder: str) -> Block:
    return _element("datepicker", placeholder, initial_date=initial and initial.isoformat())


def time_input(initial: time | None, placeholder: str) -> Block:
    """Make a time of day, which stands beside a day of the same block."""
    element = _element("timepicker", placeholder, initial_time=initial and f"{initial:%H:%M}")
    return element | {"action_id": TIME_OF_DAY}


def _options(choices: Iterable[MenuChoice]) -> list[Block]:
    return [option(choice.label or choice.value, choice.value) for choice in usable(choices)]


def multi_menu(placeholder: str, choices: Sequence[MenuChoice], selected: Sequence[MenuChoice]) -> Block:
    """Make a menu to choose several from; what is selected is among the choices, or added to them."""
    options = _options([*selected, *choices])
    values = {choice.value for choice in selected}
    initial = [entry for entry in options if entry["value"] in values]
    return _element("multi_static_select", placeholder, options=options, initial_options=initial)


def menu(choices: Sequence[MenuChoice], selected: str) -> Block:
    """Make a menu to choose one from; the selected one must be among the choices."""
    options = _options(choices)
    initial = next((entry for entry in options if entry["value"] == selected), None)
    return _element("static_select", None, options=options, initial_option=initial)


def checkboxes(choices: Sequence[MenuChoice]) -> Block:
    return _element("checkboxes", None, options=_options(choices))


def external_menu(placeholder: str, action_id: str, selected: Sequence[MenuChoice]) -> Block:
    """Make a menu to choose several from, whose options the bot is asked for as the person types."""
    element = _element("multi_external_select", placeholder, initial_options=_options(selected))
    return element | {"action_id": action_id, "min_query_length": 0}


def channel_select(placeholder: str, initial: str | None = None) -> Block:
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
    picked = _entry(state, block_id, action_id).get("selected_options")
    found = []
    for entry in picked if isinstance(picked, list) else []:
        value = entry.get("value") if isinstance(entry, Mapping) else None
        words = entry.get("text") if isinstance(entry, Mapping) else None
        label = words.get("text") if isinstance(words, Mapping) else None
        if isinstance(value, str) and value:
            found.append(MenuChoice(value, label if isinstance(label, str) else value))
    return tuple(found)


_NOTE_CHARS = 500
_SAID = "said"


def modal(
    callback_id: str, name: str, blocks: Sequence[Block], *, metadata: str | None = None
) -> dict[str, object]:
    """Make a modal to read. `metadata` becomes private_metadata: nothing personal."""
    view: dict[str, object] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(name, MODAL_TITLE_CHARS),
        "close": plain("Close", MODAL_TITLE_CHARS),
        "blocks": fit_view(blocks),
    }
    return view if metadata is None else view | {"private_metadata": metadata}


def form(
    callback_id: str, name: str, submit: str, blocks: Sequence[Block], metadata: str = ""
) -> dict[str, object]:
    return modal(callback_id, name, blocks, metadata=metadata) | {
        "submit": plain(submit, MODAL_TITLE_CHARS),
        "close": plain("Cancel", MODAL_TITLE_CHARS),
    }


def loading_modal(name: str, words: str = "One moment…") -> dict[str, object]:
    """Make what is opened within the trigger's three seconds, to be updated when the answer is there."""
    return modal(act.LOADING_VIEW, name, [section(words)])


def notice_modal(name: str, headline_markup: str, next_step_markup: str = "") -> dict[str, object]:
    """Make a modal that only says something (markup): an error, or that something was sent elsewhere."""
    return loading_modal(
        name, f"*{headline_markup}*\n{next_step_markup}" if next_step_markup else headline_markup
    )


def noted(view: Mapping[str, object], words: str) -> dict[str, object]:
    """Return a view as it is seen, with a line (markup) over it; another one that stood there is replaced."""
    seen = view.get("blocks")
    blocks = [block for block in seen if block.get("block_id") != _SAID] if isinstance(seen, list) else []
    kept = {name: view[name] for name in ("type", "callback_id", "title", "close", "private_metadata")}
    return {**kept, "blocks": [context(words) | {"block_id": _SAID}, *blocks]}


def choose_call_modal(ids: Sequence[str]) -> dict[str, object]:
    """Ask which of several ids (a message named them) is to be opened."""
    words = f"This message names {plural(len(ids), 'call')}."
    menu = actions(select("Open a call", act.OPEN_CALL, _options(MenuChoice(each, each) for each in ids)))
    return modal(act.LOADING_VIEW, "Find this call", [section(words), *menu])


CHANNEL, NOTE, FILES = "channel", "note", "files"
# The block_ids of the Share form's fields.
_FILES = (act.TRANSCRIPT_FILE, act.AUDIO_FILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareForm:
    channel_id: str
    note: str = ""
    files: tuple[str, ...] = ()
    """Of a call: TRANSCRIPT_FILE, AUDIO_FILE."""


def share_modal(
    what: str, *, channel_id: str | None, files: Sequence[MenuChoice] = (), metadata: str
) -> dict[str, object]:
    """Ask where to share something (markup), with which note, and with which files of a call."""
    channel = channel_select("A channel that you and I are in", channel_id)
    blocks = [
        section(what),
        input_block(CHANNEL, "Channel", channel, optional=False),
        input_block(NOTE, "Note", text_input("", "Worth a look: the refund at 1:20", most=_NOTE_CHARS)),
        *([input_block(FILES, "In its thread", checkboxes(files))] if files else []),
        context("Everybody in the channel can read it. It says who shared it."),
    ]
    return form(act.SHARE_VIEW, "Share", "Share", blocks, metadata)


def read_share(state: object) -> ShareForm:
    """Read the form back. Raises BadFormError when no channel is chosen."""
    channel_id = entered(state, CHANNEL)
    if not channel_id:
        raise BadFormError({CHANNEL: "Choose a channel."})
    note = entered(state, NOTE)[:_NOTE_CHARS]
    files = {choice.value for choice in chosen_choices(state, FILES)}
    return ShareForm(channel_id=channel_id, note=note, files=tuple(each for each in _FILES if each in files))


def api_request_modal(
    sentence: str, *, endpoint: str, curl: str, python: str, local: tuple[str, ...] = ()
) -> dict[str, object]:
    """Show the request of a question. `local` are the filters that the API cannot apply: they are named."""
    blocks = [
        section(title(sentence)),
        section(f"*Endpoint*\n{code(endpoint, 1000)}"),
        section("*curl*"),
        preformatted(curl),
        section("*Python*"),
        preformatted(python),
        context("Your key is not shown: set `ELEVENLABS_API_KEY` first."),
    ]
    if max(len(curl), len(python)) > PREFORMATTED_CHARS:
        blocks.append(context("Too long to show whole: `bot explain` prints all of it."))
    if local:
        words = ", ".join(literal(word, 100) for word in local)
        blocks.append(
            context(f"The API cannot filter by {code(words, 500)}: the bot does that on the rows it gets.")
        )
    return modal(act.API_VIEW, "API request", blocks)
