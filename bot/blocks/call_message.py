"""One call: a message, a modal, a text file of its transcript; and what is said while it is looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered, page_pick, value_of
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
)
from bot.blocks.modal_views import modal
from bot.blocks.notice_messages import listing, paragraphs
from bot.blocks.report_message import dollars
from bot.blocks.text import (
    DASH,
    NOT_READABLE,
    channel,
    clean,
    clock,
    code,
    day,
    escape,
    length,
    note_line,
    number,
    one_word,
    open_url,
    pieces,
    plural,
    result,
    size,
    spoken,
    started,
    zone,
)
from bot.model import LANGUAGES, Call, Criterion, Message, Turn

_EXCERPT = 2_000
"""Characters of transcript in a message: the rest is in the modal and the file."""
_OTHER = {"inbound": "Caller", "outbound": "Called number"}
_MARKS = {"success": "✓", "failure": "✗"}
_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    call: Call
    """With numbers masked already, where they are to be masked."""
    tz: tzinfo
    now: float
    question_id: str = ""
    notes: Sequence[str] = ()
    shared_by: str | None = None
    """Slack id of who shared it; then it stands without its transcript, which may be in the thread."""
    shared_note: str = ""
    previous_call: str | None = None
    """Conversation id of the call before it in the list that it was opened from, shown in the modal."""
    next_call: str | None = None

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.question_id, pick=self.call.conversation_id)


def headline(call: Call) -> str:
    """Name a call in plain words: its title, or what it is."""
    return clean((call.call_summary_title or "")[:400]) or "Untitled call"


def title_words(call: Call, tz: tzinfo, now: float) -> str:
    """Name a call in markup where it does not stand itself: title, agent, when, id."""
    when = started(call.start_time_unix_secs, tz, now)
    agent = escape(call.agent_name or call.agent_id, 80)
    facts = " · ".join(fact for fact in (agent, when, code(call.conversation_id, 120)) if fact)
    return f"*{escape(headline(call), 150)}*\n{facts}"


def _what_happened(call: Call) -> list[Block]:
    """Show what people look for first: summary, why it failed, how it ended, tools, collected data."""
    criteria = sorted(call.criteria, key=lambda criterion: criterion.result != "failure")
    why = "Why it failed" if call.call_successful == "failure" else "Evaluation"
    ended = (call.termination_reason, call.error and f"Error: {call.error}", *call.warnings[:_LISTED])
    collected = [
        f"{escape(item.data_collection_id, 80) or DASH}: {escape(item.value, 150) or DASH}"
        for item in call.collected
    ]
    return [
        *_told("Summary", call.transcript_summary),
        *_listed(why, [_criterion(item) for item in criteria]),
        *_told("How it ended", "\n".join(words for words in ended if words)),
        *_listed("Tools", list(filter(None, [tools_used(call.transcript)]))),
        *_listed("Collected data", collected),
    ]


def _told(name: str, words: str | None) -> list[Block]:
    return _listed(name, [escape(words, 1200, lines=True)]) if words and words.strip() else []


def _listed(name: str, lines: Sequence[str]) -> list[Block]:
    rest = len(lines) - _LISTED
    more = [f"… and {rest} more in the dashboard"] if rest > 0 else []
    return listing([f"*{name}*", *lines[:_LISTED], *more]) if lines else []


def _buttons(view: CallView) -> list[Block | None]:
    call = view.call
    files = {act.AUDIO_FILE: call.has_audio, act.TRANSCRIPT_FILE: bool(call.transcript), act.SHARE: True}
    return [
        *offers([name for name, there in files.items() if there], view.pointer, *files),
        _turn_to(view, "Previous call", 2, 0, view.previous_call),
        _turn_to(view, "Next call", 3, 0, view.next_call),
    ]


def _links(view: CallView) -> list[Block | None]:
    """Lead out of Slack: to the dashboard, and to the request that gives the same."""
    url = open_url(view.call.conversation_id, view.call.site)
    return [
        link_button("Open in ElevenLabs", act.OPEN_LINK, url) if url else None,
        button("Show API request", act.CALL_API, view.pointer),
    ]


def _turn_to(view: CallView, label: str, index: int, page: int, conversation_id: str | None) -> Block | None:
    """Make a button that shows a page of a call in the modal; None without a call."""
    if conversation_id is None:
        return None
    pick = page_pick(page, conversation_id)
    return button(label, numbered(act.CALL_PAGE, index), Pointer(view.question_id, pick=pick))


def _when(view: CallView) -> str:
    call, at = view.call, view.call.start_time_unix_secs
    parts = [
        f"*{escape(result(call.status, call.call_successful), 40)}*",
        escape(call.agent_name or call.agent_id, 80),
        f"{day(at, view.tz)}, {clock(at, view.tz)} ({escape(zone(view.tz, view.now))})",
        spoken(call.call_duration_secs),
        "" if call.final else "not finished yet",
        "broke off" if call.status == "failed" else "",
    ]
    return " · ".join(part for part in parts if part)


def _what_else(view: CallView) -> list[Block]:
    """Show what else is known: cost, rating, how it came in, ids."""
    call, phone, notes = view.call, view.call.phone, note_line(view.notes)
    source, language = call.conversation_initiation_source, call.main_language or ""
    cost = None if call.cost is None else f"{number(call.cost)} credits"
    facts = [
        ("Cost", cost if call.cost_fiat is None else dollars(call.cost_fiat)),
        ("Rating", None if call.rating is None else f"{number(call.rating)} of 5"),
        ("Direction", one_word(phone.direction) if phone and phone.direction else None),
        ("Channel", channel(source) if source else None),
        ("Language", LANGUAGES.get(language.partition("-")[0]) or language),
        ("User", call.user_id),
    ]
    if phone is not None:
        other = _OTHER.get(phone.direction or "", "Other number")
        facts += [("Agent number", phone.agent_number), (other, phone.external_number)]
    shown = [(name, escape(value, 200)) for name, value in facts if value and value.strip()]
    ids = [f"*Conversation id*  {code(call.conversation_id)}"]
    if phone is None:
        ids.append(f"*Call id*  {f'{DASH} not a phone call' if call.phone_known else NOT_READABLE}")
    else:
        call_id = code(phone.call_id) if phone.call_id else "none from the carrier"
        ids.append(f"*Call id*  {call_id} ({escape(channel(phone.phone_provider))})")
        if phone.call_sid and phone.call_sid != phone.call_id:
            ids.append(f"*Call sid*  {code(phone.call_sid)} (ElevenLabs)")
    return [
        *([fields(shown)] if shown else []),
        *_told("Feedback", call.feedback_comment),
        section("\n".join([*ids, f"*Agent id*  {code(call.agent_id, 120)}"])),
        *([context(notes)] if notes else []),
    ]


def _criterion(criterion: Criterion) -> str:
    mark, reason = _MARKS.get(criterion.result, "?"), escape(criterion.rationale, 150)
    verdict = escape(result("done", criterion.result))
    words = f"{mark} {escape(criterion.criteria_id, 80) or DASH}: {verdict}"
    return f"{words}. {reason}" if reason else words


def call_message(view: CallView) -> Message:
    call, phone = view.call, view.call.phone
    facts = [
        escape(headline(call), 200),
        escape(call.agent_name or call.agent_id, 80),
        started(call.start_time_unix_secs, view.tz, view.now),
        spoken(call.call_duration_secs),
        escape(result(call.status, call.call_successful), 40),
        f"call {code(phone.call_id)}" if phone and phone.call_id else "",
        f"conversation {code(call.conversation_id)}",
    ]
    blocks = [
        *shared_by(view.shared_by, view.shared_note),
        header(headline(call)),
        context(_when(view)),
        *_what_happened(call),
        *_what_else(view),
        *actions(*_buttons(view), *_links(view)),
    ]
    text = " · ".join(filter(None, facts))
    return message(text, blocks if view.shared_by else [*blocks, *_excerpt(call)])


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
        top += [*_what_happened(call), *_what_else(view), *actions(*_links(view))]
    if cut:
        words = "*Transcript*" if len(cut) == 1 else f"*Transcript, page {page + 1} of {len(cut)}*"
        body = [section(words), *cut[page], context(plural(len(call.transcript), "turn"))]
    else:
        body = [context("No transcript." if call.final else "No transcript yet.")]
    pointer = Pointer(view.question_id, pick=page_pick(page, call.conversation_id))
    turning = actions(
        _turn_to(view, "Previous page", 0, page - 1, call.conversation_id if page > 0 else None),
        _turn_to(view, "Next page", 1, page + 1, call.conversation_id if page + 1 < len(cut) else None),
    )
    return modal(act.CALL_VIEW, "Call", [*top, divider(), *body, *turning], metadata=value_of(pointer))


def looking_words(wanted: str, how_far: str) -> str:
    """Say in markup how far the search for an id has come (plain words)."""
    return f"Looking for {code(wanted, 150)}: {escape(how_far, 300)}"


def looking_message(wanted: str, how_far: str, question_id: str) -> Message:
    """Say the same, with a button that cancels it."""
    text = looking_words(wanted, how_far)
    cancel = button("Cancel", act.CANCEL, Pointer(question_id), style="danger")
    return message(text, [section(text), *actions(cancel)])


def not_found_words(wanted: str, how_far: str, next_step: str | None = None) -> tuple[str, str]:
    """Say as two pieces of markup that no call has an id, and how far was looked, with a next step."""
    step = next_step or "Check the id, or add a time near the call, such as “on 3 November”."
    text = f"No conversation has the id {code(wanted, 150)}."
    return text, f"{escape(how_far, 600)} {escape(step, 400)}"


def not_found_message(wanted: str, how_far: str, next_step: str | None = None) -> Message:
    text, more = not_found_words(wanted, how_far, next_step)
    return message(f"{text} {more}", [section(f"{text}\n{more}")])


# --- the transcript ---

_PAGE_CHARS, _PIECE_CHARS = 5_600, 2_400


def pages(turns: Sequence[Turn]) -> list[list[Block]]:
    """Cut a transcript into pages of paragraphs. Nothing is left out: a long turn goes on."""
    found: list[list[Block]] = []
    page: list[Block] = []
    used = 0
    for paragraph in paragraphs([line for turn in turns for line in _turn(turn)]):
        if page and used + size(paragraph) > _PAGE_CHARS:
            found.append(page)
            page, used = [], 0
        page.append(section(paragraph))
        used += size(paragraph)
    return [*found, page] if page else found


def first_turns(turns: Sequence[Turn], chars: int) -> tuple[list[Block], int]:
    lines: list[str] = []
    used = shown = 0
    for turn in turns:
        more = _turn(turn)
        used += sum(size(line) + 1 for line in more)
        if used > chars and lines:
            break
        lines += more if used <= chars else more[:1]
        shown += 1
    return listing(lines), shown


def tools_used(turns: Sequence[Turn]) -> str:
    """Name the tools used, in order, failures marked: "lookup (2 times), refund (failed)"."""
    used = Counter(name for turn in turns for name in turn.tool_names)
    failed = Counter(name for turn in turns for name in turn.failed_tool_names)
    used |= failed  # a failure may be reported without its call
    words = []
    for name, count in list(used.items())[:20]:
        bad = failed[name]
        marks = [f"{count} times"] if count > 1 else []
        marks += ["failed" if bad == count else f"{bad} failed"] if bad else []
        words.append(escape(name, 60) + (f" ({', '.join(marks)})" if marks else ""))
    rest = len(used) - len(words)
    return ", ".join(words) + (f" and {rest} more" if rest > 0 else "")


def transcript_text(call: Call, tz: tzinfo) -> str:
    """Write a call as a text file: what is known about it, then every turn, nothing cut."""
    phone = call.phone
    facts = [
        ("Title", call.call_summary_title),
        ("Conversation id", call.conversation_id),
        ("Call id", phone.call_id if phone else "not a phone call" if call.phone_known else NOT_READABLE),
        ("Call sid", phone.call_sid if phone and phone.call_sid != phone.call_id else None),
        ("Agent", call.agent_name or call.agent_id),
        ("Started", f"{day(call.start_time_unix_secs, tz)} {clock(call.start_time_unix_secs, tz)} ({tz})"),
        ("Length", length(call.call_duration_secs)),
        ("Result", result(call.status, call.call_successful)),
        ("Ended", call.termination_reason),
        ("Summary", call.transcript_summary),
    ]
    lines = [f"{name}: {_flat(value)}" for name, value in facts if value]
    lines += [
        f"Criterion {_flat(criterion.criteria_id)}: {_flat(criterion.result)}"
        + (f" ({_flat(criterion.rationale)})" if criterion.rationale else "")
        for criterion in call.criteria
    ]
    lines += [f"Data {_flat(item.data_collection_id)}: {_flat(item.value)}" for item in call.collected]
    lines.append("")
    for turn in call.transcript:
        said = (turn.message or "").replace("\r\n", "\n").replace("\n", "\n        ")
        marks = " (interrupted)" if turn.interrupted else ""
        lines.append(f"{length(turn.time_in_call_secs):>7} {_speaker(turn)}: {said}{marks}".rstrip())
        lines += [f"        sent a file: {_flat(name)}" for name in turn.file_names]
        lines += [f"        used {_flat(name)}" for name in turn.tool_names]
        lines += [f"        {_flat(name)} failed" for name in turn.failed_tool_names]
    if not call.transcript:
        lines.append("No transcript.")
    return "\n".join(lines).replace("\x00", "").encode(errors="replace").decode() + "\n"


def _speaker(turn: Turn) -> str:
    return "Caller" if turn.role == "user" else one_word(turn.role)


def _flat(value: str | None) -> str:
    return " ".join((value or DASH).split())


def _turn(turn: Turn) -> list[str]:
    said = pieces(turn.message, _PIECE_CHARS)
    who = f"{length(turn.time_in_call_secs)} *{escape(_speaker(turn), 40)}*"
    mark = " _(interrupted)_" if turn.interrupted else ""
    lines = [f"{who}  {said[0]}", *said[1:]] if said else [f"{who}  _said nothing_"]
    if not said and (turn.tool_names or turn.failed_tool_names or turn.file_names):
        lines = [who]
    lines[-1] += mark
    lines += [f"        sent a file: {escape(name, 120)}" for name in turn.file_names]
    tools = tools_used([turn])
    return [*lines, f"        used {tools}"] if tools else lines
