"""The audit line: who took which conversations where; never a name, a number or what was searched for."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import logs
from bot.answers.access import asked_for
from bot.demo.elevenlabs import ApiFaults
from bot.demo.slack.sample import LENA, ME, PARTNERS, QUALITY, TEAM
from bot.query import parse
from tests.answers.calls import share
from tests.answers.office import Office, office
from tests.logged import logged


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Log at ERROR: the audit is logged at any level."""
    with logged("ERROR") as stream:
        yield stream


def audited(log: io.StringIO) -> list[dict[str, Any]]:
    """Return the audit's events so far, without what every line has."""
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    usual = {"logger", "level", "timestamp", "question", "reference"}
    return [{k: v for k, v in line.items() if k not in usual} for line in lines if line["logger"] == "audit"]


@pytest.fixture
async def desk(log: io.StringIO) -> AsyncIterator[Office]:
    """Open an office whose log is read."""
    async with office(rows=80) as opened:
        logs.configure("ERROR", "json", stream=log)
        yield opened


async def test_exports_shares_transcripts_and_recordings_are_audited(desk: Office, log: io.StringIO) -> None:
    """One line each, at any LOG_LEVEL: who, what, how many, where to, what came of it."""
    await desk.command('failed about "Jane Doe" since 40 days ago', channel=QUALITY)
    await desk.seen(lambda: desk.whispers(QUALITY))
    await desk.command("failed since 40 days ago", channel=QUALITY)
    listed = await desk.settled_list(desk.dm())
    rows = len(desk.rows(desk.files(desk.dm())[-1]))
    export = audited(log)[-1]
    asked = export.pop("asked")
    assert asked.startswith("result:failure since:20")
    who = {"user": ME, "team": TEAM.id}
    direct = {"channel": desk.dm(), "channel_kind": "direct"}
    assert export == {"message": "export", **who, "rows": rows, **direct, "outcome": "sent"}

    glance = desk.whispers(QUALITY)[-1]
    await share(desk, glance, pressed_in=QUALITY, to=QUALITY)
    await desk.settled_list(QUALITY)
    sent, shared_file = audited(log)[-2:]
    assert (sent["message"], sent["channel"], sent["rows"], sent["outcome"]) == (
        "share",
        QUALITY,
        rows,
        "sent",
    )
    assert (shared_file["message"], shared_file["channel"], shared_file["rows"]) == ("export", QUALITY, rows)

    call = next(r for r in desk.dataset if r.phone is not None and r.row.status == "done")
    desk.say(call.row.conversation_id, channel=desk.dm(LENA), user=LENA)
    opened = (await desk.seen(lambda: desk.messages(desk.dm(LENA))))[0]
    for action in ("transcript_file", "audio_file"):
        await desk.press(opened, action, channel=desk.dm(LENA), user=LENA)
    await desk.seen(lambda: len([e for e in audited(log) if e["message"] in ("transcript", "audio")]) == 2)
    for event in audited(log)[-2:]:
        assert event["asked"] == f"id:{call.row.conversation_id}"
        assert (event["user"], event["channel"]) == (LENA, desk.dm(LENA))
        assert event["outcome"] == "sent" or (event["message"] == "audio" and event["rows"] == 0)
    whole = log.getvalue()
    assert "Jane" not in whole
    assert str(listed["text"])[:40] not in whole
    assert call.phone is not None
    assert call.phone.external_number not in whole


async def test_refused_shares_and_failed_exports_are_audited_too(log: io.StringIO) -> None:
    """Nothing went out, and that is said."""
    faults = ApiFaults()
    async with office(rows=60, faults=faults) as desk:
        logs.configure("ERROR", "json", stream=log)
        await desk.command("failed since 40 days ago", channel=PARTNERS)
        glance = (await desk.seen(lambda: desk.whispers(PARTNERS)))[0]
        await desk.settled_list(desk.dm())
        await share(desk, glance, pressed_in=PARTNERS, to=PARTNERS)
        await desk.seen(lambda: "share" in str(audited(log)))
        refused = audited(log)[-1]
        assert (refused["channel"], refused["rows"], refused["outcome"]) == (PARTNERS, 0, "refused")


@pytest.mark.parametrize(
    ("text", "kept", "hidden"),
    [
        ('failed about "Jane Doe"', "result:failure", ("Jane", "Doe")),
        ("user:+4915112341234 in german", "lang:de", ("4915112341234",)),
        ("var:name=Jane data:phone=+4915112341234", "data:(hidden)", ("Jane", "4915112341234")),
    ],
)
def test_what_people_type_freely_is_not_in_it(text: str, kept: str, hidden: tuple[str, ...]) -> None:
    """The question is told by its filters; the values of those that may hold names are left out."""
    asked = asked_for(parse(text, now=datetime.now(UTC)).query)
    assert kept in asked
    assert not any(word in asked for word in hidden)
