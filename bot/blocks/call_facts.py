"""What is known about one call, as blocks: shared by its message and its modal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.elements import Block, actions, button, context, fields, header, link_button, section
from bot.blocks.names import channel, one_word
from bot.blocks.parts import note_line
from bot.blocks.rows import result
from bot.blocks.talk import listing
from bot.blocks.text import DASH, clock, code, day, escape, number, one_line, open_url, spoken
from bot.blocks.transcript import tools_used
from bot.model import Call, PhoneCall

__all__ = ["CallView", "fact_blocks", "headline"]

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
    blocks += _listed("Evaluation", [_criterion(*item) for item in _criteria(call)], len(call.criteria))
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
        lines.append(f"*Call id*  {DASH} not a phone call")
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


def _criteria(call: Call) -> list[tuple[str, str, str | None]]:
    return [(item.criteria_id, item.result, item.rationale) for item in call.criteria[:_LISTED]]


def _criterion(name: str, verdict: str, rationale: str | None) -> str:
    reason = escape(rationale, 150)
    words = f"{_MARKS.get(verdict, '?')} {escape(name, 80) or DASH}: {escape(result('done', verdict))}"
    return f"{words}. {reason}" if reason else words


def _listed(name: str, lines: Sequence[str], total: int) -> list[Block]:
    if not lines:
        return []
    rest = total - len(lines)
    more = [f"… and {rest} more in the dashboard"] if rest > 0 else []
    return listing([f"*{name}*", *lines, *more])
