"""What is saved and watched, as lists and forms; and what the bot posts about what is watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered, value_of
from bot.blocks.block_elements import (
    BUTTON_CHARS,
    OPTION_VALUE_CHARS,
    Block,
    actions,
    button,
    context,
    header,
    link_button,
    message,
    option,
    overflow,
    plain,
    section,
    select,
)
from bot.blocks.call_message import headline
from bot.blocks.data_table import Cell, call_options, call_table, chart_block, data_table
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
from bot.blocks.text import (
    capital,
    channel_link,
    clean,
    code,
    escape,
    open_url,
    plural,
    result,
    said_texts,
    spoken,
    started,
    title,
)
from bot.model import Call, Conversation, Message, SavedQuestion
from bot.report.chart import Chart

SNOOZES = (("for 1 hour", 3600), ("for today", 0), ("for a week", 7 * 86_400))
"""How long an alert can be silenced; 0 is until the day ends."""
_SHOWN, _SHOWN_IN_HOME = 40, 20
_WAITING = 20
_MARKS = {"firing": ":rotating_light:", "reminder": ":rotating_light:", "resolved": ":white_check_mark:"}
_NO_IDS = frozenset({"Call id"})
"""The table of calls comes at once: nobody looks for what is not known."""


# --- what is saved ---


def saved_notice(headline_markup: str, detail_markup: str) -> Message:
    return message(headline_markup, [section(headline_markup), context(detail_markup)])


def saved_message(saved: Sequence[SavedQuestion]) -> Message:
    """List the saved questions, each with a button that asks it."""
    names = ", ".join(escape(item.name, 60) for item in saved[:_SHOWN_IN_HOME])
    count = plural(len(saved), "saved question")
    return message(f"{count}: {names}" if saved else count, [header(count), *saved_blocks(saved)])


def saved_blocks(saved: Sequence[SavedQuestion]) -> list[Block]:
    """Show each saved question with what can be done with it; more than twenty are counted, not shown."""
    if not saved:
        return [context(f"None yet. Press Save under an answer, or ask one with {code('save as Name')}.")]
    blocks: list[Block] = []
    for index, item in enumerate(saved[:_SHOWN_IN_HOME]):
        lines = [f"*{escape(item.name, 100)}*", escape(capital(said_texts(item.texts)), 500)]
        if item.schedule:
            paused, only = "Paused: " if item.paused else "", ", only if any" if item.only_if_any else ""
            lines.append(f"{paused}{escape(item.schedule, 100)}{_where(item.channel_id)}{only}")
        running = [act.SAVED_RESUME if item.paused else act.SAVED_PAUSE] if item.schedule else []
        entries = _menu(act.SAVED_MENU, item.saved_id, index, act.SAVED_EDIT, *running, act.SAVED_DELETE)
        blocks.append(section("\n".join(lines), entries))
        run = button("Ask now", numbered(act.SAVED_RUN, index), Pointer("", pick=item.saved_id))
        blocks += actions(run)
    rest = len(saved) - _SHOWN_IN_HOME
    return [*blocks, context(f"… and {rest} more. Run any of them by its name.")] if rest > 0 else blocks


def _where(channel_id: str | None) -> str:
    if channel_id is None:
        return ", in your direct messages"
    named = channel_link(channel_id)
    return f", in {named}" if named else ""


# --- what is watched ---


@dataclass(frozen=True, slots=True)
class WatchedItem:
    saved: SavedQuestion
    said: str
    """What it watches, in words."""
    standing: str
    """How it stands, plain words."""


def day_message(said: str, count: int, day: str, saved_id: str, notes: Sequence[str] = ()) -> Message:
    """Head a subscription's day: how many calls, which follow in its thread."""
    words = f"*{escape(capital(said), 600)}*: {plural(count, 'call')} on {day}"
    below = _line(*notes, "Each is in the thread.")
    return message(words, [section(words, _watch_menu(saved_id)), below])


def _line(*words: str) -> Block:
    return context(" · ".join(escape(each, 300) for each in words))


def told_call(call: Call, *, tz: tzinfo, now: float) -> Message:
    failed = [f"{each.criteria_id}: {each.rationale}" for each in call.criteria if each.result == "failure"]
    why = clean((next(iter(failed), None) or call.error or call.transcript_summary or "")[:600])
    facts = (
        escape(call.agent_name or call.agent_id, 80),
        started(call.start_time_unix_secs, tz, now),
        spoken(call.call_duration_secs) if call.final else "not finished yet",
        escape(result(call.status, call.call_successful), 40),
        escape(call.termination_reason, 120),
    )
    lines = [f"*{escape(headline(call), 300)}*", " · ".join(filter(None, facts)), escape(why, 500)]
    url = open_url(call.conversation_id, call.site)
    opens = {"type": "button", "text": plain("Open", BUTTON_CHARS), "action_id": act.OPEN_CALL}
    audio = button("Audio", act.AUDIO_FILE, Pointer("", pick=call.conversation_id))
    buttons = actions(
        {**opens, "value": call.conversation_id} if url else None,
        audio if call.has_audio else None,
        link_button("ElevenLabs", act.OPEN_LINK, url) if url else None,
    )
    return message(" ".join(lines[:2]), [section("\n".join(filter(None, lines))), *buttons])


def told_table(rows: Sequence[Conversation], *, total: int, tz: tzinfo, now: float) -> Message:
    words = f"*{plural(total, 'more call')}*"
    opens = actions(select("Open a call", act.OPEN_CALL, call_options(rows, tz, now)))
    forms = call_table(rows, {}, tz, now, constant=_NO_IDS).forms()
    return message(words, *([section(words), *form, *opens] for form in forms))


def waiting_message(most: int, waiting: Sequence[str]) -> Message:
    words = (
        f"*That is {plural(most, 'message')} here within an hour.* What follows waits, and comes together:"
    )
    lines = [f"• {escape(each, 200)}" for each in waiting[:_WAITING]]
    if len(waiting) > _WAITING:
        lines.append(f"… and {len(waiting) - _WAITING} more.")
    return message(words, [section("\n".join([words, *lines]))])


def alert_message(
    news: str,
    finding: str,
    *,
    said: str,
    saved_id: str,
    calls_question: str,
    notes: Sequence[str] = (),
    chart: Chart | None = None,
) -> Message:
    """Say that an alert began, goes on or ended. `calls_question` asks for the calls behind it."""
    words = f"{_MARKS.get(news, ':grey_question:')} *{escape(capital(finding), 600)}*"
    calls = button("Show calls", act.RUN_EXAMPLE, Pointer("", pick=calls_question))
    options = [
        option(f"Snooze {label}", value)
        for label, seconds in SNOOZES
        if (value := value_of(_pick(f"{act.SNOOZE}-{seconds}", saved_id), OPTION_VALUE_CHARS))
    ]
    snooze = None if news == "resolved" else select("Snooze", numbered(act.WATCH_MENU, 99), options)
    top = section(words, _watch_menu(saved_id, alert=True))
    below = [_line(f"When {said}", *notes), *actions(calls, snooze)]
    if chart is None:
        return message(words, [top, *below])
    return message(words, [top, chart_block(chart), *below], [top, *below])


def watched_message(items: Sequence[WatchedItem], *, hidden: int = 0, note: str = "") -> Message:
    """List what is watched; `hidden` are others that the reader may not see."""
    alerts = sum(item.saved.kind == "alert" for item in items)
    counts = [(alerts, "alert"), (len(items) - alerts, "subscription")]
    words = ", ".join(plural(count, what) for count, what in counts if count) or "Alerts and subscriptions"
    top = [header(words), *([_line(note)] if note else []), *watched_blocks(items, _SHOWN)]
    rest = [[Cell(capital(each.said)), Cell(capital(each.standing))] for each in items[_SHOWN:]]
    others = f"{hidden} more: other people's own, or of channels that I do not see you in."
    bottom = [*([_line('To change one of these, name it: pause alert "…".')] if rest else [])]
    bottom += [_line(others)] if hidden else []
    forms = data_table("More", ("What", "Standing"), rest).forms()
    return message(words, *([*top, *form, *bottom] for form in forms))


def watched_blocks(items: Sequence[WatchedItem], most: int = _SHOWN_IN_HOME) -> list[Block]:
    """Show the first with how each stands and what can be done with it."""
    if not items:
        example = code("alert me when the failure rate is over 20% in the last hour")
        return [context(f"None yet. Say {code('subscribe to failed calls')} or {example}.")]
    blocks = []
    for index, item in enumerate(items[:most]):
        saved, alert = item.saved, item.saved.kind == "alert"
        where = channel_link(saved.channel_id) or "direct messages"
        kind = "Alert when" if alert else "Posts"
        below = f"{escape(capital(item.standing), 300)} · {where} · by <@{saved.user_id}>"
        lines = f"*{kind} {escape(item.said, 500)}*\n{below}"
        blocks.append(section(lines, _watch_menu(saved.saved_id, index, alert=alert, paused=saved.paused)))
    rest = len(items) - most
    more = [context(f"… and {rest} more: say {code('alerts')}.")] if rest > 0 and most < _SHOWN else []
    return [*blocks, *more]


_LABELS = {
    f"{act.SNOOZE}-3600": "Snooze for 1 hour",
    act.SAVED_RESUME: "Resume",
    act.SAVED_PAUSE: "Pause",
    act.SAVED_EDIT: "Edit",
    act.SAVED_DELETE: "Delete",
}


def _menu(action_id: str, saved_id: str, index: int, *entries: str) -> Block | None:
    return overflow(numbered(action_id, index), [(_LABELS[what], _pick(what, saved_id)) for what in entries])


def _watch_menu(saved_id: str, index: int = 0, *, alert: bool = False, paused: bool = False) -> Block | None:
    snooze = [f"{act.SNOOZE}-3600"] if alert and not paused else []
    running = act.SAVED_RESUME if paused else act.SAVED_PAUSE
    return _menu(act.WATCH_MENU, saved_id, index, *snooze, running, act.SAVED_EDIT, act.SAVED_DELETE)


def _pick(what: str, saved_id: str) -> Pointer:
    return Pointer("", pick=f"{what}:{saved_id}")


# --- the forms ---

NAME, QUESTION, SCHEDULE, CHANNEL, ALWAYS = "name", "question", "schedule", "channel", "always"
TELL = "tell"
# The block_ids of the fields.
_NAME_CHARS = 60
_ANY = "any"
_EACH_TIME = (MenuChoice("always", "Each time"), MenuChoice(_ANY, "Only if any call matches"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveForm:
    name: str = ""
    question: str = ""
    """The question as it is saved; "" in the form that saves a new one."""
    schedule: str = ""
    """When it runs by itself, in words ("every monday 9:00"); "" for never. Not checked here."""
    channel_id: str | None = None
    """Where to answer then; None is the asker's direct message."""
    only_if_any: bool = False


def save_modal(values: SaveForm, *, sentence: str, metadata: str = "") -> dict[str, object]:
    question = text_input(values.question, "failed calls last week")
    name = text_input(values.name, "Monday failures", most=_NAME_CHARS)
    schedule = text_input(values.schedule, "mondays 9am", most=100)
    when = "When I ask it for you, in your time zone. Left empty: only when you ask."
    channel = channel_select("My direct messages", values.channel_id)
    always = menu(_EACH_TIME, _ANY if values.only_if_any else "always")
    blocks = [
        input_block(QUESTION, "Question", question, optional=False)
        if values.question
        else section(title(sentence)),
        input_block(NAME, "Name", name, optional=False),
        input_block(SCHEDULE, "Schedule", schedule, hint=when),
        input_block(CHANNEL, "Post to", channel, hint="Where the scheduled answer goes."),
        input_block(ALWAYS, "Post it", always),
    ]
    heading = "Edit" if values.question else "Save this question"
    return form(act.SAVE_VIEW, heading, "Save", blocks, metadata)


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


def tell_modal(words: str, channel_id: str | None, metadata: str) -> dict[str, object]:
    hint = (
        "Calls, such as: every failed call for Support EN. "
        "Or a measure: the failure rate is over 20% in the last hour."
    )
    told, channel = text_input(words, "failed calls"), channel_select("My direct messages", channel_id)
    inputs = [
        input_block(TELL, "Tell me about", told, hint=hint, optional=False),
        input_block(CHANNEL, "Tell it in", channel),
    ]
    return form(act.TELL_VIEW, "Tell me when…", "Save", inputs, metadata)


def read_tell(state: object) -> tuple[str, str | None]:
    """Read back what is to be told, and where. Raises BadFormError."""
    words = entered(state, TELL)
    if not words:
        raise BadFormError({TELL: "Say what to tell, such as failed calls."})
    return words, entered(state, CHANNEL) or None
