from __future__ import annotations

import shlex
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.query import Parsed, parse

from .sentences import table

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))


def meaning(parsed: Parsed) -> list[str]:
    """Return what was understood, as the table writes it."""
    said = [f"{key}={value}" for key, value in parsed.query.filters().items() if key != "time"]
    for name, moment in (("since", parsed.query.since), ("until", parsed.query.until)):
        if moment is not None:
            said.append(f"{name}={short(moment)}")
    said += [f"unknown={unknown.word}" for unknown in parsed.unknown]
    said += [f"id={ref.kind}:{ref.value}" for ref in parsed.ids]
    if parsed.special:
        said.append(f"special={parsed.special}")
    return sorted(said)


def short(moment: datetime) -> str:
    """Return a moment on the wall clock, without the time at midnight."""
    text = moment.strftime("%Y-%m-%dT%H:%M")
    return text.removesuffix("T00:00")


def expected(expectation: str) -> tuple[list[str], list[str]]:
    """Return what must be understood, and the reasons that must be given."""
    words = shlex.split(expectation)
    said = [word for word in words if not word.startswith("problem=")]
    return sorted(said), [word.removeprefix("problem=") for word in words if word.startswith("problem=")]


@pytest.mark.parametrize(("sentence", "expectation"), table())
def test_a_sentence_means_what_people_mean(sentence: str, expectation: str) -> None:
    """Each sentence gives exactly the filters, times, unknown words and reasons expected, and no others."""
    parsed = parse(sentence, now=NOW)
    said, reasons = expected(expectation)
    if reasons:
        assert len(parsed.problems) >= 1
        text = " ".join(parsed.problems).casefold()
        assert all(reason.casefold() in text for reason in reasons), parsed.problems
        assert [part for part in said if part.startswith("unknown=")] == [
            part for part in meaning(parsed) if part.startswith("unknown=")
        ]
    else:
        assert parsed.problems == ()
        assert meaning(parsed) == said
