"""What never reaches a log: tokens, keys, configured secrets, phone numbers, secret addresses. Pure.

Keys and tokens that a person types are also kept out of everything that is stored or said (`mask_keys`).

Text is searched for known shapes, since most of what is logged was written by libraries. Mappings are judged
by their keys too. A number is taken for a phone number when it is written like one (+…, 00…, with separators,
or 11 to 12 digits); Unix times, Slack's ts and ids are left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final, NoReturn
from urllib.parse import quote

HIDDEN: Final = "***"
_SHORTEST = 6
"""A configured secret shorter than this is not searched for in text: it would hit ordinary words."""

_HEADERS = r"(?:authorization|xi-api-key|x-slack-signature|elevenlabs-signature|set-cookie|cookie)"
_FIELDS = (
    r"(?:api_key|token|password|secret|signing_secret|response_url|external_number|agent_number|phone_number|"
    r"caller_id|called_number|system__caller_id|system__called_number|ticket)"
)
_TOKENS: Final = re.compile(
    r"(?<![^\W_])((?:xoxe\.)?xox[a-z]-|xapp-|sk_(?=[0-9a-z]{8}))[\w.%-]+", re.IGNORECASE
)
"""Slack's and ElevenLabs' tokens; the group says whose they are. A `_` before one is Slack's italics."""
_NAMED_KEY: Final = re.compile(
    r"(?<![^\W_])((?:api)?key|token|secret)([\s\"'`*:=]{1,10}(?:is[\s\"'`*:=]{1,10})?)([\w+/.-]{32,}={0,2})",
    re.IGNORECASE | re.ASCII,
)
_NO_KEY: Final = re.compile(r"CA[0-9a-f]{32}|conv_\w+", re.IGNORECASE | re.ASCII)
"""Ids that may stand after "key" or "token": a carrier's SID, a conversation's id."""
_HEX: Final = re.compile(r"[0-9a-f]{32,}", re.IGNORECASE)
_LONG_KEY = 40
_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        # Headers as text, as mappings and as httpcore's pairs of bytes.
        (rf"({_HEADERS}\b['\"]?\s*[:=,]\s*b?['\"]?)(?:(?:bearer|basic)\s+)?[^\s'\",)}}\]]+", rf"\1{HIDDEN}"),
        (r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", rf"\1 {HIDDEN}"),
        # Named fields in text, as `name=value` or as mappings shown.
        (rf"(\b{_FIELDS}['\"]?\s*[:=]\s*b?['\"])[^'\"]*", rf"\1{HIDDEN}"),
        (rf"(\b{_FIELDS}\s*=\s*)[^\s'\",)}}\]&]+", rf"\1{HIDDEN}"),
        # Addresses that let their reader act: response URLs, upload URLs.
        (r"(https://hooks\.slack(?:-gov)?\.com/)[^\s'\"<>)]*", rf"\1{HIDDEN}"),
        (r"(https://files\.slack(?:-gov)?\.com/upload/)[^\s'\"<>)]*", rf"\1{HIDDEN}"),
        # Passwords in URLs; query strings, which hold questions, tickets and people's ids.
        (r"(\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@'\"]*:)[^\s/@'\"]*@", rf"\1{HIDDEN}@"),
        (r"(\b(?:https?|wss?)://[^\s?'\"<>]{0,2000}\?)[^\s'\"<>)]*", rf"\1{HIDDEN}"),
        (r"((?:^|[\s'\"])/[\w./%-]+\?)[^\s'\"<>)]*=[^\s'\"<>)]*", rf"\1{HIDDEN}"),
        # The values of a failed SQL statement.
        (r"(\[parameters: )(?!\*\*\*\])(?:[^\n]*\]|[^\n]*)", rf"\1{HIDDEN}]"),
        # Phone numbers.
        (r"\b(sips?|tel):[^\s'\"<>,;)]+", rf"\1:{HIDDEN}"),
        (r"(?:\+|%2b)\s?\(?\d(?:[\s().\u00a0-]{0,2}\d){5,14}", HIDDEN),
        (r"(?<![\w.+-])00[1-9]\d{7,13}(?![\w.-])", HIDDEN),
        (r"(?<![\w.+-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])", HIDDEN),
        (r"(?<![\w.+-])\d{11,12}(?![\w-]|\.\d)", HIDDEN),
    )
)
_KEYS: Final = re.compile(
    rf"(?:{_HEADERS}|{_FIELDS}|xi_api_key|\w*_token|\w*_secret|\w*_password|phone|caller|from_number|to_number|"
    r"transcript|transcript_summary|call_summary_title|body|payload|blocks|headers|messages?_text)",
    re.IGNORECASE,
)
"""Keys whose value is never logged, whatever it is."""


class Secret:
    """A text that shows itself only when asked to. It can be neither printed nor pickled by accident."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        return self.__text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.__text

    def __hash__(self) -> int:
        return hash(self.__text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled: checkpoints and messages hold no secrets")


def revealed(secret: Secret | None) -> str:
    """Return the text of a secret; "" for none."""
    return "" if secret is None else secret.reveal()


class Redactor:
    """Hides what must not be shown; `secrets` are the configured ones, in plain text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= _SHORTEST for form in _forms(secret)}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """Return `text` without anything that must not be shown."""
        text = self.line(text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def line(self, line: str) -> str:
        """Return a finished line without the tokens and secrets that rendering may have joined."""
        if self._secrets is not None:
            line = self._secrets.sub(HIDDEN, line)
        return _TOKENS.sub(HIDDEN, line)

    def value(self, value: object) -> object:
        """Return a copy of any value with its texts redacted; what is not a plain value becomes text."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self._field(key, item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(item) for item in value]
        return self.text(repr(value))

    def _field(self, key: object, item: object) -> object:
        named = isinstance(key, str) and _KEYS.fullmatch(key.replace("-", "_")) is not None
        return HIDDEN if named and item is not None else self.value(item)


def mask_keys(text: str) -> tuple[str, str]:
    """Return a typed text with its keys and tokens masked, and the first of them as masked; "" for none.

    A token keeps what says whose it is ("xoxb-…"); a key that only the word before it gives away is "key …".
    """
    found: list[str] = []

    def mask_token(token: re.Match[str]) -> str:
        found.append(f"{token[1]}…")
        return found[-1]

    def mask_named(key: re.Match[str]) -> str:
        name, between, word = key.groups()
        long = len(word) >= _LONG_KEY and any(character.isdigit() for character in word)
        if _NO_KEY.fullmatch(word) or not (long or _HEX.fullmatch(word)):
            return key[0]
        found.append(f"{name} …")
        return f"{name}{between}…"

    masked = _NAMED_KEY.sub(mask_named, _TOKENS.sub(mask_token, text))
    return masked, found[0] if found else ""


def _forms(secret: str) -> tuple[str, ...]:
    """How a secret may be written: plain, in a URL, in JSON, in a repr."""
    return (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1])
