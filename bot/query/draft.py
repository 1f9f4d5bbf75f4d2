"""What has been read of a text so far: values of filters, words not understood, what cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.query.call_ids import CallRef
from bot.query.filters import BY_KEY
from bot.query.time.calendar import Clock
from bot.query.values import Misread, Value

DIFFERENT_FILTERS = (
    "“or” joins values of one filter, such as “failed or unknown”, not different filters: "
    "ask the two questions one after the other."
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that was not understood, as typed, with the closest known ones."""

    word: str
    nearest: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    """Of a value that is like no known one: all there are, as `key:value`."""


@dataclass
class Draft:
    """What has been read so far."""

    clock: Clock
    values: dict[str, Value] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ids: list[CallRef] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    """Filters that the text says are no longer wanted."""
    corrected: list[tuple[str, str]] = field(default_factory=list)
    """Words with a typing error, as typed and as read."""
    contrasts: list[tuple[str, str, Value]] = field(default_factory=list)
    """“instead of failed”: the words, the filter, and what is not wanted of it."""

    def problem(self, problem: Misread | str) -> None:
        """Note what cannot be, once."""
        if str(problem) not in self.problems:
            self.problems.append(str(problem))

    def take(self, key: str, new: Value) -> None:
        """Take in a value beside what the filter holds."""
        old = self.values.get(key)
        try:
            self.values[key] = new if old is None else BY_KEY[key].merge(old, new, "")
        except Misread as problem:
            self.problem(problem)

    def settled(self) -> dict[str, Value]:
        """Return the values once all is read."""
        settled: dict[str, Value] = {}
        for key, value in self.values.items():
            try:
                final = BY_KEY[key].settle(value, self.clock)
            except Misread as problem:
                self.problem(problem)
                continue
            if final is not None:
                settled[key] = final
        return settled

    def check_contrasts(self) -> None:
        """Name an “instead of” where nothing else of its filter is asked for."""
        for words, key, value in self.contrasts:
            if self.values.get(key, value) == value:
                said = f"{words} {BY_KEY[key].readable(value)}"
                self.problem(
                    f"“{said}” leaves open what is wanted: name it too, such as “successful {words} failed”."
                )
