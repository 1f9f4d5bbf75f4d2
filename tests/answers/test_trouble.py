"""Every error gives the person one clear sentence with a next step."""

from __future__ import annotations

import pytest

from bot.demo.elevenlabs import Faults
from bot.demo.slack.sample import GENERAL
from tests.answers.office import office


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("faild since monday", "failed"),
        ("on 31 february", "February"),
        ("for Nobodyxyzzy", "no agent"),
        ("rated 9", "5"),
    ],
)
async def test_what_is_not_understood_is_named(question: str, words: str) -> None:
    """The asker reads what was not understood and what would be; nothing is asked of the list."""
    async with office(rows=20) as desk:
        await desk.command(question)
        told = (await desk.seen(lambda: desk.whispers(GENERAL)))[0]
        assert words.lower() in str(told).lower()
        assert desk.messages(desk.dm()) == []


@pytest.mark.parametrize(
    ("api_key", "words"),
    [
        ("nobody's", "does not accept the API key"),
        ("sample-key-without-scope", "convai_read"),
        ("sample-key-residency", "ELEVENLABS_BASE_URL"),
        ("sample-key-unpaid", "payment"),
        ("sample-key-forbidden", "does not let this API key"),
    ],
)
async def test_a_key_that_is_refused_is_explained(api_key: str, words: str) -> None:
    """Each way in which ElevenLabs refuses a key has its own sentence, and none shows the key."""
    async with office(rows=20, api_key=api_key) as desk:
        await desk.command("failed")
        told = (await desk.seen(lambda: desk.whispers(GENERAL)))[0]
        assert words in told["text"]
        assert api_key not in str(told)


async def test_elevenlabs_down_is_said_with_a_next_step() -> None:
    """After its retries the asker is told to try again, with a reference."""
    async with office(rows=20, faults=Faults(rate=1.0, kinds=("500",))) as desk:
        await desk.command("failed")
        told = (await desk.seen(lambda: desk.whispers(GENERAL), patience=60))[0]
        assert "ElevenLabs does not answer" in told["text"]
        assert "reference" in told["text"]
