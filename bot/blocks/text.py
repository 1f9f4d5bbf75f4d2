"""Words and characters: everything from outside passes through here before it stands in a block.

Slack reads two kinds of text. *Markup* (mrkdwn) runs `<…>` and `&…;`, so outside text is escaped in it.
*Literal* text (plain_text, raw_text, rich text) shows what it is given; there only `<!`, `<@` and `<#` are
taken apart, so that no copy of it, quoted or forwarded, ever calls a channel.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from urllib.parse import quote

from bot.model import SOURCES, dashboard_url

_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
# Controls, lone surrogates, and the marks that would turn the direction of everything after them.
_CALL = re.compile("<(?=[!@#])")
_BLANKS = re.compile(r"\s+")
_TAIL = "\u200d\ufe0e\ufe0f "
_SAFE_ID = re.compile(r"[A-Za-z0-9_.~-]{1,100}", re.ASCII)
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}", re.ASCII)
_WIDE = "utf-16-le"
"""In which a character beyond the basic plane is two."""
DASH = "\N{EN DASH}"
"""Stands where there is nothing to show: Slack refuses empty text."""
_LIKE_BACKTICK = "\N{MODIFIER LETTER GRAVE ACCENT}"
_WIDTHS = {"&": 5, "<": 4, ">": 4}
"""How long a character is once escaped."""
_FENCE = re.compile("``+")
SENTENCE_CHARS = 900
_TITLE = re.compile(r"\*([^*\n]+)\*")
_ENTITY = 6
"""Longer than any entity that `escape` makes (`&amp;`)."""


def size(text: str) -> int:
    """Length as the stricter of two ways of counting: characters beyond the basic plane count as two."""
    return len(text) if text.isascii() else len(text.encode(_WIDE, "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """Cut text to at most `limit` (see `size`), ending in "…" when something was cut."""
    if size(text) <= limit:
        return text
    cut = text.encode(_WIDE, "surrogatepass")[: max(0, 2 * (limit - 1))].decode(_WIDE, "ignore")
    return cut.rstrip(_TAIL) + "…" if limit > 0 else ""


def clip_markup(text: str, limit: int) -> str:
    """Cut markup to at most `limit` without cutting an entity, a `<link>` or a code span in two."""
    if size(text) <= limit:
        return text
    cut = clip(text, limit)[:-1]
    amp = cut.rfind("&", max(0, len(cut) - _ENTITY))
    if amp >= 0 and ";" not in cut[amp:]:
        cut = cut[:amp]
    opened = cut.rfind("<")
    if opened > cut.rfind(">"):
        cut = cut[:opened]
    if cut.count("`") % 2:
        cut = cut[: cut.rfind("`")]
    return cut.rstrip(_TAIL) + "…" if limit > 0 else ""


def clean(text: str, *, lines: bool = False) -> str:
    """Take out what cannot be shown, and join lines and runs of blanks by single blanks, unless `lines`."""
    shown = _UNSHOWABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return (shown if lines else _BLANKS.sub(" ", shown)).strip()


def literal(text: str | None, limit: int, *, lines: bool = False) -> str:
    """Make outside text ready to be shown as it is, cut to `limit`; a dash for nothing."""
    shown = clean((text or "")[: 2 * limit + 200], lines=lines)
    return clip(_CALL.sub("<\u2060", shown), limit) or DASH


def escape(text: str | None, limit: int = 3000, *, lines: bool = False) -> str:
    """Make outside text ready for markup, at most `limit` as sent; "" stays "".

    `&`, `<` and `>` become entities, none is cut; a backtick stays only as a pair within a line.
    """
    escaped = html.escape(clean((text or "")[: 2 * limit + 200], lines=lines), quote=False)
    if "`" in escaped:  # one that is not closed in its own line would swallow what follows
        paired = _FENCE.sub(lambda fence: _LIKE_BACKTICK * len(fence[0]), escaped).split("\n")
        odd = (line.replace("`", _LIKE_BACKTICK) if line.count("`") % 2 else line for line in paired)
        escaped = "\n".join(odd)
    return clip_markup(escaped, limit)


def pieces(text: str | None, limit: int) -> list[str]:
    """Escape a text of any length into as many pieces as it takes, each at most `limit`; lines are kept."""
    whole = clean(text or "", lines=True)
    found, start, used = [], 0, 0
    for end, char in enumerate(whole):
        width = _WIDTHS.get(char) or (2 if char > "\uffff" else 1)
        if used + width > limit:
            found.append(whole[start:end])
            start, used = end, 0
        used += width
    found.append(whole[start:])
    return [shown for piece in found if (shown := escape(piece, limit, lines=True))]


def code(text: str | None, limit: int = 200) -> str:
    """Put outside text in code style in markup; backticks in it become a look-alike; a dash when empty."""
    inner = escape((text or "").replace("`", _LIKE_BACKTICK), limit - 2)
    return f"`{inner}`" if inner else DASH


def open_url(conversation_id: str, site: str) -> str | None:
    """Where the dashboard shows a conversation; None for an id that is no part of an address."""
    return dashboard_url(conversation_id, site) if _SAFE_ID.fullmatch(conversation_id) else None


def link(url: str, label: str) -> str:
    """Build a markup link. The label is escaped; the address is ours, and made harmless all the same."""
    shown = escape(label, 200).replace("|", "¦")
    address = quote(url[:1000], safe=":/?#[]@!$&()*+,;=%~-._").replace("&", "&amp;")
    return f"<{address}|{shown or 'open'}>"


def channel_link(channel_id: str | None) -> str | None:
    """Name a channel in markup, as each reader may see it; None for what is no channel's id."""
    return f"<#{channel_id}>" if channel_id and _CHANNEL.fullmatch(channel_id) else None


def number(value: float) -> str:
    """1234 -> "1,234"; a float keeps at most two decimals."""
    if isinstance(value, int) or value.is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def plural(count: int, noun: str) -> str:
    """1 -> "1 call", 1234 -> "1,234 calls"."""
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def length(seconds: int) -> str:
    """Call length as a clock shows it: "0:07", "4:05", "1:02:03"."""
    minutes, secs = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def spoken(seconds: int) -> str:
    """Call length in words: "7 s", "4 min 5 s", "1 h 2 min"."""
    minutes, secs = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {secs} s" if secs else f"{minutes} min"
    return f"{secs} s"


def _local(unix: float, tz: tzinfo) -> datetime | None:
    try:
        return datetime.fromtimestamp(unix, tz) if unix else None
    except (OverflowError, ValueError, OSError):
        return None  # beyond any calendar


def clock(unix: float, tz: tzinfo) -> str:
    """Time of day in the asker's zone: "14:03"."""
    moment = _local(unix, tz)
    return f"{moment:%H:%M}" if moment else DASH


def day(unix: float, tz: tzinfo) -> str:
    """Day in the asker's zone, with its weekday and year: "Mon 16 Nov 2026"."""
    moment = _local(unix, tz)
    return f"{moment:%a} {moment.day} {moment:%b} {moment.year}" if moment else DASH


def weekday(unix: float, tz: tzinfo) -> str:
    """Day as people say it: "Monday 30 November"."""
    moment = _local(unix, tz)
    return f"{moment:%A} {moment.day} {moment:%B}" if moment else DASH


def started(unix: float, tz: tzinfo, now: float) -> str:
    """Say a moment in the asker's zone: "16 Nov 14:03", with the year when it is not this one."""
    moment, today = _local(unix, tz), _local(now, tz)
    if moment is None:
        return DASH
    year = "" if today and today.year == moment.year else f" {moment.year}"
    return f"{moment.day} {moment:%b}{year} {moment:%H:%M}"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def said_texts(texts: Sequence[str]) -> str:
    """Say a question as typed, and its follow-ups."""
    return ", then ".join(texts)


def title(sentence: str) -> str:
    """Restate the question in bold markup."""
    words = escape(capital(sentence.strip()), SENTENCE_CHARS).strip("*")
    return f"*{words}*" if words else "*All calls*"


def read_title(markup: str) -> str | None:
    """Return the sentence of a `title` that a text begins with; None for any other or one cut short."""
    found = _TITLE.fullmatch(markup.partition("\n")[0])
    if found is None or found[1].endswith("…"):
        return None
    return html.unescape(found[1])


def note_line(notes: Sequence[str]) -> str:
    """Join notes (plain words) as markup."""
    return " · ".join(escape(note, 400) for note in notes if note.strip())


NOT_READABLE = "could not be read"
"""Instead of a call id when ElevenLabs says nothing readable about the phone call: unknown is not none."""
_RESULTS = {"success": "Successful", "failure": "Failed", "unknown": "Unknown"}
_VERDICTS = frozenset({"success", "failure"})
_UNDER_WAY = {"initiated": "Initiated", "in-progress": "In progress", "processing": "Processing"}
_OVER = frozenset({"done", "failed", "unknown", ""})


def channel(value: str) -> str:
    """Say how a conversation came in, or who carried a call: "js_sdk" -> "JavaScript SDK"."""
    label = "SIP trunk" if value == "sip_trunking" else SOURCES[value].label if value in SOURCES else ""
    return label or one_word(value.removesuffix("_integration"))


def result(status: str, call_successful: str) -> str:
    """Say how a call went: its verdict once there is one, also if it broke off; until then how far it is."""
    if status in _OVER or call_successful in _VERDICTS:
        return _RESULTS.get(call_successful) or one_word(call_successful)
    return _UNDER_WAY.get(status) or one_word(status)


def one_word(text: str) -> str:
    """Show a word of the API that we do not know: "user-hung_up" -> "User hung up"."""
    return capital(literal(text, 30).replace("_", " ").replace("-", " "))


def zone(tz: tzinfo, now: float) -> str:
    """Name a time zone shortly: "Berlin", "UTC"."""
    key = getattr(tz, "key", None)
    name = key.rpartition("/")[2].replace("_", " ") if isinstance(key, str) else None
    return literal(name or datetime.fromtimestamp(now, tz).tzname(), 30)
