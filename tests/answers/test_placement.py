"""Where an answer goes: a private question's list and file never reach a channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.demo.elevenlabs import ApiFaults
from bot.demo.slack.sample import ARCHIVED, GENERAL, GUEST, LENA, ME, PARTNERS, QUALITY, STRANGER, SUPPORT
from bot.settings import Settings
from tests.answers.calls import modal, share, submit_share
from tests.answers.office import Office, office

QUESTION = "failed since 30 days ago"


@pytest.fixture
async def desk() -> AsyncIterator[Office]:
    """Open an office with 200 sample conversations."""
    async with office(rows=80) as opened:
        yield opened


async def test_a_direct_message_is_answered_as_a_reply(desk: Office) -> None:
    """List and file are in the thread of the person's own message, nowhere else."""
    asked = desk.say(QUESTION, channel=desk.dm())
    listed = await desk.settled_list(desk.dm())
    assert listed["thread_ts"] == asked["ts"]
    (shared,) = [message for message in desk.messages(desk.dm()) if message.get("files")]
    assert shared["thread_ts"] == asked["ts"]
    assert desk.whispers(desk.dm()) == []
    assert "mention me here" not in str(listed["blocks"])


async def test_a_mention_is_answered_in_its_thread(desk: Office) -> None:
    """List and file are in the thread of the mention; its twin message event is not answered again."""
    asked = desk.say(f"@conversations {QUESTION}", channel=QUALITY)
    listed = await desk.settled_list(QUALITY)
    await desk.deliveries.idle()
    assert listed["thread_ts"] == asked["ts"]
    assert len(desk.files(QUALITY)) == 1
    assert len([m for m in desk.messages(QUALITY) if not m.get("files")]) == 1
    assert desk.messages(desk.dm()) == []
    assert "mention me here" in str(listed["blocks"][-1])  # a reply without it never reaches the bot


async def test_a_mention_where_the_bot_may_not_post_is_answered_directly(desk: Office) -> None:
    """The answer is in the asker's direct message and says why."""
    desk.say(f"@conversations {QUESTION}", channel=GENERAL)
    listed = await desk.settled_list(desk.dm())
    assert "/invite" in str(listed["blocks"])
    assert desk.messages(GENERAL) == []
    assert len(desk.files(desk.dm())) == 1


@pytest.mark.parametrize("question", ["failed since 2001-01-01 until 2001-01-02", "success rate by agent"])
async def test_what_has_no_list_says_why_it_is_answered_directly(desk: Office, question: str) -> None:
    """It is drawn for where it stands: nothing on it is meant for a channel."""
    desk.say(f"@conversations {question}", channel=GENERAL)
    (found,) = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "/invite" in str(m["blocks"])])
    assert "mention me here" not in str(found["blocks"])


async def test_a_channel_shared_with_another_company_gets_no_data(desk: Office) -> None:
    """A member who asks there is answered in their direct message."""
    desk.say(f"@conversations {QUESTION}", channel=PARTNERS)
    listed = await desk.settled_list(desk.dm())
    assert "another company" in str(listed["blocks"])
    (told,) = await desk.seen(lambda: desk.whispers(PARTNERS))
    assert "in <" in told["text"]
    assert "|your direct messages>" in told["text"]
    assert "thread_ts" not in told  # Slack shows nobody a whisper in a thread that is not there yet
    assert desk.messages(PARTNERS) == []
    assert desk.files(PARTNERS) == []


async def test_a_command_in_the_bots_own_direct_message_is_answered_once(desk: Office) -> None:
    """The list is right there, so nothing shows it a second time; in a colleague's it is not."""
    await desk.command(QUESTION, channel=desk.dm())
    await desk.settled_list(desk.dm())
    assert desk.whispers(desk.dm()) == []
    with_lena = desk.workspace.im(ME, LENA).id
    await desk.command(QUESTION, channel=with_lena)
    assert await desk.seen(lambda: desk.whispers(with_lena))


async def test_a_call_opened_by_command_in_the_direct_message_is_shown_once(desk: Office) -> None:
    """The call's message is there; no whisper repeats it."""
    record = next(iter(desk.dataset))
    await desk.command(record.row.conversation_id, channel=desk.dm())
    await desk.seen(lambda: desk.messages(desk.dm()))
    await desk.quiet()
    assert desk.whispers(desk.dm()) == []


@pytest.mark.parametrize("user", [GUEST, STRANGER])
async def test_guests_and_strangers_get_no_data(desk: Office, user: str) -> None:
    """They are refused politely, by command as by message, and see no conversation id."""
    await desk.command(QUESTION, channel=QUALITY if user == GUEST else PARTNERS, user=user)
    desk.say(QUESTION, channel=desk.dm(user), user=user)
    refusals = await desk.seen(lambda: [m for m in desk.messages(desk.dm(user)) if "Sorry" in m["text"]])
    seen = str(refusals) + str(desk.messages(desk.dm(user))) + str(desk.whispers(QUALITY, user))
    assert "conv_" not in seen
    assert desk.files(desk.dm(user)) == []


async def test_a_mention_that_is_refused_is_told_where_it_is_seen(desk: Office) -> None:
    """In the channel for a mention that stands there, in the thread for one that was made in a thread."""
    desk.say(f"@conversations {QUESTION}", channel=QUALITY, user=GUEST)
    (told,) = await desk.seen(lambda: desk.whispers(QUALITY, GUEST))
    assert "Sorry" in told["text"]
    assert "thread_ts" not in told
    root = desk.say("What about those?", channel=QUALITY, user=LENA)
    desk.say("@conversations faild", channel=QUALITY, user=GUEST, thread_ts=root["ts"])
    told = (await desk.seen(lambda: desk.whispers(QUALITY, GUEST)[1:]))[0]
    assert told["thread_ts"] == root["ts"]
    assert desk.messages(QUALITY) == desk.messages(desk.dm(GUEST)) == []


async def test_a_mention_that_fails_is_told_where_it_is_seen() -> None:
    """An error of ElevenLabs, and a channel in which nothing is answered, are told beside the mention."""
    faults = ApiFaults(rate=1.0, kinds=("401",))

    def only_quality(settings: Settings) -> Settings:
        return replace(settings, allowed_channels=frozenset({QUALITY}))

    async with office(rows=60, faults=faults, change=only_quality) as desk:
        desk.say(f"@conversations {QUESTION}", channel=QUALITY)
        desk.say(f"@conversations {QUESTION}", channel=SUPPORT)
        (failed,) = await desk.seen(lambda: desk.whispers(QUALITY))
        (refused,) = await desk.seen(lambda: desk.whispers(SUPPORT))
        assert "does not accept the API key" in failed["text"]
        assert "I do not answer in this channel" in refused["text"]


async def test_sharing_posts_list_and_file_in_the_channel_with_who_shared_and_why(desk: Office) -> None:
    """From the glance, with the channel it was asked in chosen already; the note stays through updates."""
    await desk.command(QUESTION, channel=QUALITY)
    glance = (await desk.seen(lambda: desk.whispers(QUALITY)))[0]
    await desk.settled_list(desk.dm())
    await desk.press(glance, "share", channel=QUALITY)
    view = await modal(desk, "share_view")
    assert f"'initial_conversation': '{QUALITY}'" in str(view["blocks"])
    assert (await submit_share(desk, view, QUALITY, note={"value": "Look at <!channel> these"})).ok
    shared = await desk.settled_list(QUALITY)
    assert not [m for m in desk.whispers(QUALITY) if "Shared in" in m["text"]]  # it is right there
    assert f"Shared by <@{ME}>:\\nLook at &lt;!channel&gt; these" in str(shared["blocks"])
    assert len(desk.files(QUALITY)) == 1
    assert "thread_ts" not in shared or shared["thread_ts"] == shared["ts"]


async def test_an_answer_from_the_direct_message_is_shared_where_one_likes(desk: Office) -> None:
    """Who shares is told where it stands, with the way there; next time that channel is chosen already."""
    desk.say(QUESTION, channel=desk.dm())
    listed = await desk.settled_list(desk.dm())
    assert (await share(desk, listed, pressed_in=desk.dm(), to=SUPPORT)).ok
    await desk.settled_list(SUPPORT)
    told = await desk.seen(lambda: [m for m in desk.messages(desk.dm()) if "Shared in" in m["text"]])
    assert f"<#{SUPPORT}>" in told[0]["text"]
    assert "|Show it>" in told[0]["text"]
    await desk.press(listed, "share", channel=desk.dm())
    view = await modal(desk, "share_view")
    await desk.seen(lambda: f"'initial_conversation': '{SUPPORT}'" in str(view["blocks"]))


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (GENERAL, "/invite"),
        (PARTNERS, "another company"),
        (QUALITY, "not a member of that channel"),
        (ARCHIVED, "Choose another channel"),
    ],
)
async def test_sharing_where_it_cannot_be_is_said_in_the_form(desk: Office, channel: str, words: str) -> None:
    """Beside the channel, before anything is posted; such a channel is not proposed either."""
    await desk.command(QUESTION, channel=channel)
    glance = (await desk.seen(lambda: desk.whispers(channel)))[0]
    await desk.settled_list(desk.dm())
    if channel == QUALITY:
        desk.workspace.channels[channel].members.discard(ME)
    await desk.press(glance, "share", channel=channel)
    view = await modal(desk, "share_view")
    assert "initial_conversation" not in str(view["blocks"])
    refused = await submit_share(desk, view, channel)
    assert words in refused.errors["channel"]
    assert desk.messages(channel) == []


async def test_a_key_in_a_note_is_not_posted(desk: Office) -> None:
    """The form says so, and keeps it open."""
    desk.say(QUESTION, channel=desk.dm())
    listed = await desk.settled_list(desk.dm())
    note = {"value": "xoxb-" + "1234567890-abcdefghij"}
    refused = await share(desk, listed, pressed_in=desk.dm(), to=QUALITY, note=note)
    assert "revoke it" in refused.errors["note"]


async def test_one_persons_answer_is_not_in_anothers_direct_message(desk: Office) -> None:
    """Two people ask at once; each finds one list and one file of their own."""
    await desk.command(QUESTION, user=ME)
    await desk.command("last 7 days", user=LENA)
    await desk.settled_list(desk.dm(ME))
    await desk.settled_list(desk.dm(LENA))
    assert len(desk.files(desk.dm(ME))) == 1
    assert len(desk.files(desk.dm(LENA))) == 1


async def test_a_command_works_in_an_archived_channel_too(desk: Office) -> None:
    """The answer does not depend on the channel it was typed in."""
    await desk.command(QUESTION, channel=ARCHIVED)
    await desk.settled_list(desk.dm())


async def test_a_shared_number_says_of_how_many(desk: Office) -> None:
    """What it is a part of is known early or late, from memory or not: it is shown in either case."""
    desk.say(f"how many {QUESTION}", channel=desk.dm())
    counted = await desk.settled_list(desk.dm())
    await share(desk, counted, pressed_in=desk.dm(), to=SUPPORT)
    await desk.seen(lambda: "in that time" in str(desk.messages(SUPPORT)))
