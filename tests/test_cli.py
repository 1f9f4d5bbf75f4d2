"""The command line as scripts use it: names, exit codes, what goes to which stream."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.demo.elevenlabs import Dataset, elevenlabs_app
from bot.demo.elevenlabs.dataset import hide, lose_start
from tests.bot_process import BotProcess, start_bot
from tests.serving import serve


@dataclass
class Ran:
    """What a finished command left."""

    code: int
    out: bytes
    errors: str


async def start(folder: Path, base: str, *arguments: str, **variables: str) -> BotProcess:
    """Start `bot` in a folder, with ElevenLabs' stand-in at `base`."""
    environment = {
        "ELEVENLABS_API_KEY": "sample-key",
        "ELEVENLABS_BASE_URL": f"{base}/elevenlabs",
        "PATH": os.environ["PATH"],
        "TZ": "UTC",
        **variables,
    }
    return await start_bot(*arguments, env=environment, cwd=folder)


@dataclass
class Shell:
    """Runs `bot` in an empty folder, with sample conversations to ask for."""

    folder: Path
    dataset: Dataset
    samples: Starlette
    base: str

    async def bot(self, *arguments: str, **variables: str) -> Ran:
        """Run one command to its end."""
        process = await start(self.folder, self.base, *arguments, **variables)
        out, errors = await asyncio.wait_for(process.communicate(), 60)
        return Ran(process.returncode or 0, out, errors.decode())


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[Shell]:
    """Sample conversations behind real HTTP."""
    dataset = Dataset.generate(120, now=int(time.time()))
    samples = elevenlabs_app(dataset)
    async with serve(Starlette(routes=[Mount("/elevenlabs", samples)])) as base:
        yield Shell(tmp_path, dataset, samples, base)


def read(data: bytes) -> list[dict[str, str]]:
    """Read a CSV as a spreadsheet would."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


async def test_export_writes_every_matching_row_to_standard_output(shell: Shell) -> None:
    """All rows, whatever EXPORT_ROWS says; the CSV alone on stdout, the summary on stderr."""
    ran = await shell.bot("export", "failed", "-o", "-", EXPORT_ROWS="1")
    assert ran.code == 0, ran.errors
    expected = {r.row.conversation_id for r in shell.dataset if r.row.call_successful == "failure"}
    assert {row["conversation_id"] for row in read(ran.out)} == expected
    assert f"{len(expected):,} rows" in ran.errors


async def test_export_of_a_report_writes_its_table(shell: Shell) -> None:
    """Numbers are exported as a table: one row for each group."""
    ran = await shell.bot("export", "calls by result", "-o", "-")
    assert ran.code == 0, ran.errors
    rows = read(ran.out)
    results = {record.row.call_successful for record in shell.dataset}
    assert {row["result"] for row in rows} == results
    assert f"{len(rows)} rows to standard output" in ran.errors
    assert [row["calls"] for row in rows] == sorted((row["calls"] for row in rows), key=int, reverse=True)


async def test_export_has_the_columns_that_are_chosen(shell: Shell) -> None:
    """By the name that people know; one that is none is named, with the nearest, before anything is read."""
    question = "calls with columns order_id, Csat, greeting, success_score"
    ran = await shell.bot("export", question, "-o", "-")
    assert ran.code == 0, ran.errors
    rows = read(ran.out)
    assert list(rows[0])[-5:] == ["url", "data.order_id", "data.csat", "eval.greeting", "success_score"]
    for row in rows:
        record = shell.dataset.get(row["conversation_id"])
        assert record is not None
        assert row["data.order_id"] == (record.data("order_id") or "")
        assert row["data.csat"] == str(record.data("csat") or "")
        assert row["eval.greeting"] == dict(record.criteria).get("greeting", "")
    ran = await shell.bot("export", "failed calls columns ordr_id", "-o", "-")
    assert (ran.code, ran.out) == (2, b"")
    assert "'ordr_id'. Did you mean order_id?" in ran.errors


async def test_collected_data_is_found_without_its_key(shell: Shell) -> None:
    """“Order_id X” is read as data where agents collect it; of a name that none does the key is offered."""
    record = next(each for each in shell.dataset if each.data("order_id"))
    ran = await shell.bot("export", f"calls where the order id = {record.data('order_id')}", "-o", "-")
    assert ran.code == 0, ran.errors
    assert {row["conversation_id"] for row in read(ran.out)} == {
        each.row.conversation_id for each in shell.dataset if each.data("order_id") == record.data("order_id")
    }
    ran = await shell.bot("export", "customer_number 77", "-o", "-")
    assert (ran.code, ran.out) == (2, b"")
    assert "data:customer_number=77" in ran.errors


async def test_export_keeps_an_order_that_the_api_does_not_have(shell: Shell) -> None:
    """The longest come first, whatever the API sorts by."""
    ran = await shell.bot("export", "top 5 longest calls", "-o", "-")
    assert ran.code == 0, ran.errors
    lengths = sorted((record.row.call_duration_secs for record in shell.dataset), reverse=True)
    assert [int(row["call_duration_secs"]) for row in read(ran.out)] == lengths[:5]
    assert "the 5 longest conversations: 5 rows" in ran.errors


async def test_export_writes_parquet(shell: Shell) -> None:
    """The same rows as the CSV, typed."""
    ran = await shell.bot("export", "failed", "-o", "calls.parquet")
    assert ran.code == 0, ran.errors
    rows = parquet.read_table(shell.folder / "calls.parquet").to_pylist()
    expected = {r.row.conversation_id for r in shell.dataset if r.row.call_successful == "failure"}
    assert {row["conversation_id"] for row in rows} == expected
    assert f"{len(expected)} rows to calls.parquet" in ran.errors


async def test_parquet_needs_its_library(tmp_path: Path) -> None:
    """Where pyarrow is missing, one line says what to install; nothing is asked of ElevenLabs."""
    (tmp_path / "pyarrow.py").write_text("raise ImportError", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "export", "failed", "-o", "calls.parquet"),
        env={
            "ELEVENLABS_API_KEY": "sample-key",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parent.parent),
        },
        cwd=tmp_path,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, len(errors.splitlines())) == (1, 1)
    assert errors.startswith(b"Parquet needs pyarrow: install it with")
    assert not (tmp_path / "calls.parquet").exists()


async def test_export_says_what_is_missing_or_hidden(shell: Shell) -> None:
    """Rows that came without a start time, and calls that the key may not open, are told on stderr."""
    finished = [
        record for record in shell.dataset if record.row.status == "done" and record.phone is not None
    ]
    for record in finished[:2]:
        lose_start(record)
    hide(finished[2])
    ran = await shell.bot("export", "limit:all", "-o", "-")
    assert ran.code == 0, ran.errors
    assert len(read(ran.out)) == len(shell.dataset) - 2
    assert "Missing: 2 calls that ElevenLabs sent without an id or a start time" in ran.errors
    assert "Not opened: 1 call hidden from the API key" in ran.errors
    assert "could not be read" not in ran.errors


async def test_export_names_its_file_and_a_second_one_asks_no_details(shell: Shell) -> None:
    """Without -o the file is named after the question; ids of ended calls are asked for once."""
    first = await shell.bot("export", "successful last 60 days")
    assert first.code == 0, first.errors
    (path,) = shell.folder.glob("successful-calls-*.csv")
    before = len(details(shell))
    assert before > 10
    second = await shell.bot("export", "successful last 60 days", "-o", "again.csv")
    assert second.code == 0, second.errors
    again = read((shell.folder / "again.csv").read_bytes())
    unfinished = [row for row in again if row["status"] not in {"done", "failed"}]
    assert len(details(shell)) - before <= len(unfinished)
    assert again == read(path.read_bytes())


def details(shell: Shell) -> list[str]:
    """Paths of the detail requests that the sample server has answered."""
    paths = [seen.path for seen in shell.samples.state.requests]
    return [path for path in paths if "/conversations/" in path]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("-faild since monday", "failed"),
        ("help", "no question"),
        ("for Nobodyxyzzy", "no agent"),
        ("source:foo", "source:twilio"),
        ("subscribe to failed calls", "in Slack"),
    ],
)
async def test_export_of_what_is_not_understood_is_bad_input(shell: Shell, question: str, words: str) -> None:
    """Exit code 2, the reason on stderr, no file."""
    ran = await shell.bot("export", question)
    assert ran.code == 2
    assert words in ran.errors
    assert list(shell.folder.glob("*.csv")) == []


async def test_export_with_a_refused_key_fails_in_words(shell: Shell) -> None:
    """Exit code 1 and the sentence of the refusal, without the key."""
    ran = await shell.bot("export", "failed", "-o", "-", ELEVENLABS_API_KEY="sample-key-without-scope")
    assert ran.code == 1
    assert "convai_read" in ran.errors
    assert "sample-key-without-scope" not in ran.errors
    assert ran.out == b""


async def test_export_of_nothing_is_a_header(shell: Shell) -> None:
    """A question that no call answers gives the columns alone, so that what reads the file goes on."""
    ran = await shell.bot("export", "failed since 2001-01-01 until 2001-01-02", "-o", "-")
    assert ran.code == 0, ran.errors
    assert ran.out.startswith(b"\xef\xbb\xbfstart_time,")
    assert ran.out.count(b"\r\n") == 1


async def test_explain_and_export_of_an_id(shell: Shell) -> None:
    """An id opens its call: it is explained as such, and never exported as a list of everything."""
    sid = "CA0123456789abcdef0123456789abcdef"
    assert (await explained(shell, sid))["understood"] == f"the call {sid}"
    ran = await shell.bot("export", sid, "-o", "-")
    assert (ran.code, ran.out) == (2, b"")
    assert "names one call" in ran.errors
    assert len(shell.samples.state.requests) == 0


def halves(folder: Path) -> list[Path]:
    """Return what stands under the name of an export, or a part of it."""
    return list(folder.glob("half*"))


async def test_an_export_that_fails_leaves_no_half_file(shell: Shell) -> None:
    """The key is refused after the file was opened: nothing is left that could be taken for complete."""
    ran = await shell.bot("export", "failed", "-o", "half.csv", ELEVENLABS_API_KEY="sample-key-unpaid")
    assert ran.code == 1
    assert halves(shell.folder) == []


async def test_an_export_ended_by_a_signal_leaves_no_half_file(tmp_path: Path) -> None:
    """SIGTERM ends it as Ctrl-C does: no part of a file, no traceback."""
    samples = elevenlabs_app(Dataset.generate(300, now=int(time.time())), latency=0.5)
    async with serve(Starlette(routes=[Mount("/elevenlabs", samples)])) as base:
        process = await start(tmp_path, base, "export", "", "-o", "half.csv")
        async with asyncio.timeout(30):
            while not halves(tmp_path):
                assert process.returncode is None
                await asyncio.sleep(0.02)
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, errors) == (1, b"")
    assert halves(tmp_path) == []


async def test_an_export_follows_links_and_writes_into_pipes(shell: Shell) -> None:
    """Only a plain file is replaced: a link stays a link, and a pipe or device is written to."""
    link, pipe = shell.folder / "link.csv", shell.folder / "pipe"
    link.symlink_to("real.csv")
    os.mkfifo(pipe)
    reading = asyncio.create_task(asyncio.to_thread(pipe.read_bytes))
    piped = await shell.bot("export", "failed", "-o", "pipe")
    assert piped.code == 0, piped.errors
    linked = await shell.bot("export", "failed", "-o", "link.csv")
    assert linked.code == 0, linked.errors
    assert link.is_symlink()
    assert pipe.is_fifo()
    assert read(await reading) == read((shell.folder / "real.csv").read_bytes())


async def test_a_reader_that_has_enough_ends_an_export_quietly(shell: Shell) -> None:
    """As `| head` does. It leaves before the first byte: later, what is left could fit into the pipe."""
    process = await start(shell.folder, shell.base, "export", "", "-o", "-")
    process.stdout._transport.close()  # type: ignore[attr-defined]
    assert await asyncio.wait_for(process.stderr.read(), 30) == b""
    assert await process.wait() == 1


async def test_what_keeps_a_command_from_starting_is_said_in_one_line(shell: Shell) -> None:
    """A port in use, a database that is not there: exit code 1, the next step, no traceback."""
    port = shell.base.rpartition(":")[2]
    serving = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "0" * 32, "PORT": port}
    taken, away, nowhere = await asyncio.gather(
        shell.bot("run", "--http", **serving),
        shell.bot("run", "--http", DATABASE_URL="postgresql://bot:secret@127.0.0.1:1/none", **serving),
        shell.bot("export", "failed", DATABASE_URL="sqlite:////nonexistent/folder/bot.db"),
    )
    for ran, words in ((taken, f"Port {port}"), (away, "correct DATABASE_URL"), (nowhere, "sqlite:////non")):
        *_, last = ran.errors.splitlines()
        assert ran.code == 1
        assert words in last
        assert "Traceback" not in ran.errors
        assert "secret" not in ran.errors


async def explained(
    shell: Shell, question: str, *more: str, code: int = 0, **variables: str
) -> dict[str, Any]:
    """Run `bot explain` and return its JSON."""
    ran = await shell.bot("explain", question, *more, **variables)
    assert ran.code == code, ran.errors
    found: dict[str, Any] = json.loads(ran.out)
    return found


async def test_explain_shows_how_a_question_is_understood(shell: Shell) -> None:
    """Sentence, filters, times with offset, the API's parameters and a curl line without the key."""
    found = await explained(
        shell, "failed calls since monday", "--tz", "Europe/Berlin", "--now", "2026-11-18T12:00"
    )
    assert found["since"] == "2026-11-16T00:00:00+01:00"
    assert found["until"] is None
    assert found["unknown"] == []
    assert ["call_successful", "failure"] in [list(pair) for pair in _pairs(found["params"])]
    assert "$ELEVENLABS_API_KEY" in found["curl"]
    assert "sample-key" not in json.dumps(found)
    assert {"understood", "filters", "local"} <= set(found)


@pytest.mark.parametrize("question", ["-result:success", "-lang:de", "-outbound", "-outgoing"])
async def test_a_question_may_begin_with_a_minus(shell: Shell, question: str) -> None:
    """What negates is no option of the command."""
    assert (await explained(shell, question))["unknown"] == []


async def test_a_mistyped_word_with_a_minus_is_named(shell: Shell) -> None:
    """It is no option either: what is wrong with the question is said, not with the command."""
    assert (await explained(shell, "-outbond", code=2))["unknown"] == ["-outbond"]


async def test_an_export_takes_its_file_glued_to_the_option(shell: Shell) -> None:
    """`-oFILE` stays what it is everywhere."""
    ran = await shell.bot("export", "last failed call", "-ocalls")
    assert ran.code == 0
    assert ran.errors.endswith(": 1 row to calls\n")
    assert (shell.folder / "calls").exists()


async def test_explain_of_an_unknown_word_exits_with_2(shell: Shell) -> None:
    """The word is in the JSON."""
    found = await explained(shell, "failed frobnicated calls", code=2)
    assert found["unknown"] == ["frobnicated"]


async def test_explain_looks_agents_up_only_with_a_key(shell: Shell) -> None:
    """Without a key the name stays unresolved; with one it becomes the agent's id."""
    agent = shell.dataset.agents[0]
    question = f'agent:"{agent.name}"'
    with_key = await explained(shell, question)
    assert agent.agent_id in json.dumps(with_key["params"])
    without = await explained(shell, question, ELEVENLABS_API_KEY="")
    assert without["unresolved"] == [agent.name]


def _pairs(params: object) -> list[tuple[str, object]]:
    if isinstance(params, dict):
        return [
            (name, value)
            for name, values in params.items()
            for value in (values if isinstance(values, list) else [values])
        ]
    assert isinstance(params, list)
    return [(name, value) for name, value in params]


async def test_a_bad_setting_is_named_and_exits_with_2(shell: Shell) -> None:
    """Every problem on a line of its own."""
    ran = await shell.bot("run", SLACK_BOT_TOKEN="nonsense", PORT="many")
    assert ran.code == 2
    assert "SLACK_BOT_TOKEN" in ran.errors
    assert "PORT" in ran.errors
    assert "nonsense" not in ran.errors
