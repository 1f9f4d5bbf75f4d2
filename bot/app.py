"""The one place where the parts are put together; running them until asked to stop: HTTP or Socket Mode."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec
import structlog
from prometheus_client import generate_latest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer import Request, Services, meanwhile
from bot.answers.answering import answer_request
from bot.answers.ports import ReplyError
from bot.answers.saved_requests import DUE_SECS, Scheduler
from bot.answers.watcher import Watcher
from bot.archive.archive_sync import ArchiveSync
from bot.archive.archived_rows import Archive
from bot.archive.kept_ids import IdFinder
from bot.blocks import actions as act
from bot.clients import conversations, open_archive, post_call_events
from bot.redaction import revealed
from bot.settings import Settings
from bot.slack.delivery import SlackDelivery, SlackReply, SlackTabs
from bot.slack.listeners import Background, Listeners, bolt_app, receiver
from bot.slack.slack_api import slack_session, web_client
from bot.slack.slack_people import Identity, SlackPeople
from bot.store.database import Database
from bot.store.durable import Checkpoints, DurableAnswers
from bot.store.exports import Exports
from bot.store.processes import Processes, new_executor_id
from bot.store.questions import Questions
from bot.store.saved import SavedQuestions, Watches, Welcomed
from bot.web import (
    Metrics,
    Readiness,
    Receive,
    application,
    event_routes,
    health_routes,
    routes,
    serve,
    stop_asked,
)

log = structlog.get_logger(__name__)

STOP_SECS = 16.0
"""How long running answers may go on after a stop was asked; the rest goes on at the next start."""
ALONE = "single"
"""With SQLite one process answers; after a restart it is the same one."""
SLACK_SECS = 30.0
"""For how long Slack's yes to our token counts as "reachable"."""
DATABASE_SECS = 5.0
"""How long an operator's question waits for the database."""
DAY_SECS = 86_400.0
NICE = 10
"""Workers give way to web processes on the same machine: Slack waits three seconds for them."""
DEAF_SECS = 30.0
"""How long Slack's connection may be lost before that counts: Slack renews it now and then."""
FIRST_LOOK_SECS = 2.0
"""After the start, when connections have had time to come about."""
LOOK_SECS = 30.0


@dataclass(frozen=True, slots=True)
class Bot:
    """The running parts that the transports need."""

    bolt: AsyncApp
    """What Socket Mode dispatches into."""
    receive: Receive
    """Takes what Slack sends over HTTP."""
    figures: Callable[[], Awaitable[bytes]]
    """What `GET /metrics` answers."""
    ready: Callable[[], Awaitable[Readiness]]
    client: AsyncWebClient
    running: Callable[[], int]
    """How many answers and modals are being worked on here."""
    events: Receive | None
    """Takes post-call events of ElevenLabs, if they are wanted."""
    keep_archive: Callable[[], Coroutine[Any, Any, None]]
    """Keeps the archive true until cancelled, if that is for this process to do."""


@contextlib.asynccontextmanager
async def assemble(
    settings: Settings,
    *,
    answering: bool = True,
    clock: Callable[[], float] = time.time,
    stop_secs: float = STOP_SECS,
) -> AsyncIterator[Bot]:
    """Put the bot together on the running event loop; ends its answers and closes everything at the end.

    `answering` False, with a shared database: requests are recorded, and answered by other processes.
    """
    shared = settings.shared_database
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(slack_session())
        token, signing_secret = revealed(settings.slack_bot_token), revealed(settings.slack_signing_secret)
        client = web_client(token or None, settings.slack_api_url, session)
        identity = Identity(client)
        database = Database(settings.database_url.reveal())
        stack.callback(database.close)
        await database.create_tables()
        executor_id = new_executor_id() if shared else ALONE
        exports = Exports(database, executor_id, clock)
        archive = await open_archive(settings, database, clock)
        await archive.rows.delete_unwanted()
        api = await stack.enter_async_context(conversations(settings, archive, clock))
        metrics = Metrics(lambda: api.counts, lambda: durable.running)
        questions = Questions(database, clock)
        delivery = SlackDelivery(client, session, clock)
        services = Services(
            conversations=api,
            ids=IdFinder(api, archive.ids),
            questions=questions,
            exports=exports,
            saved=SavedQuestions(database),
            watches=Watches(database, executor_id),
            welcomed=Welcomed(database, clock),
            people=SlackPeople(
                client,
                identity,
                allowed_users=settings.allowed_users,
                allowed_channels=settings.allowed_channels,
                clock=clock,
            ),
            reply_to=partial(SlackReply, delivery),
            tabs=SlackTabs(client),
            clock=clock,
            week_start=settings.week_start,
            export_rows=settings.export_rows,
            base_url=settings.elevenlabs_base_url,
            meter=metrics,
            alert_seconds=settings.alert_seconds,
            archive_state=archive.rows.state if archive.rows.days else None,
        )
        background = Background()
        stack.push_async_callback(background.aclose)

        async def handle(request: dict[str, Any], steps: Checkpoints) -> None:
            await answer_request(services, msgspec.convert(request, Request), steps)

        durable = DurableAnswers(
            database.url,
            handle,
            executor_id=executor_id,
            shared=shared,
            answering=answering,
            asker=_asker,
            urgent=_urgent,
        )
        stack.push_async_callback(exports.aclose)
        processes = Processes(database, executor_id, answers=answering)
        if shared:
            await stack.enter_async_context(present(processes, durable, exports, delivery.updates.among))
        else:
            await exports.begin_anew()
        async with database.first_start():
            await durable.launch()
        stack.push_async_callback(durable.close, within=stop_secs)

        async def start(request: Request) -> None:
            await durable.start(request.answer_id, msgspec.to_builtins(request))
            metrics.recorded.labels(kind=request.kind).inc()

        if answering:
            due = Scheduler(services.saved, services.people, clock, start)
            watcher, every = Watcher(services, start, every=settings.alert_seconds), settings.alert_seconds
            often = min(5.0, max(0.1, every / 10))  # it looks when it is this process's turn
            forget_old = partial(forget, settings, clock, durable, questions)
            kept = meanwhile(
                again_and_again(forget_old, DAY_SECS, "could not forget what is old"),
                again_and_again(due.look, DUE_SECS, "could not look for what is due"),
                again_and_again(watcher.look, often, "could not look"),
            )
            await stack.enter_async_context(kept)

        events = post_call_events(settings, archive, api, clock)
        sync = ArchiveSync(archive.rows, archive.ids, api, clock)
        bolt = bolt_app(
            web_client(None, settings.slack_api_url, session),
            identity,
            Listeners(client, services, background, start),
            bot_token=token,
            acknowledged=metrics.ack.observe,
            signing_secret=signing_secret or None,
        )
        yield Bot(
            bolt=bolt,
            receive=receiver(bolt, signing_secret=signing_secret or None, clock=clock),
            figures=lambda: figures(metrics, durable, archive.rows, clock),
            ready=lambda: readiness(database, identity, processes if shared else None),
            client=client,
            running=lambda: durable.running + background.running,
            events=None if events is None else events.receive,
            keep_archive=sync.keep if answering and archive.rows.days else _nothing_to_keep,
        )


async def readiness(
    database: Database, identity: Identity, processes: Processes | None, *, within: float = DATABASE_SECS
) -> Readiness:
    """Find out whether the database and Slack can be reached, and whether anybody answers."""
    problems, notes = [], []
    try:
        async with asyncio.timeout(within):  # a database that hangs is no better than one that is away
            await database.ping()
            if processes is not None and not await processes.alive(answering=True):
                notes.append("no `bot worker` is alive: questions are recorded and wait for one")
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the process is not ready
        problems.append(f"database: {type(error).__name__}")
    try:
        await identity.get(max_age=SLACK_SECS)
    except ReplyError as refused:
        problems.append(f"slack: {refused.code}")
    return Readiness(tuple(problems), tuple(notes))


async def figures(
    metrics: Metrics, durable: DurableAnswers, archive: Archive, clock: Callable[[], float]
) -> bytes:
    with contextlib.suppress(Exception):  # the other figures are worth having without the database
        async with asyncio.timeout(DATABASE_SECS):
            metrics.waiting.set(await durable.waiting())
            metrics.archived(await archive.state(), clock())
    return generate_latest(metrics.registry)


@contextlib.asynccontextmanager
async def present(
    processes: Processes, durable: DurableAnswers, exports: Exports, among: Callable[[int], None]
) -> AsyncIterator[None]:
    """Be heard by other processes, and take over from the silent; `among` hears how many answer."""

    async def adopt(alive: frozenset[str]) -> int:
        among(len(await processes.alive(answering=True)))
        if not durable.launched:
            return 0
        await exports.forget(alive)
        return await durable.adopt(alive)

    async def taken_for_dead() -> None:
        if durable.launched:
            await durable.abandon(processes.executor_id)

    async with processes.present(adopt=adopt, taken_for_dead=taken_for_dead):
        yield


async def again_and_again(work: Callable[[], Awaitable[object]], every: float, trouble: str) -> None:
    """Do some work now and every so many seconds; `trouble` is logged, and the next time may go better."""
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the database may be away for a while
            log.warning(trouble, error=type(error).__name__)
        await asyncio.sleep(every)


async def forget(
    settings: Settings, clock: Callable[[], float], durable: DurableAnswers, questions: Questions
) -> None:
    days = settings.retention_days
    answers = await durable.forget_older_than(days, clock())
    asked = await questions.forget_older_than(days)
    log.info("forgot what is old", answers=answers, questions=asked)


def _asker(request: dict[str, Any]) -> str:
    return str(request["address"]["user_id"]) or "nobody"


def _urgent(request: dict[str, Any]) -> bool:
    """Whether a request is about an answer that is being made, and must not wait behind it."""
    click = request.get("click")
    return click is not None and act.base(click["action_id"]) in {
        act.CANCEL,
        act.WITHOUT_IDS,
        act.FILTERS_VIEW,
    }


async def _nothing_to_keep() -> None:
    """Stand in where no archive is wanted, or other processes keep it."""


async def run_http(settings: Settings) -> None:
    """Serve HTTP on PORT until SIGINT or SIGTERM. With a shared database workers do the answering."""
    async with assemble(settings, answering=not settings.shared_database) as bot, watched(bot):
        app = application([*routes(bot.receive, bot.figures, bot.ready), *event_routes(bot.events)])
        log.info("listening", port=settings.port, path="/slack/events")
        await serve(app, host="0.0.0.0", port=settings.port)  # noqa: S104 - Slack reaches it from outside


async def run_worker(settings: Settings, health_port: int | None) -> None:
    """Answer what other processes record, until SIGINT or SIGTERM."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    async with assemble(settings) as bot, watched(bot):
        log.info("working")
        await _until_stopped(bot, health_port)


async def _until_stopped(bot: Bot, health_port: int | None) -> None:
    """Wait for SIGINT or SIGTERM; meanwhile answer for our health where a port is given."""
    if health_port is None:
        await stop_asked().wait()
        return
    app = application([*health_routes(bot.figures, bot.ready), *event_routes(bot.events)])
    await serve(app, host="0.0.0.0", port=health_port)  # noqa: S104 - asked from outside the container


async def run_socket(settings: Settings, health_port: int | None) -> None:
    """Connect by Socket Mode until SIGINT or SIGTERM."""
    token = settings.slack_app_token
    if token is None:
        raise ValueError("Socket Mode needs SLACK_APP_TOKEN")
    async with (
        assemble(settings) as bot,
        connected(bot, token.reveal()) as listening,
        watched(listening),
    ):
        await _until_stopped(listening, health_port)


@contextlib.asynccontextmanager
async def watched(bot: Bot) -> AsyncIterator[None]:
    """Keep the archive, and tell the log what keeps the process from doing its part, and when that ended."""

    async def watch() -> None:
        known: tuple[str, ...] = ()
        await asyncio.sleep(FIRST_LOOK_SECS)
        while True:
            problems = (await bot.ready()).problems
            if problems and problems != known:
                log.error("not ready", problems=list(problems), next_step="run `bot check`")
            elif known and not problems:
                log.info("ready again")
            known = problems
            await asyncio.sleep(LOOK_SECS)

    async with meanwhile(watch(), bot.keep_archive()):
        yield


@contextlib.asynccontextmanager
async def connected(bot: Bot, app_token: str, *, deaf_secs: float = DEAF_SECS) -> AsyncIterator[Bot]:
    """Hold a Socket Mode connection open; yields the bot as one that is ready only while it hears Slack.

    Slack's SDK tries for ever and tells only the log: with a wrong app token, or behind a proxy that ends
    websockets, the process is alive and nothing comes.
    """
    handler = AsyncSocketModeHandler(bot.bolt, app_token)
    handler.client.proxy = bot.client.proxy
    heard = -math.inf  # before the first connection there was none

    async def listen() -> None:
        nonlocal heard
        await handler.connect_async()  # type: ignore[no-untyped-call]
        log.info("connected by Socket Mode")
        while True:
            if await handler.client.is_connected():
                heard = time.monotonic()
            await asyncio.sleep(min(1.0, deaf_secs / 4))

    async def ready() -> Readiness:
        found = await bot.ready()
        if time.monotonic() - heard <= deaf_secs:
            return found
        return replace(found, problems=(*found.problems, "slack: not connected"))

    try:
        async with meanwhile(listen()):
            yield replace(bot, ready=ready)
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
