"""The one place where the parts are put together."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec
from prometheus_client import CollectorRegistry
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answering import Answering
from bot.answers.ids import IdFinder
from bot.answers.modals import CallModals
from bot.answers.reply import ReplyError
from bot.answers.request import Request
from bot.answers.services import Services
from bot.elevenlabs import Conversations
from bot.settings import Settings
from bot.slack.background import Background
from bot.slack.bolt import bolt_app
from bot.slack.delivery import Delivery
from bot.slack.modals import Modals
from bot.slack.people import Identity, SlackPeople
from bot.slack.web_api import web_client
from bot.store.callids import CallIdStore
from bot.store.database import Database
from bot.store.durable import DurableAnswers, Steps
from bot.store.questions import Questions

STOP_SECS = 20.0
"""How long running answers may go on after a stop was asked; the rest goes on at the next start."""
EXECUTOR_ID = "single"
"""With SQLite one process answers; after a restart it is the same one."""


@dataclass(frozen=True, slots=True)
class Bot:
    """The running parts that the transports need."""

    bolt: AsyncApp
    registry: CollectorRegistry
    ready: Callable[[], Any]
    client: AsyncWebClient


def conversations(settings: Settings) -> Conversations:
    """Return the client of ElevenLabs' API for these settings."""
    key = settings.elevenlabs_api_key
    return Conversations(
        api_key="" if key is None else key.reveal(),
        base_url=settings.elevenlabs_base_url,
        concurrency=settings.elevenlabs_concurrency,
        cache_rows=settings.cache_rows,
        mask_phone_numbers=settings.mask_phone_numbers,
    )


@contextlib.asynccontextmanager
async def assemble(
    settings: Settings, *, clock: Callable[[], float] = time.time, stop_secs: float = STOP_SECS
) -> AsyncIterator[Bot]:
    """Put the bot together on the running event loop; ends its answers and closes everything at the end."""
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        token = settings.slack_bot_token
        client = web_client(None if token is None else token.reveal(), settings.slack_api_url, session)
        identity = Identity(client)
        database = Database(settings.database_url.reveal())
        stack.callback(database.close)
        await database.create_tables()
        api = await stack.enter_async_context(conversations(settings))
        ids = CallIdStore(database, clock, masked=settings.mask_phone_numbers)
        questions = Questions(database, clock)
        services = Services(
            conversations=api,
            ids=IdFinder(api, ids),
            questions=questions,
            people=SlackPeople(
                client,
                identity,
                allowed_users=settings.allowed_users,
                allowed_channels=settings.allowed_channels,
                clock=clock,
            ),
            replies=Delivery(client, session),
            clock=clock,
            week_start=settings.week_start,
            export_rows=settings.export_rows,
            base_url=settings.elevenlabs_base_url,
        )
        answering = Answering(services)
        background = Background()
        stack.push_async_callback(background.aclose)

        async def handle(request: dict[str, Any], steps: Steps) -> None:
            await answering.answer(msgspec.convert(request, Request), steps)

        durable = DurableAnswers(database.url, handle, executor_id=EXECUTOR_ID)
        await durable.launch()
        stack.push_async_callback(durable.close, within=stop_secs)

        async def start(request: Request) -> None:
            await durable.start(request.answer_id, msgspec.to_builtins(request))

        async def ready() -> list[str]:
            problems = []
            try:
                await database.ping()
            except Exception as error:  # noqa: BLE001 - whatever is wrong, the process is not ready
                problems.append(f"database: {type(error).__name__}")
            try:
                await identity.get()
            except ReplyError as refused:
                problems.append(f"slack: {refused.code}")
            return problems

        secret = settings.slack_signing_secret
        yield Bot(
            bolt=bolt_app(
                web_client(None, settings.slack_api_url, session),
                identity,
                start,
                bot_token="" if token is None else token.reveal(),
                signing_secret=None if secret is None else secret.reveal(),
                clock=clock,
                modals=Modals(client, services.replies, background),
                calls=CallModals(services),
            ),
            registry=CollectorRegistry(),
            ready=ready,
            client=client,
        )
        await forget_old(settings, questions, ids)


async def forget_old(settings: Settings, questions: Questions, ids: CallIdStore) -> None:
    """Forget what RETENTION_DAYS says is old."""
    await questions.forget_older_than(settings.retention_days)
    await ids.forget_older_than(settings.retention_days)
