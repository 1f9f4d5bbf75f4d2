"""Answering a question: text -> a stored question, then the answer of its kind; or words that say why not.

In a direct message, and in a channel's thread where the bot is mentioned, a text may go on from the question
before; then the answer says what was kept of it. Each part is a checkpoint: after a crash the answer goes on
from the last one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.alert_requests import serve_watching
from bot.answers.answer import UNDERSTAND, Answer, Asked, Understood
from bot.answers.call_search import calls_to_open, open_calls
from bot.answers.list_answer import ListKind
from bot.answers.matching_rows import outcome_of
from bot.answers.placement import tell
from bot.answers.ports import is_direct_message
from bot.answers.report_answer import ReportKind
from bot.answers.saved_questions import Texts
from bot.answers.saved_requests import serve_saved_command
from bot.answers.typed_texts import query_of, read, read_with_names, with_agents
from bot.blocks.notice_messages import (
    UnknownWord,
    agents_message,
    choose_agent_message,
    filters_help_message,
    help_message,
    misunderstood_message,
    no_such_agent_message,
    notice_message,
    pasted_key_words,
)
from bot.blocks.text import capital
from bot.model import Agent, Message
from bot.query import AgentChoice, Parsed, Query, correction, goes_on, help_groups, parse
from bot.query.alert_commands import read_watching
from bot.query.tokens import as_read, named, unnamed
from bot.redaction import mask_keys
from bot.store.questions import Question, new_question_id

NEWLY_ASKED = Asked()
_SAID = Understood(question_id=None)
"""Nothing is to be answered: what was to be said was said."""
_MOST_NAMES = 10
_CLOCK = re.compile(r"(\d{4}), (\d\d:\d\d)")
_REPORT, _LIST = ReportKind(), ListKind()


def kind_of(query: Query) -> ReportKind | ListKind:
    return _LIST if query.report is None else _REPORT


async def ask(answer: Answer, text: str, *, follows: str | None = None, typed: Texts = ()) -> None:
    """Answer the question in `text`, or say why there is no answer.

    `follows` is the id of a question that it goes on from; `typed` is a saved question, in the text's place.
    """
    read: Answer | None = None

    async def understand(answer: Answer) -> Understood:
        nonlocal read
        understood, read = await _understand(answer, text, follows, typed)
        return understood

    understood = await answer.run(UNDERSTAND, understand)
    notes = [f"I read “{said}” as “{meant}”." for said, meant in understood.corrected]
    for what, words in (("Kept", understood.kept), ("Dropped", understood.dropped)):
        if words:
            notes.append(f"{what} from the question before: {', '.join(words)}")
    # What is asked on a schedule is read later, by people who cannot tell how old rows are.
    asked = Asked(
        notes=tuple(notes),
        file=False if understood.changes else None,
        refresh=answer.request.scheduled is not None,
    )
    if understood.task is not None:
        await open_calls(answer, understood.task)
    elif read is not None:
        await kind_of(read.query).answer(replace(answer, stored=read.stored, query=read.query), asked)
    elif understood.question_id is not None:  # an earlier process understood it
        await answer_question(answer, understood.question_id, asked)


async def answer_question(answer: Answer, question_id: str, asked: Asked = NEWLY_ASKED) -> None:
    question = await answer.services.questions.get(question_id)
    if question is None:
        return  # forgotten between two checkpoints: older than RETENTION_DAYS
    query = query_of(answer.services, question)
    await kind_of(query).answer(replace(answer, stored=question, query=query), asked)


async def answer_changed_filters(answer: Answer) -> None:
    """Answer the question chosen in Filters, in the message they were opened on; else with a new one.

    The message belongs to the new question from then on. The presser's file of the one before is cancelled.
    """
    services, request, asker = answer.services, answer.request, answer.asker
    place = None if asker.audience is not None else answer.posted  # data may no longer be shown there
    old = await services.questions.get(answer.pointer.question_id)

    async def store(answer: Answer) -> Understood:
        now = datetime.fromtimestamp(request.asked_at, ZoneInfo(asker.tz))
        query = parse(request.text, now=now, week_start=services.week_start).query
        asks = await remember(answer, query, channel_id=None if old is None else old.channel_id)
        return Understood(question_id=asks.question.question_id)

    understood = await answer.run(UNDERSTAND, store)
    earlier = ""
    if old is not None and place is not None:
        made = outcome_of(old)
        earlier = made.earlier
        if made.file_rows is not None and made.elsewhere is None:
            earlier = query_of(services, old).sentence()
    asked = Asked(place=place, earlier=earlier, file=None if old is None else False)
    await answer_question(answer, understood.question_id or "", asked)


async def _understand(
    answer: Answer, text: str, follows: str | None, typed: Texts
) -> tuple[Understood, Answer | None]:
    """Store the question, its agents found, and return what answers it; or say what is not understood."""
    services, request, client = answer.services, answer.request, answer.services.conversations
    if not typed:
        text, typed = await _typed(answer, text)
    if not typed:
        return _SAID, None
    before = await _before(answer, typed[0], follows, alone=typed != (text,))
    typed = tuple(map(as_read, typed))
    now = datetime.fromtimestamp(request.moment, ZoneInfo(answer.asker.tz))
    previous = None if before is None else query_of(services, before)
    text = typed[-1]

    def read_so(agents: Sequence[Agent], last: str = text) -> Parsed:
        texts = (*typed[:-1], last)
        return read(texts, now=now, week_start=services.week_start, agents=agents, before=previous)

    parsed, agents = await read_with_names(client, read_so)
    if not text.strip() and not request.command and request.kind == "ask":  # who only called the bot
        parsed = Parsed(Query(), special="help")
    if parsed.ids:
        return Understood(question_id=None, task=calls_to_open(parsed)), None
    if parsed.special:
        reply = await _special(answer, parsed.special)
    elif not parsed.understood:
        right = correction(text, parsed, lambda right: read_so(agents, right), agents)
        reply = await _misunderstood(answer, parsed, right, before)
    else:
        found = await with_agents(client, parsed.query)
        texts = typed if before is None else (*before.texts, text) if before.texts else ()
        asks = await remember(answer, found if isinstance(found, Query) else parsed.query, texts=texts)
        question_id = asks.question.question_id
        if isinstance(found, Query):
            changes, kept, dropped = before is not None, parsed.kept, parsed.dropped
            understood = Understood(question_id=question_id, changes=changes, kept=kept, dropped=dropped)
            return msgspec.structs.replace(understood, corrected=parsed.corrected), asks
        if isinstance(found, AgentChoice):
            sentence = parsed.query.sentence()
            reply = choose_agent_message(
                found.name, found.candidates, question_id=question_id, sentence=sentence
            )
        else:
            reply = no_such_agent_message(found.name, found.nearest, question_id=question_id)
    await tell(answer, reply)
    return _SAID, None


async def _typed(answer: Answer, text: str) -> tuple[str, Texts]:
    """Return a text with the names that it mentions, and the words to answer: () when all is said."""
    if pasted_key := answer.request.pasted_key or mask_keys(text)[1]:
        await tell(answer, notice_message(pasted_key_words(pasted_key)))
        return text, ()
    if mentions := unnamed(text)[:_MOST_NAMES]:  # Slack did not say their names
        names = await asyncio.gather(*map(answer.services.people.name_of, mentions))
        text = named(text, {key: name for key, name in zip(mentions, names, strict=True) if name})
    if (watching := read_watching(text)) is not None:
        return text, await serve_watching(answer, watching)
    return text, await serve_saved_command(answer, text)


async def _special(answer: Answer, command: str) -> Message:
    if command == "thanks":
        return notice_message("You are welcome. Ask whenever you need calls or numbers; `help` shows how.")
    if command == "agents":
        return agents_message(await answer.services.conversations.agents())
    if command == "help filters":
        return filters_help_message(help_groups())
    await answer.services.welcomed.add(answer.address.user_id)
    return help_message()


async def _before(answer: Answer, text: str, follows: str | None, *, alone: bool) -> Question | None:
    """Return the question that a text goes on from: its thread's, or the person's last; None if `alone`."""
    questions, request, address = answer.services.questions, answer.request, answer.address
    if follows is not None:
        return await questions.get(follows)
    if alone or request.kind != "ask" or request.command:
        return None
    thread = address.thread_ts
    standing = await questions.latest_in_thread(address.channel_id, thread) if thread else None
    if not goes_on(text, in_thread=standing is not None):
        return None
    if standing is None and is_direct_message(address.channel_id):
        return await questions.last_of(address.user_id, address.channel_id)
    return standing


async def _misunderstood(
    answer: Answer, parsed: Parsed, right: str | None, before: Question | None
) -> Message:
    """Name what was not understood; offer the text put `right`, and to ask for the rest."""
    words = [
        UnknownWord(unknown.word, unknown.nearest, right if number == 0 else None, unknown.possible)
        for number, unknown in enumerate(() if parsed.other_language else parsed.unknown)
    ]
    follows = "" if before is None else before.question_id
    text = parsed.query.canonical()
    rest = None
    if not parsed.problems and text and (before is None or text != before.text):
        rest = await with_agents(answer.services.conversations, parsed.query)
    if not isinstance(rest, Query):
        return misunderstood_message(words, parsed.problems, follows=follows)
    asks = await remember(answer, rest, refused=True)
    question_id = asks.question.question_id
    return misunderstood_message(words, sentence=rest.sentence(), question_id=question_id, follows=follows)


async def restore(answer: Answer, sentence: str) -> str | None:
    """Store the question that a sentence of ours restates; None where it does not read back as that."""
    now = datetime.fromtimestamp(answer.request.moment, ZoneInfo(answer.asker.tz))
    # The sentence has a comma between day and time of day; typed, that would part them.
    parsed = parse(_CLOCK.sub(r"\1 \2", sentence), now=now, week_start=answer.services.week_start)
    if not sentence or not parsed.understood:
        return None
    for each in (parsed.query, parsed.query.with_filter("count", "yes")):
        if sentence in (capital(each.sentence()), capital(kind_of(each).heading(each))):
            query = await with_agents(answer.services.conversations, each)
            if isinstance(query, Query):
                return (await remember(answer, query)).question.question_id
            return None
    return None


async def remember(
    answer: Answer,
    query: Query,
    *,
    texts: tuple[str, ...] = (),
    channel_id: str | None = None,
    refused: bool = False,
) -> Answer:
    """Store a question and return what answers it. `channel_id`: where it may be shared, if not there."""
    address = answer.address
    question = Question(
        question_id=new_question_id(),
        text=query.canonical(),
        tz=answer.asker.tz,
        team_id=address.team_id,
        user_id=address.user_id,
        channel_id=address.channel_id if channel_id is None else channel_id,
        thread_ts=address.thread_ts,
        asked_at=answer.request.asked_at,
        texts=texts,
        refused=refused,
    )
    await answer.services.questions.add(question)
    return replace(answer, stored=question, query=query)
