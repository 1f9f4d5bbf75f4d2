"""Telling people what a look found: durable answers that nobody asked for just now.

Whether the owner may still ask, and who reads the channel, is checked each time. What fails is tried again at
the next look, under another id, and says that it is late.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import asked_for, audit
from bot.answers.answer import ASKER, DAY_COUNT, DAY_MESSAGE, TOLD, TOLD_CALL, Answer, Services
from bot.answers.error_messages import cannot_share
from bot.answers.placement import LATE_SECS, unseen
from bot.answers.ports import Address, Posted, ReplyError
from bot.answers.typed_texts import read, read_with_names, with_agents
from bot.blocks.notice_messages import notice_message
from bot.blocks.saved_blocks import (
    alert_message,
    day_message,
    told_call,
    told_table,
    waiting_message,
)
from bot.blocks.text import plural, started, weekday
from bot.elevenlabs.errors import NotFound
from bot.model import Conversation, Message, SavedQuestion, Selection, zone_named
from bot.query import Query
from bot.query.alert_commands import finding, said, value_words, window_words
from bot.report.alerting import DAY, AlertRule, AlertState
from bot.report.chart import Chart, scale_of
from bot.report.measures import MEASURES
from bot.store.saved import new_saved_id

log = structlog.get_logger(__name__)

MOST_AN_HOUR = 30
"""Messages in an hour in one place; what is more comes in one, later."""


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """A message about what is watched, on its way. Times are Unix seconds."""

    batch_id: str
    """The id of its durable answer; another after it failed."""
    at: float
    """When the look was that gave rise to it."""
    looked_before: float | None = None
    """When the look before was, if that is so long ago that this one comes late."""
    ids: tuple[str, ...] = ()
    """Of a subscription: the conversations to tell, oldest first."""
    since: int = 0
    until: int = 0
    """They began from here to here, both included."""
    as_table: bool = False
    news: str = ""
    """Of an alert: what is to be heard, as in `bot.report.alerting`."""
    value: float | None = None
    before: float | None = None
    calls: int = 0
    points: tuple[tuple[int, float | None], ...] = ()
    """The measure before: start of each window, and its value."""
    waiting: tuple[str, ...] = ()
    """Instead of all that: what is told later, since its place has heard as much as it can bear."""


class DayPosted(msgspec.Struct, frozen=True, kw_only=True):
    day: str
    """The owner's date, ISO 8601."""
    channel_id: str
    ts: str
    count: int = 0


def rule_of(saved: SavedQuestion) -> AlertRule | None:
    return None if saved.rule is None else msgspec.json.decode(saved.rule, type=AlertRule)


def state_of(saved: SavedQuestion) -> AlertState:
    return AlertState() if saved.state is None else msgspec.json.decode(saved.state, type=AlertState)


def day_of(saved: SavedQuestion) -> DayPosted | None:
    return None if saved.day is None else msgspec.json.decode(saved.day, type=DayPosted)


def encoded(value: msgspec.Struct) -> str:
    """Return one of these as its column holds it."""
    return msgspec.json.encode(value).decode()


def words_of(saved: SavedQuestion) -> str:
    return said(rule_of(saved), saved.texts[0] if saved.texts else "")


def address_of(saved: SavedQuestion) -> Address:
    place, private = saved.channel_id or "", saved.channel_id is None
    return Address(team_id=saved.team_id, user_id=saved.user_id, channel_id=place, private=private)


async def query_of_watched(services: Services, saved: SavedQuestion, now: float) -> Query | None:
    """Read its words; None, and logged, when they cannot be read any more."""
    moment = datetime.fromtimestamp(now, zone_named(saved.tz) or ZoneInfo("UTC"))
    parsed, _agents = await read_with_names(
        services.conversations,
        lambda agents: read(saved.texts, now=moment, week_start=services.week_start, agents=agents),
    )
    query = await with_agents(services.conversations, parsed.query)
    if parsed.understood and isinstance(query, Query):
        return query
    log.warning("what is watched is not understood", saved=saved.saved_id)
    return None


# --- one message ---

_DAY_GONE = frozenset(
    {"thread_not_found", "message_not_found", "cannot_reply_to_message", "channel_not_found"}
)
"""Slack's codes where somebody has deleted the day's message: it is posted anew."""
_FOR_GOOD = frozenset(
    {"is_ext_shared", "is_archived", "not_in_channel", "asker_not_in_channel", "channel_not_found"}
)
"""Why nothing may be posted in a channel, until somebody does something about it."""


async def tell_watched(answer: Answer) -> None:
    """Tell what is pending, unless it was told already or is no longer wanted."""
    services, found = answer.services, await _pending(answer)
    if found is None:
        return
    saved, telling = found
    address = address_of(saved)  # it may have been moved since it was recorded
    request = msgspec.structs.replace(answer.request, address=address)
    answer = replace(answer, request=request, reply=answer.reply.at(address))
    asker = await answer.run(ASKER, lambda _answer: services.people.asker(address))
    refused = asker.refused
    if refused is None and not address.private and (code := await services.people.barred(address)):
        if code not in _FOR_GOOD:
            raise ReplyError(code, "conversations.members")  # Slack does not say just now who reads there
        words = cannot_share(code)
        refused = f"{words.headline} {words.next_step}"
    if refused is not None:
        try:
            await _say_paused(answer, saved, refused)
        finally:
            await services.watches.settle(saved, pending=None, paused=True)
        return
    zone, rule = ZoneInfo(asker.tz), rule_of(saved)
    query = await query_of_watched(services, saved, answer.request.asked_at) or Query()
    if rule is None and not telling.waiting:
        await _tell_calls(answer, saved, telling, zone, asked_for(query))
        return
    message = waiting_message(MOST_AN_HOUR, telling.waiting)
    if rule is not None and not telling.waiting:
        message = _alert(saved, rule, telling, query=query, zone=zone, now=services.clock())
    await answer.once(TOLD, lambda answer: answer.reply.show(message))
    await services.watches.settle(saved, pending=None)


async def _pending(answer: Answer) -> tuple[SavedQuestion, Telling] | None:
    """Return what is watched, and the message of this answer, unless that is no longer on its way."""
    saved = await answer.services.saved.get(answer.request.watched_id)
    if saved is None or saved.pending is None:
        return None
    telling = msgspec.json.decode(saved.pending, type=Telling)
    return (saved, telling) if telling.batch_id == answer.request.answer_id else None


async def _say_paused(answer: Answer, saved: SavedQuestion, why: str) -> None:
    """Tell its owner that it is paused, and the channel that would wait for it, if that may read."""
    words, address = f"I stopped watching {words_of(saved)}: it is paused.", answer.address

    async def say(answer: Answer) -> None:
        there = not address.private and await answer.services.people.audience(address) is None
        if there:
            anew = "Whoever asked for it may not any more, so somebody else may ask for it anew."
            await answer.reply.show(notice_message(f"{words} {anew}"))
        with contextlib.suppress(*([ReplyError] if there else [])):  # they may have left
            await answer.reply.at(unseen(address)).fail(notice_message(f"{words} {why}"))

    await answer.once(TOLD, say)


async def tell_later(answer: Answer, error: BaseException) -> None:
    """Let the next look tell again what could not be told now; what was told of it stays told."""
    if (found := await _pending(answer)) is None:
        return
    saved, telling = found
    steps = [TOLD_CALL.number(number) for number in range(len(telling.ids))]
    done = [await answer.steps.recorded(step) is not None for step in steps]
    left = tuple(key for key, told in zip(telling.ids, done, strict=True) if not told)
    again = msgspec.structs.replace(telling, batch_id=f"tell-{new_saved_id()}", ids=left)
    gone = isinstance(error, ReplyError) and error.code in _DAY_GONE
    day = None if gone else day_of(saved)
    if day is not None:
        day = msgspec.structs.replace(day, count=day.count + sum(done))
    await answer.services.watches.settle(
        saved,
        pending=encoded(again) if left or not telling.ids else None,
        day=None if day is None else encoded(day),
    )


def _late(telling: Telling, now: float, zone: ZoneInfo) -> list[str]:
    """Say that a message is late, and since when nothing could be looked at."""
    if telling.looked_before is not None:
        return [f"late: I could not look since {started(telling.looked_before, zone, now)}"]
    if now - telling.at > LATE_SECS:
        return [f"late: this is from {started(telling.at, zone, now)}"]
    return []


# --- subscriptions ---


async def _tell_calls(
    answer: Answer, saved: SavedQuestion, telling: Telling, zone: ZoneInfo, asked: str
) -> None:
    """Tell calls in the thread of the day's message, and count them in it."""
    watches, now, address = answer.services.watches, answer.services.clock(), answer.address
    today, day = datetime.fromtimestamp(now, zone).date().isoformat(), day_of(saved)
    place = saved.channel_id or "D"  # what begins so is a direct message
    if day is not None and (day.day != today or not day.channel_id.startswith(place)):
        day = None  # of yesterday, or where it was told before it was moved
    new, count = day is None, len(telling.ids) + (0 if day is None else day.count)
    notes = _late(telling, now, zone)
    head = day_message(words_of(saved), count, weekday(now, zone), saved.saved_id, notes)
    if day is None:
        posted = await answer.run(DAY_MESSAGE, lambda answer: answer.reply.show(head))
        day = DayPosted(day=today, channel_id=posted.channel_id, ts=posted.ts)
        if not await watches.settle(saved, day=encoded(day)):
            return
    posted = Posted(channel_id=day.channel_id, ts=day.ts)
    thread = msgspec.structs.replace(address, channel_id=posted.channel_id, thread_ts=posted.ts)
    for number, message in enumerate(await _messages(answer, telling, zone, now)):
        if message is None:
            continue

        async def show(answer: Answer, message: Message = message) -> Posted:
            return await answer.reply.at(thread).show(message)

        await answer.run(TOLD_CALL.number(number), show)
    counted: str | None = encoded(msgspec.structs.replace(day, count=count))
    if not new:
        try:
            await answer.once(DAY_COUNT, lambda answer: answer.reply.update(posted, head))
        except ReplyError as refused:  # the calls are told all the same
            log.info("the day's message does not count", code=refused.code)
            counted = None if refused.code in _DAY_GONE else counted
    if await watches.settle(saved, pending=None, day=counted):
        rows, place = len(telling.ids), posted.channel_id
        audit("tell", thread, asked=asked, rows=rows, channel_id=place, outcome="sent")


async def _messages(answer: Answer, telling: Telling, zone: ZoneInfo, now: float) -> list[Message | None]:
    """Return a message for each call, None for one that is no more; or one message for all."""
    client = answer.services.conversations
    if telling.as_table:
        rows: list[Conversation] = []
        async with client.retrieve(Selection(since=telling.since, until=telling.until + 1)) as retrieval:
            async for batch in retrieval:
                rows += [row for row in batch if row.conversation_id in telling.ids]
        return [told_table(rows, total=len(telling.ids), tz=zone, now=now)]
    found: list[Message | None] = [None] * len(telling.ids)
    for number, conversation_id in enumerate(telling.ids):
        with contextlib.suppress(NotFound):
            found[number] = told_call(await client.call(conversation_id), tz=zone, now=now)
    return found


# --- alerts ---


def _alert(
    saved: SavedQuestion, rule: AlertRule, telling: Telling, *, query: Query, zone: ZoneInfo, now: float
) -> Message:
    notes = [plural(telling.calls, "call"), *_late(telling, now, zone)]
    if rule.compared and telling.before is not None:
        notes.insert(0, f"{value_words(rule, round(telling.before, 3))} the same time last week")
    since, until = (datetime.fromtimestamp(each, zone) for each in (telling.since, telling.until))
    return alert_message(
        telling.news,
        finding(rule, saved.texts[0], telling.news, telling.value),
        said=words_of(saved),
        saved_id=saved.saved_id,
        calls_question=query.with_time(since, until).canonical(),
        notes=notes,
        chart=_chart(rule, telling, zone),
    )


def _chart(rule: AlertRule, telling: Telling, zone: ZoneInfo) -> Chart | None:
    """Draw the measure of the last windows; what has no value is left out."""
    points, measure = telling.points, MEASURES[rule.measure]
    shown = [(datetime.fromtimestamp(start, zone), value) for start, value in points if value is not None]
    if not shown:
        return None
    size = points[1][0] - points[0][0] if len(points) > 1 else rule.window
    form = "%a %d" if size >= DAY else "%a %H:%M" if size * len(points) > DAY else "%H:%M"
    scale, places, unit = scale_of(
        measure, max(abs(value) for _start, value in shown), in_credits=rule.credits
    )
    return Chart(
        kind="line" if len(shown) > 1 else "bar",
        title=measure.title,
        categories=tuple(f"{start:{form}}" for start, _value in shown),
        series=((measure.title, tuple(round(value * scale, places) for _start, value in shown)),),
        x_label=f"each {window_words(size)}",
        y_label=unit,
    )
