"""Text -> a stored question, or the words that say why not: corrections, agents to choose from, help.

In a direct message, and in a channel's thread where the bot is mentioned, a text may go on from the question
before; then the answer says what was kept of it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers.alerts.alert_requests import serve_watching
from bot.answers.answer import Answer, Request
from bot.answers.call.open_by_id import calls_to_open
from bot.answers.notices import tell
from bot.answers.ports import People, is_direct_message
from bot.answers.question.answer_kinds import restated
from bot.answers.saved.saved_requests import serve_saved_command
from bot.answers.steps import Understood
from bot.answers.typed_texts import agents_for, goes_on, query_of, with_agents, with_columns
from bot.answers.typed_texts import read as read_typed
from bot.blocks.agent_messages import agents_message, choose_agent_message, no_such_agent_message
from bot.blocks.help_message import filters_help_message, help_message
from bot.blocks.notice_messages import (
    UnknownWord,
    misunderstood_message,
    notice_message,
    pasted_key_words,
)
from bot.model import Agent, Message
from bot.query import (
    AgentChoice,
    NoSuchAgent,
    Parsed,
    Query,
    correction,
    help_groups,
    parse,
)
from bot.query.alert_commands import read_watching
from bot.query.mentions import as_read, named, unnamed
from bot.redaction import mask_keys
from bot.store.questions import Question, new_question_id

_MOST_NAMES = 10
_CLOCK = re.compile(r"(\d{4}), (\d\d:\d\d)")


async def understand(answer: Answer, text: str, *, follows: str | None = None) -> Understood:
    """Store the question, its agents found; or say what is not understood.

    `follows` is the id of a question that the text is known to go on from.
    """
    services, request, asker = answer.services, answer.request, answer.asker
    if pasted_key := request.pasted_key or mask_keys(text)[1]:
        await tell(answer, notice_message(pasted_key_words(pasted_key)))
        return Understood(question_id=None)
    text = await _with_names(services.people, text)
    watching = read_watching(text) if request.scheduled is None else None
    typed = await (
        serve_saved_command(answer, text) if watching is None else serve_watching(answer, watching)
    )
    if not typed:
        return Understood(question_id=None)  # all was said
    before = await _before(answer, typed[0], follows, alone=typed != (text,))
    typed = tuple(map(as_read, typed))
    now = datetime.fromtimestamp(request.moment, ZoneInfo(asker.tz))
    previous = None if before is None else query_of(before, week_start=services.week_start)
    text = typed[-1]

    def read(last: str, agents: Sequence[Agent]) -> Parsed:
        texts = (*typed[:-1], last)
        return read_typed(texts, now=now, week_start=services.week_start, agents=agents, before=previous)

    parsed = called_only(request, text) or read(text, ())
    agents = await agents_for(services.conversations, parsed)
    if agents:  # a name may be known without "for", or be made of words that say something else
        parsed = read(text, agents)
    parsed = await with_columns(services.conversations, parsed)
    if parsed.ids:
        return Understood(question_id=None, task=calls_to_open(parsed))
    reply = await _answer_to_command(answer, parsed)
    if reply is None and not parsed.understood:
        right = correction(text, parsed, lambda right: read(right, agents), agents)
        reply = await _misunderstood(answer, parsed, right, before)
    if reply is None:
        query = await with_agents(services.conversations, parsed.query)
        texts = typed if before is None else (*before.texts, text) if before.texts else ()
        stored = query if isinstance(query, Query) else parsed.query
        question_id = await remember(answer, stored, texts=texts)
        if isinstance(query, Query):
            return Understood(
                question_id=question_id,
                changes=before is not None,
                kept=parsed.kept,
                dropped=parsed.dropped,
                corrected=parsed.corrected,
            )
        reply = _which_agent(query, question_id, parsed.query.sentence())
    await tell(answer, reply)
    return Understood(question_id=None)


async def _with_names(people: People, text: str) -> str:
    """Return a text with the names of whom and what it mentions, where Slack gave none."""
    mentions = unnamed(text)[:_MOST_NAMES]
    if not mentions and "<" not in text:
        return text
    names = zip(mentions, await asyncio.gather(*map(people.name_of, mentions)), strict=True)
    return named(text, {mention: name for mention, name in names if name})


async def _before(answer: Answer, text: str, follows: str | None, *, alone: bool) -> Question | None:
    """Return the question that a text goes on from: the one its thread is about, or the person's last.

    None when it is known to stand `alone`, as what is saved does.
    """
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


async def _answer_to_command(answer: Answer, parsed: Parsed) -> Message | None:
    """Return what to say to words that are a command, or None."""
    if parsed.special == "help":
        await answer.services.welcomed.add(answer.user_id)
        return help_message()
    if parsed.special == "help filters":
        return filters_help_message(help_groups())
    if parsed.special == "agents":
        return agents_message(await answer.services.conversations.agents())
    return None


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
    question_id = await remember(answer, rest, refused=True)
    return misunderstood_message(words, sentence=rest.sentence(), question_id=question_id, follows=follows)


async def restore(answer: Answer, sentence: str) -> str | None:
    """Store the question that a sentence of ours restates, and return its id.

    None when it does not read back as exactly that: asking for something else would be worse.
    """
    now = datetime.fromtimestamp(answer.request.moment, ZoneInfo(answer.asker.tz))
    # The sentence has a comma between day and time of day; typed, that would part them.
    parsed = parse(_CLOCK.sub(r"\1 \2", sentence), now=now, week_start=answer.services.week_start)
    asked = restated(sentence, parsed.query) if sentence and parsed.understood else None
    if asked is None:
        return None
    query = await with_agents(answer.services.conversations, asked)
    return await remember(answer, query) if isinstance(query, Query) else None


async def remember(
    answer: Answer,
    query: Query,
    *,
    texts: tuple[str, ...] = (),
    channel_id: str | None = None,
    refused: bool = False,
) -> str:
    """Store a question and return its id. `texts` and `refused` as in Question.

    `channel_id`: where it may be shared, if not where it was asked.
    """
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
    return question.question_id


def called_only(request: Request, text: str) -> Parsed | None:
    """Return help for somebody who only called the bot; an empty command asks for every conversation."""
    if text.strip() or request.command or request.kind != "ask":
        return None
    return Parsed(Query(), special="help")


def _which_agent(unclear: AgentChoice | NoSuchAgent, question_id: str, sentence: str) -> Message:
    if isinstance(unclear, AgentChoice):
        return choose_agent_message(
            unclear.name, unclear.candidates, question_id=question_id, sentence=sentence
        )
    return no_such_agent_message(unclear.name, unclear.nearest, question_id=question_id)
