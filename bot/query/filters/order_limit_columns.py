"""What a list shows of the calls: its order, how many, "how many", and further columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass

from bot.query.filters.base import Filter, NamesFilter, SaidWords, Write, listed, pick
from bot.query.filters.choices import Flag, by_word
from bot.query.filters.collected import EVERY_COLUMN
from bot.query.filters.tools import NO_TOOL, is_technical
from bot.query.numbers import MAX_NUMBER, begins_number
from bot.query.phrases import ANYTHING, PhraseSlot, Text, where
from bot.query.tokens import Item, Kind, bare_or_quoted, item_text, word_set
from bot.query.values import Also, Keys, Limit, Misread, Order
from bot.query.vocabulary import BEFORE_TIME
from bot.tally import FirstBy

# --- orders that the API does not have: all rows are read, and the first of them found here ---

_YEAR = re.compile(r"20(?:1[5-9]|[23]\d)")
"""“2026 calls” are those of a year."""


@dataclass(frozen=True, slots=True)
class Ranking(FirstBy):
    """An order that people can ask for."""

    noun: str
    sorted_by: str
    """What people say after "sorted by": the pattern of a phrase."""
    words: str
    """What people say: the pattern of a phrase."""
    aliases: tuple[str, ...] = ()
    """Other words after `sort:`."""
    _: KW_ONLY
    adjective: bool = True
    """Whether "the 5 …" can be said of calls."""


_LENGTH = ("call_duration_secs",), "length", "[call] length|lengths|duration|durations"
_COST = ("cost_fiat", "cost"), "cost", "[call] cost|costs|price"
_RATING = ("rating",), "rating", "rating|ratings|stars"
_MESSAGES = ("message_count",), "number of messages", "[number] [of] messages|turns"
RANKINGS: dict[str, Ranking] = {
    "longest": Ranking(*_LENGTH, "longest", ("duration", "length", "call-duration-secs", "longest-first")),
    "shortest": Ranking(*_LENGTH, "shortest|briefest", ("shortest-first",), largest_first=False),
    "most-expensive": Ranking(
        *(*_COST, "most expensive|costly|pricey", ("cost", "price", "expensive", "costliest", "priciest"))
    ),
    "cheapest": Ranking(*_COST, "cheapest", ("least-expensive",), largest_first=False),
    "best-rated": Ranking(
        *(*_RATING, "best|highest|top rated", ("rating", "best", "highest-rated", "top-rated"))
    ),
    "worst-rated": Ranking(*_RATING, "worst|lowest rated", ("worst", "lowest-rated"), largest_first=False),
    "most-messages": Ranking(
        *_MESSAGES,
        "[with] [the] most messages|turns",
        ("messages", "message-count", "turns"),
        adjective=False,
    ),
}
"""By what stands after `sort:`."""

# --- sort ---

LOWEST_FIRST = Order("lowest")
"""Of a report's groups: those with the lowest number."""
WORST_FIRST, BEST_FIRST = Order("worst-first"), Order("best-first")
"""Of a report's groups: which end that is depends on what is measured."""
_ORDERS = by_word(
    {
        "lowest": "lowest|lowest-first|fewest",
        "oldest": "oldest|asc|ascending|earliest|chronological|oldest-first",
        "newest": "newest|desc|descending|latest|recent|newest-first",
        **{key: "|".join((key, *ranking.aliases)) for key, ranking in RANKINGS.items()},
        "worst-first": "worst-first",
        "best-first": "best-first",
    }
)


_DIRECTION = {True: "[descending|desc]", False: "ascending|asc"}


class Sort(Filter[Order]):
    """`sort_direction`, which is by start time; by anything else rows are put in order here."""

    def read(self, items: Sequence[Item], key: str = "") -> Order:  # noqa: ARG002
        return Order(*pick(" ".join(map(item_text, items)), _ORDERS, self.key))

    def merge(self, old: Order, new: Order, joiner: str) -> Order:
        del joiner
        if old != new:
            raise Misread(
                f"Both the {said_first(old)} and the {said_first(new)} are asked to come first "
                "(“last 20” are the newest, “first 20” the oldest): keep one order."
            )
        return old

    def negate(self, value: Order) -> Order:
        """Refuse: the other order has a word of its own."""
        other = "newest first" if value.by == "oldest" else "oldest first"
        raise Misread(f"An order cannot be excluded: say “{other}” for the other one.")

    def title(self, value: str) -> str:
        return f"{super().title(value)} first"

    def parts(self, value: Order, write: Write) -> Iterable[tuple[str, bool]]:
        return [(write(value.by), False)]


def said_first(order: Order) -> str:
    """Return what comes first, in words: "newest", "most expensive"."""
    return order.by.removesuffix("-first").replace("-", " ")


SORT = Sort(
    key="sort",
    form="Order",
    offered=("newest", "oldest", *RANKINGS),
    aliases=("order", "sort-by", "order-by"),
    about="the order: newest first unless you say otherwise",
    examples=(
        *("oldest first", "newest first", "longest first", "most expensive", "worst rated"),
        *("sorted by duration", "sort:most-messages"),
    ),
    selects=False,
    phrases={
        "oldest": """
            [SORTED] [by|from] [the] OLDEST [ONES] first
            SORTED [by|from] OLDEST [to] [NEWEST]
            [from] OLDEST to NEWEST
            [in] chronological|ascending [order]
            oldest
        """,
        "newest": """
            SORTED by [the] [start] date|time|day|start [descending]
            [SORTED] [by|from] [the] NEWEST [ONES] first
            [with] [the] most recent [ONES] first
            SORTED [by|from] NEWEST [to] [OLDEST]
            [from] NEWEST to OLDEST
            [in] descending [order]
            newest|latest|recent|recents
            most recent
        """,
        **{
            key: f"""
            [SORTED] [by] [the] {ranking.words} [one|ones|calls|conversations] [first]
            SORTED by [the] {ranking.sorted_by} {_DIRECTION[ranking.largest_first]}
            """
            for key, ranking in RANKINGS.items()
        },
        "lowest": "lowest|fewest|least first",
        "worst-first": "worst first",
        "best-first": "best first",
        (
            "!Calls cannot be sorted by {name}: sort them by start time, length, cost, rating or number of "
            "messages, such as “longest first”."
        ): "SORTED by [the] {name}",
    },
)

# --- limit ---


class LimitRows(Filter[Limit]):
    """How many rows at most."""

    def read(self, items: Sequence[Item], key: str = "") -> Limit | Also:
        """Return the number, or all; "first:10" and "last:10" say an order too, as "first 10" does."""
        word = "".join(map(item_text, items)).casefold()
        if word in {"all", "none", "everything", "unlimited"}:
            return Limit(None)
        if not (word.isascii() and word.isdecimal()) or len(word) > 12:  # noqa: PLR2004 - more digits than calls
            raise Misread(
                f"“{self.key}:{word[:40]}” is not a limit: "
                "write a whole number such as limit:50, or limit:all."
            )
        if int(word) < 1:
            raise Misread("A limit must be at least 1: say for example limit:50, or leave it out.")
        limit = Limit(min(int(word), MAX_NUMBER))
        if key in {"first", "last"}:
            return Also((("limit", limit), ("sort", Order("oldest" if key == "first" else "newest"))))
        return limit

    def parts(self, value: Limit, write: Write) -> Iterable[tuple[str, bool]]:  # noqa: ARG002
        return [("all" if value.rows is None else str(value.rows), False)]


LIMIT = LimitRows(
    key="limit",
    aliases=("max", "top", "first", "last"),
    about="how many calls at most; limit:all exports every one without asking again",
    examples=("last 50 calls", "limit:50", "limit:all", "top 20"),
    selects=False,
    not_excluded="A limit cannot be excluded: say how many calls at most, such as limit:50.",
    phrases={
        "limit:{count}": """
            top {count} [ROWS]
            limit|limited [to|of|=] {count} [ROWS]
            at most {count} ROWS
            up to {count} ROWS
            no more than {count} ROWS
            {no_year} {count} ROWS
            max|maximum {count}
        """,
        "limit:{count} sort:newest": """
            NEWEST|last|previous|past {count} [ROWS]
            {count} most recent [ROWS]
            {count} last|NEWEST [ROWS]
        """,
        "limit:{count} sort:oldest": """
            OLDEST|first {count} [ROWS]
            {count} OLDEST|first ROWS
        """,
        **{
            f"limit:{{count}} sort:{key}": f"[the] {ranking.words} {{count}} [ROWS]"
            for key, ranking in RANKINGS.items()
            if ranking.adjective
        },
        "all": """
            no|without [a|any] limit
            unlimited
        """,
    },
    slots={"no_year": where(lambda text, at: not _YEAR.fullmatch(text.word(at)), begins_number)},
)


COUNT = Flag(
    key="count",
    about="the count first",
    examples=("how many", "count", "number of calls"),
    selects=False,
    table=by_word({"yes": "yes|true|only|1"}),
    said_as="",
    phrases={
        "yes": """
            how many|much|often
            [the] [total] number|count|no|no.|nr|# of
            count|counts
            [the] total|overall count|number|calls|conversations
            [the] total|overall {counted}
        """
    },
    slots={
        "counted": where(  # "total failed calls"
            lambda text, at: text.word(at + 1) in {"call", "calls", "conversations"},
            word_set("failed successful unsuccessful inbound outbound"),
        )
    },
)

# --- columns besides the usual ones ---

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
        plural = "s" if len(value.keys) > 1 or value.keys == (EVERY_COLUMN,) else ""
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
