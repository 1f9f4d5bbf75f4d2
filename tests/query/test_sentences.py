from __future__ import annotations

import shlex
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model import Agent
from bot.query import Parsed, parse
from bot.query.values import Span
from tests.each import holds_for_each

from .sentences import table, table_with_agents
from .sentences_meant import AGENTS

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))


def meaning(parsed: Parsed) -> list[str]:
    """Return what was understood, as the table writes it."""
    apart = {"time", "search", "show", "by", "compare"}
    said = [f"{key}={value}" for key, value in parsed.query.filters().items() if key not in apart]
    if parsed.query.texts:
        said.append(f"search={' / '.join(parsed.query.texts)}")
    if report := parsed.query.report:
        said += [
            f"{name}={','.join(keys)}" for name, keys in (("show", report.show), ("by", report.by)) if keys
        ]
    if report and report.compare:
        span = report.compare
        said.append(f"compare={span if span == 'previous' else '..'.join(map(short, ends(span)))}")
    for name, moment in (("since", parsed.query.since), ("until", parsed.query.until)):
        if moment is not None:
            said.append(f"{name}={short(moment)}")
    said += [f"unknown={unknown.word}" for unknown in parsed.unknown]
    said += [f"id={ref.kind}:{ref.value}" for ref in parsed.ids]
    if parsed.special:
        said.append(f"special={parsed.special}")
    return sorted(said)


def ends(span: Span) -> list[datetime]:
    return [span.at(unix) for unix in (span.since, span.until) if unix is not None]


def short(moment: datetime) -> str:
    """Return a moment on the wall clock, without the time at midnight."""
    text = moment.strftime("%Y-%m-%dT%H:%M")
    return text.removesuffix("T00:00")


def expected(expectation: str) -> tuple[list[str], list[str]]:
    """Return what must be understood, and the reasons that must be given."""
    words = shlex.split(expectation)
    said = [word for word in words if not word.startswith("problem=")]
    return sorted(said), [word.removeprefix("problem=") for word in words if word.startswith("problem=")]


def check(parsed: Parsed, expectation: str) -> None:
    """Compare what was read with the table's line."""
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


def test_a_sentence_means_what_people_mean() -> None:
    """Each sentence gives exactly the filters, times, unknown words and reasons expected, and no others."""

    def means(sentence: str, expectation: str) -> None:
        check(parse(sentence, now=NOW), expectation)

    holds_for_each(table(), means)


def test_a_sentence_names_an_agent_that_is_known() -> None:
    """Where the agents are known, their exact names are read, with brackets, dots and all."""
    agents = [Agent(agent_id=f"agent_{number}", name=name) for number, name in enumerate(AGENTS)]

    def means(sentence: str, expectation: str) -> None:
        check(parse(sentence, now=NOW, agents=agents), expectation)

    holds_for_each(table_with_agents(), means)
