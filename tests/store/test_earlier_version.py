"""A database of an earlier version goes on: answers in progress, saved questions, schedules, call ids.

`earlier_version.sql` is the dump of a demo's database, written when steps had other names. Its process ended
when a transcript was sent and its notice was on its way, and when another question was understood.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from bot.archive.kept_ids import CallIdStore
from bot.demo.elevenlabs import Dataset
from bot.demo.slack.sample import LENA, ME
from bot.store.database import Database
from bot.store.saved import SavedQuestions
from tests.answers.calls import phone_call
from tests.answers.office import NOW, office, ticking

DUMP = Path(__file__).parent / "earlier_version.sql"
"""When it was written, by the clock of its bot."""
CALL = "conv_f2fxzhnplcwnldhgdcn26k2jg5"
UNSETTLED = "command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc"
"""An answer whose file was sent; here its process ends before the list says so."""


def database(folder: Path, call: str = CALL) -> Path:
    """Write the file, with `call` for the conversation that was opened."""
    path = folder / "demo.db"
    with sqlite3.connect(path) as written:
        written.executescript(DUMP.read_text(encoding="utf-8").replace(CALL, call))
        steps = "FROM operation_outputs WHERE workflow_uuid = ? AND function_name = 'settle'"
        written.execute(f"DELETE {steps}", (UNSETTLED,))
        written.execute("UPDATE workflow_status SET status = 'PENDING' WHERE workflow_uuid = ?", (UNSETTLED,))
    written.close()
    return path


async def test_answers_in_progress_go_on(tmp_path: Path) -> None:
    """What was sent is not sent again, what was not is; every answer ends."""
    dataset = Dataset.generate(50)
    path = database(tmp_path, phone_call(dataset, "twilio").row.conversation_id)

    def ends() -> set[str]:
        with sqlite3.connect(path, timeout=30) as read:
            found = {status for (status,) in read.execute("SELECT status FROM workflow_status")}
        read.close()
        return found

    async with office(folder=tmp_path, dataset=dataset, clock=ticking(NOW + 60)) as desk:
        await desk.settled_list(desk.dm(LENA))
        await desk.seen(lambda: ends() == {"SUCCESS"})
        assert len(desk.files(desk.dm(LENA))) == 1
        assert len(desk.calls("files.completeUploadExternal")) == 1
        assert "transcript is in your direct messages" in str(desk.calls("chat.postEphemeral"))
        assert desk.messages(desk.dm(ME)) == []


async def test_what_is_kept_stays(tmp_path: Path) -> None:
    """Saved questions with their schedules, and the ids of calls."""
    store = Database(f"sqlite:///{database(tmp_path)}")
    await store.create_tables()
    (saved,) = await SavedQuestions(store).due(NOW + 7 * 86_400)
    assert (saved.name, saved.schedule, saved.texts) == (
        "Weekly failures",
        "every Monday 09:00",
        ("failed calls last week",),
    )
    ids = await CallIdStore(store, time.time, seal=None).get([CALL])
    assert ids[CALL].phone is not None
    store.close()
