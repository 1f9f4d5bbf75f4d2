"""How hard laws are looked at: at the same examples each time or, when asked, at others and at many more."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SEARCH = int(os.environ.get("SEARCH", "0"))
"""0: every run is alike, so that no change fails by another's bad luck. `SEARCH=50` draws anew, fifty times
as many: that is how what nobody thought of is found."""


def law(examples: int = 100, *, suppress: tuple[HealthCheck, ...] = (HealthCheck.too_slow,)) -> settings:
    """Return the settings of a law.

    Laws are about values, not about time: a machine that is busy with something else must not fail them. How
    fast things are is measured in tests/benchmarks and tests/query/benchmark.py.
    """
    return settings(
        max_examples=examples * max(1, SEARCH),
        derandomize=not SEARCH,
        database=None,
        deadline=None,
        suppress_health_check=suppress,
    )
