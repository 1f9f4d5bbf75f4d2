"""What has been read goes into the draft here: with the “not” and the “or” that stood before it."""

from __future__ import annotations

from typing import cast

from bot.query.grammar import Found
from bot.query.parsed import Draft
from bot.query.values import Also, Misread, Value


class Taker:
    """Takes in one filter after the other; a “not” or “or” waits for what follows it."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.joiner = ""
        self.negation = ""
        self.last_key = ""
        self.last_negated = False

    def drop_negation(self) -> None:
        """Name a "not" that nothing followed."""
        if self.negation:
            self.draft.not_understood(self.negation, ())
            self.negation = ""

    def add(self, key: str, value: object, *, negated: bool = False) -> None:
        """Take in one filter's value."""
        joiner = self.joiner if self.last_key == key else ""
        carried = bool(self.negation) or (bool(joiner) and self.last_negated)  # "not german or french"
        if self.joiner == "or" and self.last_key and self.last_key != key:
            self.draft.problem(
                Misread(
                    "“or” joins values of one filter, such as “failed or unknown”, not different filters: "
                    "ask the two questions one after the other."
                )
            )
        self.draft.add(key, cast("Value", value), joiner, negated=negated or carried)
        self.negation = ""
        self.joiner = ""
        self.last_key = key
        self.last_negated = carried

    def take(self, found: Found) -> int:
        """Take in what a phrase says."""
        if found.problem is not None:
            self.draft.problem(found.problem)
            self.negation = self.joiner = ""
        elif isinstance(found.value, Also):
            for key, value in found.value.values:
                self.add(key, value)
        else:
            self.add(found.key, found.value)
        return found.end
