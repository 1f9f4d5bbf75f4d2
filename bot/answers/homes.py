"""The Home tab: quick questions, what a person asked lately, what they saved. Nothing for who may not ask."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import structlog

from bot.answers.listing import query_of
from bot.answers.ports import Address, ReplyError
from bot.answers.request import Request
from bot.answers.services import Services
from bot.blocks import actions as act
from bot.blocks.home_view import Recent, closed_home, home_view
from bot.blocks.saved_blocks import Saved
from bot.store.questions import Question
from bot.store.saved import SavedQuestion

log = structlog.get_logger(__name__)

RECENT = 10
_ASK = frozenset({act.QUICK, act.RECENT, act.SAVED_RUN, act.FILTERS_VIEW})
"""What asks a question when it is pressed in Home."""
_COMING = "Asked. The answer comes to the Messages tab."
_THERE = "Answered: see the Messages tab."


class Homes:
    """Draws Home tabs."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @contextlib.asynccontextmanager
    async def pressed(self, request: Request) -> AsyncIterator[None]:
        """Say in Home, if it was pressed there, that the answer is on its way, then that it is there.

        Nothing of the answer itself is seen in Home, and what is listed there may have changed.
        """
        team_id, user_id = request.address.team_id, request.address.user_id
        if request.address.channel_id:
            yield
            return
        asks = request.click is not None and act.base(request.click.action_id) in _ASK
        saying = asyncio.create_task(self.show(team_id, user_id, _COMING)) if asks else None
        told = None
        try:
            yield
            told = _THERE if asks else None
        finally:
            if saying is not None:
                await asyncio.gather(saying, return_exceptions=True)
            await self.show(team_id, user_id, told)

    async def show(self, team_id: str, user_id: str, told: str | None = None) -> None:
        """Draw a person's Home anew; that Slack does not want it just now is no reason to fail."""
        try:
            await self._services.tabs.home(user_id, await self._view(team_id, user_id, told))
        except ReplyError as refused:
            log.info("home not shown", code=refused.code, method=refused.method)

    async def _view(self, team_id: str, user_id: str, told: str | None) -> dict[str, object]:
        services = self._services
        asker = await services.people.asker(Address(team_id=team_id, user_id=user_id, channel_id=""))
        if asker.refused is not None:
            return closed_home(asker.refused)
        recent = await services.questions.latest_of(user_id, limit=RECENT)
        return home_view(
            recent=[self._recent(question) for question in recent],
            saved=await self.saved(user_id),
            tz=ZoneInfo(asker.tz),
            now=services.clock(),
            told=told,
        )

    async def saved(self, user_id: str) -> list[Saved]:
        """Return what a person has saved, as it is shown."""
        return [self.shown(saved) for saved in await self._services.saved.of(user_id)]

    def shown(self, saved: SavedQuestion) -> Saved:
        """Return a saved question as it is shown: as typed, since its days move on."""
        return Saved(
            saved_id=saved.saved_id,
            name=saved.name,
            sentence=", then ".join(saved.texts),
            schedule=saved.schedule,
            where=saved.channel_id,
            paused=saved.paused,
        )

    def _recent(self, question: Question) -> Recent:
        query = query_of(question, week_start=self._services.week_start)
        return Recent(question_id=question.question_id, sentence=query.sentence(), asked_at=question.asked_at)
