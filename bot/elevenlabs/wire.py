"""The API's JSON for lists, made into the values of `bot.model`.

Field names and `?` marks follow the official SDK's ConversationSummaryResponseModel (2.78). A page that is as
promised is decoded in one typed pass; any surprise (null, other type, broken text) sends it through a lenient
pass, row by row, where a wrong optional field becomes its default.

A row without a usable id or start time cannot be placed in a list that is ordered and without duplicates. It
does not spoil its page: it is left out and named in `ListPage.unplaced`, so that the answer can say how many
there are, also when pages overlap. A page whose rows are something else altogether, without a single id, is a
BadAnswer.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from bot.elevenlabs import json_values
from bot.elevenlabs.errors import BadAnswer
from bot.elevenlabs.masking import looks_like_number, mask_number, mask_within
from bot.elevenlabs.phone_numbers import NumberHash
from bot.elevenlabs.request import PAGE_SIZE, SEARCH_PAGE_SIZE
from bot.model import FIELDS, SITE, Agent, Conversation, FieldKind, Results

T = TypeVar("T")
LATEST = 2**37
"""Start times beyond this (about the year 6300) are not Unix seconds."""


_RESIDENCY = re.compile(r"https://api\.([a-z0-9-]+\.residency\.elevenlabs\.io)(?:[:/].*)?")


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """Whether telephone numbers are masked, and where the account's dashboard lives."""

    mask: bool = True
    site: str = SITE
    hashes: NumberHash | None = None
    """Under which key numbers are hashed, before they are masked."""

    def number(self, text: str | None) -> str | None:
        """Return a telephone number as it may be known from here on."""
        return mask_number(text) if self.mask and text else text

    def user(self, text: str | None) -> str | None:
        """Return a user's id, which may be a telephone number."""
        return self.number(text) if text is not None and looks_like_number(text) else text

    def prose(self, text: str | None) -> str | None:
        """Return what was written about a call: international numbers in it are masked."""
        return mask_within(text) if self.mask and text else text or None


DEFAULT = DecodeOptions()


def site_of(base_url: str) -> str:
    """Return the web address of the dashboard that belongs to an API host.

    A residency region is "completely separate … available via a different address on the web" (docs: "Data
    residency"): api.eu.residency.elevenlabs.io belongs to eu.residency.elevenlabs.io. All others share one.
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


_TYPES: dict[FieldKind, Any] = {
    FieldKind.ID: str,
    FieldKind.WORD: str | None,
    FieldKind.PROSE: str | None,
    FieldKind.COUNT: int | None,
    FieldKind.NUMBER: float | None,
    FieldKind.WORDS: list[str] | None,
    FieldKind.RESULTS: dict[str, Any] | None,
}
"""What the API promises for each kind of field."""
_LENIENT: dict[FieldKind, Callable[[Any], Any]] = {
    FieldKind.ID: json_values.text,
    FieldKind.WORD: json_values.text,
    FieldKind.PROSE: json_values.text,
    FieldKind.COUNT: json_values.whole,
    FieldKind.NUMBER: json_values.real,
    FieldKind.WORDS: json_values.texts,
    FieldKind.RESULTS: json_values.mapping,
}
"""What is made of anything else."""
_REQUIRED = ("conversation_id", "start_time_unix_secs")
_Row: Any = msgspec.defstruct(
    "_Row",
    [
        (name, str if kind is FieldKind.ID else int) if name in _REQUIRED else (name, _TYPES[kind], None)
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


def decode_page(body: bytes, decoding: DecodeOptions = DEFAULT) -> ListPage[Conversation]:
    """Decode GET /v1/convai/conversations. Raises BadAnswer when it is no such page."""
    try:
        page = _LIST.decode(body)
    except (ValueError, RecursionError):
        return _lenient_page(body, decoding)
    if not all(map(_placed, page.conversations)):
        return _lenient_page(body, decoding)
    return ListPage(_conversations(page.conversations, decoding), page.next_cursor or None, page.has_more)


def _lenient_page(body: bytes, decoding: DecodeOptions) -> ListPage[Conversation]:
    items, cursor, more = _envelope(body, "conversations", PAGE_SIZE)
    rows: list[Any] = []
    unplaced: set[str] = set()
    before, nameless = "", 0
    for item in map(json_values.mapping, items):
        row = _Row(**{name: _LENIENT[kind](item.get(name)) for name, kind in FIELDS.items()})
        if _placed(row):
            rows.append(row)
        elif row.conversation_id is None:
            nameless += 1
            unplaced.add(f"{nameless} after {before}")
        else:
            unplaced.add(row.conversation_id)
        if row.conversation_id is not None:
            before, nameless = row.conversation_id, 0
    if items and not before:
        raise BadAnswer("no row of a page has an id", status=200)
    return ListPage(_conversations(rows, decoding), cursor, more, frozenset(unplaced))


def _placed(row: Any) -> bool:
    """Whether a row says which conversation it is, and when that began."""
    start = row.start_time_unix_secs
    return bool(row.conversation_id) and start is not None and bool(0 <= start <= LATEST)


def _conversations(rows: list[Any], decoding: DecodeOptions) -> list[Conversation]:
    """Return rows as values: what is absent or empty gets its default. Field by field, as that is fastest."""
    if not rows:
        return []
    columns = zip(*map(msgspec.structs.astuple, rows), strict=True)
    cleaned = [
        _CLEAN[kind](column, _DEFAULTS[name], decoding)
        for (name, kind), column in zip(FIELDS.items(), columns, strict=True)
    ]
    names = ("site", *FIELDS)
    sites = [decoding.site] * len(rows)
    return [
        Conversation(**dict(zip(names, values, strict=True))) for values in zip(sites, *cleaned, strict=True)
    ]


_DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(Conversation)}
_CLEAN: dict[FieldKind, Callable[[Sequence[Any], Any, DecodeOptions], Sequence[Any]]] = {
    FieldKind.ID: lambda column, _default, _decoding: column,
    FieldKind.WORD: lambda column, default, _decoding: [
        sys.intern(value) if value else default  # one copy for all rows that share it
        for value in column
    ],
    FieldKind.PROSE: lambda column, _default, decoding: [decoding.prose(value) for value in column],
    FieldKind.COUNT: lambda column, default, _decoding: [
        value if value and 0 < value <= json_values.LARGEST else default for value in column
    ],
    FieldKind.NUMBER: lambda column, _default, _decoding: column,
    FieldKind.WORDS: lambda column, default, _decoding: [
        tuple(map(sys.intern, value)) if value else default for value in column
    ],
    FieldKind.RESULTS: lambda column, default, decoding: [
        _results(value, decoding) if value is not None else default for value in column
    ],
}


def _results(values: dict[str, Any], decoding: DecodeOptions) -> Results:
    """Return values by id: a criterion's result without its score, numbers as such, anything else as text."""
    found = Results()
    for key, given in values.items():
        value = given.get("result", given) if isinstance(given, dict) else given
        number = None if isinstance(value, str) else json_values.real(value)
        said = decoding.prose(json_values.shown(value)) if number is None else value
        name = json_values.text(key)
        if name is not None and said is not None:
            found[name] = said
    return found


def _envelope(body: bytes, name: str, page_size: int) -> tuple[list[Any], str | None, bool]:
    """Read what all lists share: the items under `name`, the next cursor, has_more.

    Where has_more is missing, a cursor or a full page stands for it.
    """
    try:
        content = json_values.load(body)
    except ValueError:
        # From None: the decoder's error quotes the answer.
        raise BadAnswer("the answer is not JSON", status=200) from None
    items = content.get(name) if isinstance(content, dict) else None
    if not isinstance(items, list):
        raise BadAnswer(f"the answer has no list of {name}", status=200)
    cursor = json_values.shown(content.get("next_cursor"))
    more = content.get("has_more")
    if not isinstance(more, bool):
        more = cursor is not None or len(items) >= page_size
    return items, cursor, more


def decode_hits(body: bytes) -> ListPage[SearchHit]:
    """Decode GET /v1/convai/conversations/messages/text-search. Several chunks may be of one conversation."""
    items, cursor, more = _envelope(body, "results", SEARCH_PAGE_SIZE)
    hits = [
        SearchHit(found, json_values.whole(item.get("conversation_start_time_unix_secs")))
        for item in items
        if isinstance(item, dict) and (found := json_values.text(item.get("conversation_id"))) is not None
    ]
    if items and not hits:
        raise BadAnswer("no result of a search names its conversation", status=200)
    return ListPage(hits, cursor, more)


def decode_agents(body: bytes) -> ListPage[Agent]:
    """Decode GET /v1/convai/agents. An agent without a name is called by its id."""
    items, cursor, more = _envelope(body, "agents", PAGE_SIZE)
    agents = [
        Agent(agent_id=found, name=json_values.text(item.get("name")) or found)
        for item in items
        if isinstance(item, dict) and (found := json_values.text(item.get("agent_id"))) is not None
    ]
    if items and not agents:
        raise BadAnswer("no agent of a page has an id", status=200)
    return ListPage(agents, cursor, more)
