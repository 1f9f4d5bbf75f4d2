"""What was collected, judged and passed along (data, eval, var), and the columns that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from bot.model import CHOSEN_BY_ID, CHOSEN_COLUMNS, AgentField, Conversation
from bot.query.filters.base import Filter, Params, SaidWords, Write, nearest
from bot.query.filters.choices import ChoiceFilter, by_word
from bot.query.filters.tools import is_technical
from bot.query.numbers import looks_like_phone
from bot.query.phrases import PhraseSlot, Text
from bot.query.tokens import Item, Kind, Token, bare_or_quoted, clean_value, item_text
from bot.query.values import Choice, Comparison, Comparisons, Keys, Misread, NotKnown, merged
from bot.query.vocabulary import STOP

_OPERATORS = {
    "eq": ("=", "is", "neq"),
    "neq": ("!=", "is not", "eq"),
    "gt": (">", "is over", "lte"),
    "gte": (">=", "is at least", "lt"),
    "lt": ("<", "is below", "gte"),
    "lte": ("<=", "is at most", "gt"),
    "in": ("=", "is one of", ""),
}
"""The API's operators: how they are typed and said, and which turns them round."""
COMPARING = frozenset(sign for sign, _said, _opposite in _OPERATORS.values())
"""Signs between a name and its value, as words."""
_BY_SIGN = {"≥": "gte", "≤": "lte", ":": "eq"} | {
    sign: op for op, (sign, _said, opposite) in _OPERATORS.items() if opposite
}
_SPLIT = re.compile("|".join(sorted(_BY_SIGN, key=len, reverse=True)))
_NUMERIC = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?")


def split_test(item: Item) -> tuple[str, str | None, str]:
    """Split `name=value` at its first operator outside quotes; the operator is None for a name alone."""
    name = ""
    for number, part in enumerate(item):
        match = None if part.quoted else _SPLIT.search(part.text)
        if match:
            rest = part.text[match.end() :] + "".join(p.text for p in item[number + 1 :])
            name += part.text[: match.start()]
            return clean_value(name), _BY_SIGN[match.group()], clean_value(rest)
        name += part.text
    return clean_value(name), None, ""


@dataclass(frozen=True, kw_only=True, eq=False)
class ComparisonsFilter(Filter[Comparisons]):
    """Comparisons that the API makes: `name:op:value`, repeated."""

    form_joins: tuple[str, ...] = (" and ",)
    spaced: bool = True
    what: str
    """What a name is one of: “where the collected order_id is 123”."""

    def read(self, items: Sequence[Item], key: str = "") -> Comparisons:  # noqa: ARG002
        """Read `name=value`, `name!=value`, `name>5`, `name=a,b` (any of these), `name` (has a value)."""
        tests: list[Comparison] = []
        for item in items:
            name, op, value = split_test(item)
            if op is None and tests and tests[-1].op in {"eq", "in"} and tests[-1].value:
                tests[-1] = self.any_of(tests[-1], name)
            else:
                tests.append(self.test(name, op or "neq", value))
        if not tests:
            raise Misread(f"“{self.key}:” needs a name and a value, such as {self.examples[0]}.")
        return Comparisons(merged(tests))

    def test(self, name: str, op: str, value: str) -> Comparison:
        """Return one comparison. Raises Misread when the API cannot express it."""
        if not name:
            raise Misread(f"“{self.key}:” needs a name before the sign, such as {self.examples[0]}.")
        if ":" in name:
            raise Misread(f"ElevenLabs cannot filter by a name with a colon in it: “{name}”. Leave it out.")
        if op in {"gt", "gte", "lt", "lte"} and not _NUMERIC.fullmatch(value):
            given = f", not with “{value[:60]}”" if value else ""
            raise Misread(
                f"“{name}” can only be compared with a number{given}: "
                f"write for example {self.key}:{name}>100."
            )
        return Comparison(name, op, value)

    def any_of(self, test: Comparison, value: str) -> Comparison:
        """Return the comparison with one more value allowed."""
        if "|" in value or (test.op == "eq" and "|" in test.value):
            raise Misread(
                "ElevenLabs cannot filter by several values if one has a “|” in it: ask for one value."
            )
        return Comparison(test.name, "in", "|".join(sorted({*test.value.split("|"), value})))

    def merge(self, old: Comparisons, new: Comparisons, joiner: str) -> Comparisons:
        """All must hold."""
        if joiner == "or":
            raise Misread(f"Two “{self.key}” filters cannot be joined with “or”: ask for one at a time.")
        tests = merged(old.tests, new.tests)
        for test, rival in permutations(tests, 2):
            if test.name == rival.name and test.op == rival.op == "eq":
                raise Misread(
                    f"“{test.name}” cannot be both “{test.value}” and “{rival.value}”: "
                    f"write {self.key}:{test.name}={test.value},{rival.value} for either."
                )
        return Comparisons(tests)

    def negate(self, value: Comparisons) -> Comparisons:
        """Turn each comparison round; not one of several is none of them."""
        if len(value.tests) > 1:
            raise Misread(f"Exclude one “{self.key}” at a time: write a minus before each.")
        test = value.tests[0]
        if test.op == "in":
            return Comparisons(tuple(Comparison(test.name, "neq", v) for v in test.value.split("|")))
        return Comparisons((replace(test, op=_OPERATORS[test.op][2]),))

    def params(self, value: Comparisons) -> Params:
        return tuple((self.parameter, f"{t.name}:{t.op}:{t.value}") for t in value.tests)

    def words(self, value: Comparisons) -> SaidWords:
        return SaidWords(after="where " + " and ".join(self.say(t) for t in value.tests))

    def say(self, test: Comparison) -> str:
        """Return one comparison in words."""
        if not test.value:
            return f"the {self.what} {test.name} {'has a value' if test.op == 'neq' else 'has no value'}"
        value = test.value.replace("|", ", ") if test.op == "in" else test.value
        return f"the {self.what} {test.name} {_OPERATORS[test.op][1]} {value}"

    def parts(self, value: Comparisons, write: Write) -> Iterable[tuple[str, bool]]:
        return [(_text(test, write), False) for test in value.tests]


def _text(test: Comparison, write: Write) -> str:
    name = write(test.name)
    if not test.value:
        return name if test.op == "neq" else f"{name}={write('')}"
    values = test.value.split("|") if test.op == "in" else [test.value]
    return name + _OPERATORS[test.op][0] + ",".join(map(write, values))


_RESULTS = by_word(
    {
        "success": "success|successful|passed|pass|ok|yes|true|met",
        "failure": "failure|failed|fail|no|false|missed",
        "unknown": "unknown",
    }
)


class Evaluation(ComparisonsFilter):
    """`evaluation_params`: `criteria_id:result`."""

    def test(self, name: str, op: str, value: str) -> Comparison:
        if not value or op != "eq":
            raise Misread(f"“{self.key}:” needs a result: write for example eval:politeness=failure.")
        if value.casefold() not in _RESULTS:
            close = nearest(value.casefold(), _RESULTS, cutoff=50) or ("success", "failure", "unknown")
            raise NotKnown(tuple(dict.fromkeys(f"eval:{name}={_RESULTS[word][0]}" for word in close)))
        return super().test(name, op, _RESULTS[value.casefold()][0])

    def any_of(self, test: Comparison, value: str) -> Comparison:
        """Refuse: the API compares with one result."""
        raise Misread(f"“{self.key}:” takes one result: ask for {test.value} or {value}, one at a time.")

    def negate(self, value: Comparisons) -> Comparisons:
        return Filter.negate(self, value)

    def params(self, value: Comparisons) -> Params:
        return tuple((self.parameter, f"{t.name}:{t.value}") for t in value.tests)


def read_technical_value(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read "order_id 1042", "order_id is 1042", "order id = 1042"."""
    words = 1 if is_technical(text.word(at)) else 2 if text.word(at + 2) == "=" else 0
    name = "_".join(token.text for token in text.tokens[at : at + words])
    end = at + words
    signed = text.word(end) in _IS or (end < len(text) and text.tokens[end].text == ":")
    end += signed
    if not words or end >= len(text) or not _NAME.fullmatch(name):
        return
    value = text.tokens[end]
    telling = value.kind is Kind.QUOTED or any(char.isdecimal() for char in value.word)
    if telling or (signed and value.word and value.word not in STOP):
        yield Comparisons((Comparison(name, "eq", value.name, guessed=True),)), end + 1


def guessed(tests: Comparisons | None) -> tuple[Comparison, ...]:
    """Return the comparisons whose name was found without “data:”: it may be none that is collected."""
    return tuple(test for test in tests.tests if test.guessed) if tests else ()


def guessed_test(token: Token, items: Sequence[Item]) -> Comparisons | None:
    """Return what "order_id:1042" may ask for, though "order_id" is no key."""
    name, _colon, _value = token.text.partition(":")
    if not is_technical(name) or not _NAME.fullmatch(name) or len(items) != 1:
        return None
    return Comparisons((Comparison(name, "eq", item_text(items[0]), guessed=True),))


_NAME = re.compile(r"[^\W\d]\w*")
_IS = frozenset({"=", "==", "is", "was", "equals"})


_ONE_ID = "“{0}:” takes one value, such as {0}:123."


class UserFilter(ChoiceFilter):
    """`user_id`. "caller:" often comes with a phone number, which is something else."""

    def read(self, items: Sequence[Item], key: str = "") -> Choice:
        """Refuse a phone number, unless it is said to be the id."""
        value = super().read(items, key)
        if key in {"caller", "customer"} and looks_like_phone(value.single):
            raise Misread(
                f'A phone number goes after “number:”: write number:"{value.single[:40]}". '
                f'If it is the id that your system gave the person, write user:"{value.single[:40]}".'
            )
        return value


class NumberFilter(ChoiceFilter):
    """A telephone number, which ElevenLabs cannot filter by, or `phone_number_ids`."""

    def sent(self, value: str) -> str:
        return "" if looks_like_phone(value) else value

    def matches(self, value: Choice, row: Conversation) -> bool | None:  # noqa: ARG002
        """Let all pass: only calls of a number are selected, which rows do not say."""
        return True if self.local(value) else None

    def words(self, value: Choice) -> SaidWords:
        return SaidWords(after=f"from or to {value.single}") if self.local(value) else super().words(value)


_IDS = (
    ("topic", ("topics", "topic-ids"), "topic_ids", "", "a topic found by ElevenLabs"),
    ("branch", ("branch-id",), "branch_id", "branch_id", "a branch of the agent"),
    ("version", ("version-id",), "version_id", "version_id", "a version of the agent"),
)
"""Filters on an id: the key, its aliases, the API's parameter, the attribute of a row, what it selects."""
COMPANY_FILTERS: tuple[Filter[Any], ...] = (
    UserFilter(
        key="user",
        aliases=("user-id", "caller", "customer"),
        about="the user id of the person who called",
        examples=("user:123",),
        parameter="user_id",
        one_only=_ONE_ID,
        said_as="with user {}",
        free_text=True,
        phrases={"{}": "[from|by|of|for|with] [the] user [id|with] [id] {name}"},
    ),
    ComparisonsFilter(
        key="data",
        aliases=("collected", "data-collection", "field"),
        about="a collected data value",
        examples=(
            *("data:order_id=123", "data:amount>100", "data:city=Bern,Basel", "-data:order_id=123"),
            "data:order_id",
        ),
        parameter="data_collection_params",
        free_text=True,
        phrases={
            "{}": "[where|with|whose] [the] {technical_value}",
            "!Which data? Name what is collected, such as data:order_id for calls that have one.": (
                "with|without|has|have|having|no [any|some|the] [collected] data"
            ),
        },
        slots={"technical_value": PhraseSlot(read_technical_value, str.isidentifier)},
        what="collected",
    ),
    Evaluation(
        key="eval",
        aliases=("evaluation", "criterion", "criteria", "evaluation-params"),
        about="the verdict on an evaluation criterion",
        examples=("eval:politeness=failure", "eval:politeness:success", "eval:greeting=unknown"),
        parameter="evaluation_params",
        what="criterion",
    ),
    ComparisonsFilter(
        key="var",
        aliases=("variable", "dynamic-variable", "dynamic-variables", "vars"),
        about="a dynamic variable of the conversation",
        examples=("var:plan=gold", "var:plan=gold,silver", "-var:plan=gold", "var:plan"),
        parameter="dynamic_variable_params",
        free_text=True,
        what="variable",
    ),
    *(
        ChoiceFilter(
            key=key,
            aliases=aliases,
            about=f"{what}, by id",
            examples=(f"{key}:123",),
            parameter=parameter,
            attribute=attribute,
            one_only=_ONE_ID,
            said_as=f"with {key} {{}}",
        )
        for key, aliases, parameter, attribute, what in _IDS
    ),
    ChoiceFilter(
        key="parent",
        aliases=("parent-conversation", "parent-conversation-id"),
        about="the conversation that started this one, by id",
        examples=("parent:conv_123",),
        parameter="parent_conversation_id",
        one_only=_ONE_ID,
        said_as="with parent {}",
        searchable=False,
    ),
    NumberFilter(
        key="number",
        aliases=("phone-number", "phone-number-id"),
        about="calls from or to a phone number; or the agent's, by ElevenLabs' id for it",
        examples=("from +49 170 1234567", "number:+491701234567", "number:123"),
        parameter="phone_number_ids",
        one_only=_ONE_ID,
        said_as="with number {}",
        free_text=True,
        phrases={"{}": "[from|by|of|to|with|for] [the] [phone] [number|caller] {phone}"},
    ),
)
"""Filters on what each company defines for itself: its users, data, criteria, variables and ids."""

# --- the columns that a name may stand for ---

EVERY_COLUMN = "all"
MOST_COLUMNS = 50
"""More do not fit into the address of a request."""


def look_up(chosen: Keys, known: Sequence[AgentField]) -> tuple[Keys, dict[str, tuple[str, ...]]]:
    """Return the columns by their ids, and the names that stand for none of those `known`, with the nearest.

    Raises Misread on more than can be asked for.
    """
    found: dict[str, None] = {}
    unknown: dict[str, tuple[str, ...]] = {}
    for name in chosen.keys:
        if columns := _named(name, known):
            found |= dict.fromkeys(columns)
        elif name != EVERY_COLUMN:
            there = [*CHOSEN_COLUMNS, *(field.column for field in known)]
            unknown[name] = nearest(
                name, there if "." in name else {each.rpartition(".")[2] for each in there}
            )
    if EVERY_COLUMN in chosen.keys and not known:
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
    if name == EVERY_COLUMN:
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
