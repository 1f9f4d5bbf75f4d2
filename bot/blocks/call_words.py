"""The API's own words as people read them: results, channels, and any word that is new to us."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.blocks.text import literal
from bot.model import SOURCES

NOT_READABLE = "could not be read"
"""Instead of a call id when ElevenLabs says nothing readable about the phone call: unknown is not none."""
_RESULTS = {"success": "Successful", "failure": "Failed", "unknown": "Unknown"}
_VERDICTS = frozenset({"success", "failure"})
_UNDER_WAY = {"initiated": "Initiated", "in-progress": "In progress", "processing": "Processing"}
_OVER = frozenset({"done", "failed", "unknown", ""})
_SPEAKERS = {"agent": "Agent", "user": "Caller"}


def channel(value: str) -> str:
    """Say how a conversation came in, or who carried a call: "js_sdk" -> "JavaScript SDK"."""
    label = "SIP trunk" if value == "sip_trunking" else SOURCES[value].label if value in SOURCES else ""
    return label or one_word(value.removesuffix("_integration"))


def result(status: str, call_successful: str) -> str:
    """Say how a call went: its verdict once there is one, until then how far the call is.

    The same words filter by it: what is listed as failed says Failed, also when the call itself broke off.
    """
    if status in _OVER or call_successful in _VERDICTS:
        return _RESULTS.get(call_successful) or one_word(call_successful)
    return _UNDER_WAY.get(status) or one_word(status)


def speaker(role: str) -> str:
    """Name who speaks in a transcript."""
    return _SPEAKERS.get(role) or one_word(role)


def one_word(text: str) -> str:
    """Show a word of the API that we do not know: "user-hung_up" -> "User hung up"."""
    words = literal(text, 30).replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def zone(tz: tzinfo, now: float) -> str:
    """Name a time zone shortly: "Berlin", "UTC"."""
    key = getattr(tz, "key", None)
    name = key.rpartition("/")[2].replace("_", " ") if isinstance(key, str) else None
    return literal(name or datetime.fromtimestamp(now, tz).tzname(), 30)
