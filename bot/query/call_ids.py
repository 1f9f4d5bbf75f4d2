"""Ids of calls: which kind an id is, all ids of a text, and what is wrong with a damaged one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from bot.query.tokens import plain_text

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
