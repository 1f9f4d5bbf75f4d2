"""Pages of a list, counted from an anchor: they do not shift when new calls arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers.question.matching_rows import MatchingRows, ReadsRows, with_agent_names
from bot.blocks.actions import Anchor
from bot.blocks.call_table import PAGE
from bot.model import Conversation, Selection
from bot.query import Query


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
