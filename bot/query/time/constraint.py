"""Phrases of time, and what several of them mean together.

Semantics, also said in the sentence of every answer:
- `since X` begins with X (included); `until X` ends after X when X is a day or longer ("until friday"
  includes Friday), and at X when it is a moment; `before X` ends where X begins; `after X` begins where it
  ends.
- A named period (today, last week, in october) has both ends; "last 7 days" has a beginning only.
- Several phrases must all hold; a time of day belongs to the one day named, else to today.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.query.time.calendar import Period
from bot.query.time.when import When, within
from bot.query.time.zones import SaidZone
from bot.query.values import Misread


class Role(Enum):
    """What a phrase does with its date."""

    SINCE = "since"
    AFTER = "after"
    UNTIL = "until"
    BEFORE = "before"
    WITHIN = "within"
    RANGE = "range"
    EITHER = "either"
    ZONE = "zone"
    """Only says in which zone the other times are."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One phrase of time."""

    role: Role
    when: When
    to: When | None = None
    """The other end of a range."""
    others: tuple[When, ...] = ()
    """Further stretches joined to the first: "monday and tuesday"."""

    zone: SaidZone | None = None

    @property
    def of_day(self) -> bool:
        """Whether it only says a time of day."""
        return self.when.of_day


def in_zone(zone: SaidZone) -> Constraint:
    """Return that all times are said in a zone."""
    return Constraint(Role.ZONE, When(lambda clock, _after: Period(clock.unix, None), of_day=True), zone=zone)


def joined(first: Constraint, second: Constraint) -> Constraint:
    """Return "monday and tuesday", "yesterday or today" as one. Raises Misread when they cannot be."""
    roles = {first.role, second.role}
    if first.of_day or second.of_day or not roles <= {Role.WITHIN, Role.EITHER}:
        raise Misread("Two separate times cannot be joined with “or”: ask for one span that covers both.")
    whens = (first.when, *first.others, second.when, *second.others)
    stretch = next((when.inside for when in whens if when.inside), None)
    if stretch is not None:  # "monday and tuesday last week"
        whens = tuple(within(when, stretch) if when.once_in == stretch.unit else when for when in whens)
    return Constraint(Role.EITHER, whens[0], others=whens[1:])


def alike(first: Constraint, second: Constraint) -> bool:
    """Whether two are of one kind, so that a comma makes a list of them: "monday, tuesday"."""
    last = first.others[-1] if first.others else first.when
    kinds = [(when.once_in, when.unit, when.one_day, when.pinned, when.spans) for when in (last, second.when)]
    return {first.role, second.role} <= {Role.WITHIN, Role.EITHER} and kinds[0] == kinds[1]
