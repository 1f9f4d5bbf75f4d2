"""The measures and groups that a question can name."""

from __future__ import annotations

from collections import Counter

from bot.report.groups import GROUPS, group_of
from bot.report.measures import MEASURES


def test_every_name_of_the_design_is_there() -> None:
    """The names are a contract: questions are stored with them."""
    assert " ".join(MEASURES) == (
        "calls success-rate failure-rate unknown-rate share average-duration median-duration p90-duration "
        "total-duration cost average-cost rating messages overview"
    )
    assert " ".join(GROUPS) == (
        "agent day week month hour weekday result direction source language status ended rating tool tag "
        "branch version"
    )


def test_no_word_names_two_measures_and_no_word_two_groups() -> None:
    """A word that people use has one meaning among measures, and one among groups."""
    for each in (MEASURES, GROUPS):
        words = Counter(word for entry in each.values() for word in {entry.key, *entry.words})
        assert [word for word, count in words.items() if count > 1] == []
        assert all(word == word.lower() for word in words)


def test_what_agents_collect_can_be_a_group() -> None:
    """`data.` and `eval.` name a group of what agents collect and judge; nothing else does."""
    assert group_of("data.order_id") is not None
    assert group_of("eval.greeting") is not None
    assert group_of("agent") is GROUPS["agent"]
    assert [group_of(key) for key in ("data", "data.", "colour", "x.y")] == [None] * 4
