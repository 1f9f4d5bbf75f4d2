"""One opened call as a message, and what is said while it is looked for."""

from __future__ import annotations

from datetime import tzinfo

from bot.blocks.actions import CANCEL, Pointer
from bot.blocks.call_facts import CallView, fact_blocks, headline
from bot.blocks.elements import Block, actions, button, context, section
from bot.blocks.limits import message
from bot.blocks.rows import result
from bot.blocks.text import code, day, escape, plural, spoken, started
from bot.blocks.transcript import first_turns
from bot.model import Call, Message

__all__ = [
    "CallView",
    "call_message",
    "looking_message",
    "looking_words",
    "not_found_message",
    "not_found_words",
]

_EXCERPT = 2_000
"""Characters of transcript in a message: the rest is in the modal and the file."""


def call_message(view: CallView) -> Message:
    """Build the message of one call: facts, ids, what can be done, the beginning of the transcript."""
    call = view.call
    return message(_text(view), [*fact_blocks(view), *_excerpt(call)])


def _text(view: CallView) -> str:
    call = view.call
    phone = call.phone
    facts = [
        escape(headline(call), 200),
        escape(call.agent_name or call.agent_id, 80),
        started(call.start_time_unix_secs, view.tz, view.now),
        spoken(call.call_duration_secs),
        escape(result(call.status, call.call_successful), 40),
        f"call {code(phone.call_id)}" if phone and phone.call_id else "",
        f"conversation {code(call.conversation_id)}",
    ]
    return " · ".join(fact for fact in facts if fact)


def _excerpt(call: Call) -> list[Block]:
    if not call.transcript:
        return [context("No transcript." if call.final else "No transcript yet.")]
    blocks, shown = first_turns(call.transcript, _EXCERPT)
    total = len(call.transcript)
    words = f"The first {shown} of {total} turns" if shown < total else plural(total, "turn")
    return [section("*Transcript*"), *blocks, context(words)]


def looking_words(wanted: str, *, seen: int, back_to: float | None, tz: tzinfo) -> str:
    """Say in markup how far the search for an id has come."""
    so_far = f"{plural(seen, 'phone call')} checked"
    if back_to is not None:
        so_far += f", back to {day(back_to, tz)}"
    return f"Looking for {code(wanted, 150)}: {so_far}"


def looking_message(
    wanted: str, *, seen: int, back_to: float | None, tz: tzinfo, question_id: str | None = None
) -> Message:
    """Say how far the search for an id has come; a `question_id` adds Cancel."""
    text = looking_words(wanted, seen=seen, back_to=back_to, tz=tz)
    cancel = button("Cancel", CANCEL, Pointer(question_id), style="danger") if question_id else None
    return message(text, [section(text), *actions(cancel)])


def not_found_message(wanted: str, how_far: str, *, next_step: str | None = None) -> Message:
    """Say that no call has an id, and how far was looked (plain words, whole sentences)."""
    text, more = not_found_words(wanted, how_far, next_step=next_step)
    return message(f"{text} {more}", [section(f"{text}\n{more}")])


def not_found_words(wanted: str, how_far: str, *, next_step: str | None = None) -> tuple[str, str]:
    """Say the same as two pieces of markup: that there is none, and how far was looked with a next step."""
    step = next_step or "Check the id, or add a time near the call, such as “on 3 November”."
    text = f"No conversation has the id {code(wanted, 150)}."
    return text, f"{escape(how_far, 600)} {escape(step, 400)}"
