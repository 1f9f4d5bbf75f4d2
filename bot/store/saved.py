"""Saved questions, each with the schedule it may have, and what is watched; and who has been welcomed.

A question is kept as it was typed, follow-ups after it, and read again at each run: "last week" is then the
week before that run. Nothing here is forgotten with age; a person deletes what they saved.

A subscription and an alert are saved questions of another kind, which are looked at, not asked: `watches.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from bot.store.database import Database, metadata, upsert

MOST = 100
"""Saved questions of one person."""

saved_questions = sa.Table(
    "saved_questions",
    metadata,
    sa.Column("saved_id", sa.String(40), primary_key=True),
    sa.Column("team_id", sa.String(32), nullable=False),
    sa.Column("user_id", sa.String(32), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("name_key", sa.String(400), nullable=False),
    sa.Column("texts", sa.Text, nullable=False),
    sa.Column("tz", sa.String(64), nullable=False),
    sa.Column("schedule", sa.String(200)),
    sa.Column("channel_id", sa.String(32)),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("next_at", sa.Float),
    sa.Column("saved_at", sa.Float, nullable=False),
    sa.Column("only_if_any", sa.Boolean),
    sa.Column("kind", sa.String(16)),
    sa.Column("rule", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("pending", sa.Text),
    sa.Column("day", sa.Text),
    sa.Column("since", sa.Float),
    sa.Column("looked_at", sa.Float),
    sa.UniqueConstraint("user_id", "name_key", name="saved_questions_by_name"),
    sa.Index("saved_questions_by_time", "next_at"),
)
welcomed = sa.Table(
    "welcomed",
    metadata,
    sa.Column("user_id", sa.String(32), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
)


class SavedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question under a name. Times are Unix seconds."""

    saved_id: str
    team_id: str
    user_id: str
    name: str
    name_key: str
    """The name as it is compared: unique for a person."""
    texts: tuple[str, ...]
    """The question as typed, and the follow-ups that changed it, in order."""
    tz: str
    """The owner's IANA time zone when it was last known."""
    schedule: str | None = None
    """When it is asked by itself, in words that read back as the same; None for never."""
    channel_id: str | None = None
    """Where it is answered then; None is the owner's direct message."""
    paused: bool = False
    next_at: float | None = None
    """When it is asked next; None without a schedule and while paused."""
    saved_at: float = 0
    only_if_any: bool | None = None
    """Whether a run by itself says nothing when no call matches; None in rows of before."""
    kind: Literal["subscription", "alert"] | None = None
    """What is watched; None for a question."""
    rule: str | None = None
    """The rule of an alert, as JSON. This and the next three mean something to `bot.answers.alerts`."""
    state: str | None = None
    """What an alert has come to, as JSON; only a look and a press change it."""
    pending: str | None = None
    """The message that is on its way, as JSON."""
    day: str | None = None
    """The message of the day of a subscription, as JSON."""
    since: float | None = None
    """When it began to watch."""
    looked_at: float | None = None


def new_saved_id() -> str:
    """Return an id that says nothing and cannot be guessed."""
    return "s" + secrets.token_urlsafe(12)


class SavedQuestions:
    """The table of saved questions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, saved: SavedQuestion) -> SavedQuestion | None:
        """Keep a question; one of the same person and name is replaced and keeps its id.

        Returns what is kept, or None when that person has kept MOST of them already.
        """

        def write(connection: sa.Connection) -> SavedQuestion | None:
            own = saved_questions.c.user_id == saved.user_id
            known = connection.execute(
                sa.select(saved_questions.c.saved_id).where(own, saved_questions.c.name_key == saved.name_key)
            ).scalar()
            if known is None:
                others = sa.and_(own, saved_questions.c.saved_id != saved.saved_id)
                count = connection.execute(
                    sa.select(sa.func.count()).select_from(saved_questions).where(others)
                ).scalar_one()
                if count >= MOST:
                    return None
            kept = msgspec.structs.replace(saved, saved_id=known or saved.saved_id)
            upsert(connection, saved_questions, [_row(kept)])
            return kept

        try:
            return await self._database.run(write)
        except sa.exc.IntegrityError:  # the same name, saved at the same moment
            return await self._database.run(write)

    async def of(self, user_id: str, *, watched: bool = False) -> list[SavedQuestion]:
        """Return the questions that a person has saved, by name; or what is `watched` for them."""
        kind = saved_questions.c.kind
        which = kind.is_not(None) if watched else kind.is_(None)
        statement = sa.select(saved_questions).where(saved_questions.c.user_id == user_id, which)
        return await self._all(statement.order_by(saved_questions.c.name_key))

    async def named(self, user_id: str, name_key: str) -> SavedQuestion | None:
        """Return a person's saved question of this name."""
        found = await self._all(
            sa.select(saved_questions).where(
                saved_questions.c.user_id == user_id, saved_questions.c.name_key == name_key[:400]
            )
        )
        return found[0] if found else None

    async def get(self, saved_id: str, *, user_id: str | None = None) -> SavedQuestion | None:
        """Return a saved question, of this person if one is named."""
        own = sa.true() if user_id is None else saved_questions.c.user_id == user_id
        found = await self._all(sa.select(saved_questions).where(own, saved_questions.c.saved_id == saved_id))
        return found[0] if found else None

    async def delete(self, saved: SavedQuestion) -> None:
        """Forget a saved question."""
        statement = sa.delete(saved_questions).where(saved_questions.c.saved_id == saved.saved_id)
        await self._database.run(lambda connection: connection.execute(statement))

    async def pause(self, saved: SavedQuestion) -> None:
        """Ask it no more by itself until it is resumed."""
        await self._set(saved.saved_id, paused=True, next_at=None)

    async def resume(self, saved: SavedQuestion, *, next_at: float, tz: str) -> None:
        """Ask it by itself again, next at `next_at`."""
        await self._set(saved.saved_id, paused=False, next_at=next_at, tz=tz)

    async def due(self, now: float, limit: int = 100) -> list[SavedQuestion]:
        """Return what is to be asked by now, the longest due first."""
        statement = sa.select(saved_questions).where(saved_questions.c.next_at <= now)
        return await self._all(statement.order_by(saved_questions.c.next_at).limit(limit))

    async def advance(self, saved: SavedQuestion, *, next_at: float, tz: str) -> bool:
        """Set when it is asked next, unless it has changed since it was read; returns whether it was."""
        statement = (
            sa.update(saved_questions)
            .where(saved_questions.c.saved_id == saved.saved_id, saved_questions.c.next_at == saved.next_at)
            .values(next_at=next_at, tz=tz)
        )
        return await self._database.run(lambda connection: connection.execute(statement).rowcount) == 1

    async def _set(self, saved_id: str, **values: object) -> None:
        statement = sa.update(saved_questions).where(saved_questions.c.saved_id == saved_id).values(**values)
        await self._database.run(lambda connection: connection.execute(statement))

    async def _all(self, statement: sa.Select[Any]) -> list[SavedQuestion]:
        return await self._database.run(lambda connection: read_saved(connection, statement))


def read_saved(connection: sa.Connection, statement: sa.Select[Any]) -> list[SavedQuestion]:
    return [
        SavedQuestion(**{**row, "texts": msgspec.json.decode(row["texts"], type=tuple[str, ...])})
        for row in connection.execute(statement).mappings()
    ]


class Welcomed:
    """The table of people who have been shown what can be asked."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def knows(self, user_id: str) -> bool:
        """Whether somebody has been welcomed."""
        statement = sa.select(welcomed.c.user_id).where(welcomed.c.user_id == user_id)
        return await self._database.run(lambda connection: connection.execute(statement).first()) is not None

    async def add(self, user_id: str) -> None:
        """Remember that somebody has been welcomed."""
        row: dict[str, object] = {"user_id": user_id, "at": self._clock()}
        await self._database.run(lambda connection: upsert(connection, welcomed, [row]))


def _row(saved: SavedQuestion) -> dict[str, object]:
    return {**msgspec.structs.asdict(saved), "texts": msgspec.json.encode(saved.texts).decode()}
