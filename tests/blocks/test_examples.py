from __future__ import annotations

from datetime import datetime

import pytest

from bot.blocks.notice_messages import EXAMPLES, Example
from bot.query import parse
from tests.blocks.samples import BERLIN


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_examples_are_understood(example: Example) -> None:
    """Every example that help offers is understood whole: nothing teaches better than what works."""
    parsed = parse(example.question, now=datetime(2026, 11, 18, 12, tzinfo=BERLIN))
    assert parsed.unknown == ()
    assert parsed.problems == ()
    assert parsed.query.conditions
