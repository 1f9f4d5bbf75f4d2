"""The kinds of answers to a question. A new kind is a class and a line."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from bot.answers.answer import Answer
from bot.answers.question.list_answer import Asked, ListKind
from bot.answers.question.report_answer import ReportKind
from bot.blocks.text import capital
from bot.query import Query


class AnswerKind(Protocol):
    """How questions of one kind are read, drawn and filed."""

    def answers(self, query: Query) -> bool:
        """Whether a question asks for this kind."""

    def heading(self, query: Query) -> str:
        """Return what stands over the answer, plain words; a question can be restored from it."""

    def filename(self, query: Query, asked: date) -> str:
        """Name a CSV after what is in it."""

    async def answer(self, answer: Answer, asked: Asked) -> None:
        """Answer the question that `answer` holds."""

    async def refresh(self, answer: Answer) -> None:
        """Read it again for the message that was pressed."""

    async def file(self, answer: Answer) -> None:
        """Make the CSV that was asked for by a button."""


KINDS: tuple[AnswerKind, ...] = (ReportKind(), ListKind())
"""The first that answers a question does."""


def kind_of(query: Query) -> AnswerKind:
    return next(kind for kind in KINDS if kind.answers(query))


def restated(sentence: str, query: Query) -> Query | None:
    """Return the question whose heading or sentence this is, given how it reads; None when it is neither."""
    for each in (query, query.with_counting(counting=True)):
        if sentence in (capital(each.sentence()), capital(kind_of(each).heading(each))):
            return each
    return None
