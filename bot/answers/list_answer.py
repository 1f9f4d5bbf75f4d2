"""A question answered by a list: first rows after one API request, glance, file, final count.

Rows are never stored: after a crash they are read again, but what was posted stays posted once.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.answer import CSV, EMPTY, GLANCE, LIST, POINTED, REFRESH, Answer, Asked, Services
from bot.answers.error_messages import UnansweredError, cause, words_for
from bot.answers.listing import (
    AT_ONCE,
    count_beside,
    finish_list,
    first_view,
    heading,
    list_filename,
    settled,
)
from bot.answers.matching_rows import MatchingRows, count_rows, outcome_of, with_agent_names
from bot.answers.placement import (
    belongs_to,
    introduction,
    redraw,
    shared_by,
    show_answer,
    wants_glance,
)
from bot.answers.ports import Address, Posted, Reply
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.data_table import MOST_ROWS, PLAIN_ROWS
from bot.blocks.list_message import (
    Failed,
    ListView,
    Omissions,
    Outcome,
    ReadSoFar,
    file_there_message,
    glance_message,
)
from bot.blocks.text import started
from bot.elevenlabs.errors import BadAnswer, RateLimited, Unavailable
from bot.query import Query
from bot.store.questions import Question

log = structlog.get_logger(__name__)

FIRST_ROWS = 10
"""So many are enough to begin with when filters are applied here; the rest follows."""
FIRST_ROWS_SECS = 2.5
"""How long the first list may look for them."""
GLANCE_SECS = 2.0
"""How long a glance waits for its call ids: it cannot be edited later."""


class ListKind:
    """The newest calls, how many there are, and a CSV of them; asked how many, the number stands first."""

    heading, filename = staticmethod(heading), staticmethod(list_filename)
    """What stands over the answer, from which a question can be restored; and the name of its CSV."""

    async def answer(self, answer: Answer, asked: Asked) -> None:
        if asked.file is None:  # a button makes the file of a number
            asked = replace(asked, file=not answer.query.counting)
        first = await _first_view(answer, asked)
        if first is None:
            return
        view = first
        shown = await answer.run(LIST, show_answer, view, asked.place)
        posted, follows = shown.posted, view.outcome.failed is None  # nothing follows rows from memory
        if posted is None or not shown.rows:
            return
        if wants_glance(answer.request) and posted.channel_id != answer.address.channel_id:
            filed = bool(asked.file) and follows
            await answer.run(GLANCE, _glance, view, posted, filed=filed)
        if follows:
            await finish_list(answer, replace(view, shared_by=shown.shared_by), posted, asked)

    async def refresh(self, answer: Answer) -> None:
        """Read the same page again, past every cache, and count again."""
        await answer.once(REFRESH, _refresh_glance if answer.posted is None else _refresh)

    async def file(self, answer: Answer) -> None:
        """Make the file, the whole of it when that was pressed; or point to the one that is there."""
        posted, whole = answer.posted, answer.action == act.SEND_ALL
        if posted is None:
            return
        sent = await answer.steps.recorded(CSV) is not None  # by a process that did not say so in the message
        if not whole and not sent and await points_to_file(answer, posted):
            return
        # An earlier process may have left "preparing" there: then the message has to be settled in any case.
        begun = answer.steps.resumed
        view = await (newest_again if begun else newest)(answer.services, answer.question, answer.query)
        if view.rows or begun:
            earlier = outcome_of(answer.question).earlier
            outcome = msgspec.structs.replace(view.outcome, earlier=earlier)
            view = replace(view, outcome=outcome, shared_by=await shared_by(answer.services, posted))
            await finish_list(answer, view, posted, Asked(file=True, whole=whole))


async def _first_view(answer: Answer, asked: Asked) -> ListView | None:
    """Return what is shown first; None when nothing is to be shown, as that was said or is not wanted."""
    services, request, scheduled = answer.services, answer.request, answer.request.scheduled
    # What an earlier process showed comes before what can be read now: that may be otherwise, or nothing.
    begun = await answer.steps.recorded(LIST) is not None
    if not begun and await answer.steps.recorded(EMPTY) is not None:
        return None
    if begun:
        view = await newest_again(services, answer.question, answer.query)
    else:
        view = await newest_or_remembered(services, answer.question, answer.query, refresh=asked.refresh)
    why, sharer = introduction(answer)
    view = replace(
        view,
        notes=(*why, *asked.notes, *view.notes),
        outcome=msgspec.structs.replace(view.outcome, earlier=asked.earlier),
        file=view.file if asked.file else "",
        shared_by=sharer,
    )
    if begun or not view.empty:
        return view
    if scheduled is not None and scheduled.only_if_any:
        return None
    if wants_glance(request):
        message = view.message(services.clock())
        await answer.once(EMPTY, lambda answer: answer.reply.fail(message))
        return None
    return view


async def _glance(answer: Answer, view: ListView, posted: Posted, *, filed: bool) -> bool:
    """Show the asker the newest rows on the spot, complete with ids found in time."""
    remembered, now = view.outcome.failed is not None, answer.services.clock()
    ids = answer.services.ids.find(view.rows[:PLAIN_ROWS], within=0 if remembered else GLANCE_SECS)
    found, link = await asyncio.gather(ids, answer.reply.link(posted))
    view = replace(view, ids=found, notes=view.notes if remembered else ())
    return await answer.reply.glance(glance_message(view, now, permalink=link, file_follows=filed))


async def points_to_file(answer: Answer, posted: Posted) -> bool:
    """Point to the file of a question's answer, if it is there and nothing was read anew since."""
    made = outcome_of(answer.question)
    if not made.file_is_current:
        return False
    url = made.file_url or await answer.reply.link(posted)
    await answer.once(POINTED, lambda answer: answer.reply.fail(file_there_message(url)))
    return True


async def draw_settled(
    services: Services, reply: Reply, posted: Posted, view: ListView, query: Query
) -> None:
    """Show a list in its message, ids filled in, with what works once everything is known."""
    outcome, sharer = view.outcome, await shared_by(services, posted)
    if not outcome.final:  # no fewer than there are on the screen, also while they are being counted
        outcome = msgspec.structs.replace(outcome, total=max(outcome.total, len(view.rows)))
    view = replace(view, ids=await services.ids.find(view.rows), shared_by=sharer)
    await redraw(services, reply, posted, settled(view, outcome, query))


async def draw_as_it_was(services: Services, address: Address, posted: Posted, question_id: str) -> None:
    """Draw a list's message as it stands by what is kept of its question.

    Not where that is unknown or still being answered, nor where others read, nor on another person's message.
    Raises ReplyError and what the client raises.
    """
    if not await belongs_to(services, posted, address.user_id):
        return
    question = await services.questions.get(question_id)
    if question is None or question.outcome is None:
        return
    if not address.private and await services.people.audience(address) is not None:
        return
    query = query_of(services, question)
    if query.report is not None:
        return  # a report stands as it is while its file is made
    read, rows = await count_rows(query, services.conversations, limit=MOST_ROWS, first=MOST_ROWS)
    # What came of it is read last: it may have changed meanwhile.
    question = await services.questions.get(question_id) or question
    outcome = msgspec.structs.replace(outcome_of(question), as_of=read.as_of)
    view = first_view(question, query, rows, outcome, ids={})
    await draw_settled(services, services.reply_to(address), posted, view, query)


async def _refresh(answer: Answer) -> None:
    """Read all rows again, past every cache: those on screen, and how many there are."""
    services, question, query = answer.services, answer.question, answer.query
    before = outcome_of(question)
    limit = None if before.final and query.counting else services.export_rows
    client, now = services.conversations, services.clock()
    (counted, rows), beside = await asyncio.gather(
        count_rows(query, client, limit=limit, first=MOST_ROWS, refresh=True),
        count_beside(query, client, now=now, refresh=True),
    )
    outcome = msgspec.structs.replace(
        before,
        total=counted.total,
        beside=beside,
        final=counted.final,
        as_of=counted.as_of,
        failed=None,
        omissions=counted.omissions,
    )
    await services.questions.set_outcome(question.question_id, outcome)
    if answer.posted is not None:
        view = first_view(question, query, rows, outcome, ids={})
        await draw_settled(services, answer.reply, answer.posted, view, query)


async def _refresh_glance(answer: Answer) -> None:
    """Put a glance with every id in the place of the one that was pressed."""
    services, made = answer.services, outcome_of(answer.question)
    view = await newest(services, answer.question, answer.query, refresh=True)
    if answer.question.outcome:
        outcome = msgspec.structs.replace(made, as_of=view.outcome.as_of, omissions=view.outcome.omissions)
        view = replace(view, outcome=outcome, reading=None)
    view = replace(view, ids=await services.ids.find(view.rows[:PLAIN_ROWS]))
    shown = glance_message(view, services.clock(), file_follows=made.file_rows is not None)
    if not await answer.reply.replace_glance(shown):
        await answer.reply.glance(shown)


async def newest(services: Services, question: Question, query: Query, *, refresh: bool = False) -> ListView:
    """Read the newest rows: one API request, unless our own tests leave fewer than ten of the first page.

    In an order that the API does not have all rows are read.
    """
    client, most, reading = services.conversations, min(MOST_ROWS, query.limit or MOST_ROWS), None
    if query.ranking is not None:
        outcome, rows = await count_rows(query, client, limit=MOST_ROWS, first=MOST_ROWS, refresh=refresh)
        return first_view(question, query, rows, outcome, ids=await services.ids.known(rows))
    page = await client.first(query.selection(), refresh=refresh)
    verdicts = [query.matches(row) for row in page.rows]
    kept = [row for row, matches in zip(page.rows, verdicts, strict=True) if matches]
    found, all_there = kept[:most], page.complete
    if not page.complete and len(kept) < min(FIRST_ROWS, most):
        found = []
        async with MatchingRows(query, client, limit=min(FIRST_ROWS, most)) as matching:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FIRST_ROWS_SECS):
                    async for batch in matching:
                        found += batch
                    all_there = not matching.enough
    rows = await with_agent_names(found, client)
    total = len(kept) if page.complete else max(len(kept), len(rows))
    if query.limit is not None and len(kept) >= query.limit:
        total, all_there = query.limit, True
    if not all_there:
        total, reading = total if refresh else no_fewer(total, question), ReadSoFar(len(page.rows))
    omissions = Omissions(
        unplaced=page.unplaced,
        hidden=sum(row.hiding_reason is not None for row in kept),
        undecided=verdicts.count(None),
        unread=page.unread,
    )
    outcome = Outcome(total=total, final=all_there, as_of=page.as_of, omissions=omissions)
    return first_view(question, query, rows, outcome, ids=await services.ids.known(rows), reading=reading)


def no_fewer(total: int, question: Question) -> int:
    """Return a count that goes on, not back to the start, from what an earlier reading has counted."""
    return max(total, outcome_of(question).total)


async def newest_again(services: Services, question: Question, query: Query) -> ListView:
    """Read the newest rows for a message that was shown before a crash; none while they cannot be read."""
    try:
        return await newest(services, question, query)
    except Exception as error:  # noqa: BLE001 - see above
        log.info("rows not read again", error=type(cause(error)).__name__)
    outcome = Outcome(total=no_fewer(0, question), final=False, as_of=services.clock())
    return first_view(question, query, (), outcome, ids={}, reading=ReadSoFar())


async def newest_or_remembered(
    services: Services, question: Question, query: Query, *, refresh: bool
) -> ListView:
    """Read the newest rows; while ElevenLabs does not answer, those that are remembered, if any are."""
    try:
        return await newest(services, question, query, refresh=refresh)
    except Exception as error:
        root = cause(error)
        page = None
        ranked = query.ranking is not None  # of all calls, not of the newest that are remembered
        if isinstance(root, Unavailable | RateLimited | BadAnswer) and not ranked:
            page = await services.conversations.remembered(query.selection())
        rows = [] if page is None else [row for row in page.rows if query.matches(row)][: query.limit]
        if page is None or not rows:
            raise UnansweredError(question.question_id) from error
        words = words_for(root)
    log.info("answered from memory", error=type(root).__name__, rows=len(rows))
    since = started(page.as_of, ZoneInfo(question.tz), services.clock())
    no_file = Failed(words=f"No CSV now: {words.headline} Press Retry for the whole answer.")
    total = no_fewer(len(rows), question)
    outcome = Outcome(total=total, final=False, as_of=page.as_of, failed=no_file)
    return replace(
        first_view(question, query, rows, outcome, ids=await services.ids.known(rows)),
        file="",
        actions=AT_ONCE | {act.RETRY, act.SHOW_API},
        notes=(f"{words.headline} This is from memory, as of {since}: later calls are missing",),
    )
