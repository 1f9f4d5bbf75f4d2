"""Filters on one of some values, such as result, direction and status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.model import Conversation
from bot.query.filters.base import Filter, Params, SaidWords, Slots, Write, listed, pick
from bot.query.phrases import word_slot
from bot.query.time.settle import Constraint, Role
from bot.query.time.when import ago
from bot.query.tokens import Item, item_text
from bot.query.values import Also, Choice, Misread, merged


@dataclass(frozen=True, kw_only=True, eq=False)
class ChoiceFilter(Filter[Choice]):
    """A filter on a fact that a call has once, or (with `many`) on what it has several of.

    Its values are words and ids.
    """

    table: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The API's values by the words for them; empty where any text is a value."""
    noun: str = "value"
    """What a call has one of: “A call has one result”."""
    names: Mapping[str, str] = field(default_factory=dict)
    """How the sentence says values that it does not say as they are."""
    adjective: bool = False
    """Said before the noun: “failed calls”."""
    said_as: str = "{}"
    said_not: str = "not {}"
    """How the sentence frames values that are wanted, and not."""
    many: bool = False
    """Two mentions must both hold, rather than contradict each other."""
    any_of: bool = False
    """The API reads several values as any of them; else one is sent, and more are tested here."""
    one_only: str = ""
    """Where one value is all that can be asked for, and none excluded: what is answered to several."""
    unsaid: str = ""
    """The value of a row that says nothing."""

    # --- reading ---

    def value(self, text: str) -> tuple[Any, ...]:
        """Return the values that a word stands for. Raises NotKnown or Misread."""
        return pick(text, self.table, self.key) if self.table else (text,)

    def item_value(self, item: Item) -> tuple[Any, ...]:
        """Return the values of one item after the colon. Raises NotKnown or Misread."""
        text = item_text(item)
        if text.startswith("-") and not item[0].quoted:
            raise Misread(
                f"A minus stands before the key: write -{self.key}:{text[1:]} for what is not wanted."
            )
        return self.value(text)

    def read(self, items: Sequence[Item], key: str = "") -> Choice:  # noqa: ARG002
        values = merged(value for item in items for value in self.item_value(item))
        if not any(map(self.say, values)):
            raise self.incomplete()
        return self.checked(Choice((values,)))

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        """Join with or; else all must hold, or contradict each other.

        Of a fact that a call has once, "inbound and outbound" can only mean either.
        """
        if not old.groups or not new.groups or set(old.groups) >= set(new.groups):
            groups = old.groups or new.groups
        elif joiner == "or" or (not self.many and joiner in {"and", ","}):
            groups = merged((*old.groups[:-1], merged(old.groups[-1], new.groups[0]), *new.groups[1:]))
        elif self.many:
            groups = merged(old.groups, new.groups)
        else:
            a, b = self.said(old.groups[0]), self.said(new.groups[0])
            raise Misread(
                f"A call has one {self.noun}, so it cannot be both {a} and {b}: "
                f"write “{a} or {b}” for either, or keep one."
            )
        return self.checked(Choice(groups, merged(old.exclude, new.exclude)))

    def checked(self, value: Choice) -> Choice:
        if self.one_only and value.single is None:
            raise Misread(self.one_only.format(self.key))
        groups = []
        for group in value.groups:
            left = tuple(v for v in group if v not in value.exclude)
            if not left:
                raise Misread(
                    f"{self.said(group)} is both asked for and excluded, so nothing can match: "
                    "keep one of the two."
                )
            groups.append(left)
        excluded = [v for v in value.exclude if self.many or not groups or self.part_of_one(v, groups)]
        return Choice(tuple(groups), tuple(excluded))

    def part_of_one(self, value: Any, groups: Sequence[Sequence[Any]]) -> bool:  # noqa: ARG002
        """Whether calls with a value may be among those asked for, of a fact that a call has once."""
        return False

    def negate(self, value: Choice) -> Choice:
        """Exclude what was asked for, or ask for what was excluded: “not incomplete”."""
        if self.one_only:
            return super().negate(value)
        return Choice((), merged(value.exclude, value.wanted)) if value.groups else Choice((value.exclude,))

    # --- what the API is asked, and what is tested here ---

    def sent(self, value: Any) -> str:
        """Return a value as the API knows it; "" where it does not."""
        return str(value)

    def params(self, value: Choice) -> Params:
        if not self.parameter:
            return ()
        if self.any_of:
            return tuple((self.parameter, each) for each in value.wanted)
        must = [self.sent(group[0]) for group in value.groups if len(group) == 1]
        return tuple((self.parameter, each) for each in must if each)[:1]

    def local(self, value: Choice) -> bool:
        return self.selects and (bool(value.exclude) or len(value.groups) != 1 or not self.params(value))

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return the values that a row has."""
        found = getattr(row, self.attribute)
        return found if isinstance(found, tuple) else [found or self.unsaid]

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare exactly what the API compares; what is only tested here may differ in case."""
        if not self.attribute:
            return super().matches(value, row)
        sent = {each for _parameter, each in self.params(value)}
        have = {fact for fact in self.facts(row) if fact}
        folded = {fact.casefold() for fact in have}

        def has(wanted: str) -> bool:
            return wanted in have if wanted in sent else wanted.casefold() in folded

        return all(any(map(has, group)) for group in value.groups) and not any(map(has, value.exclude))

    # --- writing ---

    def say(self, value: Any) -> str:
        """Return one value as the sentence says it."""
        return self.names.get(value, value)

    def title(self, value: str) -> str:
        words = self.say(value)
        return words[:1].upper() + words[1:]

    def said(self, values: Sequence[Any]) -> str:
        return listed([self.say(v) for v in values])

    def words(self, value: Choice) -> SaidWords:
        framed = [self.said_as.format(self.said(group)) for group in value.groups]
        if framed and self.adjective:
            return SaidWords(before=framed[0])
        if value.exclude:
            framed.append(self.said_not.format(self.said(value.exclude)))
        return SaidWords(after=" and ".join(framed))

    def parts(self, value: Choice, write: Write) -> Iterable[tuple[str, bool]]:
        groups = [(group, False) for group in value.groups] + [(value.exclude, True)] * bool(value.exclude)
        return [(",".join(map(write, group)), excluded) for group, excluded in groups]


def by_word(words_of: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the API's values by the words for them, from the words of each value."""
    return {word: (value,) for value, words in words_of.items() for word in words.split("|")}


class Flag(ChoiceFilter):
    """Something that is asked for or not: `key:yes`."""

    def value(self, text: str = "yes") -> tuple[str]:
        values = super().value(text or "yes")
        if values == ("no",):
            raise Misread(self.not_excluded.format(key=self.key))
        return ("yes",)

    def negate(self, value: Choice) -> Choice:
        return Filter.negate(self, value)

    def sent(self, value: str) -> str:  # noqa: ARG002
        return "true"


# --- result ---

RESULTS = by_word(
    {
        "failure": "failure|failures|failed|fail|failing|unsuccessful",
        "success": "success|successes|successful|succeeded|passed|ok",
        "unknown": "unknown|undecided|inconclusive",
        "error": "error",
    }
)
_YES_NO = {"yes": "success", "true": "success", "no": "failure", "false": "failure"}
_ALONE = "only ElevenLabs can find such calls, one result at a time, so ask for result:error by itself"


class Result(ChoiceFilter):
    """`call_successful`. The API's filter knows `error`, but no conversation says that this is its result.

    What is tested here would leave those calls out, so `error` stands alone and cannot be excluded.
    """

    def read(self, items: Sequence[Item], key: str = "") -> Choice:
        """Return any of the results given; also yes and no after "successful:"."""
        word = "".join(map(item_text, items)).casefold()
        if key in {"success", "successful", "call-successful"} and word in _YES_NO:
            return self.named(_YES_NO[word])
        return super().read(items)

    def checked(self, value: Choice) -> Choice:
        if "error" in value.wanted and len(value.wanted) > 1:
            raise Misread(f"“error” cannot be asked for together with other results: {_ALONE}.")
        return super().checked(value)

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        return None if "error" in value.wanted else super().matches(value, row)

    def negate(self, value: Choice) -> Choice:
        if "error" in value.wanted:
            raise Misread(f"The result “error” cannot be excluded: {_ALONE}.")
        return super().negate(value)


RESULT = Result(
    key="result",
    form="Result",
    offered=("success", "failure", "unknown"),
    aliases=("outcome", "success", "call-successful", "successful"),
    about="whether the call was judged successful",
    examples=("failed", "successful", "failed or unknown", "result:failure", "-result:success"),
    parameter="call_successful",
    attribute="call_successful",
    unsaid="unknown",
    noun="result",
    table=RESULTS,
    vocabulary=RESULTS,
    names={"failure": "failed", "success": "successful"},
    adjective=True,
    phrases={
        "failure": """
            failed|failing|failure|failures|fail|fails|unsuccessful|unsuccessfully
            fail|fails|failed|failing [the] most
            went wrong|badly
            [IS] anything|something|everything [going|gone|goes] wrong
            what|what's|whats [IS] wrong
            [did] not|n't|didn't succeed
            [with] [a|an] failed|failure|unsuccessful|bad|negative RESULT
            [with|whose] [a|the] RESULT [is|was|of|=] failed|failure|unsuccessful
        """,
        "success": """
            successful|successfully|success|successes|succeeded|succeeding
            went well|fine|ok|right
            [with] [a] successful|success|good|positive RESULT
            [with|whose] [a|the] RESULT [is|was|of|=] successful|success
        """,
        "unknown": """
            [with] [an] unknown [RESULT]
            undecided|inconclusive
            [with|whose] [an|the] RESULT [is|was|of|=] unknown
        """,
    },
)


# --- direction ---


class Direction(ChoiceFilter):
    """`direction` of a row; the API has no such filter."""

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare directions; a phone call has one, even if its row does not say it."""
        unsaid = bool(value.groups) and row.direction is None and row.may_be_phone
        return None if unsaid else super().matches(value, row)


DIRECTION = Direction(
    key="direction",
    form="Direction",
    offered=("inbound", "outbound"),
    aliases=("dir",),
    about="inbound or outbound (phone calls only have one)",
    examples=("inbound", "outgoing", "direction:outbound"),
    attribute="direction",
    noun="direction",
    table=by_word({"inbound": "inbound|incoming|in|in-bound", "outbound": "outbound|outgoing|out|out-bound"}),
    vocabulary=("inbound", "outbound"),
    adjective=True,
    phrases={
        "inbound": """
            inbound|incoming|in-bound
            [that|which] we received
            to us
        """,
        "outbound": """
            outbound|outgoing|out-bound
            [that|which|who|whom] we|i made|placed|dialed|dialled|called
            made|placed by us
            from us
        """,
    },
)

# --- status ---

_LIFE = ("initiated", "in-progress", "processing", "done", "failed")
"""The API's statuses known when this was written, in the order of a call's life."""
STATUSES = by_word(
    {
        **{status: status for status in _LIFE},
        "in-progress": "in-progress|ongoing|running|live|active|in progress|inprogress",
        "done": "done|finished|completed|complete",
        "initiated": "initiated|started",
    }
)


def _running_for(slots: Slots) -> Also:
    """Return what began so long ago and goes on: its length is not known before it ends."""
    seconds = slots["length"]
    began = Constraint(Role.UNTIL, ago(seconds if isinstance(seconds, int) else 0, "second"))
    return Also((("status", STATUS.named("in-progress")), ("time", (began,))))


class Status(ChoiceFilter):
    """`status`: the API only excludes, so the others are excluded there and the row is tested here."""

    def params(self, value: Choice) -> Params:
        """Exclude every other status known; a status not known yet is sorted out here."""
        wanted = value.wanted or _LIFE
        return tuple((self.parameter, s) for s in _LIFE if s not in wanted or s in value.exclude)

    def local(self, value: Choice) -> bool:  # noqa: ARG002
        return True


STATUS = Status(
    key="status",
    aliases=("state",),
    about="how far the call is: initiated, in-progress, processing, done, failed",
    examples=("status:failed", "in progress", "status:done", "incomplete", "-status:processing"),
    parameter="exclude_statuses",
    attribute="status",
    noun="status",
    table=STATUSES,
    vocabulary=STATUSES,
    names={"in-progress": "in progress"},
    said_as="with status {}",
    said_not="with a status other than {}",
    phrases={
        _running_for: """
            [still|been|are] [in] RUNNING [for|since] [at] [LONGER] [than|then] {length}
        """,
        "in-progress": """
            [still] ongoing|running|live|in-progress|active
            [still] in progress
            [is|are] WHO [is|are] [talking|speaking|calling] on the|a phone|call|line [right] [now]
            [is|are] WHO [is|are] talking|speaking|calling [right] [now]
            [calls|conversations] [that|which] [are] going|happening on|now [right] [now]
            {alone} calls|conversations|chats|call [happening] [are] right now
            {alone} calls|conversations|chats now
            current call|calls|conversation|conversations|chats
        """,
        "processing": """
            [still] processing
            [still] being processed
        """,
        "done": "finished|completed",
        "-done": "incomplete|incompleted|uncompleted|unfinished",
        "{}": """
            {status} status|state
            [with|in|whose] [the] status|state [is|was|of|=] {status}
        """,
    },
    slots={"status": word_slot({word: word for word in STATUSES})},
)
