"""One opened call: as a message, as a modal, as a text file."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.blocks.actions import BadValueError, page_pick, read_page_pick
from bot.blocks.call_message import (
    CallView,
    call_message,
    call_modal,
    looking_message,
    not_found_message,
    pages,
    transcript_text,
)
from bot.blocks.modal_views import choose_call_modal, loading_modal, noted, notice_modal
from bot.blocks.text import pieces
from bot.model import Call, Collected, Criterion, PhoneCall, Turn
from tests.blocks.checker import check_markup, check_message, check_view, every_text, units
from tests.blocks.hostile import calls, ids, some, texts, turns, zones
from tests.blocks.render import render, render_view
from tests.blocks.samples import BERLIN, NOW
from tests.laws import law

CALL = Call(
    conversation_id="conv_01jkz9",
    agent_id="agent_1",
    agent_name="Support EN",
    status="done",
    start_time_unix_secs=int(NOW) - 3600,
    call_duration_secs=245,
    call_successful="failure",
    conversation_initiation_source="sip_trunk",
    main_language="en",
    rating=2.0,
    feedback_comment="Hung up on me",
    termination_reason="Client ended call",
    cost=320.0,
    call_summary_title="Refund for <order> & invoice",
    transcript_summary="The caller asked for a refund; the lookup failed.",
    criteria=(
        Criterion(criteria_id="polite", result="success", rationale="Greeted by name."),
        Criterion(criteria_id="solved", result="failure"),
    ),
    collected=(Collected(data_collection_id="order", value="A-17"), Collected(data_collection_id="email")),
    transcript=(
        Turn(role="agent", message="Hello, how can I help?", time_in_call_secs=0),
        Turn(role="user", message="I want a refund\nfor `A-17`", time_in_call_secs=4, interrupted=True),
        Turn(
            role="agent",
            time_in_call_secs=9,
            tool_names=("lookup", "lookup", "refund"),
            failed_tool_names=("refund",),
        ),
    ),
    has_audio=True,
    phone=PhoneCall(
        phone_provider="sip_trunking",
        call_id="a84b@pc33.example.com",
        call_sid="SCL_9f2c",
        direction="inbound",
        agent_number="+1•••0123",
        external_number="+49•••4567",
    ),
)
VIEW = CallView(call=CALL, tz=BERLIN, now=NOW, question_id="q_1")


@law(30)
@given(
    st.builds(
        CallView,
        call=calls,
        tz=zones,
        now=st.just(NOW),
        question_id=ids,
        notes=st.lists(texts, max_size=3),
        shared_by=st.sampled_from([None, "U0LENA", "<!channel>"]),
        shared_note=texts,
        previous_call=st.none() | ids,
        next_call=st.none() | ids,
    ),
    st.integers(-1, 50),
)
def test_any_call_keeps_the_limits(view: CallView, page: int) -> None:
    """A call of anything is taken by Slack as a message and as a modal, on any page."""
    check_message(call_message(view))
    check_view(call_modal(view, page))
    transcript_text(view.call, view.tz).encode()


@law(30)
@given(turns)
def test_pages_leave_nothing_out(said: tuple[Turn, ...]) -> None:
    """The pages of a transcript hold every word that was said, in order, and no page is too long."""
    cut = pages(said)
    shown = "".join(text for page in cut for text in every_text(page))
    position = 0
    for turn in said:
        for word in re.findall(r"[a-z]{3,}", turn.message or ""):
            found = shown.replace("\n", "").find(word[:2_000], position)
            assert found >= 0, word[:50]
    for page in cut:
        assert sum(units(text) for text in every_text(page)) <= 6_000


@law(30)
@given(texts, st.integers(10, 3000))
def test_pieces_hold_all_of_it(raw: str, limit: int) -> None:
    """A text cut into pieces keeps every letter; each piece is whole markup within its limit."""
    cut = pieces(raw, limit)
    for piece in cut:
        assert units(piece) <= limit
        check_markup(piece)
    assert "".join(cut).count("x") == raw.count("x")
    assert "".join(cut).count("&amp;") == raw.count("&")


def test_call_message(snapshot: SnapshotAssertion) -> None:
    """An opened call says what issue and reader ask of it."""
    assert render(call_message(VIEW)) == snapshot


def test_call_modal(snapshot: SnapshotAssertion) -> None:
    """The modal has the facts on its first page only, and turns pages."""
    long = tuple(Turn(role="user", message=f"{n} " + "word " * 60, time_in_call_secs=n) for n in range(60))
    view = replace(VIEW, call=msgspec.structs.replace(CALL, transcript=long))
    first, second, last = call_modal(view), call_modal(view, 1), call_modal(view, 999)
    for modal in (first, second, last):
        check_view(modal)
    assert render_view(call_modal(VIEW)) == snapshot
    assert "[Next page]" in render_view(first)
    assert "[Previous page] [Next page]" in render_view(second)
    assert "[Previous page]" in render_view(last)
    assert "[Next page]" not in render_view(last)
    assert "Why it failed" not in render_view(second)


def test_a_call_says_first_what_happened() -> None:
    """Summary, why, how it ended, tools, data; then dollars, ids and links. What failed comes first."""
    call = msgspec.structs.replace(CALL, cost_fiat=0.0576)
    shown = render(call_message(replace(VIEW, call=call)))
    happened = ["Failed", "Summary", "Why it failed", "solved", "polite", "How it ended", "refund (failed)"]
    order = [*happened, "Collected data", "$0.06", "2 of 5", "Conversation id", "[Audio]"]
    assert [*map(shown.index, order)] == sorted(map(shown.index, order))
    assert "credits" not in shown
    well = msgspec.structs.replace(call, call_successful="success")
    assert "*Evaluation*" in render(call_message(replace(VIEW, call=well)))


def test_a_shared_call_has_a_note_and_no_transcript() -> None:
    """Who shared it stands first; what was said may be in its thread."""
    shown = render(call_message(replace(VIEW, shared_by="U0LENA", shared_note="<!here> listen")))
    assert shown.index("Shared by <@U0LENA>") < shown.index("# Refund for")
    assert "&lt;!here&gt; listen" in shown
    assert "how can I help" not in shown


def test_the_modal_goes_on_in_the_list() -> None:
    """Previous and next call, where there are some, on every page."""
    view = replace(VIEW, next_call="conv_next")
    assert "[Next call]" in render_view(call_modal(view))
    assert "[Previous call]" not in render_view(call_modal(view))


def test_what_is_said_over_a_view_is_said_once() -> None:
    """A line over what is seen takes the place of the one before; the rest stays."""
    view = call_modal(VIEW)
    twice = noted(noted(view, "The transcript comes."), "The recording comes.")
    check_view(twice)
    assert "transcript comes" not in str(twice)
    assert twice["blocks"][1:] == view["blocks"]  # type: ignore[index]


def test_transcript_file(snapshot: SnapshotAssertion) -> None:
    """The text file holds facts and every turn with its time, speaker, tools and failures."""
    assert transcript_text(CALL, BERLIN) == snapshot


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        (None, "*Call id*  – not a phone call"),  # noqa: RUF001 - the dash that people see
        (
            PhoneCall(phone_provider="twilio", call_id="CA1", call_sid="CA1"),
            "*Call id*  `CA1` (Twilio)\n*Agent id*",
        ),
        (
            PhoneCall(phone_provider="sip_trunking", call_id="x@y", call_sid="SCL_1"),
            "*Call id*  `x@y` (SIP trunk)\n*Call sid*  `SCL_1` (ElevenLabs)",
        ),
        (
            PhoneCall(phone_provider="sip_trunking", call_sid="SCL_1"),
            "none from the carrier (SIP trunk)\n*Call sid*",
        ),
        (PhoneCall(phone_provider="new_carrier", call_id="1"), "`1` (New carrier)"),
    ],
)
def test_ids_are_told_apart(phone: PhoneCall | None, words: str) -> None:
    """The carrier's id and ElevenLabs' own are never confused, nor a missing id with a chat."""
    view = replace(VIEW, call=msgspec.structs.replace(CALL, phone=phone))
    assert words in render(call_message(view))


def test_an_unreadable_phone_call_is_not_shown_as_none() -> None:
    """Where ElevenLabs says nothing readable about the phone call, the message and the file say so."""
    call = msgspec.structs.replace(CALL, phone=None, phone_known=False)
    for shown in (render(call_message(replace(VIEW, call=call))), transcript_text(call, BERLIN)):
        assert "could not be read" in shown
        assert "not a phone call" not in shown


def test_a_turn_with_only_a_file_shows_it() -> None:
    """A file that was sent is what happened in a turn: nobody said nothing."""
    turn = Turn(role="user", file_names=("<a>.pdf",))
    call = msgspec.structs.replace(CALL, transcript=(turn,))
    assert "sent a file: <a>.pdf" in transcript_text(call, BERLIN)
    (page,) = pages([turn])
    assert "sent a file: &lt;a&gt;.pdf" in str(page)
    assert "said nothing" not in str(page)


def test_offers_follow_the_call() -> None:
    """Audio is offered only when there is some, a transcript file only when something was said."""
    silent = msgspec.structs.replace(CALL, has_audio=False, transcript=())
    assert "[Audio]" in render(call_message(VIEW))
    shown = render(call_message(replace(VIEW, call=silent)))
    assert "[Audio]" not in shown
    assert "[Transcript]" not in shown
    assert "No transcript." in shown


@law(30)
@given(texts, texts, some, ids)
def test_looking_for_an_id(wanted: str, how_far: str, step: str | None, question: str) -> None:
    """The search for any id is told within Slack's limits, found or not."""
    check_message(looking_message(wanted, how_far, question))
    check_message(not_found_message(wanted, how_far, next_step=step))


def test_small_modals() -> None:
    """Loading and notices are modals that Slack opens."""
    check_view(loading_modal("A title that is far too long for Slack"))
    check_view(notice_modal("Sent", "The audio is in your direct messages."))


@law(30)
@given(st.lists(texts, max_size=120))
def test_choosing_among_ids(wanted: list[str]) -> None:
    """A message that names any number of anything still gives a modal that Slack opens."""
    check_view(choose_call_modal(wanted))


def test_page_picks() -> None:
    """A page button's value is read back, and nothing else is."""
    assert read_page_pick(page_pick(3, "conv:1")) == (3, "conv:1")
    for bad in (None, "", "3:", ":x", "-1:x", "x:y", "9" * 30 + ":x", "\N{SUPERSCRIPT TWO}:x"):
        with pytest.raises(BadValueError):
            read_page_pick(bad)
