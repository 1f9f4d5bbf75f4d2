"""Clicks on saved questions, in Home and in messages: ask, pause, resume, delete; and quick questions."""

from __future__ import annotations

from bot.answers.answer import Answer
from bot.answers.home_tab import saved_by, show_home
from bot.answers.question.question_answer import ask
from bot.answers.saved.saved_changes import delete, pause, resume
from bot.answers.steps import SAVED_CHANGE, SAVED_GONE, SAVED_NAME
from bot.blocks import actions as act
from bot.blocks.notice_messages import notice_message
from bot.blocks.saved_blocks import saved_message
from bot.store.saved import SavedQuestion


async def quick_question(answer: Answer) -> None:
    """Ask the question that a button in Home holds."""
    await ask(answer, answer.pointer.pick or "")


async def run_saved(answer: Answer) -> None:
    """Ask a saved question."""

    async def find(answer: Answer) -> str:
        saved = await _find(answer, answer.pointer.pick or "")
        return "" if saved is None else f'run "{saved.name}"'

    words = await answer.run(SAVED_NAME, find)
    if words:
        await ask(answer, words)
    else:
        await answer.once(SAVED_GONE, _say_gone)


async def change_saved(answer: Answer) -> None:
    """Do what was chosen in a saved question's menu."""
    what, _, saved_id = (answer.pointer.pick or "").partition(":")

    async def change(answer: Answer) -> bool:
        saved = await _find(answer, saved_id)
        if saved is None:
            return False
        match what:
            case act.SAVED_DELETE:
                await delete(answer.services, saved)
            case act.SAVED_PAUSE:
                await pause(answer.services, saved)
            case act.SAVED_RESUME:
                await resume(answer.services, saved, answer.asker)
        await _redraw(answer)
        return True

    if not await answer.run(SAVED_CHANGE, change):
        await answer.once(SAVED_GONE, _say_gone)


async def _find(answer: Answer, saved_id: str) -> SavedQuestion | None:
    return await answer.services.saved.get(saved_id, user_id=answer.user_id)


async def _redraw(answer: Answer) -> None:
    """Show what is there now: in Home, and where it was pressed."""
    await show_home(answer.services, answer.address)
    if not answer.address.channel_id:
        return
    shown = saved_message(await saved_by(answer.services, answer.user_id))
    if answer.posted is not None:
        await answer.reply.update(answer.posted, shown)
    else:
        await answer.reply.replace_glance(shown)


async def _say_gone(answer: Answer) -> None:
    await show_home(answer.services, answer.address)
    await answer.reply.fail(notice_message("That saved question is no more."))
