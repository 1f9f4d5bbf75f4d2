"""The Home tab: quick questions, what a person asked lately, what they saved. Nothing for who may not ask."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import structlog

from bot.answers.listing import query_of
from bot.answers.reply import Address, ReplyError
from bot.answers.services import Services
from bot.blocks.home import Recent, closed_home, home_view
from bot.blocks.saved import Saved
from bot.store.questions import Question
from bot.store.saved import SavedQuestion

log = structlog.get_logger(__name__)

RECENT = 10


class Homes:
    """Draws Home tabs."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, team_id: str, user_id: str) -> None:
        """Draw a person's Home anew; that Slack does not want it just now is no reason to fail."""
        try:
            await self._services.tabs.home(user_id, await self._view(team_id, user_id))
        except ReplyError as refused:
            log.info("home not shown", code=refused.code, method=refused.method)

    async def _view(self, team_id: str, user_id: str) -> dict[str, object]:
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
