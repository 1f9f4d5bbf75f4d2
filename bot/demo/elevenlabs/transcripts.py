"""Transcripts and silent recordings, made from a conversation whenever somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from bot.demo.elevenlabs.conditions import SYSTEM_TOOLS, tool_id
from bot.demo.elevenlabs.dialogues import NO_SCENE, SCENES, DialogueLine, fillings
from bot.demo.elevenlabs.records import Record


def shown_lines(record: Record) -> int:
    """Tell how many lines of its scene a conversation has come to."""
    lines = len(SCENES.get(record.scene or "", NO_SCENE).lines)
    if record.row.status == "initiated":
        return 0
    return max(1, lines // 2) if record.row.status in {"in-progress", "failed"} else lines


def script(record: Record) -> tuple[DialogueLine, ...]:
    """Give the lines of a conversation that were said so far, names and numbers not filled in."""
    return SCENES.get(record.scene or "", NO_SCENE).lines[: shown_lines(record)]


def spoken(record: Record) -> list[tuple[int, str]]:
    """Give what was said: position in the transcript and text, without turns that only used a tool."""
    if record.turns is not None:
        said = [turn.get("message") for turn in record.turns]
    else:
        filled = fillings(record.seed, SCENES.get(record.scene or "", NO_SCENE).language)
        said = [None if line.role == "tool" else line.text.format_map(filled) for line in script(record)]
    return [(index, text) for index, text in enumerate(said) if text is not None]


def transcript(record: Record) -> list[dict[str, Any]]:
    """Build the transcript in the API's shape; a turn that uses a tool has no message."""
    if record.turns is not None:
        return [dict(turn) for turn in record.turns]
    lines = script(record)
    filled = fillings(record.seed, SCENES[record.scene].language if record.scene in SCENES else "en")
    pace = record.row.call_duration_secs / max(1, len(lines))
    return [_turn(record, index, line, filled, int(index * pace)) for index, line in enumerate(lines)]


def _turn(
    record: Record, index: int, line: DialogueLine, filled: dict[str, str], when: int
) -> dict[str, Any]:
    spoken_by_user = line.role == "user"
    turn: dict[str, Any] = {
        "role": "user" if spoken_by_user else "agent",
        "agent_metadata": None
        if spoken_by_user
        else {"agent_id": record.row.agent_id, "workflow_node_id": None},
        "message": None if line.role == "tool" else line.text.format_map(filled),
        "multivoice_message": None,
        "tool_calls": [],
        "tool_results": [],
        "feedback": None,
        "llm_override": None,
        "time_in_call_secs": when,
        "conversation_turn_metrics": None if spoken_by_user else _metrics(record.seed + index),
        "rag_retrieval_info": None,
        "llm_usage": None,
        "interrupted": not spoken_by_user and line.role != "tool" and (record.seed >> index) % 23 == 0,
        "original_message": None,
        "source_medium": "text" if record.text_only else "audio",
    }
    if line.role == "tool":
        _use_tool(turn, line, filled, f"toolu_{record.seed:015x}{index:02d}")
    return turn


def _metrics(seed: int) -> dict[str, Any]:
    first = 0.25 + seed % 700 / 1000
    return {
        "metrics": {
            "convai_llm_service_ttfb": {"elapsed_time": round(first, 4)},
            "convai_llm_service_ttf_sentence": {"elapsed_time": round(first + 0.21, 4)},
            "convai_tts_service_ttfb": {"elapsed_time": round(first / 3, 4)},
        }
    }


def _use_tool(turn: dict[str, Any], line: DialogueLine, filled: dict[str, str], request_id: str) -> None:
    name = line.text
    kind = "system" if name in SYSTEM_TOOLS else "webhook"
    arguments = {"order_number": filled["order"], "customer_name": filled["name"]}
    result = {"ok": True, "reference": filled["ticket"]}
    turn["tool_calls"] = [
        {
            "type": kind,
            "request_id": request_id,
            "tool_name": name,
            "tool_id": None if kind == "system" else tool_id(name),
            "params_as_json": msgspec.json.encode(arguments).decode(),
            "tool_has_been_called": True,
            "tool_details": None,
        }
    ]
    turn["tool_results"] = [
        {
            "type": kind,
            "request_id": request_id,
            "tool_name": name,
            "tool_id": tool_id(name),
            "result_value": line.failure or msgspec.json.encode(result).decode(),
            "is_error": line.failure is not None,
            "tool_has_been_called": True,
            "tool_latency_secs": 10.0 if line.failure else 0.4,
            "error_type": "tool_error" if line.failure else None,
            "raw_error_message": line.failure,
            "dynamic_variable_updates": [],
        }
    ]


FRAME = bytes((0xFF, 0xFB, 0x10, 0xC4)) + bytes(100)
"""One frame of MPEG-1 layer III, 32 kbit/s, 44.1 kHz, mono. All zeros after the header is silence."""
FRAME_SECONDS = 1152 / 44_100
FRAMES_AT_ONCE = 600


def id3(title: str) -> bytes:
    text = b"\x00" + title.encode("latin-1", "replace")
    frame = b"TIT2" + len(text).to_bytes(4, "big") + b"\x00\x00" + text
    # a tag's length is written in seven bits a byte
    size = bytes((len(frame) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + frame


def recording(title: str, seconds: float, size: int | None = None) -> tuple[int, Iterator[bytes]]:
    """Give the length in bytes and the chunks of a recording.

    `size`: about how many bytes it is to have (whole frames, at least one), instead of what `seconds` need.
    """
    head = id3(title)
    wanted = seconds / FRAME_SECONDS if size is None else (size - len(head)) / len(FRAME)
    frames = max(1, round(wanted))

    def chunks() -> Iterator[bytes]:
        yield head
        left = frames
        while left:
            some = min(left, FRAMES_AT_ONCE)
            yield FRAME * some
            left -= some

    return len(head) + frames * len(FRAME), chunks()
