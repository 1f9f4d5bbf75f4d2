"""Clicks on our messages: another page, the file again, refresh, an example.

Every button carries the id of the stored question, so any process can serve it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import msgspec

from bot.answers.asking import Asking
from bot.answers.audience import closed_to_data
from bot.answers.clicked import Clicked, once
from bot.answers.filing import Files
from bot.answers.gather import count
from bot.answers.listing import Outcome, query_of
from bot.answers.newest import newest, newest_again
from bot.answers.pages import Page, page_after, page_before
from bot.answers.presses import Press, ServePress
from bot.answers.redrawing import draw_page, outcome_of, shared_by
from bot.answers.reply import Asker, Reply
from bot.answers.request import Request
from bot.answers.services import Services
from bot.answers.sharing import Sharing
from bot.answers.typed import with_any_of
from bot.answers.words import cannot_share
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError, Pointer
from bot.blocks.trouble import Trouble, expired_message, trouble_message
from bot.query import Query, resolve
from bot.store.durable import Steps

IN_PLACE = frozenset({act.NEWER, act.OLDER, act.REFRESH, act.CSV, act.SEND_ALL, act.RETRY})
"""What changes the message that was pressed, or posts beside it."""


Serve = Callable[[Clicked], Awaitable[None]]


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

    async def answer(self, request: Request, asker: Asker, reply: Reply, steps: Steps) -> None:
        """Answer one click; one on something that is no longer known is answered kindly."""
        click = request.click
        if click is None or act.base(click.action_id) == act.OPEN_LINK:
            return
        try:
            pointer = act.decode(click.value)
        except BadValueError:
            await self._expired(request, asker, reply, steps)
            return
        action = act.base(click.action_id)
        if action == act.MORE:
            action = pointer.pick or ""
        if action == act.RUN_EXAMPLE:
            follows = pointer.question_id or None
            await self._asking.ask(request, pointer.pick or "", asker, reply, steps, follows=follows)
            return
        if action == act.FILTERS_VIEW:
            await self._asking.instead(request, asker, reply, steps, before=pointer.question_id)
            return
        press = Press(
            request=request,
            pointer=pointer,
            asker=asker,
            posted=click.posted,
            reply=reply,
            steps=steps,
        )
        if (serve := self._presses.get(action)) is None or not await serve(press):
            await self._serve_question(press, action)

    async def _serve_question(self, press: Press, action: str) -> None:
        """Answer a click on the answer to a stored question.

        Whose question it is does not matter: who pressed may ask it themselves, and is answered as its asker
        would be, where it was pressed.
        """
        reply, steps = press.reply, press.steps
        closed = closed_to_data(press.request, press.asker)
        if action in IN_PLACE and press.posted is not None and closed is not None:
            words = cannot_share(closed)
            message = trouble_message(Trouble(headline=words.headline, next_step=words.next_step))
            await once(steps, "refuse", lambda: reply.fail(message))
            return
        serve = self._serve.get(action)
        question = await self._services.questions.get(press.pointer.question_id)
        if question is None or serve is None:
            await self._expired(press.request, press.asker, reply, steps)
            return
        await serve(
            Clicked(
                request=press.request,
                asker=press.asker,
                action=action,
                pointer=press.pointer,
                posted=press.posted,
                question=question,
                query=query_of(question, week_start=self._services.week_start),
                reply=reply,
                steps=steps,
            )
        )

    async def _expired(self, request: Request, asker: Asker, reply: Reply, steps: Steps) -> None:
        """Say that the question is no longer kept; offer it again if the message says it readably."""

        async def say() -> None:
            sentence = None if request.click is None else request.click.sentence
            question_id = await self._asking.restore(request, sentence or "", asker)
            known = None if question_id is None else Pointer(question_id)
            await reply.fail(expired_message(sentence if known else None, known))

        await once(steps, "expired", say)

    async def _draw(self, clicked: Clicked, page: Page, outcome: Outcome) -> None:
        """Show a page in the clicked message."""
        if clicked.posted is not None:
            await draw_page(
                self._services,
                clicked.question,
                query=clicked.query,
                page=page,
                outcome=outcome,
                posted=clicked.posted,
                reply=clicked.reply,
            )

    async def _turn(self, clicked: Clicked) -> None:
        """Show the next or the previous page."""
        anchor = clicked.pointer.anchor
        client = self._services.conversations
        onward = (clicked.action == act.OLDER) != clicked.query.oldest_first

        async def turn() -> None:
            if onward or anchor is None:
                page = await page_after(clicked.query, client, anchor)
            else:
                page = await page_before(clicked.query, client, anchor)
            await self._draw(clicked, page, outcome_of(clicked.question))

        await once(clicked.steps, "turn", turn)

    async def _refresh(self, clicked: Clicked) -> None:
        """Read the same page again, past every cache, and count again."""
        client, query = self._services.conversations, clicked.query
        if clicked.posted is None:
            await once(clicked.steps, "refresh", lambda: self._refresh_glance(clicked))
            return

        async def refresh() -> None:
            page = await page_after(query, client, clicked.pointer.anchor, refresh=True)
            before = outcome_of(clicked.question)
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
            await self._asking.remember_outcome(clicked.question.question_id, outcome)
            await self._draw(clicked, page, outcome)

        await once(clicked.steps, "refresh", refresh)

    async def _refresh_glance(self, clicked: Clicked) -> None:
        """Put a glance with every id in the place of the one that was pressed."""
        listing = await newest(self._services, clicked.question, clicked.query, refresh=True)
        listing = replace(
            listing, count=outcome_of(clicked.question).count if clicked.question.outcome else listing.count
        )
        ids = await self._services.ids.find(listing.rows)
        shown = self._asking.glance(listing, ids, None)
        if not await clicked.reply.replace_glance(shown):
            await clicked.reply.glance(shown)

    async def _file_again(self, clicked: Clicked) -> None:
        """Make the file again; the whole of it when that was pressed."""
        if clicked.posted is None:
            return
        # An earlier process may have left "preparing" there: then the message has to be settled in any case.
        begun = clicked.steps.resumed
        read = newest_again if begun else newest
        listing = await read(self._services, clicked.question, clicked.query)
        if not listing.rows and not begun:
            return
        await self._asking.file(
            replace(listing, shared_by=await shared_by(self._services, clicked.posted)),
            clicked.posted,
            clicked.reply,
            clicked.steps,
            clicked.request,
            whole=clicked.action == act.SEND_ALL,
        )

    async def _cancel(self, clicked: Clicked) -> None:
        await self._files.press(clicked.question.question_id, cancel=True)

    async def _without_ids(self, clicked: Clicked) -> None:
        await self._files.press(clicked.question.question_id, cancel=False)

    async def _choose_agent(self, clicked: Clicked) -> None:
        """Go on with a question whose agent, or agents, were chosen from several."""
        if await clicked.steps.recorded("choose", bool) is None and not await self._choose(clicked):
            return
        question_id = clicked.question.question_id
        await self._asking.answer(clicked.request, question_id, clicked.reply, clicked.steps)

    async def _choose(self, clicked: Clicked) -> bool:
        """Store the question with its agents; False, and said, when they cannot be chosen any more."""
        agents = await self._services.conversations.agents()
        picked = (clicked.pointer.pick or "").split(",")
        these = [agent for agent in agents if agent.agent_id in picked]
        if not these or not clicked.query.agent_names:
            again = expired_message(clicked.query.sentence(), Pointer(clicked.question.question_id))
            await once(clicked.steps, "expired", lambda: clicked.reply.fail(again))
            return False
        unclear = resolve(clicked.query, agents)
        name = clicked.query.agent_names[0] if isinstance(unclear, Query) else unclear.name
        chosen = with_any_of(clicked.query, name, these)
        texts = clicked.question.texts
        question = msgspec.structs.replace(
            clicked.question,
            text=chosen.canonical(),
            texts=(*texts, f"agent:{','.join(agent.agent_id for agent in these)}") if texts else (),
        )
        await once(clicked.steps, "choose", lambda: self._services.questions.add(question))
        return True

    async def _retry(self, clicked: Clicked) -> None:
        """Answer anew in the place of what could not be answered, or not wholly."""
        await self._asking.answer(
            clicked.request,
            clicked.question.question_id,
            clicked.reply,
            clicked.steps,
            place=clicked.posted,
        )

    async def _ask_again(self, clicked: Clicked) -> None:
        if clicked.query.agent_names:  # no agent was chosen yet
            await self._asking.ask(
                clicked.request, clicked.question.text, clicked.asker, clicked.reply, clicked.steps
            )
            return
        await self._asking.answer(
            clicked.request, clicked.question.question_id, clicked.reply, clicked.steps, refresh=True
        )
