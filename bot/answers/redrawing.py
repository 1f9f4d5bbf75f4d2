"""A page of a list drawn again in its message."""

from __future__ import annotations

import msgspec

from bot.answers.listing import Listing, Outcome, query_of
from bot.answers.pages import Page, page_after
from bot.answers.places import redraw
from bot.answers.ports import Address, Posted, Reply
from bot.answers.services import Services
from bot.blocks import actions as act
from bot.query import Query
from bot.store.questions import Question


async def draw_page(
    services: Services,
    question: Question,
    *,
    query: Query,
    page: Page,
    outcome: Outcome,
    posted: Posted,
    reply: Reply,
) -> None:
    """Show a page in a list's message, ids filled in, with what works once everything is known."""
    if not outcome.final:  # no fewer than there are on the page, also while they are being counted
        outcome = msgspec.structs.replace(outcome, total=max(outcome.total, page.end))
    listing = Listing(
        question=question,
        query=query,
        rows=page.rows,
        ids=await services.ids.find(page.rows),
        count=outcome.count,
        as_of=page.as_of,
        anchor=page.anchor,
        shared_by=await shared_by(services, posted),
    ).settled(outcome, as_of=page.as_of)
    await redraw(services, reply, posted, listing)


async def draw_as_it_was(services: Services, address: Address, posted: Posted, value: str) -> None:
    """Draw a list's message as it stands by what is kept of its question: `value` is what its buttons carry.

    Nothing is drawn where the question is not known any more, is still being answered, or where others read
    by now. Raises BadValueError, ReplyError and what the client raises.
    """
    pointer = act.decode(value)
    question = await services.questions.get(pointer.question_id)
    if question is None or question.outcome is None:
        return
    if not address.private and await services.people.audience(address) is not None:
        return
    query = query_of(question, week_start=services.week_start)
    page = await page_after(query, services.conversations, pointer.anchor)
    # What came of it is read last: it may have changed meanwhile.
    question = await services.questions.get(pointer.question_id) or question
    await draw_page(
        services,
        question,
        query=query,
        page=page,
        outcome=outcome_of(question),
        posted=posted,
        reply=services.replies.to(address),
    )


async def shared_by(services: Services, posted: Posted | None) -> str | None:
    """Return who shared a message, if it was shared."""
    standing = None if posted is None else await services.questions.standing(posted.channel_id, posted.ts)
    return None if standing is None else standing.shared_by


def outcome_of(question: Question) -> Outcome:
    """Return what is kept of a question's answer; while it is still being answered, next to nothing."""
    if question.outcome is None:
        return Outcome(total=0, final=False, as_of=question.asked_at)
    return msgspec.json.decode(question.outcome, type=Outcome)
