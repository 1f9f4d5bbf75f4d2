"""The first rows of a list, after one API request or from memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import Services
from bot.answers.error_messages import UnansweredError, cause, words_for
from bot.answers.question.listing import AT_ONCE, Listing, no_fewer
from bot.answers.question.matching_rows import (
    MatchingRows,
    hidden_among,
    undecided_among,
    with_agent_names,
)
from bot.answers.question.outcome import Omissions
from bot.blocks import actions as act
from bot.blocks.call_table import MOST_ROWS
from bot.blocks.file_progress import Count, CountState, FileFailed, Preparing
from bot.blocks.text import started
from bot.elevenlabs.errors import BadAnswer, RateLimited, Unavailable
from bot.model import Conversation
from bot.query import Query
from bot.store.questions import Question

log = structlog.get_logger(__name__)

FIRST_ROWS = 10
"""So many are enough to begin with when filters are applied here; the rest follows."""
FIRST_ROWS_SECS = 2.5
"""How long the first list may look for them."""


async def newest(services: Services, question: Question, query: Query, *, refresh: bool = False) -> Listing:
    """Read the newest rows: one API request, unless filters applied here leave too few of it."""
    if query.ranking is not None:
        return await _ranked(services, question, query, refresh=refresh)
    client = services.conversations
    page = await client.first(query.selection(), refresh=refresh)
    kept = [row for row in page.rows if query.matches(row)]
    rows, all_there = await _first_rows(services, query, kept, complete=page.complete)
    matching = len(kept)
    if query.limit is not None and matching >= query.limit:
        count = Count(query.limit)
    elif page.complete:
        count = Count(matching)
    elif all_there:
        count = Count(len(rows))
    else:
        count = Count(max(matching, len(rows)), CountState.WORKING, read=len(page.rows))
    return Listing(
        question=question,
        query=query,
        rows=rows,
        ids=await services.ids.known(rows),
        count=count if refresh else no_fewer(count, question),
        as_of=page.as_of,
        file=Preparing(),
        offers=AT_ONCE,
        omissions=Omissions(
            unplaced=page.unplaced,
            hidden=hidden_among(kept),
            undecided=undecided_among(query, page.rows),
            unread=page.unread,
        ),
    )


async def _ranked(services: Services, question: Question, query: Query, *, refresh: bool) -> Listing:
    """Read all rows, to show the first of them in an order that the API does not have."""
    client = services.conversations
    async with MatchingRows(query, client, limit=MOST_ROWS, refresh=refresh) as read:
        first = [row async for batch in read for row in batch]
    rows = await with_agent_names(first, client)
    return Listing(
        question=question,
        query=query,
        rows=rows,
        ids=await services.ids.known(rows),
        count=Count(read.total),
        as_of=read.as_of,
        file=Preparing(),
        offers=AT_ONCE,
        omissions=read.omissions,
    )


async def _first_rows(
    services: Services, query: Query, kept: list[Conversation], *, complete: bool
) -> tuple[Sequence[Conversation], bool]:
    """Return rows to begin with, and whether they are known to be all there are.

    `kept` are those of the first page. Only when our own tests leave fewer than ten of it are further pages
    read, for a while: a question that the API filters by itself is answered after one request.
    """
    client = services.conversations
    most = MOST_ROWS if query.limit is None else min(MOST_ROWS, query.limit)
    want = min(FIRST_ROWS, most)
    if not complete and len(kept) < want:
        found: list[Conversation] = []
        ended = False
        async with MatchingRows(query, client, limit=want) as rows:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FIRST_ROWS_SECS):
                    async for batch in rows:
                        found += batch
                    ended = not rows.enough
        return await with_agent_names(found, client), ended
    return await with_agent_names(kept[:most], client), complete and len(kept) <= most


async def newest_again(services: Services, question: Question, query: Query) -> Listing:
    """Read the newest rows for a message that was shown before a crash; none while they cannot be read.

    The file then meets the same trouble, and says so in that message, which has to be settled.
    """
    try:
        return await newest(services, question, query)
    except Exception as error:  # noqa: BLE001 - see above
        log.info("rows not read again", error=type(cause(error)).__name__)
    return Listing(
        question=question,
        query=query,
        rows=(),
        ids={},
        count=no_fewer(Count(0, CountState.WORKING), question),
        as_of=services.clock(),
        file=Preparing(),
        offers=AT_ONCE,
    )


async def newest_or_remembered(
    services: Services, question: Question, query: Query, *, refresh: bool
) -> Listing:
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
    return Listing(
        question=question,
        query=query,
        rows=rows,
        ids=await services.ids.known(rows),
        count=no_fewer(Count(len(rows), CountState.AT_LEAST), question),
        as_of=page.as_of,
        file=FileFailed(f"No CSV now: {words.headline} Press Retry for the whole answer."),
        offers=frozenset({act.RETRY, act.OPEN_CALL, act.FILTERS, act.SHOW_API}),
        notes=(f"{words.headline} This is from memory, as of {since}: later calls are missing",),
        remembered=True,
    )
