"""How a conversation came in: source, direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.model import NOT_PHONE_SOURCES, Conversation
from bot.query.filters.base import ChoiceFilter, Params, Words, merged, pick
from bot.query.phrases import Phrase, SlotReader, Text
from bot.query.values import Choice

SOURCES = (
    "android_sdk",
    "audiocodes",
    "avaya",
    "exotel",
    "flutter_sdk",
    "freshdesk_integration",
    "genesys",
    "genesys_bot_connector",
    "intercom_integration",
    "js_sdk",
    "node_js_sdk",
    "python_sdk",
    "react_native_sdk",
    "react_sdk",
    "salesforce_integration",
    "sip_trunk",
    "slack_integration",
    "subagent_tool",
    "swift_sdk",
    "telegram_integration",
    "template_preview",
    "twilio",
    "twilio_sms",
    "unknown",
    "whatsapp",
    "widget",
    "zendesk_integration",
)
"""The API's `conversation_initiation_source` values known when this was written."""
WEB = frozenset({"widget", "js_sdk", "react_sdk"})
APP = frozenset({"android_sdk", "swift_sdk", "flutter_sdk", "react_native_sdk"})
GROUPS = {"phone", "web", "app"}
"""Sources that stand for several: tested here, since the API takes one."""
_WORDS = {
    **dict.fromkeys(
        ("phone", "phones", "telephone", "telephony", "landline", "mobile", "phone-line"), "phone"
    ),
    **dict.fromkeys(
        ("web", "website", "webpage", "browser", "web-widget", "site", "webchat", "homepage"), "web"
    ),
    **dict.fromkeys(("app", "apps", "mobile-app"), "app"),
    **dict.fromkeys(("sms", "text-message", "twilio-sms"), "twilio_sms"),
    **dict.fromkeys(("sip", "sip-trunk", "siptrunk"), "sip_trunk"),
    **{name.removesuffix("_integration"): name for name in SOURCES if name.endswith("_integration")},
    **{name: name for name in SOURCES},
    "android": "android_sdk",
    "ios": "swift_sdk",
    "swift": "swift_sdk",
    "flutter": "flutter_sdk",
    "react": "react_sdk",
    "react-native": "react_native_sdk",
    "python": "python_sdk",
    "javascript": "js_sdk",
    "subagent": "subagent_tool",
    "preview": "template_preview",
    "whats-app": "whatsapp",
}
_TABLE = {word.replace("_", "-"): (value,) for word, value in _WORDS.items()}
_SAID = {
    "phone": "the phone",
    "web": "the web",
    "app": "an app",
    "whatsapp": "WhatsApp",
    "twilio": "Twilio",
    "exotel": "Exotel",
    "sip_trunk": "SIP trunk",
    "twilio_sms": "SMS",
    "genesys": "Genesys",
    "avaya": "Avaya",
    "audiocodes": "AudioCodes",
    "widget": "the web widget",
    "unknown": "an unknown source",
    "android_sdk": "the Android SDK",
    "swift_sdk": "the Swift SDK (iOS)",
    "flutter_sdk": "the Flutter SDK",
    "react_native_sdk": "the React Native SDK",
    "react_sdk": "the React SDK",
    "js_sdk": "the JavaScript SDK",
    "node_js_sdk": "the Node.js SDK",
    "python_sdk": "the Python SDK",
}
_IDLE = frozenset(
    {"unknown", "mobile", "site", "app", "apps", "react", "swift", "python", "preview", "flutter"}
)
"""Words that say a source only after "from" or "via"."""


def _source(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a source's name."""
    two = f"{text.word(at)}-{text.word(at + 1)}"
    if two in _TABLE:
        yield _TABLE[two], at + 2
    word = text.word(at).replace("_", "-")
    if word in _TABLE and word != "unknown":
        yield _TABLE[word], at + 1


def _plain_source(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name that says a source without "from"."""
    for value, end in _source(text, at):
        if end > at + 1 or text.word(at) not in _IDLE:
            yield value, end


_FIRST = frozenset(part for word in _TABLE for part in (word, word.replace("-", "_"), word.partition("-")[0]))


class Source(ChoiceFilter):
    """`conversation_initiation_source`: the API takes one; phone, web and app stand for several."""

    key = "source"
    aliases = ("channel", "via", "conversation-initiation-source", "medium", "platform")
    about = "how it came in: twilio, sip, phone, web, whatsapp, sms, app, …"
    examples = ("from whatsapp", "phone calls", "via twilio", "source:web,whatsapp", "-source:widget")
    noun = "source"

    def slots(self) -> Mapping[str, SlotReader]:
        """Return the readers of sources."""
        return {"source": _source, "plain_source": _plain_source}

    def slot_words(self) -> Mapping[str, frozenset[str]]:
        """Return all words they begin with."""
        return {"source": _FIRST, "plain_source": _FIRST}

    def phrases(self) -> Iterable[Phrase]:
        """Return "from whatsapp", "phone", "via the website"."""
        after = "[call|calls|chat|chats|conversation|conversations|channel|source|messages]"
        yield Phrase(
            f"from|via|through|over|on|by|using|in [the|our|a|an] {{source}} {after}",
            lambda s: self._values(s["source"]),
        )
        yield Phrase(f"{{plain_source}} {after}", lambda s: self._values(s["plain_source"]))
        yield Phrase("app|apps call|calls|conversation|conversations", lambda _s: self.one("app"))
        yield Phrase(
            "[with|whose] [the] source|channel [is|was|of|=] {source}", lambda s: self._values(s["source"])
        )

    def _values(self, values: object) -> Choice:
        return self.one(*values) if isinstance(values, tuple) else Choice()

    def vocabulary(self) -> Iterable[str]:
        """Return the names."""
        return _TABLE

    def value(self, text: str) -> tuple[str, ...]:
        """Return the API's source, or a group."""
        return pick(text.replace("_", "-").replace(" ", "-"), _TABLE, self.key)

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        """Take the narrower of two that say the same: "twilio phone calls" are Twilio's."""
        if joiner != "or" and len(old.groups) == len(new.groups) == 1:
            narrow = _both(old.groups[0], new.groups[0])
            if narrow:
                return self.checked(Choice((narrow,), merged(old.exclude, new.exclude)))
        return super().merge(old, new, joiner)

    def checked(self, value: Choice) -> Choice:
        """Keep what is excluded from a group: "phone calls not via twilio"."""
        simple = super().checked(value)
        left = tuple(
            v for v in value.exclude if any(_covers(wanted, v) for g in simple.groups for wanted in g)
        )
        return Choice(simple.groups, left) if simple.groups else simple

    def say(self, value: str) -> str:
        """Return the name as its makers write it."""
        return _SAID.get(value) or value.removesuffix("_integration").replace("_", " ").title()

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Send one source."""
        del text_search
        one = value.single
        return (("conversation_initiation_source", one),) if one and one not in GROUPS else ()

    def local(self, value: Choice, *, text_search: bool) -> bool:
        """Test groups, several and excluded ones here."""
        return not self.params(value, text_search=text_search) or bool(value.exclude)

    def keeps(self, value: Choice, row: Conversation) -> bool:
        """Compare the row's source."""
        return self.matches(value, _facts(row))

    def silent(self, value: Choice, row: Conversation) -> bool:
        """Whether a row has no source: it may be of the phone."""
        wanted = any("phone" in group for group in value.groups)
        return wanted and row.conversation_initiation_source in (None, "unknown") and row.direction is None

    def words(self, value: Choice) -> Words:
        """Say "from WhatsApp"; a group says what it stands for."""
        parts = []
        if value.groups:
            parts.append(f"from {self.said(value.groups[0])}")
        if value.exclude:
            parts.append(f"not from {self.said(value.exclude)}")
        return Words(after=" and ".join(parts))


def _facts(row: Conversation) -> list[str]:
    """Return a row's source and the groups it belongs to; a source not known yet may well be a phone's."""
    source = row.conversation_initiation_source or ""
    facts = [source or "unknown"]
    if source in WEB:
        facts.append("web")
    if source in APP:
        facts.append("app")
    if (source and source != "unknown" and source not in NOT_PHONE_SOURCES) or row.direction:
        facts.append("phone")
    return facts


def _covers(group: str, source: str) -> bool:
    """Whether a group of sources stands for this one, too."""
    if group not in GROUPS or source in GROUPS:
        return False
    return group in _facts(Conversation(conversation_id="", conversation_initiation_source=source))


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sources that two lists have in common; a group in one stands for all its sources."""
    same = {v for v in one if v in other}
    narrow = {v for v in one if any(_covers(g, v) for g in other)} | {
        v for v in other if any(_covers(g, v) for g in one)
    }
    return tuple(sorted(same | narrow))


_DIRECTIONS = {
    **dict.fromkeys(("inbound", "incoming", "in", "in-bound"), ("inbound",)),
    **dict.fromkeys(("outbound", "outgoing", "out", "out-bound"), ("outbound",)),
}


class Direction(ChoiceFilter):
    """`direction` of a row; the API has no such filter."""

    key = "direction"
    aliases = ("dir",)
    about = "inbound or outbound (phone calls only have one)"
    examples = ("inbound", "outgoing", "direction:outbound")
    noun = "direction"

    def phrases(self) -> Iterable[Phrase]:
        """Return "inbound", "outgoing"."""
        yield Phrase("inbound|incoming|in-bound", lambda _s: self.one("inbound"))
        yield Phrase("outbound|outgoing|out-bound", lambda _s: self.one("outbound"))
        yield Phrase("[that|which] we received", lambda _s: self.one("inbound"))
        yield Phrase(
            "[that|which|who|whom] we made|placed|dialed|dialled|called", lambda _s: self.one("outbound")
        )
        yield Phrase("made|placed by us", lambda _s: self.one("outbound"))

    def vocabulary(self) -> Iterable[str]:
        """Return both."""
        return ("inbound", "outbound")

    def value(self, text: str) -> tuple[str, ...]:
        """Return inbound or outbound."""
        return pick(text, _DIRECTIONS, self.key)

    def local(self, value: Choice, *, text_search: bool) -> bool:
        """Test it here, always."""
        del value, text_search
        return True

    def keeps(self, value: Choice, row: Conversation) -> bool:
        """Compare the row's direction."""
        return self.matches(value, [row.direction])

    def silent(self, value: Choice, row: Conversation) -> bool:
        """Whether a phone call does not say its direction, which it has."""
        return bool(value.groups) and row.direction is None and row.may_be_phone

    def words(self, value: Choice) -> Words:
        """Say it before the noun."""
        if value.groups:
            return Words(before=self.said(value.groups[0]))
        return Words(after=f"not {self.said(value.exclude)}")
