"""Clicks on our messages: another page, the file again, refresh, an example.

Every button carries the id of the stored question, so any process can serve it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import msgspec

from bot.answers.access import closed_to_data
from bot.answers.answer import Answer
from bot.answers.asking import Asking
from bot.answers.error_messages import cannot_share
from bot.answers.filing import Files
from bot.answers.gather import count
from bot.answers.listing import Outcome, query_of
from bot.answers.newest import newest, newest_again
from bot.answers.pages import Page, page_after, page_before
from bot.answers.presses import ServePress
from bot.answers.redrawing import draw_page, outcome_of, shared_by
from bot.answers.services import Services
from bot.answers.sharing import Sharing
from bot.answers.steps import CHOOSE_AGENT, EXPIRED, REFRESH, REFUSE, TURN
from bot.answers.typed import with_any_of
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.notice_messages import Trouble, expired_message, trouble_message
from bot.query import Query, resolve

IN_PLACE = frozenset({act.NEWER, act.OLDER, act.REFRESH, act.CSV, act.SEND_ALL, act.RETRY})
"""What changes the message that was pressed, or posts beside it."""


Serve = Callable[[Answer], Awaitable[None]]


class Clicks:
    """Answers clicks."""

    def __init__(
        self, services: Services, asking: Asking, files: Files, presses: Mapping[str, ServePress]
    ) -> None:
        """`presses` serve what needs no stored question; they come first."""
        self._services = services
        self._presses = presses
        self._asking = asking
        self._files = files
        self._serve: dict[str, Serve] = {
            act.NEWER: self._turn,
            act.OLDER: self._turn,
            act.REFRESH: self._refresh,
            act.CSV: self._file_again,
            act.SEND_ALL: self._file_again,
            act.SHARE: Sharing(services, asking).share,
            act.CANCEL: self._cancel,
            act.WITHOUT_IDS: self._without_ids,
            act.CHOOSE_AGENT: self._choose_agent,
            act.ASK_AGAIN: self._ask_again,
            act.RETRY: self._retry,
            act.RECENT: self._ask_again,
        }

    async def answer(self, answer: Answer) -> None:
        """Answer one click; one on something that is no longer known is answered kindly."""
        click = answer.request.click
        if click is None or act.base(click.action_id) == act.OPEN_LINK:
            return
        try:
            pointer = act.decode(click.value)
        except BadValueError:
            await self._expired(answer)
            return
        action = act.base(click.action_id)
        if action == act.MORE:
            action = pointer.pick or ""
        answer = replace(answer, action=action, pointer=pointer)
        if action == act.RUN_EXAMPLE:
            await self._asking.ask(answer, pointer.pick or "", follows=pointer.question_id or None)
            return
        if action == act.FILTERS_VIEW:
            await self._asking.instead(answer, before=pointer.question_id)
            return
        if (serve := self._presses.get(action)) is None or not await serve(answer):
            await self._serve_question(answer)

    async def _serve_question(self, answer: Answer) -> None:
        """Answer a click on the answer to a stored question.

        Whose question it is does not matter: who pressed may ask it themselves, and is answered as its asker
        would be, where it was pressed.
        """
        closed = closed_to_data(answer.request, answer.asker)
        if answer.action in IN_PLACE and answer.posted is not None and closed is not None:
            words = cannot_share(closed)
            message = trouble_message(Trouble(headline=words.headline, next_step=words.next_step))
            await answer.once(REFUSE, lambda answer: answer.reply.fail(message))
            return
        serve = self._serve.get(answer.action)
        question = await self._services.questions.get(answer.pointer.question_id)
        if question is None or serve is None:
            await self._expired(answer)
            return
        query = query_of(question, week_start=self._services.week_start)
        await serve(replace(answer, stored=question, query=query))

    async def _expired(self, answer: Answer) -> None:
        """Say that the question is no longer kept; offer it again if the message says it readably."""

        async def say(answer: Answer) -> None:
            sentence = None if answer.request.click is None else answer.request.click.sentence
            question_id = await self._asking.restore(answer.request, sentence or "", answer.asker)
            known = None if question_id is None else Pointer(question_id)
            await answer.reply.fail(expired_message(sentence if known else None, known))

        await answer.once(EXPIRED, say)

    async def _draw(self, answer: Answer, page: Page, outcome: Outcome) -> None:
        """Show a page in the answer message."""
        if answer.posted is not None:
            await draw_page(
                self._services,
                answer.question,
                query=answer.query,
                page=page,
                outcome=outcome,
                posted=answer.posted,
                reply=answer.reply,
            )

    async def _turn(self, answer: Answer) -> None:
        """Show the next or the previous page."""
        anchor = answer.pointer.anchor
        client = self._services.conversations
        onward = (answer.action == act.OLDER) != answer.query.oldest_first

        async def turn(answer: Answer) -> None:
            if onward or anchor is None:
                page = await page_after(answer.query, client, anchor)
            else:
                page = await page_before(answer.query, client, anchor)
            await self._draw(answer, page, outcome_of(answer.question))

        await answer.once(TURN, turn)

    async def _refresh(self, answer: Answer) -> None:
        """Read the same page again, past every cache, and count again."""
        client, query = self._services.conversations, answer.query
        if answer.posted is None:
            await answer.once(REFRESH, self._refresh_glance)
            return

        async def refresh(answer: Answer) -> None:
            page = await page_after(query, client, answer.pointer.anchor, refresh=True)
            before = outcome_of(answer.question)
            limit = None if before.final and query.counting else self._services.export_rows
            counted = await count(query, client, limit=limit, refresh=True)
            outcome = msgspec.structs.replace(
                before,
                total=counted.total,
                final=not counted.stopped,
                as_of=counted.as_of,
                failed=None,
                lacking=counted.lacking,
            )
            await self._asking.remember_outcome(answer.question.question_id, outcome)
            await self._draw(answer, page, outcome)

        await answer.once(REFRESH, refresh)

    async def _refresh_glance(self, answer: Answer) -> None:
        """Put a glance with every id in the place of the one that was pressed."""
        listing = await newest(self._services, answer.question, answer.query, refresh=True)
        listing = replace(
            listing, count=outcome_of(answer.question).count if answer.question.outcome else listing.count
        )
        ids = await self._services.ids.find(listing.rows)
        shown = self._asking.glance(listing, ids, None)
        if not await answer.reply.replace_glance(shown):
            await answer.reply.glance(shown)

    async def _file_again(self, answer: Answer) -> None:
        """Make the file again; the whole of it when that was pressed."""
        if answer.posted is None:
            return
        # An earlier process may have left "preparing" there: then the message has to be settled in any case.
        begun = answer.steps.resumed
        read = newest_again if begun else newest
        listing = await read(self._services, answer.question, answer.query)
        if not listing.rows and not begun:
            return
        listing = replace(listing, shared_by=await shared_by(self._services, answer.posted))
        await self._asking.file(answer, listing, answer.posted, whole=answer.action == act.SEND_ALL)

    async def _cancel(self, answer: Answer) -> None:
        await self._files.press(answer.question.question_id, cancel=True)

    async def _without_ids(self, answer: Answer) -> None:
        await self._files.press(answer.question.question_id, cancel=False)

    async def _choose_agent(self, answer: Answer) -> None:
        """Go on with a question whose agent, or agents, were chosen from several."""
        if await answer.recorded(CHOOSE_AGENT) is None and not await self._choose(answer):
            return
        await self._asking.answer(answer, answer.question.question_id)

    async def _choose(self, answer: Answer) -> bool:
        """Store the question with its agents; False, and said, when they cannot be chosen any more."""
        agents = await self._services.conversations.agents()
        picked = (answer.pointer.pick or "").split(",")
        these = [agent for agent in agents if agent.agent_id in picked]
        if not these or not answer.query.agent_names:
            again = expired_message(answer.query.sentence(), Pointer(answer.question.question_id))
            await answer.once(EXPIRED, lambda answer: answer.reply.fail(again))
            return False
        unclear = resolve(answer.query, agents)
        name = answer.query.agent_names[0] if isinstance(unclear, Query) else unclear.name
        chosen = with_any_of(answer.query, name, these)
        texts = answer.question.texts
        question = msgspec.structs.replace(
            answer.question,
            text=chosen.canonical(),
            texts=(*texts, f"agent:{','.join(agent.agent_id for agent in these)}") if texts else (),
        )
        await answer.once(CHOOSE_AGENT, lambda _answer: self._services.questions.add(question))
        return True

    async def _retry(self, answer: Answer) -> None:
        """Answer anew in the place of what could not be answered, or not wholly."""
        await self._asking.answer(answer, answer.question.question_id, place=answer.posted)

    async def _ask_again(self, answer: Answer) -> None:
        if answer.query.agent_names:  # no agent was chosen yet
            await self._asking.ask(answer, answer.question.text)
            return
        await self._asking.answer(answer, answer.question.question_id, refresh=True)
