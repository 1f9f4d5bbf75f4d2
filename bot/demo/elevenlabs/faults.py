"""What goes wrong on purpose: by a seeded chance, by a script, or for chosen paths."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

KINDS = (
    "400",
    "401",
    "402",
    "403",
    "404",
    "408",
    "409",
    "425",
    "429",
    "429-retry-after",
    "500",
    "502",
    "503",
    "504",
    "401-html",
    "403-html",
    "404-html",
    "404-route",
    "407-html",
    "530-html",
    "drop",
    "cut",
    "html",
    "503-html",
    "broken-json",
    "wrong-shape",
    "slow",
    "repeat-cursor",
    "shuffled",
    "long-number",
)
"""Statuses come with the API's error body; `…-html` with a web page instead, as a proxy or a wrong host sends
it; 404-route as the API answers for a path it does not have. Further:

drop: the connection closes without an answer; cut: it closes in the middle of the body; html: 200 with a web
page; broken-json: a complete answer whose JSON stops halfway; wrong-shape: JSON, but not what was asked for;
slow: a good answer, late; repeat-cursor: `next_cursor` is the one just used; shuffled: a page that is not in
order of time; long-number: a number of more digits than any program reads.
"""

TRANSIENT = ("429", "429-retry-after", "500", "503", "drop", "cut", "html", "503-html", "broken-json")
"""The kinds that a careful client gets over by trying again."""

PASSING = ("408", "409", "425", "502", "504", "530-html")
"""Further kinds that pass, in the view of the API's own client."""


@dataclass(slots=True)
class Rule:
    """A fault for requests whose path contains a text, a number of times."""

    path: str
    kind: str
    times: int


class Faults:
    """Decides for each request what goes wrong. Order: rules (`plan`), then the script, then chance."""

    def __init__(
        self,
        *,
        rate: float = 0.0,
        kinds: Sequence[str] = TRANSIENT,
        seed: int = 0,
        script: Sequence[str | None] = (),
        path: str = "",
        retry_after: float | str = 1.0,
        slow: float = 2.0,
    ) -> None:
        """Make a plan.

        `rate`: chance of a fault, 0 to 1, of `kinds` with equal chance. `script`: what happens to the first
        requests, in order; None for a good answer. Both only where the path contains `path`. `retry_after`:
        what 429-retry-after says, in seconds, or as text (a date). `slow`: seconds that a slow answer takes.
        """
        for kind in (*kinds, *script):
            _check(kind)
        self.rate = rate
        self.kinds = tuple(kinds)
        self.retry_after = retry_after
        self.slow = slow
        self.path = path
        self._random = random.Random(seed)  # noqa: S311 (a plan, not a secret)
        self._script = deque(script)
        self._rules: list[Rule] = []

    def plan(self, path: str, kind: str, times: int = 1) -> None:
        """Let the next `times` requests whose path contains `path` go wrong this way."""
        _check(kind)
        self._rules.append(Rule(path, kind, times))

    def clear(self) -> None:
        """Let everything work from now on."""
        self._rules.clear()
        self._script.clear()
        self.rate = 0.0

    def next(self, path: str) -> str | None:
        """Decide about one request."""
        for rule in self._rules:
            if rule.times > 0 and rule.path in path:
                rule.times -= 1
                return rule.kind
        if self.path not in path:
            return None
        if self._script:
            return self._script.popleft()
        if self.rate and self._random.random() < self.rate:
            return self._random.choice(self.kinds)
        return None


def _check(kind: str | None) -> None:
    if kind is not None and kind not in KINDS:
        raise ValueError(f"no such fault: {kind}; known: {', '.join(KINDS)}")
