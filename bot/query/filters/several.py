"""What a call may have several of, such as tools and tags: one value is sent, all are tested here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bot.model import Conversation
from bot.query.filters.base import ChoiceFilter, Params, Words
from bot.query.values import Choice


class Several(ChoiceFilter):
    """A list parameter that does not say what several values mean: one is sent, all are tested here."""

    many = True
    goes_on = True
    form_joins = (" and not ", " and ")
    param: ClassVar[str]
    said_as: ClassVar[str]
    """"that used the tool": stands before the name."""
    said_not: ClassVar[str]

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return what the row has."""
        raise NotImplementedError

    def sendable(self, value: Choice) -> str | None:
        """Return the one value that every matching call must have."""
        return next((group[0] for group in value.groups if len(group) == 1), None)

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Send one value that must be there."""
        del text_search
        one = self.sendable(value)
        return ((self.param, one),) if one else ()

    def local(self, value: Choice, *, text_search: bool) -> bool:
        """Test here unless the API has done all of it."""
        return bool(value.exclude) or value.single is None or not self.params(value, text_search=text_search)

    def keeps(self, value: Choice, row: Conversation) -> bool:
        """Compare what the row has."""
        return self.matches(value, self.facts(row))

    def words(self, value: Choice) -> Words:
        """Say each group, then what is excluded."""
        parts = [f"{self.said_as} {self.said(group)}" for group in value.groups]
        if value.exclude:
            parts.append(f"{self.said_not} {self.said(value.exclude)}")
        return Words(after=" and ".join(parts))

    def _named(self, slots: Mapping[str, object]) -> Choice:
        return self.one(str(next(iter(slots.values()))))
