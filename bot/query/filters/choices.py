"""Filters on one of some values, such as result, direction and status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import Conversation
from bot.query.filters.base import Filter, Params, SaidWords, Slots, Write, listed, pick, word_slot
from bot.query.time.settle import Constraint, Role
from bot.query.time.when import ago
from bot.query.tokens import Item, item_text
from bot.query.values import Also, Choice, Misread


def merged(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Return both without repetition, in one order whatever the order of mention."""
    return tuple(sorted({*first, *second}))


@dataclass(frozen=True, kw_only=True, eq=False)
class ChoiceFilter(Filter[Choice]):
    """A filter on a fact that a call has once, or (with `many`) on what it has several of."""

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
    unsaid: str = ""
    """The value of a row that says nothing."""

    # --- reading ---

    def value(self, text: str) -> tuple[str, ...]:
        """Return the API's values for a word. Raises NotKnown or Misread."""
        return pick(text, self.table, self.key) if self.table else (text,)

    def read(self, items: Sequence[Item], key: str = "") -> Choice:  # noqa: ARG002
        values: tuple[str, ...] = ()
        for item in items:
            if item and not item[0].quoted and item[0].text.startswith("-"):
                wanted = f"{self.key}:{item_text(item)[1:]}"
                raise Misread(f"A minus stands before the key: write -{wanted} for what is not wanted.")
            values = merged(values, self.value(item_text(item)))
        if not values:
            raise Misread(f"“{self.key}:” needs a value, such as {self.examples[0]}.")
        return Choice((values,))

    def named(self, name: str) -> Choice:
        return Choice((merged(self.value(name), ()),))

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        """Join with or; else all must hold, or contradict each other.

        Of a fact that a call has once, "inbound and outbound" can only mean either.
        """
        if not old.groups or not new.groups or set(old.groups) >= set(new.groups):
            groups = old.groups or new.groups
        elif joiner == "or" or (not self.many and joiner in {"and", ","}):
            last = merged(old.groups[-1], new.groups[0])
            groups = tuple(sorted({*old.groups[:-1], last, *new.groups[1:]}))
        elif self.many:
            groups = tuple(sorted({*old.groups, *new.groups}))
        else:
            a, b = self.said(old.groups[0]), self.said(new.groups[0])
            raise Misread(
                f"A call has one {self.noun}, so it cannot be both {a} and {b}: "
                f"write “{a} or {b}” for either, or keep one."
            )
        return self.checked(Choice(groups, merged(old.exclude, new.exclude)))

    def checked(self, value: Choice) -> Choice:
        groups = []
        for group in value.groups:
            left = tuple(v for v in group if v not in value.exclude)
            if not left:
                raise Misread(
                    f"{self.said(group)} is both asked for and excluded, so nothing can match: "
                    "keep one of the two."
                )
            groups.append(left)
        # of a fact that a call has once, what is asked for says it all
        return Choice(tuple(groups), () if groups and not self.many else value.exclude)

    def negate(self, value: Choice) -> Choice:
        """Exclude what was asked for, or ask for what was excluded: “not incomplete”."""
        if not value.groups:
            return Choice((value.exclude,))
        return Choice((), merged(value.exclude, [v for group in value.groups for v in group]))

    # --- what the API is asked, and what is tested here ---

    def sendable(self, value: str) -> bool:
        """Whether the API knows a value."""
        return bool(value)

    def params(self, value: Choice) -> Params:
        if not self.parameter:
            return ()
        if self.any_of:
            return tuple((self.parameter, each) for group in value.groups for each in group)
        must = [group[0] for group in value.groups if len(group) == 1 and self.sendable(group[0])]
        return tuple((self.parameter, each) for each in must[:1])

    def local(self, value: Choice) -> bool:
        return bool(value.exclude) or len(value.groups) != 1 or not self.params(value)

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return the values that a row has."""
        found = getattr(row, self.attribute)
        return found if isinstance(found, tuple) else [found or self.unsaid]

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare exactly what the API compares; what is only tested here may differ in case."""
        if not self.attribute:
            return None
        sent = {each for _parameter, each in self.params(value)}
        have = {fact for fact in self.facts(row) if fact}
        folded = {fact.casefold() for fact in have}

        def has(wanted: str) -> bool:
            return wanted in have if wanted in sent else wanted.casefold() in folded

        return all(any(map(has, group)) for group in value.groups) and not any(map(has, value.exclude))

    # --- writing ---

    def say(self, value: str) -> str:
        """Return one value as the sentence says it."""
        return self.names.get(value, value)

    def title(self, value: str) -> str:
        words = self.say(value)
        return words[:1].upper() + words[1:]

    def said(self, values: Sequence[str]) -> str:
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
        return self.checked(super().read(items))

    def checked(self, value: Choice) -> Choice:
        if any("error" in group and len(group) > 1 for group in value.groups):
            raise Misread(f"“error” cannot be asked for together with other results: {_ALONE}.")
        return super().checked(value)

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        return None if ("error",) in value.groups else super().matches(value, row)

    def negate(self, value: Choice) -> Choice:
        if any("error" in group for group in value.groups):
            raise Misread(f"The result “error” cannot be excluded: {_ALONE}.")
        return super().negate(value)


RESULT = Result(
    key="result",
    form="Result",
    offered=("success", "failure", "unknown"),
    group="How it went",
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
            did not|n't succeed
            didn't|didnt succeed
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
    group="How it came in",
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
            [that|which|who|whom] we made|placed|dialed|dialled|called
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
        wanted = set(value.groups[0]) if value.groups else set(_LIFE)
        return tuple((self.parameter, s) for s in _LIFE if s not in wanted or s in value.exclude)

    def local(self, value: Choice) -> bool:  # noqa: ARG002
        return True


STATUS = Status(
    key="status",
    group="How it went",
    aliases=("state",),
    about="how far the call is: initiated, in-progress, processing, done, failed",
    examples=("status:failed", "in progress", "status:done", "incomplete", "-status:processing"),
    parameter="exclude_statuses",
    attribute="status",
    noun="status",
    table=STATUSES,
    vocabulary=STATUSES,
    said_as="with status {}",
    said_not="with a status other than {}",
    phrases={
        _running_for: """
            [still|been|are] [in] RUNNING [for|since] [at] [LONGER] [than|then] {length}
        """,
        "in-progress": """
            [still] ongoing|running|live|in-progress|active
            [still] in progress
            who|who's [is|are] [talking|speaking|calling] on the|a phone|call|line [right] [now]
            who|who's [is|are] talking|speaking|calling [right] [now]
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
