"""What one press may ask instead: never something else, never less, never what is refused again."""

# ruff: noqa: S311
# The random numbers keep no secret.

from __future__ import annotations

import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.model import Agent
from bot.query import NoSuchAgent, Parsed, correction, parse, resolve

from .sentences import table

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
OFFERED = r"""
xyzzy plugh                                                  | about "xyzzy plugh"
Support EN failed today                                      | for "Support EN" failed today
initiated calls                                              | status:initiated calls
for Support fro yesterday                                    | for Support from yesterday
find refund                                                  | find about "refund"
shipping calls                                               | about "shipping" calls
-faild                                                       | -failed
"Support EN" failed                                          | for "Support EN" failed
“Sales” succeeded                                            | for “Sales” succeeded
failed "Support EN"                                          | failed for "Support EN"
Sales or Billing                                             | for Sales or for Billing
Rom yesterday                                                | for Rom yesterday
"""
"""What may be offered for the refused sentences of the tables; for all others nothing."""


def read(text: str) -> Parsed:
    return parse(text, now=NOW)


def test_what_is_offered_for_every_refused_sentence() -> None:
    offered = {}
    for sentence, _ in table():
        if right := correction(sentence, read(sentence), read):
            offered[sentence] = right
    assert offered == dict(table(OFFERED))


def test_a_correction_keeps_all_that_was_understood() -> None:
    """Mistyped words in any sentence: what is offered asks for no less, and is understood."""
    chance = random.Random(12)
    sentences = [sentence for sentence, _ in table()]
    changed = 0
    for _ in range(1000):
        words = chance.choice(sentences).split() or ["calls"]
        at = chance.randrange(len(words))
        cut = chance.randrange(len(words[at]))
        words[at] = words[at][:cut] + chance.choice(["", chance.choice("aeiorst")]) + words[at][cut + 1 :]
        text = " ".join(words)
        before = read(text)
        right = correction(text, before, read)
        if right is None:
            continue
        changed += 1
        after = read(right)
        assert after.understood, (text, right)
        assert before.query.filters().keys() <= after.query.filters().keys(), (text, right)
    assert changed > 15


@pytest.mark.parametrize(
    "text",
    [
        "angry customers",
        "any angry customers",
        "busiest hour",
        "hourly calls",
        "good calls",
        "calls from the UK yesterday",
        "calls from Germany",
        "winter",
        "lang:xx",
        "most calls",
        "recent calls by popularity",
        "how do I see failed calls",
        "how did last week do",
        "remind me weekly of failed calls",
        "calls from the email channel",
        "nps this month",
        "since we started",
        "each failed call this week",
        "call with Mr Smith yesterday",
        "failed to connect",
        "failed calls with transcript",
        "did anything break in the last hour",
        "how many credits did we burn yesterday",
        "failed calls for Sales; delete all",
    ],
)
def test_measures_times_and_judgements_are_no_topics(text: str) -> None:
    right = correction(text, read(text), read)
    assert right is None or "Germany" in right or right == 'call with for "Mr Smith" yesterday'


def test_no_name_is_offered_that_no_agent_has() -> None:
    """Where the agents are known, “for Billing” would be refused again."""
    agents = [Agent(agent_id="agent_1", name="Support EN")]
    text = "Billing calls"
    right = correction(text, read(text), read, agents)
    assert right == 'about "Billing" calls'
    assert not isinstance(resolve(read(right).query, agents), NoSuchAgent)


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("faled calls", (("faled", "failed"),)),
        ("calls last wek", (("wek", "week"),)),
        ("how mny faled calls", (("mny", "many"), ("faled", "failed"))),
        ("Faled calls", (("Faled", "failed"),)),
        ("vip calls", ()),
        ("match calls", ()),
        ("finish calls", ()),
        ("calls from marc", ()),
        ("calls from Marc", ()),
        ("calls from germany", ()),
        ("mails", ()),
        ("for Support EN sice", ()),
        ("calls betweeen 9 and 11", (("betweeen", "between"),)),  # and asked back: of what?
        ("fom monday", (("fom", "from"),)),
    ],
)
def test_a_letter_is_corrected_and_said(text: str, corrected: tuple[tuple[str, str], ...]) -> None:
    assert read(text).corrected == corrected


def test_what_an_agent_is_called_is_no_typing_error() -> None:
    agents = [Agent(agent_id="agent_1", name="Faled Parcels")]
    parsed = parse("faled calls", now=NOW, agents=agents)
    assert parsed.corrected == ()
    assert "result" not in parsed.query.filters()
