"""Messages as people read them. After a wanted change: pytest tests/blocks --snapshot-update."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.blocks import actions as act
from bot.blocks.block_elements import button
from bot.blocks.list_message import (
    Beside,
    Failed,
    ListView,
    Outcome,
    ReadSoFar,
    empty_message,
    glance_message,
)
from bot.blocks.notice_messages import (
    Example,
    UnknownWord,
    agents_message,
    choose_agent_message,
    filters_help_message,
    help_message,
    misunderstood_message,
    no_such_agent_message,
    trouble_message,
)
from bot.blocks.text import result
from bot.model import Agent
from bot.query import help_groups
from bot.query.filters import FILTERS
from tests.blocks.render import render
from tests.blocks.samples import BERLIN, IDS, NOW, ROWS


def known(total: int, **values: Any) -> Outcome:
    """Return what is known of an answer whose calls are all counted, unless said otherwise."""
    return Outcome(**{"total": total, "final": True, "as_of": NOW - 130, **values})


LIST = ListView(
    sentence="failed calls for Support EN since Monday 16 Nov 2026, newest first",
    rows=ROWS,
    ids=IDS,
    outcome=known(1234),
    tz=BERLIN,
    question_id="q_1",
    actions=frozenset({act.OPEN_CALL, act.FILTERS, act.CSV, act.SHARE, act.REFRESH, act.SHOW_API}),
)


def test_list_while_it_counts(snapshot: SnapshotAssertion) -> None:
    """A list under way: the count so far, the file's progress, and a way to stop."""
    view = replace(
        LIST,
        outcome=known(100, final=False),
        reading=ReadSoFar(100, 1234),
        file="The CSV follows: call ids 3,200 of 9,100",
        actions=frozenset({act.OPEN_CALL, act.CANCEL, act.WITHOUT_IDS}),
    )
    assert render(view.message(NOW)) == snapshot


def test_list_when_done(snapshot: SnapshotAssertion) -> None:
    """A finished list: table, menu, buttons, the file, who shared it."""
    view = replace(
        LIST,
        outcome=known(12_345, final=False, file_rows=10_000, ids_failed=2),
        shared_by="U0LENA",
        shared_note="Two of them\nare about refunds",
        notes=["from the cache"],
        actions=LIST.actions | {act.SEND_ALL},
    )
    assert render(view.message(NOW)) == snapshot


def test_the_count_says_how_many_of_all_are_shown() -> None:
    """Where there are more than the table has; not while they are still being counted."""

    def shown(**changes: Any) -> str:
        return render(replace(LIST, **changes).message(NOW))

    assert "*1,234 calls* · the newest 6 shown · as of" in shown()
    assert "newest first*\nthe oldest 6 shown · as of" in shown(first="oldest", counting=True)
    assert "*6 calls* · as of" in shown(outcome=known(6))
    assert "shown" not in shown(outcome=known(100, final=False), reading=ReadSoFar(100, 1234))


def test_list_without_tables(snapshot: SnapshotAssertion) -> None:
    """The same for a Slack that knows no tables."""
    assert render(LIST.message(NOW), plain=True) == snapshot


def test_counting_question(snapshot: SnapshotAssertion) -> None:
    """A counting question has its count first, large."""
    assert render(replace(LIST, counting=True, rows=ROWS[:1], ids={}).message(NOW)) == snapshot


def test_glance(snapshot: SnapshotAssertion) -> None:
    """A glance links to the full answer and offers Refresh while an id is missing."""
    view = ListView(
        sentence=LIST.sentence,
        rows=ROWS,
        ids=IDS,
        outcome=known(100, final=False, as_of=NOW),
        reading=ReadSoFar(100, 1234),
        tz=BERLIN,
        question_id="q_1",
    )
    assert render(glance_message(view, NOW, permalink="https://example.slack.com/archives/D1/p1")) == snapshot


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (known(1234), ""),
        (known(1234, file_rows=1234), "CSV in the thread: 1,234 rows"),
        (
            known(12_345, final=False, file_rows=10_000),
            "CSV in the thread: the newest 10,000 of at least 12,345 rows",
        ),
        (known(12_345, file_rows=10_000), "CSV in the thread: the newest 10,000 of 12,345 rows"),
        (known(10_000, final=False, file_rows=10_000), "CSV in the thread: the newest 10,000 rows"),
        (known(5, file_rows=5, without_ids=True), "CSV in the thread: 5 rows, without call ids"),
        (known(5, file_rows=5, ids_failed=1), "CSV in the thread: 5 rows (1 call id could not be read)"),
        (known(5, file_rows=5, elsewhere="in your direct messages"), "CSV in your direct messages: 5 rows"),
        (
            known(5, failed=Failed(words="Slack refused it.", reference="r1")),
            "Slack refused it. Reference `r1`",
        ),
    ],
)
def test_what_became_of_the_file(outcome: Outcome, words: str) -> None:
    """It is said exactly."""
    assert outcome.file_words() == words


def test_a_cut_file_says_which_rows_it_holds() -> None:
    """The oldest, where they were asked for."""
    cut = known(10_000, final=False, file_rows=10_000)
    assert cut.file_words("oldest") == "CSV in the thread: the oldest 10,000 rows"


@pytest.mark.parametrize(
    ("total", "final", "reading", "words"),
    [
        (1234, True, None, "1,234 calls"),
        (1, True, None, "1 call"),
        (100, False, ReadSoFar(100, 1234), "100 calls so far, of about 1,234"),
        (42, False, ReadSoFar(3200, 9100), "42 calls so far, 3,200 of about 9,100 read"),
        (42, False, ReadSoFar(9200, 9100), "42 calls so far, 9,200 read"),
        (42, False, ReadSoFar(), "42 calls so far"),
        (12_345, False, None, "at least 12,345 calls"),
    ],
)
def test_counts(total: int, final: bool, reading: ReadSoFar | None, words: str) -> None:
    """A count says how certain it is."""
    assert replace(LIST, outcome=known(total, final=final), reading=reading).count_words() == words


def test_help(snapshot: SnapshotAssertion) -> None:
    """Help teaches by examples that run."""
    assert render(help_message()) == snapshot


def test_filters_help() -> None:
    """Each filter stands with its meaning and examples under its heading, as given."""
    shown = render(
        filters_help_message(
            {
                "When": [("time", "when")],
                "Length and rating": [("duration", "how long", ["over 5 minutes", "a", "b", "c"])],
                "Advanced": [("var", "a variable")],
            }
        )
    )
    groups = (
        "*When*",
        "`time`  when",
        "*Length and rating*",
        "`duration`  how long: `over 5 minutes`, `a`, `b`",
        "*Advanced*",
        "`var`  a variable",
    )
    assert "\n".join(groups) in shown


def test_every_filter_of_the_grammar_is_in_the_help() -> None:
    """A filter that no group names is among the advanced ones, not lost; no group names one that is not."""
    shown = render(filters_help_message(help_groups()))
    assert all(f"`{each.key}`  " in shown for each in FILTERS)


@pytest.mark.parametrize(
    ("status", "verdict", "words"),
    [
        ("done", "failure", "Failed"),
        ("failed", "failure", "Failed"),
        ("failed", "unknown", "Unknown"),
        ("done", "success", "Successful"),
        ("done", "unknown", "Unknown"),
        ("in-progress", "unknown", "In progress"),
        ("processing", "unknown", "Processing"),
        ("processing", "failure", "Failed"),
        ("initiated", "unknown", "Initiated"),
    ],
)
def test_a_result_is_said_in_the_words_that_filter_by_it(status: str, verdict: str, words: str) -> None:
    """A list of failed calls shows nothing but Failed, however the calls ended."""
    assert result(status, verdict) == words


def test_talking_back(snapshot: SnapshotAssertion) -> None:
    """Errors, unknown words, empty answers and choices say what to do next."""
    trouble = trouble_message(
        "The ElevenLabs key may not list conversations",
        "Give the key the `convai_read` scope in the ElevenLabs dashboard, then press Retry.",
        reference="4f2a",
        again=button("Retry", act.RETRY, act.Pointer("q_1"), style="primary"),
    )
    two = [
        Agent(agent_id="agent_1aaaaa", name="Support EN"),
        Agent(agent_id="agent_2bbbbb", name="Support EN"),
    ]
    messages = [
        trouble,
        misunderstood_message(
            [
                UnknownWord("zzz"),
                UnknownWord("faild", ("failed",), "failed calls today"),
                UnknownWord("1"),
                UnknownWord("zzz"),
            ],
            ["The end (3 Nov) is before the start (7 Nov). Swap them."],
            sentence="calls today, newest first",
            question_id="q_2",
        ),
        empty_message(
            ListView(
                sentence="failed calls since today",
                rows=[],
                ids={},
                outcome=known(0, as_of=NOW),
                tz=BERLIN,
                question_id="q_1",
                wider=[Example("failed calls last 7 days")],
            ),
            NOW,
        ),
        choose_agent_message("suport", two, question_id="q_1", sentence="calls today"),
        no_such_agent_message("Zed", two, question_id="q_1"),
        agents_message(two),
    ]
    assert "\n\n\n".join(map(render, messages)) == snapshot


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (known(93, beside=Beside(344)), "27% of 344 in that time"),
        (known(1, beside=Beside(3000)), "under 1% of 3,000 in that time"),
        (known(0, beside=Beside(12)), "0% of 12 in that time"),
        (known(93, beside=Beside(344, 83)), "27% of 344 in that time · up 12% (83 in the time before)"),
        (known(93, beside=Beside(None, 0)), "up from none"),
        (known(345, beside=Beside(344)), None),  # counted at another moment
        (known(93), None),
        (known(93, final=False, beside=Beside(344, 3)), None),
    ],
)
def test_which_part_of_all_calls_it_is(outcome: Outcome, said: str | None) -> None:
    """Once both numbers are certain, and never two that contradict each other."""
    assert " · ".join(outcome.beside_words()) == (said or "")
    shown = render(replace(LIST, outcome=outcome).message(NOW))
    assert (said is not None and said in shown) == (said is not None)
    counting = render(replace(LIST, outcome=outcome, reading=ReadSoFar()).message(NOW))
    assert said is None or said not in counting
