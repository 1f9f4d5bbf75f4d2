"""Who took a call and how it came in: its agent, its language, its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.model import LANGUAGES, SOURCES, Conversation
from bot.query.filters.base import Write, nearest
from bot.query.filters.choices import ChoiceFilter, by_word
from bot.query.phrases import one_word, word_slot
from bot.query.tokens import Item, bare_or_quoted, clean_value, quote, word_set
from bot.query.values import AgentRef, Choice, NotKnown, merged

# --- agent: by id, or by name until it is looked up ---

SPEECH_ENGINE = "seng_"
ID_STARTS = ("agent_", SPEECH_ENGINE)
EVERY = frozenset({"all", "every", "each", "any", "both"})
PLURAL = frozenset({"agents", "assistants", "bots"})
AGENTS = PLURAL | {"agent", "assistant", "bot"}
"""What agents are called besides their names: “all support agents”."""


class AgentFilter(ChoiceFilter):
    """`agent_id`. Its values are AgentRefs: names are looked up by `resolve`."""

    def value(self, text: str) -> tuple[AgentRef]:
        return (AgentRef("", text) if text.startswith(ID_STARTS) else AgentRef(text),)

    def named(self, name: object) -> Choice:
        return Choice((self.value(str(name)),))

    def item_value(self, item: Item) -> tuple[AgentRef]:
        """Return the agent named; `"Name"@"id"` is one whose id is known."""
        first, rest = item[0], "".join(part.text for part in item[1:])
        if first.quoted and rest.startswith("@"):
            return (AgentRef(clean_value(first.text), clean_value(rest)[1:]),)
        text = clean_value(first.text + rest)
        if text.startswith("@") and not first.quoted:
            return (AgentRef("", text[1:]),)
        return (AgentRef(text),) if any(part.quoted for part in item) else self.value(text)

    def part_of_one(self, value: AgentRef, groups: Sequence[Sequence[AgentRef]]) -> bool:  # noqa: ARG002
        return True  # names are not looked up yet: “for Booking without staging”

    def sent(self, value: AgentRef) -> str:
        return value.id

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare ids; a name not looked up yet is compared with the row's own name.

        An id of a speech engine is sent to the API, which knows its agent.
        """
        if not self.local(value) and value.single.id.startswith(SPEECH_ENGINE):
            return None

        def has(ref: AgentRef) -> bool:
            name = (row.agent_name or "").casefold()
            return row.agent_id == ref.id if ref.id else name == ref.name.casefold()

        return all(any(map(has, group)) for group in value.groups) and not any(map(has, value.exclude))

    def say(self, value: AgentRef) -> str:
        return value.label

    def parts(self, value: Choice, write: Write) -> Iterable[tuple[str, bool]]:
        """Write a name in quotes, with the id where it is known; to be read, the name or else the id."""
        return super().parts(value, _exact_agent if write is bare_or_quoted else self.say)


def _exact_agent(agent: AgentRef) -> str:
    if agent.name:
        return quote(agent.name) + (f"@{quote(agent.id)}" if agent.id else "")
    bare = agent.id.startswith(ID_STARTS) and bare_or_quoted(agent.id) == agent.id
    return agent.id if bare else f"@{quote(agent.id)}"


AGENT = AgentFilter(
    key="agent",
    form="Agents",
    typed=True,
    aliases=("agents", "agent-id", "assistant", "bot"),
    about="which agent took the call, by name (as close as you can) or id",
    examples=("for Support EN", 'agent:"Support EN"', 'for "Sales Today"', "not for Support EN"),
    parameter="agent_id",
    attribute="agent_id",
    noun="agent",
    said_as="for {}",
    said_not="not for {}",
    goes_on=True,
    phrases={
        "{}": """
            from|of|with|by|to|on|via [the|our] {framed}
            for|from|of|by|to [the|our|my] {group}
            [for|from|of|with|by|to|on|via] {every}
        """
    },
    openers=(
        *("for", "for agent", "agent", "agents", "assistant", "by", "by agent", "handled by", "answered by"),
        *("taken by", "from agent", "of agent", "with agent", "to agent", "on agent"),
    ),
)


# --- language ---

_ALSO = """
    deutsch de, français fr, francais fr, español es, espanol es, italiano it, português pt, mandarin zh,
    farsi fa, bokmal nb, castilian es, nederlands nl
"""
BY_NAME = {name.casefold(): code for code, name in LANGUAGES.items()} | {
    entry.split()[0]: entry.split()[1] for entry in _ALSO.split(",")
}
_CODE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2,4}|\d{3}))?")
_SPOKEN = ("", "-speaking", "-language", "-spoken")


def code_of(text: str) -> str | None:
    """Return the code that a name or code stands for, or None."""
    word = text.strip().casefold()
    if word in BY_NAME:
        return BY_NAME[word]
    match = _CODE.fullmatch(word)
    if match and match.group(1) in LANGUAGES:
        return f"{match.group(1)}-{match.group(2)}" if match.group(2) else match.group(1)
    return None


class Language(ChoiceFilter):
    """`main_languages`: a conversation has one, so several can only mean any of them."""

    def value(self, text: str) -> tuple[str, ...]:
        code = code_of(text)
        if code is None:
            close = nearest(text.casefold(), BY_NAME, cutoff=70)
            raise NotKnown(tuple(f"lang:{BY_NAME[name]}" for name in close) or ("lang:de", "lang:german"))
        return (code,)

    def say(self, value: str) -> str:
        base, _, region = value.partition("-")
        name = LANGUAGES.get(base, value)
        return f"{name} ({region.upper()})" if region else name

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare the row's language; excluding German excludes de-AT too."""
        language = (row.main_language or "").casefold()
        unwanted = {language, language.partition("-")[0]} & set(value.exclude)
        return super().matches(value, row) and not unwanted


LANGUAGE = Language(
    key="lang",
    form="Language",
    offered=tuple(sorted(LANGUAGES, key=LANGUAGES.__getitem__)),
    aliases=("language", "languages", "main-language", "main-languages", "locale"),
    about="the main language, by name or code",
    examples=("german", "in german", "german or french", "lang:de", "-lang:en"),
    parameter="main_languages",
    attribute="main_language",
    any_of=True,
    noun="main language",
    vocabulary=BY_NAME,
    adjective=True,
    said_not="not in {}",
    phrases={
        "{}": """
            [spoken|speaking|held|using|used|spoke] [in] {language} [speaking|language|spoken|speakers]
            [in|with|where] [the] language|lang [is|was|=] {code}
        """
    },
    slots={
        "language": word_slot({name + end: code for name, code in BY_NAME.items() for end in _SPOKEN}),
        "code": one_word(code_of),
    },
)

# --- source ---

_SEVERAL = {"phone": "the phone", "web": "the web", "app": "an app"}
"""Sources that stand for several, and how they are said: tested here, since the API takes one."""
_SOURCE_WORDS = by_word(
    {
        "phone": "phone|phones|telephone|telephony|landline|mobile|phone-line",
        "web": "web|website|webpage|browser|web-widget|site|webchat|homepage",
        "app": "app|apps|mobile-app",
        **{name: "|".join((*source.words, name)).replace("_", "-") for name, source in SOURCES.items()},
    }
)
_IDLE = word_set("unknown mobile site app apps react swift python preview flutter")
"""Words that say a source only after "from" or "via"."""
_SAID_SOURCES = {
    said: word
    for word in _SOURCE_WORDS
    for said in (word, word.replace("-", "_"), word.replace("-", " "))
    if word != "unknown"
}


def _kinds(source: str) -> set[str]:
    """Return the sources that stand for several, one of which this is; one not known yet may be a phone's."""
    return {SOURCES[source].kind if source in SOURCES else "phone"} - {""}


class SourceFilter(ChoiceFilter):
    """`conversation_initiation_source`: the API takes one; phone, web and app stand for several."""

    def value(self, text: str) -> tuple[str, ...]:
        return super().value(text.replace("_", "-").replace(" ", "-"))

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        """Take the narrower of two that say the same: "twilio phone calls" are Twilio's."""
        if joiner != "or" and len(old.groups) == len(new.groups) == 1:
            first, second = old.groups[0], new.groups[0]
            both = {v for v in first if v in second or self._in_any(v, second)}
            both |= {v for v in second if self._in_any(v, first)}
            if both:
                return self.checked(Choice((merged(both),), merged(old.exclude, new.exclude)))
        return super().merge(old, new, joiner)

    def part_of_one(self, value: str, groups: Sequence[Sequence[str]]) -> bool:
        return any(self._in_any(value, group) for group in groups)  # "phone calls not via twilio"

    def _in_any(self, source: str, groups: Iterable[str]) -> bool:
        """Whether one of some groups stands for a source, too."""
        return source not in _SEVERAL and not _kinds(source).isdisjoint({*groups} & _SEVERAL.keys())

    def say(self, value: str) -> str:
        known = _SEVERAL.get(value) or (SOURCES[value].said if value in SOURCES else "")
        return known or value.removesuffix("_integration").replace("_", " ").title()

    def title(self, value: str) -> str:
        return (SOURCES[value].label if value in SOURCES else "") or super().title(value)

    def sent(self, value: str) -> str:
        return "" if value in _SEVERAL else value

    def facts(self, row: Conversation) -> Sequence[str]:
        source = row.conversation_initiation_source or "unknown"
        return [source, *_kinds(source), *(["phone"] if row.direction else [])]

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare sources; a call without one may be of the phone."""
        unsaid = row.conversation_initiation_source in (None, "unknown") and row.direction is None
        may_be_phone = unsaid and any("phone" in group for group in value.groups)
        return super().matches(value, row) or (None if may_be_phone else False)


SOURCE = SourceFilter(
    key="source",
    form="Channel",
    offered=tuple(name for name, source in SOURCES.items() if source.label or source.kind),
    aliases=("channel", "via", "conversation-initiation-source", "medium", "platform"),
    about="how it came in: twilio, sip, phone, web, whatsapp, sms, app, …",
    examples=("from whatsapp", "phone calls", "via twilio", "source:web,whatsapp", "-source:widget"),
    parameter="conversation_initiation_source",
    attribute="conversation_initiation_source",
    noun="source",
    table=_SOURCE_WORDS,
    vocabulary=_SOURCE_WORDS,
    said_as="from {}",
    said_not="not from {}",
    phrases={
        "{}": """
            from|via|through|over|on|by|using|in [the|our|a|an] {source} [CHATS]
            {plain_source} [CHATS]
            [with|whose] [the] source|channel [is|was|of|=] {source}
            [that|which|who] used|use|uses {plain_source}
        """,
        "app": "app|apps call|calls|conversation|conversations",
    },
    slots={
        "source": word_slot(_SAID_SOURCES),
        "plain_source": word_slot({said: word for said, word in _SAID_SOURCES.items() if said not in _IDLE}),
    },
)
