"""Buttons of answers that are no longer kept: a kind word, and the question again where it can be read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.demo.slack.sample import QUALITY
from tests.answers.office import Office, office


def forget(folder: Path) -> None:
    """Delete every question, as RETENTION_DAYS does in time."""
    with sqlite3.connect(folder / "demo.db", timeout=30) as connection:
        connection.execute("DELETE FROM questions")
    connection.close()


async def kind_words(desk: Office) -> dict[str, object]:
    """Wait to be told that the answer is too old."""
    found = await desk.seen(lambda: [w for w in desk.whispers(desk.dm()) if "too old" in w["text"]])
    return dict(found[-1])


async def test_an_expired_list_offers_its_question_again(tmp_path: Path) -> None:
    """The message itself says what was asked: read back exactly, it is one press away."""
    async with office(rows=400, folder=tmp_path) as desk:
        await desk.command("failed German calls last 30 days", channel=QUALITY)
        listed = await desk.settled_list(desk.dm())
        forget(tmp_path)
        await desk.press(listed, "csv", channel=desk.dm())
        told = await kind_words(desk)
        assert "Failed German calls since" in str(told["blocks"])
        await desk.press(told, "ask_again", channel=desk.dm())
        again = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "CSV in" in m["text"]][1:])
        assert again[0]["text"].partition(": ")[0] == listed["text"].partition(": ")[0]
        assert len(desk.rows(desk.files(desk.dm())[0])) == len(desk.rows(desk.files(desk.dm())[1]))


@pytest.mark.parametrize("question", ["var:plan=gold", "data:city=Bern"])
async def test_what_does_not_read_back_is_not_offered(tmp_path: Path, question: str) -> None:
    """A sentence that would be read as something else is no button: only the kind words."""
    async with office(rows=200, folder=tmp_path) as desk:
        desk.say(f"{question} last 90 days", channel=desk.dm())
        answered = (await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "calls" in m["text"]]))[
            -1
        ]
        forget(tmp_path)
        await desk.press(answered, "more", channel=desk.dm(), pick="Refresh")
        told = await kind_words(desk)
        assert "ask_again" not in str(told["blocks"])
