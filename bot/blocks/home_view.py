"""Saved questions: their list and the form that saves one; and App Home, which shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.alert_blocks import WatchedItem, watched_blocks
from bot.blocks.block_elements import (
    Block,
    actions,
    button,
    context,
    divider,
    fit_view,
    header,
    message,
    overflow,
    section,
)
from bot.blocks.data_table import chart_block
from bot.blocks.modal_views import (
    BadFormError,
    MenuChoice,
    channel_select,
    entered,
    form,
    input_block,
    menu,
    text_input,
)
from bot.blocks.notice_messages import COMMAND, EXAMPLES
from bot.blocks.report_message import overall
from bot.blocks.text import capital, channel_link, code, escape, plural, started, title
from bot.model import Message
from bot.report.chart import Chart
from bot.report.report_table import ReportTable

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A saved question."""

    saved_id: str
    name: str
    sentence: str
    schedule: str | None = None
    """When it runs by itself, in words, or None."""
    where: str | None = None
    """Slack id of the channel answered in; None is the direct message."""
    paused: bool = False
    only_if_any: bool = False


def saved_notice(headline_markup: str, detail_markup: str) -> Message:
    """Say what was done with a saved question."""
    return message(headline_markup, [section(headline_markup), context(detail_markup)])


def saved_message(saved: Sequence[Saved]) -> Message:
    """List the saved questions, each with a button that asks it."""
    names = ", ".join(escape(item.name, 60) for item in saved[:_SHOWN])
    count = plural(len(saved), "saved question")
    return message(f"{count}: {names}" if saved else count, [header(count), *saved_blocks(saved)])


def saved_blocks(saved: Sequence[Saved]) -> list[Block]:
    """Show each saved question with what can be done with it; more than twenty are counted, not shown."""
    if not saved:
        return [context(f"None yet. Press Save under an answer, or ask one with {code('save as Name')}.")]
    blocks: list[Block] = []
    for index, item in enumerate(saved[:_SHOWN]):
        lines = [f"*{escape(item.name, 100)}*", escape(capital(item.sentence), 500)]
        if item.schedule:
            only = ", only if any" if item.only_if_any else ""
            lines.append(
                f"{'Paused: ' if item.paused else ''}{escape(item.schedule, 100)}{_where(item.where)}{only}"
            )
        entries = [("Edit", Pointer("", pick=f"{act.SAVED_EDIT}:{item.saved_id}"))]
        if item.schedule:
            what, label = (act.SAVED_RESUME, "Resume") if item.paused else (act.SAVED_PAUSE, "Pause")
            entries.append((label, Pointer("", pick=f"{what}:{item.saved_id}")))
        entries.append(("Delete", Pointer("", pick=f"{act.SAVED_DELETE}:{item.saved_id}")))
        blocks.append(section("\n".join(lines), overflow(numbered(act.SAVED_MENU, index), entries)))
        run = button("Ask now", numbered(act.SAVED_RUN, index), Pointer("", pick=item.saved_id))
        blocks += actions(run)
    rest = len(saved) - _SHOWN
    return [*blocks, context(f"… and {rest} more. Run any of them by its name.")] if rest > 0 else blocks


def _where(channel_id: str | None) -> str:
    if channel_id is None:
        return ", in your direct messages"
    named = channel_link(channel_id)
    return f", in {named}" if named else ""


NAME, QUESTION, SCHEDULE, CHANNEL, ALWAYS = "name", "question", "schedule", "channel", "always"
# The block_ids of the fields.
_NAME_CHARS = 60
_ANY = "any"
_EACH_TIME = (MenuChoice("always", "Each time"), MenuChoice(_ANY, "Only if any call matches"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveForm:
    """How a question is to be kept."""

    name: str = ""
    question: str = ""
    """The question as it is saved; "" in the form that saves a new one."""
    schedule: str = ""
    """When it runs by itself, in words ("every monday 9:00"); "" for never. Not checked here."""
    channel_id: str | None = None
    """Where to answer then; None is the asker's direct message."""
    only_if_any: bool = False


def save_modal(values: SaveForm, *, sentence: str, metadata: str = "") -> dict[str, object]:
    """Build the form that saves a question, or changes a saved one."""
    asked = (
        input_block(
            QUESTION, "Question", text_input(values.question, "failed calls last week"), optional=False
        )
        if values.question
        else section(title(sentence))
    )
    return form(
        act.SAVE_VIEW,
        "Edit" if values.question else "Save this question",
        "Save",
        [
            asked,
            input_block(
                NAME, "Name", text_input(values.name, "Monday failures", most=_NAME_CHARS), optional=False
            ),
            input_block(
                SCHEDULE,
                "Schedule",
                text_input(values.schedule, "mondays 9am", most=100),
                hint="When I ask it for you, in your time zone. Left empty: only when you ask.",
            ),
            input_block(
                CHANNEL,
                "Post to",
                channel_select("My direct messages", values.channel_id),
                hint="Where the scheduled answer goes.",
            ),
            input_block(ALWAYS, "Post it", menu(_EACH_TIME, _ANY if values.only_if_any else "always")),
        ],
        metadata,
    )


def read_save(state: object) -> SaveForm:
    """Read the form back. Raises BadFormError when there is no name."""
    name = " ".join(entered(state, NAME).split())[:_NAME_CHARS]
    if not name:
        raise BadFormError({NAME: "Give it a name, such as Monday failures."})
    return SaveForm(
        name=name,
        question=entered(state, QUESTION),
        schedule=entered(state, SCHEDULE),
        channel_id=entered(state, CHANNEL) or None,
        only_if_any=entered(state, ALWAYS) == _ANY,
    )


_RECENT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A question asked lately."""

    question_id: str
    sentence: str
    asked_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What a time looks like in numbers, beside the time before."""

    time: str
    """ "Today"."""
    table: ReportTable
    chart: Chart | None = None


def home_view(
    *,
    recent: Sequence[Recent],
    saved: Sequence[Saved],
    watched: Sequence[WatchedItem] = (),
    tz: tzinfo,
    now: float,
    numbers: Sequence[Numbers] = (),
    told: str | None = None,
    archived: str | None = None,
) -> dict[str, object]:
    """Build the Home tab. Plain words say what became of a press in it, and what is kept in the database."""
    return _home(
        [
            *_numbers(numbers),
            header("Ask about your conversations"),
            section(
                f"Type {code(COMMAND + ' failed calls since yesterday')} anywhere, or press a question. "
                "The answer comes to your direct messages, with the call ids and a CSV."
            ),
            *actions(
                *(
                    example.button(capital(example.question), act.QUICK, index)
                    for index, example in enumerate(EXAMPLES)
                )
            ),
            *actions(button("Choose filters", act.FILTERS, Pointer(""))),
            *([section(f":white_check_mark: {escape(told, 300)}")] if told else []),
            divider(),
            header("Saved questions"),
            *saved_blocks(saved),
            divider(),
            header("Alerts and subscriptions"),
            *watched_blocks(watched),
            divider(),
            header("Recent questions"),
            *([] if recent else [context("Nothing yet.")]),
            *(
                section(
                    f"{escape(capital(item.sentence), 500)}\n_{started(item.asked_at, tz, now)}_",
                    button("Ask again", numbered(act.RECENT, index), Pointer(item.question_id)),
                )
                for index, item in enumerate(recent[:_RECENT])
            ),
            *([] if archived is None else [divider(), context(f"Archive: {escape(archived, 300)}")]),
        ]
    )


def _numbers(numbers: Sequence[Numbers]) -> list[Block]:
    lines = [
        f"*{each.time}*: {escape(' · '.join(overall(each.table, measure) for measure in each.table.show))}"
        for each in numbers
    ]
    charts = [chart_block(each.chart) for each in numbers if each.chart is not None]
    beside = "Compared with the same part of the day or week before"
    return [section("\n".join(lines)), *charts, context(beside), divider()] if lines else []


def closed_home(words: str) -> dict[str, object]:
    """Build the Home tab of somebody who may not ask: it says so, and shows nothing else."""
    return _home([header("Conversations"), section(escape(words, 900))])


def _home(blocks: Sequence[Block]) -> dict[str, object]:
    return {"type": "home", "callback_id": act.HOME_VIEW, "blocks": fit_view(blocks)}
