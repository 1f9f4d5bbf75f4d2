"""Places for files: never too many at once, none idle while one could begin, nobody overtaken for ever."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.store.database import Database
from bot.store.exports import IN_ALL, PER_PERSON, PER_PROCESS, Exports, Wanted, behind, choose


def wanted(name: str, person: str, process: str, at: float, *, begun: bool) -> Wanted:
    """Return a file that is wanted."""
    return Wanted(
        answer_id=name, question_id="q", user_id=person, executor_id=process, wanted_at=at, begun=begun
    )


ROWS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["here", "there"]), st.integers(0, 50), st.booleans()),
    max_size=60,
).map(
    lambda rows: [
        wanted(f"answer{number}", person, process, float(wanted_at), begun=begun)
        for number, (person, process, wanted_at, begun) in enumerate(rows)
    ]
)


@given(rows=ROWS)
def test_the_choice_keeps_every_bound_and_leaves_no_place_idle(rows: list[Wanted]) -> None:
    """Who begins fits all three bounds; who waits here is kept by one of them."""
    chosen = set(choose(rows, "here"))
    before = Counter(row.user_id for row in rows if row.begun)
    after = [row for row in rows if row.begun or row.answer_id in chosen]
    person = Counter(row.user_id for row in after)
    here = sum(row.executor_id == "here" for row in after)
    assert all(row.executor_id == "here" and not row.begun for row in rows if row.answer_id in chosen)
    assert all(count <= max(PER_PERSON, before[name]) for name, count in person.items())
    if chosen:
        assert here <= PER_PROCESS
        assert len(after) <= IN_ALL
    for row in rows:
        if row.executor_id == "here" and not row.begun and row.answer_id not in chosen:
            assert person[row.user_id] >= PER_PERSON or here >= PER_PROCESS or len(after) >= IN_ALL


def test_somebody_with_nothing_in_the_making_goes_first() -> None:
    """A person's second file waits while another person's first can begin, however late they came."""
    crowd = [wanted(f"a{number}", "a", "here", number, begun=number == 0) for number in range(9)]
    others = [wanted(f"{name}0", name, "here", 100.0, begun=False) for name in "bcdefg"]
    assert choose(crowd + others, "here") == ["b0", "c0", "d0", "e0", "f0", "g0", "a1"]


def test_behind_counts_ones_own_files_first() -> None:
    """With two of their own before it a file waits behind those; else behind all that are older."""
    own = [wanted(f"a{number}", "a", "here", number, begun=number < 2) for number in range(4)]
    others = [wanted(f"b{number}", "b", "here", 0.5, begun=True) for number in range(3)]
    assert behind(own + others, "a3") == 3
    assert behind([own[0], own[3], *others], "a3") == 4
    assert behind(own, "gone") == 0


@contextlib.asynccontextmanager
async def two_processes(folder: Path) -> AsyncIterator[tuple[Exports, Exports]]:
    """Open one database as two processes do."""
    databases = [Database(f"sqlite:///{folder / 'bot.db'}") for _ in range(2)]
    await databases[0].create_tables()
    first, second = (
        Exports(database, name, time.time) for database, name in zip(databases, "12", strict=True)
    )
    try:
        yield first, second
    finally:
        await first.aclose()
        await second.aclose()
        for database in databases:
            database.close()


async def test_a_person_gets_two_places_in_all_processes(tmp_path: Path) -> None:
    """The third file waits, also in another process, and begins when one of the others has ended."""
    async with (
        two_processes(tmp_path) as (here, there),
        here.place("one", question_id="q1", user_id="U1") as one,
        there.place("three", question_id="q3", user_id="U2") as other,
    ):
        async with (
            there.place("two", question_id="q2", user_id="U1") as two,
            here.place("four", question_id="q4", user_id="U1") as four,
        ):
            assert [place.begun.is_set() for place in (one, two, other, four)] == [True, True, True, False]
            assert here.behind(four) == 2
        async with here.place("five", question_id="q5", user_id="U1") as five:
            await asyncio.wait_for(five.begun.wait(), 3)


@pytest.mark.parametrize("cancel", [True, False])
async def test_a_press_reaches_the_process_that_makes_the_file(tmp_path: Path, *, cancel: bool) -> None:
    """Cancel and "without ids", pressed in one process, are heard in another; other files hear nothing."""
    async with (
        two_processes(tmp_path) as (here, there),
        here.place("one", question_id="q1", user_id="U1") as one,
        here.place("two", question_id="q2", user_id="U1") as two,
    ):
        await there.press("q1", cancel=cancel, user_id="U1")
        heard = one.cancelled if cancel else one.without_ids
        await asyncio.wait_for(heard.wait(), 3)
        assert one.cancelled.is_set() is cancel
        assert not two.cancelled.is_set()
        assert not two.without_ids.is_set()


async def test_a_search_takes_no_place_and_hears_of_cancel(tmp_path: Path) -> None:
    """It begins at once, whatever is in the making; a press in another process stops it, and tells so."""
    async with two_processes(tmp_path) as (here, there), contextlib.AsyncExitStack() as stack:
        for number in range(PER_PERSON):
            await stack.enter_async_context(here.place(f"f{number}", question_id="q", user_id="U1"))
        search = await stack.enter_async_context(
            here.place("s", question_id="key", user_id="U1", search=True)
        )
        assert search.begun.is_set()
        async with here.place("other", question_id="q2", user_id="U1") as waiting:
            assert here.behind(waiting) == PER_PERSON
        assert await there.press("key", cancel=True, user_id="U1")
        await asyncio.wait_for(search.cancelled.wait(), 3)
        assert not await there.press("gone", cancel=True, user_id="U1")


async def test_places_of_the_dead_are_given_back(tmp_path: Path) -> None:
    """A process that ended without a word holds no places once it is known to be gone."""
    async with two_processes(tmp_path) as (here, there):
        lost = [there.place(name, question_id="q", user_id="U1") for name in ("one", "two")]
        for place in lost:
            await place.__aenter__()
        await there.aclose()  # it looks no more
        async with here.place("three", question_id="q3", user_id="U1") as three:
            assert not three.begun.is_set()
            await here.forget(frozenset({"1"}))
            await asyncio.wait_for(three.begun.wait(), 3)
        for place in lost:
            await place.__aexit__(None, None, None)


async def test_a_moment_without_the_table_leaves_no_place_behind(database_url: str) -> None:
    """Who could not stand in line, or not leave it, as the database was away, is in nobody's way later."""
    database = Database(database_url)
    await database.create_tables()
    exports = Exports(database, "1", time.time)

    async def rename(before: str, after: str) -> None:
        statement = sa.text(f"ALTER TABLE {before} RENAME TO {after}")
        await database.run(lambda connection: connection.execute(statement))

    async with exports.place("leaves", question_id="q0", user_id="U1"):
        await rename("exports", "away")
        for number in range(PER_PERSON):
            with pytest.raises(sa.exc.DBAPIError):
                async with exports.place(f"lost{number}", question_id="q", user_id="U1"):
                    raise AssertionError("no table, but a place")
    await rename("away", "exports")
    async with (
        exports.place("one", question_id="q1", user_id="U1") as one,
        exports.place("two", question_id="q2", user_id="U1") as two,
    ):
        await asyncio.wait_for(asyncio.gather(one.begun.wait(), two.begun.wait()), 3)
        statement = sa.text("SELECT answer_id FROM exports")
        rows = await database.run(lambda connection: connection.execute(statement).scalars().all())
        assert sorted(rows) == ["one", "two"]
    await exports.aclose()
    database.close()
