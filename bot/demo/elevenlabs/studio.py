"""Makes up single conversations: who called whom, about what, and how it went.

Nothing in them is real: phone numbers come from ranges reserved for fiction (+1 202 555 01xx,
+44 20 7946 0xxx, +49 30 23125 xxx), hosts from example domains.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from dataclasses import dataclass

from msgspec import UNSET

from bot.demo.elevenlabs.dialogues import (
    ROLES,
    SCENES,
    SILENCE,
    VOICEMAIL,
    WORDS,
    AgentRole,
    Scene,
    fillings,
)
from bot.demo.elevenlabs.records import AgentRow, Phone, Record, Summary
from bot.demo.elevenlabs.transcripts import shown_lines

DAY = 86_400
OUTAGE_AGO, OUTAGE = 3 * DAY, 2 * DAY
PHONE_SOURCES = frozenset({"twilio", "exotel", "sip_trunk"})
COMMENTS = {
    1: ("Nobody could help me.", "The line dropped twice.", "I had to repeat everything."),
    2: ("Too many questions.", "Could be faster."),
    4: ("Quick and friendly.", "Good, thanks."),
    5: ("Solved in two minutes!", "Best support call I ever had.", "Sehr freundlich, danke!"),
}
LOST = {
    "en": ("Connection lost during the call", "The connection broke off before the matter was settled."),
    "de": ("Verbindung abgebrochen", "Die Verbindung brach ab, bevor das Anliegen geklärt war."),
    "es": ("Llamada interrumpida", "La conexión se cortó antes de resolver la consulta."),
    "fr": ("Communication interrompue", "La communication a été coupée avant la fin de la demande."),
}
"""Title and summary of a conversation that broke off, by language."""
TYPED = frozenset({"whatsapp", "twilio_sms"})
CREDITS_PER_SECOND = 7.4
DOLLARS_PER_CREDIT = 0.00018
BROKEN = 0.02
"""The share of conversations that break off for technical reasons."""
LONG = 0.06
"""The share of callers who take their time."""
ESCALATED = 0.2
KNOWN_USERS = 0.6
ASKED = 45
"""Of a hundred callers, how many are asked how it went."""
IMPOLITE = 0.04
RATED = 0.3
COMMENTED = 0.5


@dataclass(frozen=True, slots=True)
class Actor:
    """An agent, with what its rows have in common drawn once."""

    agent: AgentRow
    role: AgentRole
    sources: tuple[str, ...]
    scenes: tuple[Scene, ...]
    number_id: str
    numbers: dict[str, str]
    """The agent's own number by source."""
    branch_id: str
    version_id: str


class Studio:
    """Draws conversations of a cast of agents, one after the other, from one random source."""

    def __init__(self, rng: random.Random, agents: int, now: int) -> None:
        self.rng = rng
        self.actors = _actors(rng, agents, now)
        self.down_from = now - OUTAGE_AGO
        """When the refund system was down: what reports and alerts should find."""
        self._weighted = tuple(actor for actor in self.actors for _ in range(actor.role.share))

    def record(self, start: int) -> Record:
        """Make a finished conversation that began at `start`, Unix seconds."""
        actor = self._weighted[int(self.rng.random() * len(self._weighted))]
        actor.agent.last_call_time_unix_secs = start
        return _record(self.rng, actor, start, down=self.down_from <= start < self.down_from + OUTAGE)


def _actors(rng: random.Random, count: int, now: int) -> list[Actor]:
    actors = []
    for index in range(count):
        role = ROLES[index % len(ROLES)]
        again = index // len(ROLES)
        suffix = f" {WORDS.cities[(again - 1) % len(WORDS.cities)]}" if again else ""
        # past the last city, numbers keep the names apart
        suffix += f" {1 + (again - 1) // len(WORDS.cities)}" if again > len(WORDS.cities) else ""
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


def _weighted(weights: dict[str, int]) -> tuple[str, ...]:
    return tuple(value for value, weight in weights.items() for _ in range(weight))


def _token(rng: random.Random) -> str:
    return base64.b32encode(rng.getrandbits(136).to_bytes(17, "big")).decode().lower()[:26]


def _record(rng: random.Random, actor: Actor, start: int, *, down: bool) -> Record:
    chance = rng.random
    scene = actor.scenes[int(chance() * len(actor.scenes))]
    if down and scene.key == "en-refund-done":
        scene = SCENES["en-refund-stuck"]
    source = actor.sources[int(chance() * len(actor.sources))]
    if scene.ended == VOICEMAIL and source not in PHONE_SOURCES:
        source = "twilio"
    seed = rng.getrandbits(60)
    filled = fillings(seed, scene.language)
    # speech takes about nine seconds a line
    stretch = 3 + 7 * chance() if chance() < LONG else 1
    length = max(4, int(len(scene.lines) * (5 + 8 * chance()) * stretch))
    row = Summary(
        agent_id=actor.agent.agent_id,
        agent_name=actor.agent.name,
        branch_id=actor.branch_id,
        version_id=actor.version_id,
        conversation_id=f"conv_{_token(rng)}",
        start_time_unix_secs=start,
        call_duration_secs=length,
        main_language=scene.language,
        conversation_initiation_source=source,
        rating=_rating(chance, scene),
        tag_ids=("tag_escalated",) if scene.outcome == "failure" and chance() < ESCALATED else (),
        sentiment_analysis=None,
        hiding_reason=UNSET,
    )
    record = Record(
        row=row,
        user_id=f"user_{seed % 9000:04d}" if chance() < KNOWN_USERS else None,
        variables={"customer_name": filled["name"], "order_number": filled["order"]},
        topic_ids=(f"topic_{scene.key.split('-')[1]}",),
        has_audio=source not in TYPED,
        scene=scene.key,
        seed=seed,
    )
    told(record, scene)
    if seed // 7 % 100 >= actor.role.greets:
        record.criteria = tuple(
            (name, "failure" if name == "greeting" else it) for name, it in record.criteria
        )
    if chance() < IMPOLITE:
        record.criteria = tuple((name, "failure" if name == "polite" else it) for name, it in record.criteria)
    if chance() < BROKEN:
        _broken(record)
    rating = row.rating
    if isinstance(rating, int) and rating in COMMENTS and chance() < COMMENTED:
        comments = COMMENTS[rating]
        record.feedback_comment = comments[int(chance() * len(comments))]
    if source in PHONE_SOURCES:
        record.phone = _phone(rng, actor, source, seed, ended=scene.ended)
        row.direction = record.phone.direction
    return record


def _broken(record: Record) -> None:
    row = record.row
    row.status = "failed"
    row.call_successful = "failure"
    row.termination_reason = "Websocket closed unexpectedly"
    row.call_summary_title, row.transcript_summary = LOST.get(str(row.main_language), LOST["en"])
    row.rating = None
    record.collected = ()
    record.error = "The connection to the caller was lost"
    record.criteria = (("goal_reached", "failure"), *record.criteria[1:])
    count_messages(record)


def _rating(chance: Callable[[], float], scene: Scene) -> int | None:
    if chance() > RATED or scene.ended in {VOICEMAIL, SILENCE}:
        return None
    if scene.outcome == "failure":
        return (1, 1, 2, 2, 3)[int(chance() * 5)]
    return (3, 4, 4, 5, 5, 5)[int(chance() * 6)]


def _phone(rng: random.Random, actor: Actor, source: str, seed: int, *, ended: str) -> Phone:
    outbound = seed % 100 < actor.role.outbound or ended == VOICEMAIL
    direction = "outbound" if outbound else "inbound"
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
    if outbound:
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


def told(record: Record, scene: Scene) -> None:
    """Fill in what the analysis of a finished conversation tells: title, summary, verdicts, data."""
    filled = fillings(record.seed, scene.language)
    record.row.call_summary_title = scene.title.format_map(filled)
    record.row.transcript_summary = scene.summary.format_map(filled)
    record.row.call_successful = scene.outcome
    record.row.termination_reason = scene.ended
    record.row.tool_names = scene.tools
    count_messages(record)
    record.row.cost = max(6, int(record.row.call_duration_secs * CREDITS_PER_SECOND))
    record.row.cost_fiat = round(record.row.cost * DOLLARS_PER_CREDIT, 4)
    record.errored_tools = scene.failed_tools
    record.collected = tuple(scene.collected.items())
    if scene.names_an_order:
        record.collected += (("order_id", filled["order"]),)
    # the agent asks some of those who stayed on the line how it went
    if scene.ended not in {VOICEMAIL, SILENCE} and record.seed // 11 % 100 < ASKED:
        answers = (1, 1, 2, 2, 3) if scene.outcome == "failure" else (3, 4, 4, 5, 5)
        record.collected += (("csat", answers[record.seed // 13 % 5]),)
    record.criteria = (("goal_reached", scene.outcome), ("polite", "success"), ("greeting", "success"))


def count_messages(record: Record) -> None:
    row = record.row
    row.agent_message_count, row.user_message_count = said = SCENES[record.scene or ""].count_turns(
        shown_lines(record)
    )
    row.message_count = sum(said)
