"""The search for words in messages; shapes follow the SDK's `MessagesSearchResponse`: one result a turn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from bot.demo.elevenlabs.records import Record
from bot.demo.elevenlabs.transcripts import spoken

PHRASE_SCORE = 1.0
WORDS_SCORE = 0.6


class Hit(msgspec.Struct, frozen=True):
    """A turn that matches."""

    score: float
    start: int
    record: Record
    index: int
    text: str

    def shown(self, words: Iterable[str]) -> dict[str, Any]:
        row = self.record.row
        return {
            "conversation_id": row.conversation_id,
            "agent_id": row.agent_id,
            "agent_name": row.agent_name if isinstance(row.agent_name, str) else None,
            "transcript_index": self.index,
            "chunk_text": self.text,
            "chunk_highlights": highlighted(self.text, words),
            "score": self.score,
            "conversation_start_time_unix_secs": self.start,
        }


def words_of(query: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"[^\W_]+(?:[-'.][^\W_]+)*", query.casefold())))


def highlighted(text: str, words: Iterable[str]) -> list[dict[str, Any]]:
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    if not pattern:
        return [{"value": text, "is_hit": False}]
    parts = re.split(f"({pattern})", text, flags=re.IGNORECASE)
    return [{"value": part, "is_hit": position % 2 == 1} for position, part in enumerate(parts) if part]


def search_words(records: Iterable[Record], query: str, *, by_score: bool = True) -> list[Hit]:
    """Find the turns that hold every word of the query; a whole phrase scores higher."""
    words, phrase = words_of(query), " ".join(query.casefold().split())

    def place(hit: Hit) -> tuple[float, int, str, int]:
        return (-hit.score if by_score else 0, -hit.start, hit.record.row.conversation_id, hit.index)

    hits = []
    for record in records if words else ():
        for index, text in spoken(record):
            folded = text.casefold()
            if phrase in folded or all(word in folded for word in words):
                score = PHRASE_SCORE if phrase in folded else WORDS_SCORE
                hits.append(Hit(score, record.row.start_time_unix_secs, record, index, text))
    return sorted(hits, key=place)
