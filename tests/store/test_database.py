"""What is kept can be read back, by both kinds of database, whatever it is and however many write it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path

import sqlalchemy as sa

from bot.archive.kept_ids import CallIdStore
from bot.archive.tables import Seal
from bot.model import NOT_PHONE, CallIds, IdState, PhoneCall, SavedQuestion
from bot.store.database import Database
from bot.store.questions import Question, Questions, Standing
from bot.store.saved import MOST, SavedQuestions, Welcomed

NOW = 1_800_000_000.0


@contextlib.asynccontextmanager
async def opened(url: str, *, create: bool = True) -> AsyncIterator[Database]:
    """Open a database with every table in it."""
    database = Database(url)
    try:
        if create:
            await database.create_tables()
        yield database
    finally:
        database.close()


def asked(number: int, **values: object) -> Question:
    """Return a question."""
    question: dict[str, object] = {
        "question_id": f"q{number}",
        "text": f"limit:{number}",
        "tz": "Europe/Berlin",
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C1",
        "thread_ts": "1.1",
        "asked_at": NOW + number,
        "texts": ("failed", "and last month?"),
    }
    return Question(**{**question, **values})  # type: ignore[arg-type]


def standing(question_id: str, ts: str, at: float, *, shared_by: str | None = None) -> Standing:
    """Return what a message in a thread of a direct message shows."""
    return Standing(
        channel_id="D1",
        ts=ts,
        thread="1.1",
        question_id=question_id,
        shown_at=at,
        shared_by=shared_by,
        user_id=shared_by or "U1",
    )


async def test_a_database_of_before_gets_what_is_new(database_url: str) -> None:
    """Columns, indexes and tables that have come since are added; every row is kept, and read."""
    async with opened(database_url) as database:
        await Questions(database, lambda: NOW).add(asked(1))

        def age(connection: sa.Connection) -> None:
            connection.execute(sa.text("DROP INDEX questions_by_person"))
            connection.execute(sa.text("ALTER TABLE questions DROP COLUMN texts"))
            connection.execute(sa.text("ALTER TABLE questions DROP COLUMN refused"))
            connection.execute(sa.text("ALTER TABLE shown DROP COLUMN shared_by"))
            connection.execute(sa.text("DROP TABLE welcomed"))

        await database.run(age)
    async with opened(database_url) as database, opened(database_url, create=False) as other:
        await asyncio.gather(database.create_tables(), other.create_tables())
        questions = Questions(database, lambda: NOW)
        assert await questions.get("q1") == asked(1, texts=())
        assert await questions.last_of("U1", "D1") == asked(1, texts=())
        await questions.add(asked(2))
        assert await questions.get("q2") == asked(2)
        await questions.stands(standing("q2", "2.2", NOW, shared_by="U2"))
        await Welcomed(database, lambda: NOW).add("U1")
        indexes = await database.run(lambda connection: sa.inspect(connection).get_indexes("questions"))
        assert {"questions_by_person", "questions_by_thread"} <= {index["name"] for index in indexes}


async def test_an_index_that_nothing_uses_any_more_goes(tmp_path: Path) -> None:
    """An earlier version's SQLite had one by agent, beside that from which sums are read."""
    async with opened(f"sqlite:///{tmp_path}/bot.db") as database:
        create = sa.text("CREATE INDEX conversations_by_agent ON conversations (agent_id)")
        await database.run(lambda connection: connection.execute(create))
        await database.create_tables()
        names = {index["name"] for index in sa.inspect(database.engine).get_indexes("conversations")}
    assert "conversations_to_sum" in names
    assert "conversations_by_agent" not in names


async def test_questions(database_url: str) -> None:
    """The last question of a thread, of a person, and in a direct message; what came of it; old ones go."""
    async with opened(database_url) as database:
        now = NOW
        questions = Questions(database, lambda: now)
        for number in range(1, 5):
            await questions.add(asked(number, text="same" if number > 2 else f"limit:{number}"))
        await questions.set_outcome("q1", standing("q9", "1.1", NOW))
        first = await questions.get("q1")
        assert first is not None
        assert json.loads(first.outcome or "")["question_id"] == "q9"
        assert await questions.get("gone") is None
        assert await questions.latest_in_thread("C1", "1.1") == asked(4, text="same")
        assert await questions.last_of("U1", "D1") == asked(4, text="same")
        assert [q.question_id for q in await questions.latest_of("U1", limit=5)] == ["q4", "q2", "q1"]
        await questions.add(asked(5, refused=True))
        await questions.stands(standing("q5", "4.4", NOW))
        assert await questions.get("q5") == asked(5, refused=True)
        assert await questions.latest_in_thread("C1", "1.1") == asked(4, text="same")
        assert await questions.latest_in_thread("D1", "1.1") is None
        assert await questions.last_of("U1", "D1") == asked(4, text="same")
        assert [q.question_id for q in await questions.latest_of("U1", limit=1)] == ["q4"]
        now = NOW + 60
        await questions.stands(standing("q1", "5.5", now))
        await questions.stands(standing("q2", "5.5", now, shared_by="U9"))
        assert await questions.standing("D1", "5.5") == standing("q2", "5.5", now, shared_by="U9")
        shown_last = await questions.last_of("U1", "D1")
        in_thread = await questions.latest_in_thread("D1", "1.1")
        assert shown_last == in_thread == asked(2)
        now = NOW + 86_400 + 2.5
        assert await questions.forget_older_than(1) == 2
        assert await questions.get("q1") is None
        assert await questions.get("q4") is not None
        assert await questions.standing("D1", "5.5") is not None


async def test_saved_questions(database_url: str) -> None:
    """One of each name, a hundred at most; due ones are taken by one process only."""
    async with opened(database_url) as database:
        saved = SavedQuestions(database)

        def one(number: int, name: str) -> SavedQuestion:
            return SavedQuestion(
                saved_id=f"s{number}",
                team_id="T1",
                user_id="U1",
                name=name.title(),
                name_key=name,
                texts=("failed last week",),
                tz="Europe/Berlin",
                schedule="every monday 9:00",
                next_at=NOW + number,
            )

        kept = await saved.put(one(1, "failures"))
        assert kept == one(1, "failures")
        again = await saved.put(one(2, "failures"))
        assert again is not None
        assert (again.saved_id, again.next_at) == ("s1", NOW + 2)
        assert await saved.of("U1") == [again]
        assert await saved.get("s1", user_id="U2") is None
        assert await saved.due(NOW + 1) == []
        assert await saved.due(NOW + 2) == [again]
        taken = [await saved.advance(again, next_at=NOW + 100, tz="UTC") for _ in range(2)]
        assert taken == [True, False]
        await saved.pause(again)
        assert await saved.due(NOW + 1000) == []
        await saved.resume(again, next_at=NOW + 200, tz="UTC")
        assert [due.saved_id for due in await saved.due(NOW + 1000)] == ["s1"]
        for number in range(2, MOST + 1):
            assert await saved.put(one(number, f"name {number}")) is not None
        assert await saved.put(one(999, "one more")) is None
        await saved.delete(again)
        assert await saved.named("U1", "failures") is None


HOSTILE = "\x00<!channel> =cmd() \u202e🙂" + "9" * 3000


async def test_call_ids(database_url: str) -> None:
    """Found once, kept: also beside ids that no column can hold, which are asked for again instead."""
    async with opened(database_url) as database:
        store = CallIdStore(database, lambda: NOW, seal=None)
        twilio = CallIds(
            IdState.FOUND,
            PhoneCall(phone_provider="twilio", call_id="CA1", call_sid="CA1", direction="inbound"),
        )
        odd = [
            CallIds(IdState.FOUND, PhoneCall(phone_provider="sip_trunking", **{name: HOSTILE}))
            for name in ("call_id", "call_sid", "direction", "agent_number", "external_number")
        ]
        odd.append(CallIds(IdState.FOUND, PhoneCall(phone_provider=HOSTILE)))
        odd.append(CallIds(IdState.FOUND, PhoneCall(phone_provider="sip_trunking", call_id="\ud83d")))
        hostile = {f"odd{number}": ids for number, ids in enumerate(odd)}
        failed = CallIds(IdState.FAILED)
        await store.put({"c1": twilio, **hostile, "c2": NOT_PHONE, "c3": failed, HOSTILE: twilio})
        assert await store.get(["c1", "c2", "c3", *hostile, HOSTILE]) == {"c1": twilio, "c2": NOT_PHONE}
        assert await store.by_carrier_id("CA1") == ("c1",)
        assert await store.by_carrier_id(HOSTILE) == ()
        assert await CallIdStore(database, lambda: NOW, seal=Seal(b"secret", "key")).get(["c1"]) == {}
        await store.forget("c1")
        assert await store.get(["c1"]) == {}
        later = CallIdStore(database, lambda: NOW + 86_401, seal=None)
        assert await later.forget_older_than(1) == 1


async def test_the_same_ids_from_several_at_once(database_url: str) -> None:
    """Exports of the same calls in several processes write the same rows, each in its own order."""
    chance = random.Random(3)  # noqa: S311 - an order is no secret
    rows = {
        f"conv_{number}": CallIds(IdState.FOUND, PhoneCall(phone_provider="twilio", call_sid=f"CA{number}"))
        for number in range(400)
    }

    async def export(database: Database) -> None:
        store = CallIdStore(database, lambda: NOW, seal=None)
        for _ in range(4):
            order = list(rows)
            chance.shuffle(order)
            await store.put({key: rows[key] for key in order})

    async with opened(database_url) as one, opened(database_url) as two, opened(database_url) as three:
        await asyncio.gather(*map(export, (one, two, three)))
        assert await CallIdStore(one, lambda: NOW, seal=None).get(list(rows)) == rows
