"""When messages are updated: Slack counts chat.update for the whole app, not for each message.

It takes some fifty a minute and answers 429 to more. What must be seen (an answer's end, a page that was
turned) goes at once, and is tried again for minutes. Progress has what is left: it takes its turn or is left
out, and is never tried again, since the next says more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any

from cachetools import LRUCache

from bot.answers.ports import ReplyError
from bot.slack.slack_api import RATE_LIMITED

PER_MINUTE = 40.0
"""Updates with progress of all processes together; Slack documents fifty and more."""
_BURST = 6.0
_RESERVE = 2.0
"""Turns that progress leaves to what must be seen."""
_TRIED_SECS = 300.0
"""How long what must be seen is tried."""
_LEAST_SECS = 0.2
_ASKS_AGAIN_SECS = 5.0
"""Progress that had no turn asks again sooner than this; else its message is done."""

Send = Callable[[], Awaitable[Any]]
"""Updates one message. Raises ReplyError; when it is one too many, with Slack's Retry-After."""


class Updates:
    """The turns of one process. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._per_sec = PER_MINUTE / 60
        self._turns, self._counted_at = _BURST, clock()
        self._closed_until = -inf
        self._line = asyncio.Lock()
        self._waiting = 0
        self._shown: LRUCache[str, float] = LRUCache(10_000)
        self._refused: dict[str, float] = {}

    def among(self, processes: int) -> None:
        """Say how many processes answer: each has its share of the turns."""
        self._count()
        self._per_sec = PER_MINUTE / 60 / max(1, processes)

    async def needed(self, send: Send) -> None:
        """Update what must be seen: it waits while Slack takes none, in the order of asking."""
        give_up = self._clock() + _TRIED_SECS
        while True:
            await self._open(give_up)
            self._count()
            self._turns = max(self._turns - 1, -_BURST)
            try:
                await send()
            except ReplyError as refused:
                if refused.code != RATE_LIMITED:
                    raise
                self._close(refused)
                if self._closed_until > give_up:
                    raise
            else:
                return

    async def progress(self, message: str, send: Send) -> bool:
        """Update a message with progress if it is its turn; else nothing is done."""
        if not self._take(message):
            return False
        try:
            await send()
        except ReplyError as refused:
            if refused.code != RATE_LIMITED:
                raise
            self._close(refused)
            return False
        return True

    def _take(self, message: str) -> bool:
        """Take a turn, unless it belongs to messages that were shown longer ago and ask too."""
        now = self._count()
        shown = self._shown.get(message, -inf)
        self._refused = {key: at for key, at in self._refused.items() if now - at < _ASKS_AGAIN_SECS}
        before = sum(key != message and self._shown.get(key, -inf) < shown for key in self._refused)
        if now < self._closed_until or self._turns - _RESERVE - before < 1:
            self._refused[message] = now
            return False
        self._turns -= 1
        self._shown[message] = now
        self._refused.pop(message, None)
        return True

    def _count(self) -> float:
        """Add the turns that have come since; returns the time."""
        now = self._clock()
        self._turns = min(_BURST, self._turns + (now - self._counted_at) * self._per_sec)
        self._counted_at = now
        return now

    def _close(self, refused: ReplyError) -> None:
        self._turns = min(self._turns, 0.0)
        wait = max(_LEAST_SECS, refused.retry_after)
        self._closed_until = max(self._closed_until, self._clock() + wait)

    async def _open(self, give_up: float) -> None:
        """Wait until Slack takes updates again; then one after the other, as fast as it takes them.

        Raises ReplyError as soon as that will be later than `give_up`.
        """
        if self._clock() >= self._closed_until:
            return
        self._check(give_up)
        self._waiting += 1
        try:
            async with self._line:
                while (wait := self._closed_until - self._clock()) > 0:
                    self._check(give_up)
                    await asyncio.sleep(wait)
                if self._waiting > 1:
                    self._closed_until = self._clock() + 1 / self._per_sec
        finally:
            self._waiting -= 1

    def _check(self, give_up: float) -> None:
        if max(self._closed_until, self._clock()) > give_up:
            raise ReplyError(RATE_LIMITED, "chat.update")
