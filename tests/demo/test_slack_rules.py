"""Laws of the workspace itself: composing, threads, ids, visibility."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.slack import SlackError, sample, sample_workspace
from bot.demo.slack.composer import compose
from bot.demo.slack.methods import METHODS, MethodCall
from tests.laws import law

WORKSPACE = sample_workspace(clock=lambda: 1_795_000_000.0)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("plain", "plain"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("hi @Lena Fischer!", f"hi <@{sample.LENA}>!"),
        ("hi @lena", f"hi <@{sample.LENA}>"),
        ("me@lena.org", "<mailto:me@lena.org|me@lena.org>"),
        ("about acme.com", "about <http://acme.com|acme.com>"),
        ("Is it ACME.co.uk/a?b=1&c=2?", "Is it <http://ACME.co.uk/a?b=1&amp;c=2|ACME.co.uk/a?b=1&amp;c=2>?"),
        ("for Booking.com.", "for <http://Booking.com|Booking.com>."),
        ("Node.js v2.1 e.g. 10.0.0.1 acme.com_x", "Node.js v2.1 e.g. 10.0.0.1 acme.com_x"),
        ("x@10.0.0.1 a@b.invalid", "x@10.0.0.1 a@b.invalid"),
        ("`acme.com @lena` and ```\nme@lena.org\n```", "`acme.com @lena` and ```\nme@lena.org\n```"),
        ("`acme.com", "`<http://acme.com|acme.com>"),
        ("@nobody", "@nobody"),
        (f"<@{sample.OMAR}>", f"<@{sample.OMAR}>"),
        ("see #general.", f"see <#{sample.GENERAL}|general>."),
        ("(https://a.b/c?d=1&e=2)", "(<https://a.b/c?d=1&amp;e=2>)"),
        ("<!channel>", "&lt;!channel&gt;"),
    ],
)
def test_composing(typed: str, stored: str) -> None:
    """What is typed becomes what Slack stores."""
    assert compose(WORKSPACE, typed)[0] == stored


@given(st.text() | st.text("a.com:/@`&<> \n"))
def test_composing_loses_nothing(typed: str) -> None:
    """Text without names comes back from its entities and links, and nothing typed can call a channel."""
    stored, blocks = compose(WORKSPACE, typed)
    if not re.search(r"[@#<]", typed):
        unlinked = re.sub(r"<(?:[^<>|]*\|)?([^<>]*)>", r"\1", stored)
        assert unlinked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == typed
    assert "<!" not in stored
    assert bool(blocks) is bool(typed)


steps = st.lists(st.tuples(st.sampled_from(["post", "reply", "delete"]), st.integers(0, 30)), max_size=40)


@given(steps)
def test_threads_count_right(plan: list[tuple[str, int]]) -> None:
    """After any posts, replies and deletions, each first message counts exactly its replies."""
    workspace = sample_workspace(clock=lambda: 1_795_000_000.0)
    messages, channel = workspace.messages, sample.QUALITY
    for what, which in plan:
        there = list(messages.all(channel))
        if what == "post" or not there:
            messages.post(channel, {"user": sample.ME, "text": "x"})
        elif what == "reply":
            messages.post(
                channel, {"user": sample.ME, "text": "x"}, thread_ts=there[which % len(there)]["ts"]
            )
        else:
            messages.delete(channel, there[which % len(there)]["ts"])
    everything = list(messages.all(channel))
    for message in everything:
        replies = [m for m in everything if m.get("thread_ts") == message["ts"] and m is not message]
        assert messages.thread(channel, message["ts"])[1:] == replies
        assert message.get("reply_count", 0) == len(replies)
        assert message.get("latest_reply") == (replies[-1]["ts"] if replies else None)
    shown = len(messages.top_level(channel))
    assert shown + sum(m.get("reply_count", 0) for m in everything) == len(everything)


def test_people_speak_where_they_are() -> None:
    """The bot sees no private channel it is not in; joining opens it."""
    workspace = sample_workspace(clock=lambda: 1_795_000_000.0)
    with pytest.raises(SlackError, match="channel_not_found"):
        workspace.visible(sample.LEADS)
    workspace.join(workspace.channels[sample.LEADS], workspace.app.bot_user_id)
    assert workspace.postable("#leads").id == sample.LEADS
    with pytest.raises(SlackError, match="not_in_channel"):
        workspace.postable("general")
    workspace.app.scopes = (*workspace.app.scopes, "chat:write.public")
    assert workspace.postable("general").id == sample.GENERAL


def test_a_status_ends_with_the_reply() -> None:
    """The app's next reply in the thread clears its status."""
    workspace = sample_workspace(clock=lambda: 1_795_000_000.0)
    heard: list[str] = []
    workspace.changes.listen(lambda c: heard.append(c.data["status"]) if c.kind == "status" else None)
    dm = workspace.dm(sample.ME).id
    root = workspace.messages.post(dm, {"user": sample.ME, "text": "q"})
    workspace.set_status(dm, root["ts"], "is looking")
    workspace.messages.post(dm, {**workspace.bot_author(), "text": "a"}, thread_ts=root["ts"])
    workspace.messages.post(dm, {**workspace.bot_author(), "text": "b"}, thread_ts=root["ts"])
    assert heard == ["is looking", ""]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "id", "text", "blocks", "event_type"]), inner, max_size=3)
    ),
    max_leaves=8,
)
known = st.sampled_from(
    [sample.QUALITY, sample.LEADS, sample.ME, sample.STRANGER, "#general", "modal", "home", "1.000001", "5"]
)
names = """
channel channel_id channels user users user_id text blocks metadata thread_ts ts files file filename length
limit cursor oldest latest view view_id trigger_id hash prompts status name timestamp types usergroup
message_ts attachments markdown_text reply_broadcast include_all_metadata external_id return_im
"""
argument_names = st.sampled_from(names.split())


@law(120)
@given(
    method=st.sampled_from(sorted(METHODS)),
    args=st.dictionaries(argument_names, known | json_values, max_size=6),
)
def test_any_call_gets_an_answer(method: str, args: dict[str, object]) -> None:
    """Whatever the arguments, a method answers or refuses in Slack's way; it never breaks."""
    workspace = sample_workspace(clock=lambda: 1.0)
    said = {**workspace.bot_author(), "text": "x"}
    root = workspace.messages.post(sample.QUALITY, said)
    workspace.messages.post(sample.QUALITY, said, thread_ts=root["ts"])
    usual: dict[str, object] = {"channel": sample.QUALITY, "channel_id": sample.QUALITY, "user": sample.ME}
    usual |= {"ts": root["ts"], "message_ts": root["ts"], "text": "x"}
    call = MethodCall(workspace, usual | args, "http://localhost", lambda work: work.close())
    with contextlib.suppress(SlackError):
        assert isinstance(METHODS[method].run(call), dict)
