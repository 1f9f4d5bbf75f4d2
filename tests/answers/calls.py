"""What tests of opened calls share: which calls there are, and waiting for one to be seen."""

from __future__ import annotations

from typing import Any

from bot.blocks import actions as act
from bot.blocks.modal_views import CHANNEL, ENTRY
from bot.demo.elevenlabs import Dataset, Phone, Record, Summary
from bot.demo.slack.pressing import Submission
from bot.demo.slack.sample import ME
from tests.answers.office import NOW, Json, Office

DAY = 86_400


def phone_call(dataset: Dataset, kind: str, *, days: float = 0) -> Record:
    """Return the newest finished phone call of a kind (`twilio`, …) that is at least so many days old."""
    before = NOW - days * DAY
    return [
        record
        for record in dataset
        if record.phone is not None
        and record.phone.type == kind
        and record.row.start_time_unix_secs < before
        and record.row.status == "done"
    ][-1]


def sid_of(record: Record) -> str:
    """Return a phone call's `call_sid`."""
    assert record.phone is not None
    return record.phone.call_sid


def call_id_of(record: Record) -> str:
    """Return the id that the carrier gave a phone call."""
    assert record.phone is not None
    return str(record.phone.call_id) if record.phone.type == "sip_trunking" else record.phone.call_sid


def one_call(conversation_id: str, *, age: float = 3600, **fields: Any) -> Record:
    """Make one finished Twilio call; `fields` go over the record's."""
    row = Summary(
        agent_id="agent_one",
        agent_name="Support EN",
        conversation_id=conversation_id,
        start_time_unix_secs=int(NOW - age),
        call_duration_secs=61,
        message_count=4,
        conversation_initiation_source="twilio",
        direction="inbound",
    )
    phone = Phone(type="twilio", call_sid=f"CA{abs(hash(conversation_id)):032x}"[:34])
    return Record(**{"row": row, "phone": phone, **fields})


async def opened(desk: Office, channel: str, conversation_id: str) -> Json:
    """Wait for a message that shows this call opened."""
    found = await desk.seen(
        lambda: [m for m in desk.messages(channel) if f"conversation `{conversation_id}`" in m["text"]]
    )
    message: Json = found[-1]
    return message


def content(desk: Office, file: Json) -> bytes:
    """Return the bytes of a file that was shared."""
    kept = desk.workspace.files.get(file["id"])
    assert kept is not None
    assert kept.content is not None
    return kept.content


async def modal(desk: Office, words: str, *, user: str = ME) -> Json:
    """Wait for the topmost modal of a person to hold these words."""

    def top() -> Json | None:
        stack = desk.workspace.views.stack(user)
        return stack[-1] if stack and words in str(stack[-1]) else None

    view: Json = await desk.seen(top)
    return view


def is_done(desk: Office, conversation_id: str) -> bool:
    """Whether a call has ended, so that there is something to read and hear."""
    record = desk.dataset.get(conversation_id)
    return record is None or record.row.status == "done"


async def open_first(desk: Office, message: Json, *, channel: str, user: str = ME) -> str:
    """Choose the first finished call of a message's menu; returns its id."""
    element = next(
        e for b in message["blocks"] for e in b.get("elements", ()) if e.get("action_id") == "open_call"
    )
    block = next(b for b in message["blocks"] if element in b.get("elements", ()))
    chosen = next(o for o in element["options"] if is_done(desk, o["value"]))
    action = {
        "type": "static_select",
        "action_id": "open_call",
        "block_id": block["block_id"],
        "selected_option": chosen,
    }
    await desk.deliveries.act(user, action, channel=channel, message_ts=message["ts"])
    value: str = chosen["value"]
    return value


async def share(
    desk: Office, message: Json, *, pressed_in: str, to: str, user: str = ME, **entered: Json
) -> Submission:
    """Press Share on a message, choose a channel and submit the form."""
    await desk.press(message, act.SHARE, channel=pressed_in, user=user)
    return await submit_share(desk, await modal(desk, act.SHARE_VIEW, user=user), to, user=user, **entered)


async def submit_share(desk: Office, view: Json, to: str, *, user: str = ME, **entered: Json) -> Submission:
    """Submit an open Share form; `entered` are the states of its other fields."""
    state = {CHANNEL: {"selected_conversation": to}, **entered}
    return await desk.deliveries.submit(user, view["id"], {key: {ENTRY: each} for key, each in state.items()})


async def press_in(
    desk: Office, view: Json, action_id: str, *, user: str = ME, pick: str | None = None
) -> None:
    """Press an element of a modal by its action id; `pick` chooses an option by its value."""
    for block in view["blocks"]:
        for element in block.get("elements", ()):
            if action_id in {element.get("action_id"), str(element.get("action_id")).partition(".")[0]}:
                action = {key: element[key] for key in ("type", "action_id", "value") if key in element}
                if pick is not None:
                    action["selected_option"] = next(o for o in element["options"] if o["value"] == pick)
                action["block_id"] = block["block_id"]
                await desk.deliveries.act(user, action, view_id=view["id"])
                return
    raise AssertionError(f"no element {action_id} in the modal")
