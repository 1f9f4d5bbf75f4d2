"""What is watched: who looks, what is on its way to people, and which calls a subscription has told.

A message is noted as pending in the same transaction as the calls in it, before it is sent: whatever dies, it
is sent once, and no call is in two.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from bot.store.database import Database, metadata
from bot.store.saved import SavedQuestion, read_saved, saved_questions

_AT_ONCE = 500
"""Values in one IN list."""

told_calls = sa.Table(
    "told_calls",
    metadata,
    sa.Column("saved_id", sa.String(40), primary_key=True),
    sa.Column("conversation_id", sa.String(128), primary_key=True),
    sa.Column("started", sa.BigInteger, nullable=False),
    sa.Index("told_calls_by_age", "started"),
)
"""Which calls a subscription has told, or is about to."""
looks = sa.Table(
    "looks",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("holder", sa.String(128), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
"""Who looked last for all processes, and when."""


class Watches:
    """What is watched, how far each is, and which calls were told."""

    def __init__(self, database: Database, holder: str) -> None:
        """`holder` names this process among those that could look."""
        self._database = database
        self._holder = holder

    async def claim(self, now: float, every: float) -> bool:
        """Whether this process is to look now, and no other: who looked last goes on, unless it is silent."""
        mine = sa.and_(looks.c.holder == self._holder, looks.c.at <= now - every)
        taken = (
            sa.update(looks)
            .where(looks.c.name == "look", sa.or_(mine, looks.c.at <= now - 2.5 * every))
            .values(holder=self._holder, at=now)
        )

        def take(connection: sa.Connection) -> bool:
            if connection.execute(sa.select(looks.c.name)).first() is None:
                connection.execute(sa.insert(looks).values(name="look", holder=self._holder, at=now))
                return True
            return connection.execute(taken).rowcount == 1

        try:
            return await self._database.run(take)
        except sa.exc.IntegrityError:  # another was the first at the same moment
            return False

    async def active(self) -> list[SavedQuestion]:
        """Return all that is watched and not paused."""
        kind, paused = saved_questions.c.kind, saved_questions.c.paused
        statement = sa.select(saved_questions).where(kind.is_not(None), paused.is_(False))
        return await self._database.run(lambda connection: read_saved(connection, statement))

    async def placed_in(self, channel_id: str) -> list[SavedQuestion]:
        """Return what is watched for a channel."""
        place, kind = saved_questions.c.channel_id, saved_questions.c.kind
        statement = sa.select(saved_questions).where(place == channel_id, kind.is_not(None))
        return await self._database.run(lambda connection: read_saved(connection, statement))

    async def untold(self, saved_id: str, conversation_ids: Iterable[str]) -> set[str]:
        """Return the calls that a subscription has not told yet."""
        ids = list(conversation_ids)

        def read(connection: sa.Connection) -> set[str]:
            key = told_calls.c.conversation_id
            told: set[str] = set()
            for at in range(0, len(ids), _AT_ONCE):
                part = sa.select(key).where(
                    told_calls.c.saved_id == saved_id, key.in_(ids[at : at + _AT_ONCE])
                )
                told.update(connection.execute(part).scalars())
            return set(ids) - told

        return await self._database.run(read)

    async def begin(
        self,
        saved: SavedQuestion,
        pending: str,
        *,
        told: Iterable[tuple[str, int]] = (),
        state: str | None = None,
    ) -> bool:
        """Note the message that is to be sent, with the calls (id, start) in it or the state it tells of.

        All of it or nothing: False when another is on its way, or a call was told or the state set meanwhile.
        """
        rows = [{"saved_id": saved.saved_id, "conversation_id": key, "started": at} for key, at in told]
        saved_id, known = saved_questions.c.saved_id, saved_questions.c.pending
        statement = sa.update(saved_questions).where(
            saved_id == saved.saved_id, known.is_(None), _same(saved)
        )
        values = {"pending": pending} | ({} if state is None else {"state": state})

        def write(connection: sa.Connection) -> bool:
            if connection.execute(statement.values(**values)).rowcount != 1:
                return False
            if rows:
                connection.execute(sa.insert(told_calls), rows)
            return True

        try:
            return await self._database.run(write)
        except sa.exc.IntegrityError:
            return False

    async def settle(self, saved: SavedQuestion, **values: object) -> bool:
        """Change what is watched, if what is on its way is still the same; returns whether it was."""
        saved_id, known = saved_questions.c.saved_id, saved_questions.c.pending
        statement = sa.update(saved_questions).where(saved_id == saved.saved_id, known == saved.pending)
        return await self._database.run(lambda each: each.execute(statement.values(**values)).rowcount == 1)

    async def set_state(self, saved: SavedQuestion, state: str) -> bool:
        """Put a state in the place of the one that was read; False when it has changed since."""
        same = sa.and_(saved_questions.c.saved_id == saved.saved_id, _same(saved))
        statement = sa.update(saved_questions).where(same).values(state=state)
        return await self._database.run(lambda connection: connection.execute(statement).rowcount == 1)

    async def watch_again(self, saved: SavedQuestion, now: float) -> None:
        """Go on with what was paused: nothing of the time between is told."""
        which = saved_questions.c.saved_id == saved.saved_id
        statement = (
            sa.update(saved_questions)
            .where(which)
            .values(paused=False, since=now, looked_at=now, pending=None)
        )
        await self._database.run(lambda connection: connection.execute(statement))

    async def looked(self, saved: Iterable[SavedQuestion], now: float, *, forget_before: float) -> None:
        """Note that all of these were looked at; forget which calls were told that no look can see again."""
        ids = [each.saved_id for each in saved]

        def write(connection: sa.Connection) -> None:
            for at in range(0, len(ids), _AT_ONCE):
                which = saved_questions.c.saved_id.in_(ids[at : at + _AT_ONCE])
                connection.execute(sa.update(saved_questions).where(which).values(looked_at=now))
            connection.execute(sa.delete(told_calls).where(told_calls.c.started < forget_before))

        await self._database.run(write)


def _same(saved: SavedQuestion) -> sa.ColumnElement[bool]:
    """Whether the state is still the one that was read."""
    known = saved_questions.c.state
    return known.is_(None) if saved.state is None else known == saved.state
