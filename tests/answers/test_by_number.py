"""What a phone number went through: asked in Slack, found among calls that nobody has looked at yet."""

from __future__ import annotations

from bot.demo.elevenlabs import Dataset, Phone, Record, Summary
from tests.answers.office import NOW, office

CALLER = "+491701234567"


def call(number: int, external: str) -> Record:
    """Return a phone call to a German agent."""
    sid = f"CA{number:032x}"
    return Record(
        row=Summary(
            conversation_id=f"conv_{number:010d}",
            agent_id="agent_1",
            agent_name="Support",
            start_time_unix_secs=int(NOW) - 3 * 3600 - 60 * number,
            conversation_initiation_source="twilio",
            direction="inbound",
        ),
        phone=Phone(type="twilio", call_sid=sid, agent_number="+49301234567", external_number=external),
    )


async def test_calls_of_a_number_are_listed_and_filed() -> None:
    """In any of its forms: the restated number, its calls only, with their ids, and a file of them."""
    dataset = Dataset([call(n, CALLER if n % 4 == 0 else f"+4930{5000000 + n}") for n in range(20)])
    async with office(dataset=dataset) as desk:
        rows_of_files: list[list[dict[str, str]]] = []
        for text in ("calls from +49 170 1234567", "from 0170 1234567 last 2 days"):
            await desk.command(text)
            asked = 1 + len(rows_of_files)
            await desk.seen(lambda asked=asked: len(desk.files(desk.dm())) == asked)  # type: ignore[misc]
            rows = desk.rows(desk.files(desk.dm())[-1])
            rows_of_files.append(rows)
            assert [row["conversation_id"] for row in rows] == [f"conv_{n:010d}" for n in range(0, 20, 4)]
            assert [row["call_id"] for row in rows] == [f"CA{n:032x}" for n in range(0, 20, 4)]
            assert CALLER not in str(rows)


async def test_a_number_of_no_known_country_is_asked_back() -> None:
    """Before any call was looked at, nobody knows which country a national form is of."""
    async with office(dataset=Dataset([call(1, CALLER)])) as desk:
        await desk.command("from 0170 1234567")
        await desk.seen(lambda: [m for m in desk.whispers() if "country code" in str(m)])
