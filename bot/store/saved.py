"""Saved questions, each with the schedule it may have, and what is watched; and who has been welcomed.

A question is kept as it was typed, follow-ups after it, and read again at each run: "last week" is then the
week before that run. Nothing here is forgotten with age; a person deletes what they saved.

A subscription and an alert are saved questions of another kind, which are looked at, not asked. A message is
noted as pending in the same transaction as the calls in it, before it is sent: whatever dies, it is sent
once, and no call is in two.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable

import msgspec
import sqlalchemy as sa

from bot.model import NAME_KEY_CHARS, SavedQuestion
from bot.store.database import Database, metadata, parts, table_of, upsert

MOST = 100
"""Saved questions of one person."""

saved_questions = table_of(
    SavedQuestion,
    "saved_questions",
    ["saved_id"],
    sa.UniqueConstraint("user_id", "name_key", name="saved_questions_by_name"),
    sa.Index("saved_questions_by_time", "next_at"),
)
told_calls = sa.Table(
    "told_calls",
    metadata,
    sa.Column("saved_id", sa.String(40), primary_key=True),
    sa.Column("conversation_id", sa.String(128), primary_key=True),
    sa.Column("started", sa.BigInteger, nullable=False),
    sa.Index("told_calls_by_age", "started"),
)
"""Which calls a subscription has told, or is about to."""
sent_messages = sa.Table(
    "sent_messages",
    metadata,
    sa.Column("place", sa.String(32), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Index("sent_messages_by_age", "at"),
)
"""How many messages a place got when: none for the one that says that others wait."""
looks = sa.Table(
    "looks",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("holder", sa.String(128), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
"""Who looked last for all processes, and when."""
welcomed = sa.Table(
    "welcomed",
    metadata,
    sa.Column("user_id", sa.String(32), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
)
"""Who has been shown what can be asked."""


def new_saved_id() -> str:
    """Return an id that says nothing and cannot be guessed."""
    return "s" + secrets.token_urlsafe(12)


def saved_id_of(request_id: str) -> str:
    """Return the id of what a request saves: the same when it is done again, after a crash."""
    return "s" + hashlib.sha256(request_id.encode()).hexdigest()[:24]


_SAVED = saved_questions.c
_ALL = sa.select(saved_questions)
_WATCHED = _SAVED.kind.is_not(None)


class SavedQuestions:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, saved: SavedQuestion) -> SavedQuestion | None:
        """Keep a question, in place of one of the same name; None when that person has kept MOST already."""
        try:
            return await self._database.run(_put, saved)
        except sa.exc.IntegrityError:  # the same name, saved at the same moment
            return await self._database.run(_put, saved)

    async def of(self, user_id: str, *, watched: bool = False) -> list[SavedQuestion]:
        """Return the questions that a person has saved, by name; or what is `watched` for them."""
        which = _WATCHED if watched else ~_WATCHED
        found = await self._database.find(SavedQuestion, _ALL.where(_SAVED.user_id == user_id, which))
        return sorted(found, key=lambda saved: saved.name_key)

    async def named(self, user_id: str, name_key: str) -> SavedQuestion | None:
        named = _ALL.where(_SAVED.user_id == user_id, _SAVED.name_key == name_key[:NAME_KEY_CHARS])
        return await self._database.first(SavedQuestion, named)

    async def get(self, saved_id: str, *, user_id: str | None = None) -> SavedQuestion | None:
        found = await self._database.first(SavedQuestion, _ALL.where(_SAVED.saved_id == saved_id))
        return found if found and user_id in (None, found.user_id) else None

    async def due(self, now: float, limit: int = 100) -> list[SavedQuestion]:
        """Return what is to be asked by now, the longest due first."""
        statement = _ALL.where(_SAVED.next_at <= now).order_by(_SAVED.next_at).limit(limit)
        return await self._database.find(SavedQuestion, statement)

    async def delete(self, saved: SavedQuestion) -> None:
        await self._database.change(sa.delete(saved_questions).where(_SAVED.saved_id == saved.saved_id))

    async def pause(self, saved: SavedQuestion) -> None:
        """Ask it no more by itself until it is resumed."""
        await self._database.change(_still(saved).values(paused=True, next_at=None))

    async def resume(self, saved: SavedQuestion, *, next_at: float, tz: str) -> None:
        """Ask it by itself again, next at `next_at`."""
        await self._database.change(_still(saved).values(paused=False, next_at=next_at, tz=tz))

    async def advance(self, saved: SavedQuestion, *, next_at: float, tz: str) -> bool:
        """Set when it is asked next, unless it has changed since it was read; returns whether it was."""
        return await self._database.change(_still(saved, "next_at").values(next_at=next_at, tz=tz)) == 1


def _put(connection: sa.Connection, saved: SavedQuestion) -> SavedQuestion | None:
    own = sa.select(saved_questions.c.saved_id).where(_SAVED.user_id == saved.user_id)
    known = connection.execute(own.where(_SAVED.name_key == saved.name_key)).scalar()
    if known is None:
        others = connection.execute(own.where(_SAVED.saved_id != saved.saved_id)).all()
        if len(others) >= MOST:
            return None
    kept = msgspec.structs.replace(saved, saved_id=known or saved.saved_id)
    upsert(connection, saved_questions, [msgspec.structs.asdict(kept)])
    return kept


def _still(saved: SavedQuestion, *names: str) -> sa.Update:
    """Return a change of a saved question that finds it only while these fields are as they were read."""
    same = (saved_questions.c[name].is_not_distinct_from(getattr(saved, name)) for name in names)
    return sa.update(saved_questions).where(_SAVED.saved_id == saved.saved_id, *same)


class Watches:
    """What is watched, how far each is, and which calls were told."""

    def __init__(self, database: Database, holder: str) -> None:
        """`holder` names this process among those that could look."""
        self._database = database
        self._holder = holder

    async def claim(self, now: float, every: float) -> bool:
        """Whether this process is to look now, and no other: who looked last goes on, unless it is silent."""
        mine = sa.and_(looks.c.holder == self._holder, looks.c.at <= now - every)
        look: dict[str, object] = {"name": "look", "holder": self._holder, "at": now}
        silent = looks.c.at <= now - 2.5 * every
        return await self._database.run(upsert, looks, [look], where=sa.or_(mine, silent)) == 1

    async def everything(self) -> list[SavedQuestion]:
        return await self._database.find(SavedQuestion, _ALL.where(_WATCHED).order_by(_SAVED.name))

    async def untold(self, saved_id: str, conversation_ids: Iterable[str]) -> set[str]:
        """Return the calls that a subscription has not told yet."""
        left, told = set(conversation_ids), told_calls.c.conversation_id
        for part in parts(left):
            known = sa.select(told).where(told_calls.c.saved_id == saved_id, told.in_(part))
            left.difference_update(await self._database.scalars(known))
        return left

    async def begin(
        self,
        saved: SavedQuestion,
        pending: str,
        *,
        at: float,
        messages: int,
        told: Iterable[tuple[str, int]] = (),
        state: str | None = None,
    ) -> bool:
        """Note what is to be sent, with the calls (id, start) in it or the state it tells of.

        It counts as so many messages to its place. False, and nothing noted, when another is on its way, or a
        call was told or the state set meanwhile.
        """
        rows = [{"saved_id": saved.saved_id, "conversation_id": key, "started": at} for key, at in told]
        values = {"pending": pending} | ({} if state is None else {"state": state})
        statement = _still(saved, "state").where(_SAVED.pending.is_(None)).values(**values)
        sent = {"place": saved.channel_id or saved.user_id, "at": at, "messages": messages}

        def write(connection: sa.Connection) -> bool:
            begun = connection.execute(statement).rowcount == 1
            if begun:
                connection.execute(sa.insert(sent_messages), [sent])
            if begun and rows:
                connection.execute(sa.insert(told_calls), rows)
            return begun

        try:
            return await self._database.run(write)
        except sa.exc.IntegrityError:
            return False

    async def sent_since(self, moment: float) -> dict[str, list[int]]:
        """Return what each place got since a moment: messages, each as often as it counted."""
        since = sa.select(sent_messages).where(sent_messages.c.at > moment)
        found: dict[str, list[int]] = {}
        for row in await self._database.run(lambda connection: connection.execute(since).all()):
            found.setdefault(row.place, []).append(row.messages)
        return found

    async def looked(self, saved: Iterable[SavedQuestion], now: float, *, forget_before: float) -> None:
        """Note that all of these were looked at; forget which calls were told that no look can see again."""
        for part in parts(each.saved_id for each in saved):
            which = sa.update(saved_questions).where(_SAVED.saved_id.in_(part))
            await self._database.change(which.values(looked_at=now))
        await self._database.change(sa.delete(told_calls).where(told_calls.c.started < forget_before))
        await self._database.change(sa.delete(sent_messages).where(sent_messages.c.at < forget_before))

    async def settle(self, saved: SavedQuestion, **values: object) -> bool:
        """Change what is watched, if what is on its way is still the same; returns whether it was."""
        same = _still(saved, "pending").where(_SAVED.pending.is_not(None))
        return await self._database.change(same.values(**values)) == 1

    async def set_state(self, saved: SavedQuestion, state: str) -> bool:
        """Put a state in the place of the one that was read; False when it has changed since."""
        return await self._database.change(_still(saved, "state").values(state=state)) == 1

    async def change(self, known: SavedQuestion, saved: SavedQuestion) -> None:
        """Watch something else, or elsewhere; where it is the same as before, it goes on from there."""
        names = ["name", "name_key", "kind", "rule", "channel_id", "texts"]
        if (known.texts, known.rule) != (saved.texts, saved.rule):
            names += ["state", "since", "looked_at"]
        values = {name: getattr(saved, name) for name in names} | {"day": None}
        await self._database.change(_still(known).values(**values))

    async def watch_again(self, saved: SavedQuestion, now: float) -> None:
        """Go on with what was paused: nothing of the time between is told."""
        again = {"paused": False, "since": now, "looked_at": now, "pending": None}
        await self._database.change(_still(saved).values(**again))


class Welcomed:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def knows(self, user_id: str) -> bool:
        statement = sa.select(welcomed.c.user_id).where(welcomed.c.user_id == user_id)
        return bool(await self._database.scalars(statement))

    async def add(self, user_id: str) -> None:
        row: dict[str, object] = {"user_id": user_id, "at": self._clock()}
        await self._database.run(upsert, welcomed, [row])
