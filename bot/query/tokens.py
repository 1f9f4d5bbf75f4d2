"""Text -> tokens: words, quoted names, `key:value` pairs, punctuation.

Slack's own escapes (`&lt;`, `<https://…|label>`) are undone here, so that one parser serves the command, a
mention, a direct message and the command line. Everything is linear in the length of the text.
"""

# ruff: noqa: RUF001
# Phones type curly quotes and long dashes.

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
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
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_TYPED = str.maketrans({"’": "'"} | dict.fromkeys("‐‑‒–—−", "-"))
"""Signs that phones and word processors put for an apostrophe and a hyphen."""
_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^<>|\s]*)(?:\|([^<>]*))?>")
_ESCAPED_LINK = re.compile(
    r"&lt;((?:https?://|mailto:|tel:)(?:(?!&gt;)[^<>|\s])*)(?:\|((?:(?!&gt;)[^<>])*))?&gt;"
)
_QUOTED_LINE = re.compile(r"(?m)^[ \t]*>+[ \t]*(?=[^\s\d=.])")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_ESCAPE = re.compile(r"&(?=(?:amp|lt|gt);)|<(?=(?:https?://|mailto:|tel:|[@#!]))")

_CLOSERS = {"“": '”“"', "”": '”"', "„": '“”"', "‟": '”"', "«": "»", "»": "«", '"': '"'}
"""Double quotation marks, and what may close each."""
_QUOTED = {
    opener: re.compile(rf'((?:\\["\\]|(?!\\["\\])[^{closers}])*)([{closers}])?', re.DOTALL)
    for opener, closers in _CLOSERS.items()
}
_STRAIGHT_TO_CURLY = re.compile("([^”“]*)[”“]")
"""A phone may close a straight quotation mark with a curly one."""
_SINGLE = re.compile(r"([^'’]*)['’](?!\w)")
"""The rest of a text in single quotation marks; a mark inside a word is an apostrophe."""
_ESCAPED = re.compile(r'\\(["\\])')
_PAIR = re.compile(r"([-−–!]?)([A-Za-z][A-Za-z_-]{0,23})(?:(:)|=(?![<>=]))(?!//)")
_BARE_VALUE = re.compile(r"[^\s\"“”„‟«»,]+")
_PIECE = re.compile(
    r"""
      (?P<reference> https?://[^\s<>"“”]+ | <[@#!][^<>\s]*> | :[a-z0-9_+'-]+: )
    | [<‹](?P<id> (?:conv_|SCL_|CA|ca)[A-Za-z0-9_-]+ )[>›]        # an id as a template or a log shows it
    | (?P<negation> (?<![^ \t\n(,])[-−!](?=[^\W\d_]) )            # a minus (or “!”) glued to a word
    | (?P<operator> [<>!]= | =[<>] | [<>=≤≥] )
    | (?P<number> \d{1,3}(?:,\d{3})+(?![\d,]) )
    | (?P<decimal> \d{1,2},\d{1,2}(?=[ ]?(?:h|hours?|hrs?|min|mins|minutes?|days?|weeks?|months?)\b) )
    | (?P<stars> (?<![^\s(])[1-5](?:\*|[⭐★🌟]\ufe0f?)(?![^\s,.;!?)]) )
    | (?P<around> (?<![^\s(])~(?=[ ]?\d)(?![^\n]*~) )             # “~3pm”, and no text that is struck out
    | (?P<ellipsis> (?:\.\.|…)[.…]* )
    | (?P<word> (?:(?!\.\.)[^\s"“”„‟«»,;?!()\[\]{}<>=≤≥…])+ )
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_CUT_IDS = frozenset({"conv_", "SCL_", "agent_", "seng_"})
_OPERATORS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_PLAIN = re.compile(r"(?!-)[A-Za-z0-9_.+-]*[A-Za-z0-9_+-]")


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

    @property
    def name(self) -> str:
        """The token as a name: the text in quotes, else as typed."""
        return item_text(self.items[0]) if self.kind is Kind.QUOTED else self.text


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
    return " ".join(_CONTROL.sub(" ", text).split())


def quote(value: str) -> str:
    """Return a value as canonical text has it: quoted, so that any text reads back as itself."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = _ESCAPE.sub(lambda m: "&amp;" if m.group() == "&" else "&lt;", escaped)
    return f'"{escaped}"'


def bare_or_quoted(value: str) -> str:
    """Return a value without quotes where none are needed."""
    return value if _PLAIN.fullmatch(value) and ".." not in value else quote(value)


def plain_text(text: str) -> str:
    """Undo what Slack does to a message's text, and drop what cannot be seen."""
    text = as_read(_QUOTED_LINE.sub("", unescaped(text.translate(_INVISIBLE))))
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", text))


def unescaped(text: str) -> str:
    """Return a text of Slack's as it was typed: its links and entities undone, mentions left."""
    text = _ESCAPED_LINK.sub(_link, _LINK.sub(_link, text))
    return _ENTITY.sub(lambda m: _ENTITIES[m.group(1)], text)


def _link(found: re.Match[str]) -> str:
    """Return what the person typed: the address of a web link, the label of one that Slack made up."""
    url, label = found[1], found[2]
    if url.startswith(("mailto:", "tel:")):
        return label or url.partition(":")[2]
    bare = url.partition("//")[2]
    return label if label and label.rstrip("/") == bare.rstrip("/") else url


def fold(word: str) -> str:
    """Return the form of a word that phrases are written in."""
    plain = word if word.isascii() else word.translate(_TYPED)
    return plain.casefold().removesuffix("'s")


def word_token(text: str) -> Token:
    """Return a text as a word."""
    return Token(Kind.WORD, text, fold(text))


def tokenise(text: str, keys: frozenset[str] = frozenset()) -> Tokens:
    """Take a text apart; `keys` are the known words before a colon (or an equals sign)."""
    plain = plain_text(text[: MAX_TEXT + 1])
    scanner, found = _Scanner(plain[:MAX_TEXT]), list[Token]()
    while scanner.at < len(scanner.text) and len(found) <= MAX_TOKENS:
        start, char = scanner.at, scanner.text[scanner.at]
        pair = _PAIR.match(scanner.text, start)
        key = pair[2].casefold().replace("_", "-") if pair else ""
        if char.isspace():
            scanner.at += 1
        elif pair and (pair[3] or key in keys):
            items = scanner.items(pair.end())
            typed = scanner.text[start : scanner.at]
            known = items or key in keys  # "please note:" is a word with a colon after it
            read = Token(Kind.PAIR, typed, key=key, negated=bool(pair[1]), items=items)
            found.append(read if known else word_token(pair[2]))
        elif char in _CLOSERS or char in "'‘":
            found.append(scanner.quoted(char))
        elif piece := _PIECE.match(scanner.text, start):
            scanner.at = piece.end()
            found += _piece_tokens(piece)
    too_long = len(text) > MAX_TEXT or len(plain) > MAX_TEXT or len(found) > MAX_TOKENS
    return Tokens(tuple(found[:MAX_TOKENS]), too_long, scanner.open_quote)


@dataclass
class _Scanner:
    """Reads values and quotes from a position on."""

    text: str
    at: int = 0
    open_quote: bool = False

    def items(self, start: int) -> tuple[Item, ...]:
        """Read `a,"b c",d`."""
        self.at = start
        items: list[list[Segment]] = [[]]
        while self.at < len(self.text) and not (char := self.text[self.at]).isspace():
            if char == ",":
                items.append([])
                self.at += 1
            elif char in _CLOSERS:
                items[-1].append(Segment(self._read_quoted(char), quoted=True))
            elif not items[-1] and char in "'‘" and (quoted := self._read_single()) is not None:
                items[-1].append(Segment(quoted, quoted=True))
            elif bare := _BARE_VALUE.match(self.text, self.at):
                self.at = bare.end()
                items[-1].append(Segment(bare.group()))
        last = items[-1]
        if last and not last[-1].quoted:
            trimmed = last[-1].text.rstrip("?!;)")
            last[-1:] = [Segment(trimmed)] if trimmed else []
        return tuple(tuple(item) for item in items if item)

    def quoted(self, char: str) -> Token:
        start = self.at
        quoted = self._read_quoted(char) if char in _CLOSERS else self._read_single()
        if quoted is None:
            self.at += 1
            return Token(Kind.MARK, char)
        typed, value = self.text[start : self.at], clean_value(quoted)
        if not value:
            return Token(Kind.MARK, typed)
        return Token(Kind.QUOTED, typed, items=((Segment(value, quoted=True),),))

    def _read_quoted(self, opener: str) -> str:
        """Read the text after a double quotation mark, up to its end or that of the whole text."""
        start = self.at + 1
        if (match := _QUOTED[opener].match(self.text, start)) and match[2]:
            self.at = match.end()
            return _ESCAPED.sub(r"\1", match[1])
        if opener == '"' and (curly := _STRAIGHT_TO_CURLY.match(self.text, start)):
            self.at = curly.end()
            return curly[1]
        self.at = len(self.text)
        self.open_quote = True
        return _ESCAPED.sub(r"\1", self.text[start:])

    def _read_single(self) -> str | None:
        """Read the text in single quotation marks; None where the mark is an apostrophe."""
        match = _SINGLE.match(self.text, self.at + 1)
        if match is None:
            return None
        self.at = match.end()
        return match[1]


def _piece_tokens(piece: re.Match[str]) -> list[Token]:
    """Return the tokens of a match of `_PIECE`."""
    typed, kind = piece.group(), piece.lastgroup
    if kind == "word":
        parts = [typed] if typed.isascii() else split_emoji(typed)
        return [token for part in parts for token in _words(part)]
    if kind == "stars":
        bold = typed.endswith("*") and piece.string.count("*", 0, piece.start()) % 2  # "*rated 5* calls"
        return [word_token(typed[0]), *([] if bold else [Token(Kind.WORD, typed[1:], "stars")])]
    if kind == "id":
        return [word_token(piece["id"])]
    if kind in {None, "ellipsis"}:
        return [Token(Kind.MARK, ".." if kind else typed)]
    typed = typed.rstrip(".,;!?)") if kind == "reference" else typed
    word = {
        "reference": typed.casefold(),
        "negation": "not",
        "around": "around",
        "operator": _OPERATORS.get(typed, typed),
        "number": typed.replace(",", ""),
        "decimal": typed.replace(",", "."),
    }
    return [Token(Kind.WORD, typed, word[str(kind)])]


def _words(run: str) -> list[Token]:
    """Return the word of a run without spaces, its decoration and closing punctuation taken off."""
    if run.isalnum():
        return [word_token(run)]
    core = run.strip("*`~").rstrip(".:'’")
    inner = core.strip("_")
    if (
        (core[:1] == "_" or core[-1:] == "_")
        and inner
        and core not in _CUT_IDS
        and ("_" not in inner or core[0] == core[-1])
    ):
        core = inner  # italics, also over several words: “_since last monday_”
    core = core.strip("*`~").lstrip(".:’") or core
    # Letters, digits and symbols such as emoji say something; punctuation does not.
    if not core[:1].isalnum() and not any(
        unicodedata.category(char)[0] in "LNMS" or char in "&%#@" for char in core
    ):
        return [Token(Kind.MARK, run)]
    prefix, rest = core[:4], core[4:]
    if prefix.casefold() == "non-" and rest:
        return [Token(Kind.WORD, prefix[:3], "non"), word_token(rest)]
    return [Token(Kind.WORD, core, fold(core), closed=run.rstrip("*`~'’").endswith((".", ":")))]


# --- emoji ---

_TELLING_EMOJI = re.compile(
    r":(?:flag-.*|[a-z]{2}|.*star.*|.*check.*|x|.*thumbsdown.*|-1|.*circle.*|.*mark.*):"
)
"""Slack's names of emoji that may say something about calls: a language, a rating, a result."""


def courtesy_emoji(word: str) -> bool:
    """Whether a word is only emoji that say nothing about calls; flags, stars and signs may say something."""
    if len(word) > 2 and word[0] == word[-1] == ":":  # noqa: PLR2004 - “::” is no emoji
        return _TELLING_EMOJI.fullmatch(word) is None
    return bool(word) and all(map(courtesy_sign, word))


def split_emoji(run: str) -> list[str]:
    """Return a run without spaces, the emoji glued to its word apart; flags stay with a name."""
    start, end = 0, len(run)
    while start < end and courtesy_sign(run[start]):
        start += 1
    while end > start and courtesy_sign(run[end - 1]):
        end -= 1
    return [part for part in (run[:start], run[start:end], run[end:]) if part]


def courtesy_sign(char: str) -> bool:
    """Whether a character belongs to an emoji that says nothing about calls."""
    if char in _JOINING_SIGNS:
        return True
    return unicodedata.category(char) == "So" and char not in _TELLING_SIGNS and not "🇦" <= char <= "🇿"


_JOINING_SIGNS = frozenset("\ufe0f\u200d🏻🏼🏽🏾🏿")
_TELLING_SIGNS = frozenset("⭐🌟★☆✅❌✔✖👎☑🔴🟢🟡❎")


_MENTION = re.compile(r"<([@#][A-Z0-9]+|![A-Za-z^A-Z0-9]+)(?:\|([^<>]*))?>")
_SPECIAL = 9
"""Ids are longer; `!here`, `!channel` and `!everyone` need no name."""


def unnamed(text: str) -> tuple[str, ...]:
    """Return the mentions in a text that Slack gave no name with: `@U…`, `#C…`, `!subteam^S…`."""
    return tuple(
        dict.fromkeys(kind for kind, label in _MENTION.findall(text) if not label and len(kind) > _SPECIAL)
    )


def named(text: str, names: Mapping[str, str]) -> str:
    """Return a text with these names for its mentions; channels keep their ids, which commands need."""

    def name(found: re.Match[str]) -> str:
        kind, label = found[1], found[2] or re.sub(r"[<>|\s]+", "_", names.get(found[1], ""))
        if kind[0] == "#":
            return f"<{kind}|{label}>" if label else found[0]
        return f"@{'_'.join(label.lstrip('@').split())}" if label else _mention(found)

    return _MENTION.sub(name, text)


def as_read(text: str) -> str:
    """Return a text with every mention as it reads: no markup of Slack's."""
    return _MENTION.sub(_mention, text)


def _mention(found: re.Match[str]) -> str:
    """Return how a mention of a person, a group or a channel reads: by name where Slack gives one."""
    kind, label = found[1], (found[2] or "").lstrip("@#!")
    if not label:
        label = "channel" if kind[0] == "#" else kind[1:] if kind[0] == "!" and "^" not in kind else "someone"
    return f"{'#' if kind[0] == '#' else '@'}{'_'.join(label.split())}"
