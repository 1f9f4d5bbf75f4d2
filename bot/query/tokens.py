"""Text -> tokens: words, quoted names, `key:value` pairs, punctuation.

Slack's own escapes (`&lt;`, `<https://…|label>`) are undone here, so that one parser serves the command, a
mention, a direct message and the command line. Everything is linear in the length of the text.
"""

# ruff: noqa: RUF001, PLR2004
# Phones type curly quotes and long dashes; a length compared here says what it is in its own line.

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

MAX_TEXT = 4000
"""Characters of a question that are read; a longer text is refused with a reason."""
MAX_TOKENS = 120
"""Pairs, words and marks that are read."""
MAX_WORDS = 60
"""Words outside pairs and quotes that are read: no sentence is longer, and each costs time."""

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
"""Marks that show nothing (writing direction, zero width): removed wherever they stand."""
_TYPED = str.maketrans({"’": "'"} | dict.fromkeys("‐‑‒–—−", "-"))
"""Signs that phones and word processors put for an apostrophe and a hyphen."""
_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^<>|\s]*)(?:\|([^<>]*))?>")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_ESCAPE = re.compile(r"&(?=(?:amp|lt|gt);)|<(?=(?:https?://|mailto:|tel:|[@#!]))")
_CLOSERS = {"“": '”“"', "”": '”"', "„": '“”"', "‟": '”"', "«": "»", "»": "«", '"': '"', "‘": "’", "'": "'"}
_DOUBLE = frozenset('“”„‟«»"')
_PAIR = re.compile(r"([-−–!]?)([A-Za-z][A-Za-z_-]{0,23})(:|=)")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])")
_WORD = re.compile(r"(?:(?!\.\.)[^\s\"“”„‟«»,;?!()\[\]{}<>=≤≥…])+")
_NOT = re.compile(r"[-−!](?=[^\W\d_])")
"""A minus (or “!”) glued to a word."""
_IN_ANGLES = re.compile(r"[<‹]((?:conv_|SCL_|CA|ca)[A-Za-z0-9_-]+)[>›]")
"""An id as a template or a log shows it."""
_OPERATOR = re.compile(r"[<>!]=|=[<>]|[<>=≤≥]")
_URL = re.compile(r"https?://[^\s<>\"“”]+")
_SHORTCODE = re.compile(r":[a-z0-9_+'-]+:")
_SLACK_REF = re.compile(r"<[@#!][^<>\s]*>")
_BARE_VALUE = re.compile(r"[^\s\"“”„‟«»,]+")
_OPERATORS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    QUOTED = "quoted"
    PAIR = "pair"
    MARK = "mark"
    """Punctuation: never a word, so never unknown; a comma joins, `..` makes a range."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of a pair's value: quoted text, or the bare text around it."""

    text: str
    quoted: bool = False


Item = tuple[Segment, ...]
"""One of the comma-separated values of a pair."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text."""

    kind: Kind
    text: str
    """As typed: this is what is named when it is not understood."""
    word: str = ""
    """Case-folded form that phrases match; empty for quoted text and pairs."""
    key: str = ""
    negated: bool = False
    items: tuple[Item, ...] = ()
    closed: bool = False
    """A full stop stood after the word: a sentence, or what is counted, ended."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text taken apart."""

    tokens: tuple[Token, ...]
    too_long: bool = False
    open_quote: bool = False
    """A quotation mark was opened and never closed; the rest of the text counts as quoted."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text: long lists of words read better as text."""
    return frozenset(text.split())


def item_text(item: Item) -> str:
    """Return the plain text of one value, quotes taken off."""
    return clean_value("".join(segment.text for segment in item))


def clean_value(text: str) -> str:
    """Return a value as it is kept: one line, no invisible marks, single spaces."""
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text).split())


def quote(value: str) -> str:
    """Return a value as canonical text has it: quoted, so that any text reads back as itself."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = _ESCAPE.sub(lambda m: "&amp;" if m.group() == "&" else "&lt;", escaped)
    return f'"{escaped}"'


_PLAIN = re.compile(r"(?!-)[A-Za-z0-9_.+-]*[A-Za-z0-9_+-]")


def bare_or_quoted(value: str) -> str:
    """Return a value without quotes where none are needed."""
    return value if _PLAIN.fullmatch(value) and ".." not in value else quote(value)


def plain_text(text: str) -> str:
    """Undo what Slack does to a message's text, and drop what cannot be seen."""
    text = text.translate(_INVISIBLE)
    text = _LINK.sub(lambda m: _link(m.group(1), m.group(2)), text)
    text = _ENTITY.sub(lambda m: _ENTITIES[m.group(1)], text)
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text)
    return unicodedata.normalize("NFC", text)


def _link(url: str, label: str | None) -> str:
    """Return what the person typed: the address of a web link, the label of one that Slack made up."""
    if url.startswith(("mailto:", "tel:")):
        return label or url.partition(":")[2]
    bare = url.partition("//")[2]
    return label if label and label.rstrip("/") == bare.rstrip("/") else url


def fold(word: str) -> str:
    """Return the form of a word that phrases are written in."""
    word = word.translate(_TYPED).casefold()
    return word.removesuffix("'s")


def tokenise(text: str, keys: frozenset[str]) -> Tokens:
    """Take a text apart; `keys` are the known words before a colon (or an equals sign)."""
    plain = plain_text(text[: MAX_TEXT + 1])
    scanner = _Scanner(plain[:MAX_TEXT], keys)
    tokens = scanner.tokens()
    too_long = len(text) > MAX_TEXT or len(plain) > MAX_TEXT or len(tokens) > MAX_TOKENS
    return Tokens(tuple(tokens[:MAX_TOKENS]), too_long, scanner.open_quote)


class _Scanner:
    def __init__(self, text: str, keys: frozenset[str]) -> None:
        self.text = text
        self.keys = keys
        self.at = 0
        self.open_quote = False

    def tokens(self) -> list[Token]:
        found: list[Token] = []
        while self.at < len(self.text) and len(found) <= MAX_TOKENS:
            char = self.text[self.at]
            if char.isspace():
                self.at += 1
            else:
                found.extend(self._pair() or self._quoted(char) or self._other())
        return found

    def _pair(self) -> list[Token] | None:
        match = _PAIR.match(self.text, self.at)
        if match is None:
            return None
        minus, key, sign = match.group(1), match.group(2).casefold().replace("_", "-"), match.group(3)
        if sign == "=" and key not in self.keys:
            return None
        if self.text.startswith("//", match.end()):  # https://…
            return None
        start, self.at = self.at, match.end()
        if sign == "=" and self.text.startswith(("<", ">", "="), self.at):
            self.at = start
            return None
        items = self._items()
        typed = self.text[start : self.at]
        if not items and key not in self.keys:  # "please note:" is a word with a colon after it
            return [Token(Kind.WORD, match.group(2), fold(match.group(2)))]
        return [Token(Kind.PAIR, typed, key=key, negated=bool(minus), items=items)]

    def _items(self) -> tuple[Item, ...]:
        """Read `a,"b c",d` from here."""
        items: list[Item] = []
        segments: list[Segment] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace():
                break
            if char == ",":
                if segments:
                    items.append(tuple(segments))
                segments = []
                self.at += 1
            elif char in _DOUBLE:
                quoted, _ = self._read_quoted(char)
                segments.append(Segment(quoted, quoted=True))
            elif char in "'‘" and not segments and (end := self._single_end(char)) > 0:
                segments.append(Segment(self.text[self.at + 1 : end], quoted=True))
                self.at = end + 1
            else:
                match = _BARE_VALUE.match(self.text, self.at)
                if match is None:  # pragma: no cover - every other character starts a bare value
                    break
                self.at = match.end()
                segments.append(Segment(match.group()))
        if segments and not segments[-1].quoted:
            trimmed = segments[-1].text.rstrip("?!;)")
            segments[-1:] = [Segment(trimmed)] if trimmed else []
        if segments:
            items.append(tuple(segments))
        return tuple(items)

    def _read_quoted(self, opener: str) -> tuple[str, bool]:
        """Read quoted text from its opening mark; returns it and whether it was closed."""
        closers = _CLOSERS[opener]
        parts: list[str] = []
        at = self.at + 1
        while at < len(self.text):
            char = self.text[at]
            if char == "\\" and self.text[at + 1 : at + 2] in {'"', "\\"}:
                parts.append(self.text[at + 1])
                at += 2
            elif char in closers:
                self.at = at + 1
                return "".join(parts), True
            else:
                parts.append(char)
                at += 1
        if opener == '"':  # a phone may close a straight quote with a curly one
            end = min((i for i in (self.text.find(c, self.at + 1) for c in "”“") if i > 0), default=-1)
            if end > 0:
                quoted = self.text[self.at + 1 : end]
                self.at = end + 1
                return quoted, True
        self.at = len(self.text)
        self.open_quote = True
        return "".join(parts), False

    def _single_end(self, char: str) -> int:
        """Return where text in single quotation marks ends, or -1 where the mark is an apostrophe."""
        closers = _CLOSERS[char] + "'’"
        ends = [i for i in (self.text.find(c, self.at + 1) for c in closers) if i > 0]
        end = min(ends, default=-1)
        after = self.text[end + 1 : end + 2]
        return -1 if after and (after.isalnum() or after == "_") else end

    def _quoted(self, char: str) -> list[Token] | None:
        if char in _DOUBLE:
            start = self.at
            quoted, _ = self._read_quoted(char)
            typed = self.text[start : self.at]
        elif char in "'‘":
            end = self._single_end(char)
            if end < 0:
                self.at += 1
                return [Token(Kind.MARK, char)]
            quoted, typed = self.text[self.at + 1 : end], self.text[self.at : end + 1]
            self.at = end + 1
        else:
            return None
        value = clean_value(quoted)
        return (
            [Token(Kind.QUOTED, typed, items=((Segment(value, quoted=True),),))]
            if value
            else [Token(Kind.MARK, typed)]
        )

    def _other(self) -> list[Token]:
        return self._taken() or self._mark()

    def _taken(self) -> list[Token]:  # noqa: PLR0911 - one form after the other
        for pattern in (_URL, _SLACK_REF, _SHORTCODE):
            if match := pattern.match(self.text, self.at):
                self.at = match.end()
                typed = match.group().rstrip(".,;!?)")
                return [Token(Kind.WORD, typed, typed.casefold())]
        if match := _IN_ANGLES.match(self.text, self.at):
            self.at = match.end()
            return [Token(Kind.WORD, match.group(1), fold(match.group(1)))]
        if (match := _NOT.match(self.text, self.at)) and (
            self.at == 0 or self.text[self.at - 1] in " \t\n(,"
        ):
            self.at = match.end()
            return [Token(Kind.WORD, match.group(), "not")]
        if match := _OPERATOR.match(self.text, self.at):
            self.at = match.end()
            return [Token(Kind.WORD, match.group(), _OPERATORS.get(match.group(), match.group()))]
        if match := _NUMBER.match(self.text, self.at):
            self.at = match.end()
            return [Token(Kind.WORD, match.group(), match.group().replace(",", ""))]
        if match := _WORD.match(self.text, self.at):
            self.at = match.end()
            return _words(match.group())
        return []

    def _mark(self) -> list[Token]:
        start = self.at
        self.at += 1
        if self.text.startswith("..", start) or self.text[start] == "…":
            while self.text[self.at : self.at + 1] in {".", "…"}:
                self.at += 1
            return [Token(Kind.MARK, "..")]
        return [Token(Kind.MARK, self.text[start])]


def _words(run: str) -> list[Token]:
    """Return the word of a run without spaces, its decoration and closing punctuation taken off."""
    core = run.strip("*`~").rstrip(".:'’")
    if len(core) > 2 and core[0] == core[-1] == "_":
        core = core.strip("_")
    core = core.strip("*`~").lstrip(".:’") or core
    if not any(_is_content(c) for c in core):
        return [Token(Kind.MARK, run)]
    if core[:4].casefold() == "non-" and len(core) > 4:
        return [Token(Kind.WORD, core[:3], "non"), Token(Kind.WORD, core[4:], fold(core[4:]))]
    return [Token(Kind.WORD, core, fold(core), closed=run.rstrip("*`~'’").endswith((".", ":")))]


def _is_content(char: str) -> bool:
    """Whether a character says something: letters, digits, symbols such as emoji; not punctuation."""
    return unicodedata.category(char)[0] in "LNMS" or char in "&%#@"
