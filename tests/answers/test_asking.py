from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from msgspec import UNSET

from bot.demo.elevenlabs import Dataset, Record
from bot.demo.slack.sample import GENERAL, LENA, QUALITY
from tests.answers.office import Office, days_ago, office

WEEK = 7 * 86_400


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 600 sample conversations."""
    async with office() as opened:
        yield opened


def failed_since(desk: Office, days: int) -> list[Record]:
    """Brute force: failed conversations of the last days, newest first."""
    since = days_ago(days)
    found = [
        r for r in desk.dataset if r.row.call_successful == "failure" and r.row.start_time_unix_secs >= since
    ]
    return sorted(found, key=lambda record: record.row.start_time_unix_secs, reverse=True)


async def test_a_command_is_answered_by_glance_list_and_complete_file(desk: Office) -> None:
    """The sender gets the ten newest on the spot, and a list and a CSV with exactly the matching ids."""
    delivery = await desk.command("failed since 30 days ago", channel=GENERAL)
    assert delivery.ok
    glance = (await desk.seen(lambda: desk.whispers(GENERAL)))[0]
    listed = await desk.settled_list(desk.dm())
    expected = failed_since(desk, 30)
    for record in expected[:10]:
        assert record.row.conversation_id in glance["text"] or record.row.conversation_id in str(
            glance["blocks"]
        )
        assert record.row.conversation_id in str(listed["blocks"])
    (file,) = desk.files(desk.dm())
    assert {row["conversation_id"] for row in desk.rows(file)} == {r.row.conversation_id for r in expected}
    assert desk.messages(GENERAL) == []


async def test_call_ids_are_in_the_file_for_phone_calls_only(desk: Office) -> None:
    """`call_id`, `call_sid` and provider are the carrier's for phone calls, and blank for the rest."""
    await desk.command("last 30 days")
    await desk.settled_list(desk.dm())
    (file,) = desk.files(desk.dm())
    rows = desk.rows(file)
    assert len(rows) > 100
    for row in rows:
        phone = desk.dataset.get(row["conversation_id"]).phone  # type: ignore[union-attr]
        given = (row["phone_provider"], row["call_sid"])
        assert given == (("", "") if phone is None else (phone.type, phone.call_sid))


async def test_a_row_without_its_agents_name_gets_it_from_the_agent_list() -> None:
    """The API may leave `agent_name` out: list and file show it all the same."""
    dataset = Dataset.generate(30, odd=False)
    names = {agent.agent_id: agent.name for agent in dataset.agents}
    for record in dataset:
        record.row.agent_name = UNSET
    async with office(dataset=dataset) as desk:
        await desk.command("limit:20")
        listed = await desk.settled_list(desk.dm())
        (file,) = desk.files(desk.dm())
        rows = desk.rows(file)
        assert [row["agent_name"] for row in rows] == [names[row["agent_id"]] for row in rows]
        assert rows[0]["agent_name"] in listed["text"]


async def test_whom_a_question_mentions_is_named_in_the_reply(desk: Office) -> None:
    """A channel and a person that Slack wrote without their names; no markup of Slack's is shown."""
    desk.say(f"failed calls in <#{QUALITY}> for <@{LENA}>", channel=desk.dm())
    (asked_back,) = await desk.seen(lambda: desk.messages(desk.dm()))
    assert "#quality-review" in str(asked_back["blocks"])
    assert QUALITY not in str(asked_back)
    assert LENA not in str(asked_back)


async def test_a_newcomer_whose_question_is_refused_reads_one_message(desk: Office) -> None:
    """The refusal, which tells the way to help; thanks get a line, and the page that they open a greeting."""
    desk.say("xyzzy plugh", channel=desk.dm())
    (refused,) = await desk.seen(lambda: desk.messages(desk.dm()))
    await desk.quiet()
    assert desk.messages(desk.dm()) == [refused]
    assert "help" in str(refused["blocks"])
    desk.say("thanks!", channel=desk.dm())
    (_refused, short) = await desk.seen(lambda: len(found := desk.messages(desk.dm())) > 1 and found)
    assert "You are welcome" in short["text"]
    for _ in range(2):
        await desk.open_page("messages")
        await desk.quiet()
    assert len([m for m in desk.messages(desk.dm()) if "Ask about your conversations" in str(m)]) == 1
