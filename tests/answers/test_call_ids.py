"""Call ids in every answer: in the glance, filled into the list, in each row of the CSV; asked for once."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.blocks.text import DASH
from bot.demo.elevenlabs import ApiFaults, Dataset, Phone, Record, Summary
from bot.demo.slack.sample import GENERAL
from tests.answers.calls import one_call
from tests.answers.office import NOW, Json, Office, office


def mixed(rows: int) -> Dataset:
    """Make finished conversations of every kind, a minute apart, the newest three hours old."""
    made = []
    for number in range(rows):
        source = ("twilio", "sip_trunk", "exotel", "widget")[number % 4]
        phone = {
            "twilio": Phone(type="twilio", call_sid=f"CA{number:032x}"),
            "sip_trunk": Phone(
                type="sip_trunking",
                call_sid=f"SCL_{number:012d}",
                call_id=f"{number}-call@203.0.113.9" if number % 8 == 1 else None,
            ),
            "exotel": Phone(type="exotel", call_sid=f"{number:032x}"),
        }.get(source)
        row = Summary(
            agent_id="agent_one",
            agent_name="Support EN",
            conversation_id=f"conv_{number:010d}",
            start_time_unix_secs=int(NOW) - 3 * 3600 - 60 * number,
            conversation_initiation_source=source,
        )
        made.append(Record(row=row, phone=phone))
    return Dataset(made)


def expected(record: Record) -> tuple[str, str, str]:
    """Return what a row of the CSV must say: provider, carrier's id, sid."""
    phone = record.phone
    if phone is None:
        return ("", "", "")
    call_id = phone.call_id if phone.type == "sip_trunking" else phone.call_sid
    return (phone.type, str(call_id) if call_id else "", phone.call_sid)


def cell(listed: Json, conversation_id: str) -> str:
    """Return the call id's cell in a message's table."""
    (table,) = [block for block in listed["blocks"] if block["type"] == "data_table"]
    (row,) = [row for row in table["rows"] if conversation_id in str(row[-1])]
    shown = row[-2]
    return str(shown.get("text") or shown["elements"][0]["elements"][0]["text"])


def given(desk: Office) -> dict[str, tuple[str, str, str]]:
    """Return the ids of each row of the newest CSV."""
    file = desk.files(desk.dm())[-1]
    return {
        row["conversation_id"]: (row["phone_provider"], row["call_id"], row["call_sid"])
        for row in desk.rows(file)
    }


async def another_file(desk: Office, count: int) -> None:
    """Wait for so many files."""
    await desk.seen(lambda: len(desk.files(desk.dm())) >= count, 60)


async def test_every_phone_row_has_its_ids_and_they_are_asked_for_once() -> None:
    """Phone rows have the carrier's id and the sid, web rows none; a second file costs nothing."""
    async with office(dataset=mixed(160)) as desk:
        desk.say("last 7 days", channel=desk.dm())
        await another_file(desk, 1)
        assert given(desk) == {r.row.conversation_id: expected(r) for r in desk.dataset}
        details = Counter(seen.path for seen in desk.samples.state.requests.details())
        assert len(details) == 120  # none for web conversations
        assert set(details.values()) == {1}
        desk.samples.state.requests.clear()
        await desk.settled_list(desk.dm())
        desk.say("last 7 days", channel=desk.dm())
        await another_file(desk, 2)
        assert given(desk) == {r.row.conversation_id: expected(r) for r in desk.dataset}
        assert desk.samples.state.requests.details() == []


async def test_a_detail_that_fails_is_marked_not_blank() -> None:
    """A look-up that fails for good is "could not be read" in list and file, and counted."""
    faults = ApiFaults()
    faults.plan("conversations/conv_0000000000", "404", times=100)
    async with office(dataset=mixed(12), faults=faults) as desk:
        desk.say("last 7 days", channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        assert cell(listed, "conv_0000000000") == "could not be read"
        assert cell(listed, "conv_0000000001") == "1-call@203.0.113.9"
        assert cell(listed, "conv_0000000003") == DASH
        assert cell(listed, "conv_0000000005") == "none from the carrier"
        assert "(1 call id could not be read)" in listed["text"]
        assert "could not be read" in given(desk)["conv_0000000000"][1]


async def test_a_detail_that_fails_twice_is_tried_again() -> None:
    """Passing trouble is got over: the id is there in the end."""
    faults = ApiFaults()
    faults.plan("conversations/conv_0000000000", "500", times=2)
    async with office(dataset=mixed(4), faults=faults) as desk:
        desk.say("last 7 days", channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        assert cell(listed, "conv_0000000000") == f"CA{0:032x}"


async def test_a_glance_waits_two_seconds_for_its_ids_and_can_be_refreshed() -> None:
    """Ids that come later are "…" with Refresh, which puts a complete glance in its place."""
    faults = ApiFaults(slow=4.0)
    faults.plan("conversations/conv_0000000000", "slow", times=1)
    async with office(dataset=mixed(5), faults=faults) as desk:
        await desk.command("last 7 days")
        (glance,) = await desk.seen(lambda: desk.whispers(GENERAL))
        assert cell(glance, "conv_0000000000") == "…"  # found only four seconds after it is asked for
        assert cell(glance, "conv_0000000004") == f"CA{4:032x}"
        await asyncio.sleep(2.5)
        await desk.press(glance, "refresh", channel=GENERAL)
        (fresh,) = await desk.seen(
            lambda: [m for m in desk.whispers(GENERAL) if cell(m, "conv_0000000000").startswith("CA")]
        )
        assert len(desk.whispers(GENERAL)) == 1
        assert "refresh" not in str(fresh["blocks"])


async def test_a_complete_glance_offers_no_refresh() -> None:
    """Nothing is offered that has nothing to do."""
    async with office(dataset=mixed(2)) as desk:
        await desk.command("last 7 days")
        (glance,) = await desk.seen(lambda: desk.whispers(GENERAL))
        assert cell(glance, "conv_0000000000") == f"CA{0:032x}"
        assert "'refresh'" not in str(glance["blocks"])


async def test_ids_on_screen_come_before_the_file() -> None:
    """The list fills its ids in while the rest of the file is still being looked up."""
    async with office(dataset=mixed(500), latency=0.2) as desk:
        desk.say("last 7 days", channel=desk.dm())
        (listed,) = await desk.seen(lambda: desk.messages(desk.dm()))
        last = [f"conv_{number:010d}" for number in (0, 1, 2, 4, 6, 8)]
        await desk.seen(lambda: all(cell(desk.messages(desk.dm())[0], each) != "…" for each in last), 12)
        assert desk.files(desk.dm()) == []
        assert "The CSV follows" in desk.messages(desk.dm())[0]["text"]
        assert listed["ts"] == desk.messages(desk.dm())[0]["ts"]


async def test_the_file_can_be_sent_now_without_call_ids() -> None:
    """When ids take long, a button sends what there is: one file, every row, and it says so."""
    async with office(dataset=mixed(500), latency=0.25) as desk:
        desk.say("last 7 days", channel=desk.dm())
        waiting = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "Send now without call ids" in str(m["blocks"])]
        )
        assert "call id" in waiting[0]["text"]
        await desk.press(waiting[0], "without_ids", channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        assert "without call ids" in listed["text"]
        rows = given(desk)
        assert len(rows) == 500
        assert any("not looked up" in ids for ids in rows.values())
        await desk.deliveries.idle()
        assert len(desk.files(desk.dm())) == 1


async def test_how_many_is_known_before_any_id() -> None:
    """The number stands while ids are looked up for the file, beyond EXPORT_ROWS too, and after Cancel."""
    async with office(dataset=mixed(400), latency=0.2, variables={"EXPORT_ROWS": "300"}) as desk:
        desk.say("how many calls last 7 days", channel=desk.dm())
        (counted,) = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if m["text"].startswith("400 calls")]
        )
        await desk.press(counted, "csv", channel=desk.dm())
        (counted,) = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "call ids" in m["text"] and "'cancel'" in str(m)]
        )
        assert counted["text"].startswith("400 calls")
        await desk.press(counted, "cancel", channel=desk.dm())
        (ended,) = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "cancelled" in m["text"]])
        assert ended["text"].startswith("400 calls")
    details = [seen.path for seen in desk.samples.state.requests if "/conversations/conv_" in seen.path]
    assert len(details) < 300


async def test_cancel_stops_the_look_up() -> None:
    """After Cancel no file comes, no request is sent, and CSV starts again."""
    async with office(dataset=mixed(400), latency=0.2) as desk:
        desk.say("last 7 days", channel=desk.dm())
        (working,) = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "'cancel'" in str(m["blocks"])]
        )
        await desk.press(working, "cancel", channel=desk.dm())
        (stopped,) = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "cancelled" in m["text"].lower()]
        )
        await asyncio.sleep(0.5)
        asked = len(desk.samples.state.requests)
        await asyncio.sleep(0.5)
        assert len(desk.samples.state.requests) == asked
        assert desk.files(desk.dm()) == []
        assert "'csv'" in str(stopped["blocks"])


async def test_a_call_still_going_on_is_asked_again() -> None:
    """Only the ids of ended calls are kept for good."""
    going = one_call("conv_stillgoing", age=60)
    going.row.status = "in-progress"
    async with office(dataset=Dataset([going])) as desk:
        desk.say("last 7 days", channel=desk.dm())
        await desk.settled_list(desk.dm())
        desk.samples.state.requests.clear()
        desk.say("last 7 days", channel=desk.dm())
        await another_file(desk, 2)
        assert len(desk.samples.state.requests.details()) >= 1
