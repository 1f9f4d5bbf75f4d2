"""The rows of a list: the newest after one API request or from memory, and the pages after them.

Pages are counted from an anchor: they do not shift when new calls arrive.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import Services
from bot.answers.error_messages import UnansweredError, cause, words_for
from bot.answers.question.listing import AT_ONCE, Listing, no_fewer
from bot.answers.question.matching_rows import (
    MatchingRows,
    ReadsRows,
    hidden_among,
    undecided_among,
    with_agent_names,
)
from bot.answers.question.outcome import Omissions
from bot.blocks import actions as act
from bot.blocks.actions import Anchor
from bot.blocks.call_table import PAGE
from bot.blocks.file_progress import Count, CountState, FileFailed, Preparing
from bot.blocks.text import started
from bot.elevenlabs.errors import BadAnswer, RateLimited, Unavailable
from bot.model import Conversation, Selection
from bot.query import Query
from bot.store.questions import Question

log = structlog.get_logger(__name__)

FIRST_ROWS_SECS = 2.5
"""How long the first list may look for ten rows when filters are applied here."""


async def newest(services: Services, question: Question, query: Query, *, refresh: bool = False) -> Listing:
    """Read the newest rows: one API request, unless filters applied here leave too few of it."""
    if query.ranking is not None:
        return await _ranked(services, question, query, refresh=refresh)
    client = services.conversations
    page = await client.first(query.selection(), refresh=refresh)
    kept = [row for row in page.rows if query.matches(row)]
    rows, all_there = await _first_rows(services, query, kept, complete=page.complete)
    matching = len(kept)
    wanted = len(page.rows)
    if query.limit is not None and not query.local:
        wanted = min(wanted, query.limit)
    if query.limit is not None and matching >= query.limit:
        count = Count(query.limit)
    elif page.complete:
        count = Count(matching)
    elif all_there:
        count = Count(len(rows))
    else:
        count = Count(max(matching, len(rows)), CountState.SO_FAR if query.local else CountState.COUNTING)
    return Listing(
        question=question,
        query=query,
        rows=rows,
        ids=await services.ids.known(rows),
        count=count if refresh else no_fewer(count, question),
        as_of=page.as_of,
        file=Preparing(wanted),
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
    async with MatchingRows(query, client, limit=PAGE, refresh=refresh) as read:
        first = [row async for batch in read for row in batch]
    rows = await with_agent_names(first, client)
    return Listing(
        question=question,
        query=query,
        rows=rows,
        ids=await services.ids.known(rows),
        count=Count(read.total),
        as_of=read.as_of,
        file=Preparing(read.total),
        offers=AT_ONCE,
        omissions=read.omissions,
    )


async def _first_rows(
    services: Services, query: Query, kept: list[Conversation], *, complete: bool
) -> tuple[Sequence[Conversation], bool]:
    """Return up to ten matching rows, and whether they are known to be all there are.

    `kept` are those of the first page. Only when our own tests leave fewer than ten of it are further pages
    read, for a while: a question that the API filters by itself is answered after one request.
    """
    client = services.conversations
    want = PAGE if query.limit is None else min(PAGE, query.limit)
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
    return await with_agent_names(kept[:want], client), complete and len(kept) <= want


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
        count=no_fewer(Count(0, CountState.COUNTING), question),
        as_of=services.clock(),
        file=Preparing(0),
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


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the question's order. `anchor` is the row before the first; None on the first page."""

    rows: Sequence[Conversation]
    anchor: Anchor | None
    as_of: float

    @property
    def end(self) -> int:
        """At least how many rows the list has: up to the last of this page, as far as that is known."""
        before = 0 if self.anchor is None else self.anchor.number or 0
        return before + len(self.rows)


async def page_after(
    query: Query, client: ReadsRows, anchor: Anchor | None, *, refresh: bool = False
) -> Page:
    """Return the page that follows the anchor row, or the first page."""
    rows, as_of = await _rows(
        query, client, _beyond(query.selection(), anchor), anchor, PAGE, refresh=refresh
    )
    return Page(rows, anchor, as_of)


async def page_before(query: Query, client: ReadsRows, anchor: Anchor) -> Page:
    """Return the page that ends just before the anchor row."""
    selection = query.selection()
    reverse = replace(selection, oldest_first=not selection.oldest_first)
    rows, as_of = await _rows(query, client, _beyond(reverse, anchor), anchor, PAGE + 1)
    # New calls may have come since the pages were numbered: then there are more of them than numbers.
    number = None if anchor.number is None or anchor.number <= PAGE + 1 else anchor.number - PAGE - 1
    before = _anchor(rows[PAGE], number) if len(rows) > PAGE else None
    return Page(rows[:PAGE][::-1], before, as_of)


def _beyond(selection: Selection, anchor: Anchor | None) -> Selection:
    """Narrow a selection to the anchor's second and what follows it in its order."""
    if anchor is None:
        return selection
    at = anchor.start_time
    if selection.oldest_first:
        return replace(selection, since=at if selection.since is None else max(at, selection.since))
    return replace(selection, until=at + 1 if selection.until is None else min(at + 1, selection.until))


async def _rows(
    query: Query,
    client: ReadsRows,
    selection: Selection,
    anchor: Anchor | None,
    want: int,
    *,
    refresh: bool = False,
) -> tuple[list[Conversation], float]:
    """Return up to `want` matching rows of a selection that follow the anchor, and how fresh they are."""
    same_second: list[Conversation] = []
    found: list[Conversation] = []
    seen = anchor is None
    async with MatchingRows(
        query.without("limit"), client, selection=selection, hint=want + PAGE, refresh=refresh
    ) as rows:
        async for batch in rows:
            for row in batch:
                if anchor is not None and not seen and row.start_time_unix_secs == anchor.start_time:
                    if row.conversation_id == anchor.conversation_id:
                        # What stands before the anchor in its own second was on the page before.
                        seen, same_second = True, []
                    else:
                        same_second.append(row)
                else:
                    found += [*same_second, row]
                    seen, same_second = True, []
            if len(found) >= want:
                break
        named = await with_agent_names((found + same_second)[:want], client)
        return list(named), rows.as_of


def _anchor(row: Conversation, number: int | None) -> Anchor:
    return Anchor(row.start_time_unix_secs, row.conversation_id, number)
