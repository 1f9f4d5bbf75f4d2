"""Connections that come and go: Socket Mode reconnects, a stop is graceful, figures are served."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.demo.slack.sample import ME
from tests.databases import pooled
from tests.processes.town import town
from tests.serving import free_port

QUESTION = "failed since 60 days ago"


async def test_socket_mode_reconnects(tmp_path: Path, sqlite: str) -> None:
    """After Slack's request to reconnect and after a lost connection, commands are answered as before."""
    async with town(tmp_path, sqlite) as place:
        port = free_port()
        token = place.workspace.app.app_token
        process = await place.start("run", "--health-port", str(port), SLACK_APP_TOKEN=token)
        process.port = port
        sockets = place.desk.deliveries.sockets
        await asyncio.wait_for(sockets.wait_connected(), 30)
        for reason in ("refresh_requested", "link_disabled"):
            await sockets.disconnect(reason)
            await asyncio.wait_for(sockets.wait_connected(), 30)
            # The SDK may open two and leave the first: what is sent into that one is lost, and typed again.
            for _ in range(3):
                delivery = await place.ask(QUESTION, to=process)
                if delivery.ok:
                    break
            assert delivery.ok
            assert delivery.transport == "socket"
        await place.all_answered()
        await process.figures(
            'bot_requests_recorded_total{kind="ask"} 2.0',
            "bot_ack_seconds_count 2.0",
            "bot_file_seconds_count 2.0",
        )
        assert await process.stop() < 25


async def test_a_stopped_worker_leaves_its_answers_to_others(tmp_path: Path, postgres: str) -> None:
    """SIGTERM during an answer: the process ends in time; the answer is finished here or elsewhere, once.

    Those that start at once on an empty database, behind a pooler, do not get into each other's way.
    """
    with pooled(postgres, tmp_path) as url:
        async with town(tmp_path, url, rows=150, latency=0.4) as place:
            web, worker, idle = await place.web(), await place.worker(), await place.worker()
            await asyncio.gather(web.healthy(), worker.healthy(), idle.healthy())
            assert await idle.stop() < 25
            for _ in range(3):
                await place.ask(QUESTION, to=web, user=ME)
            await asyncio.sleep(0.5)
            took, other = await asyncio.gather(worker.stop(), place.worker())
            assert took < 25
            await other.healthy()
            await place.all_answered()
            assert place.repeated() == {}
            assert await web.stop() < 25
            assert await other.stop() < 25
