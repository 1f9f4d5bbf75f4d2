"""Use cases over fake ports: what is said and changed, without Slack, ElevenLabs or a database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec

from bot.answers.answer import (
    LIST,
    SAVED_GONE,
    UNDERSTAND,
    Answer,
    Click,
    Request,
    Services,
    Shown,
    Understood,
)
from bot.answers.clicks import CLICKS, QUESTION_CLICKS, serve_click
from bot.answers.ports import Address, Asker, Mark, Posted, Reply
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.model import Message, SavedQuestion
from bot.store.durable import Checkpoints, Step

POSTED = Posted(channel_id="D1", ts="1.0")
SAVED = SavedQuestion(
    saved_id="s1", team_id="T1", user_id="U1", name="A", name_key="a", texts=("x",), tz="UTC"
)


@dataclass
class Office:
    """Every port, and what was done through it."""

    done: list[tuple[str, object]] = field(default_factory=list)
    saved_questions: list[SavedQuestion] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    earlier: dict[str, object] = field(default_factory=dict)
    """What an earlier process recorded."""
    mark: Mark | None = None
    answer_id = "a1"
    resumed = False

    def __getattr__(self, name: str) -> Any:
        """Stand for every port of `Services` that has nothing to tell."""
        if name in {"saved", "questions", "people", "tabs", "meter", "exports", "replies"}:
            return self
        raise AttributeError(name)

    # a reply

    def marked(self, mark: Mark) -> Office:
        self.mark = mark
        return self

    async def update(self, posted: Posted, _message: Message) -> None:
        self.done.append(("update", posted))

    async def fail(self, message: Message) -> None:
        self.done.append(("fail", message.text))

    # checkpoints

    async def run(self, step: Step[Any], work: Callable[[bool], Awaitable[Any]]) -> Any:
        self.steps.append(step.name)
        return self.earlier[step.name] if step.name in self.earlier else await work(step is LIST)

    async def recorded(self, step: Step[Any]) -> Any:
        return self.earlier.get(step.name)

    # the services

    def step(self, _name: str, _seconds: float) -> None:
        """Take the time of a step."""

    def clock(self) -> float:
        return 100.0

    async def asker(self, _address: Address) -> Asker:
        return Asker(refused="not here")

    async def home(self, user_id: str, _view: object) -> None:
        self.done.append(("home", user_id))

    async def press(self, _question_id: str, *, cancel: bool, user_id: str) -> bool:
        self.done.append((f"press by {user_id}", cancel))
        return False

    async def of(self, _user_id: str) -> list[SavedQuestion]:
        return self.saved_questions

    async def get(self, wanted: str, *, user_id: str = "") -> SavedQuestion | None:
        return next((s for s in self.saved_questions if (s.saved_id, s.user_id) == (wanted, user_id)), None)

    async def delete(self, saved: SavedQuestion) -> None:
        self.saved_questions.remove(saved)


def click(office: Office, action_id: str, pointer: Pointer) -> Answer:
    """Return the answer to a click in a direct message."""
    return Answer(
        services=cast("Services", office),
        reply=cast("Reply", office),
        steps=cast("Checkpoints", office),
        request=Request(
            answer_id="a1",
            kind="click",
            asked_at=90.0,
            address=Address(team_id="T1", user_id="U1", channel_id="D1"),
            click=Click(action_id=action_id, value=act.encode(pointer), posted=POSTED),
        ),
    )


def menu(what: str) -> Pointer:
    """Return what a saved question's menu carries."""
    return Pointer("", pick=f"{what}:{SAVED.saved_id}")


async def test_a_step_marks_what_it_posts() -> None:
    """The work of a step gets a reply with its mark, which says whether to look for an earlier post."""
    office = Office()

    async def show(answer: Answer) -> Shown:
        await answer.reply.fail(Message(text="hello"))
        return Shown(posted=POSTED)

    assert await click(office, act.REFRESH, Pointer("q")).run(LIST, show) == Shown(posted=POSTED)
    assert office.mark is not None
    assert (office.mark.step, office.mark.look, office.mark.since) == (LIST.name, True, 90.0)
    assert [office.mark.part("message") for _ in range(2)] == ["list", "list 2"]


async def test_a_saved_question_is_deleted_where_its_menu_says_so() -> None:
    """Home and the pressed message show what is left."""
    office = Office(saved_questions=[SAVED])
    await serve_click(click(office, act.SAVED_MENU, menu(act.SAVED_DELETE)))
    assert office.saved_questions == []
    assert office.done == [("home", "U1"), ("update", POSTED)]


async def test_a_saved_question_that_is_gone_is_answered_only_if_that_was_begun() -> None:
    """It may have been deleted since an earlier process read it."""
    office = Office()
    await serve_click(click(office, act.SAVED_RUN, Pointer("", pick=SAVED.saved_id)))
    assert office.steps == [SAVED_GONE.name]
    office = Office(earlier={UNDERSTAND.name: Understood(question_id=None)})
    await serve_click(click(office, act.SAVED_RUN, Pointer("", pick=SAVED.saved_id)))
    assert (office.steps, office.done) == ([UNDERSTAND.name], [])


async def test_nobody_deletes_what_is_another_persons() -> None:
    """It is as if it were gone."""
    office = Office(saved_questions=[msgspec.structs.replace(SAVED, user_id="U2")])
    await serve_click(click(office, act.SAVED_MENU, menu(act.SAVED_DELETE)))
    assert len(office.saved_questions) == 1
    assert office.steps[-1] == SAVED_GONE.name
    assert office.done[-1][0] == "fail"


def test_a_click_is_served_in_one_way() -> None:
    """No action is in both tables."""
    assert CLICKS.keys().isdisjoint(QUESTION_CLICKS)
