"""Forms and Home: prefilled from values, read back to the same values, within Slack's limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.blocks import actions as act
from bot.blocks import filters_modal as fm
from bot.blocks import saved_blocks as sm
from bot.blocks.filters_modal import FiltersForm, agent_options, filters_modal, read_filters
from bot.blocks.home_view import Recent, home_view
from bot.blocks.inputs import BadFormError, MenuChoice, form_errors, usable
from bot.blocks.notice_messages import notice_message
from bot.blocks.saved_blocks import Saved, SaveForm, read_save, save_modal, saved_message
from bot.model import Agent
from tests.blocks.checker import check_message, check_view, units
from tests.blocks.hostile import agents, ids, some, texts, times, zones
from tests.blocks.render import render_view
from tests.blocks.samples import BERLIN, NOW
from tests.laws import law

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
days = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=BERLIN)
)
choices = st.lists(st.builds(MenuChoice, texts, texts), max_size=5).map(tuple)
values = st.lists(texts, max_size=4).map(tuple)
forms = st.builds(
    FiltersForm,
    agents=choices,
    result=values,
    since=st.none() | moments | days,
    until=st.none() | moments | days,
    duration=texts,
    rating=texts,
    text=texts,
    tool=texts,
    direction=values,
    source=values,
    language=values,
    oldest_first=st.booleans(),
)


def untouched(view: dict[str, Any]) -> dict[str, Any]:
    """Return the state that Slack sends when a form is submitted as it was opened."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry: dict[str, Any] = {"type": element["type"]}
        match element["type"]:
            case "plain_text_input":
                entry["value"] = element.get("initial_value")
            case "datepicker":
                entry["selected_date"] = element.get("initial_date")
            case "timepicker":
                entry["selected_time"] = element.get("initial_time")
            case "static_select":
                entry["selected_option"] = element.get("initial_option")
            case "conversations_select":
                entry["selected_conversation"] = element.get("initial_conversation")
            case _:
                entry["selected_options"] = element.get("initial_options", [])
        state[block["block_id"]] = {element["action_id"]: entry}
    return state


@law(50)
@given(forms, zones, texts)
def test_any_form_keeps_the_limits(form: FiltersForm, tz: ZoneInfo, sentence: str) -> None:
    """The Filters modal of any values is opened by Slack."""
    check_view(filters_modal(form, tz=tz, sentence=sentence, metadata="q"))


@law(50)
@given(forms, zones)
def test_untouched_form_changes_nothing(form: FiltersForm, tz: ZoneInfo) -> None:
    """Opening and submitting Filters gives back the very same values, to the microsecond."""
    ordered = form.since is None or form.until is None or form.since < form.until
    view = filters_modal(form, tz=tz)
    if not ordered:
        with pytest.raises(BadFormError):
            read_filters(untouched(view), tz=tz, before=form)
        return
    back = read_filters(untouched(view), tz=tz, before=form)
    assert (back.since, back.until, back.oldest_first) == (form.since, form.until, form.oldest_first)
    for name in ("duration", "rating", "text", "tool"):
        assert getattr(back, name) == getattr(form, name)
    for name in ("result", "direction", "source", "language"):
        kept = {choice.value for choice in usable(MenuChoice(value, value) for value in getattr(form, name))}
        assert set(getattr(back, name)) == kept
    assert [choice.value for choice in back.agents] == [choice.value for choice in usable(form.agents)]


KEYS = [fm.AGENTS, fm.RESULT, fm.SINCE, fm.TEXT, "entry", "selected_options", "value", "text"]
FORM = FiltersForm(
    agents=(MenuChoice("agent_1", "Support EN"),),
    result=("failure",),
    since=datetime(2026, 11, 16, tzinfo=BERLIN),
    until=datetime(2026, 11, 18, 9, 30, 12, tzinfo=BERLIN),
    duration=">60",
    language=("de", "-xx"),
)


def test_filters_modal(snapshot: SnapshotAssertion) -> None:
    """The modal reads as the question did."""
    assert render_view(filters_modal(FORM, tz=BERLIN, sentence="failed calls")) == snapshot


def changed(**entries: tuple[str, Any]) -> dict[str, Any]:
    """Return the untouched state of FORM with some entries changed: block_id=(name, value)."""
    state = untouched(filters_modal(FORM, tz=BERLIN))
    for block_id, (name, value) in entries.items():
        state[block_id]["entry"] = {name: value}
    return state


def test_days_are_whole_and_the_askers() -> None:
    """A last day is included to its end, in the asker's zone, also on the day the clocks change."""
    state = changed(
        since=("selected_date", "2026-10-25"),
        until=("selected_date", "2026-10-25"),
        until_time=("selected_time", None),
    )
    form = read_filters(state, tz=BERLIN, before=FORM)
    assert form.since is not None
    assert form.until is not None
    assert form.until.astimezone(UTC) - form.since.astimezone(UTC) == timedelta(hours=25)


def test_changed_time_of_day() -> None:
    """A changed time is taken as entered; the other end keeps its seconds."""
    form = read_filters(changed(since_time=("selected_time", "08:15")), tz=BERLIN, before=FORM)
    assert form.since == datetime(2026, 11, 16, 8, 15, tzinfo=BERLIN)
    assert form.until == FORM.until


@pytest.mark.parametrize(("entries", "field"), [
    ({"since": ("selected_date", None), "since_time": ("selected_time", "08:00")}, fm.SINCE),
    ({"since": ("selected_date", "2026-11-19")}, fm.UNTIL),
    ({"since": ("selected_date", "soon")}, fm.SINCE),
    ({"until": ("selected_date", "9999-12-31"), "until_time": ("selected_time", None)}, fm.UNTIL),
])  # fmt: skip
def test_impossible_times_are_said_at_the_field(entries: dict[str, Any], field: str) -> None:
    """What cannot be is told beside its field, as Slack wants it."""
    with pytest.raises(BadFormError) as caught:
        read_filters(changed(**entries), tz=BERLIN, before=FORM)
    answer = form_errors(caught.value.errors)
    assert answer["response_action"] == "errors"
    assert list(caught.value.errors) == [field]


@law(50)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=12,
))  # fmt: skip
def test_nonsense_is_an_empty_form(state: object) -> None:
    """A state that Slack never sends is read as nothing entered, not as an exception."""
    try:
        form = read_filters(state, tz=BERLIN, before=FiltersForm())
    except BadFormError:
        return
    assert form.since is None


@law(50)
@given(agents, texts)
def test_agent_menu(known: list[Agent], typed: str) -> None:
    """The menu's answer holds only options that Slack takes."""
    options: Any = agent_options(known, typed)["options"]
    assert len(options) <= 100
    for option in options:
        assert 0 < units(option["text"]["text"]) <= 75
        assert 0 < units(option["value"]) <= 150


def test_agent_menu_finds() -> None:
    """Every typed word must be in the name; names that begin so come first."""
    known = [
        Agent(agent_id=name, name=name) for name in ("Old Support EN", "Support EN", "Support DE", "Sales")
    ]
    options: Any = agent_options(known, "support en")["options"]
    assert [option["value"] for option in options] == ["Support EN", "Old Support EN"]
    everything: Any = agent_options(known, "")["options"]
    assert len(everything) == 4


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
