"""docs/language.md: every example on the page is understood, and every filter is on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.query import follow_up, parse
from bot.query.alert_commands import read_watching
from bot.query.filters import FILTERS
from bot.query.saved_commands import read_saving
from tests.each import holds_for_each

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


BOX = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def boxes(kind: str) -> list[str]:
    """Return the lines of the page's boxes of a kind."""
    found = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [line for box in found for line in box.splitlines() if line]


def section(heading: str) -> str:
    """Return the text of a section."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


ASKED = {
    "Time": ({"time"}, {"time"}),
    "Agents": ({"agent"}, {"agent", "result", "time"}),
    "How many, and in which order": (set[str](), {"count", "result", "time", "sort", "limit"}),
}
"""By section: what each of its questions asks for, and what it may ask for besides."""


@pytest.mark.parametrize("heading", ASKED)
def test_questions_ask_for_what_their_section_is_about(heading: str) -> None:
    """No example is read as another filter: a span of hours as a length of calls, a name as a language."""
    must, may = ASKED[heading]
    questions = [line for box in BOX.findall(section(heading)) for line in box.splitlines()]
    assert questions
    for question in questions:
        keys = set(parse(question, now=NOW).query.filters())
        assert must <= keys <= may, question
        assert keys, question


def test_hours_are_hours() -> None:
    """What the page says of a day's hours: the span, to the minute."""
    spans = {
        "calls yesterday between 9:00 and 17:00": ("2026-11-22T09:00", "2026-11-22T17:00"),
        "calls monday from 9 to 5": ("2026-11-23T09:00", "2026-11-23T17:00"),
        "calls before 9am today": ("2026-11-23T00:00", "2026-11-23T09:00"),
        "calls on monday last week": ("2026-11-16T00:00", "2026-11-17T00:00"),
        "calls in the last 90 minutes": ("2026-11-23T07:30", None),
    }
    shown = boxes("text")
    for question, bounds in spans.items():
        query = parse(question, now=NOW).query
        said = [moment and moment.strftime("%Y-%m-%dT%H:%M") for moment in (query.since, query.until)]
        assert (question in shown, tuple(said)) == (True, bounds), question


def test_what_is_asked_back() -> None:
    """What the page says is asked back is; a correction that it shows is made."""
    said = section("Leaving out, and what is asked back")
    for words in ("overnight", "business hours"):
        assert f"`{words}`" in said
        assert parse(f"calls {words}", now=NOW).problems
    assert "“yesteday” as “yesterday”" in said
    assert ("yesteday", "yesterday") in parse("faild calls since yesteday", now=NOW).corrected


def rows() -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the table of filters."""
    lines = [line for line in section("Filters").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return [(key.strip("`"), about, tuple(re.findall(r"`([^`]+)`", shown))) for key, about, shown in cells]


def holds_for_boxes(kind: str, check: Callable[[str], None]) -> None:
    """Check every line of the page's boxes of a kind."""
    holds_for_each([(line,) for line in boxes(kind)], check)


def test_questions_are_understood() -> None:
    """Each question leaves no word unknown and asks for something."""

    def understood(question: str) -> None:
        parsed = parse(question, now=NOW)
        assert (parsed.unknown, parsed.problems, parsed.special) == ((), (), None)
        assert read_saving(question) is None

    holds_for_boxes("text", understood)


def test_follow_ups_are_understood() -> None:
    """Each changes a question before it."""
    before = parse("calls last week", now=NOW).query

    def understood(text: str) -> None:
        parsed = follow_up(before, text, now=NOW)
        assert parsed.understood
        assert parsed.query != before

    holds_for_boxes("follow-up", understood)


def test_ids_open_a_call() -> None:
    """Each names one call."""

    def opens(text: str) -> None:
        assert len(parse(text, now=NOW).ids) == 1

    holds_for_boxes("id", opens)


def test_what_is_told_by_itself_is_understood() -> None:
    """Each is read as what it is, without a problem."""

    def understood(text: str) -> None:
        found = read_watching(text) or read_saving(text)
        assert found is not None
        assert found.problem is None

    holds_for_boxes("watched", understood)


def test_words_about_saved_questions_are_understood() -> None:
    """Each is known, can be done, and the question in it is understood."""

    def understood(text: str) -> None:
        found = read_saving(text)
        assert found is not None
        assert found.problem is None
        assert parse(found.question, now=NOW).understood

    holds_for_boxes("saved", understood)


def test_every_filter_is_on_the_page() -> None:
    """The table is the grammar's own: keys, words and examples."""
    assert rows() == [(each.key, each.about, each.examples) for each in FILTERS]


EXAMPLES = [(key, example) for key, _about, examples in rows() for example in examples]


def test_examples_of_filters_are_understood() -> None:
    """Each example in the table stands for itself, and sets its own filter and no other."""

    def sets_its_filter(key: str, example: str) -> None:
        parsed = parse(example, now=NOW)
        assert (parsed.unknown, parsed.problems) == ((), ())
        default = {"newest first"}  # what is so anyway is no filter of the question
        said = {"time"} if key == "compare" else set()  # a comparison is of two times
        assert set(parsed.query.filters()) - said == (set() if example in default else {key})

    holds_for_each(EXAMPLES, sets_its_filter)


def test_the_readme_leads_here() -> None:
    """The page is linked, and long enough to be one."""
    assert "(docs/language.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(boxes("text")) > 20
    assert len(boxes("saved")) > 8
