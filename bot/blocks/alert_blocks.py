"""What the bot says by itself: calls of a subscription, news of an alert, and the list of what is watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.block_elements import (
    actions,
    button,
    context,
    header,
    link_button,
    option,
    overflow,
    plain,
    section,
    select,
    value_of,
)
from bot.blocks.call_message import headline
from bot.blocks.call_words import result
from bot.blocks.chart_block import chart_block
from bot.blocks.data_table import Cell, data_table
from bot.blocks.inputs import BadFormError, channel_select, entered, input_block, text_input
from bot.blocks.limits import Block, message
from bot.blocks.modal_views import form
from bot.blocks.text import (
    capital,
    channel_link,
    code,
    escape,
    length,
    one_line,
    open_url,
    plural,
    spoken,
    started,
)
from bot.model import Call, Conversation, Message
from bot.report.chart import Chart

SNOOZES = (("1 hour", 3600), ("today", 0), ("a week", 7 * 86_400))
"""For how long an alert can be silenced; 0 is until the day ends."""
_SHOWN = 20
_MARKS = {"firing": ":rotating_light:", "reminder": ":rotating_light:", "resolved": ":white_check_mark:"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedItem:
    """A subscription or an alert in a list."""

    saved_id: str
    said: str
    """What it watches, in words."""
    alert: bool
    standing: str
    """How it stands, plain words."""
    owner: str
    where: str | None = None
    """Slack id of the channel; None is the owner's direct message."""
    paused: bool = False


def day_message(said: str, count: int, day: str, saved_id: str, notes: Sequence[str] = ()) -> Message:
    """Head a subscription's day: how many calls, which follow in its thread."""
    words = f"*{escape(capital(said), 600)}*: {plural(count, 'call')} on {day}"
    below = " · ".join(escape(each, 300) for each in (*notes, "Each is in the thread."))
    return message(words, [section(words, _menu(saved_id, 0, alert=False)), context(below)])


def told_call(call: Call, *, tz: tzinfo, now: float) -> Message:
    """Tell one call: title, agent, length, why, and what opens it."""
    failed = [f"{each.criteria_id}: {each.rationale}" for each in call.criteria if each.result == "failure"]
    why = next(iter(failed), None) or call.error or call.transcript_summary or ""
    facts = " · ".join(
        [
            escape(call.agent_name or call.agent_id, 80),
            started(call.start_time_unix_secs, tz, now),
            spoken(call.call_duration_secs) if call.final else "not finished yet",
            escape(result(call.status, call.call_successful), 40),
            *([escape(call.termination_reason, 120)] if call.termination_reason else []),
        ]
    )
    title = f"*{escape(headline(call), 300)}*"
    lines = [title, facts, *([escape(one_line(why[:600]), 500)] if why else [])]
    url = open_url(call.conversation_id, call.site)
    pointer = Pointer("", pick=call.conversation_id)
    opens: Block = {
        "type": "button",
        "text": plain("Open", 75),
        "action_id": act.OPEN_CALL,
        "value": call.conversation_id,
    }
    buttons = actions(
        opens if url else None,
        button("Audio", act.AUDIO_FILE, pointer) if call.has_audio else None,
        link_button("ElevenLabs", act.OPEN_LINK, url) if url else None,
    )
    return message(f"{title} {facts}", [section("\n".join(lines)), *buttons])


def told_table(rows: Sequence[Conversation], *, total: int, tz: tzinfo, now: float) -> Message:
    """Tell several calls at once as a table."""
    cells = [
        (
            Cell(started(row.start_time_unix_secs, tz, now), row.start_time_unix_secs),
            Cell(row.agent_name or row.agent_id),
            Cell(length(row.call_duration_secs), row.call_duration_secs),
            Cell(result(row.status, row.call_successful)),
            Cell(row.call_summary_title),
            Cell(row.termination_reason),
            Cell(row.conversation_id, is_id=True, url=open_url(row.conversation_id, row.site)),
        )
        for row in rows
    ]
    head = ("Started", "Agent", "Length", "Result", "Title", "Ended because", "Conversation id")
    table = data_table("Calls", head, cells)
    words = f"*{plural(total, 'more call')}*"
    options = [
        option(one_line(row.call_summary_title or "") or row.conversation_id, row.conversation_id)
        for row in rows
    ]
    opens = actions(select("Open a call", act.OPEN_CALL, options))
    first, *plainer = ([section(words), *form, *opens] for form in table.forms())
    return message(words, first, *plainer)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """News of an alert. Words are plain."""

    news: str
    finding: str
    """The number and what it is compared with."""
    said: str
    notes: Sequence[str] = ()
    saved_id: str = ""
    calls_question: str = ""
    """Asks for the calls behind it."""
    chart: Chart | None = None


def alert_message(view: AlertView) -> Message:
    """Say that an alert began, goes on or ended."""
    words = f"{_MARKS.get(view.news, ':grey_question:')} *{escape(capital(view.finding), 600)}*"
    snooze = _snooze(view.saved_id) if view.news != "resolved" else None
    calls = button("Show calls", act.RUN_EXAMPLE, Pointer("", pick=view.calls_question))
    top = section(words, _menu(view.saved_id, 0, alert=True))
    below = [
        context(" · ".join(escape(each, 300) for each in (f"When {view.said}", *view.notes))),
        *actions(calls, snooze),
    ]
    charts = ([chart_block(view.chart)], []) if view.chart is not None else ([],)
    first, *plainer = ([top, *chart, *below] for chart in charts)
    return message(words, first, *plainer)


def watched_message(items: Sequence[WatchedItem]) -> Message:
    """List what is watched."""
    alerts = sum(item.alert for item in items)
    words = f"{plural(alerts, 'alert')}, {plural(len(items) - alerts, 'subscription')}"
    return message(words, [header(words), *watched_blocks(items)])


def watched_blocks(items: Sequence[WatchedItem]) -> list[Block]:
    """Show each with how it stands and what can be done with it."""
    if not items:
        example = code("alert me when the failure rate is over 20% in the last hour")
        return [context(f"None yet. Say {code('subscribe to failed calls')} or {example}.")]
    blocks = []
    for index, item in enumerate(items[:_SHOWN]):
        where = channel_link(item.where) or "direct messages"
        kind = "Alert when" if item.alert else "Posts"
        below = f"{escape(capital(item.standing), 300)} · {where} · by <@{item.owner}>"
        lines = f"*{kind} {escape(item.said, 500)}*\n{below}"
        blocks.append(section(lines, _menu(item.saved_id, index, alert=item.alert, paused=item.paused)))
    rest = len(items) - _SHOWN
    return [*blocks, context(f"… and {rest} more.")] if rest > 0 else blocks


def _menu(saved_id: str, index: int, *, alert: bool, paused: bool = False) -> Block | None:
    entries = [
        ("Resume", act.SAVED_RESUME) if paused else ("Pause", act.SAVED_PAUSE),
        ("Edit", act.SAVED_EDIT),
    ]
    if alert and not paused:
        entries.insert(0, ("Snooze for 1 hour", f"{act.SNOOZE}-3600"))
    entries.append(("Delete", act.SAVED_DELETE))
    picks = [(label, Pointer("", pick=f"{what}:{saved_id}")) for label, what in entries]
    return overflow(numbered(act.WATCH_MENU, index), picks)


def _snooze(saved_id: str) -> Block | None:
    options = [
        option(f"Snooze for {label}" if seconds else "Snooze for today", value)
        for label, seconds in SNOOZES
        if (value := value_of(Pointer("", pick=f"{act.SNOOZE}-{seconds}:{saved_id}"), 150)) is not None
    ]
    return select("Snooze", numbered(act.WATCH_MENU, 99), options)


def day_words(moment: float, tz: tzinfo) -> str:
    """Name a day as people say it: "Monday 30 November"."""
    local = datetime.fromtimestamp(moment, tz)
    return f"{local:%A} {local.day} {local:%B}"


TELL, CHANNEL = "tell", "channel"
# The block_ids of the form's fields.


@dataclass(frozen=True, slots=True)
class TellForm:
    """What is to be told, in words, and where."""

    words: str
    channel_id: str | None = None


def tell_modal(values: TellForm, metadata: str) -> dict[str, object]:
    """Build the form that makes a subscription or an alert, or changes one."""
    hint = (
        "Calls, such as: every failed call for Support EN. "
        "Or a measure: the failure rate is over 20% in the last hour."
    )
    return form(
        act.TELL_VIEW,
        "Tell me when…",
        "Save",
        [
            input_block(
                TELL, "Tell me about", text_input(values.words, "failed calls"), hint=hint, optional=False
            ),
            input_block(CHANNEL, "Tell it in", channel_select("My direct messages", values.channel_id)),
        ],
        metadata,
    )


def read_tell(state: object) -> TellForm:
    """Read the form back. Raises BadFormError."""
    words = entered(state, TELL)
    if not words:
        raise BadFormError({TELL: "Say what to tell, such as failed calls."})
    return TellForm(words, entered(state, CHANNEL) or None)
