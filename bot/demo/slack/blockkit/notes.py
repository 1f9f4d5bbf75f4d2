"""What is wrong with some Block Kit JSON, collected in Slack's own words, and the checks used everywhere."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


@dataclass(slots=True)
class Notes:
    """Problems found, each with the JSON pointer Slack adds. `surface`: message, modal or home."""

    surface: str
    problems: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    text_total: int = 0
    """Characters of all texts in all blocks."""
    focused: int = 0
    """Elements with focus_on_load: one at most."""

    def add(self, problem: str, at: str) -> None:
        """Note a problem at a JSON pointer."""
        self.problems.append(f"{problem} [json-pointer:{at}]")


def is_object(value: Any, at: str, notes: Notes) -> bool:
    """Note a problem unless the value is a JSON object."""
    if isinstance(value, dict):
        return True
    notes.add("must provide an object", at)
    return False


def check_fields(
    item: dict[str, Any], known: Iterable[str], needed: Iterable[str], at: str, notes: Notes
) -> bool:
    """Check that fields are known and the needed ones there. False if one is missing."""
    for name in item:
        if name not in known:
            notes.add(f"invalid additional property: {name}", at)
    missing = [name for name in needed if item.get(name) is None]
    for name in missing:
        notes.add(f"missing required field: {name}", at)
    return not missing


def size(text: str) -> int:
    """Return a text's length counted the stricter way: a character beyond the first 65,536 is two."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def check_string(
    value: Any, at: str, notes: Notes, *, most: int, least: int = 1, counted: bool = False
) -> bool:
    """Check a string's type and length."""
    if not isinstance(value, str):
        notes.add("must provide a string", at)
        return False
    if counted:
        notes.text_total += size(value)
    if len(value) < least:
        notes.add(f"must be more than {least - 1} characters", at)
        return False
    if size(value) > most:
        notes.add(f"must be less than {most + 1} characters", at)
        return False
    return True


def check_kind(value: dict[str, Any], allowed: Container[str], at: str, notes: Notes) -> str | None:
    """Return an object's type if it is one of those allowed; otherwise note it."""
    kind = value.get("type")
    if isinstance(kind, str) and kind in allowed:
        return kind
    notes.add(f"unsupported type: {kind}" if kind else "missing required field: type", f"{at}/type")
    return None


def check_text(
    value: Any, at: str, notes: Notes, *, most: int, kinds: tuple[str, ...] = PLAIN, least: int = 1
) -> None:
    """Check a text object: its kind, its length, the fields that kind has."""
    if not is_object(value, at, notes):
        return
    if (kind := check_kind(value, kinds, at, notes)) is None:
        return
    known = ("type", "text", "emoji") if kind == "plain_text" else ("type", "text", "verbatim")
    if check_fields(value, known, ("text",), at, notes):
        check_string(value["text"], f"{at}/text", notes, most=most, least=least, counted=True)
    for flag in ("emoji", "verbatim"):
        if flag in value:
            check_flag(value[flag], f"{at}/{flag}", notes)


def check_flag(value: Any, at: str, notes: Notes) -> None:
    """Check a boolean."""
    if not isinstance(value, bool):
        notes.add("must provide a boolean", at)


def check_items(value: Any, at: str, notes: Notes, *, most: int, least: int = 1) -> list[Any]:
    """Check a list's type and length; returns its items (none if it is no list)."""
    if not isinstance(value, list):
        notes.add("must provide an array", at)
        return []
    if len(value) < least:
        notes.add(f"no fewer than {least} items allowed", at)
    if len(value) > most:
        notes.add(f"no more than {most} items allowed", at)
    return value


def check_https(value: Any, at: str, notes: Notes, *, most: int = 3000, plain_http: bool = False) -> None:
    """Check an address: images need https, links may be http too."""
    if not check_string(value, at, notes, most=most):
        return
    schemes = ("https://", "http://") if plain_http else ("https://",)
    if not value.startswith(schemes) or any(c.isspace() for c in value) or len(value) <= len(schemes[0]):
        notes.add("invalid url", at)


def check_choice(value: Any, allowed: Iterable[str], at: str, notes: Notes) -> None:
    """Check that a value is one of the allowed words."""
    choices = tuple(allowed)
    if value not in choices:
        notes.add(f"must be a valid enum value: {', '.join(choices)}", at)
