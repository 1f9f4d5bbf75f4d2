"""Serves a stand-in on its own: for benchmarks, and for trying a client by hand."""

from __future__ import annotations

import argparse
import sys
import time

import uvicorn

from bot.demo.elevenlabs import ApiFaults, Dataset, elevenlabs_app


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve until interrupted; prints one line when the data is ready."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo.elevenlabs", description=__doc__)
    parser.add_argument("--rows", type=int, default=5000, help="conversations (5000)")
    parser.add_argument("--seed", type=int, default=7, help="another seed, other conversations (7)")
    parser.add_argument("--now", type=int, default=None, help="Unix time of the newest row (the clock's)")
    parser.add_argument("--days", type=int, default=90, help="how far back the rows go (90)")
    parser.add_argument("--agents", type=int, default=8, help="agents (8)")
    parser.add_argument("--skew", choices=("none", "hour", "second"), default="none", help="crowded moments")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer (0)")
    parser.add_argument("--fault-rate", type=float, default=0.0, help="chance of a transient fault (0)")
    parser.add_argument("--port", type=int, default=8123)
    options = parser.parse_args(arguments)
    now = int(time.time()) if options.now is None else options.now
    dataset = Dataset.generate(
        options.rows, options.seed, now, agents=options.agents, days=options.days, skew=options.skew
    )
    app = elevenlabs_app(
        dataset,
        faults=ApiFaults(rate=options.fault_rate, seed=options.seed),
        latency=options.latency,
    )
    sys.stdout.write(f"{len(dataset)} conversations on http://127.0.0.1:{options.port}\n")
    sys.stdout.flush()
    # one line per request would cost a benchmark more than the answers do
    uvicorn.run(app, port=options.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
