"""The table that Slack sorts: taken whatever is in it, and readable where Slack knows no such table."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.block_elements import message, section
from bot.blocks.data_table import Cell, data_table
from bot.blocks.text import DASH
from bot.csv_export import defuse
from tests.blocks.checker import check_message, every_text, units
from tests.blocks.hostile import some, texts
from tests.laws import law

cells = st.builds(
    Cell,
    some,
    st.none() | st.floats() | st.integers(-(10**12), 10**12),
    st.booleans(),
    st.sampled_from([None, "https://elevenlabs.io/app/agents/history/conv_1"]),
)


@law(50)
@given(texts, st.lists(st.lists(cells, min_size=3, max_size=3), max_size=4), st.sampled_from([1, 10, 80]))
def test_any_table_is_taken(caption: str, rows: list[list[Cell]], times: int) -> None:
    """Slack takes a table of any cells in each of its forms, and no cell runs as a formula."""
    table = data_table(caption, ["Started", "Title", "Call id"], rows * times)
    forms = ([section("*Calls*"), *form, section("below")] for form in table.forms())
    check_message(message("Calls", *forms))
    for text in every_text([table.forms()[0]]):
        assert text.startswith("https://") or text == defuse(text)


def rows_of(block: Any) -> list[list[dict[str, Any]]]:
    """Return the rows of a table below its header."""
    return list(block["rows"][1:])


def test_a_column_sorts_by_number_only_if_every_cell_is_one() -> None:
    """Rows without a number sort below all others; the last plainer form of the table has no numbers."""
    given = [[Cell("4:05", 245), Cell("Ann")], [Cell(None), Cell("Bob", None)], [Cell("0:07", 7), Cell("=1")]]
    table = data_table("Calls", ["Length", "Name"], given)
    block, plainer, *_ = (form[0] for form in table.forms())
    top: Any = block
    lengths = [row[0] for row in rows_of(block)]
    assert [(cell["value"], cell["text"]) for cell in lengths] == [(245, "4:05"), (6, DASH), (7, "0:07")]
    assert [row[1] for row in rows_of(block)] == [
        {"type": "raw_text", "text": text} for text in ("Ann", "Bob", "'=1")
    ]
    assert {cell["type"] for row in rows_of(plainer) for cell in row} == {"raw_text"}
    assert top["rows"][0] == [{"type": "raw_text", "text": name} for name in ("Length", "Name")]


def test_titles_are_cut_before_rows_are_left_out_and_ids_never() -> None:
    """What makes a table too long is its words: they give way first, then its last rows, ids not at all."""
    call_id = "a84b4c76-e667-10b1-9f2c-0123456789ab@sip.carrier.example"
    long = [Cell("t" * 100), Cell("e" * 120), Cell(call_id, is_id=True)]
    table = data_table("Calls", ["Title", "Ended because", "Call id"], [long] * 150)
    assert len(table.rows) == 150
    assert {row[2].words for row in table.rows} == {call_id}
    assert len({row[0].words for row in table.rows}) == 1
    assert 24 <= units(table.rows[0][0].words or "") < 100
    crowded = data_table("Calls", ["A", "B"], [[Cell("c" * 128, is_id=True), Cell("d" * 9)]] * 200)
    assert len(crowded.rows) == (20_000 - 2) // 137
    assert len(data_table("Calls", ["A"], [[Cell("x")]] * 500).rows) == 200


def test_where_slack_has_no_such_table() -> None:
    """A plain table shows ten rows and says of how many; paragraphs name what is an id."""
    row = [
        Cell("16 Nov 14:03", 1.0),
        Cell("4:05", 245),
        Cell("CA12", is_id=True),
        Cell("conv", url="https://x.y"),
    ]
    table = data_table("Times in Berlin", ["Started", "Length", "Call id", "Open"], [row] * 12)
    _, _, (plain, legend), paragraphs = table.forms()
    assert len(rows_of(plain)) == 10
    assert plain["column_settings"] == [
        {"is_wrapped": False},
        {"align": "right"},
        *[{"is_wrapped": False}] * 2,
    ]
    assert list(every_text(legend)) == ["Times in Berlin · the first 10 of 12 rows"]
    assert next(every_text(paragraphs)) == "*16 Nov 14:03* · 4:05 · Call id `CA12` · <https://x.y|conv>"
    assert len(paragraphs) == 11
