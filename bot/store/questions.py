"""Questions asked: any process can serve the next click, and a thread can be followed up."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import msgspec
import sqlalchemy as sa

from bot.model import RowId, SlackId, Zone
from bot.store.database import Database, table_of


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question as it was understood. `text` is canonical: it means the same tomorrow."""

    question_id: RowId
    text: str
    tz: Zone
    """The asker's."""
    team_id: SlackId
    user_id: SlackId
    channel_id: SlackId
    thread_ts: SlackId | None = None
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
    """What one of our messages shows (a question, "" for what is no list), and whose it is."""

    channel_id: SlackId
    ts: SlackId
    thread: SlackId
    question_id: RowId
    shown_at: float
    """Unix seconds."""
    shared_by: SlackId | None = None
    """Who shared it; None for an answer."""
    user_id: SlackId | None = None
    """Whose message it is; None in rows of earlier versions."""


questions = table_of(
    Question,
    "questions",
    ["question_id"],
    sa.Index("questions_by_thread", "channel_id", "thread_ts", "asked_at"),
    sa.Index("questions_by_person", "user_id", "asked_at"),
)
shown = table_of(
    Standing,
    "shown",
    ["channel_id", "ts"],
    sa.Index("shown_by_thread", "channel_id", "thread", "shown_at"),
    sa.Index("shown_by_age", "shown_at"),
)
_ASKED = questions.c.refused.is_not(sa.true())
"""Rows of earlier versions hold NULL."""


def new_question_id() -> str:
    """Return an id that says nothing and cannot be guessed."""
    return "q" + secrets.token_urlsafe(12)


class Questions:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, question: Question) -> None:
        await self._database.put(questions, question)

    async def set_outcome(self, question_id: str, outcome: msgspec.Struct) -> None:
        stored = msgspec.json.encode(outcome).decode()
        statement = sa.update(questions).where(questions.c.question_id == question_id).values(outcome=stored)
        await self._database.change(statement)

    async def get(self, question_id: str) -> Question | None:
        asked = sa.select(questions).where(questions.c.question_id == question_id)
        return await self._database.first(Question, asked)

    async def stands(self, standing: Standing) -> None:
        """Remember what a message shows; another question that it showed is replaced."""
        await self._database.put(shown, standing)

    async def standing(self, channel_id: str, ts: str) -> Standing | None:
        statement = sa.select(shown).where(shown.c.channel_id == channel_id, shown.c.ts == ts)
        return await self._database.first(Standing, statement)

    async def last_shared(self, user_id: str) -> str | None:
        statement = sa.select(shown).where(shown.c.shared_by == user_id).order_by(shown.c.shown_at.desc())
        last = await self._database.first(Standing, statement)
        return None if last is None else last.channel_id

    async def latest_in_thread(self, channel_id: str, thread_ts: str) -> Question | None:
        """Return the question that a thread is about: the last one shown there, or else asked there."""
        shown_there = await self._database.first(
            Question,
            sa.select(questions)
            .join(shown, shown.c.question_id == questions.c.question_id)
            .where(shown.c.channel_id == channel_id, shown.c.thread == thread_ts, _ASKED)
            .order_by(shown.c.shown_at.desc()),
        )
        return shown_there or await self._database.first(
            Question,
            sa.select(questions)
            .where(questions.c.channel_id == channel_id, questions.c.thread_ts == thread_ts, _ASKED)
            .order_by(questions.c.asked_at.desc()),
        )

    async def latest_of(self, user_id: str, *, limit: int) -> list[Question]:
        """Return the questions that a person asked last, newest first, each text once."""
        statement = sa.select(questions).where(questions.c.user_id == user_id, _ASKED)
        asked = await self._database.find(
            Question, statement.order_by(questions.c.asked_at.desc()).limit(limit * 3)
        )
        found = {question.text: question for question in reversed(asked)}
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
        return await self._database.first(Question, sa.select(*columns).order_by(last.c["at"].desc()))

    async def forget_older_than(self, days: float) -> int:
        """Delete questions asked more than `days` ago, and where they were shown; returns how many."""
        before = self._clock() - days * 86_400
        await self._database.change(sa.delete(shown).where(shown.c.shown_at < before))
        return await self._database.change(sa.delete(questions).where(questions.c.asked_at < before))
