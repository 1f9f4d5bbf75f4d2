"""Ids and timestamps in Slack's shapes, from a clock and a source of randomness that are passed in."""

from __future__ import annotations

import random
from collections.abc import Callable

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class Ids:
    """Makes ids that do not repeat and timestamps that only grow."""

    def __init__(self, clock: Callable[[], float], rng: random.Random) -> None:
        self.clock = clock
        self._rng = rng
        self._last = 0

    def new(self, prefix: str, length: int = 10) -> str:
        """Return an id such as F0A1B2C3D4E."""
        return prefix + "0" + "".join(self._rng.choices(_LETTERS, k=length - 1))

    def secret(self, length: int = 24) -> str:
        """Return text that cannot be guessed from other ids."""
        return "".join(self._rng.choices(_LETTERS, k=length))

    def digits(self, length: int = 12) -> str:
        """Return a number's text, not starting with 0."""
        return str(self._rng.randrange(10 ** (length - 1), 10**length))

    def hex(self, length: int = 32) -> str:
        """Return hexadecimal text."""
        return f"{self._rng.getrandbits(4 * length):0{length}x}"

    def block_id(self) -> str:
        """Return what Slack writes into a block without block_id."""
        return "".join(self._rng.choices(_LETTERS + _LETTERS.lower(), k=5))

    def uuid(self) -> str:
        """Return text in a UUID's shape."""
        raw = self.hex()
        return "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))

    def ts(self) -> str:
        """Return the next message timestamp: the clock's, never one given before."""
        self._last = max(int(self.clock() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
