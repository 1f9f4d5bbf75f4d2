"""Forms and Home: prefilled from values, read back to the same values, within Slack's limits."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.answers.home_tab import home_view
from bot.blocks import actions as act
from bot.blocks import saved_blocks as sm
from bot.blocks.modal_views import BadFormError
from bot.blocks.notice_messages import notice_message
from bot.blocks.saved_blocks import SaveForm, read_save, save_modal, saved_message
from bot.demo.slack.view_state import state as state_of
from bot.model import SavedQuestion
from bot.store.questions import Question
from tests.blocks.checker import check_message, check_view
from tests.blocks.hostile import ids, some, texts, times, zones
from tests.blocks.render import render_view
from tests.blocks.samples import BERLIN, NOW
from tests.laws import law


def untouched(view: dict[str, Any]) -> dict[str, Any]:
    """Return the state that Slack sends when a form is submitted as it was opened."""
    return state_of(view["blocks"], {})


@law(30)
@given(texts, texts, texts, st.none() | st.just("C0123"))
def test_the_form_of_save(name: str, schedule: str, sentence: str, channel: str | None) -> None:
    """It is opened by Slack and read back."""
    view: Any = save_modal(SaveForm(name=name, schedule=schedule, channel_id=channel), sentence=sentence)
    check_view(view)
    try:
        assert read_save(untouched(view)).channel_id == channel
    except BadFormError as error:
        assert list(error.errors) == [sm.NAME]  # noqa: PT017 - only names that are blank raise


def question(question_id: str, asked_at: float) -> Question:
    """Return a stored question of which only these matter."""
    return Question(
        question_id=question_id,
        text="",
        tz="UTC",
        team_id="T1",
        user_id="U1",
        channel_id="D1",
        asked_at=asked_at,
    )


recents = st.lists(st.tuples(st.builds(question, ids, times), texts), max_size=15)


def kept(name: str, sentence: str, saved_id: str = "s1", **values: Any) -> SavedQuestion:
    """Return a saved question of which only these matter."""
    return SavedQuestion(
        saved_id=saved_id,
        team_id="T1",
        user_id="U1",
        name=name,
        name_key=name,
        texts=(sentence,),
        tz="UTC",
        **values,
    )


saveds = st.lists(
    st.builds(
        kept,
        texts,
        texts,
        ids,
        schedule=some,
        channel_id=some | st.just("C1"),
        paused=st.booleans(),
    ),
    max_size=40,
)


@law(30)
@given(recents, saveds, zones, some)
def test_any_home_keeps_the_limits(
    recent: list[tuple[Question, str]], saved: list[SavedQuestion], tz: ZoneInfo, told: str | None
) -> None:
    """Home of anything is published by Slack."""
    check_view(home_view(recent=recent, saved=saved, tz=tz, now=NOW, told=told))
    check_message(saved_message(saved))


@law(30)
@given(texts, some)
def test_any_notice_keeps_the_limits(words: str, detail: str | None) -> None:
    """A notice of anything is taken by Slack."""
    check_message(notice_message(words, detail=detail))


def test_home(snapshot: SnapshotAssertion) -> None:
    """Home shows what can be pressed."""
    view = home_view(
        recent=[(question("q_1", NOW - 300), "failed calls since today")],
        saved=[
            kept("Monday failures", "failed calls last week", schedule="every Monday 9:00"),
            kept(
                "Long",
                "calls over 10 minutes",
                "s2",
                schedule="every day 8:00",
                paused=True,
                channel_id="C1",
            ),
            kept("Plain", "all calls", "s3"),
        ],
        tz=BERLIN,
        now=NOW,
    )
    check_view(view)
    assert render_view(view) == snapshot
    nothing = render_view(home_view(recent=[], saved=[], tz=BERLIN, now=NOW))
    assert "None yet" in nothing
    assert act.FILTERS in str(view)
