"""ElevenLabs' conversations: the only users of httpx.

`Conversations` is the facade; `errors` are what it raises. Everything else is furniture of this room.
"""

from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import (
    BadAnswer,
    ElevenLabsError,
    FailingFast,
    Forbidden,
    Invalid,
    MissingScope,
    NotElevenLabs,
    NotFound,
    PaymentRequired,
    RateLimited,
    Unavailable,
    WrongKey,
    WrongRegion,
    about_one,
)
from bot.elevenlabs.request import ApiRequest, call_request, call_sid_request, first_request
from bot.elevenlabs.retrieval import FirstPage, Retrieval

__all__ = [
    "ApiRequest",
    "BadAnswer",
    "Conversations",
    "ElevenLabsError",
    "FailingFast",
    "FirstPage",
    "Forbidden",
    "Invalid",
    "MissingScope",
    "NotElevenLabs",
    "NotFound",
    "PaymentRequired",
    "RateLimited",
    "Retrieval",
    "Unavailable",
    "WrongKey",
    "WrongRegion",
    "about_one",
    "call_request",
    "call_sid_request",
    "first_request",
]
