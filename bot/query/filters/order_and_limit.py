"""Order and number of the rows: sort, limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.model import Conversation
from bot.query.filters.base import Filter, pick
from bot.query.filters.rankings import RANKINGS
from bot.query.numbers import MAX_NUMBER
from bot.query.tokens import Item, item_text
from bot.query.values import Also, Limit, Misread, Order

LOWEST_FIRST = Order("lowest")
"""Of a report's groups: those with the lowest number."""
WORST_FIRST, BEST_FIRST = Order("worst"), Order("best")
"""Of a report's groups: which end that is depends on what is measured."""
ENDS = {"lowest|fewest|least": LOWEST_FIRST, "worst": WORST_FIRST, "best": BEST_FIRST}
_ORDERS = {
    **dict.fromkeys(("lowest", "lowest-first", "fewest", "worst"), ("lowest",)),
    **dict.fromkeys(("oldest", "asc", "ascending", "earliest", "chronological", "oldest-first"), ("oldest",)),
    **dict.fromkeys(("newest", "desc", "descending", "latest", "recent", "newest-first"), ("newest",)),
    **{word: (key,) for key, ranking in RANKINGS.items() for word in (key, *ranking.aliases)},
}


def refuse_order(slots: Mapping[str, object]) -> Order:
    """Answer "sorted by mood"."""
    raise Misread(
        f"Calls cannot be sorted by {slots['name']}: sort them by start time, length, cost, rating or number "
        "of messages, such as “longest first”."
    )


class Sort(Filter[Order]):
    """`sort_direction`, which is by start time; by anything else rows are put in order here."""

    def read(self, items: Sequence[Item], key: str = "") -> Order:  # noqa: ARG002
        """Return the order named."""
        word = " ".join(item_text(item) for item in items)
        return Order(*pick(word, _ORDERS, self.key))

    def merge(self, old: Order, new: Order, joiner: str) -> Order:
        """Two orders contradict each other."""
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

    def matches(self, value: Order, row: Conversation) -> bool:  # noqa: ARG002 - it selects nothing
        return True

    def canonical(self, value: Order) -> str:
        return f"{self.key}:{value.by}"


def said_first(order: Order) -> str:
    """Return what comes first, in words: "newest", "most expensive"."""
    return order.by.replace("-", " ")


def limit_of(count: object) -> Limit:
    """Return a limit that can be. Raises Misread on none."""
    rows = int(count) if isinstance(count, int | float) else 0
    if rows < 1:
        raise Misread("A limit must be at least 1: say for example limit:50, or leave it out.")
    return Limit(min(rows, MAX_NUMBER))


def newest(count: object) -> Also:
    """Return so many from the new end: "last 20", which settles the order too."""
    return Also((("limit", limit_of(count)), ("sort", Order())))


def oldest(count: object) -> Also:
    """Return so many from the old end: "first 20"."""
    return Also((("limit", limit_of(count)), ("sort", Order("oldest"))))


def first_of(by: str, slots: Mapping[str, object]) -> Also:
    """Return so many from the start of another order: "longest 5"."""
    return Also((("limit", limit_of(slots["count"])), ("sort", Order(by))))


class LimitRows(Filter[Limit]):
    """How many rows at most."""

    def read(self, items: Sequence[Item], key: str = "") -> Limit | Also:
        """Return the number, or all; "first:10" and "last:10" say an order too, as "first 10" does."""
        word = "".join(item_text(item) for item in items).casefold()
        if word in {"all", "none", "everything", "unlimited"}:
            return Limit(None)
        if not (word.isascii() and word.isdecimal()) or len(word) > 12:  # noqa: PLR2004 - more digits than calls
            raise Misread(
                f"“{self.key}:{word[:40]}” is not a limit: "
                "write a whole number such as limit:50, or limit:all."
            )
        if key in {"first", "last"}:
            return oldest(int(word)) if key == "first" else newest(int(word))
        return limit_of(int(word))

    def negate(self, value: Limit) -> Limit:  # noqa: ARG002
        """Refuse."""
        raise Misread("A limit cannot be excluded: say how many calls at most, such as limit:50.")

    def matches(self, value: Limit, row: Conversation) -> bool:  # noqa: ARG002 - it selects nothing
        return True

    def canonical(self, value: Limit) -> str:
        """Return limit:50 or limit:all."""
        return f"limit:{'all' if value.rows is None else value.rows}"
