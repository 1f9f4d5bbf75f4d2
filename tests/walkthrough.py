# ruff: noqa: T201 - printing is what it does
"""Follows one question through the code: `python -m tests.walkthrough` prints every function it passes.

From the signed request of `/conversations failed calls in the last 7 days` to the message that says its CSV
is there, in the order of the calls: a newcomer can read it as a guide. The last line counts what it passed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from bot.demo.slack.sample import ME
from tests.answers.office import office

QUESTION = "failed calls in the last 7 days"
BOT = Path(__file__).parent.parent / "bot"
COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
"""Code that Python 3.11 runs as functions of their own, and later versions mostly in place."""


@dataclass
class Walk:
    """Notes every function of the bot, without the demo, when it is called for the first time."""

    recording: bool = False
    functions: dict[CodeType, None] = field(default_factory=dict)

    def note(self, frame: FrameType, event: str, _argument: Any) -> None:
        code = frame.f_code
        if not self.recording or event != "call" or code in self.functions:
            return
        path = Path(code.co_filename)
        if path.is_relative_to(BOT) and not path.is_relative_to(BOT / "demo"):
            self.functions[code] = None

    @property
    def files(self) -> list[str]:
        """The files in the order in which the question reaches them."""
        return list(dict.fromkeys(code.co_filename for code in self.functions))


async def walk(question: str = QUESTION) -> Walk:
    """Ask the question as a slash command of the real bot, and follow it until its answer is settled."""
    found = Walk()
    threading.setprofile(found.note)
    sys.setprofile(found.note)
    try:
        async with office(rows=600) as desk:
            found.recording = True
            await desk.command(question)
            await desk.settled_list(desk.dm(ME))
            await desk.quiet()
            found.recording = False
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.walkthrough", description=__doc__)
    arguments.add_argument("question", nargs="?", default=QUESTION)
    question = arguments.parse_args().question
    found = asyncio.run(walk(question))
    file = ""
    for code in found.functions:
        if code.co_filename != file:
            file = code.co_filename
            print(f"\n{Path(file).relative_to(BOT.parent)}")
        if code.co_name not in COMPREHENSIONS:
            print(f"    {code.co_firstlineno:4} {code.co_qualname}")
    inline = sum(code.co_name in COMPREHENSIONS for code in found.functions)
    print(f"\n/conversations {question}")
    print(f"{len(found.files)} files, {len(found.functions) - inline} functions, {inline} comprehensions")


if __name__ == "__main__":
    main()
