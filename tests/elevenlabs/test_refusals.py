"""Refusals that pass, that something else wrote, or that one question alone meets."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answers.error_messages import words_for
from bot.demo.elevenlabs import ApiFaults, Dataset, elevenlabs_app
from bot.demo.elevenlabs.api_faults import PASSING
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import FailingFast, Forbidden, NotElevenLabs, NotFound, Unavailable
from bot.model import FAILED, IdState, Selection
from tests.elevenlabs.asking import NOW, Clock, everything, ids
from tests.serving import serve

LIST = "/v1/convai/conversations"
BAD = Selection(params=(("user_id", "bad"),))


def asking(url: str) -> Conversations:
    """Return a client that retries without waiting."""
    return Conversations(api_key="sample-key", base_url=url, wait_scale=0.0, clock=Clock())


@pytest.mark.parametrize("kind", PASSING)
async def test_what_passes_is_asked_again(kind: str) -> None:
    """A lock, a proxy's time-out, "too early": twice, then the answer comes; in a list and in a detail."""
    faults = ApiFaults()
    data = Dataset.generate(250, 5, NOW)
    name = next(record.row.conversation_id for record in data if record.phone is not None)
    async with serve(elevenlabs_app(data, faults=faults)) as url, asking(url) as api:
        faults.plan(LIST, kind, times=2)
        assert len((await api.first(Selection())).rows) == 100
        faults.plan(name, kind, times=2)
        assert (await api.ids(name)).state is IdState.FOUND


@pytest.mark.parametrize("kind", ["408", "409", "425"])
async def test_what_does_not_pass_is_not_the_askers_mistake(kind: str) -> None:
    """After three attempts it is an outage in words and class, not a wrong value in the question."""
    app = elevenlabs_app(Dataset.generate(50, 5, NOW), faults=ApiFaults(rate=1.0, kinds=(kind,)))
    async with serve(app) as url, asking(url) as api:
        with pytest.raises(Unavailable) as seen:
            await api.first(Selection())
    assert len(app.state.requests) == 3
    assert words_for(seen.value).retry


@pytest.mark.parametrize("kind", ["401-html", "403-html", "404-html", "407-html", "404-route"])
async def test_what_elevenlabs_did_not_write_is_not_taken_for_its_word(kind: str) -> None:
    """A proxy's page is no verdict on the key, the rights or the call: it is tried again, and named."""
    faults = ApiFaults()
    data = Dataset.generate(250, 5, NOW)
    name = next(record.row.conversation_id for record in data if record.phone is not None)
    async with serve(elevenlabs_app(data, faults=faults)) as url, asking(url) as api:
        faults.plan(LIST, kind, times=2)
        assert (await api.first(Selection())).rows
        if kind != "404-route":  # which is how a detail may well be refused
            faults.plan(name, kind, times=2)
            assert (await api.ids(name)).state is IdState.FOUND
        faults.rate, faults.kinds = 1.0, (kind,)
        with pytest.raises(NotElevenLabs) as seen:
            await api.first(Selection(), refresh=True)
        words = words_for(seen.value)
        assert "ELEVENLABS_BASE_URL" in words.next_step
        assert words.retry
        assert await api.remembered(Selection()) is not None


async def test_no_row_is_marked_while_a_proxy_answers() -> None:
    """Call ids are waited for as in any outage; a proxy that blocks one call alone costs that call."""
    faults = ApiFaults()
    data = Dataset.generate(100, 5, NOW)
    names = [record.row.conversation_id for record in data if record.phone is not None][:3]
    async with serve(elevenlabs_app(data, faults=faults)) as url, asking(url) as api:
        faults.plan(names[0], "403-html", times=3)
        assert await api.ids(names[0]) == FAILED
        faults.rate, faults.kinds = 1.0, ("403-html",)
        with pytest.raises(Unavailable):
            await api.ids(names[1])
        faults.clear()


async def test_a_question_that_always_fails_shuts_nobody_out() -> None:
    """Six times the same failing filter, and a healthy question is answered; its own words say so."""
    data = Dataset.generate(250, 5, NOW)
    faults = ApiFaults()
    app = elevenlabs_app(data, faults=faults)

    async def picky(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and b"user_id=bad" in scope["query_string"]:
            faults.plan(LIST, "500")
        await app(scope, receive, send)

    async with serve(picky) as url, asking(url) as api:
        for _ in range(6):
            with pytest.raises(Unavailable) as seen:
                await api.first(BAD)
            assert not isinstance(seen.value, FailingFast)
            assert seen.value.others_answered
        assert "other requests" in words_for(seen.value).headline
        assert (await api.first(Selection())).rows
        assert len(await everything(api, Selection(since=NOW - 5 * 86_400))) > 0
        assert api._transport.breaker.open_until is None


async def test_an_outage_is_still_noticed_by_questions_with_filters() -> None:
    """Five questions with filters without an answer stop requests: the plain list has none either."""
    app = elevenlabs_app(Dataset.generate(50, 5, NOW), faults=ApiFaults(rate=1.0, kinds=("503",)))
    async with serve(app) as url, asking(url) as api:
        for number in range(5):
            with pytest.raises(Unavailable) as seen:
                await api.first(Selection(params=(("user_id", str(number)),)))
            assert not seen.value.others_answered
        with pytest.raises(FailingFast):
            await api.first(Selection())


@pytest.mark.parametrize("kind", ["404", "403", "500"])
async def test_a_candidate_that_cannot_be_opened_is_passed_over(kind: str) -> None:
    """The filter's row is deleted, hidden or broken: nothing is raised, and the caller goes on to scan."""
    faults = ApiFaults()
    data = Dataset.generate(200, 5, NOW)
    record = next(record for record in data if record.phone is not None and record.row.status == "done")
    assert record.phone is not None
    async with serve(elevenlabs_app(data, faults=faults)) as url, asking(url) as api:
        faults.plan(record.row.conversation_id, kind, times=100)
        assert await api.find_sid(record.phone.call_sid) is None
        with pytest.raises((NotFound, Forbidden, Unavailable)):
            await api.call(record.row.conversation_id)


@pytest.mark.parametrize("behaviour", ["refused", "absent"])
async def test_a_filter_that_fails_is_passed_over(behaviour: str) -> None:
    """So is a filter that is refused, or that ElevenLabs fails at while it answers others."""
    data = Dataset.generate(200, 5, NOW)
    faults = ApiFaults(script=["500"] * 5)
    app = elevenlabs_app(data, faults=faults, system_variables=behaviour)
    async with serve(app) as url, asking(url) as api:
        assert await api.find_sid("CA" + "0" * 32) is None


async def test_a_number_too_long_to_read_costs_only_itself() -> None:
    """Five thousand digits in one field leave the page, and the export, as they were."""
    data = Dataset.generate(250, 5, NOW)
    faults = ApiFaults(rate=1.0, kinds=("long-number",))
    async with serve(elevenlabs_app(data, faults=faults)) as url, asking(url) as api:
        rows = await everything(api, Selection())
        assert sorted(ids(rows)) == sorted(record.row.conversation_id for record in data)
        name = next(record.row.conversation_id for record in data if record.phone is not None)
        assert (await api.call(name)).cost is None
