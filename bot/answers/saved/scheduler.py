"""Saved questions asked on their schedules, once for each time, however many processes look.

Every answering process looks now and then at what is due. The answer's id is made of the question and the
time at which it was due, so two that look at once record one answer; only then is the next time set. A
process that dies in between leaves it due, and the next look records the same id again.

DBOS has schedules of its own, but with one thread and one clock each, and after a downtime they make up for
every time that was missed; here the last one only is asked, and says that it is late.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import Request, Scheduled
from bot.answers.ports import Address, People, ReplyError
from bot.query.time.schedule_parser import NoScheduleError, read_schedule
from bot.store.saved import SavedQuestion, SavedQuestions

log = structlog.get_logger(__name__)

LOOK_SECS = 2.0
"""How often a process looks: one indexed query."""
LATE_SECS = 300.0
"""After this an answer says that it is late."""

Start = Callable[[Request], Awaitable[None]]
"""Records a request durably; recording the same id again does nothing."""


class Scheduler:
    """Asks what is due."""

    def __init__(
        self, saved: SavedQuestions, people: People, clock: Callable[[], float], start: Start
    ) -> None:
        self._saved = saved
        self._people = people
        self._clock = clock
        self._start = start

    async def keep(self) -> None:
        """Look now and then, for ever."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                log.warning("could not look for what is due", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECS)

    async def look(self) -> int:
        """Ask what is due by now; returns how many."""
        now = self._clock()
        asked = 0
        for saved in await self._saved.due(now):
            try:
                asked += await self._ask(saved, now)
            except NoScheduleError:  # written by a version that knows more than this one
                log.warning("a schedule is not understood", saved=saved.saved_id)
                await self._saved.pause(saved)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with this one, the others are due too
                log.warning("could not ask what is due", saved=saved.saved_id, error=type(error).__name__)
        return asked

    async def _ask(self, saved: SavedQuestion, now: float) -> bool:
        if saved.next_at is None or saved.schedule is None:
            return False
        schedule = read_schedule(saved.schedule)
        due, skipped = schedule.last_until(saved.next_at, now, zone(saved.tz))
        await self._start(
            Request(
                answer_id=f"schedule-{saved.saved_id}-{int(saved.next_at)}",
                kind="ask",
                asked_at=now,
                text=saved.name,
                address=Address(
                    team_id=saved.team_id,
                    user_id=saved.user_id,
                    channel_id=saved.channel_id or "",
                    private=saved.channel_id is None,
                ),
                scheduled=Scheduled(
                    saved_id=saved.saved_id,
                    name=saved.name,
                    schedule=saved.schedule,
                    texts=saved.texts,
                    due=due,
                    skipped=skipped,
                    only_if_any=bool(saved.only_if_any),
                ),
            )
        )
        tz = await self._zone(saved)
        next_at = schedule.next_after(max(now, due), zone(tz))
        return await self._saved.advance(saved, next_at=next_at, tz=tz)

    async def _zone(self, saved: SavedQuestion) -> str:
        """Return the owner's time zone of today: people move."""
        address = Address(team_id=saved.team_id, user_id=saved.user_id, channel_id="")
        with contextlib.suppress(ReplyError):
            return (await self._people.asker(address)).tz
        return saved.tz


def zone(name: str) -> ZoneInfo:
    """Return a time zone; UTC for one that another host knew and this one does not."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def why_now(scheduled: Scheduled, now: float, tz: str) -> tuple[str, ...]:
    """Say why a scheduled question is asked, and how late."""
    said = [f"“{scheduled.name}”, asked {scheduled.schedule}"]
    if now - scheduled.due > LATE_SECS:
        due = datetime.fromtimestamp(scheduled.due, zone(tz))
        late = f"late: it was due {due:%A} {due.day} {due:%B %H:%M}"
        if scheduled.skipped:
            times = "time was" if scheduled.skipped == 1 else "times were"
            late += f", and {scheduled.skipped} earlier {times} missed"
        said.append(late)
    return tuple(said)
