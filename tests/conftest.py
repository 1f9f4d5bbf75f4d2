"""What holds for all tests."""

from __future__ import annotations

import gc
import os

from hypothesis import settings

from tests.laws import law

settings.register_profile("laws", law())
settings.load_profile("laws")


def pytest_collection_finish() -> None:
    """Thousands of tests are there to stay: the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_xdist_auto_num_workers() -> int:
    """Two workers a core: half of the time tests wait for clocks, other processes and a browser."""
    return 2 * (os.cpu_count() or 1)
