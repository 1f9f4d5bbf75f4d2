"""What holds for all tests."""

from __future__ import annotations

import gc

from hypothesis import HealthCheck, settings

# Laws are about values, not about time: a machine that is busy with something else must not fail them. How
# fast things are is measured in tests/benchmarks and tests/query/benchmark.py.
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")


def pytest_collection_finish() -> None:
    """Thousands of tests are there to stay: the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
