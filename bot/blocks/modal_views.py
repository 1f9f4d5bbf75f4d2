"""Modals: what they have in common, and those that say or ask one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import actions as act
from bot.blocks.block_elements import actions, context, option, plain, preformatted, section, select
from bot.blocks.inputs import (
    BadFormError,
    MenuChoice,
    channel_select,
    checkboxes,
    chosen,
    entered,
    input_block,
    text_input,
    usable,
)
from bot.blocks.limits import MODAL_TITLE_CHARS, PREFORMATTED_CHARS, Block, fit_view
from bot.blocks.text import code, literal, plural, title

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
    """Make a modal with a button that submits it."""
    return modal(callback_id, name, blocks, metadata=metadata) | {
        "submit": plain(submit, MODAL_TITLE_CHARS),
        "close": plain("Cancel", MODAL_TITLE_CHARS),
    }


def loading_modal(name: str = "Call", words: str = "One moment…") -> dict[str, object]:
    """Make what is opened within the trigger's three seconds, to be updated when the answer is there."""
    return modal(act.LOADING_VIEW, name, [section(words)])


def notice_modal(name: str, headline_markup: str, next_step_markup: str = "") -> dict[str, object]:
    """Make a modal that only says something (markup): an error, or that something was sent elsewhere."""
    words = f"*{headline_markup}*\n{next_step_markup}" if next_step_markup else headline_markup
    return modal(act.LOADING_VIEW, name, [section(words)])


def noted(view: Mapping[str, object], words: str) -> dict[str, object]:
    """Return a view as it is seen, with a line (markup) over it; another one that stood there is replaced."""
    seen = view.get("blocks")
    blocks = [block for block in seen if block.get("block_id") != _SAID] if isinstance(seen, list) else []
    kept = {name: view[name] for name in ("type", "callback_id", "title", "close", "private_metadata")}
    return {**kept, "blocks": [context(words) | {"block_id": _SAID}, *blocks]}


def choose_call_modal(ids: Sequence[str]) -> dict[str, object]:
    """Ask which of several ids (a message named them) is to be opened."""
    options = [
        option(choice.label, choice.value) for choice in usable(MenuChoice(each, each) for each in ids)
    ]
    words = f"This message names {plural(len(ids), 'call')}."
    menu = actions(select("Open a call", act.OPEN_CALL, options))
    return modal(act.LOADING_VIEW, "Find this call", [section(words), *menu])


CHANNEL, NOTE, FILES = "channel", "note", "files"
# The block_ids of the Share form's fields.


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareForm:
    """Where something is to be shared, and how."""

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
    files = tuple(file for file in chosen(state, FILES) if file in (act.TRANSCRIPT_FILE, act.AUDIO_FILE))
    return ShareForm(channel_id=channel_id, note=note, files=files)


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
