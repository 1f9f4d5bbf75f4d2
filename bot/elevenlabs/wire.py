"""The API's JSON, made into the values of `bot.model`; it may hold anything in any place.

Field names and `?` marks follow the official SDK's ConversationSummaryResponseModel (2.78). A page that is as
promised is decoded in one typed pass; any surprise (null, other type, broken text) sends it through a lenient
pass, row by row, where a wrong optional field becomes its default.

A row without a usable id or start time cannot be placed in a list that is ordered and without duplicates. It
does not spoil its page: it is left out and named in `ListPage.unplaced`, so that the answer can say how many
there are, also when pages overlap. A page whose rows are something else altogether is a BadAnswer: without a
single id, and without a start time either or as many as a page holds.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from bot.elevenlabs.errors import BadAnswer
from bot.elevenlabs.phone_numbers import NumberHash, looks_like_number, mask_number, mask_within
from bot.elevenlabs.request import PAGE_SIZE, SEARCH_PAGE_SIZE
from bot.model import FIELDS, SITE, Agent, Conversation, FieldKind, Results

T = TypeVar("T")
LATEST = 2**37
"""Start times beyond this (about the year 6300) are not Unix seconds."""
LARGEST = 2**53
"""Whole numbers beyond this are not exact in JSON, and no count, length or time is that large."""
_DIGITS = 1000
"""Longer whole numbers are read as nothing. (Python refuses those of more than 4,300 digits.)"""
_RESIDENCY = re.compile(r"https://api\.([a-z0-9-]+\.residency\.elevenlabs\.io)(?:[:/].*)?")


def load_json(body: bytes) -> Any:
    """Decode JSON, also with broken UTF-8 or lone surrogates in it. Raises ValueError when it is not JSON."""
    try:
        try:
            return msgspec.json.decode(body)
        except ValueError:
            return json.loads(body.decode("utf-8", "replace"), parse_int=_integer)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _DIGITS else None


def json_object(body: bytes) -> dict[str, Any]:
    """Decode an answer that must be a JSON object. Raises BadAnswer."""
    try:
        content = load_json(body)
    except ValueError:
        # From None: the decoder's error quotes the answer.
        raise BadAnswer("the answer is not JSON", status=200) from None
    if not isinstance(content, dict):
        raise BadAnswer("the answer is no object", status=200)
    return content


def text(value: Any) -> str | None:
    """Return text that any encoder accepts; None for everything else and for empty text."""
    if not isinstance(value, str) or not value:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def shown(value: Any) -> str | None:
    """Return any value as text: texts as they are, others as JSON. None for null."""
    return text(value) if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def real(value: Any) -> float | None:
    """Return a finite number, also from text; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def whole(value: Any) -> int | None:
    """Return a whole number, also from 3.0 or "3"; None for everything else and for absurd sizes."""
    number = real(value)
    return None if number is None or abs(number) > LARGEST else int(number)


def mapping(value: Any) -> dict[str, Any]:
    """Return a JSON object; an empty one for everything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, or the values of an object of objects; nothing for everything else."""
    items = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a list; nothing for everything else."""
    items = value if isinstance(value, list) else []
    return tuple(found for item in items if (found := text(item)) is not None)


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """Whether telephone numbers are masked, and where the account's dashboard lives."""

    mask: bool = True
    site: str = SITE
    hashes: NumberHash | None = None
    """Under which key numbers are hashed, before they are masked."""

    def number(self, found: str | None) -> str | None:
        """Return a telephone number as it may be known from here on."""
        return mask_number(found) if self.mask and found else found

    def user(self, found: str | None) -> str | None:
        """Return a user's id, which may be a telephone number."""
        return self.number(found) if found is not None and looks_like_number(found) else found

    def prose(self, written: str | None) -> str | None:
        """Return what was written about a call: international numbers in it are masked."""
        return mask_within(written) if self.mask and written else written or None


DEFAULT = DecodeOptions()


def site_of(base_url: str) -> str:
    """Return the web address of the dashboard that belongs to an API host.

    api.eu.residency.elevenlabs.io belongs to eu.residency.elevenlabs.io (docs: "Data residency"); all others
    share one.
    """
    found = _RESIDENCY.fullmatch(base_url)
    return f"https://{found[1]}" if found else SITE


class ListPage(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """One page of a list, rows in the API's order."""

    rows: list[T]
    next_cursor: str | None
    has_more: bool
    unplaced: frozenset[str] = frozenset()
    """Rows left out because they had no usable id or start time: their ids, or what they came after."""


class SearchHit(msgspec.Struct, frozen=True):
    """One conversation found by a text search, with when it started (None if not said)."""

    conversation_id: str
    start: int | None


def _asked_for(value: Any) -> dict[str, Any] | None:
    """Return a JSON object, an empty one for everything else; None stays, as nothing was asked for."""
    return None if value is None else mapping(value)


_READ: dict[FieldKind, tuple[Any, Callable[[Any], Any]]] = {
    FieldKind.ID: (str, text),
    FieldKind.WORD: (str | None, text),
    FieldKind.PROSE: (str | None, text),
    FieldKind.COUNT: (int | None, whole),
    FieldKind.NUMBER: (float | None, real),
    FieldKind.WORDS: (list[str] | None, texts),
    FieldKind.RESULTS: (dict[str, Any] | None, _asked_for),
}
"""What the API promises for each kind of field, and what is made of anything else."""
_REQUIRED = {
    "conversation_id": Annotated[str, msgspec.Meta(min_length=1)],
    "start_time_unix_secs": Annotated[int, msgspec.Meta(ge=0, le=LATEST)],
}
"""Without these a row cannot be placed."""
_Row: Any = msgspec.defstruct(
    "_Row",
    [
        (name, _REQUIRED[name]) if name in _REQUIRED else (name, _READ[kind][0], None)
        for name, kind in FIELDS.items()
    ],
    kw_only=True,
    gc=False,
)
_LIST: Any = msgspec.json.Decoder(
    msgspec.defstruct(
        "_List",
        [("conversations", list[_Row]), ("has_more", bool), ("next_cursor", str | None, None)],
    )
)
_DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(Conversation)}


def decode_page(body: bytes, decoding: DecodeOptions = DEFAULT) -> ListPage[Conversation]:
    """Decode GET /v1/convai/conversations. Raises BadAnswer when it is no such page."""
    try:
        page = _LIST.decode(body)
    except (ValueError, RecursionError):
        return _lenient_page(body, decoding)
    return ListPage(_conversations(page.conversations, decoding), page.next_cursor or None, page.has_more)


def _lenient_page(body: bytes, decoding: DecodeOptions) -> ListPage[Conversation]:
    items, cursor, more = _envelope(body, "conversations", PAGE_SIZE)
    rows: list[Any] = []
    unplaced: set[str] = set()
    before, nameless, timed = "", 0, False
    for item in map(mapping, items):
        row = _lenient_row(item)
        start = row.start_time_unix_secs
        placed = start is not None and 0 <= start <= LATEST
        timed = timed or placed
        if row.conversation_id and placed:
            rows.append(row)
        elif row.conversation_id is None:
            nameless += 1
            unplaced.add(f"{nameless} after {before or start}")
        else:
            unplaced.add(row.conversation_id)
        if row.conversation_id is not None:
            before, nameless = row.conversation_id, 0
    if items and not before and (not timed or len(items) >= PAGE_SIZE):
        raise BadAnswer("no row of a page has an id", status=200)
    return ListPage(_conversations(rows, decoding), cursor, more, frozenset(unplaced))


def _lenient_row(item: dict[str, Any]) -> Any:
    return _Row(**{name: _READ[kind][1](item.get(name)) for name, kind in FIELDS.items()})


def decode_row(item: dict[str, Any], decoding: DecodeOptions) -> Conversation:
    """Return what an object says of a conversation, whatever it holds."""
    return _conversations([_lenient_row(item)], decoding)[0]


def _conversations(rows: list[Any], decoding: DecodeOptions) -> list[Conversation]:
    """Return rows as values: what is absent or empty gets its default. Field by field, as that is fastest."""
    if not rows:
        return []
    columns = zip(*map(msgspec.structs.astuple, rows), strict=True)
    cleaned = [
        _clean(kind, column, _DEFAULTS[name], decoding)
        for (name, kind), column in zip(FIELDS.items(), columns, strict=True)
    ]
    names = ("site", *FIELDS)
    return [
        Conversation(**dict(zip(names, (decoding.site, *values), strict=True)))
        for values in zip(*cleaned, strict=True)
    ]


def _clean(kind: FieldKind, values: Sequence[Any], default: Any, decoding: DecodeOptions) -> Sequence[Any]:
    """Return one field of all rows of a page. Words are interned: one copy for all rows that share it."""
    match kind:
        case FieldKind.WORD:
            return [sys.intern(value) if value else default for value in values]
        case FieldKind.PROSE:
            return [decoding.prose(value) for value in values]
        case FieldKind.COUNT:
            return [value if value and 0 < value <= LARGEST else default for value in values]
        case FieldKind.WORDS:
            return [tuple(map(sys.intern, value)) if value else default for value in values]
        case FieldKind.RESULTS:
            return [_results(value, decoding) if value is not None else default for value in values]
    return values


def _results(values: dict[str, Any], decoding: DecodeOptions) -> Results:
    """Return values by id: a criterion's result without its score, numbers as such, anything else as text."""
    found = Results()
    for key, given in values.items():
        value = given.get("result", given) if isinstance(given, dict) else given
        number = None if isinstance(value, str) else real(value)
        said = decoding.prose(shown(value)) if number is None else value
        name = text(key)
        if name is not None and said is not None:
            found[name] = said
    return found


def _envelope(body: bytes, name: str, page_size: int) -> tuple[list[Any], str | None, bool]:
    """Read items, next cursor and has_more, for which a cursor or a full page stands where it is missing."""
    content = json_object(body)
    items = content.get(name)
    if not isinstance(items, list):
        raise BadAnswer(f"the answer has no list of {name}", status=200)
    cursor = shown(content.get("next_cursor"))
    more = content.get("has_more")
    if not isinstance(more, bool):
        more = cursor is not None or len(items) >= page_size
    return items, cursor, more


def _named(
    body: bytes, name: str, page_size: int, id_name: str, make: Callable[[str, dict[str, Any]], T]
) -> ListPage[T]:
    """Decode a list of which only what has an id is of use."""
    items, cursor, more = _envelope(body, name, page_size)
    found = [make(key, item) for item in map(mapping, items) if (key := text(item.get(id_name))) is not None]
    if items and not found:
        raise BadAnswer(f"nothing in a list of {name} has an id", status=200)
    return ListPage(found, cursor, more)


def decode_hits(body: bytes) -> ListPage[SearchHit]:
    """Decode GET /v1/convai/conversations/messages/text-search. Several chunks may be of one conversation."""

    def hit(key: str, item: dict[str, Any]) -> SearchHit:
        return SearchHit(key, whole(item.get("conversation_start_time_unix_secs")))

    return _named(body, "results", SEARCH_PAGE_SIZE, "conversation_id", hit)


def decode_agents(body: bytes) -> ListPage[Agent]:
    """Decode GET /v1/convai/agents. An agent without a name is called by its id."""

    def agent(key: str, item: dict[str, Any]) -> Agent:
        return Agent(agent_id=key, name=text(item.get("name")) or key)

    return _named(body, "agents", PAGE_SIZE, "agent_id", agent)
