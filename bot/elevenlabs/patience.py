"""How long requests are tried, by what waits for them."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request is tried: attempts, seconds in all, and the waits between, in seconds."""

    attempts: int
    timeout: float
    wait_initial: float = 0.25
    wait_max: float = 8.0
    wait_jitter: float = 0.25
    refusals: int | None = None
    """Attempts answered 5xx after which no more are made; None: as many as any."""
    longest_pause: float = 60.0
    """A Retry-After beyond this is not waited for: the error says how long it is."""

    def scaled(self, factor: float) -> Patience:
        """Return the same with shorter waits, for tests."""
        return replace(
            self,
            wait_initial=self.wait_initial * factor,
            wait_max=self.wait_max * factor,
            wait_jitter=self.wait_jitter * factor,
        )


BULK = Patience(attempts=8, timeout=180.0)
"""For pages of a long retrieval."""
URGENT = Patience(attempts=5, timeout=30.0, wait_max=4.0, longest_pause=10.0)
"""For a request that a person waits for."""
DETAIL = replace(BULK, refusals=3)
"""For details of many calls: one that cannot be read always answers 500, and the others wait for it."""
URGENT_DETAIL = replace(URGENT, refusals=3)
"""For one call that a person opens."""
ONCE = Patience(attempts=1, timeout=10.0, longest_pause=0.0)
"""For a question whose answer is only a hint."""
SIGN_OF_LIFE = 5.0
"""Seconds for the list that tells whether ElevenLabs is there: a person may wait for what it decides."""
LIFE = Patience(attempts=2, timeout=2 * SIGN_OF_LIFE, wait_max=0.5, longest_pause=SIGN_OF_LIFE)
"""For that list."""
