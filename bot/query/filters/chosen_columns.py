"""Columns besides the usual ones, in a list and its file: what agents collect and are judged by, and more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.model import CHOSEN_BY_ID, CHOSEN_COLUMNS, AgentField
from bot.query.filters.base import NamesFilter, SaidWords, listed, nearest
from bot.query.filters.tools import NO_TOOL, is_technical
from bot.query.phrases import ANYTHING, PhraseSlot, Text
from bot.query.tokens import Item, Kind, bare_or_quoted, word_set
from bot.query.values import Comparison, Comparisons, Keys, Misread
from bot.query.vocabulary import BEFORE_TIME

ALL = "all"
MOST_COLUMNS = 50
"""More do not fit into the address of a request."""
_SAID = 4
"""Columns that a sentence names; of more it says how many."""
_NO_COLUMN = NO_TOOL | BEFORE_TIME | word_set("successful unsuccessful inbound outbound call calls")
_AFTER = BEFORE_TIME | word_set("for about last this today yesterday with and")


def read_columns(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "order_id, csat and “Agent greeted”".

    A plain word after a comma is one only where the list goes on or ends: "columns csat, failed calls".
    """
    names: list[str] = []
    end = at
    while end < len(text):
        token = text.tokens[end]
        plain = token.kind is Kind.WORD and token.word not in _NO_COLUMN
        if names and plain and not (is_technical(token.word) or "." in token.word):
            following = text.tokens[end + 1] if end + 1 < len(text) else None
            plain = following is None or following.text == "," or following.word in _AFTER
        if not (plain or token.kind is Kind.QUOTED):
            break
        names.append(token.name)
        at = end = end + 1
        while end < len(text) and (text.tokens[end].text == "," or text.word(end) == "and"):
            end += 1
        if end == at:
            break
    if names:
        yield Keys(tuple(dict.fromkeys(names))), at


class ChosenColumns(NamesFilter):
    """`data_collection_ids` and `evaluation_criteria_ids`, which add fields to the rows and select none."""

    def read(self, items: Sequence[Item], key: str = "") -> Keys:
        value = super().read(items, key)
        return Keys(()) if value.keys == ("none",) else value

    def words(self, value: Keys) -> SaidWords:
        names = [bare_or_quoted(name) for name in value.keys]
        if len(names) > _SAID:
            names[_SAID - 1 :] = [f"{len(names) - _SAID + 1} more"]
        plural = "s" if len(value.keys) > 1 or value.keys == (ALL,) else ""
        return SaidWords(end=f"with the column{plural} {listed(names, 'and')}")


COLUMNS = ChosenColumns(
    key="columns",
    form="Further columns",
    typed=True,
    aliases=("column", "cols"),
    about="further columns: what agents collect and are judged by, and `success_score`",
    examples=("columns order_id, csat", "columns:data.order_id,eval.greeting", "columns:all"),
    selects=False,
    not_excluded="A column cannot be taken away: name those you want, or say “without columns”.",
    phrases={
        "{}": "[with|add] [the] [further|additional|extra] column|columns {columns}",
        "all": "[with|add] all|every [the] [further|additional|extra] column|columns",
        "none": """
            without|no [the|any] [further|additional|extra] column|columns
            only the usual columns
        """,
    },
    slots={"columns": PhraseSlot(read_columns, ANYTHING)},
)


def look_up(chosen: Keys, known: Sequence[AgentField]) -> tuple[Keys, dict[str, tuple[str, ...]]]:
    """Return the columns by their ids, and the names that stand for none of those `known`, with the nearest.

    Raises Misread on more than can be asked for.
    """
    found: dict[str, None] = {}
    unknown: dict[str, tuple[str, ...]] = {}
    for name in chosen.keys:
        if columns := _named(name, known):
            found |= dict.fromkeys(columns)
        elif name != ALL:
            there = [*CHOSEN_COLUMNS, *(field.column for field in known)]
            unknown[name] = nearest(
                name, there if "." in name else {each.rpartition(".")[2] for each in there}
            )
    if ALL in chosen.keys and not known:
        raise Misread(
            "Nothing is collected or judged in these calls, so there are no further columns to choose."
        )
    if len(found) > MOST_COLUMNS:
        raise Misread(
            f"Those are {len(found)} columns, and ElevenLabs is asked for {MOST_COLUMNS} at once: name the "
            "agent, such as for “Support EN”, or the columns."
        )
    return Keys(tuple(found)), unknown


def with_ids(tests: Comparisons, known: Sequence[AgentField]) -> Comparisons:
    """Return the comparisons with the ids of what is collected, for guessed names that are known."""
    found = []
    for test in tests.tests:
        columns = [each for each in _named(test.name, known) if each.startswith("data.")]
        same = test.guessed and columns
        found.append(replace(test, name=columns[0].partition(".")[2], guessed=False) if same else test)
    return Comparisons(tuple(found))


def not_collected(test: Comparison) -> str:
    """Return why “order_id 1042” is not answered."""
    said = f"data:{bare_or_quoted(test.name)}={bare_or_quoted(test.value)}"
    return f"I do not know that “{test.name}” is collected in these calls: if it is, write {said}."


def by_id(name: str) -> bool:
    """Whether a name says by itself which column it is."""
    kind, _dot, found = name.partition(".")
    return name in CHOSEN_COLUMNS or (bool(found) and kind in CHOSEN_BY_ID)


def _named(name: str, fields: Sequence[AgentField]) -> list[str]:
    if name in CHOSEN_COLUMNS:
        return [name]
    if name == ALL:
        return [field.column for field in fields]
    exact = [field.column for field in fields if name in {field.column, field.column.partition(".")[2]}]
    said = _folded(name)
    return exact or [
        field.column
        for field in fields
        if said in {_folded(field.column), _folded(field.column.partition(".")[2]), _folded(field.name)}
    ]


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.casefold())
