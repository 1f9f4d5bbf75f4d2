"""Which answer and which step of it an effect belongs to, so that one had before a crash is recognised.

A step that was begun in a process that died may have had its effect between Slack's yes and our checkpoint.
The first step that runs after a resume therefore looks for its own marks before it posts again; later steps
were never begun.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from bot.answers.words import CancelledByAskerError, reference
from bot.store.checkpoints import EarlierError
from bot.store.durable import Steps

T = TypeVar("T")


@dataclass
class Mark:
    """One step of one answer. Nothing personal: the marks can be read by the whole workspace."""

    answer: str
    """Short hash of the answer's id: the reference of its log lines and error messages."""
    step: str
    since: float
    """Unix seconds at which the answer was asked for: no effect of it is older."""
    look: bool
    """Whether this step may have had its effect in a process that died."""
    _parts: dict[str, int] = field(default_factory=dict)

    def part(self, kind: str) -> str:
        """Name the next effect of a kind in this step: the same effect gets the same name when repeated."""
        number = self._parts[kind] = self._parts.get(kind, 0) + 1
        return self.step if number == 1 else f"{self.step} {number}"


_current: ContextVar[Mark | None] = ContextVar("mark", default=None)


def current() -> Mark | None:
    """Return the mark of the step that is running, if one is."""
    return _current.get()


@contextlib.contextmanager
def marked(mark: Mark) -> Iterator[None]:
    """Give effects inside a mark."""
    token = _current.set(mark)
    try:
        yield
    finally:
        _current.reset(token)


class MarkedSteps:
    """Checkpoints whose effects carry marks; also tells how long after the question each step was done."""

    def __init__(
        self, steps: Steps, *, asked_at: float, done: Callable[[str], None] = lambda _step: None
    ) -> None:
        self._steps = steps
        self._asked_at = asked_at
        self._look = steps.resumed
        self._done = done

    @property
    def answer_id(self) -> str:
        """The workflow's id."""
        return self._steps.answer_id

    @property
    def resumed(self) -> bool:
        """Whether an earlier process began this answer."""
        return self._steps.resumed

    async def run(self, name: str, work: Callable[[], Awaitable[T]], kind: type[T]) -> T:
        """Do `work` once, its effects marked.

        What failed in a process that died since is tried again: nobody has heard of it yet. A cancelled one
        stays cancelled.
        """

        async def with_mark() -> T:
            look, self._look = self._look, False
            with marked(self.mark(name, look=look)):
                result = await work()
            self._done(name)
            return result

        while True:
            try:
                return await self._steps.run(name, with_mark, kind)
            except EarlierError as earlier:
                if earlier.kind == CancelledByAskerError.__name__:
                    raise CancelledByAskerError from earlier

    async def recorded(self, name: str, kind: type[T]) -> T | None:
        """Return what a step returned, here or in an earlier process; None when it did not finish."""
        return await self._steps.recorded(name, kind)

    def mark(self, name: str, *, look: bool) -> Mark:
        """Return the mark of a step."""
        return Mark(reference(self._steps.answer_id), name, self._asked_at, look)
