"""The Filters form: prefilled from values, read back to the same values, within Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.answers import filters_form as fm
from bot.answers.filters_form import FiltersForm, filters_modal, form_of, read_filters
from bot.blocks.modal_views import BadFormError, MenuChoice, fitting_options, form_errors, usable
from bot.query import Query
from bot.query.filters import BY_KEY
from tests.blocks.checker import check_view, units
from tests.blocks.hostile import texts, zones
from tests.blocks.render import render_view
from tests.blocks.samples import BERLIN
from tests.blocks.test_forms import untouched
from tests.laws import law

EMPTY = form_of(Query(zone=BERLIN), datetime(2026, 11, 18, 12, tzinfo=BERLIN), "monday")
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
days = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=BERLIN)
)
choices = st.lists(st.builds(MenuChoice, texts, texts), max_size=5).map(tuple)
chosen = st.dictionaries(st.sampled_from([key for key in EMPTY.chosen if key != "sort"]), choices).map(
    lambda found: {key: each[: BY_KEY[key].most_chosen] for key, each in found.items()}
)
forms = st.builds(
    lambda chosen, **fields: FiltersForm(chosen={**EMPTY.chosen, **chosen}, **fields),
    chosen,
    tz=zones,
    period=st.sampled_from([fm.ANY, "today", fm.DAYS]),
    since=st.none() | moments | days,
    until=st.none() | moments | days,
)


@law(50)
@given(forms, texts)
def test_any_form_keeps_the_limits(form: FiltersForm, sentence: str) -> None:
    """The Filters modal of any values is opened by Slack, and no field says that it is optional."""
    view = filters_modal(form, sentence=sentence, metadata="q")
    check_view(view)
    assert "'optional': True" not in str(view)


@law(50)
@given(forms)
def test_untouched_form_changes_nothing(form: FiltersForm) -> None:
    """Opening and submitting Filters gives back the very same values, to the microsecond."""
    back = read_filters(untouched(filters_modal(form)), form)
    assert (back.period, back.since, back.until) == (form.period, form.since, form.until)
    for key, before in form.chosen.items():
        assert {choice.value for choice in back.chosen[key]} == {choice.value for choice in usable(before)}


KEYS = [fm.PERIOD, fm.SINCE, fm.UNTIL, "result", "entry", "selected_options", "value", "text"]
FORM = replace(
    EMPTY,
    chosen={
        **EMPTY.chosen,
        "agent": (MenuChoice("agent_1", "Support EN"),),
        "result": (MenuChoice("failure", "Failed"),),
        "duration": (MenuChoice(">60", ">60"),),
    },
    period=fm.DAYS,
    since=datetime(2026, 11, 16, tzinfo=BERLIN),
    until=datetime(2026, 11, 18, 9, 30, 12, tzinfo=BERLIN),
)


def test_filters_modal(snapshot: SnapshotAssertion) -> None:
    """The modal reads as the question did."""
    assert render_view(filters_modal(FORM, sentence="failed calls")) == snapshot


def changed(**entries: str | None) -> dict[str, Any]:
    """Return the untouched state of FORM with other days or times: since, since_time, until, until_time."""
    state = untouched(filters_modal(FORM))
    for name, value in entries.items():
        block_id, _, of_day = name.partition("_")
        entry = state[block_id]["time_of_day" if of_day else "entry"]
        entry["selected_time" if of_day else "selected_date"] = value
    return state


def test_days_are_whole_and_the_askers() -> None:
    """A last day is included to its end, in the asker's zone, also on the day the clocks change."""
    state = changed(since="2026-10-25", until="2026-10-25", until_time=None)
    form = read_filters(state, FORM)
    assert form.since is not None
    assert form.until is not None
    assert form.until.astimezone(UTC) - form.since.astimezone(UTC) == timedelta(hours=25)


def test_changed_time_of_day() -> None:
    """A changed time is taken as entered; the other end keeps its seconds."""
    form = read_filters(changed(since_time="08:15"), FORM)
    assert form.since == datetime(2026, 11, 16, 8, 15, tzinfo=BERLIN)
    assert form.until == FORM.until


def test_changed_days_count_more_than_the_period() -> None:
    """Who chooses a day need not say so in the menu as well."""
    opened = replace(FORM, period="today")
    state = untouched(filters_modal(opened))
    state["since"]["entry"]["selected_date"] = "2026-11-16"
    form = read_filters(state, opened)
    assert (form.period, form.since, form.until) == (fm.DAYS, datetime(2026, 11, 16, tzinfo=BERLIN), None)


@pytest.mark.parametrize(
    "entries",
    [
        {"since": None, "since_time": "08:00"},
        {"since": "2026-11-19"},
        {"since": "soon"},
        {"until": "9999-12-31", "until_time": None},
    ],
)
def test_impossible_times_are_said_at_the_period(entries: dict[str, Any]) -> None:
    """What cannot be is told where Slack can show it: at an input."""
    with pytest.raises(BadFormError) as caught:
        read_filters(changed(**entries), FORM)
    answer = form_errors(caught.value.errors)
    assert answer["response_action"] == "errors"
    assert list(caught.value.errors) == [fm.PERIOD]


@law(50)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=12,
))  # fmt: skip
def test_nonsense_is_an_empty_form(state: object) -> None:
    """A state that Slack never sends is read as nothing entered, not as an exception."""
    try:
        form = read_filters(state, replace(FORM, period=fm.ANY, since=None, until=None))
    except BadFormError:
        return
    assert form.since is None


@law(50)
@given(choices, texts)
def test_the_answer_of_a_menu(known: tuple[MenuChoice, ...], typed: str) -> None:
    """It holds only options that Slack takes."""
    options: Any = fitting_options(known, typed)["options"]
    assert len(options) <= 100
    for option in options:
        assert 0 < units(option["text"]["text"]) <= 75
        assert 0 < units(option["value"]) <= 150


def test_a_menu_finds() -> None:
    """Every typed word must be in the name; names that begin so come first."""
    known = [MenuChoice(name, name) for name in ("Old Support EN", "Support EN", "Support DE", "Sales")]
    options: Any = fitting_options(known, "support en")["options"]
    assert [option["value"] for option in options] == ["Support EN", "Old Support EN"]
    everything: Any = fitting_options(known, "")["options"]
    assert [option["value"] for option in everything] == [choice.value for choice in known]
