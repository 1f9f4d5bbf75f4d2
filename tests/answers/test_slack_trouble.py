"""Slack's side of trouble: each is retried, or turned into a sentence somewhere the person can see."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.blocks import actions as act
from bot.demo.faults import SLACKS, Rates
from bot.demo.slack import Fault, Workspace, sample_workspace
from bot.demo.slack.sample import GENERAL, LENA, ME, OMAR, SUPPORT, installed_app
from tests.answers.office import Office, office

QUESTION = "failed since 30 days ago"
POST, COMPLETE = "chat.postMessage", "files.completeUploadExternal"
EVERY = (POST, COMPLETE, "chat.update", "files.getUploadURLExternal", "conversations.open", "users.info")


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 150 sample conversations."""
    async with office(rows=60) as opened:
        yield opened


def fault(desk: Office, kind: str, *methods: str, **more: Any) -> Fault:
    """Plan one trouble of Slack's."""
    return desk.workspace.faults.add(Fault(kind, frozenset(methods), **more))


async def answered_once(desk: Office) -> None:
    """Check that there is one list and one file in the direct message."""
    await desk.settled_list(desk.dm())
    assert len(desk.files(desk.dm())) == 1
    assert len([m for m in desk.messages(desk.dm()) if not m.get("files")]) == 1


@pytest.mark.parametrize("kind", ["ratelimited", "status", "garbage", "drop"])
async def test_a_passing_trouble_is_got_over(desk: Office, kind: str) -> None:
    """A 429, a 503, a web page for JSON and a dropped connection are tried again, whatever was asked."""
    methods = EVERY[:3] if kind == "ratelimited" else EVERY  # each of those waits for a second
    planned = [fault(desk, kind, method) for method in methods]
    await desk.command(QUESTION)
    await answered_once(desk)
    assert [one.hits for one in planned] == [1] * len(methods)


async def test_an_answer_ends_well_although_slack_limits_updates(desk: Office) -> None:
    """Five refusals in a row hold up the last words; nobody is told that it failed, nor has it."""
    uploaded = fault(desk, "delay", COMPLETE, seconds=0.5)
    await desk.command(QUESTION)
    await desk.seen(lambda: uploaded.hits)
    planned = fault(desk, "ratelimited", "chat.update", times=5, retry_after=0)
    await answered_once(desk)
    assert planned.hits == 5
    assert [m for m in desk.whispers(GENERAL) if "limiting" in m["text"]] == []


async def test_a_file_that_is_sent_is_no_failure_when_its_message_is_gone(desk: Office) -> None:
    """Slack takes no last words: the file stands in its thread, and nothing is said of an error."""
    fault(desk, "error", "chat.update", error="message_not_found", times=None)
    await desk.command(QUESTION)
    await desk.seen(lambda: desk.files(desk.dm()))
    await desk.seen(lambda: not desk.running())
    assert len(desk.messages(desk.dm())) == 2
    assert [m["text"] for m in desk.whispers(GENERAL) if "Slack refused" in m["text"]] == []


@pytest.mark.parametrize("asked", ["command", "mention"])
async def test_a_list_that_cannot_be_changed_is_followed_by_one_that_can(asked: str) -> None:
    """It stays there saying that the CSV follows, so what came of it stands below, and works."""
    async with office(rows=60) as desk:
        place = desk.dm() if asked == "command" else SUPPORT
        planned = fault(desk, "error", "chat.update", error="cant_update_message", times=None)
        if asked == "command":
            await desk.command(QUESTION)
        else:
            desk.say(f"@conversations {QUESTION}", channel=SUPPORT)
        listed = await desk.settled_list(place)
        await desk.seen(lambda: not desk.running())
        assert planned.hits
        assert "CSV in the thread" in listed["text"]
        assert len([m for m in desk.messages(place) if not m.get("files")]) == 2
        planned.times = 0
        await desk.press(listed, act.CSV, channel=place)
        await desk.seen(lambda: [m for m in desk.whispers(place) if "there already" in m["text"]])


async def test_many_files_at_once_keep_to_the_rate_of_updates() -> None:
    """Six files of three people: Slack has next to nothing to refuse, and every message ends settled."""

    def limited(base: str) -> Workspace:
        rates = Rates(time.monotonic, {"chat.update": SLACKS["chat.update"]})
        return sample_workspace(base_url=base, app=installed_app(), rates=rates)

    people = (ME, LENA, OMAR)
    async with office(rows=150, latency=0.15, workspace=limited) as desk:
        for seconds in (4, 8):
            for number, user in enumerate(people):
                await desk.command(f"over {seconds + number} seconds", user=user)

        def settled() -> list[Any]:
            found = [message for user in people for message in desk.messages(desk.dm(user))]
            return [message for message in found if "CSV in the thread" in message["text"]]

        await desk.seen(lambda: len(settled()) == 2 * len(people))
        assert len(desk.refused("chat.update")) < 3


@pytest.mark.parametrize("kind", ["drop", "garbage", "status"])
async def test_a_lost_yes_is_recognised(desk: Office, kind: str) -> None:
    """When Slack did it and only the answer got lost, it is not done again."""
    planned = [fault(desk, kind, method, after_effect=True) for method in (POST, COMPLETE)]
    await desk.command(QUESTION)
    await answered_once(desk)
    assert [one.hits for one in planned] == [1, 1]


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "msg_blocks_too_long"])
async def test_refused_blocks_are_told_plainer(desk: Office, code: str) -> None:
    """Blocks that Slack does not take fall back to plainer ones; the ids still come."""
    fault(desk, "error", POST, error=code)
    await desk.command(QUESTION)
    await answered_once(desk)
    shown = next(m for m in desk.messages(desk.dm()) if not m.get("files"))
    assert "conv_" in str(shown)


async def test_an_upload_that_breaks_off_is_sent_again(desk: Office) -> None:
    """A connection lost in the middle, and a web page in place of an answer, leave one file in the end."""
    fault(desk, "drop", "upload")
    fault(desk, "garbage", "upload")
    await desk.command(QUESTION)
    await answered_once(desk)


async def test_an_upload_that_never_works_is_said(desk: Office) -> None:
    """The list message says that there is no file and why, and offers to try again."""
    fault(desk, "status", "upload", times=None)
    await desk.command(QUESTION)
    found = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "No CSV" in m["text"]])
    assert "did not reach Slack" in found[0]["text"]
    desk.workspace.faults.clear()
    await desk.press(found[0], act.CSV, channel=desk.dm())
    await desk.seen(lambda: desk.files(desk.dm()))
    await answered_once(desk)


async def test_an_expired_response_url_leaves_the_direct_message(desk: Office) -> None:
    """Where nothing can be said on the spot, an error is said in the direct message."""
    fault(desk, "status", "response_url", status=404, times=None)
    await desk.command("qwertzuiop since monday")
    (told,) = await desk.seen(lambda: desk.messages(desk.dm()))
    assert "qwertzuiop" in told["text"]


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "restricted_action"])
async def test_a_channel_that_is_gone_moves_the_answer(desk: Office, code: str) -> None:
    """A mention in a channel that was deleted or closed since is answered in the direct message."""
    fault(desk, "error", POST, error=code)
    desk.say(f"@conversations {QUESTION}", channel=SUPPORT)
    await answered_once(desk)
    assert desk.messages(SUPPORT) == []


async def test_a_revoked_token_is_said_where_no_token_is_needed(desk: Office) -> None:
    """Only the command's own address still works: the sender reads that the app must be reinstalled."""
    await desk.command("help")
    await desk.seen(lambda: desk.whispers(GENERAL))
    desk.workspace.app.revoked = "token_revoked"
    await desk.command(QUESTION)
    told = (await desk.seen(lambda: desk.whispers(GENERAL)[1:]))[-1]
    assert "does not accept this app's token" in told["text"]
    assert "reinstalls" in told["text"]


async def test_readiness_tells_of_a_token_that_is_not_taken(desk: Office) -> None:
    """`/readyz` is 503 and names Slack's code; `/healthz` stays fine."""
    desk.workspace.app.revoked = "token_revoked"
    async with aiohttp.ClientSession(desk.base) as session:
        async with session.get("/readyz") as answer:
            assert answer.status == 503
            assert (await answer.json())["problems"] == ["slack: token_revoked"]
        async with session.get("/healthz") as answer:
            assert answer.status == 200


async def test_an_expired_trigger_is_said(desk: Office) -> None:
    """A modal that Slack does not open any more is answered with a sentence."""
    await desk.command(QUESTION)
    shown = await desk.settled_list(desk.dm())
    fault(desk, "error", "views.open", error="expired_trigger_id")
    before = len(desk.whispers(desk.dm())) + len(desk.messages(desk.dm()))
    await desk.press(shown, act.OPEN_CALL, channel=desk.dm(), pick="")
    await desk.seen(lambda: len(desk.whispers(desk.dm())) + len(desk.messages(desk.dm())) > before)
    told = [*desk.messages(desk.dm()), *desk.whispers(desk.dm())][-1]["text"]
    assert "did not wait long enough" in told
