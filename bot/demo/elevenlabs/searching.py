"""The two message searches: by words (full text) and by meaning (here: by most of the words).

Shapes follow the SDK's `MessagesSearchResponse`: one result for each turn that matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from bot.demo.elevenlabs.dialogues import NO_SCENE, SCENES, fillings
from bot.demo.elevenlabs.records import Record
from bot.demo.elevenlabs.transcripts import script, spoken

PHRASE_SCORE = 1.0
WORDS_SCORE = 0.6
STEM = 5
"""Letters by which the search by meaning compares words, so that "refunds" finds "refund"."""
ENOUGH = 0.5
"""The share of a query's words that the search by meaning wants to see in a turn."""


class Hit(msgspec.Struct, frozen=True):
    """A turn that matches."""

    score: float
    start: int
    record: Record
    index: int
    text: str

    def shown(self, words: Iterable[str], *, highlights: bool) -> dict[str, Any]:
        row = self.record.row
        return {
            "conversation_id": row.conversation_id,
            "agent_id": row.agent_id,
            "agent_name": row.agent_name if isinstance(row.agent_name, str) else None,
            "transcript_index": self.index,
            "chunk_text": self.text,
            "chunk_highlights": highlighted(self.text, words) if highlights else None,
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

    def score(text: str) -> float:
        folded = text.casefold()
        if phrase in folded:
            return PHRASE_SCORE
        return WORDS_SCORE if all(word in folded for word in words) else 0.0

    return _sorted(_hits(records, words, score), by_score=by_score) if words else []


def search_meaning(records: Iterable[Record], query: str) -> list[Hit]:
    """Find the turns that hold at least half of the query's words or their inflections, best first."""
    stems = tuple(dict.fromkeys(word[:STEM] for word in words_of(query)))

    def score(text: str) -> float:
        folded = text.casefold()
        share = sum(stem in folded for stem in stems) / len(stems)
        return round(share, 4) if share >= ENOUGH else 0.0

    return _sorted(_hits(records, (), score), by_score=True) if stems else []


def _sorted(hits: Iterable[Hit], *, by_score: bool) -> list[Hit]:
    def place(hit: Hit) -> tuple[float, int, str, int]:
        return (-hit.score if by_score else 0, -hit.start, hit.record.row.conversation_id, hit.index)

    return sorted(hits, key=place)


def _hits(records: Iterable[Record], words: tuple[str, ...], score: Callable[[str], float]) -> Iterator[Hit]:
    """Score the turns of all records. `words`: all of these must be there, which spares most of the work."""
    for record in records:
        row = record.row
        if record.turns is not None:
            said = spoken(record)
        else:
            known = SCENES.get(record.scene or "", NO_SCENE)
            filled = fillings(record.seed, known.language)
            if words and not _possible(known.key, words, " ".join(filled.values()).casefold()):
                continue
            said = [
                (index, line.text.format_map(filled))
                for index, line in enumerate(script(record))
                if line.role != "tool"
            ]
        for index, text in said:
            found = score(text)
            if found:
                yield Hit(found, row.start_time_unix_secs, record, index, text)


def _possible(scene_key: str, words: tuple[str, ...], filled: str) -> bool:
    """Tell whether a scene's fixed words and a conversation's own could hold all of these."""
    missing = _missing(scene_key, words)
    return all(any(part in filled for part in re.split(r"[-'.]", word)) for word in missing)


@lru_cache(maxsize=4096)
def _missing(scene_key: str, words: tuple[str, ...]) -> tuple[str, ...]:
    lines = SCENES[scene_key].lines if scene_key in SCENES else NO_SCENE.lines
    fixed = " ".join(line.text for line in lines if line.role != "tool").casefold()
    return tuple(word for word in words if word not in fixed)
