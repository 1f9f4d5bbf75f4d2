"""One opened call as a modal: facts first, then its transcript page by page."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered, page_pick
from bot.blocks.call_facts import CallView, fact_blocks, headline
from bot.blocks.elements import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    option,
    plain,
    section,
    select,
    value_of,
)
from bot.blocks.inputs import Choice, usable
from bot.blocks.limits import fit_view
from bot.blocks.text import plural
from bot.blocks.transcript import pages

__all__ = ["call_modal", "choose_call_modal", "loading_modal", "notice_modal"]

_TITLE = 24
"""Characters that Slack takes in a modal's title."""


def call_modal(view: CallView, page: int = 0) -> dict[str, object]:
    """Build the modal. `page` counts from 0; one that does not exist is the nearest that does."""
    call = view.call
    cut = pages(call.transcript)
    page = max(0, min(page, len(cut) - 1))
    top = fact_blocks(view) if page == 0 else [header(headline(call))]
    if cut:
        words = "*Transcript*" if len(cut) == 1 else f"*Transcript, page {page + 1} of {len(cut)}*"
        body = [section(words), *cut[page], context(plural(len(call.transcript), "turn"))]
    else:
        body = [context("No transcript." if call.final else "No transcript yet.")]
    pointer = Pointer(view.question_id, pick=page_pick(page, call.conversation_id))
    return _modal(
        "Call", [*top, divider(), *body, *_turning(view, page, len(cut))], act.CALL_VIEW, value_of(pointer)
    )


def _turning(view: CallView, page: int, count: int) -> list[Block]:
    def to(label: str, index: int, target: int) -> Block | None:
        pick = page_pick(target, view.call.conversation_id)
        return button(label, numbered(act.CALL_PAGE, index), Pointer(view.question_id, pick=pick))

    return actions(
        to("Previous page", 0, page - 1) if page > 0 else None,
        to("Next page", 1, page + 1) if page + 1 < count else None,
    )


def loading_modal(title: str = "Call", words: str = "One moment…") -> dict[str, object]:
    """Build what is opened within the trigger's three seconds, to be updated when the answer is there."""
    return _modal(title, [section(words)], act.LOADING_VIEW, None)


def notice_modal(title: str, headline_markup: str, next_step_markup: str = "") -> dict[str, object]:
    """Build a modal that only says something (markup): an error, or that something was sent elsewhere."""
    words = f"*{headline_markup}*\n{next_step_markup}" if next_step_markup else headline_markup
    return _modal(title, [section(words)], act.LOADING_VIEW, None)


def choose_call_modal(ids: Sequence[str]) -> dict[str, object]:
    """Build a modal that asks which of several ids (a message named them) is to be opened."""
    options = [option(choice.label, choice.value) for choice in usable(Choice(each, each) for each in ids)]
    words = f"This message names {plural(len(ids), 'call')}."
    menu = actions(select("Open a call", act.OPEN_CALL, options))
    return _modal("Find this call", [section(words), *menu], act.LOADING_VIEW, None)


def _modal(title: str, blocks: list[Block], callback_id: str, metadata: str | None) -> dict[str, object]:
    view: dict[str, object] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, _TITLE),
        "close": plain("Close", _TITLE),
        "blocks": fit_view(blocks),
    }
    if metadata is not None:
        view["private_metadata"] = metadata
    return view
