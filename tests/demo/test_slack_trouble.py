"""Trouble on demand: planned faults and rate limits, met by the SDK's own retry handlers."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)

from bot.demo.slack import Fault, Faults, Rate, Rates, sample, sample_workspace
from tests.demo.slacking import Slack, served

POST = frozenset({"chat.postMessage"})


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with served(sample_workspace()) as running:
        running.client.retry_handlers = [
            AsyncConnectionErrorRetryHandler(max_retry_count=1),
            AsyncRateLimitErrorRetryHandler(max_retry_count=1),
            AsyncServerErrorRetryHandler(max_retry_count=1),
        ]
        yield running


@pytest.mark.parametrize(
    ("fault", "posted"),
    [
        (Fault("ratelimited", POST, retry_after=0), 1),
        (Fault("status", POST, status=500), 1),
        (Fault("drop", POST), 1),
        (Fault("status", POST, status=503, after_effect=True), 2),
        (Fault("drop", POST, after_effect=True), 2),
        (Fault("delay", POST, seconds=0.05), 1),
    ],
    ids=["429", "500", "drop", "lost answer", "lost connection", "delay"],
)
async def test_faults_pass(slack: Slack, fault: Fault, posted: int) -> None:
    """A fault strikes as often as planned; a lost answer leaves its message, so the retry makes a second."""
    slack.workspace.faults.add(fault)
    answer = await slack.client.chat_postMessage(channel=sample.QUALITY, text="x")
    assert answer["ok"]
    assert fault.hits == 1
    assert len(slack.workspace.messages.top_level(sample.QUALITY)) == posted


async def test_named_errors_and_garbage(slack: Slack) -> None:
    """Any Slack error can be planned for a method, and answers that are no JSON."""
    slack.workspace.faults.add(Fault("error", POST, error="restricted_action", times=2))
    for _ in range(2):
        with pytest.raises(SlackApiError, match="restricted_action"):
            await slack.client.chat_postMessage(channel=sample.QUALITY, text="x")
    slack.workspace.faults.add(Fault("garbage", POST))
    with pytest.raises(SlackApiError, match="responded with"):
        await slack.client.chat_postMessage(channel=sample.QUALITY, text="x")
    await slack.client.chat_postMessage(channel=sample.QUALITY, text="x")
    errors = [call.error for call in slack.stand_in.api.called("chat.postMessage")]
    assert errors == ["restricted_action", "restricted_action", "garbage", None]


async def test_response_url_faults(slack: Slack) -> None:
    """The response URL can fail too; a failure before the work does not count as a use."""
    slack.workspace.faults.add(Fault("status", frozenset({"response_url"}), status=500))
    slack.workspace.faults.add(Fault("delay", frozenset({"response_url"}), seconds=0.01))
    url = slack.deliveries.response_url("command", sample.GENERAL, sample.ME)
    async with aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(7):
            async with session.post(url, json={"text": "x"}) as answer:
                statuses.append(answer.status)
    assert statuses == [500, 200, 200, 200, 200, 200, 404]


def test_plan() -> None:
    """Faults are met in order, for their methods, after those to skip, by chance where said."""
    rng = random.Random(1)  # noqa: S311 - a plan of faults is no secret
    plan = Faults(Fault("drop", POST, times=1, skip=1), Fault("delay", times=None, chance=0.5))
    kinds = [getattr(plan.take("chat.postMessage", rng), "kind", None) for _ in range(200)]
    assert kinds.count("drop") == 1
    assert kinds.index("drop") > 0
    assert 60 < kinds.count("delay") < 140
    plan.clear()
    assert plan.take("chat.postMessage", rng) is None


async def test_rate_limits() -> None:
    """Enforced rates answer 429 with the seconds to wait, per channel where Slack counts so."""
    now = [0.0]
    rates = Rates(
        lambda: now[0], {"chat.postMessage": Rate(60, 2, per_channel=True), "chat.update": Rate(30, 1)}
    )
    async with served(sample_workspace(rates=rates)) as slack:
        post = slack.client.chat_postMessage
        first = await post(channel=sample.QUALITY, text="1")
        await post(channel=sample.QUALITY, text="2")
        with pytest.raises(SlackApiError) as refused:
            await post(channel=sample.QUALITY, text="3")
        assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (
            429,
            "1",
        )
        await post(channel=sample.SUPPORT, text="1")
        now[0] += 1
        await post(channel=sample.QUALITY, text="3")
        await slack.client.chat_update(channel=sample.QUALITY, ts=first["ts"], text="x")
        with pytest.raises(SlackApiError) as refused:
            await slack.client.chat_update(channel=sample.SUPPORT, ts=first["ts"], text="x")
        assert refused.value.response.headers["Retry-After"] == "2"
        assert len(slack.workspace.messages.top_level(sample.QUALITY)) == 3
