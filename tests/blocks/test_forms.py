"""Forms and Home: prefilled from values, read back to the same values, within Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.blocks import actions as act
from bot.blocks import filters_modal as fm
from bot.blocks import home_view as sm
from bot.blocks.filters_modal import FiltersForm, FormField, filters_modal, fitting_options, read_filters
from bot.blocks.home_view import Recent, Saved, SaveForm, home_view, read_save, save_modal, saved_message
from bot.blocks.modal_views import BadFormError, MenuChoice, form_errors, usable
from bot.blocks.notice_messages import notice_message
from bot.demo.slack.view_state import state as state_of
from tests.blocks.checker import check_message, check_view, units
from tests.blocks.hostile import ids, some, texts, times, zones
from tests.blocks.render import render_view
from tests.blocks.samples import BERLIN, NOW
from tests.laws import law

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
days = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=BERLIN)
)
choices = st.lists(st.builds(MenuChoice, texts, texts), max_size=5).map(tuple)
fields = st.builds(
    FormField,
    key=st.uuids().map(str),
    label=texts,
    group=texts,
    choices=choices.map(lambda found: (MenuChoice("known", "Known"), *found)),
    chosen=choices,
    asked_for=st.sampled_from(["", act.AGENT_MENU, act.FILTER_MENU]),
).map(lambda field: replace(field, most=1) if len(field.chosen) < 2 else field)
PERIODS = tuple(MenuChoice(each, each) for each in (fm.ANY, "today", fm.DAYS))
PERIOD = FormField(key=fm.PERIOD, label="Period", group="When", choices=PERIODS, required=True)
forms = st.builds(
    lambda found, period, since, until: FiltersForm(
        fields=(PERIOD, *found), period=period, since=since, until=until
    ),
    st.lists(fields, max_size=4),
    st.sampled_from([each.value for each in PERIODS]),
    st.none() | moments | days,
    st.none() | moments | days,
)


def untouched(view: dict[str, Any]) -> dict[str, Any]:
    """Return the state that Slack sends when a form is submitted as it was opened."""
    return state_of(view["blocks"], {})


@law(50)
@given(forms, zones, texts)
def test_any_form_keeps_the_limits(form: FiltersForm, tz: ZoneInfo, sentence: str) -> None:
    """The Filters modal of any values is opened by Slack, and no field says that it is optional."""
    view = filters_modal(form, tz=tz, sentence=sentence, metadata="q")
    check_view(view)
    assert "'optional': True" not in str(view)


@law(50)
@given(forms, zones)
def test_untouched_form_changes_nothing(form: FiltersForm, tz: ZoneInfo) -> None:
    """Opening and submitting Filters gives back the very same values, to the microsecond."""
    back = read_filters(untouched(filters_modal(form, tz=tz)), tz=tz, before=form)
    assert (back.period, back.since, back.until) == (form.period, form.since, form.until)
    for before, after in zip(form.fields[1:], back.fields[1:], strict=True):
        assert {choice.value for choice in after.chosen} == {choice.value for choice in usable(before.chosen)}


KEYS = [fm.PERIOD, fm.SINCE, fm.UNTIL, "result", "entry", "selected_options", "value", "text"]
RESULTS = (MenuChoice("failure", "Failed"), MenuChoice("success", "Successful"))
FORM = FiltersForm(
    fields=(
        PERIOD,
        FormField(
            key="agent",
            label="Agents",
            group="Which agent",
            chosen=(MenuChoice("agent_1", "Support EN"),),
            asked_for=act.AGENT_MENU,
        ),
        FormField(key="result", label="Result", group="How it went", choices=RESULTS, chosen=RESULTS[:1]),
        FormField(
            key="duration",
            label="Length",
            group="Length and rating",
            chosen=(MenuChoice(">60", ">60"),),
            asked_for=act.FILTER_MENU,
            most=1,
        ),
    ),
    period=fm.DAYS,
    since=datetime(2026, 11, 16, tzinfo=BERLIN),
    until=datetime(2026, 11, 18, 9, 30, 12, tzinfo=BERLIN),
)


def test_filters_modal(snapshot: SnapshotAssertion) -> None:
    """The modal reads as the question did."""
    assert render_view(filters_modal(FORM, tz=BERLIN, sentence="failed calls")) == snapshot


def changed(**entries: str | None) -> dict[str, Any]:
    """Return the untouched state of FORM with other days or times: since, since_time, until, until_time."""
    state = untouched(filters_modal(FORM, tz=BERLIN))
    for name, value in entries.items():
        block_id, _, of_day = name.partition("_")
        entry = state[block_id]["time_of_day" if of_day else "entry"]
        entry["selected_time" if of_day else "selected_date"] = value
    return state


def test_days_are_whole_and_the_askers() -> None:
    """A last day is included to its end, in the asker's zone, also on the day the clocks change."""
    state = changed(since="2026-10-25", until="2026-10-25", until_time=None)
    form = read_filters(state, tz=BERLIN, before=FORM)
    assert form.since is not None
    assert form.until is not None
    assert form.until.astimezone(UTC) - form.since.astimezone(UTC) == timedelta(hours=25)


def test_changed_time_of_day() -> None:
    """A changed time is taken as entered; the other end keeps its seconds."""
    form = read_filters(changed(since_time="08:15"), tz=BERLIN, before=FORM)
    assert form.since == datetime(2026, 11, 16, 8, 15, tzinfo=BERLIN)
    assert form.until == FORM.until


def test_changed_days_count_more_than_the_period() -> None:
    """Who chooses a day need not say so in the menu as well."""
    opened = replace(FORM, period="today")
    state = untouched(filters_modal(opened, tz=BERLIN))
    state["since"]["entry"]["selected_date"] = "2026-11-16"
    form = read_filters(state, tz=BERLIN, before=opened)
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
        read_filters(changed(**entries), tz=BERLIN, before=FORM)
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
        form = read_filters(state, tz=BERLIN, before=replace(FORM, period=fm.ANY, since=None, until=None))
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


@law(50)
@given(texts, texts, texts, st.none() | st.just("C0123"))
def test_the_form_of_save(name: str, schedule: str, sentence: str, channel: str | None) -> None:
    """It is opened by Slack and read back."""
    view: Any = save_modal(SaveForm(name=name, schedule=schedule, channel_id=channel), sentence=sentence)
    check_view(view)
    try:
        assert read_save(untouched(view)).channel_id == channel
    except BadFormError as error:
        assert list(error.errors) == [sm.NAME]  # noqa: PT017 - only names that are blank raise


recents = st.lists(st.builds(Recent, question_id=ids, sentence=texts, asked_at=times), max_size=15)
saveds = st.lists(
    st.builds(
        Saved,
        saved_id=ids,
        name=texts,
        sentence=texts,
        schedule=some,
        where=some | st.just("C1"),
        paused=st.booleans(),
    ),
    max_size=40,
)


@law(50)
@given(recents, saveds, zones, some)
def test_any_home_keeps_the_limits(
    recent: list[Recent], saved: list[Saved], tz: ZoneInfo, told: str | None
) -> None:
    """Home of anything is published by Slack."""
    check_view(home_view(recent=recent, saved=saved, tz=tz, now=NOW, told=told))
    check_message(saved_message(saved))


@law(50)
@given(texts, some)
def test_any_notice_keeps_the_limits(words: str, detail: str | None) -> None:
    """A notice of anything is taken by Slack."""
    check_message(notice_message(words, detail=detail))


def test_home(snapshot: SnapshotAssertion) -> None:
    """Home shows what can be pressed."""
    view = home_view(
        recent=[Recent(question_id="q_1", sentence="failed calls since today", asked_at=NOW - 300)],
        saved=[
            Saved(
                saved_id="s1",
                name="Monday failures",
                sentence="failed calls last week",
                schedule="every Monday 9:00",
            ),
            Saved(
                saved_id="s2",
                name="Long",
                sentence="calls over 10 minutes",
                schedule="every day 8:00",
                paused=True,
                where="C1",
            ),
            Saved(saved_id="s3", name="Plain", sentence="all calls"),
        ],
        tz=BERLIN,
        now=NOW,
    )
    check_view(view)
    assert render_view(view) == snapshot
    nothing = render_view(home_view(recent=[], saved=[], tz=BERLIN, now=NOW))
    assert "None yet" in nothing
    assert act.FILTERS in str(view)
