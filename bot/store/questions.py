"""Questions asked: any process can serve the next click, and a thread can be followed up."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa

from bot.store.database import Database, questions, shown, upsert

_ASKED = questions.c.refused.is_not(sa.true())
"""Rows of earlier versions hold NULL."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question as it was understood. `text` is canonical: it means the same tomorrow."""

    question_id: str
    text: str
    tz: str
    """The asker's IANA time zone."""
    team_id: str
    user_id: str
    channel_id: str
    thread_ts: str | None
    asked_at: float
    """Unix seconds."""
    outcome: str | None = None
    """What came of it, as JSON of `answers` (counts and handles); None while it is being answered."""
    texts: tuple[str, ...] = ()
    """The question as typed, then the follow-ups that changed it: read again later, "last week" is another
    week. Empty when it was not typed (a form)."""
    refused: bool = False
    """Whether this is only what was understood of a question that was refused: nothing goes on from it, and
    Home does not list it, until it is asked by its button."""

    note: str | None = None
    """What the person wrote who shared it: a shared answer is a question of its own."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What one of our messages shows."""

    question_id: str
    shared_by: str | None = None
    """Who shared it; None for an answer."""
    user_id: str | None = None
    """Whose message it is; None in rows of earlier versions."""


def new_question_id() -> str:
    """Return an id that says nothing and cannot be guessed."""
    return "q" + secrets.token_urlsafe(12)


class Questions:
    """The table of questions."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, question: Question) -> None:
        """Remember a question; adding the same id again replaces it."""
        row = {**msgspec.structs.asdict(question), "texts": msgspec.json.encode(question.texts).decode()}
        await self._database.run(upsert, questions, [row])

    async def set_outcome(self, question_id: str, outcome: msgspec.Struct) -> None:
        """Remember what came of a question, for the next click."""
        stored = msgspec.json.encode(outcome).decode()
        statement = sa.update(questions).where(questions.c.question_id == question_id).values(outcome=stored)
        await self._database.change(statement)

    async def get(self, question_id: str) -> Question | None:
        """Return the question, or None when it was never asked or has been forgotten."""
        return await self._first(sa.select(questions).where(questions.c.question_id == question_id))

    async def stands(
        self,
        question_id: str,
        *,
        channel_id: str,
        ts: str,
        thread: str,
        user_id: str | None,
        shared_by: str | None = None,
    ) -> None:
        """Remember whose message it is and what it shows; another question that it showed is replaced."""
        row: dict[str, object] = {
            "channel_id": channel_id,
            "ts": ts,
            "thread": thread,
            "question_id": question_id,
            "shown_at": self._clock(),
            "shared_by": shared_by,
            "user_id": user_id,
        }
        await self._database.run(upsert, shown, [row])

    async def standing(self, channel_id: str, ts: str) -> Standing | None:
        """Return what a message of ours shows, if that is known."""
        statement = sa.select(shown.c.question_id, shown.c.shared_by, shown.c.user_id).where(
            shown.c.channel_id == channel_id, shown.c.ts == ts
        )
        return next((Standing(**row) for row in await self._database.rows(statement)), None)

    async def last_shared(self, user_id: str) -> str | None:
        """Return the channel in which a person shared something last."""
        statement = sa.select(shown.c.channel_id).where(shown.c.shared_by == user_id)
        last = await self._database.rows(statement.order_by(shown.c.shown_at.desc()).limit(1))
        return last[0]["channel_id"] if last else None

    async def latest_in_thread(self, channel_id: str, thread_ts: str) -> Question | None:
        """Return the question that a thread is about: the last one shown there, or else asked there."""
        shown_there = await self._first(
            sa.select(questions)
            .join(shown, shown.c.question_id == questions.c.question_id)
            .where(shown.c.channel_id == channel_id, shown.c.thread == thread_ts, _ASKED)
            .order_by(shown.c.shown_at.desc())
        )
        return shown_there or await self._first(
            sa.select(questions)
            .where(questions.c.channel_id == channel_id, questions.c.thread_ts == thread_ts, _ASKED)
            .order_by(questions.c.asked_at.desc())
        )

    async def latest_of(self, user_id: str, *, limit: int) -> list[Question]:
        """Return the questions that a person asked last, newest first, each text once."""
        statement = sa.select(questions).where(questions.c.user_id == user_id, _ASKED)
        rows = await self._database.rows(statement.order_by(questions.c.asked_at.desc()).limit(limit * 3))
        found = {question.text: question for question in map(_question, reversed(rows))}
        return sorted(found.values(), key=lambda question: question.asked_at, reverse=True)[:limit]

    async def last_of(self, user_id: str, channel_id: str) -> Question | None:
        """Return a person's last question: shown in their direct message `channel_id`, or asked anywhere."""
        seen = (
            sa.select(questions, shown.c.shown_at.label("at"))
            .join(shown, shown.c.question_id == questions.c.question_id)
            .where(shown.c.channel_id == channel_id, _ASKED)
        )
        asked = sa.select(questions, questions.c.asked_at.label("at")).where(
            questions.c.user_id == user_id, _ASKED
        )
        newest = (sa.select(each.order_by(sa.desc("at")).limit(1).subquery()) for each in (seen, asked))
        last = sa.union_all(*newest).subquery()
        columns = [last.c[column.name] for column in questions.c]
        return await self._first(sa.select(*columns).order_by(last.c["at"].desc()))

    async def _first(self, statement: sa.Select[Any]) -> Question | None:
        return next((_question(row) for row in await self._database.rows(statement.limit(1))), None)

    async def forget_older_than(self, days: float) -> int:
        """Delete questions asked more than `days` ago, and where they were shown; returns how many."""
        before = self._clock() - days * 86_400

        def forget(connection: sa.Connection) -> int:
            connection.execute(sa.delete(shown).where(shown.c.shown_at < before))
            return connection.execute(sa.delete(questions).where(questions.c.asked_at < before)).rowcount

        return await self._database.run(forget)


def _question(row: sa.RowMapping) -> Question:
    texts = msgspec.json.decode(row["texts"], type=tuple[str, ...]) if row["texts"] else ()
    return Question(**{**row, "texts": texts, "refused": bool(row["refused"])})
