"""The Block Kit validator: everything Slack refuses is refused, everything it takes is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.demo.slack.block_kit import MESSAGE_TEXT, check_message, check_options, check_view
from tests.demo.block_samples import (
    Json,
    actions,
    button,
    chart,
    data_table,
    modal,
    mrkdwn,
    option,
    pie,
    plain,
    rich,
    section,
    select,
    table,
    typed,
)

LONG = "x" * 3001
TAKEN: list[Json] = [
    section("x" * 3000),
    {"type": "section", "fields": [mrkdwn("x" * 2000)] * 5},
    section(accessory=button("x" * 75, value="v" * 2000)),
    section(accessory={"type": "overflow", "action_id": "o", "options": [option()] * 5}),
    section(accessory={"type": "image", "image_url": "https://a.b/c.png", "alt_text": "c"}),
    section(accessory=select(100, initial_option=option("o5", "5"), placeholder=plain("Pick"))),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider", "block_id": "d" * 255},
    actions(*[button(action_id=f"a{i}") for i in range(25)]),
    actions(button(url="http://example.com/a?b=c", style="primary")),
    {"type": "context", "elements": [mrkdwn("x")] * 10},
    {"type": "image", "image_url": "https://a.b/c.png", "alt_text": "c", "title": plain("t")},
    table(100, 20),
    {
        "type": "table",
        "rows": [
            [rich({"type": "text", "text": "a", "style": {"code": True}}), {"type": "raw_number", "value": 3}]
        ],
        "column_settings": [None, {"align": "right"}, {"is_wrapped": True}],
    },
    rich(
        {"type": "text", "text": "a", "style": {"bold": True}},
        {"type": "link", "url": "https://a.b", "text": "a"},
        {"type": "user", "user_id": "U1"},
        {"type": "emoji", "name": "tada"},
        {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "then"},
    ),
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a"}]}],
    },
    typed(),
    data_table(200, 20, page_size=100, row_header_column_index=19),
    data_table(99, 10, "x" * 20),
    {
        **data_table(),
        "rows": [
            [{"type": "raw_text", "text": "Started"}],
            [{"type": "raw_number", "value": -1, "text": "none"}],
            [rich({"type": "link", "url": "https://a.b", "text": "a"})],
        ],
    },
    chart("line", 12, 20),
    chart("area", axis_config={"categories": ["0", "1"], "x_label": "x" * 50, "y_label": "y"}),
    pie(*[1] * 12, label="x" * 20),
]
REFUSED: list[tuple[str, Json, str]] = [
    ("no type", {"text": plain("x")}, "/blocks/0/type"),
    ("unknown type", {"type": "hologram"}, "/blocks/0/type"),
    ("section without text", {"type": "section"}, "/blocks/0"),
    ("section text empty", section(""), "/blocks/0/text/text"),
    ("section text long", section(LONG), "/blocks/0/text/text"),
    ("section text a string", {"type": "section", "text": "x"}, "/blocks/0/text"),
    ("section unknown field", section(color="red"), "/blocks/0"),
    ("eleven fields", {"type": "section", "fields": [mrkdwn("x")] * 11}, "/blocks/0/fields"),
    ("field long", {"type": "section", "fields": [mrkdwn("x" * 2001)]}, "/blocks/0/fields/0/text"),
    ("header in mrkdwn", {"type": "header", "text": mrkdwn("x")}, "/blocks/0/text/type"),
    ("header long", {"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
    ("header empty", {"type": "header", "text": plain("")}, "/blocks/0/text/text"),
    ("no elements", actions(), "/blocks/0/elements"),
    ("26 elements", actions(*[button(action_id=f"a{i}") for i in range(26)]), "/blocks/0/elements"),
    ("action_id twice", actions(button(), button()), "/blocks/0/elements/1"),
    ("action_id long", actions(button(action_id="a" * 256)), "/blocks/0/elements/0/action_id"),
    ("button text long", actions(button("x" * 76)), "/blocks/0/elements/0/text/text"),
    ("button text empty", actions(button("")), "/blocks/0/elements/0/text/text"),
    ("button in mrkdwn", actions({"type": "button", "text": mrkdwn("x")}), "/blocks/0/elements/0/text/type"),
    ("button value long", actions(button(value="v" * 2001)), "/blocks/0/elements/0/value"),
    ("button style", actions(button(style="loud")), "/blocks/0/elements/0/style"),
    ("button url", actions(button(url="javascript:alert(1)")), "/blocks/0/elements/0/url"),
    ("input in actions", actions({"type": "plain_text_input"}), "/blocks/0/elements/0/type"),
    ("context 11", {"type": "context", "elements": [mrkdwn("x")] * 11}, "/blocks/0/elements"),
    ("context button", {"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type"),
    (
        "http image",
        {"type": "image", "image_url": "http://a.b/c.png", "alt_text": "c"},
        "/blocks/0/image_url",
    ),
    ("image without alt", {"type": "image", "image_url": "https://a.b/c.png"}, "/blocks/0"),
    ("no options", section(accessory=select(0)), "/blocks/0/accessory/options"),
    ("101 options", section(accessory=select(101)), "/blocks/0/accessory/options"),
    (
        "stray initial",
        section(accessory=select(initial_option=option("no", "9"))),
        "/blocks/0/accessory/initial_option",
    ),
    (
        "option text long",
        actions(select(0, options=[option("x" * 76)])),
        "/blocks/0/elements/0/options/0/text/text",
    ),
    (
        "option value long",
        actions(select(0, options=[option("x", "v" * 151)])),
        "/blocks/0/elements/0/options/0/value",
    ),
    (
        "overflow of six",
        section(accessory={"type": "overflow", "action_id": "o", "options": [option()] * 6}),
        "/blocks/0/accessory/options",
    ),
    (
        "confirm long",
        actions(
            button(
                confirm={
                    "title": plain("x" * 101),
                    "text": plain("x"),
                    "confirm": plain("y"),
                    "deny": plain("n"),
                }
            )
        ),
        "/blocks/0/elements/0/confirm/title/text",
    ),
    (
        "bad date",
        actions({"type": "datepicker", "initial_date": "2026-13-01"}),
        "/blocks/0/elements/0/initial_date",
    ),
    ("table empty text", table(text=""), "/blocks/0/rows/0/0/text"),
    ("table 101 rows", table(101), "/blocks/0/rows"),
    ("table 21 columns", table(1, 21), "/blocks/0/rows/0"),
    ("table characters", table(10, 10, "x" * 101), "/blocks/0/rows"),
    ("table empty rich cell", {"type": "table", "rows": [[rich()]]}, "/blocks/0/rows/0/0/elements"),
    ("table mrkdwn cell", {"type": "table", "rows": [[mrkdwn("x")]]}, "/blocks/0/rows/0/0/type"),
    (
        "table align",
        {**table(), "column_settings": [{"align": "middle"}]},
        "/blocks/0/column_settings/0/align",
    ),
    ("data table without caption", {"type": "data_table", "rows": data_table()["rows"]}, "/blocks/0"),
    ("data table columns", data_table(columns=21), "/blocks/0/rows/0"),
    ("data table header only", data_table(0), "/blocks/0/rows"),
    ("data table 201 rows", data_table(201), "/blocks/0/rows"),
    ("data table characters", data_table(99, 10, "x" * 21), "/blocks/0/rows"),
    ("data table empty text", data_table(text=""), "/blocks/0/rows/0/0/text"),
    ("data table page", data_table(page_size=101), "/blocks/0/page_size"),
    ("data table key", data_table(columns=2, color="red"), "/blocks/0"),
    ("data table row", {**data_table(), "rows": [*data_table()["rows"], [{}]]}, "/blocks/0/rows"),
    (
        "data table number without text",
        {**data_table(), "rows": [[{"type": "raw_number", "value": 1}]] * 2},
        "/blocks/0/rows/1/0",
    ),
    (
        "data table rich header",
        {**data_table(), "rows": [[rich({"type": "text", "text": "a"})]] * 2},
        "/blocks/0/rows/0/0/type",
    ),
    ("pie of nothing", pie(), "/blocks/0/chart/segments"),
    ("pie of 13", pie(*[1] * 13), "/blocks/0/chart/segments"),
    ("pie with zero", pie(1, 0), "/blocks/0/chart/segments/1/value"),
    ("pie label", pie(1, label="x" * 21), "/blocks/0/chart/segments/0/label"),
    ("chart of 13", chart(names=13), "/blocks/0/chart/series"),
    ("chart points", chart(points=21), "/blocks/0/chart/series/0/data"),
    ("chart type", chart("radar"), "/blocks/0/chart/type"),
    ("chart title", {**chart(), "title": "x" * 51}, "/blocks/0/title"),
    ("chart without axis", {**pie(1), "chart": {"type": "bar", "series": []}}, "/blocks/0/chart"),
    (
        "chart categories",
        chart(axis_config={"categories": ["0", "2"]}),
        "/blocks/0/chart/series/0/data",
    ),
    (
        "chart categories twice",
        chart(axis_config={"categories": ["0", "0"]}),
        "/blocks/0/chart/axis_config/categories",
    ),
    ("chart name twice", chart(series=chart()["chart"]["series"] * 2), "/blocks/0/chart/series"),
    ("rich text empty", {"type": "rich_text", "elements": []}, "/blocks/0/elements"),
    ("rich text empty part", rich({"type": "text", "text": ""}), "/blocks/0/elements/0/elements/0/text"),
    ("rich text unknown", rich({"type": "blink"}), "/blocks/0/elements/0/elements/0/type"),
    ("block_id long", {"type": "divider", "block_id": "d" * 256}, "/blocks/0/block_id"),
    ("input without label", {"type": "input", "element": {"type": "plain_text_input"}}, "/blocks/0"),
    ("max_length", typed(max_length=3001), "/blocks/0/element/max_length"),
    ("a file in a message", {**typed(), "element": {"type": "file_input"}}, "/blocks/0/element/type"),
]


@pytest.mark.parametrize("block", TAKEN, ids=[f"{i}-{b['type']}" for i, b in enumerate(TAKEN)])
def test_taken(block: Json) -> None:
    """What Slack takes in a message is taken, at each limit."""
    assert check_message([block]).problems == []


@pytest.mark.parametrize(("block", "at"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused(block: Json, at: str) -> None:
    """One step beyond each limit is refused, and the answer points at the place."""
    assert any(problem.endswith(f"[json-pointer:{at}]") for problem in check_message([block]).problems)


@pytest.mark.parametrize(
    ("blocks", "fine"),
    [
        ([{"type": "divider"}] * 50, True),
        ([{"type": "divider"}] * 51, False),
        ([table(), table()], False),
        ([{"type": "divider", "block_id": "a"}] * 2, False),
        ("section", False),
        ([None], False),
        ([chart()] * 2, True),
        ([chart()] * 3, False),
        ([data_table(49, 10, "x" * 20)] * 2, True),
        ([data_table(49, 10, "x" * 20)] * 3, False),
    ],
)
def test_whole_messages(blocks: Any, fine: bool) -> None:
    """A message has at most 50 blocks, one table, and no block_id twice."""
    assert (check_message(blocks).problems == []) is fine


def test_all_text_counts() -> None:
    """The texts of all blocks are added up, cells and button labels included."""
    notes = check_message([section("x" * 3000)] * 3 + [table(2, 2, "x" * 400), actions(button("x" * 75))])
    assert notes.problems == []
    assert notes.text_total == 9000 + 1600 + 75
    assert notes.text_total < MESSAGE_TEXT


@pytest.mark.parametrize(
    ("view", "kind", "fine"),
    [
        (modal(section(), typed()), "modal", True),
        (modal(*[{"type": "divider"}] * 100), "modal", True),
        (modal(*[{"type": "divider"}] * 101), "modal", False),
        (modal(section(), title=plain("x" * 25)), "modal", False),
        (modal(section(), submit=plain("x" * 25)), "modal", False),
        (modal(section(), title=mrkdwn("x")), "modal", False),
        (modal(section(), private_metadata="x" * 3000), "modal", True),
        (modal(section(), private_metadata="x" * 3001), "modal", False),
        (modal(section(), callback_id="x" * 256), "modal", False),
        (modal(table()), "modal", False),
        (modal(data_table()), "modal", False),
        (modal(chart()), "modal", False),
        ({"type": "home", "blocks": [data_table(), chart()]}, "home", True),
        ({"type": "modal", "title": plain("x"), "blocks": [typed()]}, "modal", False),
        ({"type": "modal", "blocks": [section()]}, "modal", False),
        (modal(*[section("x" * 3000)] * 90), "modal", False),
        (modal(typed(focus_on_load=True), {**typed(focus_on_load=True), "block_id": "c"}), "modal", False),
        (modal({**typed(), "element": {"type": "file_input", "action_id": "f"}}), "modal", True),
        ({"type": "home", "blocks": [table(), section()]}, "home", True),
        ({"type": "home", "blocks": [section()], "title": plain("x")}, "home", False),
        (modal(section()), "home", False),
        ([section()], "modal", False),
    ],
)
def test_views(view: Any, kind: str, fine: bool) -> None:
    """Modals and Home tabs have their own limits, and modals take no table."""
    assert (check_view(view, kind=kind).problems == []) is fine


@pytest.mark.parametrize(
    ("answer", "fine"),
    [
        ({"options": []}, True),
        ({"options": [option()] * 100}, True),
        ({"options": [option()] * 101}, False),
        ({"option_groups": [{"label": plain("g"), "options": [option()]}]}, True),
        ({"option_groups": [{"label": plain(""), "options": [option()]}]}, False),
        ({"options": [], "option_groups": []}, False),
        ({"options": [option("x" * 76)]}, False),
        (None, False),
    ],
)
def test_options(answer: Any, fine: bool) -> None:
    """Options that an app suggests have the limits of a menu's own."""
    assert (check_options(answer).problems == []) is fine


SIZED: dict[str, tuple[int, Callable[[int], Json]]] = {
    "section": (3000, lambda n: section("x" * n)),
    "fields": (10, lambda n: {"type": "section", "fields": [mrkdwn("x")] * n}),
    "header": (150, lambda n: {"type": "header", "text": plain("x" * n)}),
    "button": (75, lambda n: actions(button("x" * n))),
    "value": (2000, lambda n: actions(button(value="v" * n))),
    "url": (3000, lambda n: actions(button(url="https://a.b/" + "x" * (n - 12)))),
    "action_id": (255, lambda n: actions(button(action_id="a" * n))),
    "elements": (25, lambda n: actions(*[button(action_id=f"a{i}") for i in range(n)])),
    "context": (10, lambda n: {"type": "context", "elements": [mrkdwn("x")] * n}),
    "options": (100, lambda n: actions(select(n))),
    "option": (75, lambda n: actions(select(0, options=[option("x" * n)]))),
    "option value": (150, lambda n: actions(select(0, options=[option("x", "v" * n)]))),
    "overflow": (5, lambda n: actions({"type": "overflow", "action_id": "o", "options": [option()] * n})),
    "placeholder": (150, lambda n: actions(select(placeholder=plain("x" * n)))),
    "confirm": (300, lambda n: actions(button(confirm=confirm(text=plain("x" * n))))),
    "confirm title": (100, lambda n: actions(button(confirm=confirm(title=plain("x" * n))))),
    "confirm button": (30, lambda n: actions(button(confirm=confirm(confirm=plain("x" * n))))),
    "alt": (2000, lambda n: {"type": "image", "image_url": "https://a.b/c", "alt_text": "x" * n}),
    "label": (2000, lambda n: {**typed(), "label": plain("x" * n)}),
    "hint": (2000, lambda n: {**typed(), "hint": plain("x" * n)}),
    "block_id": (255, lambda n: section(block_id="b" * n)),
}
"""By what grows: its limit, and a block of that size."""


def confirm(**more: Json) -> Json:
    """Return a confirmation dialog."""
    return {"title": plain("t"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n"), **more}


@given(what=st.sampled_from(sorted(SIZED)), near=st.integers(-3, 3))
def test_limits_are_exact(what: str, near: int) -> None:
    """Each limit is exact, and what the stand-in takes, slack_sdk's own models take."""
    limit, build = SIZED[what]
    size = limit + near
    block = build(size)
    parsed = Block.parse(block)
    assert parsed is not None
    try:
        parsed.to_dict()
    except SlackObjectFormationError:
        sdk_takes = False
    else:
        sdk_takes = True
    taken = not check_message([block]).problems
    assert taken is (size <= limit)
    assert sdk_takes or not taken


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "rows", "options", "accessory"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
kinds = st.sampled_from(
    [
        "section",
        "actions",
        "context",
        "table",
        "rich_text",
        "input",
        "image",
        "header",
        "data_table",
        "data_visualization",
    ]
)


names = ["text", "elements", "rows", "label", "element", "accessory", "fields", "alt_text", "column_settings"]


@given(kind=kinds, body=st.dictionaries(st.sampled_from(names), json_values, max_size=4))
def test_never_raises(kind: str, body: Json) -> None:
    """Any JSON gets an answer: problems, never an exception."""
    block = {**body, "type": kind}
    check_message([block])
    check_view({"type": "modal", "title": plain("x"), "blocks": [block]}, kind="modal")
