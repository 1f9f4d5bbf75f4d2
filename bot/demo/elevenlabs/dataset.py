"""All conversations of the stand-in, ordered in time, so that a page is a bisection and a short walk."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from msgspec import UNSET

from bot.demo.elevenlabs.dialogues import SCENES
from bot.demo.elevenlabs.records import AgentRow, Record
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


def _emptied(value: Any) -> Callable[[Record], None]:
    """Make what leaves fields of a record without a value: None sends null, UNSET leaves the field out."""

    def change(record: Record) -> None:
        row = record.row
        row.agent_name = row.call_summary_title = row.transcript_summary = value
        row.termination_reason = row.main_language = row.tool_names = row.tag_ids = value
        row.cost = row.cost_fiat = row.rating = row.direction = value
        record.errored_tools = ()

    return change


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
    _emptied(None),
    _emptied(UNSET),
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


Condition = Callable[[Record], bool]
Key = tuple[int, str]
AFTER_ANY_ID = "\U0010ffff"
"""Sorts after every conversation id: the end of a second."""
UNFINISHED_AMONG = 40
"""How many of the newest rows are looked at for conversations that still go on."""


class Dataset:
    """Conversations and agents. Rows may be added while it is being read: pages go by key, not by number."""

    def __init__(self, rows: Iterable[Record] = (), agents: Sequence[AgentRow] | None = None) -> None:
        self.records = sorted(rows, key=lambda record: record.key)
        self._keys = [record.key for record in self.records]
        self._by_id = {record.row.conversation_id: record for record in self.records}
        if len(self._by_id) != len(self.records):
            raise ValueError("two conversations share one conversation_id")
        self.agents = list(agents) if agents is not None else agents_of(self.records)
        self._studio: Studio | None = None
        self.version = 0
        """Grows with every change; whoever keeps derived data compares it."""

    @classmethod
    def generate(
        cls,
        rows: int,
        seed: int = 7,
        now: int = 1_795_000_000,
        *,
        agents: int = 8,
        days: int = 90,
        skew: str = "none",
        odd: bool = True,
    ) -> Dataset:
        """Make up a data set, always the same for the same arguments. See `generate.generate`."""
        records, studio = generate(rows, seed, now, agents=agents, days=days, skew=skew, odd=odd)
        dataset = cls(records, [actor.agent for actor in studio.actors])
        dataset._studio = studio
        return dataset

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        """Walk all conversations, oldest first."""
        return iter(self.records)

    def get(self, conversation_id: str) -> Record | None:
        return self._by_id.get(conversation_id)

    def add(self, record: Record) -> None:
        """Let a conversation arrive, or replace the one that has its id."""
        self.remove(record.row.conversation_id)
        position = bisect_left(self._keys, record.key)
        self._keys.insert(position, record.key)
        self.records.insert(position, record)
        self._by_id[record.row.conversation_id] = record
        self.version += 1

    def remove(self, conversation_id: str) -> None:
        record = self._by_id.pop(conversation_id, None)
        if record is None:
            return
        # by identity: the start time of a record may have been edited in place
        position = next(index for index, other in enumerate(self.records) if other is record)
        del self.records[position], self._keys[position]
        self.version += 1

    def change(self, conversation_id: str, **fields: Any) -> None:
        """Let fields of a row change late, as ratings, tags and analyses do for days."""
        record = self._by_id[conversation_id]
        for name, value in fields.items():
            setattr(record.row, name, value)
        self.version += 1

    def arrive(self, now: int) -> Record:
        """Let a call of a made-up data set have ended just before `now`, and end those that still went on.

        Calls that began in the last minute may go on. Raises ValueError when the rows were given by hand.
        """
        if self._studio is None:
            raise ValueError("only a generated data set can make up more calls")
        for record in self.records[-UNFINISHED_AMONG:]:
            still = record.row.status in {"initiated", "in-progress", "processing"}
            if still and record.row.start_time_unix_secs < now - 60:
                finish(record, now)
        record = self._studio.record(now)
        record.row.start_time_unix_secs -= record.row.call_duration_secs + 1
        self.add(record)
        return record

    def page(
        self,
        conditions: Sequence[Condition],
        *,
        low: int | None = None,
        high: int | None = None,
        descending: bool = True,
        after: Key | None = None,
        size: int,
    ) -> tuple[list[Record], bool]:
        """Return up to `size` conversations that fulfil all conditions, and whether more follow.

        `low` and `high` bound the start time, both inclusive; `after` is the key of the last row sent.
        """
        start = 0 if low is None else bisect_left(self._keys, (low, ""))
        stop = len(self._keys) if high is None else bisect_right(self._keys, (high, AFTER_ANY_ID))
        if after is not None and descending:
            stop = min(stop, bisect_left(self._keys, after))
        elif after is not None:
            start = max(start, bisect_right(self._keys, after))
        if start >= stop:
            return [], False
        if not conditions:
            few = (
                self.records[max(start, stop - size) : stop]
                if descending
                else self.records[start : start + size]
            )
            few = few[: stop - start]
            return (few[::-1] if descending else few), stop - start > size
        rows: list[Record] = []
        walk = range(stop - 1, start - 1, -1) if descending else range(start, stop)
        matching: Iterable[Record] = map(self.records.__getitem__, walk)
        for condition in conditions:
            matching = filter(condition, matching)
        for record in matching:
            if len(rows) == size:
                return rows, True
            rows.append(record)
        return rows, False


def agents_of(records: Iterable[Record]) -> list[AgentRow]:
    agents: dict[str, AgentRow] = {}
    for record in records:
        row = record.row
        known = agents.setdefault(row.agent_id, AgentRow(agent_id=row.agent_id, name=row.agent_id))
        known.name = row.agent_name or known.name
        known.last_call_time_unix_secs = row.start_time_unix_secs
    return list(agents.values())
