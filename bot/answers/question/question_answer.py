"""Answering a question: understood, stored, then answered as its kind is.

Each part is a checkpoint. After a crash the answer goes on from the last one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers.answer import Answer
from bot.answers.call.open_by_id import open_calls
from bot.answers.question.answer_kinds import kind_of
from bot.answers.question.list_answer import Asked
from bot.answers.question.outcome import outcome_of
from bot.answers.question.understanding import remember, understand
from bot.answers.steps import UNDERSTAND, Understood
from bot.answers.typed_texts import query_of
from bot.query import parse

NEWLY_ASKED = Asked()


async def ask(answer: Answer, text: str, *, follows: str | None = None) -> None:
    """Answer the question in `text`, from understanding it to the file, or say why there is no answer.

    `follows` is the id of a question that the text is known to go on from.
    """
    understood = await answer.run(UNDERSTAND, lambda answer: understand(answer, text, follows=follows))
    if understood.task is not None:
        await open_calls(answer, understood.task)
    elif understood.question_id is not None:
        asked = Asked(notes=understood.notes, file=False if understood.changes else None)
        await answer_question(answer, understood.question_id, asked)


async def answer_question(answer: Answer, question_id: str, asked: Asked = NEWLY_ASKED) -> None:
    """Answer a stored question."""
    question = await answer.services.questions.get(question_id)
    if question is None:
        return  # forgotten between two checkpoints: older than RETENTION_DAYS
    query = query_of(question, week_start=answer.services.week_start)
    # What is asked on a schedule is read later, by people who cannot tell how old rows are.
    asked = replace(asked, refresh=asked.refresh or answer.request.scheduled is not None)
    await kind_of(query).answer(replace(answer, stored=question, query=query), asked)


async def answer_changed_filters(answer: Answer, *, before: str) -> None:
    """Answer the question chosen in Filters, in the message they were opened on; else with a new one.

    The message belongs to the new question from the moment its list is there, with all its buttons. A
    file still in the making for the question before comes too, unless the same person asked for it: who
    changes filters has no use for it, so it is cancelled.
    """
    services, request, asker = answer.services, answer.request, answer.asker
    place = None if asker.audience is not None else answer.posted  # data may no longer be shown there
    old = await services.questions.get(before)

    async def store(answer: Answer) -> Understood:
        now = datetime.fromtimestamp(request.asked_at, ZoneInfo(asker.tz))
        query = parse(request.text, now=now, week_start=services.week_start).query
        channel_id = None if old is None else old.channel_id
        return Understood(question_id=await remember(answer, query, channel_id=channel_id))

    understood = await answer.run(UNDERSTAND, store)
    made = None if old is None or place is None else outcome_of(old)
    earlier = "" if made is None or old is None else made.earlier
    if made is not None and old is not None and made.file_rows is not None and made.elsewhere is None:
        earlier = query_of(old, week_start=services.week_start).sentence()
    asked = Asked(place=place, earlier=earlier, file=None if old is None else False)
    await answer_question(answer, understood.question_id or "", asked)
