"""The Home tab: numbers of today and this week, quick questions, what a person asked lately and saved.

Nothing for who may not ask.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import structlog

from bot.answers.answer import Answer, Services
from bot.answers.error_messages import cause
from bot.answers.ports import Address, Asker, ReplyError
from bot.answers.report_answer import ReportReading
from bot.answers.telling import day_of, rule_of, state_of, words_of
from bot.answers.typed_texts import query_of
from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.block_elements import Block, actions, button, context, divider, fit_view, header, section
from bot.blocks.data_table import chart_block
from bot.blocks.notice_messages import COMMAND, EXAMPLES
from bot.blocks.report_message import overall
from bot.blocks.saved_blocks import WatchedItem, saved_blocks, watched_blocks
from bot.blocks.text import capital, clock, code, escape, plural, started
from bot.model import SavedQuestion
from bot.query import parse
from bot.query.alert_commands import value_words
from bot.report.chart import Chart
from bot.report.report_table import ReportTable
from bot.store.questions import Question

log = structlog.get_logger(__name__)

RECENT = 10
_ASK = frozenset({act.QUICK, act.RECENT, act.SAVED_RUN, act.FILTERS_VIEW})
"""What asks a question when it is pressed in Home."""
_QUICK_SECS, _NUMBERS_SECS = 1.0, 30.0
"""Home waits so long for its numbers before it is shown without them, and before they are given up."""
_TIMES = {
    "Today": "show:calls,success-rate compare:previous today",
    "This week": "show:calls,success-rate,median-duration,cost compare:previous this week",
}
_DRAWN = "show:calls by:day compare:previous since:{}"
_DRAWN_DAYS = 7
"""Today is one of them. This week would be a single bar on a Monday."""
NOTHING_COUNTED: Mapping[str, ReportTable] = {}
_NO_CHART = frozenset({"invalid_blocks", "invalid_arguments", "invalid_view"})
_COMING = "Asked. The answer comes to the Messages tab."
_THERE = "Answered: see the Messages tab."


@contextlib.asynccontextmanager
async def progress_in_home(answer: Answer) -> AsyncIterator[None]:
    """Say in Home, if it was pressed there, that the answer is on its way, then that it is there."""
    services, address, click = answer.services, answer.address, answer.request.click
    if address.channel_id:
        yield
        return
    asks = click is not None and act.base(click.action_id) in _ASK
    saying = asyncio.create_task(show_home(services, address, _COMING)) if asks else None
    told = None
    try:
        yield
        told = _THERE if asks else None
    finally:
        if saying is not None:
            await asyncio.gather(saying, return_exceptions=True)
        await show_home(services, address, told)


async def show_home(services: Services, address: Address, told: str | None = None) -> None:
    """Draw a person's Home at once, and again with numbers that take longer; a refusal is only logged."""
    user_id = address.user_id
    try:
        asker = await services.people.asker(Address(team_id=address.team_id, user_id=user_id, channel_id=""))
        if asker.refused is not None:
            await services.tabs.home(
                user_id, _home([header("Conversations"), section(escape(asker.refused, 900))])
            )
            return
        counting = asyncio.create_task(_numbers(services, asker))
        try:
            done, _pending = await asyncio.wait([counting], timeout=_QUICK_SECS)
            if not done:
                await services.tabs.home(user_id, await _view(services, user_id, asker, told=told))
            async with asyncio.timeout(_NUMBERS_SECS):
                tables, chart = await counting
            try:
                view = await _view(services, user_id, asker, told=told, tables=tables, chart=chart)
                await services.tabs.home(user_id, view)
            except ReplyError as refused:
                if refused.code not in _NO_CHART or chart is None:
                    raise
                await services.tabs.home(
                    user_id, await _view(services, user_id, asker, told=told, tables=tables)
                )
        finally:
            counting.cancel()
    except ReplyError as refused:
        log.info("home not shown", code=refused.code, method=refused.method)
    except TimeoutError:
        log.info("home without numbers")


async def _numbers(services: Services, asker: Asker) -> tuple[dict[str, ReportTable], Chart | None]:
    """Count the calls of today and this week, and draw the last days; nothing where they cannot be read."""
    now = datetime.fromtimestamp(services.clock(), ZoneInfo(asker.tz))
    drawn = _DRAWN.format(now.date() - timedelta(days=_DRAWN_DAYS - 1))
    counted = []
    for text in (*_TIMES.values(), drawn):
        query = parse(text, now=now, week_start=services.week_start).query
        reading = ReportReading(query, services.conversations, now=now, week_start=services.week_start)
        try:
            counted.append(await reading.read())
        except Exception as error:  # noqa: BLE001 - the rest of Home does not need ElevenLabs
            log.info("no numbers in home", error=type(cause(error)).__name__)
            return {}, None
    return {time: each.table for time, each in zip(_TIMES, counted, strict=False)}, counted[-1].chart


async def _view(
    services: Services,
    user_id: str,
    asker: Asker,
    *,
    told: str | None,
    tables: Mapping[str, ReportTable] = NOTHING_COUNTED,
    chart: Chart | None = None,
) -> dict[str, object]:
    recent = await services.questions.latest_of(user_id, limit=RECENT)
    watched, _hidden = await watched_by(services, user_id)
    archived = None if services.archive_state is None else await services.archive_state()
    return home_view(
        tables=tables,
        chart=chart,
        recent=[(question, query_of(services, question).sentence()) for question in recent],
        saved=await services.saved.of(user_id),
        watched=items(services, watched, asker.tz),
        tz=ZoneInfo(asker.tz),
        now=services.clock(),
        told=told,
        archived=None if archived is None else archived.words(services.clock()),
    )


async def watched_by(
    services: Services, user_id: str, channel_id: str = "", *, public: bool = False
) -> tuple[list[SavedQuestion], int]:
    """Return what a person may see of all that is watched, and how many more there are.

    That is what is theirs or told in their channels; where others read (`public`), what is told in this one.
    """
    everything = await services.watches.everything()
    channels = {channel_id}
    elsewhere = {each.channel_id for each in everything if each.user_id != user_id} - {None, channel_id}
    if elsewhere and not public:
        try:
            channels |= {*(await services.people.channels_of(user_id)).values()}
        except ReplyError as refused:
            log.info("channels not known", code=refused.code)
    found = [
        each for each in everything if each.channel_id in channels or (each.user_id == user_id and not public)
    ]
    found.sort(key=lambda each: (state_of(each).standing != "firing" or each.paused, each.kind or ""))
    return found, len(everything) - len(found)


def items(services: Services, found: Sequence[SavedQuestion], tz: str) -> list[WatchedItem]:
    zone, now, every = ZoneInfo(tz), services.clock(), services.alert_seconds
    return [WatchedItem(saved, words_of(saved), _standing(saved, zone, now, every)) for saved in found]


def _standing(saved: SavedQuestion, tz: ZoneInfo, now: float, every: float) -> str:
    """Say how something that is watched stands, when it was looked at, and when it will be."""
    if saved.paused:
        return "paused"
    parts, rule, state, day = [], rule_of(saved), state_of(saved), day_of(saved)
    looked = saved.looked_at or now
    following = f"next at {clock(max(now, looked + every), tz)}"
    if rule is not None:
        if saved.state is None:
            return f"not looked at yet, {following}"
        since = f" since {started(state.since, tz, now)}" if state.since else ""
        parts = [f"{state.standing}{since}"]
        if state.standing == "no data" and rule.least:
            parts.append(f"fewer than {plural(rule.least, 'call')}")
        elif state.value is not None:
            parts.append(f"now {value_words(rule, round(state.value, 3))}")
        if state.snoozed_until > now:
            parts.append(f"silent until {started(state.snoozed_until, tz, now)}")
    elif day is not None and day.day == datetime.fromtimestamp(now, tz).date().isoformat():
        parts = [f"{plural(day.count, 'call')} today"]
    return ", ".join([*parts, f"looked at {clock(looked, tz)}", following])


# --- as Slack shows it ---


def home_view(
    *,
    tables: Mapping[str, ReportTable] = NOTHING_COUNTED,
    chart: Chart | None = None,
    recent: Sequence[tuple[Question, str]],
    saved: Sequence[SavedQuestion],
    watched: Sequence[WatchedItem] = (),
    tz: tzinfo,
    now: float,
    told: str | None = None,
    archived: str | None = None,
) -> dict[str, object]:
    """Build the Home tab. `tables` are the numbers of a time, `recent` the questions asked, in words."""
    numbers = [
        f"*{time}*: {escape(' · '.join(overall(table, measure) for measure in table.show))}"
        for time, table in tables.items()
    ]
    compared = context("Compared with the same part of the day or week before")
    counted = [section("\n".join(numbers)), *([chart_block(chart)] if chart else []), compared, divider()]
    ask = section(
        f"Type {code(COMMAND + ' failed calls since yesterday')} anywhere, or press a question. "
        "The answer comes to your direct messages, with the call ids and a CSV."
    )
    examples = (
        example.button(capital(example.question), act.QUICK, index=index)
        for index, example in enumerate(EXAMPLES)
    )
    asked = [
        section(
            f"{escape(capital(sentence), 500)}\n_{started(question.asked_at, tz, now)}_",
            button("Ask again", numbered(act.RECENT, index), Pointer(question.question_id)),
        )
        for index, (question, sentence) in enumerate(recent[:RECENT])
    ]
    return _home(
        [
            *(counted if numbers else []),
            *(header("Ask about your conversations"), ask),
            *actions(*examples),
            *actions(button("Choose filters", act.FILTERS, Pointer(""))),
            *([section(f":white_check_mark: {escape(told, 300)}")] if told else []),
            *(divider(), header("Saved questions"), *saved_blocks(saved)),
            *(divider(), header("Alerts and subscriptions"), *watched_blocks(watched)),
            *(divider(), header("Recent questions"), *(asked or [context("Nothing yet.")])),
            *([] if archived is None else [divider(), context(f"Archive: {escape(archived, 300)}")]),
        ]
    )


def _home(blocks: Sequence[Block]) -> dict[str, object]:
    return {"type": "home", "callback_id": act.HOME_VIEW, "blocks": fit_view(blocks)}
