"""What a person types, as Slack stores it: entities, mentions, channel names and links recognised."""

from __future__ import annotations

import re

from bot.demo.slack.shapes import Json
from bot.demo.slack.workspace import Workspace

_KEPT = r"<@[UW][A-Z0-9]+(?:\|[^<>]*)?>|<#[CG][A-Z0-9]+(?:\|[^<>]*)?>"
_LINK = r"https?://[^\s<>]*[^\s<>.,;:!?)\]}'\"]"


def escaped(text: str) -> str:
    """Return text with the three characters that mean something to Slack as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def compose(workspace: Workspace, typed: str) -> tuple[str, list[Json]]:
    """Return a message's text, and the rich_text block Slack makes of it."""
    names = {user.name.lower(): user.id for user in workspace.users.values()}
    names |= {user.real_name.lower(): user.id for user in workspace.users.values()}
    names[workspace.app.name.lower()] = workspace.app.bot_user_id
    places = {channel.name.lower(): channel.id for channel in workspace.channels.values() if channel.name}
    people = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    rooms = "|".join(re.escape(name) for name in sorted(places, key=len, reverse=True))
    token = re.compile(rf"({_KEPT}|{_LINK}|(?<!\w)@(?:{people})\b|(?<!\w)#(?:{rooms})\b)", re.IGNORECASE)
    text: list[str] = []
    parts: list[Json] = []
    for piece in token.split(typed):
        if not piece:
            continue
        if not token.fullmatch(piece):
            text.append(escaped(piece))
            parts.append({"type": "text", "text": piece})
            continue
        stored, part = _token(piece, names, places)
        text.append(stored)
        parts.append(part)
    block = {
        "type": "rich_text",
        "block_id": workspace.ids.block_id(),
        "elements": [{"type": "rich_text_section", "elements": parts}],
    }
    return "".join(text), [block] if parts else []


def _token(piece: str, names: dict[str, str], places: dict[str, str]) -> tuple[str, Json]:
    if piece.startswith("<@"):
        user = piece[2:-1].partition("|")[0]
        return f"<@{user}>", {"type": "user", "user_id": user}
    if piece.startswith("<#"):
        return piece, {"type": "channel", "channel_id": piece[2:-1].partition("|")[0]}
    if piece.startswith("@"):
        user = names[piece[1:].lower()]
        return f"<@{user}>", {"type": "user", "user_id": user}
    if piece.startswith("#"):
        place = places[piece[1:].lower()]
        return f"<#{place}|{piece[1:].lower()}>", {"type": "channel", "channel_id": place}
    return f"<{piece.replace('&', '&amp;')}>", {"type": "link", "url": piece}
