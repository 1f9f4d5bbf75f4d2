"""The API request that is shown is the one that was asked: run by anybody, it returns the same calls."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.demo.demo_server import SAMPLE_KEY
from tests.answers.calls import modal, opened, phone_call, sid_of
from tests.answers.office import Json, Office, office

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs the program curl")

QUESTIONS = [
    "failed since 30 days ago",
    "last 60 days oldest first",
    "source:twilio between 60 days ago and 2 days ago",
]


def preformatted(message: Json) -> list[str]:
    """Return the texts of a message that stand in blocks of code."""
    return [
        part["elements"][0]["text"]
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_preformatted"
    ]


def run(command: str) -> Any:
    """Run a shown command line in a shell, with the key in the environment."""
    ran = subprocess.run(  # noqa: S602 - that a shell can run it is what is proven
        command,
        shell=True,
        check=True,
        capture_output=True,
        timeout=30,
        env={"PATH": os.environ["PATH"], "ELEVENLABS_API_KEY": SAMPLE_KEY},
    )
    return json.loads(ran.stdout)


def listed_ids(message: Json) -> list[str]:
    """Return the conversation ids of a message's table, in order."""
    (table,) = [block for block in message["blocks"] if block["type"] == "data_table"]
    return [row[-1]["elements"][0]["elements"][0]["text"] for row in table["rows"][1:]]


async def shown_request(desk: Office) -> Json:
    """Wait for the modal with the API request."""
    view = await modal(desk, "$ELEVENLABS_API_KEY")
    assert not [m for m in desk.messages(desk.dm()) if "ELEVENLABS_API_KEY" in str(m)]  # no clutter
    return view


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_shown_curl_returns_the_rows_of_the_answer(question: str) -> None:
    """Run against the same server, its first rows are the list's, and all of them are in the file."""
    async with office(rows=50) as desk:
        desk.say(question, channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        await desk.press(listed, "more", channel=desk.dm(), pick="Show API request")
        curl, _python = preformatted(await shown_request(desk))
        assert SAMPLE_KEY not in curl
        answered = await asyncio.to_thread(run, curl)
        ids = [row["conversation_id"] for row in answered["conversations"]]
        assert ids == listed_ids(listed)[: len(ids)]
        (file,) = desk.files(desk.dm())
        assert set(ids) <= {row["conversation_id"] for row in desk.rows(file)}


async def test_explain_prints_the_same_request() -> None:
    """`bot explain` on the command line prints the curl that Slack shows for the same question."""
    async with office(rows=50) as desk:
        question = "since 2026-01-01 result:success"
        desk.say(question, channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        await desk.press(listed, "more", channel=desk.dm(), pick="Show API request")
        curl, _python = preformatted(await shown_request(desk))
        explained = await explain(desk, question)
        assert explained["curl"] == curl


async def test_the_request_of_one_call_runs_and_is_explained() -> None:
    """The curl of an opened call returns its detail; `bot explain` with its id prints the same line."""
    async with office(rows=50) as desk:
        record = phone_call(desk.dataset, "twilio")
        desk.say(record.row.conversation_id, channel=desk.dm())
        message = await opened(desk, desk.dm(), record.row.conversation_id)
        await desk.press(message, "call_api", channel=desk.dm())
        curl, _python = preformatted(await shown_request(desk))
        detail = await asyncio.to_thread(run, curl)
        assert detail["metadata"]["phone_call"]["call_sid"] == sid_of(record)
        assert (await explain(desk, record.row.conversation_id))["curl"] == curl
        by_sid = await asyncio.to_thread(run, (await explain(desk, sid_of(record)))["curl"])
        assert [row["conversation_id"] for row in by_sid["conversations"]] == [record.row.conversation_id]


async def test_the_shown_python_returns_the_call() -> None:
    """The program with the official SDK runs as it is shown."""
    async with office(rows=50) as desk:
        record = phone_call(desk.dataset, "twilio")
        desk.say(record.row.conversation_id, channel=desk.dm())
        message = await opened(desk, desk.dm(), record.row.conversation_id)
        await desk.press(message, "call_api", channel=desk.dm())
        _curl, program = preformatted(await shown_request(desk))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            program,
            stdout=asyncio.subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "ELEVENLABS_API_KEY": SAMPLE_KEY},
        )
        out, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0
        assert sid_of(record) in out.decode()


async def explain(desk: Office, question: str) -> Any:
    """Run `bot explain` as a command, in the asker's zone."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "explain",
        question,
        "--tz",
        "Europe/Amsterdam",
        stdout=asyncio.subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parent.parent.parent),
            "ELEVENLABS_BASE_URL": f"{desk.base}/elevenlabs",
            "ELEVENLABS_API_KEY": SAMPLE_KEY,
        },
    )
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return json.loads(out)
