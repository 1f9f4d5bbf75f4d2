"""Calls found by a telephone number, of which only a keyed hash is kept."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.archive.kept_ids import IdFinder
from bot.demo.elevenlabs import Dataset, Phone, Record, Summary, elevenlabs_app
from bot.elevenlabs.phone_numbers import NumberHash, UnclearNumber
from bot.model import Selection
from tests.archive.keeping import keeping
from tests.elevenlabs.asking import NOW, Clock, everything, ids

HASH = NumberHash(b"secret")
GERMAN, AUSTRIAN = "+49 30 1234567", "+43 1 234567"
CALLER = "+491701234567"


def call(number: int, external: str | None, *, agent: str = GERMAN, hours: float = 3) -> Record:
    """Return a phone call, or a conversation without one."""
    phone = None
    if external is not None:
        phone = Phone(type="twilio", call_sid=f"CA{number:032}", agent_number=agent, external_number=external)
    source = "widget" if phone is None else "twilio"
    row = Summary(
        conversation_id=f"conv_{number}",
        agent_id="agent_1",
        start_time_unix_secs=round(NOW - 3600 * hours) - number,
        conversation_initiation_source=source,
    )
    return Record(row=row, phone=phone)


@pytest.mark.parametrize(
    ("agent", "external", "typed"),
    [
        (GERMAN, "+491701234567", "+49 170 1234567"),
        (GERMAN, "0170 1234567", "0049 170 1234567"),
        (GERMAN, "+49 (170) 123-4567", "0170 1234567"),
        ("+12025550100", "(415) 555-0134", "+14155550134"),
    ],
)
def test_a_number_has_one_hash_however_it_is_written(agent: str, external: str, typed: str) -> None:
    """What carriers say and people type become one form; a national one is of the agent's country."""
    _, found, region = HASH.of_call(agent, external)
    assert HASH.of_typed(typed, [region or ""]) == (found,)
    assert NumberHash(b"other").of_call(agent, external)[1] != found


def test_what_is_no_number_has_no_hash_and_what_may_be_two_is_asked_back() -> None:
    """A withheld number is none; a national form that two countries have is not guessed."""
    assert HASH.of_call(None, "anonymous") == (None, None, None)
    for typed, regions in (("0170 1234567", ["DE", "AT"]), ("0170 1234567", []), ("12", ["DE"])):
        with pytest.raises(UnclearNumber):
            HASH.of_typed(typed, regions)


async def test_calls_of_a_number_are_found_whatever_was_synced(database_url: str) -> None:
    """Before a sync details are asked for, after it none; the newest calls, not synced, are looked at."""
    clock = Clock()
    records = [call(n, CALLER if n % 10 == 0 else f"+4930{1000000 + n}") for n in range(60)]
    dataset = Dataset([*records, call(99, None)])
    app = elevenlabs_app(dataset, clock=clock)
    asked = Selection(since=NOW - 86_400, number="0170 1234567")
    expected = [f"conv_{n}" for n in range(0, 60, 10)]
    async with keeping(database_url, app, clock) as kept:
        with pytest.raises(UnclearNumber):  # no agent's number is known yet
            await kept.client.first(asked)
        page = await kept.client.first(Selection(since=NOW - 86_400, number=CALLER))
        assert ids(page.rows) == expected
        assert page.unread == 0
        await kept.sync.once()
        app.state.requests.clear()
        clock.now += 60
        dataset.add(call(100, CALLER, hours=-150 / 3600))  # fifty seconds after the sync
        assert ids(await everything(kept.client, asked)) == ["conv_100", *expected]
        details = [request.path for request in app.state.requests if "conv_" in request.path]
        assert len(details) == 1
        assert ids(await everything(kept.client, Selection(number=GERMAN))) != []
        assert await everything(kept.client, Selection(number="+4917099999")) == []


async def test_calls_not_looked_at_are_counted(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """More calls than one question looks at: the newest are, the others are counted, and come next time."""
    monkeypatch.setattr("bot.elevenlabs.searches._LOOKED_AT", 10)
    clock = Clock()
    dataset = Dataset([call(n, CALLER) for n in range(25)])
    async with keeping(sqlite, elevenlabs_app(dataset, clock=clock), clock) as kept:
        asked = Selection(since=NOW - 86_400, number=CALLER)
        for found, unread in ((10, 15), (20, 5), (25, 0)):
            page = await kept.client.first(asked)
            assert (len(page.rows), page.unread) == (found, unread)


@pytest.mark.parametrize("masked", [True, False])
async def test_no_number_stands_in_the_database(sqlite: str, *, masked: bool) -> None:
    """Only hashes, and masked or sealed forms, in any column; what is shown is what the setting says."""
    clock = Clock()
    dataset = Dataset([call(n, CALLER) for n in range(3)])
    for record in dataset:
        record.row.call_summary_title = f"Call {CALLER} back"
        record.row.transcript_summary = "\x1eforged"
    app = elevenlabs_app(dataset, clock=clock)
    async with keeping(sqlite, app, clock, masked=masked) as kept:
        await kept.sync.once()
        await kept.client.first(Selection(number=CALLER))

        def everything_written(connection: sa.Connection) -> str:
            tables = sa.inspect(connection).get_table_names()
            return repr([connection.execute(sa.text(f"SELECT * FROM {name}")).all() for name in tables])  # noqa: S608

        written = await kept.database.run(everything_written)
        assert "conv_1" in written
        for part in ("1701234567", "170 123", "1234567"):
            assert part not in written
        app.state.requests.clear()
        rows = await everything(kept.client, Selection(since=NOW - 86_400))
        found = await IdFinder(kept.client, kept.ids).find(rows)
        assert [request for request in app.state.requests if "conv_" in request.path] == []
        shown = "(+49) •••••4567" if masked else CALLER
        assert {row.call_summary_title for row in rows} == {f"Call {shown} back"}
        assert {row.transcript_summary for row in rows} == {"\x1eforged"}  # only looks sealed
        assert {ids.phone.external_number for ids in found.values() if ids.phone} == {shown}
    async with keeping(sqlite, app, clock, masked=not masked) as kept:
        assert await kept.ids.get(["conv_1"]) == {}
