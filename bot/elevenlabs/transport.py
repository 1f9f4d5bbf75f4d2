"""Requests to ElevenLabs: one HTTP client, slots, retries, errors by class. The only module that sends.

The key travels in one header and nowhere else: redirects are not followed (they would carry it elsewhere),
and no error keeps the request that failed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from typing import TypeVar

import httpx
import stamina

from bot.elevenlabs.breaker import Breaker
from bot.elevenlabs.errors import BadAnswer, ElevenLabsError, RateLimited, Unavailable, WrongKey, classify
from bot.elevenlabs.limiter import Limiter, Slot

T = TypeVar("T")
Params = Sequence[tuple[str, str]]

_JSON = "application/json"
_OK = 200
_HARDLY = 0.1
"""A Retry-After below this is no wait: the usual one is taken."""
_LARGEST_ANSWER = 64 * 2**20
_CHUNK = 64 * 2**10
_TIMEOUT = httpx.Timeout(connect=10.0, read=30.0, write=10.0, pool=None)
_WHOLE = 90.0
"""Seconds for one whole answer: also one that trickles in."""


def _user_agent() -> str:
    try:
        return f"conversations-bot/{metadata.version('conversations-bot')}"
    except metadata.PackageNotFoundError:  # run from a folder that is not installed
        return "conversations-bot"


_USER_AGENT = _user_agent()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request is tried: attempts, seconds in all, and the waits between, in seconds."""

    attempts: int
    timeout: float
    wait_initial: float = 0.25
    wait_max: float = 8.0
    wait_jitter: float = 0.25
    longest_pause: float = 60.0
    """A Retry-After beyond this is not waited for: the error says how long it is."""

    def scaled(self, factor: float) -> Patience:
        """Return the same with shorter waits, for tests."""
        return replace(
            self,
            wait_initial=self.wait_initial * factor,
            wait_max=self.wait_max * factor,
            wait_jitter=self.wait_jitter * factor,
        )


BULK = Patience(attempts=8, timeout=180.0)
"""For pages of a long retrieval and details of many calls."""
URGENT = Patience(attempts=5, timeout=30.0, wait_max=4.0, longest_pause=10.0)
"""For a request that a person waits for."""
ONCE = Patience(attempts=1, timeout=10.0, longest_pause=0.0)
"""For a question whose answer is only a hint."""


@dataclass(slots=True)
class Counts:
    """What was sent so far, for metrics."""

    requests: int = 0
    failures: int = 0
    """Attempts that brought no usable answer."""
    refusals: int = 0
    """429 answers."""
    retries: int = 0
    """Attempts after the first."""
    cached: int = 0
    """First lists given from memory, without a request."""


class Transport:
    """GET requests under `base_url` with the key, a limit on what is in flight, and retries."""

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str,
        limiter: Limiter,
        breaker: Breaker,
        clock: Callable[[], float],
        hurry: float = 1.0,
        http: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`clock` gives Unix seconds; `hurry` scales the waits of retries; `http` replaces the network."""
        self.counts = Counts()
        self.limiter = limiter
        self.breaker = breaker
        self._clock = clock
        self._hurry = hurry
        self._base = base_url.rstrip("/")
        # A key that no header can hold would be quoted in full by the error that says so.
        self._usable_key = bool(api_key) and api_key.isascii() and api_key.isprintable()
        self._client = httpx.AsyncClient(
            headers={
                "xi-api-key": api_key if self._usable_key else "",
                "user-agent": _USER_AGENT,
                "accept": _JSON,
            },
            timeout=_TIMEOUT,
            follow_redirects=False,
            limits=httpx.Limits(
                max_connections=None, max_keepalive_connections=limiter.most + 2, keepalive_expiry=30.0
            ),
            transport=http,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get(
        self,
        path: str,
        params: Params,
        decode: Callable[[bytes], T],
        *,
        patience: Patience,
        urgent: bool = False,
    ) -> T:
        """Return the decoded answer to GET `path`. Raises ElevenLabsError once patience is at its end.

        `decode` raises BadAnswer for what it cannot read; that is tried again like a dropped connection.
        """

        async def once() -> T:
            async with self.limiter.slot(urgent=urgent) as slot:
                with self._translated():
                    async with asyncio.timeout(_WHOLE):
                        response = await self._open(slot, path, params, _JSON)
                        try:
                            body = await _read(response)
                        finally:
                            await response.aclose()
            return decode(body)

        return await self._patiently(once, patience)

    @contextlib.asynccontextmanager
    async def stream(
        self, path: str, *, accept: str, patience: Patience
    ) -> AsyncIterator[tuple[int | None, AsyncIterator[bytes]]]:
        """Give (length or None, chunks) of GET `path`. Retries until the answer begins, not once it flows."""
        async with contextlib.AsyncExitStack() as stack:

            async def begin() -> httpx.Response:
                async with contextlib.AsyncExitStack() as attempt:
                    slot = await attempt.enter_async_context(self.limiter.slot(urgent=True))
                    with self._translated():
                        response = await self._open(slot, path, (), accept)
                    attempt.push_async_callback(response.aclose)
                    stack.push_async_exit(attempt.pop_all())
                    return response

            response = await self._patiently(begin, patience)
            length = response.headers.get("content-length", "")
            plain = "content-encoding" not in response.headers
            yield (int(length) if plain and length.isdecimal() else None), self._chunks(response)

    async def _patiently(self, once: Callable[[], Awaitable[T]], patience: Patience) -> T:
        if not self._usable_key:
            raise WrongKey("the key is empty or holds characters that no key has")
        trying = self.breaker.check()
        waits = patience.scaled(self._hurry)

        def again(error: BaseException) -> bool | float:
            if isinstance(error, RateLimited):
                wait = error.retry_after
                if wait is None or wait < _HARDLY:
                    return True
                # The limiter holds everybody back for that long: no further wait of our own.
                return 0.0 if wait <= waits.longest_pause else False
            return isinstance(error, Unavailable | BadAnswer)

        try:
            async for attempt in stamina.retry_context(
                on=again,
                attempts=waits.attempts,
                timeout=waits.timeout,
                wait_initial=waits.wait_initial,
                wait_max=waits.wait_max,
                wait_jitter=waits.wait_jitter,
            ):
                self.counts.retries += attempt.num > 1
                with attempt:
                    result = await once()
                    self.breaker.succeeded()
                    self.limiter.succeeded()
                    return result
        except Unavailable:
            self.breaker.failed()
            raise
        except ElevenLabsError:
            self.breaker.succeeded()
            raise
        except BaseException:
            if trying:
                self.breaker.gave_up()
            raise
        raise AssertionError("a retry loop ends by returning or raising")

    async def _open(self, slot: Slot, path: str, params: Params, accept: str) -> httpx.Response:
        """Send one request; return its answer, still to be read and closed. Raises what is not 200."""
        self.counts.requests += 1
        request = self._client.build_request(
            "GET", self._base + path, params=httpx.QueryParams(list(params)), headers={"accept": accept}
        )
        response = await self._client.send(request, stream=True)
        if response.status_code == _OK:
            return response
        try:
            body = await _read(response)
        finally:
            await response.aclose()
        raise self._refusal(response, body, slot)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn every failure of a request into one of ours. From None: httpx's errors carry the key."""
        try:
            yield
        except (httpx.DecodingError, httpx.InvalidURL) as error:
            self.counts.failures += 1
            raise BadAnswer(f"the answer cannot be read: {type(error).__name__}") from None
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as error:
            self.counts.failures += 1
            raise Unavailable(f"no answer: {type(error).__name__}") from None
        except ElevenLabsError:
            self.counts.failures += 1
            raise

    async def _chunks(self, response: httpx.Response) -> AsyncIterator[bytes]:
        with self._translated():
            async for chunk in response.aiter_bytes(_CHUNK):
                yield chunk

    def _refusal(self, response: httpx.Response, body: bytes, slot: Slot) -> ElevenLabsError:
        error = classify(response.status_code, response.headers, body, now=self._clock())
        if isinstance(error, RateLimited):
            self.counts.refusals += 1
            self.limiter.refused(slot, error.retry_after)
        return error


async def _read(response: httpx.Response) -> bytes:
    """Read a whole body, but not one without end."""
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > _LARGEST_ANSWER:
            raise BadAnswer("the answer is too large", status=response.status_code)
        parts.append(part)
    return b"".join(parts)
