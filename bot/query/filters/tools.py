"""Tools that were used in a call, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.query.filters.base import Filter
from bot.query.filters.choices import ChoiceFilter
from bot.query.phrases import Text
from bot.query.tokens import Item, Kind, item_text, word_set
from bot.query.values import Choice, Misread
from bot.query.vocabulary import JOINERS, NEGATIONS, STOP


def read_tool(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a tool's name: quoted, or one word that says nothing about tools themselves."""
    token = text.tokens[at] if at < len(text) else None
    if token is not None and token.kind is Kind.QUOTED:
        yield item_text(token.items[0]), at + 1
    elif token is not None and token.kind is Kind.WORD and token.word not in NO_TOOL:
        yield token.text, at + 1


def read_technical(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name that can only be a tool's: one with an underscore."""
    for name, end in read_tool(text, at):
        if is_technical(text.word(at)):
            yield name, end


def is_technical(word: str) -> bool:
    return "_" in word.strip("_")


NO_TOOL = (
    STOP
    | NEGATIONS
    | JOINERS.keys()
    | word_set("""
    today yesterday since until last tool tools error errors failure failures failed fails fail failing
    most least often
    errored broke crashed succeeded worked use used using usage called german english french spanish
    """)
)
"""Words after "tool" that are not its name."""


def ask_which_tool(key: str) -> Callable[[Mapping[str, object]], Choice]:
    """Return what answers a tool that is not named."""

    def make(_slots: Mapping[str, object]) -> Choice:
        raise Misread(
            "Which tool? ElevenLabs finds calls only by a tool's own name: "
            f"write {key}:NAME, such as {key}:lookup_order."
        )

    return make


class ToolOutcome(ChoiceFilter):
    """Tools by how their call went: the rows do not say, so one name is all that can be asked."""

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        if old != new:
            raise self._one_only()
        return super().merge(old, new, joiner)

    def read(self, items: Sequence[Item], key: str = "") -> Choice:
        value = super().read(items, key)
        if value.single is None:
            raise self._one_only()
        return value

    def negate(self, value: Choice) -> Choice:
        return Filter.negate(self, value)

    def _one_only(self) -> Misread:
        return Misread(
            f"“{self.key}” takes one tool at a time: ElevenLabs does not say which of several failed."
        )
