"""What ElevenLabs sends in no usable form, or hides from the key, is said where the answer is."""

from __future__ import annotations

import pytest

from bot.blocks import actions as act
from bot.demo.elevenlabs import ApiFaults, Dataset
from bot.demo.elevenlabs.dataset import hide, lose_start
from bot.demo.slack.sample import GENERAL, LENA
from tests.answers.calls import one_call, opened, phone_call, sid_of
from tests.answers.office import Json, Office, office

DAY = 86_400


def calls(count: int) -> Dataset:
    """Make finished calls, five minutes apart, the newest three hours old."""
    made = [one_call(f"conv_{number:05d}", age=10_800 + 300 * number) for number in range(count)]
    return Dataset(made)


def blocks(desk: Office, message: Json) -> str:
    """Read a message again; return what it shows."""
    return str((desk.workspace.messages.get(desk.dm(), message["ts"]) or {})["blocks"])


async def test_rows_without_a_start_time_are_told_on_list_glance_and_file() -> None:
    """The number is said from the first list on, corrected by the file, and again after Refresh."""
    dataset = calls(120)
    for number in (3, 4, 110):
        lose_start(dataset.get(f"conv_{number:05d}"))  # type: ignore[arg-type]
    async with office(dataset=dataset) as desk:
        await desk.command("last 30 days")
        listed = await desk.settled_list(desk.dm())
        words = "Missing: 3 calls that ElevenLabs sent without an id or a start time"
        assert words in str(listed["blocks"])
        assert "Missing: 2 calls" in str(desk.whispers(GENERAL)[0]["blocks"])
        assert len(desk.rows(desk.files(desk.dm())[0])) == 117
        lose_start(dataset.get("conv_00115"))  # type: ignore[arg-type]
        await desk.press(listed, act.MORE, channel=desk.dm(), pick="Refresh")
        await desk.seen(lambda: "Missing: 4 calls" in blocks(desk, listed))
        assert words not in blocks(desk, listed)


async def test_nothing_but_such_rows_is_not_simply_nothing() -> None:
    """An answer without a single call says that some came that could not be placed."""
    dataset = calls(3)
    for record in dataset:
        lose_start(record)
    async with office(dataset=dataset) as desk:
        desk.say("how many calls last 30 days", channel=desk.dm())
        (told,) = await desk.seen(lambda: desk.messages(desk.dm()))
        assert "Missing: 3 calls" in str(told["blocks"])


async def test_hidden_calls_are_told_apart_from_failed_look_ups() -> None:
    """They are listed and in the file, marked; nobody asks for them, and the number is said."""
    dataset = calls(40)
    hidden = {f"conv_{number:05d}" for number in (0, 17, 39)}
    for name in hidden:
        hide(dataset.get(name))  # type: ignore[arg-type]
    async with office(dataset=dataset) as desk:
        for _ in range(2):
            desk.say("last 30 days", channel=desk.dm())
        await desk.seen(lambda: len(desk.files(desk.dm())) == 2)
        listed = await desk.settled_list(desk.dm())
        assert "Not opened: 3 calls hidden from the API key" in str(listed["blocks"])
        assert "could not be read" not in listed["text"].partition("CSV in")[2].partition("\n")[0]
        rows = desk.rows(desk.files(desk.dm())[0])
        assert {row["conversation_id"] for row in rows if row["call_id"] == "could not be read"} == hidden
        asked = {seen.path.rpartition("/")[2] for seen in desk.samples.state.requests.details()}
        assert not asked & hidden


async def test_a_call_that_cannot_be_opened_does_not_end_a_search() -> None:
    """The filter names a hidden call: the search goes on, and says what could not be read."""
    async with office(rows=60) as desk:
        record = phone_call(desk.dataset, "twilio", days=1)
        hide(record)
        desk.say(sid_of(record), channel=desk.dm())
        told = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "No conversation" in m["text"]]
        )
        assert "1 call of them could not be read" in told[0]["text"]


async def test_an_id_known_from_before_is_looked_for_elsewhere_when_its_call_is_closed() -> None:
    """A kept id leads to a call that was hidden since: its twin with the same id is found."""
    async with office(rows=60) as desk:
        desk.say("last 30 days", channel=desk.dm())
        await desk.settled_list(desk.dm())
        record = phone_call(desk.dataset, "twilio", days=1)
        twin = one_call("conv_twin", age=4 * DAY, phone=record.phone)
        desk.dataset.add(twin)
        hide(record)
        desk.say(sid_of(record), channel=desk.dm())
        await opened(desk, desk.dm(), "conv_twin")


async def test_rows_that_cannot_be_placed_are_told_by_a_search_for_an_id() -> None:
    """Where every call was looked at, one that came without a start time was not."""
    async with office(rows=60, system_variables="absent") as desk:
        lose_start(phone_call(desk.dataset, "twilio", days=1))
        desk.say("CA" + "0" * 32, channel=desk.dm())
        told = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm()) if "No conversation" in m["text"]]
        )
        assert "could not be read" in told[0]["text"]


async def test_asking_again_reads_every_row_anew() -> None:
    """The file of a question asked again is as fresh as its list: no page of it comes from memory."""
    dataset = calls(220)
    async with office(dataset=dataset) as desk:
        await desk.command("last 30 days")
        await desk.settled_list(desk.dm())
        for record in dataset:
            record.row.rating = 1
        await desk.open_page("home")
        await desk.seen(lambda: "recent.0" in str(desk.home()))
        await desk.press_home("recent")
        await desk.seen(lambda: len(desk.files(desk.dm())) == 2)
        ratings = [row["rating"] for row in desk.rows(desk.files(desk.dm())[-1])]
        assert set(ratings) == {"1"}
        assert len(ratings) == 220


async def test_refresh_on_a_glance_reads_anew() -> None:
    """Its rows come past every cache, as its ids do."""
    dataset, faults = calls(12), ApiFaults(slow=4.0)
    faults.plan("conversations/conv_00000", "slow", times=1)
    async with office(dataset=dataset, faults=faults) as desk:
        await desk.command("last 7 days until 2 hours ago")
        (glance,) = await desk.seen(lambda: desk.whispers(GENERAL))
        await desk.settled_list(desk.dm())
        dataset.add(one_call("conv_brandnew", age=10_000))
        await desk.press(glance, act.REFRESH, channel=GENERAL)
        await desk.seen(lambda: [m for m in desk.whispers(GENERAL) if "conv_brandnew" in str(m)])


async def test_a_long_pause_is_told_at_once_with_what_is_remembered() -> None:
    """ElevenLabs wants an hour: the list from memory comes at once, and says when to ask again."""
    faults = ApiFaults(retry_after=3600)
    async with office(rows=80, faults=faults) as desk:
        await desk.command("failed since 30 days ago")
        await desk.settled_list(desk.dm())
        faults.rate, faults.kinds = 1.0, ("429-retry-after",)
        for user, question in ((LENA, "over 3 minutes since 2 days ago"), (None, "failed since 30 days ago")):
            asker = {} if user is None else {"user": user}
            desk.say(question, channel=desk.dm(**asker), **asker)
        (told,) = await desk.seen(lambda: [m for m in desk.messages(desk.dm(LENA)) if "limiting" in str(m)])
        assert "in 60 minutes" in str(told)
        await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "from memory" in str(m)])


@pytest.mark.parametrize("question", ["inbound", "phone calls", "how many inbound calls last 30 days"])
async def test_calls_that_do_not_say_what_is_asked_are_counted(question: str) -> None:
    """A row without source and direction may be one of those asked for: that it is left out is said."""
    dataset = calls(104)
    for number in (2, 5, 102):
        row = dataset.get(f"conv_{number:05d}").row  # type: ignore[union-attr]
        row.conversation_initiation_source = row.direction = None
    async with office(dataset=dataset) as desk:
        desk.say(question, channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        assert "Left out: 3 calls" in str(listed["blocks"])
        if not desk.files(desk.dm()):  # of a number, when it is asked for
            await desk.press(listed, "csv", channel=desk.dm())
            await desk.seen(lambda: desk.files(desk.dm()))
        assert len(desk.rows(desk.files(desk.dm())[0])) == 101
        desk.say("last 30 days", channel=desk.dm())
        await desk.seen(lambda: len(desk.files(desk.dm())) == 2)
        everything = desk.rows(desk.files(desk.dm())[1])
        assert sum(row["direction"] == "inbound" for row in everything) == 104
        settled = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "CSV in" in m["text"]][1:])
        assert "Left out" not in str(settled[0]["blocks"])
