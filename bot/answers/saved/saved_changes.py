"""Changes to saved questions: save, pause, resume, delete. Each says what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers.error_messages import cannot_share
from bot.answers.ports import Address, Asker
from bot.answers.services import Services
from bot.query.saved_commands import clean_name, name_key, name_problem
from bot.query.time.schedule_parser import Schedule, read_schedule
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


async def save(services: Services, address: Address, asker: Asker, wish: Wish) -> SavedQuestion:
    """Keep a question; one of the same name is replaced. Raises NotSavedError and ReplyError."""
    name = clean_name(wish.name)
    if (problem := name_problem(name)) is not None:
        raise NotSavedError(problem)
    if wish.channel_id is not None:
        await _check_channel(services, address, wish.channel_id)
    now, schedule = services.clock(), wish.schedule
    kept = await services.saved.put(
        SavedQuestion(
            saved_id=new_saved_id(),
            team_id=address.team_id,
            user_id=address.user_id,
            name=name,
            name_key=name_key(name),
            texts=wish.texts,
            tz=asker.tz,
            schedule=None if schedule is None else schedule.words(),
            channel_id=None if schedule is None else wish.channel_id,
            next_at=None if schedule is None else schedule.next_after(now, ZoneInfo(asker.tz)),
            saved_at=now,
        )
    )
    if kept is None:
        raise NotSavedError(f"You have saved {MOST} questions already. Delete one first: type saved.")
    return kept


async def _check_channel(services: Services, address: Address, channel_id: str) -> None:
    """Make sure that data may be posted there now; it is checked again at each run."""
    there = address.in_channel(channel_id)
    asker = await services.people.asker(there)
    if asker.refused is not None:
        raise NotSavedError(asker.refused)
    if (refused := await services.people.barred(there)) is not None:
        words = cannot_share(refused)
        raise NotSavedError(f"{words.headline} {words.next_step}")


async def pause(services: Services, saved: SavedQuestion) -> str:
    """Stop its schedule until it is resumed."""
    if saved.schedule is None:
        return f"“{saved.name}” is not asked by itself, so there is nothing to pause."
    await services.saved.pause(saved)
    return f"Paused “{saved.name}”. Say resume “{saved.name}” to go on."


async def resume(services: Services, saved: SavedQuestion, asker: Asker) -> str:
    """Let its schedule go on."""
    if saved.schedule is None:
        return f"“{saved.name}” has no schedule. Say for example “{saved.name}” every monday 9:00."
    zone = ZoneInfo(asker.tz)
    next_at = read_schedule(saved.schedule).next_after(services.clock(), zone)
    await services.saved.resume(saved, next_at=next_at, tz=asker.tz)
    return f"Resumed “{saved.name}”. Next: {_when(next_at, zone)}."


async def delete(services: Services, saved: SavedQuestion) -> str:
    """Forget it."""
    await services.saved.delete(saved)
    return f"Deleted the saved question “{saved.name}”."


def confirmation(saved: SavedQuestion) -> tuple[str, str]:
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


def _when(moment: float, zone: ZoneInfo) -> str:
    local = datetime.fromtimestamp(moment, zone)
    return f"{local:%A} {local.day} {local:%B %H:%M}"
