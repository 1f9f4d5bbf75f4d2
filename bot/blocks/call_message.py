"""One opened call: its facts, as a message and as a modal, and what is said while it is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered, page_pick
from bot.blocks.block_elements import (
    Block,
    actions,
    button,
    context,
    divider,
    fields,
    header,
    link_button,
    message,
    offers,
    section,
    shared_by,
    value_of,
)
from bot.blocks.modal_views import modal
from bot.blocks.notice_messages import listing
from bot.blocks.report_message import dollars
from bot.blocks.text import (
    DASH,
    NOT_READABLE,
    channel,
    clock,
    code,
    day,
    escape,
    note_line,
    number,
    one_line,
    one_word,
    open_url,
    plural,
    result,
    spoken,
    started,
    zone,
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
    """TRANSCRIPT_FILE, AUDIO_FILE (only when there is audio), SHARE, CALL_API, OPEN_LINK (the dashboard)."""
    notes: Sequence[str] = ()
    shared_by: str | None = None
    """Slack id of who shared it; then it stands without its transcript, which may be in the thread."""
    shared_note: str = ""
    previous_call: str | None = None
    """Conversation id of the call before it in the list that it was opened from, shown in the modal."""
    next_call: str | None = None


def headline(call: Call) -> str:
    """Name a call in plain words: its title, or what it is."""
    return one_line((call.call_summary_title or "")[:400]) or "Untitled call"


def title_words(call: Call, tz: tzinfo, now: float) -> str:
    """Name a call in markup where it does not stand itself: title, agent, when, id."""
    when = started(call.start_time_unix_secs, tz, now)
    agent = escape(call.agent_name or call.agent_id, 80)
    facts = " · ".join(fact for fact in (agent, when, code(call.conversation_id, 120)) if fact)
    return f"*{escape(headline(call), 150)}*\n{facts}"


def _what_happened(view: CallView) -> list[Block]:
    """Show what people look for first: summary, why it failed, how it ended, tools, collected data."""
    call = view.call
    criteria = sorted(call.criteria, key=lambda criterion: criterion.result != "failure")
    why = "Why it failed" if call.call_successful == "failure" else "Evaluation"
    ended = (call.termination_reason, call.error and f"Error: {call.error}", *call.warnings[:_LISTED])
    tools = tools_used(call.transcript)
    collected = [
        f"{escape(item.data_collection_id, 80) or DASH}: {escape(item.value, 150) or DASH}"
        for item in call.collected[:_LISTED]
    ]
    return [
        *_told("Summary", call.transcript_summary),
        *_listed(why, [_criterion(item) for item in criteria[:_LISTED]], len(criteria)),
        *_told("How it ended", "\n".join(words for words in ended if words)),
        *([section(f"*Tools*\n{tools}")] if tools else []),
        *_listed("Collected data", collected, len(call.collected)),
    ]


def _told(name: str, words: str | None) -> list[Block]:
    return [section(f"*{name}*\n{escape(words, 1200, lines=True)}")] if words and words.strip() else []


def _facts_and_ids(view: CallView) -> list[Block]:
    """Show what else is known: cost, rating, ids, links."""
    facts, notes = _facts(view), note_line(view.notes)
    return [
        *([fields(facts)] if facts else []),
        *_told("Feedback", view.call.feedback_comment),
        section(_ids(view.call)),
        *([context(notes)] if notes else []),
    ]


def _buttons(view: CallView) -> list[Block | None]:
    """Offer what can be done with a call, and to go on in its list."""
    call, pointer = view.call, Pointer(view.question_id, pick=view.call.conversation_id)
    allowed = view.actions - ({act.AUDIO_FILE} if not call.has_audio else set())
    allowed -= {act.TRANSCRIPT_FILE} if not call.transcript else set()
    return [
        *offers(allowed, pointer, act.AUDIO_FILE, act.TRANSCRIPT_FILE, act.SHARE),
        _to_call(view, "Previous call", 2, view.previous_call),
        _to_call(view, "Next call", 3, view.next_call),
    ]


def _links(view: CallView) -> list[Block | None]:
    """Lead out of Slack: to the dashboard, and to the request that gives the same."""
    call, pointer = view.call, Pointer(view.question_id, pick=view.call.conversation_id)
    url = open_url(call.conversation_id, call.site) if act.OPEN_LINK in view.actions else None
    return [
        link_button("Open in ElevenLabs", act.OPEN_LINK, url) if url else None,
        button("Show API request", act.CALL_API, pointer) if act.CALL_API in view.actions else None,
    ]


def _to_call(view: CallView, label: str, index: int, conversation_id: str | None) -> Block | None:
    if conversation_id is None:
        return None
    pick = page_pick(0, conversation_id)
    return button(label, numbered(act.CALL_PAGE, index), Pointer(view.question_id, pick=pick))


def _when(view: CallView) -> str:
    call = view.call
    at = call.start_time_unix_secs
    parts = [
        f"*{escape(result(call.status, call.call_successful), 40)}*",
        escape(call.agent_name or call.agent_id, 80),
        f"{day(at, view.tz)}, {clock(at, view.tz)} ({escape(zone(view.tz, view.now))})",
        spoken(call.call_duration_secs),
        "" if call.final else "not finished yet",
        "broke off" if call.status == "failed" else "",
    ]
    return " · ".join(part for part in parts if part)


def _cost(call: Call) -> str | None:
    if call.cost_fiat is not None:
        return dollars(call.cost_fiat)
    return f"{number(call.cost)} credits" if call.cost is not None else None


def _facts(view: CallView) -> list[tuple[str, str]]:
    call, phone = view.call, view.call.phone
    source = call.conversation_initiation_source
    facts = [
        ("Cost", _cost(call)),
        ("Rating", f"{number(call.rating)} of 5" if call.rating is not None else None),
        ("Direction", one_word(phone.direction) if phone and phone.direction else None),
        ("Channel", channel(source) if source else None),
        ("Language", view.language or call.main_language),
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
    """Build the message of one call: what happened, facts, ids, what can be done, the first turns."""
    blocks = [
        *shared_by(view.shared_by, view.shared_note),
        header(headline(view.call)),
        context(_when(view)),
        *_what_happened(view),
        *_facts_and_ids(view),
        *actions(*_buttons(view), *_links(view)),
    ]
    return message(_text(view), blocks if view.shared_by else [*blocks, *_excerpt(view.call)])


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
    top = [header(headline(call)), context(_when(view)), *actions(*_buttons(view))]
    if page == 0:
        top += [*_what_happened(view), *_facts_and_ids(view), *actions(*_links(view))]
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
