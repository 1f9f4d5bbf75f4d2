"""Words that are a time only beside others that say so: may, mar, sun, and 2025, h1 or w45 after a name."""

from __future__ import annotations

import re

from bot.query.phrases import Text
from bot.query.time.calendar import DAYS, MONTHS
from bot.query.tokens import Kind, word_set

DOUBTFUL = frozenset({"may", "mar", "sun"})
"""“May I …”, “calls that may have failed”, and names such as Del Mar and The Sun."""
_CODE = re.compile(r"20\d\d|h[12]|w\d{1,2}")
_PART_OF_YEAR = re.compile(r"[qh][1-4]")
_NOUNS = word_set("calls conversations convos chats sessions dialogs dialogues logs records phonecalls")
_JUDGED = word_set("failed successful unsuccessful inbound outbound")
_LINKS = word_set("and or to - & until till through")
_DECIMAL = re.compile(r"\d{1,2}\.\d{1,2}")
_BEFORE_DATE = (
    _NOUNS
    | _JUDGED
    | DAYS.keys()
    | word_set(
        "since from on until till til before after between by and or to - & am vom bis seit through starting"
    )
)
_CALENDAR = MONTHS.keys() | DAYS.keys()


def doubtful(word: str) -> bool:
    """Whether a word may as well be no time: "for Campaign 2025" is an agent."""
    return word in DOUBTFUL or _CODE.fullmatch(word) is not None


def is_decimal(text: Text, at: int) -> bool:
    """Whether "4.5" is a number: a date has a second dot, or stands where a time does."""
    if _DECIMAL.fullmatch(text.word(at)) is None or text.tokens[at].closed or at == 0:
        return False
    return text.word(at - 1) not in _BEFORE_DATE


def is_time(text: Text, at: int) -> bool:
    """Whether a doubtful word is a time: a number, a noun or another month beside it, or nothing after it."""
    before, after = text.word(at - 1), text.word(at + 1)
    if after[:1].isdecimal() or after in _NOUNS or (after in _JUDGED and text.word(at + 2) in _NOUNS):
        return True
    if text.word(at) == "sun" and _dated(text, at + 1):
        return True
    if _CODE.fullmatch(text.word(at)) and (at == 0 or _PART_OF_YEAR.fullmatch(after) or after in MONTHS):
        return True
    if any(_linked(text, at + side) and text.word(at + 2 * side) in _CALENDAR for side in (-1, 1)):
        return True
    if text.word(at) == "may" and _capital(text, at) and after not in {"i", "we", "you"}:
        return True
    last = all(token.kind is Kind.MARK for token in text.tokens[at + 1 :])
    asked = before == "about" and text.word(at - 2) in {"what", "how"}
    return last and (at == 0 or asked or before in _NOUNS | _JUDGED | {"and", "or", "for"})


def _dated(text: Text, at: int) -> bool:
    """Whether a date follows, after a comma or without: "Sun, Jan 4"."""
    if at < len(text) and text.tokens[at].text == ",":
        at += 1
    start = at + (text.word(at) == "the")
    return text.word(start)[:1].isdecimal() or text.word(start) in MONTHS


def _linked(text: Text, at: int) -> bool:
    """Whether a word or a comma that joins two months stands here."""
    if text.word(at):
        return text.word(at) in _LINKS
    return 0 <= at < len(text) and text.tokens[at].text == ","


def _capital(text: Text, at: int) -> bool:
    """Whether a word has a capital inside a sentence, and is no part of a name such as Theresa May."""
    if at == 0 or text.tokens[at - 1].kind is not Kind.WORD:
        return False
    return text.tokens[at].text[:2].istitle() and not text.tokens[at - 1].text[:1].isupper()
