"""Files: the upload flow of the SDK, what is refused on the way, sharing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.demo.slack import Fault, sample, sample_workspace
from tests.demo.slacking import Slack, served


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with served(sample_workspace()) as running:
        yield running


async def test_upload_into_a_thread(slack: Slack) -> None:
    """files_upload_v2 works; the share comes later, in the thread."""
    slack.workspace.share_delay = 0.05
    dm = slack.workspace.dm(sample.ME).id
    posted = await slack.client.chat_postMessage(channel=dm, text="list")
    done = await slack.client.files_upload_v2(
        channel=dm, thread_ts=posted["ts"], content="a\n1\n", filename="calls.csv", title="All calls"
    )
    assert len(slack.workspace.messages.thread(dm, posted["ts"])) == 1
    await slack.deliveries.idle()
    _, shared = slack.workspace.messages.thread(dm, posted["ts"])
    file = shared["files"][0]
    assert file["id"] == done["file"]["id"]
    assert (shared["thread_ts"], shared["subtype"]) == (posted["ts"], "file_share")
    assert (file["title"], file["mimetype"], file["filetype"], file["size"]) == (
        "All calls",
        "text/csv",
        "csv",
        4,
    )
    async with aiohttp.ClientSession() as session, session.get(file["url_private"]) as answer:
        assert await answer.read() == b"a\n1\n"
        assert answer.headers["content-disposition"].startswith("attachment")
    async with aiohttp.ClientSession() as session, session.get(f"{file['url_private']}?inline=1") as answer:
        assert answer.headers["content-disposition"].startswith("inline")


async def test_places_refused(slack: Slack) -> None:
    """A file needs membership and a conversation's id; nothing is shared when it is refused."""
    expected = {
        sample.GENERAL: "not_in_channel",
        sample.LEADS: "channel_not_found",
        sample.ARCHIVED: "is_archived",
        sample.ME: "invalid_arguments",
        "#quality-review": "invalid_arguments",
    }
    for place, error in expected.items():
        with pytest.raises(SlackApiError) as refused:
            await slack.client.files_upload_v2(channel=place, content="x", filename="x.txt")
        assert (place, refused.value.response["error"]) == (place, error)
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await slack.client.files_upload_v2(
            channel=sample.QUALITY, content="x", filename="x.txt", thread_ts="1.000001"
        )
    assert slack.workspace.files.all() == []


async def test_bytes_must_match(slack: Slack) -> None:
    """Bytes of another length than announced, twice, or none at all are refused, and cannot be completed."""
    reserved = await slack.client.files_getUploadURLExternal(filename="a.csv", length=3)
    url, files = reserved["upload_url"], [{"id": reserved["file_id"]}]
    with pytest.raises(SlackApiError, match="file_not_found"):
        await slack.client.files_completeUploadExternal(files=files)
    async with aiohttp.ClientSession() as session:
        for body, status in ((b"", 400), (b"1234", 400), (b"123", 200), (b"123", 404)):
            async with session.post(url, data=body) as answer:
                assert (body, answer.status) == (body, status)
        async with session.post(f"{slack.base}/slack-upload/nowhere", data=b"1") as answer:
            assert answer.status == 404
    await slack.client.files_completeUploadExternal(files=files, channel_id=sample.QUALITY)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await slack.client.files_completeUploadExternal(files=files, channel_id=sample.QUALITY)


async def test_upload_faults(slack: Slack) -> None:
    """The upload door can fail too, before or after the bytes were kept."""
    slack.workspace.faults.add(Fault("status", frozenset({"upload"})))
    with pytest.raises(SlackRequestError, match="503"):
        await slack.client.files_upload_v2(channel=sample.QUALITY, content="x", filename="x.txt")
    slack.workspace.faults.add(Fault("drop", frozenset({"upload"}), after_effect=True))
    reserved = await slack.client.files_getUploadURLExternal(filename="a", length=1)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.post(reserved["upload_url"], data=b"1")
    file = slack.workspace.files.get(reserved["file_id"])
    assert file is not None
    assert file.content == b"1"
