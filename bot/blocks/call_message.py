"""One opened call: its facts, as a message and as a modal, and what is said while it is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered, page_pick
from bot.blocks.block_elements import (
    actions,
    button,
    context,
    divider,
    fields,
    header,
    link_button,
    section,
    value_of,
)
from bot.blocks.call_words import NOT_READABLE, channel, one_word, result
from bot.blocks.help_message import listing
from bot.blocks.limits import Block, message
from bot.blocks.modal_views import modal
from bot.blocks.text import (
    DASH,
    clock,
    code,
    day,
    escape,
    note_line,
    number,
    one_line,
    open_url,
    plural,
    spoken,
    started,
)
from bot.blocks.transcript import first_turns, pages, tools_used
from bot.model import Call, Criterion, Message, PhoneCall

_EXCERPT = 2_000
"""Characters of transcript in a message: the rest is in the modal and the file."""
_OTHER = {"inbound": "Caller", "outbound": "Called number"}
_MARKS = {"success": "✓", "failure": "✗"}
_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """Everything that one opened call shows."""

    call: Call
    """With numbers masked already, where they are to be masked."""
    tz: tzinfo
    now: float
    language: str | None = None
    """The main language's name, where its code is a known one."""
    question_id: str = ""
    actions: frozenset[str] = frozenset()
    """TRANSCRIPT_FILE, AUDIO_FILE (shown only when there is audio), CALL_API, OPEN_LINK (the dashboard)."""
    notes: Sequence[str] = ()


def headline(call: Call) -> str:
    """Name a call in plain words: its title, or what it is."""
    return one_line((call.call_summary_title or "")[:400]) or "Untitled call"


def fact_blocks(view: CallView) -> list[Block]:
    """Show title, facts, ids, what can be done with the call, summary, evaluation, data and tools."""
    call = view.call
    blocks = [
        header(headline(call)),
        context(_when(view)),
        fields(_facts(view)),
        section(_ids(call)),
        *_call_buttons(view),
    ]
    blocks += [
        section(f"*{name}*\n{escape(words, 1200, lines=True)}")
        for name, words in (
            ("Summary", call.transcript_summary),
            ("Feedback", call.feedback_comment),
            ("Error", call.error),
            ("Warnings", "\n".join(call.warnings[:_LISTED])),
        )
        if words and words.strip()
    ]
    blocks += _listed(
        "Evaluation", [_criterion(item) for item in call.criteria[:_LISTED]], len(call.criteria)
    )
    collected = [
        f"{escape(item.data_collection_id, 80) or DASH}: {escape(item.value, 150) or DASH}"
        for item in call.collected[:_LISTED]
    ]
    blocks += _listed("Collected data", collected, len(call.collected))
    tools = tools_used(call.transcript)
    if tools:
        blocks.append(section(f"*Tools*\n{tools}"))
    notes = note_line(view.notes)
    return [*blocks, context(notes)] if notes else blocks


def _call_buttons(view: CallView) -> list[Block]:
    """Offer what can be done with a call."""
    call, pointer = view.call, Pointer(view.question_id, pick=view.call.conversation_id)
    url = open_url(call.conversation_id, call.site)
    offers = (
        (act.TRANSCRIPT_FILE, "Transcript file", bool(call.transcript)),
        (act.AUDIO_FILE, "Audio", call.has_audio),
        (act.CALL_API, "Show API request", True),
    )
    return actions(
        *(button(label, name, pointer) for name, label, there in offers if there and name in view.actions),
        link_button("Open in ElevenLabs", act.OPEN_LINK, url)
        if url and act.OPEN_LINK in view.actions
        else None,
    )


def _when(view: CallView) -> str:
    call = view.call
    parts = [
        escape(call.agent_name or call.agent_id, 80),
        f"{day(call.start_time_unix_secs, view.tz)}, {clock(call.start_time_unix_secs, view.tz)}",
        spoken(call.call_duration_secs),
        "" if call.final else "not finished yet",
        "broke off" if call.status == "failed" else "",
    ]
    return " · ".join(part for part in parts if part)


def _facts(view: CallView) -> list[tuple[str, str]]:
    call, phone = view.call, view.call.phone
    source = call.conversation_initiation_source
    facts = [
        ("Result", result(call.status, call.call_successful)),
        ("Rating", f"{number(call.rating)} of 5" if call.rating is not None else None),
        ("Direction", one_word(phone.direction) if phone and phone.direction else None),
        ("Channel", channel(source) if source else None),
        ("Ended because", call.termination_reason),
        ("Language", view.language or call.main_language),
        ("Cost", f"{number(call.cost)} credits" if call.cost is not None else None),
        ("User", call.user_id),
        ("Agent number", phone.agent_number if phone else None),
        (
            _OTHER.get(phone.direction or "", "Other number") if phone else "",
            phone.external_number if phone else None,
        ),
    ]
    return [(name, escape(value, 200)) for name, value in facts if value and value.strip()]


def _ids(call: Call) -> str:
    lines = [f"*Conversation id*  {code(call.conversation_id)}"]
    if call.phone is None:
        lines.append(f"*Call id*  {NOT_READABLE if not call.phone_known else f'{DASH} not a phone call'}")
    else:
        lines += _phone_ids(call.phone)
    lines.append(f"*Agent id*  {code(call.agent_id, 120)}")
    return "\n".join(lines)


def _phone_ids(phone: PhoneCall) -> list[str]:
    by = f" ({escape(channel(phone.phone_provider))})"
    lines = [
        f"*Call id*  {code(phone.call_id)}{by}" if phone.call_id else f"*Call id*  none from the carrier{by}"
    ]
    if phone.call_sid and phone.call_sid != phone.call_id:
        lines.append(f"*Call sid*  {code(phone.call_sid)} (ElevenLabs)")
    return lines


def _criterion(criterion: Criterion) -> str:
    mark, reason = _MARKS.get(criterion.result, "?"), escape(criterion.rationale, 150)
    verdict = escape(result("done", criterion.result))
    words = f"{mark} {escape(criterion.criteria_id, 80) or DASH}: {verdict}"
    return f"{words}. {reason}" if reason else words


def _listed(name: str, lines: Sequence[str], total: int) -> list[Block]:
    if not lines:
        return []
    rest = total - len(lines)
    more = [f"… and {rest} more in the dashboard"] if rest > 0 else []
    return listing([f"*{name}*", *lines, *more])


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
    blocks = [*top, divider(), *body, *_turning(view, page, len(cut))]
    return modal(act.CALL_VIEW, "Call", blocks, metadata=value_of(pointer))


def _turning(view: CallView, page: int, count: int) -> list[Block]:
    def to(label: str, index: int, target: int) -> Block | None:
        pick = page_pick(target, view.call.conversation_id)
        return button(label, numbered(act.CALL_PAGE, index), Pointer(view.question_id, pick=pick))

    return actions(
        to("Previous page", 0, page - 1) if page > 0 else None,
        to("Next page", 1, page + 1) if page + 1 < count else None,
    )


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
    cancel = button("Cancel", act.CANCEL, Pointer(question_id), style="danger") if question_id else None
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
