"""What is typed in a fixed form: `key:value`, before it is read as words, and ids of calls.

Of pairs `since:X` is read as words; values may be parted by slashes, or stand after a blank. Of an id it is
said which kind it is, and what is wrong with a damaged one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from bot.query.filters import BY_KEY, Filter
from bot.query.filters.collected import COMPARING, split_test
from bot.query.grammar import KEYS, TIME_KEYS, QuestionText
from bot.query.numbers import SECONDS, glued
from bot.query.phrases import Text, TimePair
from bot.query.time.calendar import (
    CALENDAR,
    CLOCK_WORDS,
    DAYS,
    MONTHS,
    UNITS,
    ZONE,
    ZONE_WORDS,
    SaidZone,
    spoken_clocks,
    take_zone,
)
from bot.query.tokens import (
    MAX_WORDS,
    Item,
    Kind,
    Segment,
    Token,
    fold,
    item_text,
    plain_text,
    tokenise,
    word_set,
    word_token,
)
from bot.query.values import Misread, Value
from bot.query.vocabulary import NEGATIONS, PRONOUNS, SENDING, STOP

_NUMBERED = re.compile(r"\s*\d{1,2}[.)]\s+(?=([^\W\d_]+))")
"""The number of a line that was copied from a list: "1. failed calls"."""
_AFTER_ORDINAL = word_set("of day week quarter half month to") | MONTHS.keys()
"""Words that make such a number one of a date."""
_LAST_ONES = CALENDAR | DAYS.keys() | MONTHS.keys() | {"weekend", "night"}
"""What may follow "last:", which else takes a number of calls."""
_OPEN_QUOTE = "A quotation mark is opened but not closed: close it, so that it is clear where the name ends."
_WHICH = word_set("last previous this current next")
_SIGNS = word_set("< > <= >= = ≤ ≥")
_SAID_NOT = "is not equal to, is other than, is not, not equal to, other than, was not, < >, !=, ≠, not"
_IS_NOT = [words.split() for words in _SAID_NOT.split(", ")]
_BEGIN_NOT = {words[0] for words in _IS_NOT}
"""What excludes the value after it."""
_FACTS = word_set("result status direction lang source rating")
"""Filters after whose name a “not” alone excludes: “status not done”."""
_PLACES = PRONOUNS | word_set("ok or in hi am an as at be do no so")
"""Small words that in capitals after “from”, “to” or “in” are the code of a place."""
_LONGEST_PLACE = 4
_SHORTENED = """
    w/=with w/o=without w/out=without b/w=between btwn=between frm=from b4=before abt=about yday=yesterday
"""
_SHORT_FOR = {short: word for short, _, word in (pair.partition("=") for pair in _SHORTENED.split())} | {
    word.replace("'", ""): word for word in NEGATIONS if "'" in word
}
_PARTING = re.compile(r"[-/]|(?<=^top)(?=\d)|(?<=^last)(?=\d)|(?<=^first)(?=\d)")
_MOST_PARTS = 6
_CONVERSATION_KEYS = word_set("id conversation conversation-id conv")


def prepare(text: str) -> QuestionText:
    """Take a text apart. One that is too long has no words: reading them would only add to its refusal."""
    numbered = _NUMBERED.match(text[:40])
    if numbered and fold(numbered.group(1)) not in _AFTER_ORDINAL:
        text = text[numbered.end() :]
    taken = tokenise(text, KEYS)
    read, zone, problem = _reworded(taken.tokens)
    tokens: list[Token] = []
    time_pairs: dict[int, TimePair] = {}
    for at, token in enumerate(read):
        if token.kind is Kind.PAIR:
            following = read[at + 1].word if at + 1 < len(read) else ""
            said, is_time = _as_words(token, following)
            if is_time:
                time_pairs[len(tokens)] = TimePair(token.text, len(tokens) + len(said), token.negated)
            tokens += said
        elif token.kind is Kind.WORD and _PARTING.search(token.word, 1):
            tokens += _apart(token)
        else:
            tokens.append(token)
    if taken.too_long or sum(token.kind is not Kind.PAIR for token in tokens) > MAX_WORDS:
        return QuestionText((), too_long=True)
    problems = tuple(filter(None, (_OPEN_QUOTE if taken.open_quote else "", problem)))
    return QuestionText(tuple(tokens), time_pairs, zone, problems)


def _reworded(tokens: Sequence[Token]) -> tuple[Sequence[Token], SaidZone | None, str]:
    """Return tokens as phrases have them, without the time zone that they name; and why it cannot be."""
    words = {token.word for token in tokens}
    zone, problem = None, ""
    if words & _SHORT_FOR.keys():
        tokens = [replace(token, word=_SHORT_FOR.get(token.word, token.word)) for token in tokens]
    if words & CLOCK_WORDS:
        tokens = spoken_clocks(tokens)
    if any(word in ZONE_WORDS or ZONE.fullmatch(word) for word in words):
        tokens, zone, problem = take_zone(tokens)
    if words & _PLACES:
        tokens = _names_of_places(tokens)
    if words & _BEGIN_NOT:
        tokens = _excluding_pairs(tokens)
    return tokens, zone, problem


def _names_of_places(tokens: Sequence[Token]) -> list[Token]:
    """Let pronouns that are none match no phrase: “calls from the US”, “calls from him”."""
    shouted = all(token.text.isupper() or len(token.text) < 2 for token in tokens if token.word.isalpha())  # noqa: PLR2004
    read = [*tokens]
    for at, token in enumerate(tokens):
        if len(token.word) > _LONGEST_PLACE or token.kind is not Kind.WORD or token.word not in _PLACES:
            continue
        before = [each.word for each in tokens[max(0, at - 2) : at]]
        named = before[-1:] == ["the"] or (bool(before) and before[-1] in {"in", "within"})
        if token.word != "us":
            named = bool(before) and (before[-1] in {"from", "in"} or before == ["to", "the"])
        behind = {"from", "in", "to"} & set(before)
        sent = any(each.word in SENDING for each in tokens[:at])
        capital = token.text.isupper() and not shouted and (token.word in PRONOUNS or bool(behind))
        if capital or (token.word in PRONOUNS and behind and named and not sent):
            read[at] = replace(token, word=token.word.upper())
    return read


def _excluding_pairs(tokens: Sequence[Token]) -> list[Token]:
    """Read "status != done" and "status is not done" as -status:done."""
    read: list[Token] = []
    at = 0
    while at < len(tokens):
        which = BY_KEY.get(tokens[at].word) if tokens[at].word else None
        sign = 0
        if which is not None and not which.spaced:
            said = [token.word for token in tokens[at + 1 : at + 5]]
            signs = _IS_NOT if which.key in _FACTS else _IS_NOT[:-1]
            sign = next((len(words) for words in signs if said[: len(words)] == words), 0)
        end = at + 1 + sign
        if not sign or end >= len(tokens):
            read.append(tokens[at])
            at += 1
            continue
        value = tokens[end]
        if value.kind in {Kind.WORD, Kind.QUOTED} and value.word not in STOP:
            typed = " ".join(token.text for token in tokens[at : end + 1])
            read.append(Token(Kind.PAIR, typed, key=tokens[at].word, negated=True, items=(_item(value),)))
        else:
            read += tokens[at : end + 1]
        at = end + 1
    return read


def _apart(token: Token) -> list[Token]:
    """Read a slash between values of one filter as "or" ("german/french"), a hyphen as a blank ("top-5").

    So is the slash of "w/feedback" one. A word that says something as it stands is left.
    """
    first, *rest = words = [word_token(part) for part in _PARTING.split(token.text)]
    if len(words) > _MOST_PARTS or not all(word.word for word in words) or token.word[0].isdecimal():
        return [token]
    if first.word == "w":
        return [replace(first, word="with"), *rest] if len(rest[0].word) > 1 else [token]
    if QuestionText([token]).found(0) is not None:
        return [token]
    if "/" not in token.text:
        said, at, keys = QuestionText(words), 0, set[str]()
        while at < len(words) and (found := said.found(at)) is not None and found.problem is None:
            at, keys = found.end, {*keys, found.key}
        return words if at == len(words) and keys - {""} else [token]
    keys = {QuestionText([word]).key(0) for word in words}
    if "" in keys or len(keys) > 1:
        return [token]
    return [each for word in words for each in (Token(Kind.WORD, "/", "or"), word)][1:]


def _as_words(token: Token, following: str) -> tuple[list[Token], bool]:
    """Return the words that a pair is read as, or the pair; and whether they are a time."""
    value = item_text(token.items[0]).casefold() if token.items else ""
    which = BY_KEY.get(token.key)
    if which is not None and not token.negated:
        length = which.key == "duration" and len(token.items) == 1 and value.isdecimal()
        if length and (following in SECONDS or following == "to"):  # "duration:5 minutes"
            return [Token(Kind.WORD, token.text, word) for word in ("duration", value)], False
        if all(item_text(item) in _SIGNS and not any(s.quoted for s in item) for item in token.items):
            signs = [tokenise(item_text(item)).tokens[0] for item in token.items]  # "rating: 2 or less"
            return [Token(Kind.WORD, token.text, token.key, key=token.key), *signs], False
    said = TIME_KEYS.get(token.key, "")
    if token.key == "week" and value.isdecimal():
        said = "week"
    elif token.key == "last" and (value in _LAST_ONES or ((part := glued(value)) and part[1] in UNITS)):
        said = "last"  # "last:7d"
    elif not said:
        return [token], False
    if not token.negated and token.key in CALENDAR and value in _WHICH:
        return [Token(Kind.WORD, token.text, word) for word in (value, token.key)], True  # "week:last"
    words = [each for item in token.items for each in tokenise(item_text(item)).tokens]
    introduced = Token(Kind.WORD, token.text, said)
    return [introduced, *(word for word in words if word.kind is not Kind.PAIR)], True


# --- values ---


def items_after(
    text: Text, token: Token, at: int, which: Filter[Value] | None
) -> tuple[tuple[Item, ...], int]:
    """Return the values of the pair at a position, and the position after them."""
    end, items = at + 1, token.items
    if not items and end < len(text) and text.tokens[end].kind is not Kind.PAIR:
        items, end = (_item(text.tokens[end]),), end + 1
    if which is None or not which.spaced or len(items) != 1 or end + 1 >= len(text):
        return items, end
    value = text.tokens[end + 1]  # "data:order_id = 123"
    compared = text.word(end) in COMPARING and value.kind in {Kind.WORD, Kind.QUOTED}
    if not compared or split_test(items[0])[1] is not None:
        return items, end
    return ((*items[0], Segment(text.word(end)), *_item(value)),), end + 2


def _item(token: Token) -> Item:
    return token.items[0] if token.items else (Segment(token.text),)


def ids_after(token: Token, items: tuple[Item, ...]) -> list[CallRef]:
    """Return the ids after `call:` or `id:`. Raises Misread when there is none."""
    values = [item_text(item) for item in items]
    for value in values:
        if problem := damaged_id(value):
            raise Misread(problem)
    conversation = token.key in _CONVERSATION_KEYS
    refs = [ref for value in values if (ref := named_id(value, conversation=conversation))]
    if not refs:
        raise Misread(f"“{token.text}” needs an id, such as call:CA… or id:conv_….")
    return refs


# --- ids ---

IdKind = Literal["conversation_id", "call_sid", "scl", "sip_call_id"]


@dataclass(frozen=True, slots=True)
class CallRef:
    """An id of a call: ElevenLabs' own, a carrier's sid (Twilio, Exotel), `SCL_…`, or a SIP Call-ID."""

    kind: IdKind
    value: str


_CONVERSATION = r"conv_[A-Za-z0-9_-]{2,64}"
_SID = r"(?:CA|ca)[0-9a-fA-F]{32}|[0-9a-f]{32}"
_SCL = r"SCL_[A-Za-z0-9_-]{4,64}"
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_LOCAL = r"[A-Za-z0-9._~!*+'-]"
_AT_ADDRESS = rf"{_LOCAL}{{1,120}}@\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d{{1,5}})?"
_SIP = rf"[A-Za-z0-9](?:{_LOCAL}|%){{3,120}}@[A-Za-z0-9.:-]{{3,80}}|{_AT_ADDRESS}"
_ID = re.compile(
    rf"(?P<conversation_id>{_CONVERSATION})|(?P<scl>{_SCL})|(?P<call_sid>{_SID})"
    rf"|(?P<sip_call_id>{_UUID}|{_SIP})"
)
_NO_EMAIL = rf"{_AT_ADDRESS}|(?=[a-fA-F-]{{0,40}}\d)[0-9a-fA-F-]{{8,120}}@[A-Za-z0-9.-]{{3,80}}(?<![.-])"
"""SIP Call-IDs that are no addresses of people: at a numeric host, or of hexadecimal digits."""
_ANYWHERE = re.compile(
    rf"(?<![A-Za-z0-9_@.])(?:{_CONVERSATION}|{_SCL}|{_NO_EMAIL}|{_SID}|{_UUID})(?![A-Za-z0-9_@])"
)
_LABELLED = re.compile(rf"(?i:call-?id)\s*[:=]\s*({_SIP})")
_ESCAPED = re.compile(r"%(?:2F|3A|3D|26|3F|23)", re.IGNORECASE)
"""What parts an address within an address."""
_SID_LENGTH = 32
_LONGEST_ID = 256
_LIKE_SID = re.compile(r"(?:CA|ca)(?=[A-Za-z]*[0-9])([0-9A-Za-z]{20,40})")
_CUT = re.compile(r"(conv_|SCL_)[A-Za-z0-9_-]{0,3}")
_CUT_KINDS = {"conv_": "a conversation's id", "SCL_": "a SIP call's id"}

may_be_id = re.compile(r"[_@]|.{20}").search
"""Whether a word has what every id has, damaged or not: other words need no closer look."""


def bare_id(word: str) -> CallRef | None:
    """Return the id that a word of a question is, if its form leaves no doubt."""
    match = _ID.fullmatch(word)
    if match is None:
        return None
    if match.lastgroup == "call_sid" and len(word) > _SID_LENGTH:
        word = "CA" + word[2:]
    return CallRef(cast("IdKind", match.lastgroup), word)


def damaged_id(word: str) -> str | None:
    """Return why a word that looks like an id is none, in words for a person."""
    cut, like = _CUT.fullmatch(word), _LIKE_SID.fullmatch(word)
    if (cut or like) and bare_id(word):
        return None
    if cut:
        return f"“{word}” is only the beginning of {_CUT_KINDS[cut[1]]}: copy all of it."
    if like:
        wrong = next((char for char in like[1] if char not in "0123456789abcdefABCDEF"), None)
        told = f"“{wrong}” is none of them" if wrong else f"this one has {len(like[1])}"
        return f"A Twilio call SID is CA and 32 hexadecimal digits; {told}. Copy it again."
    return None


def like_id(word: str) -> bool:
    """Whether a word is an id, or a damaged one: no part of a name."""
    return bool(may_be_id(word) and (bare_id(word) or damaged_id(word)))


def ids_in(word: str) -> list[CallRef]:
    """Return the id that a word is, those that a link holds, or those that a slash joins, if all are ids."""
    if whole := bare_id(word):
        return [whole]
    if "://" in word:
        return list(find_ids(word))
    parts = [bare_id(part) for part in word.split("/")] if "/" in word else []
    known = [ref for ref in parts if ref is not None]
    return known if len(known) == len(parts) else []


def named_id(value: str, *, conversation: bool = False) -> CallRef | None:
    """Return the id after `call:` or `id:`, whatever its form.

    What is no other kind is a SIP Call-ID, or after `id:` a conversation's id.
    """
    value = value.strip()
    if not value or len(value) > _LONGEST_ID:
        return None
    if found := bare_id(value):
        return found
    if value.startswith("SCL_"):
        return CallRef("scl", value)
    if re.fullmatch(r"CA[0-9A-Za-z]+", value):
        return CallRef("call_sid", value)
    return CallRef("conversation_id" if conversation or value.startswith("conv_") else "sip_call_id", value)


def find_ids(text: str) -> tuple[CallRef, ...]:
    """Return all ids in any text (a message, a link, a log line), in order, once each."""
    text = _ESCAPED.sub(" ", plain_text(text[:100_000]))
    words = [*_LABELLED.findall(text), *_ANYWHERE.findall(text)]
    return tuple(dict.fromkeys(ref for word in words if (ref := bare_id(word))))
