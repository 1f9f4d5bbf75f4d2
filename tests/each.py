"""Tables of many small cases: one test for a table says every case that fails.

A case that only parses a sentence takes less time than pytest needs for a test of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any


def holds_for_each(cases: Collection[tuple[Any, ...]], check: Callable[..., None]) -> None:
    """Check every case, also after one that fails; each failure names its case."""
    assert cases
    wrong = []
    for case in cases:
        try:
            check(*case)
        except AssertionError as failed:
            failed.add_note(f"This is about {case}.")
            wrong.append(failed)
        except Exception as error:
            error.add_note(f"This is about {case}.")
            raise
    if wrong:
        message = f"{len(wrong)} of {len(cases)} cases"
        raise ExceptionGroup(message, wrong)
