"""Reading JSON that may hold anything in any place. Every reader has a plain fallback."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

import msgspec

_DIGITS = 1000
"""Longer whole numbers are read as nothing. (Python refuses those of more than 4,300 digits.)"""
LARGEST = 2**53
"""Whole numbers beyond this are not exact in JSON, and no count, length or time is that large."""


def load(body: bytes) -> Any:
    """Decode JSON, also with broken UTF-8 or lone surrogates in it. Raises ValueError when it is not JSON."""
    try:
        return msgspec.json.decode(body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except ValueError:
        pass
    try:
        return json.loads(body.decode("utf-8", "replace"), parse_int=_integer)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _DIGITS else None


def text(value: Any) -> str | None:
    """Return text that any encoder accepts; None for everything else and for empty text."""
    if not isinstance(value, str) or not value:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def shown(value: Any) -> str | None:
    """Return any value as text: texts as they are, others as JSON. None for null."""
    if value is None or isinstance(value, str):
        return text(value)
    return json.dumps(value, ensure_ascii=False)


def whole(value: Any) -> int | None:
    """Return a whole number, also from 3.0 or "3"; None for everything else and for absurd sizes."""
    number = real(value)
    if number is None or abs(number) > LARGEST:
        return None
    return int(value) if isinstance(value, int) else int(number)


def real(value: Any) -> float | None:
    """Return a finite number, also from text; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def mapping(value: Any) -> dict[str, Any]:
    """Return a JSON object; an empty one for everything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, or the values of an object of objects; nothing for everything else."""
    items: Iterable[Any] = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    )
    return [item for item in items if isinstance(item, dict)]


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a list; nothing for everything else."""
    items = value if isinstance(value, list) else []
    return tuple(found for item in items if (found := text(item)) is not None)
