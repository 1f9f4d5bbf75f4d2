"""Ids on their own: which kind an id is, and all ids of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.query.tokens import plain_text

Kind = Literal["conversation_id", "call_sid", "scl", "sip_call_id"]


@dataclass(frozen=True, slots=True)
class CallRef:
    """An id of a call: ElevenLabs' own, a carrier's sid (Twilio, Exotel), `SCL_…`, or a SIP Call-ID."""

    kind: Kind
    value: str


_CONVERSATION = re.compile(r"conv_[A-Za-z0-9_-]{2,64}")
_SID = re.compile(r"(?:CA|ca)[0-9a-fA-F]{32}|[0-9a-f]{32}")
_SCL = re.compile(r"SCL_[A-Za-z0-9_-]{4,64}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_SIP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~!%*+'-]{3,120}@[A-Za-z0-9.:-]{3,80}")
_DASHBOARD = re.compile(
    r"https?://(?:[a-z0-9.-]+\.)?elevenlabs\.io/[^\s<>|\"]{0,300}?(conv_[A-Za-z0-9_-]{2,64})[^\s<>|\"]*"
)
_ANY = re.compile(
    r"(?<![A-Za-z0-9_])(?:conv_[A-Za-z0-9_-]{2,64}|SCL_[A-Za-z0-9_-]{4,64}|(?:CA|ca)[0-9a-fA-F]{32}|[0-9a-f]{32}"
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})(?![A-Za-z0-9_])"
)


_LIKE_SID = re.compile(r"(?:CA|ca)(?=[A-Za-z]*[0-9])([0-9A-Za-z]{20,40})")
_CUT = re.compile(r"(conv_|SCL_)[A-Za-z0-9_-]{0,3}")
_KINDS = {"conv_": "a conversation's id", "SCL_": "a SIP call's id"}


def bare_id(word: str) -> CallRef | None:
    """Return the id that a word of a question is, if its form leaves no doubt; also a dashboard link."""
    if link := _DASHBOARD.fullmatch(word):
        return CallRef("conversation_id", link.group(1))
    if _CONVERSATION.fullmatch(word):
        return CallRef("conversation_id", word)
    if _SCL.fullmatch(word):
        return CallRef("scl", word)
    if _SID.fullmatch(word):
        return CallRef("call_sid", "CA" + word[2:] if word.startswith("ca") and len(word) > 32 else word)  # noqa: PLR2004 - 32 hex digits have no letters before them
    if _UUID.fullmatch(word) or _SIP.fullmatch(word):
        return CallRef("sip_call_id", word)
    return None


def damaged_id(word: str) -> str | None:
    """Return why a word that looks like an id is none, in words for a person."""
    if bare_id(word):
        return None
    if cut := _CUT.fullmatch(word):
        return f"“{word}” is only the beginning of {_KINDS[cut.group(1)]}: copy all of it."
    if like := _LIKE_SID.fullmatch(word):
        wrong = next((char for char in like.group(1) if char not in "0123456789abcdefABCDEF"), None)
        told = f"“{wrong}” is none of them" if wrong else f"this one has {len(like.group(1))}"
        return f"A Twilio call SID is CA and 32 hexadecimal digits; {told}. Copy it again."
    return None


def like_id(word: str) -> bool:
    """Whether a word is an id, or a damaged one: no part of a name."""
    return bare_id(word) is not None or damaged_id(word) is not None


def ids_in(word: str) -> list[CallRef]:
    """Return the id that a word is, or those that it joins with a slash; none where a part is no id."""
    whole = bare_id(word)
    refs = [whole] if whole else [bare_id(part) for part in word.split("/")]
    known = [ref for ref in refs if ref is not None]
    return known if len(known) == len(refs) else []


def named_id(value: str, *, conversation: bool = False) -> CallRef | None:
    """Return the id after `call:` or `id:`, whatever its form.

    What is no other kind is a SIP Call-ID, or after `id:` a conversation's id.
    """
    value = value.strip()
    if not value or len(value) > 256:  # noqa: PLR2004 - no carrier's id is longer
        return None
    found = bare_id(value)
    if found:
        return found
    if value.startswith("conv_"):
        return CallRef("conversation_id", value)
    if value.startswith("SCL_"):
        return CallRef("scl", value)
    if re.fullmatch(r"CA[0-9A-Za-z]+", value):
        return CallRef("call_sid", value)
    return CallRef("conversation_id" if conversation else "sip_call_id", value)


def find_ids(text: str) -> tuple[CallRef, ...]:
    """Return all ids in any text (a message, a log line), in order, once each."""
    plain = plain_text(text[:100_000])
    found = [ref for match in _ANY.finditer(plain) if (ref := bare_id(match.group()))]
    return tuple(dict.fromkeys(found))
