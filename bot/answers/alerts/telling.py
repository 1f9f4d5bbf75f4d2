"""Telling people what a look found: durable answers that nobody asked for just now.

Whether the owner may still ask, and who reads the channel, is checked each time. What fails is tried again at
the next look, under another id, and says that it is late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import asked_for, audit
from bot.answers.alerts.watcher import LATE_SECS
from bot.answers.answer import Answer, Telling
from bot.answers.error_messages import cannot_share
from bot.answers.notices import unseen
from bot.answers.ports import Posted, ReplyError
from bot.answers.steps import ASKER, DAY_COUNT, DAY_MESSAGE, TOLD, TOLD_CALL
from bot.answers.typed_texts import read, with_agents
from bot.blocks.alert_blocks import AlertView, alert_message, day_message, day_words, told_call, told_table
from bot.blocks.notice_messages import notice_message
from bot.blocks.text import capital, plural, started
from bot.elevenlabs.errors import NotFound
from bot.model import Conversation, Message, Selection
from bot.query import Query
from bot.query.alert_commands import measured_words, said, value_words
from bot.report.alerting import DAY, HOUR, AlertRule
from bot.report.chart import Chart
from bot.report.measures import MEASURES, Measure, Unit
from bot.store.saved import SavedQuestion, new_saved_id

log = structlog.get_logger(__name__)

_MINUTES = 60
_DAY_GONE = frozenset(
    {"thread_not_found", "message_not_found", "cannot_reply_to_message", "channel_not_found"}
)
"""Slack's codes where somebody has deleted the day's message: it is posted anew."""


class DayPosted(msgspec.Struct, frozen=True, kw_only=True):
    """The message of a subscription's day."""

    day: str
    """The owner's date, ISO 8601."""
    channel_id: str
    ts: str
    count: int = 0


def words_of(saved: SavedQuestion) -> str:
    """Say what is watched."""
    rule = None if saved.rule is None else msgspec.json.decode(saved.rule, type=AlertRule)
    return said(rule, saved.texts[0] if saved.texts else "")


async def tell_watched(answer: Answer) -> None:
    """Tell what is pending, unless it was told already or is no longer wanted."""
    services = answer.services
    saved = await services.saved.get(answer.request.watched_id)
    if saved is None or saved.pending is None:
        return
    telling = msgspec.json.decode(saved.pending, type=Telling)
    if telling.batch_id != answer.request.answer_id:
        return
    asker = await answer.run(ASKER, lambda answer: services.people.asker(answer.address))
    refused = asker.refused
    if (
        refused is None
        and not answer.address.private
        and (code := await services.people.barred(answer.address))
    ):
        words = cannot_share(code)
        refused = f"{words.headline} {words.next_step}"
    if refused is not None:
        await services.watches.settle(saved, pending=None, paused=True)
        why = f"I stopped watching {words_of(saved)}: it is paused. {refused}"
        await answer.once(
            TOLD, lambda answer: answer.reply.at(unseen(answer.address)).fail(notice_message(why))
        )
        return
    zone = ZoneInfo(asker.tz)
    if saved.kind == "alert":
        message = await _alert(answer, saved, telling, zone)
        await answer.once(TOLD, lambda answer: answer.reply.show(message))
        await services.watches.settle(saved, pending=None)
    else:
        await _tell_calls(answer, saved, telling, zone)


async def tell_later(answer: Answer, error: BaseException) -> None:
    """Let the next look tell again what could not be told now; what was told of it stays told."""
    services = answer.services
    saved = await services.saved.get(answer.request.watched_id)
    if saved is None or saved.pending is None:
        return
    telling = msgspec.json.decode(saved.pending, type=Telling)
    if telling.batch_id != answer.request.answer_id:
        return
    done = [await answer.recorded(TOLD_CALL.number(number)) is not None for number in range(len(telling.ids))]
    left = tuple(key for key, told in zip(telling.ids, done, strict=True) if not told)
    again = msgspec.structs.replace(telling, batch_id=f"tell-{new_saved_id()}", ids=left)
    pending = msgspec.json.encode(again).decode() if left or saved.kind == "alert" else None
    day = None if isinstance(error, ReplyError) and error.code in _DAY_GONE else saved.day
    if day is not None and any(done):
        known = msgspec.json.decode(day, type=DayPosted)
        day = _day(msgspec.structs.replace(known, count=known.count + sum(done)))
    await services.watches.settle(saved, pending=pending, day=day)


def _day(posted: DayPosted) -> str:
    return msgspec.json.encode(posted).decode()


def _late(telling: Telling, now: float, zone: ZoneInfo) -> list[str]:
    """Say that a message is late, and since when nothing could be looked at."""
    if telling.looked_before is not None:
        return [f"late: I could not look since {started(telling.looked_before, zone, now)}"]
    if now - telling.at > LATE_SECS:
        return [f"late: this is from {started(telling.at, zone, now)}"]
    return []


# --- subscriptions ---


async def _tell_calls(answer: Answer, saved: SavedQuestion, telling: Telling, zone: ZoneInfo) -> None:
    """Tell calls in the thread of the day's message, and count them in it."""
    watches, now = answer.services.watches, answer.services.clock()
    query = await _query(answer, saved, zone)
    today = datetime.fromtimestamp(now, zone).date().isoformat()
    day = None if saved.day is None else msgspec.json.decode(saved.day, type=DayPosted)
    count = len(telling.ids) + (day.count if day is not None and day.day == today else 0)
    notes = _late(telling, now, zone)
    head = day_message(words_of(saved), count, day_words(now, zone), saved.saved_id, notes)
    new = day is None or day.day != today
    if day is None or new:
        posted = await answer.run(DAY_MESSAGE, lambda answer: answer.reply.show(head))
        day = DayPosted(day=today, channel_id=posted.channel_id, ts=posted.ts)
        if not await watches.settle(saved, day=_day(day)):
            return
    posted = Posted(channel_id=day.channel_id, ts=day.ts)
    address = msgspec.structs.replace(answer.address, channel_id=posted.channel_id, thread_ts=posted.ts)
    for number, message in enumerate(await _messages(answer, telling, zone)):
        if message is None:
            continue

        async def show(answer: Answer, message: Message = message) -> Posted:
            return await answer.reply.at(address).show(message)

        await answer.run(TOLD_CALL.number(number), show)
    counted: str | None = _day(msgspec.structs.replace(day, count=count))
    if not new:
        try:
            await answer.once(DAY_COUNT, lambda answer: answer.reply.update(posted, head))
        except ReplyError as refused:  # the calls are told all the same
            log.info("the day's message does not count", code=refused.code)
            counted = None if refused.code in _DAY_GONE else counted
    if await watches.settle(saved, pending=None, day=counted):
        audit(
            "tell",
            address,
            asked=asked_for(query),
            rows=len(telling.ids),
            channel_id=posted.channel_id,
            outcome="sent",
        )


async def _messages(answer: Answer, telling: Telling, zone: ZoneInfo) -> list[Message | None]:
    """Return a message for each call, None for one that is no more; or one message for all."""
    client, now = answer.services.conversations, answer.services.clock()
    if not telling.as_table:
        found: list[Message | None] = []
        for conversation_id in telling.ids:
            try:
                found.append(told_call(await client.call(conversation_id), tz=zone, now=now))
            except NotFound:
                found.append(None)
        return found
    rows: list[Conversation] = []
    wanted = set(telling.ids)
    async with client.retrieve(Selection(since=telling.since, until=telling.until + 1)) as retrieval:
        async for batch in retrieval:
            rows += [row for row in batch if row.conversation_id in wanted]
    return [told_table(rows, total=len(telling.ids), tz=zone, now=now)]


async def _query(answer: Answer, saved: SavedQuestion, zone: ZoneInfo) -> Query:
    """Read what is watched again."""
    services = answer.services
    now = datetime.fromtimestamp(answer.request.asked_at, zone)
    agents = await services.conversations.agents()
    parsed = read(saved.texts, now=now, week_start=services.week_start, agents=agents)
    found = await with_agents(services.conversations, parsed.query)
    return found if isinstance(found, Query) else parsed.query


# --- alerts ---


async def _alert(answer: Answer, saved: SavedQuestion, telling: Telling, zone: ZoneInfo) -> Message:
    rule = msgspec.json.decode(saved.rule or "", type=AlertRule)
    measure, now = MEASURES[rule.measure], answer.services.clock()
    value = "no data" if telling.value is None else value_words(rule, round(telling.value, 3))
    question = saved.texts[0]
    name = capital(question or "calls") if rule.measure == "calls" else measured_words(rule, question)
    finding = {
        "firing": f"{name}: {value}",
        "reminder": f"{name}: still {value}",
        "resolved": f"{name}: back at {value}",
        "no data": f"{name}: no data any more",
    }[telling.news]
    notes = [plural(telling.calls, "call"), *_late(telling, now, zone)]
    if rule.compared and telling.before is not None:
        notes.insert(0, f"{value_words(rule, round(telling.before, 3))} the same time last week")
    query = await _query(answer, saved, zone)
    since, until = (datetime.fromtimestamp(each, zone) for each in (telling.since, telling.until))
    return alert_message(
        AlertView(
            news=telling.news,
            finding=finding,
            said=words_of(saved),
            notes=notes,
            saved_id=saved.saved_id,
            calls_question=query.with_time(since, until).canonical(),
            chart=_chart(rule, measure, telling.points, zone),
        )
    )


def _chart(
    rule: AlertRule, measure: Measure, points: Sequence[tuple[int, float | None]], zone: ZoneInfo
) -> Chart | None:
    """Draw the measure of the last windows; what has no value is left out."""
    shown = [(start, value) for start, value in points if value is not None]
    if not shown:
        return None
    size = points[1][0] - points[0][0] if len(points) > 1 else rule.window
    form = "%a %d" if size >= DAY else "%a %H:%M" if size * len(points) > DAY else "%H:%M"
    scale, unit = 1.0, ""
    if measure.unit is Unit.RATE:
        scale, unit = 100.0, "%"
    elif measure.unit is Unit.SECONDS:
        scale, unit = 1 / _MINUTES, "minutes"
    return Chart(
        kind="line" if len(shown) > 1 else "bar",
        title=measure.title,
        categories=tuple(f"{datetime.fromtimestamp(start, zone):{form}}" for start, _value in shown),
        series=((measure.title, tuple(round(value * scale, 2) for _start, value in shown)),),
        x_label=f"each {size // HOUR} h" if size % HOUR == 0 else f"each {size // _MINUTES} min",
        y_label=unit,
    )
