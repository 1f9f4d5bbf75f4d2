"""When conversations start: office hours, quiet nights and weekends, and calls in the last minutes."""

from __future__ import annotations

import random
from itertools import accumulate

HOUR = 3600
DAY = 24 * HOUR
BY_HOUR = (2, 1, 1, 1, 2, 4, 9, 22, 46, 64, 72, 66, 54, 60, 68, 66, 58, 48, 40, 30, 20, 12, 7, 4)
"""How busy each hour of the day is (UTC)."""
BY_WEEKDAY = (11, 10, 10, 10, 9, 4, 3)
RECENT = (35, 80, 160, 260, 410, 640, 900, 1300, 1750, 2300, 2900, 3500)
"""How many seconds ago the newest conversations began, about."""
FIRST_THURSDAY = 3
"""1 January 1970 was a Thursday: weekday 3, Monday being 0."""
MOST_IN_A_SECOND = 5_000


def start_times(rng: random.Random, count: int, now: int, *, days: int, skew: str) -> list[int]:
    """Draw `count` sorted start times of the `days` before `now`. `skew` as in `generate`."""
    if skew not in {"none", "hour", "second"}:
        raise ValueError(f"skew is none, hour or second, not {skew}")
    recent = [now - ago - int(rng.random() * 20) for ago in RECENT[: max(1, count // 8)]][:count]
    crowd: list[int] = []
    left = count - len(recent)
    crowded = (now - days * DAY // 3) // HOUR * HOUR
    if skew == "hour":
        crowd = [crowded + int(rng.random() * HOUR) for _ in range(min(left, count // 2))]
    elif skew == "second":
        crowd = [crowded] * min(left, count // 3, MOST_IN_A_SECOND)
    left -= len(crowd)
    first = now - days * DAY
    weights = list(accumulate(_busy(first + HOUR * index) for index in range(days * 24 - 1)))
    hours = rng.choices(range(len(weights)), cum_weights=weights, k=left)
    return sorted(recent + crowd + [first + HOUR * hour + int(rng.random() * HOUR) for hour in hours])


def _busy(moment: int) -> int:
    weekday = (moment // DAY + FIRST_THURSDAY) % 7
    return BY_HOUR[moment // HOUR % 24] * BY_WEEKDAY[weekday]
