"""Answering a question: understood, first list after one API request, glance, file, final count.

Each part is a checkpoint. After a crash the answer goes on from the last one: rows are read again (they are
never stored), but what was posted stays posted once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.answers.filing import CancelledByAskerError, Files, Made
from bot.answers.gather import first_rows
from bot.answers.listing import AT_ONCE, Listing, Outcome, query_of
from bot.answers.opening import Opening, Task, links_as_ids, task_of
from bot.answers.reply import Asker, Posted, Reply
from bot.answers.request import Request
from bot.answers.services import Services
from bot.answers.words import moved, reference, words_for
from bot.blocks import actions as act
from bot.blocks.agents import agents_message
from bot.blocks.choose_agent import choose_agent_message, no_such_agent_message
from bot.blocks.empty import empty_message
from bot.blocks.glance import GlanceView, glance_message
from bot.blocks.help import filters_help_message, help_message
from bot.blocks.parts import Cancelled, Count, CountState, FileFailed, Preparing
from bot.blocks.talk import EXAMPLES
from bot.blocks.trouble import UnknownWord, misunderstood_message
from bot.model import CallIds, Message
from bot.query import AgentChoice, NoSuchAgent, Parsed, Query, filter_help, parse, resolve
from bot.store.durable import Steps
from bot.store.questions import Question, new_question_id

GLANCE_SECS = 2.0
"""How long a glance waits for its call ids: it cannot be edited later."""
FIRST_ROWS_SECS = 2.5
"""How long the first list may look for ten rows when filters are applied here."""


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """Checkpoint: the question is stored, or the asker has been told why not."""

    question_id: str | None
    task: Task | None = None
    """The calls to open, when ids were given instead of a question."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Checkpoint: the list message is posted; None when there was nothing to list."""

    posted: Posted | None


class Asking:
    """Answers questions."""

    def __init__(self, services: Services, files: Files, opening: Opening) -> None:
        self._services = services
        self._files = files
        self._opening = opening

    async def ask(self, request: Request, text: str, asker: Asker, reply: Reply, steps: Steps) -> None:
        """Answer the question in `text`, from understanding it to the file."""
        understood = await steps.run(
            "understand", lambda: self._understand(request, text, asker, reply), Understood
        )
        if understood.task is not None:
            await self._opening.open(request, understood.task, asker, reply, steps)
            return
        if understood.question_id is None:
            return
        await self.answer(request, understood.question_id, reply, steps)

    async def answer(
        self, request: Request, question_id: str, reply: Reply, steps: Steps, *, refresh: bool = False
    ) -> None:
        """Answer a stored question with a new list message and a file."""
        question = await self._services.questions.get(question_id)
        if question is None:
            return  # forgotten between two checkpoints: older than RETENTION_DAYS
        query = query_of(question, week_start=self._services.week_start)
        listing = await self.first(question, query, refresh=refresh)

        async def show() -> Shown:
            return Shown(posted=await self._show(listing, reply) if listing.rows else None)

        async def glance() -> bool:
            return await self._glance(listing, posted, reply)

        if not listing.rows and wants_glance(request):
            posted = None
            await steps.run("glance", glance, bool)
            return
        posted = (await steps.run("list", show, Shown)).posted
        if posted is None:
            await steps.run("empty", lambda: self._say_empty(listing, reply), bool)
            return
        if wants_glance(request):
            await steps.run("glance", glance, bool)
        await self.file(listing, posted, reply, steps, request.answer_id)

    async def _understand(self, request: Request, text: str, asker: Asker, reply: Reply) -> Understood:
        """Store the question, its agents found; or say what is not understood."""
        now = datetime.fromtimestamp(request.asked_at, ZoneInfo(asker.tz))
        parsed = parse(links_as_ids(text), now=now, week_start=self._services.week_start)
        if parsed.ids:
            return Understood(question_id=None, task=task_of(parsed))
        told = await self._talk(parsed)
        if told is None:
            query = await self._with_agents(parsed.query)
            if isinstance(query, Query):
                return Understood(question_id=await self._remember(request, query.canonical(), asker.tz))
            if isinstance(query, AgentChoice):
                question_id = await self._remember(request, parsed.query.canonical(), asker.tz)
                told = choose_agent_message(
                    query.name, query.candidates, question_id=question_id, sentence=parsed.query.sentence()
                )
            else:
                question_id = await self._remember(request, parsed.query.canonical(), asker.tz)
                told = no_such_agent_message(query.name, query.nearest, question_id=question_id)
        await self.tell(request, told, reply)
        return Understood(question_id=None)

    async def _talk(self, parsed: Parsed) -> Message | None:
        """Return what to say to words that are no question, or None."""
        if parsed.special == "help":
            return help_message(EXAMPLES, run=True)
        if parsed.special == "help filters":
            return filters_help_message([(words, meaning) for words, meaning, _examples in filter_help()])
        if parsed.special == "agents":
            return agents_message(await self._services.conversations.agents())
        if parsed.unknown or parsed.problems:
            return misunderstood_message(
                [UnknownWord(unknown.word, tuple(unknown.nearest)) for unknown in parsed.unknown],
                parsed.problems,
            )
        return None

    async def _with_agents(self, query: Query) -> Query | AgentChoice | NoSuchAgent:
        """Find the agents that a question names."""
        if not query.agent_names:
            return query
        found = resolve(query, await self._services.conversations.agents())
        if isinstance(found, NoSuchAgent):  # it may be new
            found = resolve(query, await self._services.conversations.agents(refresh=True))
        return found

    async def tell(self, request: Request, message: Message, reply: Reply) -> None:
        """Say something that is no list: on the spot for a command, else where the answer would be."""
        if wants_glance(request):
            await reply.fail(message)
        else:
            await reply.show(message)

    async def _remember(self, request: Request, text: str, tz: str) -> str:
        question = Question(
            question_id=new_question_id(),
            text=text,
            tz=tz,
            team_id=request.address.team_id,
            user_id=request.address.user_id,
            channel_id=request.address.channel_id,
            thread_ts=request.address.thread_ts,
            asked_at=request.asked_at,
        )
        await self._services.questions.add(question)
        return question.question_id

    async def first(self, question: Question, query: Query, *, refresh: bool = False) -> Listing:
        """Read the newest rows: one API request, unless filters applied here leave too few of it."""
        client = self._services.conversations
        page = await client.first(query.selection(), refresh=refresh)
        rows, all_there = await first_rows(
            query, client, page.rows, complete=page.complete, within=FIRST_ROWS_SECS
        )
        matching = sum(map(query.keeps, page.rows))
        if page.complete:
            count = Count(matching if query.limit is None else min(matching, query.limit))
        elif all_there:
            count = Count(len(rows))
        else:
            count = Count(max(matching, len(rows)), CountState.SO_FAR if query.local else CountState.COUNTING)
        return Listing(
            question=question,
            query=query,
            rows=rows,
            ids=await self._services.ids.known(rows),
            count=count,
            as_of=page.as_of,
            file=Preparing(len(page.rows)),
            offers=AT_ONCE,
        )

    async def _show(self, listing: Listing, reply: Reply) -> Posted:
        return await reply.show(listing.message(self._services.clock()))

    async def _say_empty(self, listing: Listing, reply: Reply) -> bool:
        await reply.show(self._empty(listing))
        return True

    def _empty(self, listing: Listing) -> Message:
        return empty_message(
            listing.query.sentence(),
            tz=ZoneInfo(listing.question.tz),
            now=self._services.clock(),
            as_of=listing.as_of,
            counting=listing.query.counting,
        )

    async def _glance(self, listing: Listing, posted: Posted | None, reply: Reply) -> bool:
        """Show the asker the newest rows on the spot, complete with ids found in time."""
        if posted is None:
            await reply.fail(self._empty(listing))
            return True
        ids, link = await asyncio.gather(
            self._services.ids.find_within(listing.rows, GLANCE_SECS), reply.link(posted)
        )
        return await reply.glance(self.glance(listing, ids, link))

    def glance(self, listing: Listing, ids: Mapping[str, CallIds], link: str | None) -> Message:
        """Draw what a command shows on the spot; it offers what works on it."""
        offers = {act.OPEN_CALL, act.REFRESH}
        if not listing.question.channel_id.startswith("D"):
            offers.add(act.SHARE)
        return glance_message(
            GlanceView(
                sentence=listing.query.sentence(),
                rows=listing.rows,
                ids=ids,
                count=listing.count,
                tz=ZoneInfo(listing.question.tz),
                now=self._services.clock(),
                as_of=listing.as_of,
                permalink=link,
                question_id=listing.question.question_id,
                actions=frozenset(offers),
                counting=listing.query.counting,
            )
        )

    async def file(
        self,
        listing: Listing,
        posted: Posted,
        reply: Reply,
        steps: Steps,
        answer_id: str,
        *,
        whole: bool = False,
    ) -> None:
        """Make and send the file, then settle the message; what keeps it from coming is said there."""
        working = replace(listing, notes=moved(posted))
        made: list[Made] = []

        async def make() -> Outcome:
            made.append(await self._files.make(working, posted, reply, answer_id=answer_id, whole=whole))
            return made[0].outcome

        try:
            outcome = await steps.run("file", make, Outcome)
        except CancelledByAskerError:
            stopped = replace(working, file=Cancelled(), offers=frozenset({act.CSV, act.SHOW_API}))
        except Exception as error:  # noqa: BLE001 - every error becomes words
            words = words_for(error)
            failed = FileFailed(f"No CSV: {words.headline} {words.next_step}", reference(answer_id))
            offers = frozenset({act.CSV, act.REFRESH, act.SHOW_API})
            stopped = replace(working, file=failed, offers=offers)
        else:
            await steps.run(
                "settle",
                lambda: self._settle(working, posted, reply, outcome, made[0] if made else None),
                bool,
            )
            return
        stopped = replace(stopped, count=_no_longer_counting(stopped.count))

        async def say() -> bool:
            await reply.update(posted, stopped.message(self._services.clock()))
            return True

        await steps.run("no file", say, bool)

    async def _settle(
        self, listing: Listing, posted: Posted, reply: Reply, outcome: Outcome, made: Made | None
    ) -> bool:
        """Show the final count, the ids and what is offered now.

        `made` is None when the file was sent before a crash: its first rows and ids are read again.
        """
        await self.remember_outcome(listing.question.question_id, outcome)
        if made is not None and made.newest:
            listing = replace(listing, rows=made.newest, ids=made.newest_ids)
        else:
            ids = await self._services.ids.find_within(listing.rows, GLANCE_SECS)
            listing = replace(listing, ids=ids)
        await reply.update(posted, listing.settled(outcome).message(self._services.clock()))
        return True

    async def remember_outcome(self, question_id: str, outcome: Outcome) -> None:
        """Keep what came of a question, for the next click."""
        await self._services.questions.set_outcome(question_id, msgspec.json.encode(outcome).decode())


def wants_glance(request: Request) -> bool:
    """Whether something is shown on the spot: after a command, or a click on what only its reader sees."""
    return request.command or (request.click is not None and request.click.posted is None)


def _no_longer_counting(count: Count) -> Count:
    return count if count.state is CountState.FINAL else Count(count.number, CountState.AT_LEAST)
