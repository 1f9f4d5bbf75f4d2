"""All conversations of the stand-in, ordered in time, so that a page is a bisection and a short walk."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from bot.demo.elevenlabs.generate import finish, generate
from bot.demo.elevenlabs.records import AgentRow, Record
from bot.demo.elevenlabs.studio import Studio

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
