"""Text -> Query, what was not understood, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from rapidfuzz.distance import OSA

from .clock import WEEKDAYS, Clock
from .filters import BY_KEY
from .grammar import GRAMMAR, ID_KEYS, KEYS, TIME_KEYS, Found
from .ids import CallRef, bare_id, find_ids, named_id
from .phrases import Text
from .query import Query
from .tokens import MAX_WORDS, Item, Kind, Segment, Token, item_text, tokenise
from .values import Also, Limit, Misread, NotKnown, Value
from .words import ENDS_NAME, JOINERS, NAME_WORDS, NEGATIONS, STOP, courtesy_emoji

MAX_SUGGESTED = 5
"""Unknown words that get suggestions; of more, the text is not a question anyway."""
_SPECIAL = {
    "help": "help", "?": "help", "hilfe": "help", "usage": "help", "examples": "help", "help me": "help",
    "what can you do": "help", "how does this work": "help", "commands": "help", "hi": "help", "hello": "help",
    "help filters": "help filters", "filters": "help filters", "help filter": "help filters",
    "list filters": "help filters", "show filters": "help filters",
    "agents": "agents", "list agents": "agents", "show agents": "agents", "list of agents": "agents",
    "list the agents": "agents", "show me the agents": "agents", "which agents": "agents", "all agents": "agents",
    "show me all agents": "agents", "list all agents": "agents", "which agents are there": "agents",
}  # fmt: skip
_BEFORE_TIME = frozenset(
    "since until till before after between during within starting beginning through".split()
)
"""Words that only introduce a time: of "since yesteday" the second is what was not understood."""
_ADJECTIVES = frozenset({"result", "direction", "lang", "source"})
"""Filters whose words stand before "calls", so that a number before them is a limit."""
_NAME_ENDS = frozenset({"for", "by", "handled", "answered", "taken"})
"""Openers that also end the name before them."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that was not understood, as typed, with the closest known ones."""

    word: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says. It may be answered only if `unknown` and `problems` are empty."""

    query: Query
    unknown: tuple[Unknown, ...] = ()
    problems: tuple[str, ...] = ()
    """What cannot be, one sentence each with the reason and a next step."""
    special: str | None = None
    """"help", "help filters" or "agents": the text is a command."""
    ids: tuple[CallRef, ...] = ()
    """Calls named by an id or a link."""
    kept: tuple[str, ...] = ()
    """In a follow-up: what stays of the question before, in words."""

    @property
    def understood(self) -> bool:
        """Whether every word was understood and can be."""
        return not self.unknown and not self.problems


@dataclass
class Draft:
    """What has been read so far."""

    clock: Clock
    values: dict[str, Value] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ids: list[CallRef] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    """Filters that the text says are no longer wanted."""

    def add(self, key: str, value: Value, joiner: str, *, negated: bool) -> None:
        """Take in one filter's value."""
        which = BY_KEY[key]
        try:
            if negated:
                value = which.negate(value)
            old = self.values.get(key)
            self.values[key] = value if old is None else which.merge(old, value, joiner)
        except Misread as problem:
            self.problem(problem)

    def problem(self, problem: Misread) -> None:
        """Note what cannot be, once."""
        if str(problem) not in self.problems:
            self.problems.append(str(problem))

    def not_understood(self, word: str, nearest: tuple[str, ...] | None = None) -> None:
        """Note a word that was not understood."""
        if nearest is None:
            few = len(self.unknown) < MAX_SUGGESTED
            nearest = GRAMMAR.vocabulary.nearest(word.casefold()) if few else ()
        self.unknown.append(Unknown(word, nearest))

    def settled(self) -> dict[str, Value]:
        """Return the values once all is read."""
        settled: dict[str, Value] = {}
        for key, value in self.values.items():
            try:
                final = BY_KEY[key].settle(value, self.clock)
            except Misread as problem:
                self.problem(problem)
                continue
            if final is not None:
                settled[key] = final
        return settled


def parse(text: str, *, now: datetime, week_start: str = "monday") -> Parsed:
    """Read a question. Never raises for any text.

    `now` must be aware, in the asker's zone; `week_start` is a weekday's English name.
    """
    special = _special(text)
    clock = clock_of(now, week_start)
    if special:
        return Parsed(Query(zone=clock.zone), special=special)
    draft = read(text, clock)
    return finish(draft, draft.settled())


def finish(draft: Draft, values: dict[str, Value], kept: tuple[str, ...] = ()) -> Parsed:
    """Return what a draft comes to."""
    return Parsed(
        query=Query.of(values, draft.clock.zone),
        unknown=tuple(draft.unknown),
        problems=tuple(draft.problems),
        ids=tuple(dict.fromkeys(draft.ids)),
        kept=kept,
    )


def clock_of(now: datetime, week_start: str) -> Clock:
    """Return the asker's clock. Raises ValueError for a naive time or no weekday: the caller's mistake."""
    if now.tzinfo is None:
        raise ValueError("now must know its time zone")
    return Clock(now, WEEKDAYS.index(week_start.strip().casefold()))


def _special(text: str) -> str | None:
    if len(text) > 60:  # noqa: PLR2004 - no command is that long
        return None
    return _SPECIAL.get(" ".join(text.casefold().replace("?", " ").split()) or ("?" if "?" in text else ""))


def read(text: str, clock: Clock) -> Draft:
    """Read all words of a text."""
    draft = Draft(clock)
    taken = tokenise(text, KEYS)
    tokens, typed = _unfold_times(taken.tokens)
    words = [number for number, token in enumerate(tokens) if token.kind is not Kind.PAIR]
    if taken.too_long or len(words) > MAX_WORDS:
        draft.problems.append(f"That is too long for a question: keep it under {MAX_WORDS} words.")
        draft.ids.extend(find_ids(text))
        tokens = tokens[: words[MAX_WORDS]] if len(words) > MAX_WORDS else tokens
    if taken.open_quote:
        draft.problems.append(
            "A quotation mark is opened but not closed: close it, so that it is clear where the name ends."
        )
    _Reader(Text(tokens), typed, draft).run()
    return draft


def _unfold_times(tokens: tuple[Token, ...]) -> tuple[list[Token], dict[int, tuple[str, int, bool]]]:
    """Turn `since:X` into the words "since X"; returns also where those came from, to name them as typed."""
    unfolded: list[Token] = []
    typed: dict[int, tuple[str, int, bool]] = {}
    for token in tokens:
        if token.kind is Kind.PAIR and token.key in BY_KEY and not token.negated and _unsaid(token):
            unfolded.append(Token(Kind.WORD, token.text, token.key, key=token.key))  # "rating: 2 or less"
            unfolded.extend(tokenise(item_text(item), frozenset()).tokens[0] for item in token.items)
            continue
        if token.kind is not Kind.PAIR or token.key not in TIME_KEYS:
            unfolded.append(token)
            continue
        start = len(unfolded)
        word = TIME_KEYS[token.key]
        unfolded.append(Token(Kind.WORD, token.text, word))
        for item in token.items:
            unfolded.extend(
                t for t in tokenise(item_text(item), frozenset()).tokens if t.kind is not Kind.PAIR
            )
        typed[start] = (token.text, len(unfolded), token.negated)
    return unfolded, typed


def _unsaid(token: Token) -> bool:
    """Whether a pair's value only begins after a blank."""
    return all(item_text(item) in {"<", ">", "<=", ">=", "=", "≤", "≥"} for item in token.items)


class _Reader:
    """Goes through the tokens once; `found` holds what phrase begins at each, worked out from the end."""

    def __init__(self, text: Text, typed: dict[int, tuple[str, int, bool]], draft: Draft) -> None:
        self.text = text
        self.typed = typed
        self.draft = draft
        self.joiner = ""
        self.negation = ""
        self.last_key = ""
        self.found: list[Found | None] = [GRAMMAR.find(text, at) for at in range(len(text))]

    def run(self) -> None:
        at = 0
        while at < len(self.text):
            at = self._step(at)
        self._drop_negation()

    def _step(self, at: int) -> int:
        token = self.text.tokens[at]
        if at in self.typed:
            return self._time_pair(at)
        if token.kind is Kind.MARK:
            if token.text == "," and not self.joiner:
                self.joiner = ","
            return at + 1
        if token.kind is Kind.PAIR:
            return self._pair(token, at)
        name = self._opened(at)
        if name is not None:
            return name
        found = self.found[at]
        if found is not None and found.key:
            return self._phrase(found)
        if token.kind is Kind.WORD and (ref := bare_id(token.text)):
            self.draft.ids.append(ref)
            return at + 1
        if token.kind is Kind.WORD and token.text.startswith(("agent_", "seng_")):
            self._add("agent", BY_KEY["agent"].named(token.text))
            return at + 1
        if token.word in NEGATIONS:
            self._drop_negation()
            self.negation = token.text
            return at + 1
        if token.word in JOINERS:
            self.joiner = JOINERS[token.word] if self.joiner != "or" else "or"
            return at + 1
        if token.key:  # a key whose value is no phrase
            return self._pair(token, at)
        if found is not None:
            if found.clears:
                self.draft.cleared.append(found.clears)
            return found.end
        if self._counts_next(at):
            self._add("limit", Limit(int(token.word)))
            return at + 1
        if token.kind is Kind.WORD and courtesy_emoji(token.word):
            return at + 1
        self._drop_negation()
        if token.word not in _BEFORE_TIME or not self._unknown_next(at + 1):
            self.draft.not_understood(token.text)
        self.last_key = self.joiner = ""
        return at + 1

    def _unknown_next(self, at: int) -> bool:
        """Whether the next word will be named, so that the "since" before it need not be."""
        if at >= len(self.text) or at in self.typed:
            return False
        token = self.text.tokens[at]
        known = token.word in NEGATIONS | JOINERS.keys() | _BEFORE_TIME or bare_id(token.text)
        opened = GRAMMAR.opener(self.text, at)
        plain = token.kind is Kind.WORD and not token.key and not courtesy_emoji(token.word)
        return plain and self.found[at] is None and not known and not opened and not self._counts_next(at)

    def _counts_next(self, at: int) -> bool:
        """Whether a number stands before what it counts: "20 failed calls"."""
        word = self.text.word(at)
        following = self.found[at + 1] if at + 1 < len(self.text) else None
        plain = word.isascii() and word.isdigit() and len(word) <= 6 and int(word) > 0  # noqa: PLR2004
        return plain and following is not None and following.key in _ADJECTIVES and following.problem is None

    def _drop_negation(self) -> None:
        """Name a "not" that nothing followed."""
        if self.negation:
            self.draft.not_understood(self.negation, ())
            self.negation = ""

    def _add(self, key: str, value: object, *, negated: bool = False) -> None:
        joiner = self.joiner if self.last_key == key else ""
        carried = bool(self.negation)
        self.draft.add(key, value, joiner, negated=negated or carried)  # type: ignore[arg-type]
        self.negation = ""
        self.joiner = ""
        self.last_key = key

    def _phrase(self, found: Found) -> int:
        if found.problem is not None:
            self.draft.problem(found.problem)
            self.negation = self.joiner = ""
        elif isinstance(found.value, Also):
            for key, value in found.value.values:
                self._add(key, value)
        else:
            self._add(found.key, found.value)
        return found.end

    def _time_pair(self, at: int) -> int:
        typed, end, negated = self.typed[at]
        found = self.found[at]
        if found is not None and found.key == "time" and found.end >= end:
            if negated:
                self.negation = self.negation or "-"
            return self._phrase(found)
        if found is not None and found.problem is not None:
            self._phrase(found)
            return max(found.end, end)
        self.draft.not_understood(typed.rstrip(":"))
        return end

    # --- key:value ---

    def _pair(self, token: Token, at: int) -> int:
        end, items = at + 1, token.items
        which = BY_KEY.get(token.key)
        if not items and which is not None and which.openers and (named := self._name(at + 1)):
            self._add(which.key, which.named(named[0]), negated=token.negated)
            return named[1]
        if not items and end < len(self.text) and self.text.tokens[end].kind is not Kind.PAIR:
            following = self.text.tokens[end]
            items = following.items or ((Segment(following.text),),)
            end += 1
        if token.key in ID_KEYS:
            refs = [ref for item in items if (ref := named_id(item_text(item)))]
            self.draft.ids.extend(refs)
            if not refs:
                self.draft.problem(Misread(f"“{token.text}” needs an id, such as call:CA… or id:conv_…."))
            return end
        if which is None:
            self.draft.not_understood(token.text)
            return end
        self._read_pair(which.key, items, token)
        return end

    def _read_pair(self, key: str, items: tuple[Item, ...], token: Token) -> None:
        try:
            value = BY_KEY[key].read(items)
        except NotKnown as unknown:
            self.draft.not_understood(token.text, unknown.nearest)
            self.negation = ""
        except Misread as problem:
            self.draft.problem(problem)
            self.negation = ""
        else:
            self._add(key, value, negated=token.negated)

    # --- names ---

    def _opened(self, at: int) -> int | None:
        """Read "for Support EN", "about late delivery": an opener and the name after it."""
        opener = GRAMMAR.opener(self.text, at)
        if opener is None:
            return None
        start, key = opener
        found = self.found[at]
        if found is not None and found.key and found.end >= start:
            return None
        if key == "agent":
            while self.text.word(start) in {"the", "our", "my", "agent", "agents", "assistant"}:
                start += 1
        named = self._name(start)
        if named is None:
            return None
        self._add(key, BY_KEY[key].named(named[0]))
        return named[1]

    def _name(self, at: int) -> tuple[str, int] | None:
        """Read a name: quoted, or words until a known phrase begins. Returns it with the position after it."""
        if at >= len(self.text):
            return None
        token = self.text.tokens[at]
        if token.kind is Kind.QUOTED:
            return item_text(token.items[0]), at + 1
        if token.kind is not Kind.WORD or token.word[:1].isdigit():
            return None
        end = at
        if self._ends_name(at):
            end = self._lead_in(at)
            if end == at:
                return None
        while end < len(self.text) and not self._ends_name(end) and not (end > at and self._mistyped(end)):
            end += 1
        while end > at and self.text.word(end - 1) in NAME_WORDS | JOINERS.keys():
            end -= 1
        if end == at:
            return None
        words = [t.text for t in self.text.tokens[at:end] if t.kind is Kind.WORD]
        if len(words) > 1 and words[-1].casefold() in {"agent", "assistant", "bot"}:
            words.pop()
        name = " ".join(words)
        return (name, end) if any(c.isalnum() for c in name) else None

    def _ends_name(self, at: int) -> bool:
        token = self.text.tokens[at]
        if token.kind is not Kind.WORD or at in self.typed or bare_id(token.text):
            return True
        found = self.found[at]
        if token.word in JOINERS:  # "Sales and Returns" is one name, "Sales and inbound" is not
            return at + 1 >= len(self.text) or self._ends_name(at + 1)
        if token.word in NAME_WORDS:
            return False if found is None or not found.key else True
        return token.word in ENDS_NAME | NEGATIONS | _NAME_ENDS or (
            found is not None and (bool(found.key) or token.word not in STOP)
        )

    def _lead_in(self, at: int) -> int:
        """Return the end of grammar words that begin a name: the "German" of "for German Support"."""
        found = self.found[at]
        if (
            found is None
            or found.key == "time"
            or found.problem is not None
            or self.text.word(at) in NEGATIONS
        ):
            return at
        end = found.end
        if end >= len(self.text) or self._ends_name(end) or self._mistyped(end):
            return at
        return end if self.text.word(end) not in NAME_WORDS | JOINERS.keys() else at

    def _mistyped(self, at: int) -> bool:
        """Whether a word looks like a mistyped word of the grammar, so that it is no part of a name."""
        word = self.text.word(at)
        if len(word) < 5 or word in GRAMMAR.anchors:  # noqa: PLR2004 - short words resemble too much
            return False
        return any(
            abs(len(anchor) - len(word)) <= 1
            and len(anchor) > 4
            and OSA.distance(word, anchor, score_cutoff=1) <= 1  # noqa: PLR2004
            for anchor in GRAMMAR.anchors
        )
