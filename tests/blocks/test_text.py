from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import text
from bot.model import SITE
from tests.blocks.checker import check_markup, units
from tests.blocks.hostile import texts
from tests.laws import law

BERLIN = ZoneInfo("Europe/Berlin")
NOW = 1_795_000_000
limits = st.integers(3, 200)


@law(30)
@given(texts, limits, st.booleans())
def test_escaped_text_is_harmless_markup(raw: str, limit: int, lines: bool) -> None:
    """Escaped text has no live markup, no cut entity, no open code span, and keeps its limit."""
    shown = text.escape(raw, limit, lines=lines)
    check_markup(shown)
    assert "<" not in shown
    assert units(shown) <= limit


@law(30)
@given(texts, limits, st.booleans())
def test_literal_text_fits_and_is_never_empty(raw: str, limit: int, lines: bool) -> None:
    """Literal text keeps its limit, calls nobody and is never empty, which Slack refuses."""
    shown = text.literal(raw, limit, lines=lines)
    assert 0 < units(shown) <= limit
    assert not any(call in shown for call in ("<!", "<@", "<#"))
    shown.encode()


@law(30)
@given(texts, st.integers(6, 200))
def test_code_survives_backticks(raw: str, limit: int) -> None:
    """Code style opens once and closes once, whatever is inside."""
    shown = text.code(raw, limit)
    assert shown == text.DASH or (shown.count("`") == 2 and shown[0] == shown[-1] == "`")
    check_markup(shown)
    assert units(shown) <= limit


@law(30)
@given(st.text(alphabet="ab&<>`*|\N{GRINNING FACE} ", max_size=300), st.integers(1, 200))
def test_clipped_markup_stays_whole(raw: str, limit: int) -> None:
    """Cutting markup cuts no entity, link or code span in two."""
    opening = text.link("https://example.com/a?b=1&c=2", raw.replace("`", ""))
    shown = text.clip_markup(f"*{text.escape(raw, 10_000)}* {opening} {text.code(raw)}", limit)
    assert units(shown) <= limit
    check_markup(shown)


@law(30)
@given(st.text(max_size=100), st.integers(0, 100))
def test_clip_keeps_the_limit(raw: str, limit: int) -> None:
    """Clipping keeps the limit by the stricter count, and leaves short text alone."""
    shown = text.clip(raw, limit) if not any("\ud800" <= char <= "\udfff" for char in raw) else ""
    assert units(shown) <= limit
    if units(raw) <= limit:
        assert shown in {raw, ""}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Refund & <return>", "Refund &amp; &lt;return&gt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("run `bot check` now", "run `bot check` now"),
        ("a ` b", "a \u02cb b"),
        ("```x```", "\u02cb\u02cb\u02cbx\u02cb\u02cb\u02cb"),
        ("a\r\nb\x00", "a b"),
        ("", ""),
        ("\u202egpj.exe", "gpj.exe"),
        ("שלום", "שלום"),
    ],
)
def test_escape_by_example(raw: str, shown: str) -> None:
    """Ordinary text stays readable; what would act is made to be read."""
    assert text.escape(raw) == shown


def test_only_plain_ids_become_addresses() -> None:
    """A dashboard link is made for an id that is one, and for nothing else."""
    assert text.open_url("conv_01j-x", SITE) == "https://elevenlabs.io/app/agents/history/conv_01j-x"
    assert text.open_url("conv/../../x?y", SITE) is None
    assert text.open_url("", SITE) is None
    assert text.open_url("x" * 101, SITE) is None


def test_links_cannot_be_broken_out_of() -> None:
    """Neither a label nor an address ends a link early."""
    assert text.link("https://a.b/c?d=1&e=|>x", "a|b>c") == "<https://a.b/c?d=1&amp;e=%7C%3Ex|a¦b&gt;c>"


@pytest.mark.parametrize(("seconds", "clock", "words"), [
    (0, "0:00", "0 s"),
    (7, "0:07", "7 s"),
    (245, "4:05", "4 min 5 s"),
    (600, "10:00", "10 min"),
    (3723, "1:02:03", "1 h 2 min"),
    (7200, "2:00:00", "2 h"),
    (-4, "0:00", "0 s"),
])  # fmt: skip
def test_lengths(seconds: int, clock: str, words: str) -> None:
    """A length reads as a clock in tables and as words elsewhere."""
    assert (text.length(seconds), text.spoken(seconds)) == (clock, words)


def test_times_are_the_askers() -> None:
    """Times stand in the asker's zone; the year shows only when it is another."""
    assert text.started(NOW, BERLIN, NOW) == "18 Nov 12:06"
    assert text.started(NOW, ZoneInfo("America/New_York"), NOW) == "18 Nov 06:06"
    assert text.started(NOW - 366 * 86400, BERLIN, NOW) == "17 Nov 2025 12:06"
    assert text.day(NOW, BERLIN) == "Wed 18 Nov 2026"
    assert text.clock(NOW, BERLIN) == "12:06"
    assert text.started(0, BERLIN, NOW) == text.started(2**62, BERLIN, NOW) == text.DASH


@pytest.mark.parametrize(
    ("value", "words"), [(1234, "1,234"), (2.0, "2"), (0.5, "0.5"), (1234.567, "1,234.57")]
)
def test_numbers(value: float, words: str) -> None:
    """Numbers have thousands separators and no needless decimals."""
    assert text.number(value) == words
