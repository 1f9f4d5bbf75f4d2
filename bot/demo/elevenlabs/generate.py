"""Makes up data sets: deterministic, plausible, and quick enough for 100,000 rows."""

from __future__ import annotations

import random

from bot.demo.elevenlabs.dialogues import SCENES
from bot.demo.elevenlabs.moments import start_times
from bot.demo.elevenlabs.odd import make_some_odd
from bot.demo.elevenlabs.records import Record
from bot.demo.elevenlabs.studio import TYPED, Studio, count_messages, told

UNFINISHED = ("initiated", "in-progress", "in-progress", "processing")
"""The statuses of the newest conversations, newest first."""
ODD_FROM = 60
"""Smaller data sets get no odd rows: their tests count every row."""


def generate(
    rows: int,
    seed: int,
    now: int,
    *,
    agents: int = 8,
    days: int = 90,
    skew: str = "none",
    odd: bool = True,
) -> tuple[list[Record], Studio]:
    """Make `rows` conversations of the last `days` days before `now` (Unix seconds); the studio can go on.

    `skew`: "none" (office hours), "hour" (half of the rows inside one hour), "second" (a third of the rows,
    at most 5,000, in one second). `odd`: sprinkle in rows with hostile titles, nulls and unknown values.
    The newest few of a data set are still in progress or being processed.
    """
    rng = random.Random(f"{seed}/{rows}/{agents}")  # noqa: S311 (sample data, not secrets)
    studio = Studio(rng, agents, now)
    starts = start_times(rng, rows, now, days=days, skew=skew)
    unfinished = min(len(UNFINISHED), rows // 8)
    records = []
    for index, start in enumerate(starts):
        record = studio.record(start)
        if index >= rows - unfinished:
            _not_finished(record, UNFINISHED[rows - 1 - index], now)
        elif start + record.row.call_duration_secs > now:
            record.row.call_duration_secs = max(0, now - start - 1)
        records.append(record)
    if odd and rows >= ODD_FROM:
        make_some_odd(records)
    return records, studio


def _not_finished(record: Record, status: str, now: int) -> None:
    """Turn a conversation into one that is still going on, or that is not analysed yet."""
    row = record.row
    row.status = status
    row.call_successful = "unknown"
    row.call_summary_title = row.transcript_summary = row.rating = row.termination_reason = None
    row.cost = row.cost_fiat = None
    record.feedback_comment = record.error = None
    record.criteria = record.collected = ()
    record.has_audio = False
    if status != "processing":
        row.call_duration_secs = 0 if status == "initiated" else max(0, now - row.start_time_unix_secs)
    count_messages(record)
    if status == "initiated":
        row.tool_names = record.errored_tools = ()


def finish(record: Record, now: int) -> None:
    """Let a conversation that was still going on have ended just now, analysed and all."""
    row = record.row
    if row.status != "processing":
        row.call_duration_secs = max(1, now - row.start_time_unix_secs - 1)
    row.status = "done"
    record.has_audio = row.conversation_initiation_source not in TYPED
    told(record, SCENES[record.scene or ""])
