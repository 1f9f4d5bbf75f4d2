"""Requests to ElevenLabs: one HTTP client, slots, retries, errors by class. The only module that sends.

The key travels in one header and nowhere else: redirects are not followed (they would carry it elsewhere),
and no error keeps the request that failed.

Whether ElevenLabs is there at all is one question for all requests (`CircuitBreaker`), but one conversation
whose detail always fails says nothing about it, nor does a list with one filter too many. So a request that
asks for something in particular (everything but the newest conversations, whichever) counts as failed only if
a list of one row is then not answered either. That is requested once for all that need it at the same time.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import BinaryIO, TypeVar

import httpx
import stamina
import stamina.instrumentation

from bot.elevenlabs import errors
from bot.elevenlabs.rate_limit import TO_CHECK_HEALTH, CircuitBreaker, RateLimiter, RetryPolicy
from bot.elevenlabs.request import ANYTHING, HEALTH_CHECK, ApiRequest
from bot.elevenlabs.retrieval import SingleFlight
from bot.elevenlabs.windows import Chain
from bot.elevenlabs.wire import DEFAULT, DecodeOptions, ListPage, decode_page
from bot.proxy import proxy_for

# Its hooks would log each retry with the function's arguments; `RequestCounts` reports retries.
stamina.instrumentation.set_on_retry_hooks([])

T = TypeVar("T")

_JSON = "application/json"
_OK = 200
_REFUSED = 400
_SERVER = 500
_CLIENT_ERRORS = 3
"""Attempts at what is refused for now, with a status below 500: a lock, a proxy in between."""
_SHORTEST_PAUSE = 0.1
"""A Retry-After below this is no wait: the usual one is taken."""
_FIRST_WAIT = 0.25
"""Seconds before the second attempt, and what chance adds to each wait."""
_LARGEST_ANSWER = 64 * 2**20
_CHUNK = 64 * 2**10
_TIMEOUT = httpx.Timeout(connect=10.0, read=30.0, write=10.0, pool=None)
_USER_AGENT = "conversations-bot"
with contextlib.suppress(metadata.PackageNotFoundError):  # in a folder that is not installed
    _USER_AGENT += f"/{metadata.version(_USER_AGENT)}"


@dataclass(slots=True)
class RequestCounts:
    """What was sent so far, for metrics."""

    requests: int = 0
    failures: int = 0
    """Attempts that brought no usable answer."""
    refusals: int = 0
    retries: int = 0
    """Attempts after the first."""
    cached: int = 0
    """First lists given from memory, without a request."""


@functools.cache
def _tls() -> ssl.SSLContext:
    """Whom to trust, read once per process: it takes longer than a request."""
    return httpx.create_ssl_context()


class HttpTransport:
    """GET requests under `base_url` with the key, a limit on what is in flight, and retries."""

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str,
        limiter: RateLimiter,
        breaker: CircuitBreaker,
        clock: Callable[[], float],
        decoding: DecodeOptions = DEFAULT,
        wait_scale: float = 1.0,
        http: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`clock` gives Unix seconds, `wait_scale` scales the retries' waits, `http` replaces the network."""
        self.counts = RequestCounts()
        self.limiter = limiter
        self.breaker = breaker
        self.decoding = decoding
        self.page = functools.partial(decode_page, decoding=decoding)
        self._clock = clock
        self._wait_scale = wait_scale
        self._single_flight = SingleFlight()
        self._base = base_url
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
            proxy=proxy_for(base_url),
            trust_env=False,
            verify=_tls(),
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def get(
        self,
        request: ApiRequest,
        decode: Callable[[bytes], T],
        *,
        policy: RetryPolicy,
    ) -> T:
        """Return the decoded answer; BadAnswer of `decode` is tried again, too. Raises ElevenLabsError."""
        once = functools.partial(self._answer, request, decode, policy)
        return await self._with_retries(once, policy, particular=request != ANYTHING)

    async def pages(
        self,
        request: Callable[[str | None], ApiRequest],
        decode: Callable[[bytes], ListPage[T]],
        *,
        policy: RetryPolicy,
    ) -> AsyncIterator[ListPage[T]]:
        """Give all pages of a list, one after the other. `request` makes a page's request from its cursor.

        A page that names a next one is not the last, whatever it says of more: that is read until it brings
        nothing new. Raises UnreliableList where the pages do not lead to an end.
        """
        chain, seen = Chain(), set[T]()
        while True:
            try:
                page = await self.get(request(chain.cursor), decode, policy=policy)
            except (errors.Invalid, errors.NotFound):
                if chain.past_end:
                    return
                raise
            yield page
            new = not seen.issuperset(page.rows)
            seen.update(page.rows)
            if chain.ends(page.next_cursor, has_more=page.has_more, new=new):
                return
            if not chain.follow(page.next_cursor, has_more=page.has_more, new=new):
                raise errors.UnreliableList("a page promises more but does not say where")

    async def pause(self, seconds: float) -> None:
        """Wait before asking again, as short as tests like it."""
        await self.limiter.sleep(seconds * self._wait_scale)

    async def _answer(self, request: ApiRequest, decode: Callable[[bytes], T], policy: RetryPolicy) -> T:
        async with self.limiter.slot(policy.rank, max_pause=policy.max_pause) as slot:
            with self._translated():
                async with asyncio.timeout(policy.answer_secs):
                    response = await self._open(slot, request, _JSON)
                    body = await _read(response)
                try:
                    return decode(body)
                except errors.BadAnswer:
                    if errors.is_web_page(response.headers, body):
                        raise errors.NotElevenLabs("a web page instead of an answer", status=_OK) from None
                    raise

    async def download(
        self, request: ApiRequest, out: BinaryIO, *, accept: str, most: int, policy: RetryPolicy
    ) -> int:
        """Write an answer into a file, from its beginning; returns the size in bytes.

        One of more than `most` is not read to its end.
        """

        async def once() -> int:
            async with self.limiter.slot(policy.rank, max_pause=policy.max_pause) as slot:
                with self._translated():
                    async with contextlib.aclosing(await self._open(slot, request, accept)) as response:
                        return await _save(response, out, most)

        return await self._with_retries(once, policy, particular=True)

    async def _with_retries(
        self, once: Callable[[], Awaitable[T]], policy: RetryPolicy, *, particular: bool
    ) -> T:
        """Try, and tell the breaker what came of it. `particular`: it may fail by itself."""
        if not self._usable_key:
            raise errors.WrongKey("the key is empty or holds characters that no key has")
        trying = self.breaker.check()
        try:
            result = await self._retry(once, policy)
        except errors.Unavailable as error:
            if error.wrong_address:
                raise  # said at once, each time: nobody needs to be left alone
            resting = self.breaker.open_until is not None and not trying
            if particular and not resting:
                error.others_answered = await self._single_flight.run("there", self._is_there)
            if not error.others_answered:
                self.breaker.failed()
            raise
        except errors.AskedToWait:
            raise  # not sent: neither an answer nor a failure
        except errors.ElevenLabsError:
            self.breaker.succeeded()
            raise
        finally:
            if trying:
                self.breaker.gave_up()  # no matter if it was counted before
        self.breaker.succeeded()
        self.limiter.succeeded()
        return result

    async def _retry(self, once: Callable[[], Awaitable[T]], policy: RetryPolicy) -> T:
        """Return what `once` returns, repeated as the policy allows; raises its last error."""
        server_errors = 0

        def is_passing(error: BaseException) -> bool | float:
            nonlocal server_errors
            if isinstance(error, errors.RateLimited):
                wait = error.retry_after
                if wait is None or wait < _SHORTEST_PAUSE:
                    return True
                # The limiter holds everybody back for that long: no further wait of our own.
                return 0.0 if wait <= policy.max_pause else False
            if isinstance(error, errors.Unavailable) and error.status is not None:
                server_errors += 1
                most = policy.server_errors if error.status >= _SERVER else _CLIENT_ERRORS
                return not error.wrong_address and (most is None or server_errors < most)
            return isinstance(error, errors.Unavailable | errors.BadAnswer)

        async for attempt in stamina.retry_context(
            on=is_passing,
            attempts=policy.attempts,
            timeout=policy.timeout,
            wait_initial=_FIRST_WAIT * self._wait_scale,
            wait_max=policy.wait_max * self._wait_scale,
            wait_jitter=_FIRST_WAIT * self._wait_scale,
        ):
            self.counts.retries += attempt.num > 1
            with attempt:
                return await once()
        raise AssertionError("a retry loop ends by returning or raising")

    async def _is_there(self) -> bool:
        """Whether ElevenLabs answers a request about nothing in particular."""
        listed = functools.partial(self._answer, HEALTH_CHECK, self.page, TO_CHECK_HEALTH)
        try:
            await self._retry(listed, TO_CHECK_HEALTH)
        except errors.Unavailable:
            return False
        except errors.AskedToWait:
            return True  # by ElevenLabs, a moment ago
        except errors.ElevenLabsError:
            pass  # refused, but answered
        self.breaker.succeeded()
        return True

    async def _open(self, slot: int, request: ApiRequest, accept: str) -> httpx.Response:
        """Send one request; return its answer, still to be read and closed. Raises what is not 200."""
        self.counts.requests += 1
        sent = self._client.build_request(
            "GET",
            request.url(self._base),
            params=httpx.QueryParams(list(request.params)),
            headers={"accept": accept},
        )
        response = await self._client.send(sent, stream=True)
        if response.status_code == _OK:
            return response
        body = await _read(response)
        status, always_there = response.status_code, not request.names_a_resource
        error = errors.classify(status, response.headers, body, now=self._clock(), always_there=always_there)
        if isinstance(error, errors.RateLimited):
            self.counts.refusals += 1
            self.limiter.refused(slot, error.retry_after)
        raise error

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn every failure of a request into one of ours. From None: httpx's errors carry the key."""
        try:
            yield
        except (httpx.DecodingError, httpx.InvalidURL) as error:
            self.counts.failures += 1
            raise errors.BadAnswer(f"the answer cannot be read: {type(error).__name__}") from None
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as error:
            self.counts.failures += 1
            raise errors.Unavailable(f"no answer: {type(error).__name__}") from None
        except errors.ElevenLabsError as error:
            self.counts.failures += 1
            if isinstance(error, errors.NotElevenLabs) and (error.status or _REFUSED) < _REFUSED:
                # A redirect or a web page, and never anything else.
                error.wrong_address = not self.breaker.ever_answered
            raise


async def _read(response: httpx.Response) -> bytes:
    """Read a whole body, but not one without end, and close it."""
    async with contextlib.aclosing(response):
        if "," in response.headers.get("content-encoding", ""):
            # Unpacked twice, a few bytes may become gigabytes at once.
            raise errors.BadAnswer("the answer is packed more than once", status=response.status_code)
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > _LARGEST_ANSWER:
                raise errors.BadAnswer("the answer is too large", status=response.status_code)
    return bytes(body)


async def _save(response: httpx.Response, out: BinaryIO, most: int) -> int:
    """Write a recording into a file; returns its size. Raises what is no recording."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/html":
        raise errors.NotElevenLabs("a web page instead of a recording", status=_OK)
    if "json" in kind or kind.startswith("text/"):
        raise errors.BadAnswer(f"{kind} instead of a recording", status=_OK)
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        return int(length)
    size = out.seek(0)
    async for chunk in response.aiter_bytes(_CHUNK):
        size += len(chunk)
        if size > most:
            break
        await asyncio.to_thread(out.write, chunk)
    await asyncio.to_thread(out.truncate)
    return size
