"""Block Kit of the sample Slack: its limits are those of slackblocks, the rest is tried one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import slackblocks as sb
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.slack.block_kit import BLOCKS, check_message, check_options, check_view
from tests.blocks.checker import judge
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

BEYOND = 25_000
"""More than any limit of Slack."""


def confirm(**more: Json) -> Json:
    return {"title": plain("t"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n"), **more}


def axis(**more: object) -> Json:
    return {"axis_config": {"categories": ["0", "1"], **more}}


GROWING: dict[str, Callable[[int], Json]] = {
    "section": lambda n: section("x" * n),
    "fields": lambda n: {"type": "section", "fields": [mrkdwn("x")] * n},
    "header": lambda n: {"type": "header", "text": plain("x" * n)},
    "button": lambda n: actions(button("x" * n)),
    "value": lambda n: actions(button(value="v" * n)),
    "url": lambda n: actions(button(url="https://a.b/" + "x" * n)),
    "action_id": lambda n: actions(button(action_id="a" * n)),
    "elements": lambda n: actions(*[button(action_id=f"a{i}") for i in range(n)]),
    "context": lambda n: {"type": "context", "elements": [mrkdwn("x")] * n},
    "options": lambda n: actions(select(n)),
    "option": lambda n: actions(select(0, options=[option("x" * n)])),
    "option value": lambda n: actions(select(0, options=[option("x", "v" * n)])),
    "overflow": lambda n: actions({"type": "overflow", "action_id": "o", "options": [option()] * n}),
    "placeholder": lambda n: actions(select(placeholder=plain("x" * n))),
    "confirm": lambda n: actions(button(confirm=confirm(text=plain("x" * n)))),
    "confirm title": lambda n: actions(button(confirm=confirm(title=plain("x" * n)))),
    "confirm button": lambda n: actions(button(confirm=confirm(confirm=plain("x" * n)))),
    "alt": lambda n: {"type": "image", "image_url": "https://a.b/c", "alt_text": "x" * n},
    "label": lambda n: {**typed(), "label": plain("x" * n)},
    "hint": lambda n: {**typed(), "hint": plain("x" * n)},
    "max_length": lambda n: typed(max_length=n),
    "block_id": lambda n: section(block_id="b" * n),
    "table rows": lambda n: table(n, 1),
    "table columns": lambda n: table(1, n),
    "data table rows": lambda n: data_table(n, 1),
    "data table columns": lambda n: data_table(1, n),
    "data table page": lambda n: data_table(page_size=n),
    "pie": lambda n: pie(*[1] * n),
    "pie label": lambda n: pie(1, label="x" * n),
    "series": lambda n: chart(names=n),
    "points": lambda n: chart(points=n),
    "chart title": lambda n: {**chart(), "title": "x" * n},
    "axis label": lambda n: chart("line", **axis(x_label="x" * n)),
}
"""What grows, and a block in which it has a size."""


def judged(node: Json, kind: Any) -> bool:
    try:
        judge(node, kind)
    except sb.InvalidUsageError:
        return False
    return True


def largest(takes: Callable[[int], bool]) -> int:
    """Find the largest size that is taken; from there on nothing is."""
    low, high = 1, 2
    assert takes(low)
    while high < BEYOND and takes(high):
        low, high = high, high * 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if takes(middle) else (low, middle)
    return low


@pytest.mark.parametrize("what", GROWING)
def test_limits_are_those_of_slack(what: str) -> None:
    """Whatever grows is taken up to exactly the size that slackblocks knows of Slack's own validator."""
    build = GROWING[what]
    ours = largest(lambda size: not check_message([build(size)]).problems)
    assert ours == largest(lambda size: judged({"blocks": [build(size)]}, sb.WebhookMessage))


WHOLE: dict[str, Callable[[int], list[Json]]] = {
    "blocks": lambda n: [{"type": "divider"}] * n,
    "charts": lambda n: [chart()] * n,
    "data table characters": lambda n: [data_table(9, 10, "x" * n)] * 2,
}


@pytest.mark.parametrize("what", WHOLE)
def test_whole_messages_have_limits(what: str) -> None:
    """Blocks, charts and the characters of tables of data count together."""
    build = WHOLE[what]
    ours = largest(lambda size: not check_message(build(size)).problems)
    assert ours == largest(lambda size: judged({"blocks": build(size)}, sb.WebhookMessage))


VIEWS: dict[str, Callable[[int], Json]] = {
    "blocks": lambda n: modal(*[{"type": "divider"}] * n),
    "title": lambda n: modal(section(), title=plain("x" * n)),
    "submit": lambda n: modal(section(), submit=plain("x" * n)),
    "private_metadata": lambda n: modal(section(), private_metadata="x" * n),
    "callback_id": lambda n: modal(section(), callback_id="x" * n),
}


@pytest.mark.parametrize("what", VIEWS)
def test_limits_of_views(what: str) -> None:
    build = VIEWS[what]
    ours = largest(lambda size: not check_view(build(size), kind="modal").problems)
    assert ours == largest(lambda size: judged(build(size), sb.ModalView))


TAKEN: list[Json] = [
    section(accessory={"type": "image", "image_url": "https://a.b/c.png", "alt_text": "c"}),
    section(accessory=select(100, initial_option=option("o5", "5"), placeholder=plain("Pick"))),
    actions(button(url="http://example.com/a?b=c", style="primary")),
    {
        "type": "table",
        "rows": [
            [rich({"type": "text", "text": "a", "style": {"code": True}}), {"type": "raw_number", "value": 3}]
        ],
        "column_settings": [None, {"align": "right"}, {"is_wrapped": True}],
    },
    rich(
        {"type": "link", "url": "https://a.b", "text": "a"},
        {"type": "user", "user_id": "U1"},
        {"type": "emoji", "name": "tada"},
        {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "then"},
    ),
    {
        **data_table(),
        "rows": [
            [{"type": "raw_text", "text": "Started"}],
            [{"type": "raw_number", "value": -1, "text": "none"}],
            [rich({"type": "link", "url": "https://a.b", "text": "a"})],
        ],
    },
    actions({"type": "conversations_select", "filter": {"include": ["public"], "exclude_bot_users": True}}),
]
REFUSED: list[tuple[str, Json, str]] = [
    ("no type", {"text": plain("x")}, "/type"),
    ("unknown type", {"type": "hologram"}, "/type"),
    ("section without text", {"type": "section"}, ""),
    ("section text empty", section(""), "/text/text"),
    ("section text a string", {"type": "section", "text": "x"}, "/text"),
    ("section unknown field", section(color="red"), ""),
    ("header in mrkdwn", {"type": "header", "text": mrkdwn("x")}, "/text/type"),
    ("no elements", actions(), "/elements"),
    ("action_id twice", actions(button(), button()), "/elements/1"),
    ("button in mrkdwn", actions({"type": "button", "text": mrkdwn("x")}), "/elements/0/text/type"),
    ("button style", actions(button(style="loud")), "/elements/0/style"),
    ("button url", actions(button(url="javascript:alert(1)")), "/elements/0/url"),
    ("input in actions", actions({"type": "plain_text_input"}), "/elements/0/type"),
    ("context button", {"type": "context", "elements": [button()]}, "/elements/0/type"),
    ("http image", {"type": "image", "image_url": "http://a.b/c.png", "alt_text": "c"}, "/image_url"),
    ("image without alt", {"type": "image", "image_url": "https://a.b/c.png"}, ""),
    (
        "stray initial",
        section(accessory=select(initial_option=option("no", "9"))),
        "/accessory/initial_option",
    ),
    ("bad date", actions({"type": "datepicker", "initial_date": "2026-13-01"}), "/elements/0/initial_date"),
    (
        "filter of nothing",
        actions({"type": "conversations_select", "filter": {}}),
        "/elements/0/filter",
    ),
    (
        "filter of channels",
        actions({"type": "conversations_select", "filter": {"include": ["channels"]}}),
        "/elements/0/filter/include/0",
    ),
    ("table empty text", table(text=""), "/rows/0/0/text"),
    ("table empty rich cell", {"type": "table", "rows": [[rich()]]}, "/rows/0/0/elements"),
    ("table mrkdwn cell", {"type": "table", "rows": [[mrkdwn("x")]]}, "/rows/0/0/type"),
    ("table align", {**table(), "column_settings": [{"align": "middle"}]}, "/column_settings/0/align"),
    ("data table without caption", {"type": "data_table", "rows": data_table()["rows"]}, ""),
    ("data table header only", data_table(0), "/rows"),
    ("data table empty text", data_table(text=""), "/rows/0/0/text"),
    ("data table key", data_table(color="red"), ""),
    ("data table row", {**data_table(), "rows": [*data_table()["rows"], [{}]]}, "/rows"),
    (
        "data table number without text",
        {**data_table(), "rows": [[{"type": "raw_number", "value": 1}]] * 2},
        "/rows/1/0",
    ),
    (
        "data table rich header",
        {**data_table(), "rows": [[rich({"type": "text", "text": "a"})]] * 2},
        "/rows/0/0/type",
    ),
    ("pie with zero", pie(1, 0), "/chart/segments/1/value"),
    ("chart type", chart("radar"), "/chart/type"),
    ("chart without axis", {**pie(1), "chart": {"type": "bar", "series": []}}, "/chart"),
    ("chart categories", chart(axis_config={"categories": ["0", "2"]}), "/chart/series/0/data"),
    (
        "chart categories twice",
        chart(axis_config={"categories": ["0", "0"]}),
        "/chart/axis_config/categories",
    ),
    ("chart name twice", chart(series=chart()["chart"]["series"] * 2), "/chart/series"),
    ("rich text empty", {"type": "rich_text", "elements": []}, "/elements"),
    ("rich text unknown", rich({"type": "blink"}), "/elements/0/elements/0/type"),
    ("input without label", {"type": "input", "element": {"type": "plain_text_input"}}, ""),
    ("a file in a message", {**typed(), "element": {"type": "file_input"}}, "/element/type"),
]


def test_taken() -> None:
    """What Slack takes is taken, odd as it may look."""
    for block in TAKEN:
        assert check_message([block]).problems == []


@pytest.mark.parametrize(("block", "at"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused(block: Json, at: str) -> None:
    """What has the wrong shape is refused, and the answer points at the place."""
    problems = check_message([block]).problems
    assert any(problem.endswith(f"[json-pointer:/blocks/0{at}]") for problem in problems)


def test_all_text_counts() -> None:
    """The texts of all blocks are added up, and there are rules that slackblocks does not know."""
    notes = check_message([section("x" * 3000)] * 3 + [table(2, 2, "x" * 400), actions(button("x" * 75))])
    assert (notes.problems, notes.text_total) == ([], 9000 + 1600 + 75)
    twice = [{"type": "divider", "block_id": "a"}] * 2
    for blocks in (twice, [table()] * 2, [table(10, 10, "x" * 101)], "section", [None]):
        assert check_message(blocks).problems


@pytest.mark.parametrize(
    ("view", "kind", "fine"),
    [
        (modal(section(), typed()), "modal", True),
        (modal(section(), title=mrkdwn("x")), "modal", False),
        (modal(table()), "modal", False),
        (modal(data_table()), "modal", False),
        (modal(chart()), "modal", False),
        ({"type": "home", "blocks": [data_table(), chart()]}, "home", True),
        ({"type": "modal", "title": plain("x"), "blocks": [typed()]}, "modal", False),
        ({"type": "modal", "blocks": [section()]}, "modal", False),
        (modal(*[section("x" * 3000)] * 90), "modal", False),
        (modal(typed(focus_on_load=True), {**typed(focus_on_load=True), "block_id": "c"}), "modal", False),
        (modal({**typed(), "element": {"type": "file_input", "action_id": "f"}}), "modal", True),
        ({"type": "home", "blocks": [section()], "title": plain("x")}, "home", False),
        (modal(section()), "home", False),
        ([section()], "modal", False),
    ],
)
def test_views(view: Any, kind: str, fine: bool) -> None:
    """Modals and Home tabs have their own rules, and modals take no table."""
    assert (check_view(view, kind=kind).problems == []) is fine


@pytest.mark.parametrize(
    ("answer", "fine"),
    [
        ({"options": []}, True),
        ({"option_groups": [{"label": plain("g"), "options": [option()]}]}, True),
        ({"option_groups": [{"label": plain(""), "options": [option()]}]}, False),
        ({"options": [], "option_groups": []}, False),
        ({"options": [option("x" * 76)]}, False),
        (None, False),
    ],
)
def test_options(answer: Any, fine: bool) -> None:
    """Options that an app suggests follow the rules of a menu's own."""
    assert (check_options(answer).problems == []) is fine


names = ["text", "elements", "rows", "label", "element", "accessory", "fields", "alt_text", "column_settings"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", *names, "options"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    kind=st.sampled_from(sorted(BLOCKS)),
    body=st.dictionaries(st.sampled_from(names), json_values, max_size=4),
)
def test_never_raises(kind: str, body: Json) -> None:
    """Any JSON gets an answer: problems, never an exception."""
    block = {**body, "type": kind}
    check_message([block])
    check_view({"type": "modal", "title": plain("x"), "blocks": [block]}, kind="modal")
