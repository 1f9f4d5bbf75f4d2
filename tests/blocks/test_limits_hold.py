"""Every message stays within Slack's limits, and calls nobody, whatever it is given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import actions as act
from bot.blocks import list_message as fp
from bot.blocks.actions import Pointer
from bot.blocks.block_elements import button
from bot.blocks.data_table import AGENT, ENDED, RESULT
from bot.blocks.list_message import ListView, empty_message, glance_message
from bot.blocks.modal_views import api_request_modal
from bot.blocks.notice_messages import (
    Example,
    UnknownWord,
    agents_message,
    choose_agent_message,
    expired_message,
    filters_help_message,
    help_message,
    misunderstood_message,
    no_such_agent_message,
    trouble_message,
)
from bot.model import Agent
from tests.blocks.checker import check_message, check_view
from tests.blocks.hostile import agents, counts, found, ids, pages, some, texts, times, zones
from tests.laws import law

offered = st.frozensets(
    st.sampled_from(
        [
            act.OPEN_CALL, act.FILTERS, act.CSV, act.SHARE, act.SAVE, act.REFRESH,
            act.SHOW_API, act.CANCEL, act.WITHOUT_IDS, act.SEND_ALL, act.RETRY,
        ]
    )
)  # fmt: skip
besides = st.builds(fp.Beside, of=st.none() | counts, before=st.none() | counts)
outcomes = st.builds(
    fp.Outcome,
    total=counts,
    final=st.booleans(),
    as_of=times,
    beside=besides,
    file_rows=st.none() | counts,
    earlier=texts,
    ids_failed=counts,
    without_ids=st.booleans(),
    elsewhere=some,
    failed=st.none() | st.builds(fp.Failed, words=texts, reference=some),
    omissions=st.builds(fp.Omissions, unplaced=counts, undecided=counts, unread=counts),
)
readings = st.none() | st.builds(fp.ReadSoFar, counts, st.none() | counts)
files = st.sampled_from(["", fp.FILE_FOLLOWS, fp.FILE_CANCELLED])
pointers = st.builds(Pointer, ids, pick=some)
examples = st.lists(st.builds(Example, texts, texts), max_size=6)
notes = st.lists(texts, max_size=4)
NOW = 1_794_000_000.0


@st.composite
def views(draw: st.DrawFn) -> ListView:
    """Draw an answer of anything."""
    rows = draw(pages)
    return ListView(
        sentence=draw(texts),
        rows=rows,
        ids={row.conversation_id: draw(found) for row in rows},
        outcome=draw(outcomes),
        reading=draw(readings),
        tz=draw(zones),
        question_id=draw(ids),
        actions=draw(offered),
        counting=draw(st.booleans()),
        first=draw(st.sampled_from(["newest", "oldest"])),
        wider=draw(examples),
        constant=draw(st.frozensets(st.sampled_from([AGENT, RESULT, ENDED]))),
        chosen=draw(st.lists(st.sampled_from(["success_score", "data.order", "eval.solved"]), unique=True)),
        file=draw(files),
        notes=draw(notes),
        shared_note=draw(st.text(max_size=600)),
        shared_by=draw(st.sampled_from([None, "U0123ABC", "<!channel>"])),
    )


@law(80)
@given(views(), st.sampled_from([None, "https://x.slack.com/archives/D1/p1?a=1&b=2"]), st.booleans())
def test_list(view: ListView, permalink: str | None, file_follows: bool) -> None:
    """A list of anything is taken by Slack: its message, its glance and, with no rows, what is said then."""
    check_message(view.message(NOW))
    check_message(glance_message(view, NOW, permalink=permalink, file_follows=file_follows))
    check_message(empty_message(view, NOW))


@law(30)
@given(texts, st.lists(st.tuples(texts, texts), max_size=60))
def test_help(greeting: str, filters: list[tuple[str, str]]) -> None:
    """Help with any greeting and filters is taken by Slack."""
    check_message(help_message(greeting))
    check_message(filters_help_message({greeting: filters}))
    check_message(
        filters_help_message({"When": [(words, meaning, [meaning, words]) for words, meaning in filters]})
    )


@law(30)
@given(st.data())
def test_trouble(data: st.DataObject) -> None:
    """Errors about anything are taken by Slack."""
    check_message(
        trouble_message(
            data.draw(texts),
            data.draw(texts),
            reference=data.draw(some),
            again=button(data.draw(texts), act.RETRY, data.draw(pointers)),
        )
    )
    unknown = st.builds(UnknownWord, texts, st.lists(texts, max_size=6).map(tuple), some)
    check_message(
        misunderstood_message(
            data.draw(st.lists(unknown, max_size=12)),
            data.draw(notes),
            sentence=data.draw(some),
            question_id=data.draw(ids),
        )
    )
    check_message(expired_message(data.draw(some), data.draw(st.none() | pointers)))


@law(30)
@given(texts, agents, ids, texts)
def test_agents(name: str, known: list[Agent], question_id: str, sentence: str) -> None:
    """Lists and choices of any agents are taken by Slack."""
    check_message(agents_message(known))
    check_message(choose_agent_message(name, known, question_id=question_id, sentence=sentence))
    check_message(no_such_agent_message(name, known, question_id=question_id))


@law(30)
@given(texts, texts, texts, texts, notes)
def test_api_request(sentence: str, endpoint: str, curl: str, python: str, local: list[str]) -> None:
    """Any request, however long, is taken by Slack."""
    check_view(api_request_modal(sentence, endpoint=endpoint, curl=curl, python=python, local=tuple(local)))
