"""Measured from outside: everything from a server to a CSV file, rows written as they come.

`python -m tests.benchmarks.csv_file URL` prints rows, seconds, size and the peak of resident memory.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from datetime import UTC
from pathlib import Path

from bot.csv_export import CsvWriter
from bot.model import Selection
from tests.benchmarks.measures import client


def peak_mb() -> float:
    """Return the peak of this process' resident memory."""
    status = Path("/proc/self/status")
    if status.exists():  # the kernel's other figure would count the parent's memory too
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def main(url: str) -> None:
    """Write the file and print the figures as JSON."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        writer = CsvWriter(out, UTC)
        async with client(url) as conversations, conversations.retrieve(Selection()) as retrieval:
            async for batch in retrieval:
                writer.write(batch, {})
    seconds = time.perf_counter() - began
    figures = {"rows": writer.rows, "seconds": seconds, "size": writer.size, "peak_mb": peak_mb()}
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
