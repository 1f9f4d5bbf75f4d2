"""The list message: its table, its file, its count, and what its buttons do."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.blocks import actions as act
from bot.blocks.data_table import PENDING
from bot.demo.elevenlabs import Dataset
from bot.demo.slack.sample import QUALITY
from tests.answers.calls import modal
from tests.answers.office import Office, office

SHOWN = re.compile(r"conv_[a-z0-9]+")


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 160 sample conversations, which exports 100 rows without asking."""
    async with office(rows=160, variables={"EXPORT_ROWS": "100"}) as opened:
        yield opened


def newest_first(desk: Office) -> list[str]:
    """Return all conversation ids, newest first."""
    return [r.row.conversation_id for r in sorted(desk.dataset, key=lambda r: r.key, reverse=True)]


def shown(message: dict[str, Any]) -> list[str]:
    """Return the conversation ids of a list message, in order."""
    return list(dict.fromkeys(SHOWN.findall(message["text"])))


def table(message: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the rows of a list's table, its header first."""
    (found,) = [block for block in message["blocks"] if block["type"] == "data_table"]
    return list(found["rows"])


async def test_a_hundred_calls_are_in_a_table_with_their_ids(desk: Office) -> None:
    """What happened first, ids last; all call ids are filled in; every call can be opened by its title."""
    await desk.command("")
    listed = await desk.settled_list(desk.dm())
    assert shown(listed) == newest_first(desk)[:10]
    head, *rows = table(listed)
    assert [cell["text"] for cell in head] == [
        *("Started", "Agent", "Length", "Result", "Title", "Ended because", "Call id", "Conversation id")
    ]
    assert SHOWN.findall(str([row[-1] for row in rows]))[::2] == newest_first(desk)[:100]
    assert {cell["type"] for row in rows for cell in (row[0], row[2])} == {"raw_number"}
    assert PENDING not in {cell["text"] for row in rows for cell in row if "text" in cell}
    line = listed["blocks"][0]["text"]["text"].partition("\n")[2]
    assert re.fullmatch(r"\*At least \d+ calls\* · the newest 100 shown · as of .+", line)
    (menu,) = [e for b in listed["blocks"] for e in b.get("elements", ()) if e["type"] == "static_select"]
    assert [option["value"] for option in menu["options"]] == newest_first(desk)[:100]


async def test_what_the_question_makes_constant_is_no_column(desk: Office) -> None:
    """A list of failed calls of one agent says so once, above it."""
    await desk.command("failed calls for Sales", channel=QUALITY)
    listed = await desk.settled_list(desk.dm())
    assert [cell["text"] for cell in table(listed)[0]] == [
        *("Started", "Length", "Title", "Ended because", "Call id", "Conversation id")
    ]


@pytest.mark.parametrize("agent", ["", " for Support EN"])
async def test_a_filter_says_which_part_of_all_calls_it_leaves(desk: Office, agent: str) -> None:
    """Not said of all calls themselves. An agent's failed calls are a part of its own."""
    part = re.compile(r"\*(\d+) calls\* · (\d+)% of (\d+) in that time")
    desk.say(f"failed calls{agent} last 30 days", channel=desk.dm())
    await desk.settled_list(desk.dm())
    found = await desk.seen(
        lambda: [m for m in desk.messages(desk.dm()) if part.search(str(m.get("blocks")))]
    )
    few, share, every = map(int, part.search(str(found[0]["blocks"])).groups())  # type: ignore[union-attr]
    desk.say(f"how many calls{agent} last 30 days", channel=desk.dm())
    counted = await desk.seen(
        lambda: [m for m in desk.messages(desk.dm()) if m["text"].startswith(f"{every} calls")]
    )
    assert agent or "in that time" not in str(counted[0]["blocks"])
    assert share == round(100 * few / every)


async def test_buttons_of_earlier_versions_still_do_something_sensible(desk: Office) -> None:
    """Older, on a message of before, brings the table that has all the pages."""
    await desk.command("successful")
    listed = await desk.settled_list(desk.dm())
    (csv,) = [e for b in listed["blocks"] for e in b.get("elements", ()) if e.get("action_id") == act.CSV]
    question_id = json.loads(csv["value"])[0]
    value = json.dumps([question_id, [1795000000, "conv_1", 10]])
    before = len(desk.calls("chat.update"))
    older = {
        "type": "button",
        "action_id": "older",
        "value": value,
        "text": {"type": "plain_text", "text": "Older"},
    }
    listed["blocks"].append({"type": "actions", "block_id": "former", "elements": [older]})
    older = {**older, "block_id": "former"}
    await desk.deliveries.act(desk.workspace.me, older, channel=desk.dm(), message_ts=listed["ts"])
    await desk.seen(lambda: len(desk.calls("chat.update")) > before)
    found = desk.workspace.messages.get(desk.dm(), listed["ts"])
    assert found is not None
    assert len(table(found)) > 11


def _record(desk: Office, conversation_id: str) -> Any:
    found = desk.dataset.get(conversation_id)
    assert found is not None
    return found


def _with_id(row: Any, conversation_id: str, now: float) -> Any:
    values = {name: getattr(row, name) for name in row.__struct_fields__}
    return type(row)(**{**values, "conversation_id": conversation_id, "start_time_unix_secs": int(now)})


async def test_an_order_that_the_api_does_not_have(desk: Office) -> None:
    """List, count and file agree on the longest; a cut file says which it holds; no page is turned."""
    await desk.command("longest calls")
    listed = await desk.settled_list(desk.dm())
    longest = sorted(
        desk.dataset.records, key=lambda record: (-record.row.call_duration_secs, -record.key[0])
    )
    lengths = [record.row.call_duration_secs for record in longest]
    assert shown(listed) == [record.row.conversation_id for record in longest[:10]]
    assert "longest first" in listed["text"].lower()
    assert f"the longest 100 of {len(longest)} rows" in str(listed["blocks"])
    (file,) = desk.files(desk.dm())
    assert [int(row["call_duration_secs"]) for row in desk.rows(file)] == lengths[:100]
    assert "Older" not in str(listed["blocks"])


async def test_a_cut_file_says_so_and_the_rest_is_one_press_away(desk: Office) -> None:
    """EXPORT_ROWS cuts plainly; Send all brings every row."""
    await desk.command("all conversations")
    listed = await desk.settled_list(desk.dm())
    assert "newest 100" in str(listed["blocks"])
    (file,) = desk.files(desk.dm())
    assert [row["conversation_id"] for row in desk.rows(file)] == newest_first(desk)[:100]
    await desk.press(listed, "send_all", channel=desk.dm())
    files = await desk.seen(lambda: desk.files(desk.dm()) if len(desk.files(desk.dm())) > 1 else None)
    assert [row["conversation_id"] for row in desk.rows(files[-1])] == newest_first(desk)


async def test_how_many_is_counted_to_the_end(desk: Office) -> None:
    """The exact count comes first, and a file only when it is asked for."""
    await desk.command("how many calls?")
    listed = await desk.settled_list(desk.dm())
    headers = [block["text"]["text"] for block in listed["blocks"] if block["type"] == "header"]
    assert headers == ["160 calls"]
    assert "*All calls*" in str(listed["blocks"])
    assert desk.files(desk.dm()) == []
    await desk.press(listed, "csv", channel=desk.dm())
    assert (await desk.seen(lambda: desk.files(desk.dm())))[0]["title"] == "All calls"


async def test_a_limit_is_the_whole_count_at_once(desk: Office) -> None:
    """Of the 3 newest nothing is left to be counted: glance, list and file say three, from the first word."""
    await desk.command("all conversations limit:3")
    glance = (await desk.seen(desk.whispers))[0]
    listed = await desk.settled_list(desk.dm())
    for message in (glance, listed):
        assert ": 3 calls" in message["text"].partition("\n")[0]
    said = [call["text"] for call in desk.calls("chat.postMessage") + desk.calls("chat.update")]
    assert not [text for text in said if "at least" in text.lower() or "100" in text.partition("\n")[0]]
    assert "The CSV follows" in said[0]
    assert shown(listed) == newest_first(desk)[:3]


async def test_the_csv_button_points_to_the_file_that_is_there(desk: Office) -> None:
    """Pressed once more, it says where the file is."""
    await desk.command("failed")
    listed = await desk.settled_list(desk.dm())
    await desk.press(listed, "csv", channel=desk.dm())
    told = await desk.seen(lambda: [m for m in desk.whispers(desk.dm()) if "there already" in m["text"]])
    assert "slack.com/files/" in told[0]["text"]
    assert len(desk.files(desk.dm())) == 1


async def test_refresh_finds_what_is_new(desk: Office) -> None:
    """Refresh goes past every cache: a call of this minute is on the page and in the count."""
    await desk.command("how many calls")
    listed = await desk.settled_list(desk.dm())
    template = _record(desk, newest_first(desk)[0])
    row = _with_id(template.row, "conv_brandnew2", desk.workspace.clock())
    desk.dataset.add(type(template)(row=row, scene=template.scene))
    action: dict[str, Any] = {"type": "overflow", "action_id": "more", "block_id": _overflow(listed)[0]}
    action["selected_option"] = next(o for o in _overflow(listed)[1] if o["text"]["text"] == "Refresh")
    await desk.deliveries.act(desk.workspace.me, action, channel=desk.dm(), message_ts=listed["ts"])

    def refreshed() -> bool:
        message = desk.workspace.messages.get(desk.dm(), listed["ts"]) or {"text": ""}
        return "conv_brandnew2" in message["text"] and "161" in message["text"]

    assert await desk.seen(refreshed)


def _overflow(message: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    for block in message["blocks"]:
        for element in block.get("elements", ()):
            if element.get("type") == "overflow":
                return block.get("block_id", ""), element["options"]
    raise AssertionError("no overflow menu")


async def test_the_shown_request_is_for_this_question(desk: Office) -> None:
    """Show API request gives endpoint, curl and Python, with the key only as a variable."""
    await desk.command("failed last 30 days")
    listed = await desk.settled_list(desk.dm())
    await desk.press(listed, "more", channel=desk.dm(), pick="Show API request")
    words = str(await modal(desk, "curl"))
    assert "call_successful=failure" in words
    assert "$ELEVENLABS_API_KEY" in words
    assert "sample-key" not in words


async def test_an_example_of_the_help_runs(desk: Office) -> None:
    """The buttons of help ask their question."""
    await desk.command("help", channel=QUALITY)
    helped = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    await desk.press(helped, "run_example", channel=QUALITY)
    await desk.seen(lambda: len(desk.whispers(QUALITY)) > 1)


async def test_two_agents_alike_are_asked_back_and_the_chosen_one_is_answered(desk: Office) -> None:
    """`for Support` fits several agents: the buttons choose, and the answer is for that agent only."""
    await desk.command("for Support", channel=QUALITY)
    asked = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    assert "Which agent" in asked["text"]
    await desk.press(asked, "choose_agent", channel=QUALITY)
    await desk.settled_list(desk.dm())
    (file,) = desk.files(desk.dm())
    assert len({row["agent_id"] for row in desk.rows(file)}) == 1


async def test_an_agent_is_asked_for_without_for(desk: Office) -> None:
    """`Support EN` alone is that agent; `support` is several, and the chosen one is answered."""
    await desk.command("Sales last 30 days", channel=QUALITY)
    listed = await desk.settled_list(desk.dm())
    assert "for Sales since" in listed["text"]
    (file,) = desk.files(desk.dm())
    assert {row["agent_name"] for row in desk.rows(file)} == {"Sales"}
    await desk.command("all support calls", channel=QUALITY)
    asked = (await desk.seen(lambda: [m for m in desk.whispers(QUALITY) if "Which agent" in m["text"]]))[0]
    await desk.press(asked, "choose_agent.1", channel=QUALITY)
    await desk.seen(lambda: len(desk.files(desk.dm())) == 2)
    chosen = {row["agent_name"] for row in desk.rows(desk.files(desk.dm())[1])}
    assert chosen == {"Support EN"}


async def test_a_name_that_is_no_agents_is_asked_back_with_the_nearest(desk: Office) -> None:
    """`Support FR` is not quietly one of the others."""
    await desk.command("failed calls for Support FR", channel=QUALITY)
    asked = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    assert "no agent called" in asked["text"]
    assert "Support EN" in str(asked["blocks"])
    assert desk.messages(desk.dm()) == []


async def test_all_of_the_agents_alike_are_one_press_too(desk: Office) -> None:
    """`for Support` may mean the whole team: then every one of them is answered for, and named."""
    await desk.command("for Support", channel=QUALITY)
    asked = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    buttons = [each for block in asked["blocks"] for each in block.get("elements", ()) if "text" in each]
    shown = [each["text"]["text"] for each in buttons if each.get("type") == "button"]
    *names, everyone = shown
    assert everyone == f"All {len(names)}"
    await desk.press(asked, f"choose_agent.{len(names)}", channel=QUALITY)
    listed = await desk.settled_list(desk.dm())
    (file,) = desk.files(desk.dm())
    assert len({row["agent_id"] for row in desk.rows(file)}) == len(names)
    assert all(name in listed["text"].partition("\n")[0] for name in names)


async def test_nothing_found_yet_is_not_nothing() -> None:
    """When a filter applied here leaves no row for long, the answer says so and goes on to the last page."""
    dataset = Dataset.generate(1_500, odd=False)
    for record in dataset:
        record.row.direction = "inbound"
    oldest = next(iter(dataset))
    oldest.row.direction = "outbound"
    slow = {"ELEVENLABS_CONCURRENCY": "1"}
    async with office(dataset=dataset, variables=slow, latency=0.25) as patient:
        await patient.command("outbound calls")
        glance = (await patient.seen(patient.whispers))[0]
        assert "still looking" in str(glance["blocks"])
        listed = await patient.settled_list(patient.dm())
        assert shown(listed) == [oldest.row.conversation_id]
        (file,) = patient.files(patient.dm())
        assert [row["conversation_id"] for row in patient.rows(file)] == [oldest.row.conversation_id]
