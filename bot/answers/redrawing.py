"""A page of a list drawn again in its message."""

from __future__ import annotations

import msgspec

from bot.answers.listing import Listing, Outcome
from bot.answers.pages import Page
from bot.answers.places import redraw
from bot.answers.reply import Posted, Reply
from bot.answers.services import Services
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


async def shared_by(services: Services, posted: Posted | None) -> str | None:
    """Return who shared a message, if it was shared."""
    standing = None if posted is None else await services.questions.standing(posted.channel_id, posted.ts)
    return None if standing is None else standing.shared_by


def outcome_of(question: Question) -> Outcome:
    """Return what is kept of a question's answer; while it is still being answered, next to nothing."""
    if question.outcome is None:
        return Outcome(total=0, final=False, as_of=question.asked_at)
    return msgspec.json.decode(question.outcome, type=Outcome)
