"""The Home tab: quick questions, what a person asked lately, what they saved. Nothing for who may not ask."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import Answer, Services
from bot.answers.ports import Address, ReplyError
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.home_view import Recent, closed_home, home_view
from bot.blocks.saved_blocks import Saved

log = structlog.get_logger(__name__)

RECENT = 10
_ASK = frozenset({act.QUICK, act.RECENT, act.SAVED_RUN, act.FILTERS_VIEW})
"""What asks a question when it is pressed in Home."""
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
    """Draw a person's Home anew; that Slack does not want it just now is no reason to fail."""
    try:
        await services.tabs.home(address.user_id, await _view(services, address, told))
    except ReplyError as refused:
        log.info("home not shown", code=refused.code, method=refused.method)


async def _view(services: Services, address: Address, told: str | None) -> dict[str, object]:
    user_id = address.user_id
    asker = await services.people.asker(Address(team_id=address.team_id, user_id=user_id, channel_id=""))
    if asker.refused is not None:
        return closed_home(asker.refused)
    recent = await services.questions.latest_of(user_id, limit=RECENT)
    return home_view(
        recent=[
            Recent(
                question_id=question.question_id,
                sentence=query_of(question, week_start=services.week_start).sentence(),
                asked_at=question.asked_at,
            )
            for question in recent
        ],
        saved=await saved_by(services, user_id),
        tz=ZoneInfo(asker.tz),
        now=services.clock(),
        told=told,
    )


async def saved_by(services: Services, user_id: str) -> list[Saved]:
    """Return what a person has saved, each as typed, since its days move on."""
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
