"""Presses on saved questions, in Home and in messages: ask, pause, resume, delete; and quick questions."""

from __future__ import annotations

from bot.answers.answer import Answer
from bot.answers.asking import Asking
from bot.answers.presses import ServePress
from bot.answers.saving import Saver
from bot.answers.services import Services
from bot.answers.steps import SAVED_CHANGE, SAVED_GONE, SAVED_NAME
from bot.blocks import actions as act
from bot.blocks.notice_messages import notice_message
from bot.blocks.saved_blocks import saved_message
from bot.store.saved import SavedQuestion

_GONE = "That saved question is no more."


class SavedPresses:
    """Serves them."""

    def __init__(self, services: Services, asking: Asking, saver: Saver) -> None:
        self._services = services
        self._asking = asking
        self._saver = saver
        self.serve: dict[str, ServePress] = {
            act.QUICK: self._quick,
            act.SAVED_RUN: self._run,
            act.SAVED_MENU: self._menu,
        }

    async def _quick(self, answer: Answer) -> bool:
        await self._asking.ask(answer, answer.pointer.pick or "")
        return True

    async def _run(self, answer: Answer) -> bool:
        async def find(answer: Answer) -> str:
            saved = await self._find(answer, answer.pointer.pick or "")
            return "" if saved is None else f'run "{saved.name}"'

        words = await answer.run(SAVED_NAME, find)
        if words:
            await self._asking.ask(answer, words)
        else:
            await self._gone(answer)
        return True

    async def _menu(self, answer: Answer) -> bool:
        what, _, saved_id = (answer.pointer.pick or "").partition(":")

        async def do(answer: Answer) -> bool:
            saved = await self._find(answer, saved_id)
            if saved is None:
                return False
            match what:
                case act.SAVED_DELETE:
                    await self._saver.delete(saved)
                case act.SAVED_PAUSE:
                    await self._saver.pause(saved)
                case act.SAVED_RESUME:
                    await self._saver.resume(saved, answer.asker)
            await self._redraw(answer)
            return True

        if not await answer.run(SAVED_CHANGE, do):
            await self._gone(answer)
        return True

    async def _find(self, answer: Answer, saved_id: str) -> SavedQuestion | None:
        return await self._services.saved.get(saved_id, user_id=answer.request.address.user_id)

    async def _redraw(self, answer: Answer) -> None:
        """Show what is there now: in Home, and where it was pressed."""
        address = answer.request.address
        await self._saver.homes.show(address.team_id, address.user_id)
        if not address.channel_id:
            return
        shown = saved_message(await self._saver.homes.saved(address.user_id))
        if answer.posted is not None:
            await answer.reply.update(answer.posted, shown)
        else:
            await answer.reply.replace_glance(shown)

    async def _gone(self, answer: Answer) -> None:
        async def say(answer: Answer) -> None:
            address = answer.request.address
            await self._saver.homes.show(address.team_id, address.user_id)
            await answer.reply.fail(notice_message(_GONE))

        await answer.once(SAVED_GONE, say)
