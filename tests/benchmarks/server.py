"""The sample ElevenLabs server in a process of its own, as far away as one machine allows."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.serving import free_port


@contextlib.contextmanager
def sample_server(
    rows: int, *, latency: float, now: int, skew: str = "hour", **options: str
) -> Iterator[str]:
    """Serve `rows` conversations up to `now` (Unix seconds), half in one hour; yields the base URL."""
    port = free_port()
    more = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
    command = [
        *(sys.executable, "-m", "bot.demo.elevenlabs", "--rows", str(rows), "--latency", str(latency)),
        *("--now", str(now), "--skew", skew, "--port", str(port), *more),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            if not ready:
                raise RuntimeError("the sample server did not start")
            url = f"http://127.0.0.1:{port}"
            _wait(url)
            yield url
        finally:
            process.terminate()


def _wait(url: str) -> None:
    """Wait until the server answers; its line comes a moment before."""
    host, port = url.removeprefix("http://").split(":")
    for _ in range(500):
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), 1):
            return
        time.sleep(0.02)
    raise RuntimeError("the sample server does not answer")
