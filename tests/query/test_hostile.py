# ruff: noqa: PLE2502, RUF001, S311
# Hostile characters are what is tested; the random numbers keep no secret.

from __future__ import annotations

import random
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.elevenlabs.request import first_requests
from bot.explaining import explain
from bot.model import Agent
from bot.query import Parsed, find_ids, parse
from tests.laws import law

from .sentences import table

NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
SENTENCES = [sentence for sentence, _ in table()]
WORDS = sorted({word for sentence in SENTENCES for word in sentence.split()})
HOSTILE = [
    "<!channel>",
    "=cmd()",
    "&lt;b&gt;",
    "\u202eevil",
    "“",
    '"',
    "'",
    ":",
    "::",
    "-",
    "--",
    "-:",
    "a:",
    ":a",
    "=",
    "<",
    ">",
    ">=",
    "..",
    "…",
    "1..",
    "..5",
    "data:",
    "data:=",
    "data::=1",
    "since:",
    "since:since:since:",
    "between",
    "between and",
    "for",
    "for for",
    "not",
    "not not",
    "and and or",
    "\x00",
    "\ud800",
    "🙏",
    "🇩🇪",
    "²",
    "1-²",
    "²-3 november",
    "²+ stars",
    "rated ²",
    "٣",
    "٣ days ago",
    "𝟛 days",
    "9999999999999999999 days",
    "last 99999999 years",
    "since 0000-00-00",
    "9999-99-99",
    "99:99",
    "25pm",
    "-1",
    "1e999",
    "agent:" + "x" * 300,
    "search:\\",
    'search:"\\"',
    "conv_",
    "CA" + "0" * 31,
    "http://",
    "https://elevenlabs.io/app",
    "q9",
    "w99",
    "2026-w60",
    "31.31.",
    "0.0.",
    "1/1",
    "31/02/2026",
    "the 99th",
    "0th",
    "limit:99999999999999999999",
    "duration:>>5",
    "rating:<=>2",
    "duration:999999999999h",
    "half",
    "a couple of",
    "\u0338",
    "=\u0338",
    "‮",
    "ﬁ",
    "İ",
    "ß",
]


def outputs(parsed: Parsed) -> str:
    """Return all that a reply could show of what was read."""
    return " ".join(
        [
            parsed.query.canonical(),
            parsed.query.sentence(),
            *(u.word for u in parsed.unknown),
            *parsed.problems,
            *(ref.value for ref in parsed.ids),
        ]
    ).casefold()


def hostile_text(chance: random.Random) -> str:
    """Return a text out of real words, hostile pieces and noise."""
    pieces = []
    for _ in range(chance.randint(0, 14)):
        kind = chance.random()
        if kind < 0.5:
            pieces.append(chance.choice(WORDS))
        elif kind < 0.75:
            pieces.append(chance.choice(HOSTILE))
        elif kind < 0.9:
            pieces.append(
                "".join(
                    chance.choice("abcxyzäß0123456789:=<>.,-_\"'“”@#/&") for _ in range(chance.randint(1, 12))
                )
            )
        else:
            pieces.append("".join(chr(chance.randint(0, 0x2FFF)) for _ in range(chance.randint(1, 8))))
    return chance.choice([" ", " ", " ", "", "\n"]).join(pieces)


def test_hostile_texts_never_raise_and_read_back() -> None:
    """Thousands of hostile texts: no exception, and canonical text is the same question again."""
    chance = random.Random(20261119)
    for _ in range(1200):
        text = hostile_text(chance)
        parsed = parse(text, now=NOW)
        again = parse(parsed.query.canonical(), now=NOW)
        assert again.query == parsed.query, text
        assert again.understood, (text, again)


def test_a_word_that_means_nothing_is_never_ignored() -> None:
    """A made-up word put anywhere into any sentence is named, or is part of a name that is shown."""
    chance = random.Random(7)
    for _ in range(1200):
        words = chance.choice(SENTENCES).split()
        made_up = "zq" + "".join(chance.choice("bcdfghjklmnpqrtvwxz") for _ in range(6))
        words.insert(chance.randint(0, len(words)), made_up)
        text = " ".join(words)
        assert made_up in outputs(parse(text, now=NOW)), text


@given(st.text(max_size=300))
@law(120)
def test_any_text_at_all_is_read(text: str) -> None:
    """Whatever Unicode comes, parsing, explaining and the shown request give values."""
    parsed = parse(text, now=NOW)
    said = explain(parsed, "https://api.elevenlabs.io", NOW)["understood"]
    assert said or not parsed.understood or parsed.special
    request = first_requests(parsed.query.selection())[0]
    assert "$ELEVENLABS_API_KEY" in request.curl("https://api.elevenlabs.io")
    assert request.python("https://api.elevenlabs.io")
    find_ids(text)


def test_many_agents_cost_little() -> None:
    """With thousands of agents known, hostile texts are read as fast, and read back as themselves."""
    chance = random.Random(11)
    agents = [
        Agent(agent_id=f"agent_{n:04}", name=" ".join(chance.sample(WORDS, 3)) + f" {n}") for n in range(3000)
    ]
    for text in [hostile_text(chance) for _ in range(40)] + [" ".join(chance.choices(WORDS, k=60))]:
        started = time.process_time()
        parsed = parse(text, now=NOW, agents=agents)
        assert time.process_time() - started < 0.5
        assert parse(parsed.query.canonical(), now=NOW).query == parsed.query, text


def test_long_texts_are_refused_fast() -> None:
    """A text too long to be a question is said to be, in the time of a short one."""
    for text in (
        "for " * 5000,
        '"' * 9000,
        "a:" * 9000,
        "since " * 3000,
        "not " * 3000,
        "x" * 40000,
        "1-" * 9000,
    ):
        started = time.process_time()
        parsed = parse(text, now=NOW)
        assert any("too long" in problem for problem in parsed.problems)
        assert time.process_time() - started < 0.5
