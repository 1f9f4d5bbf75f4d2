"""The archive's tables, a conversation as their rows, the API's filters as conditions on them.

What questions filter and group by stands in a narrow table; what was written about a call, in another. No
transcript, no audio and no plain telephone number is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.elevenlabs.phone_numbers import mask_within
from bot.model import FIELDS, FINAL_STATUSES, SITE, Conversation, FieldKind
from bot.store.database import UNUSED_INDEXES, fits, metadata
from bot.tally import ABSURD

_SEALED, _NONCE = "\x1e", 12
_SEPARATOR = "\x1f"
"""Before, between and after the words of a list."""
_TYPES: dict[FieldKind, Callable[[], Any]] = {
    FieldKind.ID: lambda: sa.String(128),
    FieldKind.WORD: sa.Text,
    FieldKind.PROSE: sa.Text,
    FieldKind.COUNT: sa.BigInteger,
    FieldKind.NUMBER: sa.Float,
    FieldKind.WORDS: sa.Text,
}
_KEPT = {name: kind for name, kind in FIELDS.items() if kind in _TYPES}
"""Fields that are kept: not what is only sent where it is asked for."""
_INDEXED = frozenset({"agent_id"})
"""Words that must not be too long for an index of PostgreSQL."""

conversations = sa.Table(
    "conversations",
    metadata,
    *(
        sa.Column(
            name,
            sa.String(128) if name in _INDEXED else _TYPES[kind](),
            primary_key=kind is FieldKind.ID,
        )
        for name, kind in _KEPT.items()
        if kind is not FieldKind.PROSE
    ),
    sa.Column("ids_wanted", sa.Boolean),
)
"""One row of the list each. `ids_wanted`: whether its carrier's ids are to be looked up."""
sa.Index("conversations_by_start", conversations.c.start_time_unix_secs)
_BY_AGENT = ("agent_id", "start_time_unix_secs")
_SUMMED = ("call_duration_secs", "call_successful", "message_count", "cost", "cost_fiat", "rating")
for _name, _columns, _dialect in (
    ("conversations_by_agent", _BY_AGENT, "postgresql"),
    ("conversations_to_sum", (*_BY_AGENT, *_SUMMED, "hiding_reason"), "sqlite"),
):
    sa.Index(_name, *(conversations.c[name] for name in _columns)).ddl_if(dialect=_dialect)
"""SQLite groups quickly only in the order of an index: sums by agent are read from that one alone."""
conversations.info[UNUSED_INDEXES] = {"sqlite": ["conversations_by_agent"]}

UNFINISHED = sa.text(f"status NOT IN ({', '.join(repr(status) for status in sorted(FINAL_STATUSES))})")
IDS_WANTED = sa.text("ids_wanted")
"""Written out, as SQLite uses an index of some rows only where the condition stands in the same words."""
for _name, _where in (("conversations_unfinished", UNFINISHED), ("conversations_ids_wanted", IDS_WANTED)):
    sa.Index(_name, conversations.c.start_time_unix_secs, sqlite_where=_where, postgresql_where=_where)

conversation_texts = sa.Table(
    "conversation_texts",
    metadata,
    sa.Column("conversation_id", sa.String(128), primary_key=True),
    *(sa.Column(name, sa.Text) for name, kind in _KEPT.items() if kind is FieldKind.PROSE),
    sqlite_with_rowid=False,
)

archive_spans = sa.Table(
    "archive_spans",
    metadata,
    sa.Column("since", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("until", sa.BigInteger, nullable=False),
    sa.Column("as_of", sa.Float, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
)
"""Spans of start times `[since, until)` whose conversations are all kept, as of a moment. None overlap."""

archive_state = sa.Table(
    "archive_state",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
"""`secret`: the key of hashes. `account`: whose conversations these are. `lease`: who keeps them true.
`reading_since`: since when `bot sync` reads all again."""

call_ids = sa.Table(
    "call_ids",
    metadata,
    sa.Column("conversation_id", sa.String(128), primary_key=True),
    sa.Column("phone_provider", sa.String(64)),
    sa.Column("call_id", sa.String(512)),
    sa.Column("call_sid", sa.String(512)),
    sa.Column("direction", sa.String(32)),
    sa.Column("agent_number", sa.String(64)),
    sa.Column("external_number", sa.String(64)),
    sa.Column("agent_number_hash", sa.String(32)),
    sa.Column("external_number_hash", sa.String(32)),
    sa.Column("numbers", sa.Text),
    sa.Column("region", sa.String(2)),
    sa.Column("hashed", sa.Boolean),
    sa.Column("masked", sa.Boolean, nullable=False),
    sa.Column("found_at", sa.Float, nullable=False),
    sa.Index("call_ids_by_call_id", "call_id"),
    sa.Index("call_ids_by_call_sid", "call_sid"),
    sa.Index("call_ids_by_age", "found_at"),
)
"""What a detail says of the carrier. Its two numbers are masked; where they are not to be, both are sealed in
`numbers`. `hashed`: whether hashes were made of them, which earlier versions did not."""
NUMBER_HASHES = (call_ids.c.external_number_hash, call_ids.c.agent_number_hash)
for _column in (*NUMBER_HASHES, call_ids.c.region):
    sa.Index(f"call_ids_by_{_column.name}", _column)

_NAMES = tuple(_KEPT)
_PROSE_AT = [at for at, kind in enumerate(_KEPT.values()) if kind is FieldKind.PROSE]
_WORDS_AT = [at for at, kind in enumerate(_KEPT.values()) if kind is FieldKind.WORDS]
_DEFAULTS_AT = [
    (at, default)
    for at, name in enumerate(_NAMES)
    if (default := getattr(Conversation(conversation_id=""), name)) is not None and name != "conversation_id"
]
ALL = sa.select(
    *(
        (conversation_texts if kind is FieldKind.PROSE else conversations).c[name]
        for name, kind in _KEPT.items()
    )
).select_from(
    conversations.outerjoin(
        conversation_texts, conversation_texts.c.conversation_id == conversations.c.conversation_id
    )
)
"""Whole conversations, as `read` takes them."""


class Seal:
    """Encrypts texts with telephone numbers that are not masked: the database alone does not show them.

    AES-GCM with a key made from the database's own and the API key, whose owner can read the numbers anyway.
    """

    def __init__(self, secret: bytes, api_key: str) -> None:
        self._cipher = AESGCM(hmac.new(secret, f"seal {api_key}".encode(), hashlib.sha256).digest())

    @staticmethod
    def is_closed(text: str) -> bool:
        """Whether a text looks encrypted; a plain one that does is encrypted, too, to be told apart."""
        return text.startswith(_SEALED)

    def close(self, text: str) -> str:
        nonce = os.urandom(_NONCE)
        return _SEALED + base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), None)).decode()

    def open(self, text: str | None) -> str | None:
        """Return the plain text, also of one that is not encrypted; None if another key encrypted it."""
        if text is None or not self.is_closed(text):
            return text
        try:
            content = base64.b64decode(text.removeprefix(_SEALED))
            return self._cipher.decrypt(content[:_NONCE], content[_NONCE:], None).decode()
        except (ValueError, InvalidTag):
            return None


def words_of(kept: str | None) -> tuple[str, ...]:
    """Return a list of words as it was before it was kept."""
    return tuple(kept.split(_SEPARATOR)[1:-1]) if kept else ()


def read(found: Iterable[sa.Row[Any]], site: str = SITE, seal: Seal | None = None) -> list[Conversation]:
    """Return rows of `ALL` as values."""
    rows = []
    for row in found:
        values = list(row)
        if seal is not None:
            for at in _PROSE_AT:
                values[at] = seal.open(values[at])
        for at in _WORDS_AT:
            values[at] = words_of(values[at])
        for at, default in _DEFAULTS_AT:
            if values[at] is None:
                values[at] = default
        rows.append(Conversation(**dict(zip(_NAMES, values, strict=True)), site=site))
    return rows


def written(
    row: Conversation, seal: Seal | None = None
) -> tuple[dict[str, object], dict[str, object]] | None:
    """Return a conversation as rows of both tables; None if no database can hold it.

    A text with a number that is not masked is sealed.
    """
    words: dict[str, object] = {}
    texts: dict[str, object] = {"conversation_id": row.conversation_id}
    for name, kind in _KEPT.items():
        value = getattr(row, name)
        if kind is FieldKind.NUMBER and value is not None and not -ABSURD < value < ABSURD:
            return None
        if kind is FieldKind.WORDS:
            if any(_SEPARATOR in word for word in value):
                return None
            value = _SEPARATOR.join(["", *value, ""]) if value else None
        if kind is FieldKind.PROSE and seal is not None and value:
            closing = seal.is_closed(value) or mask_within(value) != value
            value = seal.close(value) if closing else value
        (texts if kind is FieldKind.PROSE else words)[name] = value
    return (words, texts) if fits(conversations, words) and fits(conversation_texts, texts) else None


# --- the API's filters ---

_c = conversations.c

_NUMBER = re.compile("[0-9]{1,15}")
Test = Callable[[list[str]], "sa.ColumnElement[bool] | None"]


def _equal(name: str, *but: str) -> Test:
    """Compare with the one value that the API takes; rows do not say what begins with one of `but`."""

    def test(values: list[str]) -> sa.ColumnElement[bool] | None:
        if len(values) != 1 or values[0].startswith(but):
            return None
        return _c[name] == values[0]

    return test


def _number(name: str, compare: Callable[[Any, int], Any]) -> Test:
    def test(values: list[str]) -> sa.ColumnElement[bool] | None:
        if len(values) != 1 or not _NUMBER.fullmatch(values[0]):
            return None
        found: sa.ColumnElement[bool] = compare(_c[name], int(values[0]))
        return found

    return test


def _any_word(name: str) -> Test:
    """One of some words is in a list of words."""

    def test(values: list[str]) -> sa.ColumnElement[bool] | None:
        column = _c[name]
        marked = [f"{_SEPARATOR}{value}{_SEPARATOR}" for value in values]
        # SQLite's LIKE takes no notice of case, and its function for a position has another name.
        return sa.or_(*(sa.func.replace(column, each, "") != column for each in marked))

    return test


_TESTS: dict[str, Test] = {
    "agent_id": _equal("agent_id", "seng_"),
    "call_successful": _equal("call_successful", "error"),
    "conversation_initiation_source": _equal("conversation_initiation_source", "unknown"),
    "branch_id": _equal("branch_id"),
    "version_id": _equal("version_id"),
    "call_duration_min_secs": _number("call_duration_secs", lambda column, value: column >= value),
    "call_duration_max_secs": _number("call_duration_secs", lambda column, value: column <= value),
    "rating_min": _number("rating", lambda column, value: column >= value),
    "rating_max": _number("rating", lambda column, value: column <= value),
    "main_languages": _c.main_language.in_,
    "termination_reasons": _c.termination_reason.in_,
    "exclude_statuses": _c.status.not_in,
    "tool_names": _any_word("tool_names"),
    "tag_ids": _any_word("tag_ids"),
}
"""The API's parameters that rows can decide, and how; a law holds them equal."""


def of_numbers(hashes: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition for calls from or to a number, and for those that were not looked at yet."""
    theirs = sa.select(call_ids.c.conversation_id).where(
        sa.or_(*(column.in_(hashes) for column in NUMBER_HASHES))
    )
    return sa.or_(_c.conversation_id.in_(theirs), IDS_WANTED, UNFINISHED)


def conditions(params: Sequence[tuple[str, str]]) -> list[sa.ColumnElement[bool]] | None:
    """Return a selection's filters as conditions on rows; None if only the API can decide one of them."""
    tests = []
    for name, pairs in groupby(sorted(params), key=itemgetter(0)):
        values = [value for _, value in pairs]
        test = _TESTS[name](values) if name in _TESTS and all(values) else None
        if test is None or any("\x00" in value for value in values):
            return None
        tests.append(test)
    return tests
