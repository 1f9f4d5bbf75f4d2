"""docs/language.md: every example on the page is understood, and every filter is on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.query import filter_help, follow_up, parse
from bot.query.saving import read_saving

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def boxes(kind: str) -> list[str]:
    """Return the lines of the page's boxes of a kind."""
    found = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [line for box in found for line in box.splitlines() if line]


def rows() -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the table of filters."""
    section = PAGE.partition("\n## Filters\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return [(key.strip("`"), about, tuple(re.findall(r"`([^`]+)`", shown))) for key, about, shown in cells]


@pytest.mark.parametrize("question", boxes("text"))
def test_questions_are_understood(question: str) -> None:
    """Each question leaves no word unknown and asks for something."""
    parsed = parse(question, now=NOW)
    assert (parsed.unknown, parsed.problems, parsed.special) == ((), (), None)
    assert read_saving(question) is None


@pytest.mark.parametrize("text", boxes("follow-up"))
def test_follow_ups_are_understood(text: str) -> None:
    """Each changes a question before it."""
    before = parse("calls last week", now=NOW).query
    parsed = follow_up(before, text, now=NOW)
    assert parsed.understood
    assert parsed.query != before


@pytest.mark.parametrize("text", boxes("id"))
def test_ids_open_a_call(text: str) -> None:
    """Each names one call."""
    assert len(parse(text, now=NOW).ids) == 1


@pytest.mark.parametrize("text", boxes("saved"))
def test_words_about_saved_questions_are_understood(text: str) -> None:
    """Each is known, can be done, and the question in it is understood."""
    found = read_saving(text)
    assert found is not None
    assert found.problem is None
    assert parse(found.question, now=NOW).understood


def test_every_filter_is_on_the_page() -> None:
    """The table is the grammar's own: keys, words and examples."""
    assert rows() == [(key, about, tuple(examples)) for key, about, examples in filter_help()]


@pytest.mark.parametrize("example", [example for _key, _about, examples in rows() for example in examples])
def test_examples_of_filters_are_understood(example: str) -> None:
    """Each example in the table stands for itself."""
    parsed = parse(example, now=NOW)
    assert (parsed.unknown, parsed.problems) == ((), ())


def test_the_readme_leads_here() -> None:
    """The page is linked, and long enough to be one."""
    assert "(docs/language.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(boxes("text")) > 20
    assert len(boxes("saved")) > 8
