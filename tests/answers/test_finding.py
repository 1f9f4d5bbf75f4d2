"""From any id to its conversation: kept ids, the API's filter, a look through the calls."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.demo.elevenlabs import ApiFaults
from bot.demo.slack.sample import GENERAL, LENA, QUALITY
from tests.answers.calls import DAY, call_id_of, opened, phone_call, sid_of
from tests.answers.office import office


@pytest.mark.parametrize("kind", ["twilio", "exotel", "sip_trunking"])
async def test_a_sid_is_found_by_the_filter_in_at_most_three_requests(kind: str) -> None:
    """The `call_sid` of a call 20 days old costs the filtered list and the detail that confirms it."""
    async with office(rows=80) as desk:
        record = phone_call(desk.dataset, kind, days=20)
        desk.samples.state.requests.clear()
        desk.say(f"{sid_of(record)} which conversation was this?", channel=desk.dm())
        message = await opened(desk, desk.dm(), record.row.conversation_id)
        assert len(desk.samples.state.requests) <= 3
        assert "filter" not in str(message["blocks"])  # which way it was found helps nobody
        assert call_id_of(record) in str(message["blocks"])


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        ("absent", "twilio"),
        ("ignored", "twilio"),
        ("refused", "twilio"),
        ("absent", "exotel"),
        ("absent", "sip_trunking"),
    ],
)
async def test_a_sid_is_found_when_the_filter_does_not_work(behaviour: str, kind: str) -> None:
    """Whatever the API does with the filter, the call is found among all."""
    async with office(rows=80, system_variables=behaviour) as desk:
        record = phone_call(desk.dataset, kind, days=20)
        desk.say(sid_of(record), channel=desk.dm())
        await opened(desk, desk.dm(), record.row.conversation_id)
        assert len(desk.messages(desk.dm())) == 1  # what told of progress has become the call


async def test_a_sip_call_id_is_found() -> None:
    """The carrier's own Call-ID, which no filter knows, leads to its call, shown apart from `SCL_…`."""
    async with office(rows=80) as desk:
        record = phone_call(desk.dataset, "sip_trunking", days=10)
        desk.say(f"call:{call_id_of(record)}", channel=desk.dm())
        message = await opened(desk, desk.dm(), record.row.conversation_id)
        facts = str(message["blocks"])
        assert f"*Call id*  `{call_id_of(record)}` (SIP trunk)" in facts
        assert f"*Call sid*  `{sid_of(record)}` (ElevenLabs)" in facts


async def test_an_id_already_seen_is_found_among_those_kept() -> None:
    """After a list showed it, a sid needs no filter and no look through the calls."""
    async with office(rows=80, system_variables="absent") as desk:
        desk.say("last 30 days", channel=desk.dm())
        await desk.settled_list(desk.dm())
        record = phone_call(desk.dataset, "twilio", days=3)
        desk.samples.state.requests.clear()
        desk.say(sid_of(record), channel=desk.dm())
        await opened(desk, desk.dm(), record.row.conversation_id)
        assert len(desk.samples.state.requests) <= 1


async def test_a_time_given_says_where_to_look_first() -> None:
    """With a day near the call, far fewer details are asked for than there are calls since."""
    async with office(rows=1000, system_variables="absent") as desk:
        record = phone_call(desk.dataset, "twilio", days=60)
        day = time.strftime("%Y-%m-%d", time.gmtime(record.row.start_time_unix_secs + DAY))
        desk.samples.state.requests.clear()
        desk.say(f"{sid_of(record)} on {day}", channel=desk.dm())
        await opened(desk, desk.dm(), record.row.conversation_id)
        assert len(desk.samples.state.requests.details()) < 200


async def test_an_id_that_nobody_has_is_said_with_how_far_was_looked() -> None:
    """The answer names the id and says how many calls were checked, with a next step."""
    async with office(rows=80) as desk:
        desk.say("CA" + "0" * 32, channel=desk.dm())
        told = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "No conversation" in m["text"]]
        )
        words = str(told[0]["blocks"])
        assert "CA" + "0" * 32 in words
        assert "I checked every phone call that could have it: " in words
        assert "phone calls, back to" in words
        assert "another ElevenLabs workspace" in words
        assert "add a time" not in words  # every call was looked at


async def test_a_search_tells_of_progress_and_can_be_cancelled() -> None:
    """While calls are looked through, the count is shown; Cancel ends it and says how far it came."""
    async with office(rows=1000, system_variables="absent", latency=0.05) as desk:
        desk.say("CA" + "0" * 32, channel=desk.dm())
        (looking,) = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "back to" in m["text"] and "Looking" in m["text"]]
        )
        await desk.press(looking, "cancel", channel=desk.dm())
        told = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "No conversation" in m["text"]]
        )
        assert "Stopped after checking" in told[0]["text"]
        assert "add a time near the call" in str(told[0]["blocks"])
        await asyncio.sleep(0.3)
        asked = len(desk.samples.state.requests)
        await asyncio.sleep(0.3)
        assert len(desk.samples.state.requests) == asked


async def test_a_command_opens_on_the_spot_and_in_the_direct_message() -> None:
    """Only the sender sees the call in the channel; the same stands in their direct message."""
    async with office(rows=80) as desk:
        record = phone_call(desk.dataset, "twilio")
        await desk.command(f"id:{record.row.conversation_id}")
        await opened(desk, desk.dm(), record.row.conversation_id)
        (glance,) = await desk.seen(lambda: desk.whispers(GENERAL))
        assert record.row.conversation_id in glance["text"]
        assert desk.messages(GENERAL) == []
        assert desk.whispers(GENERAL, LENA) == []


async def test_a_command_whose_search_takes_long_says_where_the_answer_comes() -> None:
    """A glance cannot be edited: it points to the message that tells of progress."""
    async with office(rows=80, system_variables="absent") as desk:
        record = phone_call(desk.dataset, "twilio", days=20)
        await desk.command(sid_of(record))
        (glance,) = await desk.seen(lambda: desk.whispers(GENERAL))
        message = await opened(desk, desk.dm(), record.row.conversation_id)
        assert message["ts"].replace(".", "") in glance["text"]


@pytest.mark.parametrize(
    "text",
    [
        "@conversations https://elevenlabs.io/app/agents/history/{id}?tab=transcript",
        "@conversations what happened in <https://elevenlabs.io/app/agents/history/{id}|this one>?",
        "@conversations ({id}).",
    ],
)
async def test_a_link_in_a_mention_opens_the_call_in_its_thread(text: str) -> None:
    """A pasted dashboard link is as good as the id, also with a label or a query."""
    async with office(rows=80) as desk:
        record = phone_call(desk.dataset, "twilio")
        asked = desk.say(text.format(id=record.row.conversation_id), channel=QUALITY)
        message = await opened(desk, QUALITY, record.row.conversation_id)
        assert message["thread_ts"] == asked["ts"]
        assert "not understood" not in str(message["blocks"])


async def test_several_ids_are_opened_one_after_the_other() -> None:
    """Each of several ids gets its message; one that ElevenLabs does not know does not hold up the rest."""
    async with office(rows=80) as desk:
        first, second = phone_call(desk.dataset, "twilio"), phone_call(desk.dataset, "sip_trunking")
        desk.say(
            f"{first.row.conversation_id} conv_doesnotexist {second.row.conversation_id}", channel=desk.dm()
        )
        await opened(desk, desk.dm(), second.row.conversation_id)
        texts = [m["text"] for m in desk.messages(desk.dm())]
        assert len(texts) == 3
        assert first.row.conversation_id in texts[0]
        assert "No conversation has the id" in texts[1]


async def test_what_was_not_used_is_named() -> None:
    """Filters and words beside an id are not dropped in silence."""
    async with office(rows=80) as desk:
        record = phone_call(desk.dataset, "twilio")
        desk.say(f"{record.row.conversation_id} failed xyzzy", channel=desk.dm())
        message = await opened(desk, desk.dm(), record.row.conversation_id)
        assert "not understood: xyzzy" in str(message["blocks"])
        assert "without result" in str(message["blocks"])


async def test_calls_that_cannot_be_read_are_counted() -> None:
    """A search that met unreadable calls says so: the id may be theirs."""
    faults = ApiFaults()
    async with office(rows=60, system_variables="absent", faults=faults) as desk:
        hidden = phone_call(desk.dataset, "twilio", days=1)
        faults.plan(f"conversations/{hidden.row.conversation_id}", "404", times=100)
        desk.say(sid_of(hidden), channel=desk.dm())
        told = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "No conversation" in m["text"]]
        )
        assert "1 call of them could not be read" in told[0]["text"]
