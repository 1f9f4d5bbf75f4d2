"""Agent: by id, or by name until it is looked up."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Conversation
from bot.query.filters.base import Filter, Params, SaidWords, listed
from bot.query.tokens import Item, bare_or_quoted, clean_value, quote
from bot.query.values import AgentRef, Agents, Misread

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
        """Exclude them."""
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
        """Say "for Support EN"."""
        parts = []
        if value.include:
            parts.append(f"for {listed(_labels(value.include))}")
        if value.exclude:
            parts.append(f"not for {listed(_labels(value.exclude))}")
        return SaidWords(after=" and ".join(parts))

    def canonical(self, value: Agents) -> str:
        """Return names quoted, with the id where it is known."""
        parts = []
        if value.include:
            parts.append(f"agent:{','.join(map(_text, value.include))}")
        if value.exclude:
            parts.append(f"-agent:{','.join(map(_text, value.exclude))}")
        return " ".join(parts)

    def readable(self, value: Agents) -> str:
        """Return names (ids where there is no name), comma-separated."""
        parts = []
        if value.include:
            parts.append(",".join(_labels(value.include)))
        if value.exclude:
            parts.append("not " + ",".join(_labels(value.exclude)))
        return " and ".join(parts)


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
