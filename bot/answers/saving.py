"""Saved questions by words: save, run by name, list, pause, resume, delete, and ask by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers.answer import Answer
from bot.answers.error_messages import cannot_share
from bot.answers.homes import Homes
from bot.answers.notices import tell
from bot.answers.ports import Address, Asker
from bot.answers.request import Request
from bot.answers.services import Services
from bot.answers.typed import agents_for, goes_on, read, with_agents
from bot.blocks.notice_messages import notice_message
from bot.blocks.saved_blocks import saved_message
from bot.query import Query
from bot.query.saved_commands import NAME_CHARS, Saving, clean_name, name_key, name_problem, read_saving
from bot.query.time.schedule_parser import Schedule, read_schedule
from bot.store.questions import Question
from bot.store.saved import MOST, SavedQuestion, new_saved_id

Texts = tuple[str, ...]
"""A question as typed, and the follow-ups that changed it."""


class NotSavedError(Exception):
    """A question cannot be saved so. The text is for the person: the reason and a next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a question is to be saved."""

    name: str
    texts: Texts
    schedule: Schedule | None = None
    channel_id: str | None = None


class Saver:
    """Keeps questions, runs none."""

    def __init__(self, services: Services, homes: Homes) -> None:
        self._services = services
        self.homes = homes

    async def save(self, address: Address, asker: Asker, wish: Wish) -> SavedQuestion:
        """Keep a question; one of the same name is replaced. Raises NotSavedError and ReplyError."""
        name = clean_name(wish.name)
        if (problem := name_problem(name)) is not None:
            raise NotSavedError(problem)
        if wish.channel_id is not None:
            await self._check_channel(address, wish.channel_id)
        now = self._services.clock()
        next_at = None if wish.schedule is None else wish.schedule.next_after(now, ZoneInfo(asker.tz))
        kept = await self._services.saved.put(
            SavedQuestion(
                saved_id=new_saved_id(),
                team_id=address.team_id,
                user_id=address.user_id,
                name=name,
                name_key=name_key(name),
                texts=wish.texts,
                tz=asker.tz,
                schedule=None if wish.schedule is None else wish.schedule.words(),
                channel_id=None if wish.schedule is None else wish.channel_id,
                next_at=next_at,
                saved_at=now,
            )
        )
        if kept is None:
            raise NotSavedError(f"You have saved {MOST} questions already. Delete one first: type saved.")
        return kept

    async def _check_channel(self, address: Address, channel_id: str) -> None:
        """Make sure that data may be posted there now; it is checked again at each run."""
        there = address.in_channel(channel_id)
        asker = await self._services.people.asker(there)
        if asker.refused is not None:
            raise NotSavedError(asker.refused)
        if (refused := await self._services.people.barred(there)) is not None:
            words = cannot_share(refused)
            raise NotSavedError(f"{words.headline} {words.next_step}")

    async def pause(self, saved: SavedQuestion) -> str:
        """Ask it no more by itself; returns what was done, in words."""
        if saved.schedule is None:
            return f"“{saved.name}” is not asked by itself, so there is nothing to pause."
        await self._services.saved.pause(saved)
        return f"Paused “{saved.name}”. Say resume “{saved.name}” to go on."

    async def resume(self, saved: SavedQuestion, asker: Asker) -> str:
        """Ask it by itself again; returns what was done, in words."""
        if saved.schedule is None:
            return f"“{saved.name}” has no schedule. Say for example “{saved.name}” every monday 9:00."
        zone = ZoneInfo(asker.tz)
        next_at = read_schedule(saved.schedule).next_after(self._services.clock(), zone)
        await self._services.saved.resume(saved, next_at=next_at, tz=asker.tz)
        return f"Resumed “{saved.name}”. Next: {_when(next_at, zone)}."

    async def delete(self, saved: SavedQuestion) -> str:
        """Forget it; returns what was done, in words."""
        await self._services.saved.delete(saved)
        return f"Deleted the saved question “{saved.name}”."

    def confirmation(self, saved: SavedQuestion) -> tuple[str, str]:
        """Say what was saved: a line, and details."""
        if saved.schedule is None or saved.next_at is None:
            return (
                f"Saved as “{saved.name}”.",
                f"Ask it by its name; {saved.name} every monday 9:00 schedules it.",
            )
        where = "in your direct messages" if saved.channel_id is None else "in the channel you chose"
        zone = ZoneInfo(saved.tz)
        return (
            f"Saved as “{saved.name}”, asked {saved.schedule} ({saved.tz}) and answered {where}.",
            f"Next: {_when(saved.next_at, zone)}. To stop it, say pause “{saved.name}”.",
        )


class SavedWords:
    """Serves what people say about saved questions, before anything else is read."""

    def __init__(self, services: Services, saver: Saver) -> None:
        self._services = services
        self._saver = saver

    async def before(self, answer: Answer, text: str) -> Texts:
        """Do what a text says about saved questions; returns the question to ask then, () for none."""
        if answer.request.scheduled is not None:
            return answer.request.scheduled.texts
        saving = read_saving(text)
        user_id = answer.user_id
        if saving is None or saving.act == "schedule":  # “Daily report 9:00” may be a name
            named = await self._named(user_id, text)
            if named is not None or saving is None:
                return (text,) if named is None else named.texts
        if saving.act == "list":
            saved = await self._saver.homes.saved(user_id)
            await tell(answer, saved_message(saved))
            return ()
        if saving.act in {"save", "schedule"}:
            return await self._keep(answer, saving)
        return await self._do(answer, saving)

    async def _named(self, user_id: str, text: str) -> SavedQuestion | None:
        if not text or len(text) > 2 * NAME_CHARS:
            return None
        return await self._services.saved.named(user_id, name_key(text))

    async def _do(self, answer: Answer, saving: Saving) -> Texts:
        """Run, delete, pause or resume."""
        saved = await self._named(answer.user_id, saving.name)
        if saved is None and saving.instead is not None and saving.instead.problem is None:
            return await self._keep(answer, saving.instead)
        if saved is None:
            words, known = await self._no_such(answer.user_id, saving.name)
            problem = saving.instead.problem if saving.instead is not None else None
            await self._say(answer, words, problem or known)
            return ()
        match saving.act:
            case "run":
                return saved.texts
            case "delete":
                done = await self._saver.delete(saved)
            case "pause":
                done = await self._saver.pause(saved)
            case _:
                done = await self._saver.resume(saved, answer.asker)
        await self._changed(answer)
        await self._say(answer, done)
        return ()

    async def _keep(self, answer: Answer, saving: Saving) -> Texts:
        """Save a question, asked just now or before, and schedule it."""
        if saving.problem is not None:
            await self._say(answer, saving.problem)
            return ()
        address = answer.address
        known = await self._named(address.user_id, saving.name) if saving.name else None
        ask: Texts = ()
        if saving.act == "schedule" and known is not None:
            texts = known.texts
        elif saving.act == "schedule" and saving.name and not saving.question:
            await self._say(answer, *await self._no_such(address.user_id, saving.name))
            return ()
        else:
            texts = await self._texts(answer.request, saving.question)
            if not texts:
                example = 'failed calls last week save as "Monday failures"'
                await self._say(
                    answer, "There is no question to save here yet.", f"Say for example {example}."
                )
                return ()
            if saving.question:
                if not await self._askable(texts, answer):
                    return texts  # what is not understood is said, and not saved
                ask = texts
        name = known.name if known is not None else saving.name or " ".join(texts)
        here = address.channel_id if saving.here and not address.channel_id.startswith("D") else None
        wish = Wish(name=name, texts=texts, schedule=saving.schedule, channel_id=saving.channel_id or here)
        try:
            saved = await self._saver.save(address, answer.asker, wish)
        except NotSavedError as problem:
            await self._say(answer, f"Not saved. {problem}")
            return ask
        await self._changed(answer)
        await self._say(answer, *self._saver.confirmation(saved))
        return ask

    async def _texts(self, request: Request, question: str) -> Texts:
        """Return the words to save: those given, after the last if they follow it up; or the last."""
        address = request.address
        thread = address.thread_ts
        questions = self._services.questions
        last = await questions.latest_in_thread(address.channel_id, thread) if thread else None
        follows = not request.command and goes_on(question, in_thread=last is not None)
        if last is None and (not question or follows) and (not thread or address.channel_id.startswith("D")):
            latest = await questions.latest_of(address.user_id, limit=1)
            last = latest[0] if latest else None
        before = () if last is None else last.texts or (last.text,)
        if not question:
            return before
        return (*before, question) if follows else (question,)

    async def _askable(self, texts: Texts, answer: Answer) -> bool:
        """Whether a question can be answered without asking back."""
        now = datetime.fromtimestamp(answer.request.moment, ZoneInfo(answer.asker.tz))
        week_start = self._services.week_start
        parsed = read(texts, now=now, week_start=week_start)
        if agents := await agents_for(self._services, parsed):
            parsed = read(texts, now=now, week_start=week_start, agents=agents)
        if not parsed.understood or parsed.special or parsed.ids:
            return False
        return isinstance(await with_agents(self._services, parsed.query), Query)

    async def _no_such(self, user_id: str, name: str) -> tuple[str, str]:
        saved = await self._services.saved.of(user_id)
        names = ", ".join(f"“{each.name}”" for each in saved[:20])
        known = f"You have saved {names}." if names else "You have not saved any yet."
        return f"You have no saved question called “{name}”.", known

    async def _changed(self, answer: Answer) -> None:
        await self._saver.homes.show(answer.address.team_id, answer.user_id)

    async def _say(self, answer: Answer, words: str, detail: str | None = None) -> None:
        await tell(answer, notice_message(words, detail=detail))


def wished(question: Question, name: str) -> Wish:
    """Return the wish to save a stored question; one that was not typed keeps its exact dates."""
    return Wish(name=name, texts=question.texts or (question.text,))


def with_schedule(wish: Wish, schedule: Schedule | None, channel_id: str | None) -> Wish:
    """Return the same wish, to be asked by itself."""
    return replace(wish, schedule=schedule, channel_id=channel_id)


def _when(moment: float, zone: ZoneInfo) -> str:
    local = datetime.fromtimestamp(moment, zone)
    return f"{local:%A} {local.day} {local:%B %H:%M}"
