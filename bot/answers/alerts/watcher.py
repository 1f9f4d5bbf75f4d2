"""One look at all that is watched together, every ALERT_SECONDS, by one process of many.

A look reads the newest calls back to the oldest that is not final, once for all, and tests what has changed.
That costs one request, or none where the archive has them. Every hour it reads the last two days again, for
what changes later (ratings, tags) or was deleted. A restart needs only what the database has: until when it
looked, and what was told.

Filters that rows cannot decide, such as words that were said, cost a request for each question; a few of them
have their turn in each look.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import structlog

from bot.answers.answer import Request, Services, Telling
from bot.answers.ports import Address
from bot.answers.saved_questions import zone
from bot.answers.typed_texts import agents_for, read, with_agents
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import Conversation, Selection
from bot.query import Query
from bot.report.alerting import (
    DAY,
    HOUR,
    MINUTE,
    AlertRule,
    AlertState,
    News,
    Reading,
    RecentCalls,
    after_look,
    history,
    measured,
    to_tell,
)
from bot.store.saved import SavedQuestion, new_saved_id

log = structlog.get_logger(__name__)

Start = Callable[[Request], Awaitable[None]]
"""Records a request durably; recording the same id again does nothing."""

LOOK_BACK = 2 * DAY
"""Calls that began longer ago are looked at no more."""
_LIVE_SECS = 2 * HOUR
_OVERLAP = 15 * MINUTE
"""A call may be listed a while after it began."""
LATE_SECS = 5 * MINUTE
"""After this a message says that it is late."""
MOST_AN_HOUR = 30
"""Messages in an hour in one place; what is more comes in one, later."""
TABLE_FROM = 5
"""So many calls at once are told in one table."""
MOST_AT_ONCE = 100
"""Calls in one message."""
_ASKED_A_LOOK = 5
"""Questions in a look that only ElevenLabs can answer."""


@dataclass(slots=True)
class _Watched:
    """A subscription or an alert as this process knows it."""

    saved: SavedQuestion
    rule: AlertRule | None
    query: Query
    read_at: float
    """When its words were read: agents come and go."""
    filled: bool = False
    calls: RecentCalls = field(default_factory=RecentCalls)
    """Of an alert: the calls of its question, as far back as it reaches."""
    waiting: dict[str, Conversation] = field(default_factory=dict)
    """Of a subscription: calls to tell, as soon as the message before has arrived."""

    @property
    def since(self) -> float:
        return self.saved.since or 0.0

    @property
    def live(self) -> bool:
        """Whether it asks how far calls are: those are told before they end."""
        return self.query.value("status") is not None

    @property
    def place(self) -> str:
        return self.saved.channel_id or self.saved.user_id


class Watcher:
    """Looks, and records what is to be told."""

    def __init__(self, services: Services, start: Start, *, every: float) -> None:
        """`every`: seconds from one look to the next."""
        self._services = services
        self._clock = services.clock
        self._start = start
        self._every = every
        self._watched: dict[str, _Watched] = {}
        self._known: dict[str, Conversation] = {}
        """The calls of the last days, as last read."""
        self._wide_at = 0.0
        self._sent: dict[str, deque[float]] = {}
        """When a message was sent to a place."""
        self._started: set[str] = set()
        self._asked: deque[str] = deque()
        """Questions that only ElevenLabs can answer, the longest unasked first."""

    async def keep(self) -> None:
        """Look now and then, for ever."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                log.warning("could not look", error=type(error).__name__)
            await asyncio.sleep(min(5.0, max(0.1, self._every / 10)))

    async def look(self) -> bool:
        """Look, if it is this process's turn; returns whether it has looked."""
        now = self._clock()
        watches = self._services.watches
        if not await watches.claim(now, self._every):
            return False
        began = time.monotonic()
        saved = await watches.active()
        if not saved:
            self._watched.clear()
            self._known.clear()
            return True
        try:
            watched = await self._sync(saved, now)
            await self._read(watched, now)
        except ElevenLabsError as error:
            log.warning("could not look", error=type(error).__name__)
            self._services.meter.looked("failed", time.monotonic() - began)
            return False
        for each in watched:
            await self._tell(each, now)
        before = now - LOOK_BACK - HOUR
        await watches.looked([each.saved for each in watched], now, forget_before=before)
        self._services.meter.looked("done", time.monotonic() - began)
        return True

    # --- what is watched ---

    async def _sync(self, saved: Iterable[SavedQuestion], now: float) -> list[_Watched]:
        """Take in what is watched now; what is new or has changed is filled by the next reading."""
        found: dict[str, _Watched] = {}
        for each in saved:
            known = self._watched.get(each.saved_id)
            same = known is not None and (known.saved.texts, known.saved.rule, known.saved.since) == (
                each.texts,
                each.rule,
                each.since,
            )
            if known is None or not same:
                query = await self._query(each, now)
                if query is None:
                    continue
                rule = None if each.rule is None else msgspec.json.decode(each.rule, type=AlertRule)
                known = _Watched(each, rule, query, now)
                known.calls.live = known.live
            elif known.query.until is not None or now - known.read_at > HOUR:
                known.query, known.read_at = await self._query(each, now) or known.query, now
            known.saved = each
            found[each.saved_id] = known
        self._watched = found
        return list(found.values())

    async def _query(self, saved: SavedQuestion, now: float) -> Query | None:
        """Read its words; None, and logged, when they cannot be read any more."""
        services = self._services
        moment = datetime.fromtimestamp(now, zone(saved.tz))
        parsed = read(saved.texts, now=moment, week_start=services.week_start)
        if agents := await agents_for(services.conversations, parsed):
            parsed = read(saved.texts, now=moment, week_start=services.week_start, agents=agents)
        query = await with_agents(services.conversations, parsed.query)
        if parsed.understood and isinstance(query, Query):
            return query
        log.warning("what is watched is not understood", saved=saved.saved_id)
        return None

    # --- reading ---

    async def _read(self, watched: Sequence[_Watched], now: float) -> None:
        """Read what may have changed, and hand it to all that is watched."""
        since = self._begin(watched, now)
        rows: list[Conversation] = []
        async with self._services.conversations.retrieve(Selection(since=int(since))) as retrieval:
            async for batch in retrieval:
                rows += batch
        if since <= now - LOOK_BACK:
            self._wide_at = now
        changed = [row for row in rows if self._known.get(row.conversation_id) != row]
        there = {row.conversation_id for row in rows}
        gone = [
            key for key, row in self._known.items() if row.start_time_unix_secs >= since and key not in there
        ]
        for key in gone:
            del self._known[key]
        oldest = now - LOOK_BACK - HOUR
        self._known.update((row.conversation_id, row) for row in changed)
        self._known = {k: row for k, row in self._known.items() if row.start_time_unix_secs >= oldest}
        matching: dict[Query, dict[str, bool]] = {}
        asked = self._whose_turn(watched)
        live = [row for row in self._known.values() if not row.final]
        for each in watched:
            if each.query.undecidable:
                if each.saved.saved_id in asked:
                    await self._ask(each, now)
                continue
            fresh = [*changed, *(live if each.query.until else [])] if each.filled else rows
            _take(each, fresh, gone, matching.setdefault(each.query, {}), now)
            await asyncio.sleep(0)

    def _begin(self, watched: Sequence[_Watched], now: float) -> float:
        """Return from when calls must be read: for all that is watched, and back to what may have changed."""
        looked = min(each.saved.looked_at or now for each in watched)
        wide = min(now, looked) - LOOK_BACK
        reach = [
            now - each.rule.reach if each.rule else wide if each.live else max(wide, each.since - _LIVE_SECS)
            for each in watched
            if not each.filled
        ]
        if now - self._wide_at >= HOUR or not self._known:
            return min([wide, *reach])
        newest = max(row.start_time_unix_secs for row in self._known.values())
        unfinished = [
            row.start_time_unix_secs
            for row in self._known.values()
            if not row.final and row.start_time_unix_secs > now - _LIVE_SECS
        ]
        return min([newest - _OVERLAP, *unfinished, *reach])

    def _whose_turn(self, watched: Sequence[_Watched]) -> set[str]:
        """Return which of those that only ElevenLabs can answer are asked in this look."""
        there = {each.saved.saved_id for each in watched if each.query.undecidable}
        self._asked = deque([key for key in self._asked if key in there])
        self._asked.extend(sorted(there - set(self._asked)))
        turn = list(self._asked)[:_ASKED_A_LOOK]
        self._asked.rotate(-len(turn))
        return set(turn)

    async def _ask(self, each: _Watched, now: float) -> None:
        """Read the calls of a question that rows cannot decide."""
        reach = each.rule.reach if each.rule is not None else LOOK_BACK
        since = int(max(now - reach, 0.0 if each.rule is not None else each.since - _LIVE_SECS))
        selection = _from(each.query.selection(), since)
        rows: list[Conversation] = []
        async with self._services.conversations.retrieve(selection) as retrieval:
            async for batch in retrieval:
                rows += [row for row in batch if each.query.matches(row) is not False]
        each.calls = RecentCalls(live=each.live)
        _take(each, rows, (), {row.conversation_id: True for row in rows}, now)

    # --- telling ---

    async def _tell(self, each: _Watched, now: float) -> None:
        """Record what is to be told of one now, unless its last message is still on its way."""
        saved = each.saved
        if saved.pending is not None:
            telling = msgspec.json.decode(saved.pending, type=Telling)
            if telling.batch_id not in self._started:  # the process that noted it may have died
                await self._send(each, telling)
        telling_now = await (self._calls(each, now) if each.rule is None else self._news(each, now))
        if telling_now is not None:
            await self._send(each, telling_now)

    async def _calls(self, each: _Watched, now: float) -> Telling | None:
        saved, watches = each.saved, self._services.watches
        if not each.waiting:
            return None
        # Also while a message is on its way: what was told long ago is forgotten after this look.
        untold = await watches.untold(saved.saved_id, each.waiting)
        each.waiting = {key: row for key, row in each.waiting.items() if key in untold}
        rows = sorted(each.waiting.values(), key=lambda row: (row.start_time_unix_secs, row.conversation_id))
        rows = rows[:MOST_AT_ONCE]
        room = self._room(each.place, now)
        if not rows or room < 1 or saved.pending is not None:
            return None
        telling = Telling(
            batch_id=f"tell-{new_saved_id()}",
            at=now,
            looked_before=self._late(saved, now),
            ids=tuple(row.conversation_id for row in rows),
            since=rows[0].start_time_unix_secs,
            until=rows[-1].start_time_unix_secs,
            as_table=len(rows) >= TABLE_FROM or len(rows) > room,
        )
        told = [(row.conversation_id, row.start_time_unix_secs) for row in rows]
        if not await watches.begin(saved, msgspec.json.encode(telling).decode(), told=told):
            return None
        for row in rows:
            del each.waiting[row.conversation_id]
        return telling

    async def _news(self, each: _Watched, now: float) -> Telling | None:
        saved, rule, watches = each.saved, each.rule, self._services.watches
        if rule is None or (each.query.undecidable and not each.filled):
            return None
        state = AlertState() if saved.state is None else msgspec.json.decode(saved.state, type=AlertState)
        reading = measured(rule, each.calls, now)
        may_tell = saved.pending is None and self._room(each.place, now) > 0
        new, news = after_look(rule, state, reading, now, may_tell=may_tell)
        text = msgspec.json.encode(new).decode()
        if news is None:
            if new != state:
                await watches.set_state(saved, text)
            return None
        telling = self._alarm(each, news, reading, now)
        begun = await watches.begin(saved, msgspec.json.encode(telling).decode(), state=text)
        return telling if begun else None

    def _alarm(self, each: _Watched, news: News, reading: Reading, now: float) -> Telling:
        rule = each.rule or AlertRule(measure="calls", over=True, bound=0)
        return Telling(
            batch_id=f"tell-{new_saved_id()}",
            at=now,
            looked_before=self._late(each.saved, now),
            since=int(now - rule.window),
            until=int(now),
            news=news,
            value=reading.value,
            before=reading.before,
            calls=reading.calls,
            points=tuple(history(rule, each.calls, now)),
        )

    def _late(self, saved: SavedQuestion, now: float) -> float | None:
        before = saved.looked_at or now
        return before if now - before > LATE_SECS + self._every else None

    def _room(self, place: str, now: float) -> int:
        """Return how many messages a place may have now."""
        sent = self._sent.setdefault(place, deque())
        while sent and sent[0] <= now - HOUR:
            sent.popleft()
        return MOST_AN_HOUR - len(sent)

    async def _send(self, each: _Watched, telling: Telling) -> None:
        saved = each.saved
        messages = 1 if telling.as_table or not telling.ids else len(telling.ids)
        self._sent.setdefault(each.place, deque()).extend([telling.at] * messages)
        await self._start(
            Request(
                answer_id=telling.batch_id,
                kind="tell",
                asked_at=telling.at,
                watched_id=saved.saved_id,
                address=Address(
                    team_id=saved.team_id,
                    user_id=saved.user_id,
                    channel_id=saved.channel_id or "",
                    private=saved.channel_id is None,
                ),
            )
        )
        self._started.add(telling.batch_id)


def _take(
    each: _Watched, rows: Sequence[Conversation], gone: Iterable[str], seen: dict[str, bool], now: float
) -> None:
    """Hand rows to one that is watched; `seen` keeps which match, for others that ask the same."""

    def matches(row: Conversation) -> bool:
        found = seen.get(row.conversation_id)
        if found is None:
            found = seen[row.conversation_id] = each.query.holds_for(row)
        return found

    each.filled = True
    if each.rule is None:
        new = to_tell(rows, matches=matches, since=each.since, live=each.live, told=each.waiting.keys())
        each.waiting.update((row.conversation_id, row) for row in new)
        for key in gone:
            each.waiting.pop(key, None)
        return
    oldest = now - each.rule.reach
    for row in rows:
        if row.start_time_unix_secs >= oldest and matches(row):
            each.calls.put(row)
        else:
            each.calls.drop(row.conversation_id)
    for key in gone:
        each.calls.drop(key)
    each.calls.forget_before(oldest)


def _from(selection: Selection, since: int) -> Selection:
    """Return a selection from a moment on."""
    return Selection(since=since, texts=selection.texts, params=selection.params)
