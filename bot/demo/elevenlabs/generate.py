"""Makes up data sets: deterministic, plausible, and quick enough for 100,000 rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import accumulate

from msgspec import UNSET

from bot.demo.elevenlabs.dialogues import SCENES
from bot.demo.elevenlabs.records import Record
from bot.demo.elevenlabs.studio import TYPED, Studio, count_messages, told

HOUR = 3600
DAY = 24 * HOUR
BY_HOUR = (2, 1, 1, 1, 2, 4, 9, 22, 46, 64, 72, 66, 54, 60, 68, 66, 58, 48, 40, 30, 20, 12, 7, 4)
"""How busy each hour of the day is (UTC)."""
BY_WEEKDAY = (11, 10, 10, 10, 9, 4, 3)
RECENT = (35, 80, 160, 260, 410, 640, 900, 1300, 1750, 2300, 2900, 3500)
"""How many seconds ago the newest conversations began, about."""
FIRST_THURSDAY = 3
"""1 January 1970 was a Thursday: weekday 3, Monday being 0."""
MOST_IN_A_SECOND = 5_000


def start_times(rng: random.Random, count: int, now: int, *, days: int, skew: str) -> list[int]:
    """Draw `count` sorted start times of the `days` before `now`. `skew` as in `generate`."""
    if skew not in {"none", "hour", "second"}:
        raise ValueError(f"skew is none, hour or second, not {skew}")
    recent = [now - ago - int(rng.random() * 20) for ago in RECENT[: max(1, count // 8)]][:count]
    crowd: list[int] = []
    left = count - len(recent)
    crowded = (now - days * DAY // 3) // HOUR * HOUR
    if skew == "hour":
        crowd = [crowded + int(rng.random() * HOUR) for _ in range(min(left, count // 2))]
    elif skew == "second":
        crowd = [crowded] * min(left, count // 3, MOST_IN_A_SECOND)
    left -= len(crowd)
    first = now - days * DAY
    weights = list(accumulate(_busy(first + HOUR * index) for index in range(days * 24 - 1)))
    hours = rng.choices(range(len(weights)), cum_weights=weights, k=left)
    return sorted(recent + crowd + [first + HOUR * hour + int(rng.random() * HOUR) for hour in hours])


def _busy(moment: int) -> int:
    weekday = (moment // DAY + FIRST_THURSDAY) % 7
    return BY_HOUR[moment // HOUR % 24] * BY_WEEKDAY[weekday]


def make_some_odd(records: Sequence[Record]) -> None:
    """Change a dozen finished rows in place, past the newest forty, which a first look shows."""
    finished = [record for record in records[:-40] if record.row.status == "done"]
    step = max(1, len(finished) // (len(ODDITIES) * 4))
    for index, change in enumerate(ODDITIES):
        position = len(finished) - 1 - index * step
        if position >= 0:
            change(finished[position])


def titled(title: str, summary: str | None = None) -> Callable[[Record], None]:

    def change(record: Record) -> None:
        record.row.call_summary_title = title
        if summary is not None:
            record.row.transcript_summary = summary

    return change


def hide(record: Record) -> None:
    """Let the key list a conversation, but not open it."""
    record.row.hiding_reason = "no_access"


def lose_start(record: Record) -> None:
    """Send a conversation's row without a start time."""
    record.row_extra = {"start_time_unix_secs": None}


def _nulls(record: Record) -> None:
    row = record.row
    row.agent_name = row.call_summary_title = row.transcript_summary = None
    row.termination_reason = row.main_language = row.tool_names = row.tag_ids = None
    row.cost = row.cost_fiat = row.rating = row.direction = None
    record.errored_tools = ()


def _missing(record: Record) -> None:
    row = record.row
    row.agent_name = row.call_summary_title = row.transcript_summary = UNSET
    row.termination_reason = row.main_language = row.tool_names = row.tag_ids = UNSET
    row.cost = row.cost_fiat = row.rating = row.direction = UNSET
    record.errored_tools = ()


def _unknown_values(record: Record) -> None:
    row = record.row
    row.status = "archived"
    row.call_successful = "partial"
    row.conversation_initiation_source = "hologram"
    row.main_language = "tlh"


def _no_carrier_id(record: Record) -> None:
    if record.phone is not None and record.phone.type == "sip_trunking":
        record.phone.call_id = None


def _long(record: Record) -> None:
    record.row.call_summary_title = "A very long story about a heat pump " * 40
    record.row.transcript_summary = "And then the caller told it again. " * 600


def _stuck(record: Record) -> None:
    """Let a call be in progress for days, as happens when its end gets lost."""
    _not_finished(record, "in-progress", record.row.start_time_unix_secs)


ODDITIES: tuple[Callable[[Record], None], ...] = (
    _stuck,
    titled("<!channel> & <b>urgent</b> refund", "Caller typed <!here> and `code` & *stars* into the chat."),
    _stuck,
    titled('=HYPERLINK("https://example.com","Click me")', "=1+1 was read out by the caller."),
    titled("🎉 Happy customer 🎉 👩‍👩‍👧‍👦", "All good 👍🏽"),
    titled("\u202eرقم الطلب\u202c 12345 \u200f", "نص من اليمين إلى اليسار with English inside."),
    titled("Two\nlines\r\nand a\ttab", 'A summary with "quotes", commas, and\nline breaks;\nthree of them.'),
    titled("@SUM(A1:A9)", "-2+3 and +44 look like formulas too."),
    titled("", ""),
    _nulls,
    _missing,
    _unknown_values,
    _no_carrier_id,
    _long,
)


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
