"""Every message stays within Slack's limits, and calls nobody, whatever it is given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import actions as act
from bot.blocks import parts
from bot.blocks.actions import Anchor, Pointer
from bot.blocks.agents import agents_message
from bot.blocks.api_request import api_request_modal
from bot.blocks.choose_agent import choose_agent_message, no_such_agent_message
from bot.blocks.empty import empty_message
from bot.blocks.glance import GlanceView, glance_message
from bot.blocks.help import filters_help_message, help_message
from bot.blocks.list_message import ListView, list_message
from bot.blocks.talk import Example
from bot.blocks.trouble import Trouble, UnknownWord, expired_message, misunderstood_message, trouble_message
from bot.model import Agent
from tests.blocks.checker import check_message, check_view
from tests.blocks.hostile import agents, counts, found, ids, pages, some, texts, times, zones
from tests.laws import law

offered = st.frozensets(
    st.sampled_from(
        [
            act.OPEN_CALL, act.NEWER, act.OLDER, act.FILTERS, act.CSV, act.SHARE, act.SAVE, act.REFRESH,
            act.SHOW_API, act.CANCEL, act.WITHOUT_IDS, act.SEND_ALL, act.RETRY,
        ]
    )
)  # fmt: skip
count = st.builds(parts.Count, counts, st.sampled_from(parts.CountState))
files = st.one_of(
    st.none(),
    st.builds(parts.Waiting, counts),
    st.builds(parts.Preparing, counts, st.none() | counts),
    st.builds(parts.FindingIds, counts, counts),
    st.builds(parts.Uploading, counts),
    st.builds(parts.Cancelled),
    st.builds(parts.FileFailed, texts, some),
    st.builds(
        parts.Sent, counts, st.booleans(), st.none() | counts, st.booleans(), counts, st.booleans(), some
    ),
)
anchors = st.none() | st.builds(Anchor, times, ids, st.none() | times)
pointers = st.builds(Pointer, ids, anchors, some)
examples = st.lists(st.builds(Example, texts, texts), max_size=6)
notes = st.lists(texts, max_size=4)
NOW = 1_794_000_000.0


@given(st.data())
@law(150)
def test_list_message(data: st.DataObject) -> None:
    """A list message of anything is taken by Slack, with and without its table."""
    rows = data.draw(pages)
    view = ListView(
        sentence=data.draw(texts),
        rows=rows,
        ids={row.conversation_id: data.draw(found) for row in rows},
        count=data.draw(count),
        tz=data.draw(zones),
        now=NOW,
        as_of=data.draw(times),
        question_id=data.draw(ids),
        actions=data.draw(offered),
        anchor=data.draw(anchors),
        counting=data.draw(st.booleans()),
        oldest_first=data.draw(st.booleans()),
        file=data.draw(files),
        notes=data.draw(notes),
        share_to=data.draw(st.sampled_from([None, "C0123ABC", "<!channel>"])),
        shared_by=data.draw(st.sampled_from([None, "U0123ABC", "<!channel>"])),
    )
    check_message(list_message(view))


@law(50)
@given(st.data())
def test_glance(data: st.DataObject) -> None:
    """A glance of any rows is taken by Slack."""
    rows = data.draw(pages)
    check_message(
        glance_message(
            GlanceView(
                sentence=data.draw(texts),
                rows=rows,
                ids={row.conversation_id: data.draw(found) for row in rows},
                count=data.draw(count),
                tz=data.draw(zones),
                now=NOW,
                as_of=data.draw(times),
                permalink=data.draw(st.sampled_from([None, "https://x.slack.com/archives/D1/p1?a=1&b=2"])),
                where=data.draw(texts),
                question_id=data.draw(ids),
                actions=data.draw(offered),
                counting=data.draw(st.booleans()),
                notes=data.draw(notes),
            )
        )
    )


@law(50)
@given(examples, st.booleans(), some, st.lists(st.tuples(texts, texts), max_size=60))
def test_help(asked: list[Example], run: bool, greeting: str | None, filters: list[tuple[str, str]]) -> None:
    """Help of any examples and filters is taken by Slack."""
    check_message(help_message(asked, run=run, greeting=greeting))
    check_message(filters_help_message(filters))
    check_message(filters_help_message([(words, meaning, [meaning, words]) for words, meaning in filters]))


@law(50)
@given(st.data())
def test_trouble(data: st.DataObject) -> None:
    """Errors about anything are taken by Slack."""
    check_message(
        trouble_message(
            Trouble(
                headline=data.draw(texts),
                next_step=data.draw(texts),
                reference=data.draw(some),
                sentence=data.draw(some),
                retry=data.draw(st.none() | pointers),
                examples=data.draw(examples),
            )
        )
    )
    unknown = st.builds(UnknownWord, texts, st.lists(texts, max_size=6).map(tuple), some)
    check_message(
        misunderstood_message(
            data.draw(st.lists(unknown, max_size=12)),
            data.draw(notes),
            sentence=data.draw(some),
            examples=data.draw(examples),
            run=data.draw(st.booleans()),
            question_id=data.draw(ids),
        )
    )
    check_message(expired_message(data.draw(some), data.draw(st.none() | pointers)))


@law(50)
@given(st.data())
def test_empty(data: st.DataObject) -> None:
    """An empty answer to anything is taken by Slack."""
    check_message(
        empty_message(
            data.draw(texts),
            tz=data.draw(zones),
            now=NOW,
            as_of=data.draw(times),
            suggestion=data.draw(texts),
            wider=data.draw(examples),
            question_id=data.draw(ids),
            actions_offered=data.draw(offered),
            counting=data.draw(st.booleans()),
            notes=data.draw(notes),
        )
    )


@law(50)
@given(texts, agents, ids, texts)
def test_agents(name: str, known: list[Agent], question_id: str, sentence: str) -> None:
    """Lists and choices of any agents are taken by Slack."""
    check_message(agents_message(known))
    check_message(choose_agent_message(name, known, question_id=question_id, sentence=sentence))
    check_message(no_such_agent_message(name, known, question_id=question_id))


@law(50)
@given(texts, texts, texts, texts, notes)
def test_api_request(sentence: str, endpoint: str, curl: str, python: str, local: list[str]) -> None:
    """Any request, however long, is taken by Slack."""
    check_view(api_request_modal(sentence, endpoint=endpoint, curl=curl, python=python, local=tuple(local)))
