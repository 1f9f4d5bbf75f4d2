"""What stands after a colon: the values of `key:value`, also where blanks are in between."""

from __future__ import annotations

from bot.query.call_ids import CallRef, damaged_id, named_id
from bot.query.filters import Filter
from bot.query.filters.facts import COMPARING, split_test
from bot.query.phrases import Text
from bot.query.tokens import Item, Kind, Segment, Token, item_text
from bot.query.values import Also, Misread, Value

_OWN_ID_KEYS = frozenset({"id", "conversation", "conversation-id", "conv"})


def items_after(
    text: Text, token: Token, at: int, which: Filter[Value] | None
) -> tuple[tuple[Item, ...], int]:
    """Return the values of the pair at a position, and the position after them."""
    end, items = at + 1, token.items
    if not items and end < len(text) and text.tokens[end].kind is not Kind.PAIR:
        items, end = (_item(text.tokens[end]),), end + 1
    return _compared(text, items, end) if which is not None and which.spaced else (items, end)


def _compared(text: Text, items: tuple[Item, ...], at: int) -> tuple[tuple[Item, ...], int]:
    """Take in a sign and a value that stand after a name: "data:order_id = 123"."""
    if len(items) != 1 or at + 1 >= len(text) or text.word(at) not in COMPARING:
        return items, at
    value = text.tokens[at + 1]
    if split_test(items[0])[1] is not None or value.kind not in {Kind.WORD, Kind.QUOTED}:
        return items, at
    return ((*items[0], Segment(text.word(at)), *_item(value)),), at + 2


def _item(token: Token) -> Item:
    return token.items[0] if token.items else (Segment(token.text),)


def ids_after(token: Token, items: tuple[Item, ...]) -> list[CallRef]:
    """Return the ids after `call:` or `id:`. Raises Misread when there is none."""
    own = token.key in _OWN_ID_KEYS
    for item in items:
        if problem := damaged_id(item_text(item)):
            raise Misread(problem)
    refs = [ref for item in items if (ref := named_id(item_text(item), conversation=own))]
    if not refs:
        raise Misread(f"“{token.text}” needs an id, such as call:CA… or id:conv_….")
    return refs


def values_after(which: Filter[Value], token: Token, items: tuple[Item, ...]) -> dict[str, object]:
    """Return what a pair says, by filter. Raises NotKnown or Misread."""
    value = which.read_as(token.key, items)
    return dict(value.values) if isinstance(value, Also) else {which.key: value}
