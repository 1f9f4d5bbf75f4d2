"""The Filters modal: a question as a form, and the form read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from bot.blocks import actions as act
from bot.blocks.block_elements import option, section
from bot.blocks.call_words import channel
from bot.blocks.inputs import (
    BadFormError,
    MenuChoice,
    chosen,
    chosen_choices,
    date_input,
    entered,
    external_menu,
    input_block,
    menu,
    multi_menu,
    shown_text,
    text_input,
    time_input,
    usable,
)
from bot.blocks.limits import Block
from bot.blocks.modal_views import form
from bot.blocks.text import title
from bot.model import Agent

AGENTS = "agents"
RESULT = "result"
SINCE, SINCE_TIME = "since", "since_time"
UNTIL, UNTIL_TIME = "until", "until_time"
DURATION, RATING, TEXT, TOOL = "duration", "rating", "text", "tool"
DIRECTION, SOURCE, LANGUAGE, ORDER = "direction", "source", "language", "order"
# Each is the block_id of its field: what an error is reported by (`inputs.form_errors`).
_NEWEST, _OLDEST = "newest", "oldest"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltersForm:
    """A question as plain values. Texts and values are the grammar's: what would stand after `key:`."""

    agents: tuple[MenuChoice, ...] = ()
    """value: agent id, or a grammar value such as `-Sales`; label: what people call it."""
    result: tuple[str, ...] = ()
    since: datetime | None = None
    """Aware; included."""
    until: datetime | None = None
    """Aware; excluded. A midnight is shown as the day before, whole."""
    duration: str = ""
    rating: str = ""
    text: str = ""
    tool: str = ""
    direction: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    oldest_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltersMenus:
    """What the menus offer; the grammar may know more words."""

    results: Sequence[MenuChoice] = (
        MenuChoice("success", "Successful"),
        MenuChoice("failure", "Failed"),
        MenuChoice("unknown", "Unknown"),
    )
    directions: Sequence[MenuChoice] = (MenuChoice("inbound", "Inbound"), MenuChoice("outbound", "Outbound"))
    sources: Sequence[MenuChoice] = tuple(
        MenuChoice(value, channel(value))
        for value in (
            "twilio", "sip_trunk", "exotel", "widget", "whatsapp", "genesys", "avaya", "audiocodes",
            "js_sdk", "react_sdk", "python_sdk", "swift_sdk",
        )
    )  # fmt: skip
    languages: Sequence[MenuChoice] = (
        MenuChoice("en", "English"),
        MenuChoice("de", "German"),
        MenuChoice("fr", "French"),
        MenuChoice("es", "Spanish"),
        MenuChoice("it", "Italian"),
        MenuChoice("pt", "Portuguese"),
        MenuChoice("nl", "Dutch"),
        MenuChoice("pl", "Polish"),
        MenuChoice("tr", "Turkish"),
        MenuChoice("ar", "Arabic"),
        MenuChoice("hi", "Hindi"),
        MenuChoice("ja", "Japanese"),
        MenuChoice("zh", "Chinese"),
    )


MENUS = FiltersMenus()


def filters_modal(
    values: FiltersForm, *, tz: tzinfo, sentence: str = "", metadata: str = "", menus: FiltersMenus = MENUS
) -> dict[str, object]:
    """Build the modal, prefilled. `metadata` becomes private_metadata: nothing personal."""
    since, until = _shown_since(values.since, tz), _shown_until(values.until, tz)
    blocks: list[Block] = [
        *([section(title(sentence))] if sentence else []),
        input_block(AGENTS, "Agents", external_menu("Any agent", act.AGENT_MENU, values.agents)),
        input_block(RESULT, "Result", multi_menu("Any result", menus.results, values.result)),
        input_block(SINCE, "From", date_input(since[0])),
        input_block(SINCE_TIME, "From, time of day", time_input(since[1]), hint="Left empty: from midnight."),
        input_block(UNTIL, "To, included", date_input(until[0])),
        input_block(UNTIL_TIME, "To, time of day", time_input(until[1]), hint="Left empty: the whole day."),
        input_block(DURATION, "Length", text_input(values.duration, "over 5 minutes, 30s to 2m or >60")),
        input_block(RATING, "Rating", text_input(values.rating, "2 or less, 4-5 or none")),
        input_block(TEXT, "Words said", text_input(values.text, "refund")),
        input_block(DIRECTION, "Direction", multi_menu("Any direction", menus.directions, values.direction)),
        input_block(SOURCE, "Channel", multi_menu("Any channel", menus.sources, values.source)),
        input_block(LANGUAGE, "Language", multi_menu("Any language", menus.languages, values.language)),
        input_block(TOOL, "Tool used", text_input(values.tool, "the tool's name")),
        input_block(
            ORDER,
            "Order",
            menu(
                (MenuChoice(_NEWEST, "Newest first"), MenuChoice(_OLDEST, "Oldest first")),
                _OLDEST if values.oldest_first else _NEWEST,
            ),
            optional=False,
        ),
    ]
    return form(act.FILTERS_VIEW, "Filters", "Show calls", blocks, metadata)


def agent_options(agents: Sequence[Agent], typed: str) -> dict[str, object]:
    """Build the answer to a block_suggestion of AGENT_MENU: names that hold every typed word, best first."""
    words = typed[:100].casefold().split()
    fitting = [agent for agent in agents if all(word in agent.name.casefold() for word in words)]
    start = " ".join(words)
    fitting.sort(key=lambda agent: (not agent.name.casefold().startswith(start), agent.name.casefold()))
    choices = usable(MenuChoice(agent.agent_id, agent.name or agent.agent_id) for agent in fitting)
    return {"options": [option(choice.label, choice.value) for choice in choices]}


def read_filters(state: object, *, tz: tzinfo, before: FiltersForm) -> FiltersForm:
    """Read `view.state.values` back. `before` filled the modal: what was not touched stays exactly as it was.

    Raises BadFormError for a time without a day or an end before the beginning. The grammar's texts are not
    judged here.
    """
    errors: dict[str, str] = {}
    since = _Bound(SINCE, SINCE_TIME, before.since, _shown_since(before.since, tz)).read(state, tz, errors)
    until = _Bound(UNTIL, UNTIL_TIME, before.until, _shown_until(before.until, tz)).read(state, tz, errors)
    if not errors and since is not None and until is not None and since >= until:
        errors[UNTIL] = "This is before the beginning. Choose a later day, or an earlier one above."
    if errors:
        raise BadFormError(errors)
    return FiltersForm(
        agents=chosen_choices(state, AGENTS, act.AGENT_MENU),
        result=chosen(state, RESULT),
        since=since,
        until=until,
        duration=_typed(state, DURATION, before.duration),
        rating=_typed(state, RATING, before.rating),
        text=_typed(state, TEXT, before.text),
        tool=_typed(state, TOOL, before.tool),
        direction=chosen(state, DIRECTION),
        source=chosen(state, SOURCE),
        language=chosen(state, LANGUAGE),
        oldest_first=entered(state, ORDER) == _OLDEST,
    )


def _typed(state: object, block_id: str, before: str) -> str:
    typed = entered(state, block_id)
    return before if typed == shown_text(before) else typed


_Shown = tuple[date | None, time | None]


def _shown_since(moment: datetime | None, tz: tzinfo) -> _Shown:
    if moment is None:
        return None, None
    local = moment.astimezone(tz)
    return local.date(), None if _midnight(local) else local.time().replace(second=0, microsecond=0)


def _shown_until(moment: datetime | None, tz: tzinfo) -> _Shown:
    if moment is None:
        return None, None
    local = moment.astimezone(tz)
    if _midnight(local) and local.date() > date.min:
        return local.date() - _DAY, None
    return local.date(), local.time().replace(second=0, microsecond=0)


def _midnight(local: datetime) -> bool:
    return local.time() == time.min


@dataclass(frozen=True, slots=True)
class _Bound:
    """One end of the time: its two fields, what it was, and how that was shown."""

    day_id: str
    time_id: str
    exact: datetime | None
    shown: _Shown

    def read(self, state: object, tz: tzinfo, errors: dict[str, str]) -> datetime | None:
        day_text, time_text = entered(state, self.day_id), entered(state, self.time_id)
        if not day_text:
            if time_text:
                errors[self.day_id] = "A time of day needs a day: choose one, or clear the time."
            return None
        try:
            picked = date.fromisoformat(day_text), time.fromisoformat(time_text) if time_text else None
            if picked == self.shown:
                return self.exact
            if picked[1] is None and self.day_id == UNTIL:
                return datetime.combine(picked[0] + _DAY, time.min, tz)
            return datetime.combine(picked[0], picked[1] or time.min, tz)
        except (ValueError, OverflowError):
            errors[self.day_id] = "This is not a day I can use. Choose one from the calendar."
            return None
