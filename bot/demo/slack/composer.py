"""What a person types, as Slack stores it: entities, mentions, channel names, links, bare domains, emails."""

from __future__ import annotations

import re

from bot.demo.slack.shapes import Json
from bot.demo.slack.workspace import Workspace

_CODE = re.compile(r"(```.+?```|`[^`\n]+`)", re.DOTALL)
_KEPT = r"<@[UW][A-Z0-9]+(?:\|[^<>]*)?>|<#[CG][A-Z0-9]+(?:\|[^<>]*)?>"
_REST = r"[^\s<>|`]*[^\s<>|`.,;:!?)\]}'\"]"
_LINK = rf"https?://{_REST}"
_DOMAINS = """
com org net edu gov int mil info biz name pro mobi travel jobs museum app dev cloud online site store shop
tech xyz blog agency digital media support services solutions software systems email group team world live
studio design ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs
bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu
fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io
iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh
mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl
pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td
tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
"""Ends of names that Slack links without http://: every country's, and the common ones of the rest."""
_HOST = rf"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{'|'.join(_DOMAINS.split())})(?![\w-]|\.\w|@)"
_EMAIL = rf"(?<![\w.+@-])[\w.+-]+@{_HOST}"
_BARE = rf"(?<![\w.@/:+-]){_HOST}(?::\d+)?(?:[/?#]{_REST}|/)?"


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
    token = re.compile(
        rf"({_KEPT}|{_LINK}|{_EMAIL}|{_BARE}|(?<!\w)@(?:{people})\b|(?<!\w)#(?:{rooms})\b)", re.IGNORECASE
    )
    text: list[str] = []
    parts: list[Json] = []
    pieces = [
        (piece, inside % 2 == 0 and at % 2 == 1)
        for inside, part in enumerate(_CODE.split(typed))
        for at, piece in enumerate([part] if inside % 2 else token.split(part))
    ]
    for piece, special in pieces:
        if not piece:
            continue
        if not special:
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
    if piece.lower().startswith(("http://", "https://")):
        return f"<{escaped(piece)}>", {"type": "link", "url": piece}
    url = f"mailto:{piece}" if re.fullmatch(_EMAIL, piece, re.IGNORECASE) else f"http://{piece}"
    return f"<{escaped(url)}|{escaped(piece)}>", {"type": "link", "url": url, "text": piece}
