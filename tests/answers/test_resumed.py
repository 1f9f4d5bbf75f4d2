"""Answers that go on in another process, where things are not as they were: nobody waits for nothing."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.blocks import actions as act
from bot.demo.elevenlabs import ApiFaults, Dataset
from bot.demo.slack import Fault, sample_workspace
from bot.demo.slack.sample import GENERAL, LENA, PARTNER, QUALITY, SUPPORT, installed_app
from tests.answers.calls import opened, phone_call, share
from tests.answers.office import Json, Office, lasting, office
from tests.answers.test_interrupted import later

QUESTION = "failed since 30 days ago"
WRONG_KEY = "does not accept the API key"
UPLOAD = frozenset({"files.getUploadURLExternal"})


class Restarts:
    """A bot that is stopped and started again, in one workspace."""

    def __init__(self, folder: Path) -> None:
        self.space = sample_workspace(app=installed_app())
        self.dataset = Dataset.generate(120)
        self._folder = folder

    @contextlib.asynccontextmanager
    async def start(
        self, *, faults: ApiFaults | None = None, clock: Callable[[], float] | None = None
    ) -> AsyncIterator[Office]:
        """Run it until the block ends; what it has not finished by then it leaves."""
        async with office(
            folder=self._folder,
            dataset=self.dataset,
            faults=faults,
            clock=clock,
            workspace=lasting(self.space),
            ending=0,
        ) as desk:
            yield desk

    def held(self) -> Fault:
        """Let no file arrive: an answer that sends one is stopped there with its process."""
        return self.space.faults.add(Fault("delay", UPLOAD, seconds=30, times=None))

    def ends(self) -> list[str]:
        """Return how every answer has ended so far."""
        with sqlite3.connect(self._folder / "demo.db", timeout=30) as database:
            found = database.execute("SELECT status FROM workflow_status").fetchall()
        database.close()
        return [status for (status,) in found]


@pytest.fixture
def bot(tmp_path: Path) -> Restarts:
    """Return a bot that has not been started."""
    return Restarts(tmp_path)


def locked() -> ApiFaults:
    """Return what makes ElevenLabs refuse the key; of an outage it is told the same way, but later."""
    return ApiFaults(rate=1.0, kinds=("401",))


async def settled(desk: Office, channel: str, words: str) -> Json:
    """Wait for the one message in a channel to say something and to promise nothing more."""

    def says() -> list[Json]:
        return [m for m in desk.messages(channel) if words in m["text"] + str(m.get("blocks"))]

    (found,) = await desk.seen(says)
    assert f"'action_id': '{act.CANCEL}'" not in str(found["blocks"])
    assert "reparing" not in found["text"]
    message: Json = found
    return message


async def test_a_restart_during_an_outage_is_told_where_something_was_promised(bot: Restarts) -> None:
    """A list in a channel, a shared one and a transcript; the process ended, ElevenLabs is away.

    Both messages and who wants the transcript are told, and the lists can have their files later.
    """
    conversation_id = phone_call(bot.dataset, "twilio").row.conversation_id
    async with bot.start() as desk:
        await desk.command(QUESTION, channel=QUALITY)
        await desk.settled_list(desk.dm())
        desk.say(f"@conversations {conversation_id}", channel=SUPPORT)
        call = await opened(desk, SUPPORT, conversation_id)
        held = bot.held()
        await share(desk, desk.whispers(QUALITY)[0], pressed_in=QUALITY, to=QUALITY)
        await desk.press(call, act.TRANSCRIPT_FILE, channel=SUPPORT)
        desk.say(f"@conversations {QUESTION}", channel=SUPPORT)
        await desk.seen(lambda: held.hits == 3)
    bot.space.faults.clear()
    outage = locked()
    async with bot.start(faults=outage) as desk:
        lists = {channel: await settled(desk, channel, WRONG_KEY) for channel in (QUALITY, SUPPORT)}
        await desk.seen(lambda: [m for m in desk.whispers(SUPPORT) if WRONG_KEY in m["text"]])
        await desk.quiet()
        assert set(bot.ends()) == {"SUCCESS"}
        outage.clear()
        for channel, listed in lists.items():
            await desk.press(listed, act.CSV, channel=channel)
            await settled(desk, channel, "CSV in the thread")


async def test_what_may_no_longer_be_does_not_go_on(bot: Restarts) -> None:
    """A file that was cancelled stays so; what is read by another company by now is taken back."""
    async with bot.start() as desk:
        await desk.command(QUESTION, channel=QUALITY)
        await desk.settled_list(desk.dm())
        held = bot.held()
        await share(desk, desk.whispers(QUALITY)[0], pressed_in=QUALITY, to=QUALITY)
        await desk.command(QUESTION, user=LENA)
        await desk.seen(lambda: held.hits == 2)
        (listed,) = desk.messages(desk.dm(LENA))
        stuck = bot.space.faults.add(Fault("delay", frozenset({"chat.update"}), seconds=30))
        await cancel(desk, listed)
        await desk.seen(lambda: stuck.hits)
    bot.space.faults.clear()
    bot.space.channels[QUALITY].other_teams = (PARTNER.id,)
    async with bot.start() as desk:
        shared = await settled(desk, QUALITY, "shared with another company")
        assert "conv_" not in str(shared)
        assert desk.files(QUALITY) == []
        await settled(desk, desk.dm(LENA), "ancelled")
        assert desk.files(desk.dm(LENA)) == []


async def cancel(desk: Office, listed: Json) -> None:
    """Press the Cancel that the list of LENA had until a moment ago."""
    elements = [element for block in listed["blocks"] for element in block.get("elements", ())]
    value = next(each["value"] for each in elements if each.get("action_id") == act.FILTERS)
    text = {"type": "plain_text", "text": "Cancel"}
    button = {"type": "button", "action_id": act.CANCEL, "value": value, "text": text}
    blocks = [*listed["blocks"], {"type": "actions", "block_id": "b", "elements": [button]}]
    desk.workspace.messages.edit(desk.dm(LENA), listed["ts"], {"blocks": blocks})
    await desk.press({"ts": listed["ts"], "blocks": blocks}, act.CANCEL, channel=desk.dm(LENA), user=LENA)


async def test_what_a_process_kept_before_it_died_is_new_all_the_same(bot: Restarts) -> None:
    """It had saved a question and begun to watch, and said so to nobody: they are not called changed."""
    async with bot.start() as desk:
        held = bot.space.faults.add(Fault("delay", frozenset({"chat.postMessage"}), seconds=30, times=None))
        desk.say(f"{QUESTION} save as Bad", channel=desk.dm())
        desk.say("subscribe to failed calls", channel=desk.dm(LENA), user=LENA)
        await desk.seen(lambda: held.hits == 2)
    bot.space.faults.clear()
    async with bot.start() as desk:
        await settled(desk, desk.dm(), "Saved as “Bad”")
        await settled(desk, desk.dm(LENA), "I will post failed calls")


async def test_too_late_is_told_in_the_list(bot: Restarts) -> None:
    """An hour later the lists that said "preparing" offer to ask again, and nothing else does."""
    async with bot.start() as desk:
        await desk.command(QUESTION, channel=QUALITY)
        await desk.settled_list(desk.dm())
        held = bot.held()
        await share(desk, desk.whispers(QUALITY)[0], pressed_in=QUALITY, to=QUALITY)
        await desk.command(QUESTION, user=LENA)
        await desk.seen(lambda: held.hits == 2)
    bot.space.faults.clear()
    async with bot.start(clock=later(7200)) as desk:
        told = await settled(desk, desk.dm(LENA), "over an hour ago")
        assert act.ASK_AGAIN in str(told["blocks"])
        await settled(desk, QUALITY, "over an hour ago")
        await desk.quiet()
        assert len(desk.messages(desk.dm(LENA))) == 1
        assert "over an hour ago" not in str(desk.whispers(GENERAL, LENA))
