"""A client that calls the ElevenLabs stand-in without a network, for tests of what it says."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from bot.demo.elevenlabs import Dataset, elevenlabs_app

PATH = "/v1/convai/conversations"


class Direct:
    """Calls an app from synchronous tests; `state` is the app's."""

    def __init__(self, dataset: Dataset, key: str | None = "sample-key", **options: Any) -> None:
        self._app = elevenlabs_app(dataset, **options)
        self._headers = {} if key is None else {"xi-api-key": key}
        self.state = self._app.state

    def get(self, path: str = PATH, params: Any = None, method: str = "GET") -> httpx.Response:
        return asyncio.run(self._send(method, path, params))

    async def _send(self, method: str, path: str, params: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://stand-in") as client:
            return await client.request(method, path, params=params, headers=self._headers)
