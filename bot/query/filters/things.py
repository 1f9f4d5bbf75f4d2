"""Things a call may have several of (tools, tags), how it ended, and ids the API filters by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from bot.model import Conversation
from bot.query.filters.base import ChoiceFilter, Filter, Params, Words, listed
from bot.query.phrases import Phrase, SlotReader, StartsWith, Text
from bot.query.refused import looks_like_phone
from bot.query.tokens import Item, Kind, Segment, bare_or_quoted, item_text, word_set
from bot.query.values import Choice, Misread
from bot.query.values import Text as Id
from bot.query.words import JOINERS, NEGATIONS, STOP


class Several(ChoiceFilter):
    """A list parameter that does not say what several values mean: one is sent, all are tested here."""

    many = True
    goes_on = True
    form_joins = (" and not ", " and ")
    param: ClassVar[str]
    said_as: ClassVar[str]
    """"that used the tool": stands before the name."""
    said_not: ClassVar[str]

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return what the row has."""
        raise NotImplementedError

    def sendable(self, value: Choice) -> str | None:
        """Return the one value that every matching call must have."""
        return next((group[0] for group in value.groups if len(group) == 1), None)

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Send one value that must be there."""
        del text_search
        one = self.sendable(value)
        return ((self.param, one),) if one else ()

    def local(self, value: Choice, *, text_search: bool) -> bool:
        """Test here unless the API has done all of it."""
        return bool(value.exclude) or value.single is None or not self.params(value, text_search=text_search)

    def keeps(self, value: Choice, row: Conversation) -> bool:
        """Compare what the row has."""
        return self.matches(value, self.facts(row))

    def words(self, value: Choice) -> Words:
        """Say each group, then what is excluded."""
        parts = [f"{self.said_as} {self.said(group)}" for group in value.groups]
        if value.exclude:
            parts.append(f"{self.said_not} {self.said(value.exclude)}")
        return Words(after=" and ".join(parts))

    def _named(self, slots: Mapping[str, object]) -> Choice:
        return self.one(str(next(iter(slots.values()))))


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


class Tag(Several):
    """`tag_ids`; the message search has no such parameter."""

    key = "tag"
    aliases = ("tags", "tagged", "tag-ids", "label")
    about = "a tag"
    examples = ("tagged vip", "tag:vip", "-tag:test")
    param = "tag_ids"
    said_as = "tagged"
    said_not = "not tagged"

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return the row's tags."""
        return row.tag_ids

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Send one tag, but not to the message search."""
        return () if text_search else super().params(value, text_search=text_search)

    def phrases(self) -> Iterable[Phrase]:
        """Return "tagged vip"."""
        yield Phrase("[that|which] [are|were|is] tagged [as|with] {name}", self._named)
        yield Phrase("[with] [the|a] tag|tags {name}", self._named)


class Ended(ChoiceFilter):
    """`termination_reasons`: several mean any of them (documented)."""

    key = "ended"
    aliases = ("end-reason", "termination", "termination-reason", "termination-reasons", "reason", "ended-by")
    about = "why the call ended, exactly as ElevenLabs words it"
    examples = ('ended:"Client disconnected: 1000"', 'ended because "silence"', "-ended:voicemail")
    noun = "reason for ending"

    def phrases(self) -> Iterable[Phrase]:
        """Return "ended because …"."""
        why = "ended|terminated|ending"
        yield Phrase(f"[that|which] {why} [by|because|with|due|for] [of|to|reason] {{quoted}}", self._named)
        yield Phrase(f"[that|which] {why} by|because|with|due [of|to] [the|a] {{name}}", self._named)
        yield Phrase("[with] [the] termination|end reason {name}", self._named)

    def _named(self, slots: Mapping[str, object]) -> Choice:
        return self.one(str(next(iter(slots.values()))))

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Send all."""
        del text_search
        return tuple(("termination_reasons", reason) for group in value.groups for reason in group)

    def local(self, value: Choice, *, text_search: bool) -> bool:
        """Excluded reasons are tested here."""
        del text_search
        return bool(value.exclude)

    def keeps(self, value: Choice, row: Conversation) -> bool:
        """Compare the row's reason."""
        return self.matches(value, [row.termination_reason])

    def words(self, value: Choice) -> Words:
        """Say "that ended with …"."""
        quoted = [f"“{v}”" for v in (value.groups[0] if value.groups else value.exclude)]
        return Words(after=f"that {'ended' if value.groups else 'did not end'} with {listed(quoted)}")


class OneId(Filter[Id]):
    """A filter that takes one id, which the API alone can test."""

    def __init__(
        self, key: str, param: str, about: str, *aliases: str, phrases: tuple[str, ...] = ()
    ) -> None:
        """`key:` sends `param`; phrases hold one `{name}`."""
        self.key = key
        self.param = param
        self.about = about
        self.aliases = aliases
        self.examples = (f"{key}:123",)
        self._patterns = phrases

    def phrases(self) -> Iterable[Phrase]:
        """Return the patterns given."""
        for pattern in self._patterns:
            yield Phrase(pattern, lambda slots: Id(str(slots["name"])))

    def form_items(self, text: str) -> tuple[Item, ...]:
        """Take the text whole."""
        return ((Segment(text),),)

    def read(self, items: Sequence[Item]) -> Id:
        """Accept one value."""
        if len(items) != 1 or not item_text(items[0]):
            raise Misread(f"“{self.key}:” takes one value, such as {self.key}:123.")
        return Id(item_text(items[0]))

    def params(self, value: Id, *, text_search: bool) -> Params:
        """Send it."""
        del text_search
        return ((self.param, value.text),)

    def words(self, value: Id) -> Words:
        """Say "with user 4711"."""
        return Words(after=f"with {self.key} {value.text}")

    def canonical(self, value: Id) -> str:
        """Return the pair."""
        return f"{self.key}:{bare_or_quoted(value.text)}"

    def readable(self, value: Id) -> str:
        """Return the id."""
        return value.text


class User(OneId):
    """`user_id`. "caller:" often comes with a phone number, which is another thing."""

    def read_as(self, key: str, items: Sequence[Item]) -> Id:
        """Refuse a phone number, unless it is said to be the id."""
        value = self.read(items)
        if key in {"caller", "customer"} and looks_like_phone(value.text):
            raise Misread(
                "A caller's phone number cannot be filtered: ElevenLabs offers no such filter. "
                f'If it is the id that your system gave the person, write user:"{value.text[:40]}".'
            )
        return value


USER = User(
    "user",
    "user_id",
    "the user id of the person who called",
    "user-id",
    "caller",
    "customer",
    phrases=("[from|by|of|for|with] [the] user [id|with] [id] {name}",),
)
TOPIC = OneId("topic", "topic_ids", "a topic found by ElevenLabs, by id", "topics", "topic-ids")
BRANCH = OneId("branch", "branch_id", "a branch of the agent, by id", "branch-id")
VERSION = OneId("version", "version_id", "a version of the agent, by id", "version-id")
NUMBER = OneId(
    "number",
    "phone_number_ids",
    "the agent's phone number, by ElevenLabs' id for it",
    "phone-number",
    "phone-number-id",
)
