"""A call's transcript: as pages of markup for a modal, and as a text file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo

from bot.blocks.block_elements import Block, section
from bot.blocks.text import DASH, NOT_READABLE, clock, day, escape, length, pieces, result, size, speaker
from bot.model import Call, Turn

PAGE_CHARS = 5_600
"""Characters of one page of transcript."""
_SECTION_CHARS = 2_800
_PIECE_CHARS = 2_400


def pages(turns: Sequence[Turn]) -> list[list[Block]]:
    """Cut a transcript into pages of paragraphs. Nothing is left out: a long turn goes on."""
    found: list[list[Block]] = []
    page: list[Block] = []
    used = 0
    for paragraph in _paragraphs([line for turn in turns for line in _turn(turn)]):
        if page and used + size(paragraph) > PAGE_CHARS:
            found.append(page)
            page, used = [], 0
        page.append(section(paragraph))
        used += size(paragraph)
    return [*found, page] if page else found


def first_turns(turns: Sequence[Turn], chars: int) -> tuple[list[Block], int]:
    """Show the turns that fit in `chars`; return them and how many they are."""
    lines: list[str] = []
    used = shown = 0
    for turn in turns:
        more = _turn(turn)
        used += sum(size(line) + 1 for line in more)
        if used > chars and lines:
            break
        lines += more if used <= chars else more[:1]
        shown += 1
    return [section(paragraph) for paragraph in _paragraphs(lines)], shown


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
        lines.append(f"{length(turn.time_in_call_secs):>7} {speaker(turn.role)}: {said}{marks}".rstrip())
        lines += [f"        sent a file: {_flat(name)}" for name in turn.file_names]
        lines += [f"        used {_flat(name)}" for name in turn.tool_names]
        lines += [f"        {_flat(name)} failed" for name in turn.failed_tool_names]
    if not call.transcript:
        lines.append("No transcript.")
    return "\n".join(lines).replace("\x00", "").encode(errors="replace").decode() + "\n"


def _flat(value: str | None) -> str:
    return " ".join((value or DASH).split())


def _paragraphs(lines: Sequence[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        if found and size(found[-1]) + size(line) + 1 <= _SECTION_CHARS:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def _turn(turn: Turn) -> list[str]:
    said = pieces(turn.message, _PIECE_CHARS)
    who = f"{length(turn.time_in_call_secs)} *{escape(speaker(turn.role), 40)}*"
    mark = " _(interrupted)_" if turn.interrupted else ""
    lines = [f"{who}  {said[0]}", *said[1:]] if said else [f"{who}  _said nothing_"]
    if not said and (turn.tool_names or turn.failed_tool_names or turn.file_names):
        lines = [who]
    lines[-1] += mark
    lines += [f"        sent a file: {escape(name, 120)}" for name in turn.file_names]
    tools = tools_used([turn])
    return [*lines, f"        used {tools}"] if tools else lines
