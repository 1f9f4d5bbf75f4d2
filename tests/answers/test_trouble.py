"""Every error gives the person one clear sentence with a next step."""

from __future__ import annotations

import re

import pytest

from bot.blocks import actions as act
from bot.demo.elevenlabs import ApiFaults
from bot.demo.slack import Fault
from bot.demo.slack.sample import GENERAL
from tests.answers.office import Json, Office, office

LIST = "/v1/convai/conversations"
SEARCH = "/v1/convai/conversations/messages/text-search"
COUNT = re.compile(r": (?:at least )?([\d,]+) calls")


class Midway(ApiFaults):
    """Lets pages of the list repeat their cursor, which no retry gets over, once so many were good."""

    def __init__(self, good: int) -> None:
        """`good`: how many pages come first."""
        super().__init__()
        self.good = good

    def next(self, path: str) -> str | None:
        """Decide about one request."""
        if not path.endswith(LIST):
            return super().next(path)
        self.good -= 1
        return "shuffled" if self.good < 0 else None


def counts(desk: Office, message: Json) -> list[int]:
    """Return every count that one list message has shown, in order."""
    updates = [call for call in desk.calls("chat.update") if call["ts"] == message["ts"]]
    texts = [call["text"] for call in [*desk.calls("chat.postMessage")[:1], *updates]]
    return [int(found[1].replace(",", "")) for text in texts if (found := COUNT.search(text))]


async def failed_list(desk: Office) -> Json:
    """Wait for the list message to say that no file comes."""
    found = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "No CSV" in m["text"]])
    message: Json = found[0]
    return message


def buttons(message: Json) -> set[str]:
    """Return the action ids of a message."""
    return {
        str(element.get("action_id", "")).partition(".")[0]
        for block in message["blocks"]
        for element in block.get("elements", ())
    }


async def told_next(desk: Office, question: str) -> Json:
    """Type a command; return what its sender reads of it."""
    before = len(desk.whispers(GENERAL))
    await desk.command(question)
    found = await desk.seen(lambda: desk.whispers(GENERAL)[before:])
    message: Json = found[0]
    return message


async def test_what_is_not_understood_is_named() -> None:
    """The asker reads what was not understood and what would be; nothing is asked of the list."""
    named = {
        "-faild since monday": ("failed",),
        "on 31 february": ("february",),
        "for Nobodyxyzzy": ("no agent",),
        "rated 9": ("5",),
        "source:foo": ("source:whatsapp", "source:salesforce_integration"),
        "status:foo": ("status:in-progress",),
    }
    async with office(rows=20) as desk:
        told = {question: str(await told_next(desk, question)).lower() for question in named}
        missing = [
            (asked, each) for asked, words in named.items() for each in words if each not in told[asked]
        ]
        assert missing == []
        foreign = await told_next(desk, "llamadas fallidas desde ayer")
        assert "Solo entiendo preguntas en inglés" in foreign["text"]
        assert "llamadas" not in str(foreign["blocks"])  # no word of it is listed as unknown
        assert desk.messages(desk.dm()) == []


@pytest.mark.parametrize(
    ("api_key", "words"),
    [
        ("nobody's", "does not accept the API key"),
        ("sample-key-without-scope", "convai_read"),
        ("sample-key-residency", "ELEVENLABS_BASE_URL"),
        ("sample-key-unpaid", "payment"),
        ("sample-key-forbidden", "does not let this API key"),
    ],
)
async def test_a_key_that_is_refused_is_explained(api_key: str, words: str) -> None:
    """Each way in which ElevenLabs refuses a key has its own sentence, and none shows the key."""
    async with office(rows=20, api_key=api_key) as desk:
        await desk.command("failed")
        told = (await desk.seen(lambda: desk.whispers(GENERAL)))[0]
        assert words in told["text"]
        assert api_key not in str(told)


async def test_elevenlabs_down_is_said_with_a_next_step() -> None:
    """After its retries the asker is told to try again, with a reference."""
    async with office(rows=20, faults=ApiFaults(rate=1.0, kinds=("500",))) as desk:
        await desk.command("failed")
        told = (await desk.seen(lambda: desk.whispers(GENERAL), patience=60))[0]
        assert "ElevenLabs does not answer" in told["text"]
        assert "reference" in told["text"]


async def test_what_stops_midway_keeps_what_was_found() -> None:
    """The count only grows, call ids are there; Retry makes it whole where it stands."""
    faults = Midway(3)
    async with office(rows=400, faults=faults) as desk:
        await desk.command("since 60 days ago")
        listed = await failed_list(desk)
        said = counts(desk, listed)
        assert said == sorted(said)
        assert said[-1] >= 100  # what is read of older times counts once nothing is missing before it
        assert f"Partial: reading stopped after {said[-1]} calls" in str(listed["blocks"])
        assert "…" not in listed["text"].partition("\n")[2]
        assert {act.RETRY, act.FILTERS} <= buttons(listed)
        assert act.CSV not in buttons(listed)
        assert "Press Retry" in listed["text"]

        faults.good = 10_000
        await desk.press(listed, act.RETRY, channel=desk.dm())
        whole = await desk.settled_list(desk.dm())
        assert whole["ts"] == listed["ts"]
        assert "Partial" not in str(whole["blocks"])
        assert counts(desk, listed) == sorted(counts(desk, listed))
        (file,) = desk.files(desk.dm())
        assert len(desk.rows(file)) == counts(desk, listed)[-1]


async def test_a_file_that_only_slack_refuses_leaves_the_exact_count() -> None:
    """All rows were read: the count is final and the list is whole; only the file is missing."""
    async with office(rows=120) as desk:
        desk.workspace.faults.add(Fault("status", frozenset({"upload"}), times=None))
        await desk.command("all conversations")
        listed = await failed_list(desk)
        assert ": 120 calls, as of" in listed["text"]
        assert "Partial" not in str(listed["blocks"])
        assert {act.RETRY, act.CSV} <= buttons(listed)


async def test_a_cancelled_file_leaves_the_count_that_was_reached() -> None:
    """Cancel stops the counting, not what was counted; there is no "so far" and no "…" any more."""
    async with office(rows=400, latency=0.3) as desk:
        await desk.command("since 60 days ago")
        working = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if act.CANCEL in buttons(m)])
        await desk.press(working[0], act.CANCEL, channel=desk.dm())
        found = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "cancelled" in m["text"]])
        said = counts(desk, found[0])
        assert said == sorted(said)
        assert said[-1] >= 100
        assert "…" not in found[0]["text"]
        assert {act.CSV, act.FILTERS} <= buttons(found[0])


@pytest.mark.parametrize("asked", ["command", "directly"])
async def test_retry_is_on_the_error_itself(asked: str) -> None:
    """Down at once: the error, on the spot or in the direct message, has a Retry that answers."""
    faults = ApiFaults()
    faults.plan(LIST, "wrong-shape", 50)
    async with office(rows=120, faults=faults) as desk:
        if asked == "command":
            await desk.command("all conversations")
            told = (await desk.seen(desk.whispers))[0]
        else:
            desk.say("all conversations", channel=desk.dm())
            told = (
                await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "reference" in m["text"]])
            )[0]
        assert "Press Retry" in told["text"]
        faults.clear()
        await desk.press(told, act.RETRY, channel=GENERAL if asked == "command" else desk.dm())
        listed = await desk.settled_list(desk.dm())
        assert ": 120 calls, as of" in listed["text"]


async def test_a_follow_up_that_is_tried_again_brings_no_file() -> None:
    """It offers one as a button, as when it works at once."""
    faults = ApiFaults()
    async with office(rows=60, faults=faults) as desk:
        await desk.command("all conversations")
        listed = await desk.settled_list(desk.dm())
        faults.plan(SEARCH, "wrong-shape", 50)
        desk.say("about refund", channel=desk.dm(), thread_ts=listed["ts"])
        told = (await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "reference" in m["text"]]))[0]
        faults.clear()
        await desk.press(told, act.RETRY, channel=desk.dm())

        def found() -> list[Json]:
            return [
                m for m in desk.messages(desk.dm()) if "about “refund”" in m["text"] and act.CSV in buttons(m)
            ]

        await desk.seen(found)
        await desk.quiet()
        assert len(desk.files(desk.dm())) == 1
