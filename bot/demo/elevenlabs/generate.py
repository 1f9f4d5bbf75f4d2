"""Makes up data sets: deterministic, plausible, and quick enough for 100,000 rows.

Nothing in them is real: phone numbers come from ranges reserved for fiction (+1 202 555 01xx,
+44 20 7946 0xxx, +49 30 23125 xxx), hosts from example domains.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec import UNSET

from bot.demo.elevenlabs.cast import CAST, SCENES, Role
from bot.demo.elevenlabs.moments import start_times
from bot.demo.elevenlabs.odd import make_some_odd
from bot.demo.elevenlabs.records import AgentRow, Phone, Record, Summary
from bot.demo.elevenlabs.scenes import CITIES, VOICEMAIL, Scene, fillings
from bot.demo.elevenlabs.transcripts import shown_lines

DAY = 86_400
PHONE_SOURCES = frozenset({"twilio", "exotel", "sip_trunk"})
UNFINISHED = ("in-progress", "in-progress", "processing", "initiated")
COMMENTS = {
    1: ("Nobody could help me.", "The line dropped twice.", "I had to repeat everything."),
    2: ("Too many questions.", "Could be faster."),
    4: ("Quick and friendly.", "Good, thanks."),
    5: ("Solved in two minutes!", "Best support call I ever had.", "Sehr freundlich, danke!"),
}
ODD_FROM = 60
"""Smaller data sets get no odd rows: their tests count every row."""
BROKEN = 0.02
"""The share of conversations that break off for technical reasons."""
LONG = 0.06
"""The share of callers who take their time."""
ESCALATED = 0.2
KNOWN_USERS = 0.6
IMPOLITE = 0.04
RATED = 0.3
COMMENTED = 0.5


@dataclass(frozen=True, slots=True)
class Actor:
    """An agent, with what its rows have in common drawn once."""

    agent: AgentRow
    role: Role
    sources: tuple[str, ...]
    scenes: tuple[Scene, ...]
    number_id: str
    numbers: dict[str, str]
    """The agent's own number by source."""
    branch_id: str
    version_id: str


def generate(
    rows: int,
    seed: int,
    now: int,
    *,
    agents: int = 8,
    days: int = 90,
    skew: str = "none",
    odd: bool = True,
) -> tuple[list[Record], list[AgentRow]]:
    """Make `rows` conversations of the last `days` days before `now` (Unix seconds), and their agents.

    `skew`: "none" (office hours), "hour" (half of the rows inside one hour), "second" (a third of the rows,
    at most 5,000, in one second). `odd`: sprinkle in rows with hostile titles, nulls and unknown values.
    The newest few of a data set are still in progress or being processed.
    """
    rng = random.Random(f"{seed}/{rows}/{agents}")  # noqa: S311 (sample data, not secrets)
    actors = _actors(rng, agents, now)
    weighted = tuple(actor for actor in actors for _ in range(actor.role.share))
    starts = start_times(rng, rows, now, days=days, skew=skew)
    unfinished = min(6, rows // 8)
    records = []
    for index, start in enumerate(starts):
        actor = weighted[int(rng.random() * len(weighted))]
        record = _record(rng, actor, start)
        if index >= rows - unfinished:
            _not_finished(record, UNFINISHED[(index + rows) % len(UNFINISHED)], now)
        elif start + record.row.call_duration_secs > now:
            record.row.call_duration_secs = max(0, now - start - 1)
        actor.agent.last_call_time_unix_secs = start
        records.append(record)
    if odd and rows >= ODD_FROM:
        make_some_odd(records)
    return records, [actor.agent for actor in actors]


def _actors(rng: random.Random, count: int, now: int) -> list[Actor]:
    actors = []
    for index in range(count):
        role = CAST[index % len(CAST)]
        again = index // len(CAST)
        suffix = f" {CITIES[(again - 1) % len(CITIES)]}" if again else ""
        # past the last city, numbers keep the names apart
        suffix += f" {1 + (again - 1) // len(CITIES)}" if again > len(CITIES) else ""
        agent = AgentRow(
            agent_id=f"agent_{_token(rng)}",
            name=role.name + suffix,
            tags=role.tags,
            created_at_unix_secs=now - 300 * DAY + index * DAY,
            updated_at_unix_secs=now - (3 + index) * DAY,
        )
        numbers = {
            "twilio": f"+120255501{10 + index % 40:02d}",
            "exotel": f"+442079460{100 + index % 200:03d}",
            "sip_trunk": f"+493023125{100 + index % 200:03d}",
        }
        actors.append(
            Actor(
                agent,
                role,
                _weighted(role.sources),
                tuple(scene for scene in role.scenes for _ in range(scene.weight)),
                f"phnum_{_token(rng)[:20]}",
                numbers,
                f"agtbrch_{_token(rng)[:20]}",
                f"agtvrsn_{_token(rng)[:20]}",
            )
        )
    return actors


def _weighted(pairs: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    return tuple(value for value, weight in pairs for _ in range(weight))


def _token(rng: random.Random) -> str:
    return base64.b32encode(rng.getrandbits(136).to_bytes(17, "big")).decode().lower()[:26]


def _record(rng: random.Random, actor: Actor, start: int) -> Record:
    chance = rng.random
    scene = actor.scenes[int(chance() * len(actor.scenes))]
    source = actor.sources[int(chance() * len(actor.sources))]
    seed = rng.getrandbits(60)
    filled = fillings(seed, scene.language)
    # speech takes about nine seconds a line
    stretch = 3 + 7 * chance() if chance() < LONG else 1
    length = max(4, int(len(scene.lines) * (5 + 8 * chance()) * stretch))
    agent_said, user_said = scene.said(len(scene.lines))
    broken = chance() < BROKEN
    rating = _rating(chance, scene.outcome)
    cost = max(6, int(length * 7.4))
    row = Summary(
        agent_id=actor.agent.agent_id,
        agent_name=actor.agent.name,
        branch_id=actor.branch_id,
        version_id=actor.version_id,
        conversation_id=f"conv_{_token(rng)}",
        start_time_unix_secs=start,
        call_duration_secs=length,
        message_count=agent_said + user_said,
        user_message_count=user_said,
        agent_message_count=agent_said,
        cost=cost,
        cost_fiat=round(cost * 0.00018, 4),
        status="failed" if broken else "done",
        call_successful="failure" if broken else scene.outcome,
        termination_reason="Websocket closed unexpectedly" if broken else scene.ended,
        transcript_summary=scene.summary.format_map(filled),
        call_summary_title=scene.title.format_map(filled),
        main_language=scene.language,
        conversation_initiation_source=source,
        tool_names=scene.tools,
        rating=rating,
        tag_ids=("tag_escalated",) if scene.outcome == "failure" and chance() < ESCALATED else (),
        sentiment_analysis=None,
        hiding_reason=UNSET,
    )
    record = Record(
        row=row,
        user_id=f"user_{seed % 9000:04d}" if chance() < KNOWN_USERS else None,
        errored_tools=scene.errored,
        error="The connection to the caller was lost" if broken else None,
        criteria=(
            ("goal_reached", row.call_successful),
            ("polite", "failure" if chance() < IMPOLITE else "success"),
        ),
        collected=scene.collected,
        variables={"customer_name": filled["name"], "order_number": filled["order"]},
        topic_ids=(f"topic_{scene.key.split('-')[1]}",),
        has_audio=source not in {"whatsapp", "twilio_sms"},
        scene=scene.key,
        seed=seed,
    )
    if rating is not None and rating in COMMENTS and chance() < COMMENTED:
        comments = COMMENTS[rating]
        record.feedback_comment = comments[int(chance() * len(comments))]
    if source in PHONE_SOURCES:
        record.phone = _phone(rng, actor, source, seed, ended=scene.ended)
        row.direction = record.phone.direction
    return record


def _rating(chance: Callable[[], float], outcome: str) -> int | None:
    if chance() > RATED:
        return None
    if outcome == "failure":
        return (1, 1, 2, 2, 3)[int(chance() * 5)]
    return (3, 4, 4, 5, 5, 5)[int(chance() * 6)]


def _phone(rng: random.Random, actor: Actor, source: str, seed: int, *, ended: str) -> Phone:
    direction = "outbound" if seed % 100 < actor.role.outbound else "inbound"
    sid = f"{rng.getrandbits(128):032x}"
    phone = Phone(
        type=source,
        direction=direction,
        phone_number_id=f"{actor.number_id}_{source}",
        agent_number=actor.numbers[source],
        external_number=f"+1202555{150 + (seed >> 7) % 50:04d}",
        call_sid=sid,
        stream_sid=sid[::-1],
    )
    if direction == "outbound":
        phone.call_result = "voicemail" if ended == VOICEMAIL else "answered"
    if source == "twilio":
        phone.call_sid, phone.stream_sid = f"CA{sid}", f"MZ{sid[::-1]}"
    elif source == "exotel":
        phone.external_number = f"+442079460{300 + (seed >> 7) % 700:03d}"
    else:
        phone.type = "sip_trunking"
        phone.external_number = f"+493023125{300 + (seed >> 7) % 700:03d}"
        phone.call_sid, phone.stream_sid = f"SCL_{sid[16:28]}", UNSET
        phone.call_id = f"{sid[:8]}-{sid[8:12]}-{sid[12:16]}@sip{1 + seed % 4}.carrier.example"
    return phone


def _not_finished(record: Record, status: str, now: int) -> None:
    """Turn a conversation into one that is still going on, or that is not analysed yet."""
    row = record.row
    row.status = status
    row.call_successful = "unknown"
    row.call_summary_title = row.transcript_summary = row.rating = row.termination_reason = None
    row.cost = row.cost_fiat = None
    record.feedback_comment = record.error = None
    record.criteria = record.collected = ()
    record.has_audio = False
    if status != "processing":
        row.call_duration_secs = 0 if status == "initiated" else max(0, now - row.start_time_unix_secs)
    agent_said, user_said = SCENES[record.scene or ""].said(shown_lines(record))
    row.agent_message_count, row.user_message_count = agent_said, user_said
    row.message_count = agent_said + user_said
    if status == "initiated":
        row.tool_names = record.errored_tools = ()
