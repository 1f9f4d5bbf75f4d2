"""Mentions of people, groups and channels, as Slack writes them: by name, never as markup."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MENTION = re.compile(r"<([@#][A-Z0-9]+|![A-Za-z^A-Z0-9]+)(?:\|([^<>]*))?>")
_SPECIAL = 9
"""Ids are longer; `!here`, `!channel` and `!everyone` need no name."""


def unnamed(text: str) -> tuple[str, ...]:
    """Return the mentions in a text that Slack gave no name with: `@U…`, `#C…`, `!subteam^S…`."""
    return tuple(
        dict.fromkeys(kind for kind, label in _MENTION.findall(text) if not label and len(kind) > _SPECIAL)
    )


def named(text: str, names: Mapping[str, str]) -> str:
    """Return a text with these names for its mentions; channels keep their ids, which commands need."""

    def name(found: re.Match[str]) -> str:
        kind, label = found[1], found[2] or re.sub(r"[<>|\s]+", "_", names.get(found[1], ""))
        if kind[0] == "#":
            return f"<{kind}|{label}>" if label else found[0]
        return f"@{'_'.join(label.lstrip('@').split())}" if label else _mention(found)

    return _MENTION.sub(name, text)


def as_read(text: str) -> str:
    """Return a text with every mention as it reads: no markup of Slack's."""
    return _MENTION.sub(_mention, text)


def _mention(found: re.Match[str]) -> str:
    """Return how a mention of a person, a group or a channel reads: by name where Slack gives one."""
    kind, label = found[1], (found[2] or "").lstrip("@#!")
    if not label:
        label = "channel" if kind[0] == "#" else kind[1:] if kind[0] == "!" and "^" not in kind else "someone"
    return f"{'#' if kind[0] == '#' else '@'}{'_'.join(label.split())}"
