"""Filters on names and words: the agent, by id, or by name until it is looked up; what was said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce

from bot.model import Conversation
from bot.query.filters.base import Filter, Params, SaidWords, Write, listed
from bot.query.tokens import Item, bare_or_quoted, clean_value, quote
from bot.query.values import AgentRef, Agents, Misread, Texts

SPEECH_ENGINE = "seng_"
ID_STARTS = ("agent_", SPEECH_ENGINE)
EVERY = frozenset({"all", "every", "each", "any", "both"})
PLURAL = frozenset({"agents", "assistants", "bots"})
AGENTS = PLURAL | {"agent", "assistant", "bot"}
"""What agents are called besides their names: “all support agents”."""


class AgentFilter(Filter[Agents]):
    """`agent_id`. Names are looked up by `resolve`."""

    def read(self, items: Sequence[Item], key: str = "") -> Agents:  # noqa: ARG002
        """Return the agents named; `"Name"@"id"` is one whose id is known."""
        refs = [ref for item in items if (ref := _ref(item)).label]
        if not refs:
            raise Misread('“agent:” needs a name, such as agent:"Support EN".')
        return Agents(_unique(refs))

    def named(self, name: str) -> Agents:
        """Return an agent by a name or id found in the text."""
        return Agents((AgentRef(None, name) if name.startswith(ID_STARTS) else AgentRef(name),))

    def merge(self, old: Agents, new: Agents, joiner: str) -> Agents:
        """Join agents; a call has one, so two that stand apart contradict each other."""
        if old.include and new.include and set(old.include) != set(new.include) and not joiner:
            first, second = listed(_labels(old.include)), listed(_labels(new.include))
            raise Misread(
                f"A call has one agent, so it cannot be both {first} and {second}: "
                f"write “{first} or {second}” for either, or keep one."
            )
        include = _unique([*old.include, *new.include])
        exclude = _unique([*old.exclude, *new.exclude])
        both = [ref for ref in include if ref in exclude]
        if both:
            raise Misread(f"{both[0].label} is both asked for and excluded: keep one of the two.")
        return Agents(include, exclude)

    def negate(self, value: Agents) -> Agents:
        return Agents((), _unique([*value.include, *value.exclude]))

    def params(self, value: Agents) -> Params:
        """Send one agent; the API takes no list."""
        if len(value.include) == 1 and value.include[0].id:
            return ((self.parameter, value.include[0].id),)
        return ()

    def local(self, value: Agents) -> bool:
        """Several agents, or excluded ones, are tested here."""
        return bool(value.exclude) or not self.params(value)

    def matches(self, value: Agents, row: Conversation) -> bool | None:
        """Compare ids; a name not looked up yet is compared with the row's own name.

        An id of a speech engine is sent to the API, which knows its agent.
        """
        if not self.local(value) and (value.include[0].id or "").startswith(SPEECH_ENGINE):
            return None
        if value.include and not any(_is(ref, row) for ref in value.include):
            return False
        return not any(_is(ref, row) for ref in value.exclude)

    def words(self, value: Agents) -> SaidWords:
        parts = []
        if value.include:
            parts.append(f"for {listed(_labels(value.include))}")
        if value.exclude:
            parts.append(f"not for {listed(_labels(value.exclude))}")
        return SaidWords(after=" and ".join(parts))

    def parts(self, value: Agents, write: Write) -> Iterable[tuple[str, bool]]:
        """Return names quoted, with the id where it is known; to be read, names or else ids."""
        said = _text if write is bare_or_quoted else (lambda ref: ref.label)
        both = ((value.include, False), (value.exclude, True))
        return [(",".join(map(said, refs)), excluded) for refs, excluded in both if refs]


AGENT = AgentFilter(
    key="agent",
    form="Agents",
    typed=True,
    group="Which agent",
    aliases=("agents", "agent-id", "assistant", "bot"),
    about="which agent took the call, by name (as close as you can) or id",
    examples=("for Support EN", 'agent:"Support EN"', 'for "Sales Today"', "not for Support EN"),
    parameter="agent_id",
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


def _ref(item: Item) -> AgentRef:
    first = item[0] if item else None
    if first and first.quoted and len(item) > 1 and item[1].text.startswith("@"):
        rest = clean_value("".join(part.text for part in item[1:]))[1:]
        return AgentRef(clean_value(first.text) or None, rest or None)
    text = clean_value("".join(part.text for part in item))
    if not any(part.quoted for part in item) and text.startswith(ID_STARTS):
        return AgentRef(None, text)
    if text.startswith("@") and first and not first.quoted:
        return AgentRef(None, text[1:] or None)
    return AgentRef(text or None)


def _text(ref: AgentRef) -> str:
    if ref.name is None:
        bare = ref.id or ""
        return bare if bare.startswith(ID_STARTS) and bare_or_quoted(bare) == bare else f"@{quote(bare)}"
    return quote(ref.name) + (f"@{quote(ref.id)}" if ref.id else "")


def _labels(refs: Sequence[AgentRef]) -> list[str]:
    return [ref.label for ref in refs]


def _unique(refs: Sequence[AgentRef]) -> tuple[AgentRef, ...]:
    return tuple(sorted(set(refs), key=lambda ref: (ref.name or "", ref.id or "")))


def _is(ref: AgentRef, row: Conversation) -> bool:
    if ref.id:
        return row.agent_id == ref.id
    return (row.agent_name or "").casefold() == (ref.name or "").casefold()


# --- what was said ---

_MOST_TEXTS = 5
_QUOTED_PART = re.compile(r'("[^"]+")')


class SearchFilter(Filter[Texts]):
    """The message search: its own endpoint, so the query says what to look for."""

    def read(self, items: Sequence[Item], key: str = "") -> Texts:  # noqa: ARG002
        return self._any([clean_value("".join(part.text for part in item)) for item in items] or [""])

    def _any(self, texts: Iterable[str]) -> Texts:
        return reduce(lambda old, new: self.merge(old, new, "or"), map(self.named, texts))

    def named(self, name: str) -> Texts:
        if not name:
            raise Misread('“search:” needs words to look for, such as search:"late delivery".')
        return Texts((name,))

    def from_form(self, text: str) -> Texts:
        """Read one text, or several in quotes with "or" between."""
        parts = [part for part in _QUOTED_PART.split(text) if part.strip(" ,") and part.strip() != "or"]
        several = len(parts) > 1 and all(_QUOTED_PART.fullmatch(part) for part in parts)
        return self._any([clean_value(part[1:-1]) for part in parts] if several else [clean_value(text)])

    def merge(self, old: Texts, new: Texts, joiner: str) -> Texts:
        """Look for either; ElevenLabs does not look for two at once."""
        texts = tuple(dict.fromkeys((*old.texts, *new.texts)))
        if len(texts) > _MOST_TEXTS:
            raise Misread(f"I look for at most five topics at once, not for {len(texts)}: leave some out.")
        if joiner not in {"or", ","} and texts != old.texts:
            said = listed([f"“{text}”" for text in texts], "and")
            raise Misread(
                f"Calls in which both {said} were said cannot be found: write “or” between them for either."
            )
        return Texts(texts)

    def words(self, value: Texts) -> SaidWords:
        return SaidWords(after="about " + listed([f"“{text}”" for text in value.texts]))

    def canonical(self, value: Texts) -> str:
        return f"{self.key}:{','.join(map(quote, value.texts))}"

    def readable(self, value: Texts) -> str:
        return value.texts[0] if len(value.texts) == 1 else " or ".join(f'"{text}"' for text in value.texts)


SEARCH = SearchFilter(
    key="search",
    form="Words said",
    typed=True,
    most_chosen=1,
    group="What was said and done",
    place=-1,
    aliases=("text", "about", "mentions", "said", "contains", "query", "q"),
    about="words in what was said (full-text and fuzzy, by ElevenLabs)",
    examples=('about "refund"', "mentioning refund", 'search:"late delivery"'),
    free_text=True,
    goes_on=True,
    openers=(
        *("about", "regarding", "concerning", "mentioning", "mention", "mentions", "mentioned", "containing"),
        *("contain", "contains", "with the word", "with the words", "with the text", "asking for"),
        *("asked for", "ask for", "complaining about", "complained about", "complaints about"),
        *("talking about", "talked about", "talk about", "said", "saying", "search", "search for"),
        *("transcript contains", "transcript mentions", "transcripts containing", "transcripts mentioning"),
        *("where the transcript contains", "where the transcript mentions", "whose transcript contains"),
        *("whose transcript mentions", "searching for", "where someone said", "caller said"),
        *("customer said", "where the customer said", "where the caller said"),
    ),
)
