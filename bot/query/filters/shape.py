"""Order and shape of the answer: sort, limit, counting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.query.filters.base import Filter, Words, pick
from bot.query.numbers import MAX_NUMBER
from bot.query.phrases import Phrase
from bot.query.tokens import Item, item_text
from bot.query.values import Also, Flag, Limit, Misread, Order

_ORDERS = {
    **dict.fromkeys(("oldest", "asc", "ascending", "earliest", "chronological", "oldest-first"), ("oldest",)),
    **dict.fromkeys(("newest", "desc", "descending", "latest", "recent", "newest-first"), ("newest",)),
}


def _only_by_time(slots: Mapping[str, object]) -> Order:
    """Answer "sorted by duration"."""
    raise Misread(
        f"Calls cannot be sorted by {slots['name']}: ElevenLabs sorts by start time, so say “oldest first” "
        "or leave it out."
    )


class Sort(Filter[Order]):
    """`sort_direction`: by start time, which is all that the API sorts by."""

    key = "sort"
    aliases = ("order", "sort-by", "order-by")
    about = "the order, by start time (newest first unless you say otherwise)"
    examples = ("oldest first", "newest first", "sort:oldest")

    def phrases(self) -> Iterable[Phrase]:
        """Return "oldest first", "sorted by newest"."""
        verb = "sort|sorted|order|ordered"
        old = "oldest|earliest"
        new = "newest|latest"
        for pattern in (
            f"[{verb}] [by|from] [the] {old} [one|ones|call|calls] first",
            f"{verb} [by|from] {old} [to] [newest|latest]",
            f"[from] {old} to {new}",
            "[in] chronological|ascending [order]",
            "oldest",
        ):
            yield Phrase(pattern, lambda _slots: Order(oldest_first=True))
        for pattern in (
            f"{verb} by [the] [start] date|time|day|start [descending]",
            f"[{verb}] [by|from] [the] {new} [one|ones|call|calls] first",
            "[with] [the] most recent [one|ones|call|calls] first",
            f"{verb} [by|from] {new} [to] [oldest|earliest]",
            f"[from] {new} to {old}",
            "[in] descending [order]",
            "newest|latest|recent|recents",
            "most recent",
        ):
            yield Phrase(pattern, lambda _slots: Order(oldest_first=False))
        yield Phrase(f"{verb} by [the] {{name}}", _only_by_time)

    def read(self, items: Sequence[Item]) -> Order:
        """Return the order named."""
        word = " ".join(item_text(item) for item in items)
        return Order(pick(word, _ORDERS, self.key) == ("oldest",))

    def merge(self, old: Order, new: Order, joiner: str) -> Order:
        """Two orders contradict each other."""
        del joiner
        if old != new:
            raise Misread(
                "Both the oldest and the newest are asked to come first (“last 20” are the newest, "
                "“first 20” the oldest): keep one order."
            )
        return old

    def negate(self, value: Order) -> Order:
        """Refuse: the other order has a word of its own."""
        other = "newest first" if value.oldest_first else "oldest first"
        raise Misread(f"An order cannot be excluded: say “{other}” for the other one.")

    def words(self, value: Order) -> Words:
        """Return nothing: the query always says the order, at the end."""
        del value
        return Words()

    def canonical(self, value: Order) -> str:
        """Return sort:oldest or sort:newest."""
        return "sort:oldest" if value.oldest_first else "sort:newest"


class LimitRows(Filter[Limit]):
    """How many rows at most."""

    key = "limit"
    aliases = ("max", "top", "first", "last")
    about = "how many calls at most; limit:all exports every one without asking again"
    examples = ("last 50 calls", "limit:50", "limit:all", "top 20")

    def phrases(self) -> Iterable[Phrase]:
        """Return "last 50 calls", "the latest call", "top 20", "first 10"."""
        noun = "call|calls|conversation|conversations|chat|chats|results|rows|ones|entries|records|sessions"
        for pattern in (
            f"top {{count}} [{noun}]",
            f"limit|limited [to|of|=] {{count}} [{noun}]",
            f"at most {{count}} {noun}",
            f"max|maximum|only|just {{count}} {noun}",
            f"up to {{count}} {noun}",
            f"no more than {{count}} {noun}",
            f"{{count}} {noun}",
            "max|maximum {count}",
        ):
            yield Phrase(pattern, lambda slots: self.checked(slots["count"]))
        newest = "last|latest|newest|previous|past"
        for pattern in (
            f"{newest} {{count}} [{noun}]",
            f"most recent {{count}} [{noun}]",
            f"{{count}} most recent [{noun}]",
            f"{{count}} last|newest|latest [{noun}]",
        ):
            yield Phrase(pattern, lambda slots: self._end(slots["count"], oldest_first=False))
        oldest = "first|oldest|earliest"
        for pattern in (f"{oldest} {{count}} [{noun}]", f"{{count}} {oldest} {noun}"):
            yield Phrase(pattern, lambda slots: self._end(slots["count"], oldest_first=True))
        one = "call|conversation"
        for pattern in (f"last|latest|newest {one}", f"most recent {one}"):
            yield Phrase(pattern, lambda _slots: self._end(1, oldest_first=False))
        yield Phrase(f"{oldest} {one}", lambda _slots: self._end(1, oldest_first=True))
        yield Phrase("no|without [a|any] limit", lambda _slots: Limit(None))
        yield Phrase("unlimited", lambda _slots: Limit(None))

    def _end(self, count: object, *, oldest_first: bool) -> Also:
        """Return so many from one end: "last 20" are the newest, which settles the order too."""
        return Also((("limit", self.checked(count)), ("sort", Order(oldest_first))))

    def checked(self, count: object) -> Limit:
        """Return a limit that can be. Raises Misread on none."""
        rows = int(count) if isinstance(count, int | float) else 0
        if rows < 1:
            raise Misread("A limit must be at least 1: say for example limit:50, or leave it out.")
        return Limit(min(rows, MAX_NUMBER))

    def read(self, items: Sequence[Item]) -> Limit:
        """Return the number, or all."""
        word = "".join(item_text(item) for item in items).casefold()
        if word in {"all", "none", "everything", "unlimited"}:
            return Limit(None)
        if not (word.isascii() and word.isdecimal()) or len(word) > 12:  # noqa: PLR2004 - more digits than calls
            raise Misread(
                f"“{self.key}:{word[:40]}” is not a limit: "
                "write a whole number such as limit:50, or limit:all."
            )
        return self.checked(int(word))

    def read_as(self, key: str, items: Sequence[Item]) -> Limit | Also:
        """Return also the order that "first:10" and "last:10" say, as "first 10" does."""
        limit = self.read(items)
        if key not in {"first", "last"} or limit.rows is None:
            return limit
        return self._end(limit.rows, oldest_first=key == "first")

    def negate(self, value: Limit) -> Limit:
        """Refuse."""
        del value
        raise Misread("A limit cannot be excluded: say how many calls at most, such as limit:50.")

    def words(self, value: Limit) -> Words:
        """Return nothing: the query says it before the noun."""
        del value
        return Words()

    def canonical(self, value: Limit) -> str:
        """Return limit:50 or limit:all."""
        return f"limit:{'all' if value.rows is None else value.rows}"


class Count(Filter[Flag]):
    """The count comes first in the answer."""

    key = "count"
    aliases = ()
    about = "the count first"
    examples = ("how many", "count", "number of calls")

    def phrases(self) -> Iterable[Phrase]:
        """Return "how many", "number of"."""
        for pattern in (
            "how many|much|often",
            "[the] [total] number|count of",
            "count|counts",
            "[the] total count|number",
        ):
            yield Phrase(pattern, lambda _slots: Flag())

    def read(self, items: Sequence[Item]) -> Flag:
        """Accept count:yes."""
        word = "".join(item_text(item) for item in items)
        pick(word, dict.fromkeys(("yes", "true", "only", "1"), ("yes",)), self.key)
        return Flag()

    def words(self, value: Flag) -> Words:
        """Return nothing: the query begins with it."""
        del value
        return Words()

    def canonical(self, value: Flag) -> str:
        """Return count:yes."""
        del value
        return "count:yes"
