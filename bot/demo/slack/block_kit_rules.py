"""Rules that JSON can be held to, and what they find, in Slack's own words."""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cachetools import LRUCache

from bot.demo.slack.shapes import Json


@dataclass(slots=True)
class Findings:
    """What is wrong, each with the JSON pointer Slack adds. `surface`: message, modal or home."""

    surface: str
    problems: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    text_total: int = 0
    """Characters of all texts in all blocks, data tables apart: these have a limit of their own."""
    focused: int = 0
    """Elements with focus_on_load: one at most."""

    def add(self, problem: str, at: str) -> None:
        self.problems.append(f"{problem} [json-pointer:{at}]")


Rule = Callable[[Any, str, Findings], None]


def anything(value: Any, at: str, found: Findings) -> None:
    """Accept whatever is there."""


def length_of(text: str) -> int:
    """Count the stricter way: a character beyond the first 65,536 is two."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def string(most: int, *, least: int = 1, counted: bool = False) -> Rule:
    """Make a rule for a string; `counted`: it adds to the message's text."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.add("must provide a string", at)
            return
        found.text_total += length_of(value) if counted else 0
        if len(value) < least:
            found.add(f"must be more than {least - 1} characters", at)
        elif length_of(value) > most:
            found.add(f"must be less than {most + 1} characters", at)

    return check


def remembered(rule: Rule) -> Rule:
    """Hold equal values to a rule once: a table is sent again and again, with a few new cells each time."""
    right: LRUCache[bytes, int] = LRUCache(10_000)

    def check(value: Any, at: str, found: Findings) -> None:
        key = marshal.dumps(value, 2)
        if key in right:
            found.text_total += right[key]
            return
        problems, before = len(found.problems), found.text_total
        rule(value, at, found)
        if len(found.problems) == problems:
            right[key] = found.text_total - before

    return check


def fits(test: Callable[[Any], bool], problem: str) -> Rule:
    return lambda value, at, found: None if test(value) else found.add(problem, at)


def whole(least: int, most: int, problem: str = "") -> Rule:
    return fits(
        lambda value: type(value) is int and least <= value <= most,
        problem or f"must be between {least} and {most}",
    )


def choice(*words: str) -> Rule:
    return fits(lambda value: value in words, f"must be a valid enum value: {', '.join(words)}")


def pattern(expression: str, name: str) -> Rule:
    return fits(lambda value: bool(re.fullmatch(expression, str(value))), f"must match pattern: {name}")


def items(rule: Rule, most: int, *, least: int = 1) -> Rule:

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.add("must provide an array", at)
            return
        if len(value) < least:
            found.add(f"no fewer than {least} items allowed", at)
        if len(value) > most:
            found.add(f"no more than {most} items allowed", at)
        for index, item in enumerate(value):
            rule(item, f"{at}/{index}", found)

    return check


def shape(
    fields: Mapping[str, Rule],
    needed: Iterable[str] = (),
    *,
    one_of: tuple[str, str] | None = None,
    also: Rule = anything,
) -> Rule:
    """Make a rule for an object: its fields (`type` always), those it needs, what only all of it shows."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add("must provide an object", at)
            return
        missing = [name for name in needed if value.get(name) is None]
        for name in missing:
            found.add(f"missing required field: {name}", at)
        for name, content in value.items():
            if name in fields and name not in missing:
                fields[name](content, f"{at}/{name}", found)
            elif name not in fields and name != "type":
                found.add(f"invalid additional property: {name}", at)
        if one_of and (one_of[0] in value) == (one_of[1] in value):
            found.add(f"must define either `{one_of[0]}` or `{one_of[1]}`", at)
        also(value, at, found)

    return check


def typed(kinds: Mapping[str, Rule]) -> Rule:

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add("must provide an object", at)
            return
        kind = value.get("type")
        if isinstance(kind, str) and kind in kinds:
            kinds[kind](value, at, found)
        else:
            found.add(f"unsupported type: {kind}" if kind else "missing required field: type", f"{at}/type")

    return check


def text(most: int, *, mrkdwn: bool = False) -> Rule:
    """Make a rule for a text object: plain_text, and mrkdwn where that is allowed."""
    content = {"text": string(most, counted=True)}
    kinds = {"plain_text": shape({**content, "emoji": FLAG}, ["text"])}
    if mrkdwn:
        kinds["mrkdwn"] = shape({**content, "verbatim": FLAG}, ["text"])
    return typed(kinds)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def objects_in(value: Any) -> list[Json]:
    return [item for item in as_list(value) if isinstance(item, dict)]


def unique(values: Iterable[Any], name: str, at: str, found: Findings) -> None:
    """Note values that repeat; those that are not text are noted elsewhere."""
    seen: set[str] = set()
    for value in values:
        if isinstance(value, str):
            if value in seen:
                found.add(f"`{name}` must be unique; `{value}` used multiple times", at)
            seen.add(value)


FLAG = fits(lambda value: isinstance(value, bool), "must provide a boolean")
NUMBER = fits(
    lambda value: isinstance(value, (int, float)) and not isinstance(value, bool), "must provide a number"
)


def address(schemes: str) -> Rule:
    """Make a rule for an address: images need https, links may be http too."""
    length = string(3000)

    def check(value: Any, at: str, found: Findings) -> None:
        before = len(found.problems)
        length(value, at, found)
        if len(found.problems) == before and not re.fullmatch(rf"{schemes}://\S+", value):
            found.add("invalid url", at)

    return check


HTTPS, LINK = address("https"), address("https?")
