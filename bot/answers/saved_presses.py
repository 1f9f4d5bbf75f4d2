"""Presses on saved questions, in Home and in messages: ask, pause, resume, delete; and quick questions."""

from __future__ import annotations

from bot.answers.asking import Asking
from bot.answers.presses import Press, ServePress
from bot.answers.saving import Saver
from bot.answers.services import Services
from bot.blocks import actions as act
from bot.blocks.notice import notice_message
from bot.blocks.saved import saved_message
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

    async def _quick(self, press: Press) -> bool:
        await self._asking.ask(press.request, press.pointer.pick or "", press.asker, press.reply, press.steps)
        return True

    async def _run(self, press: Press) -> bool:
        async def find() -> str:
            saved = await self._find(press, press.pointer.pick or "")
            return "" if saved is None else f'run "{saved.name}"'

        words = await press.steps.run("saved", find, str)
        if words:
            await self._asking.ask(press.request, words, press.asker, press.reply, press.steps)
        else:
            await self._gone(press)
        return True

    async def _menu(self, press: Press) -> bool:
        what, _, saved_id = (press.pointer.pick or "").partition(":")

        async def do() -> bool:
            saved = await self._find(press, saved_id)
            if saved is None:
                return False
            match what:
                case act.SAVED_DELETE:
                    await self._saver.delete(saved)
                case act.SAVED_PAUSE:
                    await self._saver.pause(saved)
                case act.SAVED_RESUME:
                    await self._saver.resume(saved, press.asker)
            await self._redraw(press)
            return True

        if not await press.steps.run("saved", do, bool):
            await self._gone(press)
        return True

    async def _find(self, press: Press, saved_id: str) -> SavedQuestion | None:
        return await self._services.saved.get(saved_id, user_id=press.request.address.user_id)

    async def _redraw(self, press: Press) -> None:
        """Show what is there now: in Home, and where it was pressed."""
        address = press.request.address
        await self._saver.homes.show(address.team_id, address.user_id)
        if not address.channel_id:
            return
        shown = saved_message(await self._saver.homes.saved(address.user_id))
        if press.posted is not None:
            await press.reply.update(press.posted, shown)
        else:
            await press.reply.replace_glance(shown)

    async def _gone(self, press: Press) -> None:
        async def say() -> bool:
            address = press.request.address
            await self._saver.homes.show(address.team_id, address.user_id)
            await press.reply.fail(notice_message(_GONE))
            return True

        await press.steps.run("gone", say, bool)
