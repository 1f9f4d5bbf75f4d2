"""The Home tab: numbers of today and this week, quick questions, what a person asked lately and saved.

Nothing for who may not ask.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.answers.alerts.watched import items, watched_by
from bot.answers.answer import Answer, Services
from bot.answers.error_messages import cause
from bot.answers.ports import Address, Asker, ReplyError
from bot.answers.question.report_rows import ReportReading
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.home_view import Numbers, Recent, Saved, closed_home, home_view
from bot.query import parse

log = structlog.get_logger(__name__)

RECENT = 10
_ASK = frozenset({act.QUICK, act.RECENT, act.SAVED_RUN, act.FILTERS_VIEW})
"""What asks a question when it is pressed in Home."""
_QUICK_SECS, _NUMBERS_SECS = 1.0, 30.0
"""Home waits so long for its numbers before it is shown without them, and before they are given up."""
_TIMES = {
    "Today": "show:calls,success-rate compare:previous today",
    "This week": "show:calls,success-rate,median-duration,cost compare:previous this week",
}
_DRAWN = frozenset({"This week"})
_NO_CHART = frozenset({"invalid_blocks", "invalid_arguments", "invalid_view"})
_COMING = "Asked. The answer comes to the Messages tab."
_THERE = "Answered: see the Messages tab."


@contextlib.asynccontextmanager
async def progress_in_home(answer: Answer) -> AsyncIterator[None]:
    """Say in Home, if it was pressed there, that the answer is on its way, then that it is there.

    Nothing of the answer itself is seen in Home, and what is listed there may have changed.
    """
    services, address, click = answer.services, answer.address, answer.request.click
    if address.channel_id:
        yield
        return
    asks = click is not None and act.base(click.action_id) in _ASK
    saying = asyncio.create_task(show_home(services, address, _COMING)) if asks else None
    told = None
    try:
        yield
        told = _THERE if asks else None
    finally:
        if saying is not None:
            await asyncio.gather(saying, return_exceptions=True)
        await show_home(services, address, told)


async def show_home(services: Services, address: Address, told: str | None = None) -> None:
    """Draw a person's Home anew, at once, and again with numbers that take longer.

    That Slack does not want it just now is no reason to fail.
    """
    user_id = address.user_id
    try:
        asker = await services.people.asker(Address(team_id=address.team_id, user_id=user_id, channel_id=""))
        if asker.refused is not None:
            await services.tabs.home(user_id, closed_home(asker.refused))
            return
        counting = asyncio.create_task(_numbers(services, asker))
        try:
            done, _pending = await asyncio.wait([counting], timeout=_QUICK_SECS)
            if not done:
                await services.tabs.home(user_id, await _view(services, user_id, asker, (), told))
            async with asyncio.timeout(_NUMBERS_SECS):
                await _publish(services, user_id, asker, await counting, told)
        finally:
            counting.cancel()
    except ReplyError as refused:
        log.info("home not shown", code=refused.code, method=refused.method)
    except TimeoutError:
        log.info("home without numbers")


async def _publish(
    services: Services, user_id: str, asker: Asker, numbers: Sequence[Numbers], told: str | None
) -> None:
    """Show Home; without charts where Slack does not take them there."""
    try:
        await services.tabs.home(user_id, await _view(services, user_id, asker, numbers, told))
    except ReplyError as refused:
        if refused.code not in _NO_CHART or not numbers:
            raise
        plain = [replace(each, chart=None) for each in numbers]
        await services.tabs.home(user_id, await _view(services, user_id, asker, plain, told))


async def _numbers(services: Services, asker: Asker) -> list[Numbers]:
    """Count the calls of today and of this week; nothing where they cannot be read."""
    now = datetime.fromtimestamp(services.clock(), ZoneInfo(asker.tz))
    found = []
    for time, text in _TIMES.items():
        query = parse(text, now=now, week_start=services.week_start).query
        reading = ReportReading(query, services.conversations, now=now, week_start=services.week_start)
        try:
            counted = await reading.read()
        except Exception as error:  # noqa: BLE001 - the rest of Home does not need ElevenLabs
            log.info("no numbers in home", error=type(cause(error)).__name__)
            return []
        chart = counted.chart if time in _DRAWN else None
        found.append(Numbers(time=time, table=counted.table, chart=chart))
    return found


async def _view(
    services: Services, user_id: str, asker: Asker, numbers: Sequence[Numbers], told: str | None
) -> dict[str, object]:
    recent = await services.questions.latest_of(user_id, limit=RECENT)
    watched, _hidden = await watched_by(services, user_id)
    archived = None if services.archive_state is None else await services.archive_state()
    return home_view(
        numbers=numbers,
        recent=[
            Recent(
                question_id=question.question_id,
                sentence=query_of(services, question).sentence(),
                asked_at=question.asked_at,
            )
            for question in recent
        ],
        saved=await saved_by(services, user_id),
        watched=items(services, watched, asker.tz),
        tz=ZoneInfo(asker.tz),
        now=services.clock(),
        told=told,
        archived=None if archived is None else archived.words(services.clock()),
    )


async def saved_by(services: Services, user_id: str) -> list[Saved]:
    return [
        Saved(
            saved_id=saved.saved_id,
            name=saved.name,
            sentence=", then ".join(saved.texts),
            schedule=saved.schedule,
            where=saved.channel_id,
            paused=saved.paused,
            only_if_any=bool(saved.only_if_any),
        )
        for saved in await services.saved.of(user_id)
    ]
