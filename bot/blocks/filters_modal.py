"""The Filters modal: a question as a form, and the form read back.

Which fields it has is said by whoever knows the filters. A menu beside its name, as most fields are, may stay
empty without "(optional)" behind the name; Slack shows errors only at an input, so all stand at the period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby

from bot.blocks import actions as act
from bot.blocks.block_elements import context, header, option, section
from bot.blocks.inputs import (
    ENTRY,
    BadFormError,
    MenuChoice,
    chosen_choices,
    date_input,
    entered,
    external_menu,
    input_block,
    menu,
    multi_menu,
    time_input,
    usable,
)
from bot.blocks.limits import Block
from bot.blocks.modal_views import form
from bot.blocks.text import escape, title

PERIOD, SINCE, UNTIL = "time", "since", "until"
_TIME = "time_of_day"
ANY, DAYS = "any", "days"
"""Values of the period besides those that can be asked for: no time, and the days chosen below it."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A filter in the form. Values are the grammar's: what would stand after `key:`, a minus for not."""

    key: str
    """Its block_id."""
    label: str
    group: str
    """The heading that it stands under; fields of a group follow each other."""
    choices: tuple[MenuChoice, ...] = ()
    chosen: tuple[MenuChoice, ...] = ()
    asked_for: str = ""
    """The action_id by which Slack asks for what its menu offers as the person types; "" for `choices`."""
    most: int | None = None
    """How many may be chosen; None for any number."""
    required: bool = False
    """Whether it is a menu in which one is always chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltersForm:
    """What a form holds."""

    fields: tuple[FormField, ...]
    period: str = ANY
    since: datetime | None = None
    """Aware; included."""
    until: datetime | None = None
    """Aware; excluded. A midnight is shown as the day before, whole."""


def filters_modal(
    values: FiltersForm, *, tz: tzinfo, sentence: str = "", metadata: str = ""
) -> dict[str, object]:
    """Build the modal, prefilled. `metadata` becomes private_metadata: nothing personal."""
    blocks: list[Block] = [section(title(sentence))] if sentence else []
    for group, fields in groupby(values.fields, lambda field: field.group):
        blocks.append(header(group))
        for field in fields:
            blocks.append(_field(field, values.period))
            if field.key == PERIOD:
                days = values.period == DAYS
                since, until = _shown_since(values.since, tz), _shown_until(values.until, tz)
                blocks += [
                    context("From"),
                    _moment(SINCE, ("Any day", "Midnight"), since if days else _NOTHING),
                    context("To, included"),
                    _moment(UNTIL, ("Any day", "End of the day"), until if days else _NOTHING),
                ]
    return form(act.FILTERS_VIEW, "Filters", "Show calls", blocks, metadata)


def _field(field: FormField, period: str) -> Block:
    if field.required:
        selected = period if field.key == PERIOD else field.chosen[0].value
        return input_block(field.key, field.label, menu(field.choices, selected), optional=False)
    values = [choice.value for choice in field.chosen]
    if field.asked_for:
        element = external_menu("Any", field.asked_for, field.chosen)
    else:
        element = multi_menu("Any", (*field.chosen, *field.choices), values)
    if field.most is not None:
        element["max_selected_items"] = field.most
    return section(f"*{escape(field.label)}*", element) | {"block_id": field.key}


def _moment(block_id: str, placeholders: tuple[str, str], shown: _Shown) -> Block:
    day = date_input(shown[0], placeholders[0])
    of_day = time_input(shown[1], placeholders[1]) | {"action_id": _TIME}
    return {"type": "actions", "block_id": block_id, "elements": [day, of_day]}


def fitting_options(choices: Sequence[MenuChoice], typed: str) -> dict[str, object]:
    """Build the answer to a block_suggestion: entries that hold every typed word, the best first."""
    words = typed[:100].casefold().split()
    fitting = [choice for choice in choices if all(word in choice.label.casefold() for word in words)]
    start = " ".join(words)
    if start:
        fitting.sort(key=lambda each: (not each.label.casefold().startswith(start), each.label.casefold()))
    return {"options": [option(choice.label, choice.value) for choice in usable(fitting)]}


def read_filters(state: object, *, tz: tzinfo, before: FiltersForm) -> FiltersForm:
    """Read `view.state.values` back. `before` filled the modal: what was not touched stays exactly as it was.

    Days that were changed count more than the period. Raises BadFormError for a time without a day or an end
    before the beginning. The grammar's texts are not judged here.
    """
    days = before.period == DAYS
    shown = (
        _shown_since(before.since, tz) if days else _NOTHING,
        _shown_until(before.until, tz) if days else _NOTHING,
    )
    try:
        picked = (_picked(state, SINCE), _picked(state, UNTIL))
        since = before.since if picked[0] == shown[0] else _start(picked[0], tz)
        until = before.until if picked[1] == shown[1] else _end(picked[1], tz)
    except (ValueError, OverflowError):
        raise BadFormError({PERIOD: "This is not a day I can use. Choose one from the calendar."}) from None
    period = entered(state, PERIOD) or before.period
    if picked != shown:
        period = DAYS
        since, until = (since, until) if days else (_start(picked[0], tz), _end(picked[1], tz))
        if any(of_day and not day for day, of_day in picked):
            raise BadFormError({PERIOD: "A time of day needs a day: choose one, or clear the time."})
        if since is not None and until is not None and since >= until:
            raise BadFormError({PERIOD: "The end is before the beginning. Choose other days."})
    fields = tuple(replace(field, chosen=_chosen(state, field)) for field in before.fields)
    return FiltersForm(fields=fields, period=period, since=since, until=until)


def _chosen(state: object, field: FormField) -> tuple[MenuChoice, ...]:
    if field.required:
        value = entered(state, field.key)
        return (MenuChoice(value, value),) if value else field.chosen
    return chosen_choices(state, field.key, field.asked_for or ENTRY)


_Shown = tuple[date | None, time | None]
_NOTHING: _Shown = (None, None)


def _shown_since(moment: datetime | None, tz: tzinfo) -> _Shown:
    if moment is None:
        return _NOTHING
    local = moment.astimezone(tz)
    return local.date(), None if _midnight(local) else local.time().replace(second=0, microsecond=0)


def _shown_until(moment: datetime | None, tz: tzinfo) -> _Shown:
    if moment is None:
        return _NOTHING
    local = moment.astimezone(tz)
    if _midnight(local) and local.date() > date.min:
        return local.date() - _DAY, None
    return local.date(), local.time().replace(second=0, microsecond=0)


def _midnight(local: datetime) -> bool:
    return local.time() == time.min


def _picked(state: object, block_id: str) -> _Shown:
    day, of_day = entered(state, block_id), entered(state, block_id, _TIME)
    return date.fromisoformat(day) if day else None, time.fromisoformat(of_day) if of_day else None


def _start(picked: _Shown, tz: tzinfo) -> datetime | None:
    return datetime.combine(picked[0], picked[1] or time.min, tz) if picked[0] else None


def _end(picked: _Shown, tz: tzinfo) -> datetime | None:
    if picked[0] is None:
        return None
    return (
        datetime.combine(picked[0], picked[1], tz)
        if picked[1]
        else datetime.combine(picked[0] + _DAY, time.min, tz)
    )
