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

from bot.query.times.when import When
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


@dataclass(frozen=True, slots=True)
class Constraint:
    """One phrase of time."""

    role: Role
    when: When
    to: When | None = None
    """The other end of a range."""
    others: tuple[When, ...] = ()
    """Further stretches joined to the first: "monday and tuesday"."""

    @property
    def of_day(self) -> bool:
        """Whether it only says a time of day."""
        return self.when.of_day


def joined(first: Constraint, second: Constraint) -> Constraint:
    """Return "monday and tuesday", "yesterday or today" as one. Raises Misread when they cannot be."""
    roles = {first.role, second.role}
    if first.of_day or second.of_day or not roles <= {Role.WITHIN, Role.EITHER}:
        raise Misread("Two separate times cannot be joined with “or”: ask for one span that covers both.")
    return Constraint(Role.EITHER, first.when, others=(*first.others, second.when, *second.others))
