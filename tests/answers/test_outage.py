"""ElevenLabs fails: said at once, what is remembered shown with its age, Retry; partial is called partial."""

from __future__ import annotations

from bot.demo.elevenlabs import ApiFaults
from bot.demo.slack.sample import GENERAL, LENA
from tests.answers.office import office
from tests.answers.test_schedules import Clock

QUESTION = "failed since 30 days ago"


class FromThirdPage(ApiFaults):
    """Lets every page of the list after the second repeat its cursor, which no retry gets over."""

    pages = 0

    def next(self, path: str) -> str | None:
        """Decide about one request."""
        if not path.endswith("/v1/convai/conversations"):
            return None
        self.pages += 1
        return "shuffled" if self.pages > 2 else None


async def test_an_outage_is_told_at_once_with_what_is_remembered() -> None:
    """A list from memory says so and how old it is; with nothing remembered, a sentence and Retry."""
    faults = ApiFaults()
    clock = Clock("2026-11-18T12:06+01:00")
    async with office(rows=200, faults=faults, clock=clock) as desk:
        await desk.command(QUESTION)
        before = await desk.settled_list(desk.dm())
        faults.rate, faults.kinds = 1.0, ("500",)

        for number in range(6):
            desk.say(f"over {number} minutes since 2 days ago", channel=desk.dm(LENA), user=LENA)
        told = await desk.seen(
            lambda: [m for m in desk.messages(desk.dm(LENA)) if "does not answer" in m["text"]][5:]
        )
        assert all('"retry"' in str(message).replace("'", '"') for message in told)

        clock.now += 20  # more than what was read is used again for, less than ElevenLabs is left alone
        asked = len(desk.samples.state.requests)
        await desk.command(QUESTION)
        shown = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "from memory" in str(m)])
        assert len(desk.samples.state.requests) == asked  # nobody waits for retries any more
        (listed,) = shown
        glance = (await desk.seen(lambda: desk.whispers(GENERAL)[1:]))[0]
        for message in (listed, glance):
            assert "as of" in str(message["blocks"])
            assert "later calls are missing" in str(message["blocks"])
        first = next(line for line in before["text"].splitlines() if "conv_" in line)
        assert first.split("conv_")[1][:12] in str(listed["blocks"])
        assert "the CSV are" not in str(glance)
        assert len(desk.files(desk.dm())) == 1


async def test_retry_turns_the_message_into_the_whole_answer() -> None:
    """Pressed on a list from memory once ElevenLabs answers: the same message, all rows, a file.

    Who presses twice gets one.
    """
    faults = ApiFaults()
    async with office(rows=120, faults=faults) as desk:
        await desk.command(QUESTION)
        await desk.settled_list(desk.dm())
        faults.rate, faults.kinds = 1.0, ("500",)
        desk.say("failed since 10 days ago sort:newest", channel=desk.dm(LENA), user=LENA)
        listed = (
            await desk.seen(lambda: [m for m in desk.messages(desk.dm(LENA)) if "from memory" in str(m)])
        )[0]
        faults.clear()
        for _ in range(2):
            await desk.press(listed, "retry", channel=desk.dm(LENA), user=LENA)
        settled = await desk.settled_list(desk.dm(LENA))
        assert settled["ts"] == listed["ts"]
        assert "from memory" not in str(settled["blocks"])
        await desk.seen(lambda: not desk.running())
        assert len(desk.files(desk.dm(LENA))) == 1


async def test_a_file_that_fails_midway_leaves_a_list_that_says_partial() -> None:
    """It says how far reading came and that there may be more, and offers Retry; no half file is sent."""
    async with office(rows=400, faults=FromThirdPage()) as desk:
        await desk.command("since 60 days ago")
        listed = (await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "No CSV" in str(m)]))[0]
        words = str(listed["blocks"])
        assert "Partial: reading stopped after" in words
        assert "there may be more" in words
        assert "at least" in listed["text"]
        assert "'retry'" in words
        assert desk.files(desk.dm()) == []
