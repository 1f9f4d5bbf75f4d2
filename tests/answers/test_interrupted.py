"""Answers that were interrupted go on, or, much later, offer to be asked again; old ones are forgotten."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.blocks import actions as act
from bot.demo.slack import Fault, sample_workspace
from bot.demo.slack.sample import QUALITY, installed_app
from tests.answers.calls import opened, phone_call
from tests.answers.office import NOW, lasting, office, ticking

QUESTION = "failed since 30 days ago"


def later(seconds: float) -> Callable[[], float]:
    """Return a clock that is ahead."""
    return ticking(NOW + seconds)


async def interrupted(folder: Path) -> None:
    """Ask a question whose answer is stopped with the process."""
    async with office(folder=folder, rows=50, latency=30, ending=0) as desk:
        assert (await desk.command(QUESTION)).ok
        await desk.seen(lambda: kept(folder) == (1, 1) and desk.samples.state.requests.in_flight)


async def test_an_answer_stopped_with_its_process_goes_on(tmp_path: Path) -> None:
    """A stop is no failure: the next start answers, with list and file, once."""
    await interrupted(tmp_path)
    async with office(folder=tmp_path, rows=50) as desk:
        await desk.settled_list(desk.dm())
        assert len(desk.files(desk.dm())) == 1
        assert len([m for m in desk.messages(desk.dm()) if not m.get("files")]) == 1


async def test_after_an_hour_it_offers_to_be_asked_again(tmp_path: Path) -> None:
    """One message, no data; its button asks the same question again."""
    await interrupted(tmp_path)
    async with office(folder=tmp_path, rows=50, clock=later(7200)) as desk:
        (told,) = await desk.seen(lambda: desk.messages(desk.dm()))
        assert "over an hour ago" in told["text"]
        await desk.press(told, act.ASK_AGAIN, channel=desk.dm())
        await desk.settled_list(desk.dm())
        assert len(desk.files(desk.dm())) == 1
        assert sum("over an hour ago" in m["text"] for m in desk.messages(desk.dm())) == 1


async def test_a_file_sent_before_midnight_is_recognised_after_it(tmp_path: Path) -> None:
    """The process ends between Slack's yes and the checkpoint, the next starts on another day: one file."""
    midnight = datetime(2026, 11, 19, tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp()
    space = sample_workspace(app=installed_app())
    space.faults.add(Fault("drop", frozenset({"files.completeUploadExternal"}), after_effect=True))
    looked = space.faults.add(Fault("delay", frozenset({"conversations.replies"}), seconds=30))
    async with office(
        folder=tmp_path, rows=50, clock=lambda: midnight - 20, workspace=lasting(space), ending=0
    ) as desk:
        await desk.command(QUESTION)
        await desk.seen(lambda: looked.hits)
    async with office(
        folder=tmp_path, rows=50, clock=lambda: midnight + 20, workspace=lasting(space)
    ) as desk:
        await desk.settled_list(desk.dm())
        (file,) = desk.files(desk.dm())
        assert file["name"] == "failed-calls-2026-10-19-to-11-18.csv"


async def test_a_file_in_the_making_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends the process, no conversations are left behind where others may read them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with office(folder=tmp_path, rows=50) as desk:
        held = desk.workspace.faults.add(
            Fault("delay", frozenset({"files.getUploadURLExternal"}), seconds=0.5)
        )
        await desk.command(QUESTION)
        await desk.seen(lambda: held.hits)
        assert not csv_files(tmp_path)
        await desk.settled_list(desk.dm())
        assert desk.rows(desk.files(desk.dm())[0])


async def test_a_file_again_that_was_interrupted_leaves_its_list_as_it_was(tmp_path: Path) -> None:
    """Hours later the list promises nothing any more; who pressed is told, with a way to ask again."""
    space = sample_workspace(app=installed_app())
    async with office(folder=tmp_path, rows=50, workspace=lasting(space), ending=0) as desk:
        await desk.command("how many failed calls last 30 days")
        listed = await desk.settled_list(desk.dm())
        door = Fault("delay", frozenset({"files.getUploadURLExternal"}), seconds=30)
        space.faults.add(door)
        await desk.press(listed, act.CSV, channel=desk.dm())
        await desk.seen(lambda: "Sending the CSV" in desk.messages(desk.dm())[0]["text"])
        await desk.seen(lambda: door.hits)
    async with office(folder=tmp_path, rows=50, clock=later(7200), workspace=lasting(space)) as desk:
        (again,) = await desk.seen(
            lambda: [
                m
                for m in [*desk.messages(desk.dm()), *desk.whispers(desk.dm())]
                if "over an hour ago" in m["text"]
            ]
        )
        assert act.ASK_AGAIN in str(again["blocks"])
        await desk.seen(lambda: "the CSV" not in desk.messages(desk.dm())[0]["text"])
        assert desk.files(desk.dm()) == []


async def test_a_file_again_that_was_sent_is_said_in_its_list(tmp_path: Path) -> None:
    """The process ended before it could: the next says so, and points nobody to what they asked for."""
    space = sample_workspace(app=installed_app())
    async with office(folder=tmp_path, rows=50, workspace=lasting(space), ending=0) as desk:
        await desk.command("how many failed calls last 30 days")
        listed = await desk.settled_list(desk.dm())
        sent = space.faults.add(Fault("delay", frozenset({"files.completeUploadExternal"}), seconds=0.2))
        await desk.press(listed, act.CSV, channel=desk.dm())
        await desk.seen(lambda: sent.hits)
        held = space.faults.add(Fault("delay", frozenset({"chat.update"}), seconds=30))
        await desk.seen(lambda: held.hits)
        assert len(desk.files(desk.dm())) == 1
    async with office(folder=tmp_path, rows=50, workspace=lasting(space)) as desk:
        await desk.seen(lambda: "CSV in the thread" in desk.messages(desk.dm())[0]["text"])
        assert len(desk.files(desk.dm())) == 1
        assert not [m for m in desk.whispers(desk.dm()) if "there already" in m["text"]]


async def test_a_transcript_interrupted_after_its_file_is_no_list(tmp_path: Path) -> None:
    """Its step "file" says where it is, not how many rows it has: hours later it is told as any other."""
    space = sample_workspace(app=installed_app())
    async with office(folder=tmp_path, rows=50, workspace=lasting(space), ending=0) as desk:
        call = phone_call(desk.dataset, "twilio").row.conversation_id
        desk.say(f"@conversations {call}", channel=QUALITY)
        shown = await opened(desk, QUALITY, call)
        door = Fault("delay", frozenset({"response_url"}), seconds=30)
        space.faults.add(door)
        await desk.press(shown, act.TRANSCRIPT_FILE, channel=QUALITY)
        await desk.seen(lambda: door.hits)
        assert len(desk.files(desk.dm())) == 1
    async with office(folder=tmp_path, rows=50, clock=later(7200), workspace=lasting(space)) as desk:
        told = (await desk.seen(lambda: [*desk.whispers(QUALITY), *desk.whispers(desk.dm())]))[-1]
        assert "over an hour ago" in told["text"]


async def test_the_old_is_forgotten_at_the_start(tmp_path: Path) -> None:
    """After RETENTION_DAYS neither the answer nor its question is in the database."""
    now = time.time()  # DBOS knows no other clock
    async with office(folder=tmp_path, rows=50, clock=ticking(now)) as desk:
        await desk.command(QUESTION)
        await desk.settled_list(desk.dm())
    assert kept(tmp_path) == (1, 1)
    async with office(folder=tmp_path, rows=50, clock=ticking(now + 20 * 86_400)) as desk:
        await desk.seen(lambda: kept(tmp_path) == (1, 1))
    async with office(folder=tmp_path, rows=50, clock=ticking(now + 40 * 86_400)) as desk:
        await desk.seen(lambda: kept(tmp_path) == (0, 0))


def csv_files(folder: Path) -> list[str]:
    """Return what a reader of the disk would find."""
    return [path.name for path in folder.rglob("*.csv")]


def kept(folder: Path) -> tuple[int, int]:
    """Count answers and questions in the database."""
    with sqlite3.connect(folder / "demo.db") as database:
        answers = database.execute("SELECT count(*) FROM workflow_status").fetchone()[0]
        questions = database.execute("SELECT count(*) FROM questions").fetchone()[0]
    database.close()
    return answers, questions
