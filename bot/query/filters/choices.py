"""Filters on one of some values: result, direction, source, status, reason, tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import SOURCES, Conversation
from bot.query.filters.base import Filter, Params, SaidWords, listed, pick
from bot.query.phrases import Text
from bot.query.time.clock_words import ago
from bot.query.time.when import Constraint, Role
from bot.query.tokens import Item, bare_or_quoted, item_text
from bot.query.values import Also, Choice, Misread


def merged(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Return both without repetition, in one order whatever the order of mention."""
    return tuple(sorted({*first, *second}))


def one(*values: str) -> Choice:
    """Return any of some API values."""
    return Choice((merged(values, ()),))


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
        """Return any of the values given."""
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
        return one(*self.value(name))

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        """Join with or; else all must hold, or contradict each other.

        Of a fact that a call has once, "inbound and outbound" can only mean either.
        """
        exclude = merged(old.exclude, new.exclude)
        if not old.groups or not new.groups:
            groups = old.groups or new.groups
        elif set(old.groups) >= set(new.groups):
            groups = old.groups
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
        return self.checked(Choice(groups, exclude))

    def checked(self, value: Choice) -> Choice:
        """Return the value in its simplest form. Raises Misread when nothing can match."""
        groups = []
        for group in value.groups:
            left = tuple(v for v in group if v not in value.exclude)
            if not left:
                raise Misread(
                    f"{self.said(group)} is both asked for and excluded, so nothing can match: "
                    "keep one of the two."
                )
            groups.append(left)
        if groups and not self.many:  # what is asked for says it all
            return Choice(tuple(groups))
        return Choice(tuple(groups), value.exclude)

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
        """Test here what the API has not done all of."""
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
        """Return values as the sentence says them."""
        return listed([self.say(v) for v in values])

    def words(self, value: Choice) -> SaidWords:
        parts = [self.said_as.format(self.said(group)) for group in value.groups]
        if parts and self.adjective:
            return SaidWords(before=parts[0])
        if value.exclude:
            parts.append(self.said_not.format(self.said(value.exclude)))
        return SaidWords(after=" and ".join(parts))

    def canonical(self, value: Choice) -> str:
        """Return a pair for each group, then the excluded."""
        parts = [f"{self.key}:{','.join(map(bare_or_quoted, group))}" for group in value.groups]
        if value.exclude:
            parts.append(f"-{self.key}:{','.join(map(bare_or_quoted, value.exclude))}")
        return " ".join(parts)

    def readable(self, value: Choice) -> str:
        """Return the values, comma-separated; excluded ones after "not"."""
        parts = [",".join(group) for group in value.groups]
        if value.exclude:
            parts.append("not " + ",".join(value.exclude))
        return " and ".join(parts)


# --- result ---

RESULTS = {
    **dict.fromkeys(("failure", "failures", "failed", "fail", "failing", "unsuccessful"), ("failure",)),
    **dict.fromkeys(("success", "successes", "successful", "succeeded", "passed", "ok"), ("success",)),
    **dict.fromkeys(("unknown", "undecided", "inconclusive"), ("unknown",)),
    "error": ("error",),
}
_YES_NO = {"yes": "success", "true": "success", "no": "failure", "false": "failure"}
_ASKS_YES_NO = frozenset({"success", "successful", "call-successful"})
_ALONE = "only ElevenLabs can find such calls, one result at a time, so ask for result:error by itself"


class Result(ChoiceFilter):
    """`call_successful`. The API's filter knows `error`, but no conversation says that this is its result.

    What is tested here would leave those calls out, so `error` stands alone and cannot be excluded.
    """

    def read(self, items: Sequence[Item], key: str = "") -> Choice:
        """Return any of the results given; also yes and no after "successful:"."""
        word = "".join(item_text(item) for item in items).casefold()
        if key in _ASKS_YES_NO and word in _YES_NO:
            return one(_YES_NO[word])
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


# --- direction ---

DIRECTIONS = {
    **dict.fromkeys(("inbound", "incoming", "in", "in-bound"), ("inbound",)),
    **dict.fromkeys(("outbound", "outgoing", "out", "out-bound"), ("outbound",)),
}


class Direction(ChoiceFilter):
    """`direction` of a row; the API has no such filter."""

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare directions; a phone call has one, even if its row does not say it."""
        unsaid = bool(value.groups) and row.direction is None and row.may_be_phone
        return None if unsaid else super().matches(value, row)


# --- source ---

GROUPS = {"phone": "the phone", "web": "the web", "app": "an app"}
"""Sources that stand for several, and how they are said: tested here, since the API takes one."""
SOURCE_WORDS = {
    word.replace("_", "-"): (value,)
    for value, words in (
        ("phone", ("phone", "phones", "telephone", "telephony", "landline", "mobile", "phone-line")),
        ("web", ("web", "website", "webpage", "browser", "web-widget", "site", "webchat", "homepage")),
        ("app", ("app", "apps", "mobile-app")),
        *((name, (*source.words, name)) for name, source in SOURCES.items()),
    )
    for word in words
}
_IDLE = frozenset(
    {"unknown", "mobile", "site", "app", "apps", "react", "swift", "python", "preview", "flutter"}
)
"""Words that say a source only after "from" or "via"."""
SOURCE_FIRST_WORDS = frozenset(
    part for word in SOURCE_WORDS for part in (word, word.replace("-", "_"), word.partition("-")[0])
)


def read_source(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a source's name."""
    two = f"{text.word(at)}-{text.word(at + 1)}"
    if two in SOURCE_WORDS:
        yield two, at + 2
    word = text.word(at).replace("_", "-")
    if word in SOURCE_WORDS and word != "unknown":
        yield word, at + 1


def read_plain_source(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name that says a source without "from"."""
    for word, end in read_source(text, at):
        if end > at + 1 or text.word(at) not in _IDLE:
            yield word, end


class SourceFilter(ChoiceFilter):
    """`conversation_initiation_source`: the API takes one; phone, web and app stand for several."""

    def value(self, text: str) -> tuple[str, ...]:
        return super().value(text.replace("_", "-").replace(" ", "-"))

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        """Take the narrower of two that say the same: "twilio phone calls" are Twilio's."""
        if joiner != "or" and len(old.groups) == len(new.groups) == 1:
            first, second = old.groups[0], new.groups[0]
            both = {v for v in first if v in second}
            both |= {v for v in first if self._in_any(v, second)} | {
                v for v in second if self._in_any(v, first)
            }
            if both:
                return self.checked(Choice((tuple(sorted(both)),), merged(old.exclude, new.exclude)))
        return super().merge(old, new, joiner)

    def checked(self, value: Choice) -> Choice:
        """Keep what is excluded from a group: "phone calls not via twilio"."""
        simple = super().checked(value)
        left = tuple(v for v in value.exclude if any(self._in_any(v, group) for group in simple.groups))
        return Choice(simple.groups, left) if simple.groups else simple

    def _in_any(self, source: str, groups: Iterable[str]) -> bool:
        """Whether one of some groups stands for a source, too."""
        if source in GROUPS:
            return False
        facts = self.facts(Conversation(conversation_id="", conversation_initiation_source=source))
        return any(group in GROUPS and group in facts for group in groups)

    def say(self, value: str) -> str:
        known = GROUPS.get(value) or (SOURCES[value].said if value in SOURCES else "")
        return known or value.removesuffix("_integration").replace("_", " ").title()

    def title(self, value: str) -> str:
        return (SOURCES[value].label if value in SOURCES else "") or super().title(value)

    def sendable(self, value: str) -> bool:
        return value not in GROUPS

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return a row's source and the groups it belongs to; one not known yet may well be a phone's."""
        source = row.conversation_initiation_source or "unknown"
        kind = SOURCES[source].kind if source in SOURCES else "phone"
        phone = ["phone"] if row.direction and kind != "phone" else []
        return [source, kind, *phone]

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare sources; a call without one may be of the phone."""
        unsaid = row.conversation_initiation_source in (None, "unknown") and row.direction is None
        may_be_phone = unsaid and any("phone" in group for group in value.groups)
        return super().matches(value, row) or (None if may_be_phone else False)


# --- status ---

_LIFE = ("initiated", "in-progress", "processing", "done", "failed")
"""The API's statuses known when this was written, in the order of a call's life."""
STATUSES = {
    **{status: (status,) for status in _LIFE},
    **dict.fromkeys(("ongoing", "running", "live", "active", "in progress", "inprogress"), ("in-progress",)),
    **dict.fromkeys(("finished", "completed", "complete"), ("done",)),
    "started": ("initiated",),
}


def read_status(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a status of one or two words."""
    for words in (2, 1):
        name = " ".join(text.words[at : at + words])
        if name in STATUSES:
            yield name, at + words


def running_for(slots: Mapping[str, object]) -> Also:
    """Return what began so long ago and goes on: its length is not known before it ends."""
    seconds = slots["length"]
    began = Constraint(Role.UNTIL, ago(seconds if isinstance(seconds, int) else 0, "second"))
    return Also((("status", one("in-progress")), ("time", (began,))))


class Status(ChoiceFilter):
    """`status`: the API only excludes, so the others are excluded there and the row is tested here."""

    def params(self, value: Choice) -> Params:
        """Exclude every other status known; a status not known yet is sorted out here."""
        wanted = set(value.groups[0]) if value.groups else set(_LIFE)
        return tuple((self.parameter, s) for s in _LIFE if s not in wanted or s in value.exclude)

    def local(self, value: Choice) -> bool:  # noqa: ARG002
        return True


# --- reasons ---


class Ended(ChoiceFilter):
    """`termination_reasons`: any text, said in quotes."""

    def say(self, value: str) -> str:
        return f"“{value}”"
