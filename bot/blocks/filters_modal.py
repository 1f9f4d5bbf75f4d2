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
from bot.blocks.block_elements import Block, context, header, option, section
from bot.blocks.modal_views import (
    ENTRY,
    BadFormError,
    MenuChoice,
    chosen_choices,
    date_input,
    entered,
    external_menu,
    form,
    input_block,
    menu,
    multi_menu,
    time_input,
    usable,
)
from bot.blocks.text import escape, title

PERIOD, SINCE, UNTIL = "time", "since", "until"
_TIME = "time_of_day"
ANY, DAYS = "any", "days"
"""Values of the period besides those that can be asked for: no time, and the days chosen below it."""


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
                since, until = _shown_days(values, tz)
                blocks += [context("From"), _moment(SINCE, "Midnight", since)]
                blocks += [context("To, included"), _moment(UNTIL, "End of the day", until)]
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


def _moment(block_id: str, no_time: str, shown: _Shown) -> Block:
    day = date_input(shown[0], "Any day")
    of_day = time_input(shown[1], no_time) | {"action_id": _TIME}
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
    shown = _shown_days(before, tz)
    try:
        picked = (_picked(state, SINCE), _picked(state, UNTIL))
        meant = (_meant(picked[0], tz, days=0), _meant(picked[1], tz, days=1))
    except (ValueError, OverflowError):
        raise BadFormError({PERIOD: "This is not a day I can use. Choose one from the calendar."}) from None
    period = entered(state, PERIOD) or before.period
    since, until = before.since, before.until
    if picked != shown:
        kept = before.period == DAYS
        since = since if kept and picked[0] == shown[0] else meant[0]
        until = until if kept and picked[1] == shown[1] else meant[1]
        period = DAYS
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


def _shown_days(values: FiltersForm, tz: tzinfo) -> tuple[_Shown, _Shown]:
    """Return both bounds as the form shows them, if they are what it asks for."""
    if values.period != DAYS:
        return _NOTHING, _NOTHING
    return _shown(values.since, tz, days=0), _shown(values.until, tz, days=1)


def _shown(moment: datetime | None, tz: tzinfo, *, days: int) -> _Shown:
    """Return a bound as it is shown: a midnight as a whole day, so many before it."""
    if moment is None:
        return _NOTHING
    local = moment.astimezone(tz)
    of_day = local.time().replace(second=0, microsecond=0)
    return (local.date(), of_day) if local.time() != time.min else (local.date() - timedelta(days), None)


def _meant(picked: _Shown, tz: tzinfo, *, days: int) -> datetime | None:
    """Return the bound that was picked: without a time of day a midnight, so many days after it."""
    day, of_day = picked
    if day is None:
        return None
    return datetime.combine(day if of_day else day + timedelta(days), of_day or time.min, tz)


def _picked(state: object, block_id: str) -> _Shown:
    day, of_day = entered(state, block_id), entered(state, block_id, _TIME)
    return date.fromisoformat(day) if day else None, time.fromisoformat(of_day) if of_day else None
