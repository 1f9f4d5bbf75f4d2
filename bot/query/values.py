"""The values that a question is made of: what each filter holds. All frozen, hashable, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal


class Misread(Exception):  # noqa: N818 - said to people, no error of the program
    """A value that cannot be: its text is one sentence with the reason and a next step."""


class NotKnown(Exception):  # noqa: N818 - as above
    """A value that is not among the known ones.

    `nearest` are complete replacements; where none is near, `possible` are all there are.
    """

    def __init__(self, nearest: tuple[str, ...] = (), possible: tuple[str, ...] = ()) -> None:
        super().__init__("value not known")
        self.nearest = nearest
        self.possible = possible


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that was not understood, as typed, with the closest known ones."""

    word: str
    nearest: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    """Of a value that is like no known one: all there are, as `key:value`."""


def merged(first: Iterable[Any], second: Iterable[Any] = ()) -> tuple[Any, ...]:
    """Return both without repetition, in one order whatever the order of mention."""
    return tuple(sorted({*first, *second}))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values, or none of some: of words and ids, or of agents.

    `groups`: every group must hold, by any of its members. A fact that a call has once (its language) has at
    most one group; a thing of which it has many (tools, tags) may have several.
    """

    groups: tuple[tuple[Any, ...], ...] = ()
    exclude: tuple[Any, ...] = ()

    @classmethod
    def of(cls, wanted: Iterable[Any], exclude: Iterable[Any] = ()) -> Choice:
        """Return any of some values, and none of others."""
        group = merged(wanted)
        return cls((group,) if group else (), merged(exclude))

    @property
    def wanted(self) -> tuple[Any, ...]:
        """All members of all groups."""
        return tuple(member for group in self.groups for member in group)

    @property
    def single(self) -> Any:
        """The value, if it is exactly one; else None."""
        return self.wanted[0] if len(self.wanted) == 1 else None


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `low` to `high`, both included; `outside` turns it round."""

    low: int | None = None
    high: int | None = None
    outside: bool = False
    missing: bool = False
    """There is no value at all (a call nobody rated)."""
    skipped: tuple[int, ...] = ()
    """Numbers between that are not meant: of "1 or 5" three."""


@dataclass(frozen=True, slots=True, order=True)
class AgentRef:
    """An agent as asked for: by name until it is looked up, then by id too."""

    name: str = ""
    id: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or self.id


@dataclass(frozen=True, slots=True, order=True)
class Comparison:
    """`name` compared with `value` by the API's operator: eq, neq, gt, gte, lt, lte, in (pipe-delimited)."""

    name: str
    op: str
    value: str
    guessed: bool = field(default=False, compare=False)
    """The name was found without “data:”: whether such data is collected must be looked up."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Comparisons that must all hold."""

    tests: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Words to look for in what was said: any of these."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """How many rows at most; None is "all of them, without asking again"."""

    rows: int | None


@dataclass(frozen=True, slots=True)
class Order:
    """Which rows come first, or which groups of a report."""

    by: str = "newest"
    """newest, oldest, a key of RANKINGS, or (of groups) lowest."""


@dataclass(frozen=True, slots=True)
class Span:
    """Start times from `since` (included) to `until` (excluded), Unix seconds.

    The zone is how it is said, not what it means: it takes no part in comparisons.
    """

    since: int | None
    until: int | None
    zone: tzinfo = field(default=UTC, compare=False)
    clocked: frozenset[int] = field(default=frozenset(), compare=False)
    """Those of the two that were read off a clock ("7 days ago"): nobody said their seconds."""

    def at(self, unix: int) -> datetime:
        """Return a moment in the asker's zone."""
        return datetime.fromtimestamp(unix, self.zone)


@dataclass(frozen=True, slots=True)
class Keys:
    """Names in order: the measures of a report, its groups, or the columns besides the usual ones.

    A column is `data.<id>`, `eval.<id>` or one of CHOSEN_COLUMNS; before they are looked up, also a name.
    """

    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What a report is compared with: another span, or (None) the time before its own."""

    span: Span | None = None
    said: tuple[object, ...] = ()
    """The span as constraints, while the text is still being read."""
    unit: str = ""
    """Of "week over week": the time that is meant if no other is named, "this week"."""
    vague: bool = False
    """Only "compare" or "versus" was said: the values of a filter may be meant."""
    better: bool = False
    """Of “better than”: success is compared where nothing else is named."""
    count: int = 0
    """How many days, weeks or the like the time before was said to have."""


@dataclass(frozen=True, slots=True)
class Also:
    """What one phrase says to several filters: "first 10 calls" limits and turns the order round."""

    values: tuple[tuple[str, Value], ...]


Value = Choice | Range | Comparisons | Texts | Limit | Order | Span | Keys | Compared | tuple[object, ...]
"""What a filter holds; the tuple is what time holds while a text is still being read."""


# --- numbers that are asked for ---

SHAPE = ("show", "by", "compare")
"""The filters that make a question one for numbers."""


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """What of the calls is shown: names of measures and of groups."""

    show: tuple[str, ...]
    by: tuple[str, ...] = ()
    compare: Literal["previous"] | Span | None = None


def report_of(values: Mapping[str, Value]) -> ReportQuestion | None:
    """Return the report that some values ask for; None if they ask for a list or a count."""
    show, by, compare = (values.get(key) for key in SHAPE)
    if show is None and by is None and compare is None:
        return None
    return ReportQuestion(
        show.keys if isinstance(show, Keys) else ("calls",),
        by.keys if isinstance(by, Keys) else (),
        (compare.span or "previous") if isinstance(compare, Compared) else None,
    )
