"""Runs `bot ARGUMENTS` as a process of its own, forked from one that has imported what the bot needs.

Importing is most of what a short-lived process does, and the suite starts about seventy of them. That
`python -m bot` works too is seen in tests/answers/test_api_request.py.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.cli import main

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bot.cli", "bot.app", "bot.offline", "bot.explaining", "bot.check"])


def _run(
    arguments: Sequence[str], variables: dict[str, str], folder: Path, log: Path | None, *ends: Connection
) -> None:
    for number, end in enumerate(ends, 1):
        os.dup2(end.fileno(), number)
        end.close()
    if log is not None:
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT), 2)
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    os.chdir(folder)
    sys.argv = ["bot", *arguments]
    main(arguments)


class BotProcess:
    """A running `bot ARGUMENTS`, with the methods of asyncio's own subprocesses."""

    def __init__(
        self, process: ForkServerProcess, stdout: asyncio.StreamReader, stderr: asyncio.StreamReader
    ) -> None:
        self._process = process
        self.stdout = stdout
        self.stderr = stderr

    @property
    def returncode(self) -> int | None:
        """The exit code, minus the signal for one that was killed; None while it runs."""
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None and self._process.pid is not None:
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it without a chance to put anything away."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        """Wait until it has ended; returns the exit code."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        if self.returncode is None:
            loop.add_reader(self._process.sentinel, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self._process.sentinel)
            self._process.join()
        code = self.returncode
        assert code is not None
        return code

    async def communicate(self) -> tuple[bytes, bytes]:
        """Return all of its output once it has ended."""
        out, errors, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        return out, errors


async def start_bot(
    *arguments: str, env: Mapping[str, str], cwd: Path, log: Path | None = None
) -> BotProcess:
    """Start `bot ARGUMENTS` in a folder, with just these variables; with `log`, stderr goes there."""
    reading, writing = zip(_FORKS.Pipe(duplex=False), _FORKS.Pipe(duplex=False), strict=True)
    process = _FORKS.Process(target=_run, args=(arguments, dict(env), cwd, log, *writing))
    await asyncio.to_thread(process.start)
    for end in writing:
        end.close()
    return BotProcess(process, *[await _reader(end) for end in reading])


async def _reader(end: Connection) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    pipe = os.fdopen(os.dup(end.fileno()), "rb")
    end.close()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader
