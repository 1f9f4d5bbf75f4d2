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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
import structlog

from bot.answers.answer import Request, Services, Start
from bot.answers.placement import LATE_SECS
from bot.answers.telling import (
    MOST_AN_HOUR,
    Telling,
    address_of,
    encoded,
    query_of_watched,
    rule_of,
    state_of,
    words_of,
)
from bot.blocks.text import plural
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import Conversation, SavedQuestion, Selection
from bot.query import Query
from bot.query.alert_commands import finding
from bot.report.alerting import (
    DAY,
    HOUR,
    MINUTE,
    AlertRule,
    RecentCalls,
    after_look,
    history,
    measured,
    to_tell,
)
from bot.store.saved import new_saved_id

log = structlog.get_logger(__name__)

LOOK_BACK = 2 * DAY
"""Calls that began longer ago are looked at no more."""
_LIVE_SECS = 2 * HOUR
_OVERLAP = 15 * MINUTE
"""A call may be listed a while after it began."""
TABLE_FROM = 5
"""So many calls at once are told in one table."""
MOST_AT_ONCE = 100
_ASKED_A_LOOK = 5
"""Questions in a look that only ElevenLabs can answer."""


@dataclass(slots=True)
class _Watched:
    """A subscription or an alert as this process knows it."""

    saved: SavedQuestion
    rule: AlertRule | None
    query: Query
    read_at: float = 0
    """When its words were read: agents come and go."""
    filled: bool = False
    waiting: dict[str, Conversation] = field(default_factory=dict)
    """Of a subscription: calls to tell, as soon as the message before has arrived."""
    calls: RecentCalls = field(init=False)
    """Of an alert: the calls of its question, as far back as it reaches."""

    def __post_init__(self) -> None:
        self.calls = RecentCalls(live=self.live)

    @property
    def live(self) -> bool:
        """Whether it asks how far calls are: those are told before they end."""
        return self.query.value("status") is not None

    @property
    def place(self) -> str:
        return self.saved.channel_id or self.saved.user_id


class Watcher:
    def __init__(self, services: Services, start: Start, *, every: float) -> None:
        """`every`: seconds from one look to the next, whichever process it is that looks."""
        self._services = services
        self._clock = services.clock
        self._start = start
        self._every = every
        self._watched: dict[str, _Watched] = {}
        self._known: dict[str, Conversation] = {}
        """The calls of the last days, as last read."""
        self._wide_at = 0.0
        self._sent: dict[str, list[int]] = {}
        """What each place got in the last hour: messages, 0 for the one that says that others wait."""
        self._held: dict[str, list[tuple[_Watched, str]]] = {}
        """What a place is not told in this look, since it has heard enough, and what that is in words."""
        self._started: set[str] = set()
        self._asked: deque[str] = deque()
        """Questions that only ElevenLabs can answer, the longest unasked first."""

    async def look(self) -> bool:
        """Look, if it is this process's turn; returns whether it has looked."""
        now = self._clock()
        watches = self._services.watches
        if not await watches.claim(now, self._every):
            return False
        began = time.monotonic()
        saved = [each for each in await watches.everything() if not each.paused]
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
        self._sent, self._held = await watches.sent_since(now - HOUR), {}
        for each in watched:
            await self._tell(each, now)
        await self._say_what_waits(now)
        before = now - LOOK_BACK - HOUR
        await watches.looked([each.saved for each in watched], now, forget_before=before)
        self._services.meter.looked("done", time.monotonic() - began)
        return True

    # --- what is watched ---

    async def _sync(self, saved: Iterable[SavedQuestion], now: float) -> list[_Watched]:
        """Take in what is watched now; what is new or has changed is filled by the next reading."""
        found: dict[str, _Watched] = {}
        for each in saved:
            known, asked = self._watched.get(each.saved_id), (each.texts, each.rule, each.since)
            if known is not None and (known.saved.texts, known.saved.rule, known.saved.since) != asked:
                known = None
            if known is None or known.query.until is not None or now - known.read_at > HOUR:
                query = await query_of_watched(self._services, each, now)
                if known is None and query is None:
                    continue
                known = known or _Watched(each, rule_of(each), query or Query())
                known.query, known.read_at = query or known.query, now
            known.saved = each
            found[each.saved_id] = known
        self._watched = found
        return list(found.values())

    # --- reading ---

    async def _read(self, watched: Sequence[_Watched], now: float) -> None:
        wide = min(now, *(each.saved.looked_at or now for each in watched)) - LOOK_BACK
        since = self._begin(watched, wide, now)
        rows: list[Conversation] = []
        async with self._services.conversations.retrieve(Selection(since=int(since))) as retrieval:
            async for batch in retrieval:
                rows += batch
        if since <= now - LOOK_BACK:
            self._wide_at = now
        changed = [row for row in rows if self._known.get(row.conversation_id) != row]
        there = {row.conversation_id for row in rows}
        began = {key: row.start_time_unix_secs for key, row in self._known.items()}
        gone = {key for key, start in began.items() if start >= since and key not in there}
        kept = [row for key, row in self._known.items() if key not in gone] + changed
        oldest = now - LOOK_BACK - HOUR
        self._known = {row.conversation_id: row for row in kept if row.start_time_unix_secs >= oldest}
        matching: dict[Query, dict[str, bool]] = {}
        asked = self._whose_turn(watched)
        live = [row for row in self._known.values() if not row.final]
        for each in watched:
            if each.query.undecidable:
                if each.saved.saved_id in asked:
                    try:
                        await self._ask(each, now)
                    except ElevenLabsError as error:  # the others do not need it
                        log.warning("could not ask", saved=each.saved.saved_id, error=type(error).__name__)
                continue
            fresh = [*changed, *(live if each.query.until else [])] if each.filled else rows
            oldest = now - each.rule.reach if each.rule else wide
            _take(each, fresh, gone, matching.setdefault(each.query, {}), oldest)
            await asyncio.sleep(0)

    def _begin(self, watched: Sequence[_Watched], wide: float, now: float) -> float:
        """Return from when calls must be read: for all that is watched, and back to what may have changed."""
        reach = [
            now - each.rule.reach if each.rule else max(wide, (each.saved.since or 0) - _LIVE_SECS)
            for each in watched
            if not each.filled
        ]
        if now - self._wide_at >= HOUR or not self._known:
            return min([wide, *reach])
        newest = max(row.start_time_unix_secs for row in self._known.values())
        running = [row.start_time_unix_secs for row in self._known.values() if not row.final]
        recent = [start for start in running if start > now - _LIVE_SECS]
        return min([newest - _OVERLAP, *recent, *reach])

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
        wide = min(now, each.saved.looked_at or now) - LOOK_BACK
        since = now - each.rule.reach if each.rule else max(wide, (each.saved.since or 0) - _LIVE_SECS)
        asked = each.query.selection()
        selection = Selection(since=int(since), texts=asked.texts, params=asked.params)
        rows: list[Conversation] = []
        async with self._services.conversations.retrieve(selection) as retrieval:
            async for batch in retrieval:
                rows += [row for row in batch if each.query.matches(row) is not False]
        each.calls = RecentCalls(live=each.live)
        _take(each, rows, (), {row.conversation_id: True for row in rows}, since)

    # --- telling ---

    async def _tell(self, each: _Watched, now: float) -> None:
        """Record what is to be told of one now, unless its last message is still on its way."""
        saved = each.saved
        if saved.pending is not None:
            telling = msgspec.json.decode(saved.pending, type=Telling)
            if telling.batch_id not in self._started:  # the process that noted it may have died
                await self._send(saved, telling)
        room = MOST_AN_HOUR - sum(self._sent.get(each.place, ()))
        tell = self._tell_calls if each.rule is None else self._tell_news
        if waits := await tell(each, room, now):
            self._held.setdefault(each.place, []).append((each, waits))

    async def _tell_calls(self, each: _Watched, room: int, now: float) -> str | None:
        """Tell calls, or return what waits since there is no room for it."""
        saved = each.saved
        if not each.waiting:
            return None
        # Also while a message is on its way: what was told long ago is forgotten after this look.
        untold = await self._services.watches.untold(saved.saved_id, each.waiting)
        each.waiting = {key: row for key, row in each.waiting.items() if key in untold}
        rows = sorted(each.waiting.values(), key=lambda row: (row.start_time_unix_secs, row.conversation_id))
        rows = rows[:MOST_AT_ONCE]
        if rows and room < 1:
            return f"{words_of(saved)}: {plural(len(each.waiting), 'call')}"
        if not rows or saved.pending is not None:
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
        messages = 1 if telling.as_table else len(rows)
        if await self._begin_telling(each, telling, messages=messages, told=told):
            for row in rows:
                del each.waiting[row.conversation_id]
        return None

    async def _tell_news(self, each: _Watched, room: int, now: float) -> str | None:
        """Tell what an alert has come to; likewise."""
        saved, rule = each.saved, each.rule
        if rule is None or not each.filled:
            return None
        state, reading = state_of(saved), measured(rule, each.calls, now)
        may_tell = saved.pending is None and room > 0
        new, news = after_look(rule, state, reading, now, may_tell=may_tell)
        if news is None:
            if new != state:
                await self._services.watches.set_state(saved, encoded(new))
            held = after_look(rule, state, reading, now)[1] if room < 1 else None
            return finding(rule, saved.texts[0], held, reading.value) if held else None
        telling = Telling(
            batch_id=f"tell-{new_saved_id()}",
            at=now,
            looked_before=self._late(saved, now),
            since=int(now - rule.window),
            until=int(now),
            news=news,
            value=reading.value,
            before=reading.before,
            calls=reading.calls,
            points=tuple(history(rule, each.calls, now)),
        )
        await self._begin_telling(each, telling, messages=1, state=encoded(new))
        return None

    async def _say_what_waits(self, now: float) -> None:
        """Say once in an hour, in a place that has heard enough, what is told later."""
        for place, held in self._held.items():
            free = [each for each, _words in held if each.saved.pending is None]
            if free and 0 not in self._sent[place]:
                waiting = tuple(words for _each, words in held)
                telling = Telling(batch_id=f"tell-{new_saved_id()}", at=now, waiting=waiting)
                await self._begin_telling(free[0], telling, messages=0)

    def _late(self, saved: SavedQuestion, now: float) -> float | None:
        before = saved.looked_at or now
        return before if now - before > LATE_SECS + self._every else None

    async def _begin_telling(
        self,
        each: _Watched,
        telling: Telling,
        *,
        messages: int,
        told: Sequence[tuple[str, int]] = (),
        state: str | None = None,
    ) -> bool:
        """Note a message and record it; False when something else was noted meanwhile."""
        pending = encoded(telling)
        if not await self._services.watches.begin(
            each.saved, pending, at=telling.at, messages=messages, told=told, state=state
        ):
            return False
        self._sent.setdefault(each.place, []).append(messages)
        await self._send(each.saved, telling)
        return True

    async def _send(self, saved: SavedQuestion, telling: Telling) -> None:
        await self._start(
            Request(
                answer_id=telling.batch_id,
                kind="tell",
                asked_at=telling.at,
                watched_id=saved.saved_id,
                address=address_of(saved),
            )
        )
        self._started.add(telling.batch_id)


def _take(
    each: _Watched, rows: Sequence[Conversation], gone: Iterable[str], seen: dict[str, bool], since: float
) -> None:
    """Hand rows since a time to one that is watched; `seen` keeps which match, for others that ask it."""

    def matches(row: Conversation) -> bool:
        found = seen.get(row.conversation_id)
        if found is None:
            found = seen[row.conversation_id] = each.query.holds_for(row)
        return found

    each.filled = True
    recent = [row for row in rows if row.start_time_unix_secs >= since]
    if each.rule is None:
        new = to_tell(
            recent, matches=matches, since=each.saved.since or 0, live=each.live, told=each.waiting.keys()
        )
        each.waiting.update((row.conversation_id, row) for row in new)
        for key in gone:
            each.waiting.pop(key, None)
        return
    for row in recent:
        found = matches(row)
        if found or each.rule.measure == "share":
            each.calls.put(row, other=not found)
        else:
            each.calls.drop(row.conversation_id)
    for key in gone:
        each.calls.drop(key)
    each.calls.forget_before(since)
