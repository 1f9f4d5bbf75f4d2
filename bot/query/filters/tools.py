"""Tools that were used in a call, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bot.model import Conversation
from bot.query.filters.base import Filter
from bot.query.filters.several import Several
from bot.query.phrases import Phrase, SlotReader, StartsWith, Text
from bot.query.tokens import Item, Kind, item_text, word_set
from bot.query.values import Choice, Misread
from bot.query.vocabulary import JOINERS, NEGATIONS, STOP


class Tool(Several):
    """`tool_names`: tools used in the call."""

    key = "tool"
    aliases = ("tools", "tool-name", "tool-names", "used")
    about = "a tool that the agent used"
    examples = (
        "that used the refund tool",
        "using lookup_order",
        "tool:refund",
        "tool:refund,cancel",
        "-tool:refund",
    )
    param = "tool_names"
    said_as = "that used the tool"
    said_not = "that did not use the tool"

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return the tools used."""
        return row.tool_names

    def slots(self) -> Mapping[str, SlotReader]:
        """Return the readers of tools' names."""
        return {"tool": _tool, "technical": _technical}

    def slot_starts(self) -> Mapping[str, StartsWith]:
        """Return what judges their first words."""
        return {"tool": lambda word: word not in _NO_TOOL, "technical": _is_technical}

    def phrases(self) -> Iterable[Phrase]:
        """Return "that used the refund tool"."""
        that = "[that|which|where|who|when]"
        verb = "used|using|use|uses|called|calling|invoked|invoking|ran|triggered|triggering|with"
        yield Phrase(f"[that|which|where] {verb} [the|a] {{names}} tool", self._named)
        yield Phrase(f"[that|which|where] {verb} [the|a] tool {{tool}}", self._named)
        yield Phrase("[that|which] used|using|use|uses|invoked|triggered [the] {tool}", self._named)
        yield Phrase("[the] tool {tool} [was] [used|called]", self._named)
        yield Phrase("where [the] {names} tool was used|called", self._named)
        yield Phrase(f"{that} called|calling|ran [the] {{technical}}", self._named)
        yield Phrase(f"{that} {{technical}} was|got used|called|invoked|triggered", self._named)
        for pattern in ("without [the|a|any] {names} tool", "without [the|a|any] tool {tool}"):
            yield Phrase(pattern, lambda s: self.negate(self._named(s)))
        some = "[a|any|some|one|the] tool|tools"
        for pattern in (
            f"[that|which] used|using|use|uses {some}",
            f"with|without [using] {some} [call|calls|use|usage]",
            "no tool|tools [used|calls]",
        ):
            yield Phrase(pattern, _which_tool("tool"))


def _tool(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a tool's name: quoted, or one word that says nothing about tools themselves."""
    token = text.tokens[at] if at < len(text) else None
    if token is not None and token.kind is Kind.QUOTED:
        yield item_text(token.items[0]), at + 1
    elif token is not None and token.kind is Kind.WORD and token.word not in _NO_TOOL:
        yield token.text, at + 1


def _technical(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name that can only be a tool's: quoted, or with an underscore."""
    for name, end in _tool(text, at):
        if _is_technical(text.word(at)):
            yield name, end


def _is_technical(word: str) -> bool:
    return not word or "_" in word.strip("_")


_NO_TOOL = (
    STOP
    | NEGATIONS
    | JOINERS.keys()
    | word_set("""
    today yesterday since until last tool tools error errors failure failures failed fails fail failing
    errored broke crashed succeeded worked use used using usage called german english french spanish
    """)
)
"""Words after "tool" that are not its name."""


def _which_tool(key: str) -> Callable[[Mapping[str, object]], Choice]:
    """Return what answers a tool that is not named."""

    def make(_slots: Mapping[str, object]) -> Choice:
        raise Misread(
            "Which tool? ElevenLabs finds calls only by a tool's own name: "
            f"write {key}:NAME, such as {key}:lookup_order."
        )

    return make


class _ToolOutcome(Several):
    """Tools by how their call went: the rows do not say, so one name is all that can be asked."""

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        """Refuse several."""
        if old != new:
            raise self._one()
        return super().merge(old, new, joiner)

    def read(self, items: Sequence[Item]) -> Choice:
        """Accept one name."""
        value = super().read(items)
        if value.single is None:
            raise self._one()
        return value

    def negate(self, value: Choice) -> Choice:
        """Refuse: see Filter.negate."""
        return Filter.negate(self, value)

    def _one(self) -> Misread:
        return Misread(
            f"“{self.key}” takes one tool at a time: ElevenLabs does not say which of several failed."
        )

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return nothing: rows do not say how a tool went."""
        del row
        return ()


class ToolFailed(_ToolOutcome):
    """`tool_names_errored`."""

    key = "tool-failed"
    aliases = ("failed-tool", "tool-error", "tool-errored", "tool-names-errored", "toolfailed")
    about = "a tool that failed in the call"
    examples = ("where the refund tool failed", "where tool refund failed", "tool-failed:refund")
    param = "tool_names_errored"
    said_as = "where this tool failed:"

    def phrases(self) -> Iterable[Phrase]:
        """Return "where the refund tool failed"."""
        verb = "failed|fails|errored|broke|crashed"
        that = "[that|which|where|in|when]"
        yield Phrase(f"{that} [which] [the|a] tool {{tool}} [has|had] {verb}", self._named)
        yield Phrase(f"{that} [which] [the|a] {{names}} tool [has|had] {verb}", self._named)
        yield Phrase(f"{that} {{technical}} [has|had] {verb}", self._named)
        yield Phrase("[with|in] [a|the] failed|failing|broken {names} tool [call]", self._named)
        yield Phrase("[with|in] [a|the] failed|failing|broken tool {tool}", self._named)
        some = "[a|any|some|one|the] tool|tools"
        wrong = "error|errors|failure|failures"
        for pattern in (
            f"{that} {some} [call|calls] [has|have|had] {verb}|fail",
            f"[with|without] {some} [call|calls] {wrong}",
            "[with] [a|any|some|the] failed|failing|broken tool|tools [call|calls]",
        ):
            yield Phrase(pattern, _which_tool(self.key))


class ToolSucceeded(_ToolOutcome):
    """`tool_names_successful`."""

    key = "tool-succeeded"
    aliases = ("tool-ok", "tool-success", "tool-successful", "tool-names-successful")
    about = "a tool that succeeded in the call"
    examples = ("where the refund tool succeeded", "tool-succeeded:refund")
    param = "tool_names_successful"
    said_as = "where this tool succeeded:"

    def phrases(self) -> Iterable[Phrase]:
        """Return "where the refund tool succeeded"."""
        that = "[that|which|where|in|when]"
        yield Phrase(f"{that} [which] [the|a] tool {{tool}} succeeded|worked", self._named)
        yield Phrase(f"{that} [which] [the|a] {{names}} tool succeeded|worked", self._named)
        yield Phrase(f"{that} {{technical}} succeeded|worked", self._named)
        some = "[a|any|some|one|the] tool|tools"
        yield Phrase(f"{that} {some} [call|calls] succeeded|worked", _which_tool(self.key))
