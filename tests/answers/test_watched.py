"""What is watched, as people make, see and change it: by words, by the form, by menus."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.demo.slack.sample import LEADS, LENA, ME, OMAR, QUALITY
from tests.answers.office import Json, Office, office
from tests.answers.test_alerts import EVERY, about, arrive, looks, say, until
from tests.answers.test_schedules import Clock


@pytest.fixture
async def desk(clock: Clock) -> AsyncIterator[Office]:
    """Open an office that looks every five seconds of its clock."""
    async with office(rows=60, clock=clock, variables=EVERY) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """Wednesday noon in Amsterdam."""
    return Clock("2026-11-18T12:00+01:00")


async def test_a_saved_question_of_the_same_words_is_another(desk: Office) -> None:
    """Saving it neither changes nor runs what is watched."""
    await say(desk, "subscribe to failed calls", "I will post")
    await say(desk, 'failed calls save as "failed calls"', "Saved as")
    await say(desk, "saved", "1 saved question")
    await say(desk, "alerts", "1 subscription")


async def test_who_is_in_the_channel_may_see_and_change_it(desk: Office, clock: Clock) -> None:
    """A member pauses what is told there; what is told in private only its owner sees, also not a channel."""
    await say(desk, "subscribe to failed calls", "I will post")
    hidden = await say(desk, "alerts", "Alerts and subscriptions", user=LENA)
    assert "1 more" in str(hidden["blocks"])
    channels = desk.workspace.channels
    channels[LEADS].members.add(desk.workspace.app.bot_user_id)
    await desk.command("notify #Quality-Review about failed calls")
    await desk.seen(
        lambda: [m for m in desk.whispers() if f"I will post failed calls in <#{QUALITY}>" in m["text"]]
    )
    await desk.command("subscribe to every call rated 1 in #leads")
    await desk.seen(
        lambda: [m for m in desk.whispers() if f"I will post calls rated 1 in <#{LEADS}>" in m["text"]]
    )
    for name in ("nowhere", "random"):  # the second is there, but not for ME
        await desk.command(f"subscribe to failed calls in #{name}")
    no = "in no channel called #"
    await desk.seen(lambda: len([m for m in desk.whispers() if no in m["text"]]) == 2)
    arrive(desk.dataset, clock)
    (head,) = await until(clock, lambda: [m for m in desk.messages(QUALITY) if "1 call on" in m["text"]])
    channels[QUALITY].members.discard(LENA)
    await desk.press(head, "watch_menu", channel=QUALITY, user=LENA, pick="Pause")
    await desk.seen(
        lambda: [
            message
            for message in (*desk.whispers(QUALITY, LENA), *desk.messages(desk.dm(LENA)))
            if "may not change it" in message["text"]
        ]
    )
    channels[QUALITY].members.add(LENA)
    await desk.press(head, "watch_menu", channel=QUALITY, user=LENA, pick="Pause")
    await desk.seen(lambda: [m for m in desk.whispers(QUALITY, LENA) if "Paused" in m["text"]])
    mine = await say(desk, "alerts", "3 subscriptions")
    assert "Paused" in str(mine["blocks"])
    clock.now += 61  # which channels somebody is in, is remembered for a minute
    await say(desk, "alerts", "2 subscriptions", user=LENA)
    await say(desk, "alerts", "1 subscription", user=OMAR)
    seen_by_all = await say(desk, "@conversations alerts", "1 subscription", channel=QUALITY)
    assert "rated" not in str(seen_by_all)
    assert "direct message" in str(seen_by_all["blocks"])
    await desk.open_page("home", OMAR)
    home = await desk.seen(lambda: desk.home(OMAR))
    assert f"<#{QUALITY}>" in str(home)
    assert "rated 1" not in str(home)


async def test_the_same_words_again_change_nothing(desk: Office, clock: Clock) -> None:
    """Neither what was told, nor whether it is paused; however long the words are, others are another."""
    words = "the average call length for Support EN is over 5 minutes in the last"
    await say(desk, "subscribe to failed calls", "I will post")
    first = arrive(desk.dataset, clock)
    await until(clock, lambda: about(desk, first))
    await say(desk, "tell me about every failed call.", "I already post failed calls")
    await say(desk, f"alert me when {words} hour", "I will say")
    await say(desk, f"alert me when {words} day", "I will say")
    await say(desk, f"alert me when {words} hour", "I already say")
    await looks(clock)
    assert len(about(desk, first)) == 1
    await say(desk, "alerts", "2 alerts, 1 subscription")


async def test_it_is_paused_and_deleted_by_words(desk: Office) -> None:
    """By some of its words, all of a kind; what is not clear is asked back with a list."""
    await say(desk, "subscribe to failed calls", "I will post")
    await say(desk, "alert me when the failure rate for Support EN is over 20%", "I will say")
    await say(desk, "alert me when the cost is over $50 in the last day", "I will say")
    await say(desk, 'pause alert "the cost is over $50"', "Paused “the cost is over")
    again = await say(desk, "alert me when the cost is over $50 in the last day", "I already say")
    assert "It is paused" in str(again["blocks"])
    await say(desk, "resume my alerts", "Resumed “the failure rate")
    which = await say(desk, "delete the alert", "2 alerts")
    assert "Choose what is meant" in str(which["blocks"])
    for_a_time = await say(desk, "mute alerts for an hour", "2 alerts")
    assert "Snooze in its menu" in str(for_a_time["blocks"])
    await say(desk, "delete the alert for frobnication", "Nothing that is watched is called so")
    await say(desk, "pause my alerts", "Paused “the cost")
    await say(desk, "delete the subscription for failed calls", "Deleted “failed calls”")
    await say(desk, "stop telling me when the failure rate for Support EN is over 20%", "Deleted")
    await say(desk, "alerts", "1 alert")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subscribe to failed calls yesterday", "leave the time out"),
        ("subscribe to the last 5 failed calls", "leave out how many"),
        ("subscribe to frobnicated calls", "frobnicated"),
        ("alert me when the failure rate is over 20 in the last hour", "20%"),
    ],
)
async def test_what_cannot_be_watched_says_why(desk: Office, text: str, words: str) -> None:
    """And nothing is watched then."""
    await say(desk, text, words)
    await say(desk, "alerts", "Alerts and subscriptions")


async def test_a_report_proposes_its_measure(desk: Office, clock: Clock) -> None:
    """Under a rate the form says when it crosses a bound; a digest is posted on its schedule."""
    await say(desk, "failure rate for Support EN last 30 days", "Failure rate")
    found = await desk.seen(
        lambda: [m for m in desk.messages(desk.dm()) if "tell_me" in str(m.get("blocks"))]
    )
    await desk.press(found[-1], "tell_me", channel=desk.dm())
    view = await desk.seen(lambda: _form(desk))
    assert "the failure rate for Support EN is over 20% in the last hour with at least 10 calls" in str(view)
    assert (await desk.deliveries.submit(ME, view["id"], {})).ok
    await desk.seen(lambda: "Alert when the failure rate for Support EN" in str(desk.home()))
    await desk.command("digest every day 9:00 in #quality-review only if any")
    await desk.seen(lambda: [m for m in desk.whispers() if "Saved as “Digest”" in m["text"]])
    clock.now += 86_400
    (digest,) = await desk.seen(
        lambda: [m for m in desk.messages(QUALITY) if "“Digest”, asked every day" in str(m)]
    )
    assert "<@" not in str(digest)
    await say(desk, "pause my digest", "Paused “Digest”")


async def test_a_success_rate_is_proposed_to_be_told_when_it_is_low(desk: Office) -> None:
    """Nobody is to be told that calls succeed."""
    await say(desk, "success rate last 30 days", "Success rate")
    found = await desk.seen(
        lambda: [m for m in desk.messages(desk.dm()) if "tell_me" in str(m.get("blocks"))]
    )
    await desk.press(found[-1], "tell_me", channel=desk.dm())
    view = await desk.seen(lambda: _form(desk))
    assert "the success rate is under 70% in the last hour with at least 10 calls" in str(view)


async def test_the_form_under_an_answer(desk: Office) -> None:
    """“Tell me when…” is filled with the question; a rule can be typed instead."""
    none = await say(desk, "failed calls longer than 9 hours", "No calls found")
    await desk.press(none, "tell_me", channel=desk.dm())
    view = await desk.seen(lambda: _form(desk))
    assert "'initial_value': 'failed calls longer than 9 hours'" in str(view)
    wrong = await desk.deliveries.submit(ME, view["id"], {"tell": entry("frobnicate")})
    assert set(wrong.errors) == {"tell"}
    rule = "the failure rate is over 20% in the last hour"
    done = await desk.deliveries.submit(ME, view["id"], {"tell": entry(rule)})
    assert done.ok
    await desk.seen(lambda: "Alert when the failure rate is over 20% in the last hour" in str(desk.home()))


async def test_what_is_edited_goes_on(desk: Office, clock: Clock) -> None:
    """It cannot become what is watched already; moved elsewhere, it goes on with what it has told."""
    await say(desk, "subscribe to failed calls", "I will post")
    await say(desk, "tell me about every call rated 1", "I will post calls rated 1")
    first = arrive(desk.dataset, clock)
    await until(clock, lambda: about(desk, first))
    listed = await say(desk, "alerts", "2 subscriptions")
    await desk.press(listed, "watch_menu.1", channel=desk.dm(), pick="Edit")
    view = await desk.seen(lambda: _form(desk))
    assert "'initial_value': 'failed calls'" in str(view)
    same = await desk.deliveries.submit(ME, view["id"], {"tell": entry("calls rated 1")})
    assert "already" in same.errors["tell"]
    chosen = {"channel": {"entry": {"type": "conversations_select", "selected_conversation": QUALITY}}}
    done = await desk.deliveries.submit(ME, view["id"], {"tell": entry("every failed call"), **chosen})
    assert done.ok, done
    second = arrive(desk.dataset, clock)
    await until(clock, lambda: about(desk, second, QUALITY))
    await looks(clock)
    assert [len(about(desk, call, QUALITY)) for call in (first, second)] == [0, 1]
    assert about(desk, second) == []
    mine = await say(desk, "alerts", "2 subscriptions")
    assert "1 call today" in str(mine["blocks"])


def entry(text: str) -> Json:
    """Return the state of a field that somebody typed in."""
    return {"entry": {"type": "plain_text_input", "value": text}}


def _form(desk: Office) -> Json | None:
    views = desk.workspace.views.stack(ME)
    return views[-1] if views and views[-1]["callback_id"] == "tell_view" else None
