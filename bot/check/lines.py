"""What `bot check` prints: one line for each thing looked at."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table


class State(Enum):
    """How one line turned out; the value is what is printed."""

    OK = "ok"
    PROBLEM = "problem"
    SKIPPED = "skipped"
    """Not needed, or could not be looked at."""


_COLOURS = {State.OK: "green", State.PROBLEM: "bold red", State.SKIPPED: "dim"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at. `said`: what was found, or what to do next."""

    subject: str
    state: State
    said: str


def ok(subject: str, said: str) -> Line:
    """Return a line for what is fine."""
    return Line(subject, State.OK, said)


def problem(subject: str, said: str) -> Line:
    """Return a line for what has to be changed; `said` ends in the next step."""
    return Line(subject, State.PROBLEM, said)


def skipped(subject: str, said: str) -> Line:
    """Return a line for what was not looked at, and why."""
    return Line(subject, State.SKIPPED, said)


def report(lines: Iterable[Line], out: TextIO | None = None) -> int:
    """Print the lines, in colour on a terminal; return the exit code: 1 when there is any problem."""
    lines = list(lines)
    out = sys.stdout if out is None else out
    console = Console(file=out, highlight=False)
    if console.is_terminal:
        table = Table.grid(padding=(0, 2))
        for line in lines:
            state = f"[{_COLOURS[line.state]}]{line.state.value}[/]"
            table.add_row(state, escape(line.subject), escape(line.said))
        console.print(table)
    else:
        width = max((len(line.subject) for line in lines), default=0)
        for line in lines:
            out.write(f"{line.state.value:<7}  {line.subject:<{width}}  {line.said}\n")
    return 1 if any(line.state is State.PROBLEM for line in lines) else 0
