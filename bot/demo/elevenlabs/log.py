"""What was asked of the stand-in, for tests and benchmarks. Never the key."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it was answered."""

    method: str
    path: str
    """As the app sees it, without a mount's prefix: /v1/convai/conversations."""
    params: tuple[tuple[str, str], ...]
    status: int
    """HTTP status; 0 when the connection was dropped without an answer."""
    fault: str | None
    """The fault that was played, if any."""
    rows: int
    """List rows in the answer."""

    def param(self, name: str) -> str | None:
        """Give the last value of a query parameter."""
        return dict(self.params).get(name)


class RequestLog:
    """The requests in order of their answers, and counters. Keeps the newest 100,000."""

    def __init__(self) -> None:
        self._seen: deque[Seen] = deque(maxlen=100_000)
        self.statuses: Counter[int] = Counter()
        self.in_flight = 0
        self.most_in_flight = 0
        """Most requests that were ever being answered at once (refused ones count)."""

    def __iter__(self) -> Iterator[Seen]:
        return iter(list(self._seen))

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, seen: Seen) -> None:
        """Note one answered request."""
        self._seen.append(seen)
        self.statuses[seen.status] += 1

    def of(self, path: str) -> list[Seen]:
        """Give the requests whose path ends like this."""
        return [seen for seen in self._seen if seen.path.endswith(path)]

    def lists(self) -> list[Seen]:
        """Give the requests for pages of conversations."""
        return self.of("/v1/convai/conversations")

    def details(self) -> list[Seen]:
        """Give the requests for one conversation."""
        head = "/v1/convai/conversations/"
        return [
            seen
            for seen in self._seen
            if seen.path.startswith(head) and seen.path.count("/") == head.count("/")
        ]

    def clear(self) -> None:
        """Forget what was seen and counted."""
        self._seen.clear()
        self.statuses.clear()
        self.most_in_flight = self.in_flight
