"""What is watched: its words, where it is told, how it stands, and who may see and change it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.answer import Services
from bot.answers.ports import Address, ReplyError
from bot.answers.saved_questions import zone
from bot.answers.typed_texts import read, read_with_names, with_agents
from bot.blocks.alert_blocks import WatchedItem
from bot.blocks.text import clock, plural, started
from bot.query import Query
from bot.query.alert_commands import Watching, said, value_words
from bot.query.tokens import fold
from bot.report.alerting import AlertRule, AlertState
from bot.store.saved import SavedQuestion

log = structlog.get_logger(__name__)

LATE_SECS = 300.0
"""After this a message says that it is late."""
MOST_AN_HOUR = 30
"""Messages in an hour in one place; what is more comes in one, later."""


class DayPosted(msgspec.Struct, frozen=True, kw_only=True):
    """The message of a subscription's day."""

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
    """Say what is watched."""
    return said(rule_of(saved), saved.texts[0] if saved.texts else "")


def address_of(saved: SavedQuestion) -> Address:
    """Return where it is told."""
    place, private = saved.channel_id or "", saved.channel_id is None
    return Address(team_id=saved.team_id, user_id=saved.user_id, channel_id=place, private=private)


async def query_of_watched(services: Services, saved: SavedQuestion, now: float) -> Query | None:
    """Read its words; None, and logged, when they cannot be read any more."""
    moment = datetime.fromtimestamp(now, zone(saved.tz))
    parsed, _agents = await read_with_names(
        services.conversations,
        lambda agents: read(saved.texts, now=moment, week_start=services.week_start, agents=agents),
    )
    query = await with_agents(services.conversations, parsed.query)
    if parsed.understood and isinstance(query, Query):
        return query
    log.warning("what is watched is not understood", saved=saved.saved_id)
    return None


async def watched_by(
    services: Services, user_id: str, channel_id: str = "", *, public: bool = False
) -> tuple[list[SavedQuestion], int]:
    """Return what a person may see of all that is watched, and how many more there are.

    That is what is theirs, and what is told in channels that they are in; where others read the answer
    (`public`), what is told in that channel.
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


async def may_change(services: Services, address: Address, saved_id: str) -> SavedQuestion | None:
    """Return what is watched if this person may change it, as its owner or a member of its channel."""
    saved = await services.saved.get(saved_id)
    if saved is None or saved.kind is None:
        return None
    if saved.user_id == address.user_id:
        return saved
    if saved.channel_id is None or await services.people.barred(address.in_channel(saved.channel_id)):
        return None
    return saved


def meant(found: Sequence[SavedQuestion], watching: Watching, user_id: str) -> list[SavedQuestion]:
    """Return those that words mean: all of a person's own of a kind, what is called so, or has it in it."""
    kind = [each for each in found if watching.kind in {"", each.kind}]
    if watching.several:
        return [each for each in kind if each.user_id == user_id]
    wanted = compared_words(watching.question)
    words = {each.saved_id: compared_words(words_of(each)) for each in kind}
    exact = [each for each in kind if words[each.saved_id] == wanted]
    return exact or [each for each in kind if {*wanted.split()} <= {*words[each.saved_id].split()}]


def compared_words(words: str) -> str:
    """Return what two texts have in common that say the same: without articles, plurals and marks."""
    return " ".join(
        fold(word.strip('"“”,.')).removesuffix("s") for word in words.removeprefix("the ").split()
    )


def items(services: Services, found: Sequence[SavedQuestion], tz: str) -> list[WatchedItem]:
    """Return what a list shows of what is watched."""
    return [
        WatchedItem(
            saved_id=saved.saved_id,
            said=words_of(saved),
            alert=saved.kind == "alert",
            standing=_standing(saved, ZoneInfo(tz), services.clock(), services.alert_seconds),
            owner=saved.user_id,
            where=saved.channel_id,
            paused=saved.paused,
        )
        for saved in found
    ]


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
