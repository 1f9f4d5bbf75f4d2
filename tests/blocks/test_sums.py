"""Slack's sums over a whole message: block count and all text together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import actions as act
from bot.blocks import list_message as lm
from bot.blocks.block_elements import MESSAGE_CHARS, button, context, fit, message, section, weight
from bot.blocks.call_message import CallView, call_message, call_modal
from bot.blocks.list_message import ListView, glance_message
from bot.blocks.notice_messages import (
    UnknownWord,
    agents_message,
    filters_help_message,
    help_message,
    misunderstood_message,
    trouble_message,
)
from bot.blocks.text import escape
from bot.model import (
    FAILED,
    Agent,
    Call,
    CallIds,
    Collected,
    Conversation,
    Criterion,
    IdState,
    Message,
    PhoneCall,
    Turn,
)
from tests.blocks.checker import check_message, check_view, units
from tests.blocks.samples import BERLIN, NOW
from tests.laws import law

LONG = ["x" * 20_000, "&" * 20_000, "<!channel> " * 2_000, "\N{GRINNING FACE}" * 10_000, "a`b " * 5_000]
EVERYTHING = frozenset(
    {
        act.OPEN_CALL,
        act.FILTERS,
        act.CSV,
        act.SHARE,
        act.SAVE,
        act.REFRESH,
        act.SHOW_API,
        act.CANCEL,
        act.WITHOUT_IDS,
        act.SEND_ALL,
        act.RETRY,
        act.TRANSCRIPT_FILE,
        act.AUDIO_FILE,
        act.CALL_API,
        act.OPEN_LINK,
    }
)


def row(text: str, number: int) -> Conversation:
    """Return a row as long as it can be, its ids still such as open."""
    return Conversation(
        conversation_id=f"conv_{number:090d}",
        agent_name=text,
        start_time_unix_secs=int(NOW),
        call_duration_secs=10**8,
        status=text,
        call_successful=text,
    )


def found(text: str) -> CallIds:
    """Return ids as long as they can be."""
    return CallIds(IdState.FOUND, PhoneCall(phone_provider=text, call_id=text, call_sid=text))


def the_list(text: str) -> Message:
    """Return a list message with everything in it, as long as can be."""
    rows = [row(text, number) for number in range(12)]
    return ListView(
        sentence=text,
        rows=rows,
        ids={each.conversation_id: found(text) for each in rows},
        outcome=lm.Outcome(total=10**9, final=False, as_of=NOW, failed=lm.Failed(words=text, reference=text)),
        reading=lm.ReadSoFar(),
        tz=BERLIN,
        question_id="q" * 60,
        actions=EVERYTHING,
        notes=[text] * 9,
        shared_by="U" + "0" * 20,
    ).message(NOW)


def the_glance(text: str) -> Message:
    """Return a glance likewise."""
    rows = [row(text, number) for number in range(12)]
    return glance_message(
        ListView(
            sentence=text,
            rows=rows,
            ids={each.conversation_id: FAILED for each in rows},
            outcome=lm.Outcome(total=10**9, final=True, as_of=NOW),
            tz=BERLIN,
            actions=EVERYTHING,
            counting=True,
            notes=[text] * 9,
        ),
        NOW,
        permalink="https://x.slack.com/" + "p" * 900,
    )


def a_call(text: str) -> CallView:
    """Return a call likewise."""
    call = Call(
        conversation_id="conv_" + "9" * 90,
        agent_id=text,
        agent_name=text,
        status=text,
        user_id=text,
        feedback_comment=text,
        termination_reason=text,
        error=text,
        warnings=(text,) * 20,
        call_summary_title=text,
        transcript_summary=text,
        main_language=text,
        conversation_initiation_source=text,
        rating=1e300,
        cost=1e300,
        criteria=(Criterion(criteria_id=text, result=text, rationale=text),) * 40,
        collected=(Collected(data_collection_id=text, value=text),) * 40,
        transcript=(
            Turn(
                role=text,
                message=text,
                time_in_call_secs=9,
                tool_names=(text,) * 5,
                failed_tool_names=(text,),
            ),
        )
        * 5,
        has_audio=True,
        phone=PhoneCall(
            phone_provider=text,
            call_id=text,
            call_sid=text + "1",
            direction=text,
            agent_number=text,
            external_number=text,
        ),
    )
    return CallView(call=call, tz=BERLIN, now=NOW, question_id="q" * 60, notes=[text])


def trouble(text: str) -> Message:
    """Return an error likewise."""
    return trouble_message(
        text,
        text,
        reference=text,
        again=button(text, act.RETRY, act.Pointer("q"), style="primary"),
    )


MESSAGES: list[Callable[[str], Message]] = [
    the_list,
    the_glance,
    lambda text: call_message(a_call(text)),
    help_message,
    lambda text: filters_help_message({text: [(text, text)] * 80}),
    lambda text: agents_message([Agent(agent_id=text, name=text)] * 300),
    trouble,
    lambda text: misunderstood_message(
        [UnknownWord(text, (text,) * 9, text)] * 30,
        [text] * 30,
        sentence=text,
    ),
]


@pytest.mark.parametrize("text", LONG, ids=["letters", "entities", "channel", "emoji", "backticks"])
@pytest.mark.parametrize("build", MESSAGES)
def test_everything_long_at_once(build: Callable[[str], Message], text: str) -> None:
    """A message whose every part is as long as can be is still taken by Slack."""
    check_message(build(text))


@pytest.mark.parametrize("text", LONG, ids=["letters", "entities", "channel", "emoji", "backticks"])
def test_long_call_in_a_modal(text: str) -> None:
    """So is a modal, on its first page and on a later one."""
    check_view(call_modal(a_call(text)))
    check_view(call_modal(a_call(text), 7))


def test_ordinary_ids_are_never_cut() -> None:
    """Whatever else is long, the ids that people copy are whole."""
    shown = str(the_list("y" * 20_000).blocks)
    for number in range(12):
        assert f"'conv_{number:090d}'" in shown


def test_a_hundred_sip_calls_with_long_titles_fit() -> None:
    """The longest list that there is in life: every row and id is there, in 20,000 characters."""
    rows = [
        Conversation(
            conversation_id=f"conv_01jkz{n:022d}",
            agent_name="Customer Support Englisch (Nacht)",
            start_time_unix_secs=int(NOW) - n,
            call_duration_secs=3_600 + n,
            status="done",
            call_successful="success",
            call_summary_title="The caller asks for the refund of an order that never came, " * 3,
            termination_reason="Call ended by remote party after the agent had said goodbye",
        )
        for n in range(100)
    ]
    call_id = "a84b4c76-e667-10b1-9f2c-0123456789ab@pc33.carrier.example"
    made = ListView(
        sentence="all conversations, newest first",
        rows=rows,
        ids={each.conversation_id: found(call_id) for each in rows},
        outcome=lm.Outcome(total=100, final=True, as_of=NOW),
        tz=BERLIN,
        question_id="q" * 17,
        actions=EVERYTHING,
    ).message(NOW)
    check_message(made)
    (table,) = [block for block in made.blocks if block["type"] == "data_table"]
    assert str(table).count(f"'{call_id}'") == 100
    assert all(f"'{each.conversation_id}'" in str(table) for each in rows)
    assert "shown" not in str(made.blocks[0])


blocks = st.lists(
    st.one_of(
        st.builds(lambda text: section(escape(text)), st.text(max_size=40).map(lambda text: text * 60)),
        st.builds(context, st.sampled_from(["a", "b" * 1_900, "c" * 200])),
    ),
    min_size=1,
    max_size=70,
)


@law(30)
@given(blocks)
def test_fit_keeps_the_sums(made: list[dict[str, Any]]) -> None:
    """Any blocks are brought under Slack's sums; blocks that fit are left exactly as they are."""
    before = [dict(block) for block in made]
    kept = fit(made)
    assert len(kept) <= 50
    assert weight(kept) <= MESSAGE_CHARS
    assert made == before
    if len(made) <= 50 and weight(made) <= MESSAGE_CHARS:
        assert list(kept) == made


def test_only_the_longest_are_cut() -> None:
    """Short texts survive; long ones are cut to one length, which is not shorter than it need be."""
    short = [section("short " * 10) for _ in range(5)]
    kept: Any = fit(
        [*short, section("l" * 2_900), section("m" * 2_900), section("n" * 2_900), section("o" * 1_500)]
    )
    assert list(kept[:5]) == short
    assert [units(block["text"]["text"]) for block in kept[5:8]] == [2333] * 3
    assert units(kept[8]["text"]["text"]) == 1_500
    assert weight(kept) in range(MESSAGE_CHARS - 10, MESSAGE_CHARS + 1)


def test_too_many_blocks_say_so() -> None:
    """What is left out is counted."""
    kept = fit([section(str(number)) for number in range(60)])
    assert len(kept) == 50
    assert "11 more" in str(kept[-1])


def test_text_is_never_empty_nor_too_long() -> None:
    """The text of notifications is always there, and never cut inside an entity."""
    assert message("", [section("x")]).text == " "
    text = message(escape("&" * 20_000, 20_000), [section("x")]).text
    assert units(text) < 4_000
    assert text.removesuffix("…").replace("&amp;", "") == ""
