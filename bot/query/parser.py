"""Text -> Parsed: the question, what was not understood and cannot be; and what is offered instead.

A word with one typing error is corrected where only one known word is a letter away, and the reply says so.
What one press asks instead is offered only where it plausibly means the same: it asks for all that was
understood and for more. A word is put right by a typing error, or by the one thing that it can be a synonym
of; words in a row become one name or one topic, in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz.distance import OSA

from bot.model import WEEKDAYS, Agent
from bot.query.agent_names import NO_AGENTS, known_agents
from bot.query.filters.origins import BY_NAME, code_of
from bot.query.grammar import VOCABULARY, QuestionText
from bot.query.keys_and_ids import CallRef, find_ids, prepare
from bot.query.query import Draft, Query, resolve
from bot.query.reader import read_words
from bot.query.report_question import settle_report
from bot.query.time.calendar import Clock
from bot.query.tokens import MAX_WORDS, Kind, Token, fold, plain_text, word_set
from bot.query.unsupported import other_language
from bot.query.values import SHAPE, Choice, Unknown, Value, report_of
from bot.query.vocabulary import HINTS, NEVER_SAID, STOP, SYNONYMS, WHOLE_LIST, opposed

_COMMANDS = {
    "help": (
        "help, hilfe, usage, examples, commands, help me, what can you do, what can i ask, "
        "what can i ask you, what can i say, how does this work, how do i use this, hi, hello, what's up, "
        "whats up, ?"
    ),
    "help filters": "filters, help filters, help filter, list filters, show filters",
    "agents": (
        "agents, list agents, show agents, all agents, list of agents, list the agents, list all agents, "
        "show me the agents, show me all agents, which agents, which agents are there, how many agents, "
        "how many agents are there"
    ),
}
_COMMAND_OF = {words: command for command, said in _COMMANDS.items() for words in said.split(", ")}
_LONGEST_COMMAND = 60
_THANKS = word_set(
    "thanks thank thx ty cheers danke great perfect awesome cool nice good bye done yes yep yeah no nope"
)
"""Words of an answer, with which people end: alone they ask for nothing."""
_BESIDE_THANKS = _THANKS | STOP | word_set("very lot much work job one got helpful")
_PLEASE = re.compile(r"\?|\b(?:please|pls|plz)\b")
_ENDS = ".,;:!?…*_~`\"'“”"
_FIRST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says. It may be answered only if `unknown` and `problems` are empty."""

    query: Query
    unknown: tuple[Unknown, ...] = ()
    problems: tuple[str, ...] = ()
    """What cannot be, one sentence each with the reason and a next step."""
    special: str | None = None
    """"help", "help filters" or "agents": the text is a command; "thanks": it ends the talk."""
    ids: tuple[CallRef, ...] = ()
    """Calls named by an id or a link."""
    kept: tuple[str, ...] = ()
    """In a follow-up: what stays of the question before, in words."""
    dropped: tuple[str, ...] = ()
    """In a follow-up: what was taken away of the question before."""
    corrected: tuple[tuple[str, str], ...] = ()
    """Words with a typing error, as typed and as read."""
    other_language: bool = False
    """Whether the text is a question in a language not read here: `problems` says so, in that language."""

    @property
    def understood(self) -> bool:
        """Whether every word was understood and can be."""
        return not self.unknown and not self.problems


def parse(text: str, *, now: datetime, week_start: str = "monday", agents: Sequence[Agent] = ()) -> Parsed:
    """Read a question. Never raises for any text.

    `now` must be aware, in the asker's zone; `week_start` is a weekday's English name. `agents` are those
    there are: with them, an agent's name is known without “for”, and whatever words it is made of.
    """
    draft = read(text, now, week_start, agents)
    special = command_of(text, draft)
    return (
        Parsed(Query(zone=draft.clock.zone), special=special) if special else finish(draft, draft.settled())
    )


def read(text: str, now: datetime, week_start: str, agents: Sequence[Agent]) -> Draft:
    """Read all words of a text, as `parse` does.

    Raises ValueError for a naive time or no weekday: the caller's mistake.
    """
    if now.tzinfo is None:
        raise ValueError("now must know its time zone")
    if week_start not in WEEKDAYS:
        raise ValueError(f"{week_start!r} is no weekday")
    clock = Clock(now, WEEKDAYS.index(week_start))
    known = known_agents(tuple(agents)) if agents else NO_AGENTS
    question = prepare(text)
    draft = read_words(question, clock, known)
    if question.too_long:
        draft.problem(f"That is too long for a question: keep it under {MAX_WORDS} words.")
        draft.ids.extend(find_ids(text))
        return draft
    for at, words in mistyped(question, draft) if draft.unknown else ():
        right = [question.with_word(at, word) for word in words]
        if found := one_meaning(draft, [(each, read_words(each, clock, known)) for each in right]):
            found[1].corrected = [*draft.corrected, (question.tokens[at].text, found[0].word(at))]
            question, draft = found
    return draft


def finish(draft: Draft, values: dict[str, Value]) -> Parsed:
    """Return what a draft comes to."""
    lists = [each for each in draft.unknown if each.word.casefold() not in _OF_ONE_CALL]
    if lists != draft.unknown:
        draft.unknown = lists
        if not draft.ids:  # else what is asked of one call is under its answer
            draft.problem(_IN_A_CALL)
    if not values.keys().isdisjoint((*SHAPE, "sort")):
        for problem in settle_report(values, draft.clock):
            draft.problem(problem)
    if draft.ids and report_of(values):
        draft.problem("An id opens one call, and a report counts many: ask for one of the two.")
    foreign = [each for each in draft.unknown if not draft.agents.has_word(each.word)]
    said = other_language(foreign) if foreign and not draft.ids else None
    if said:
        draft.problems = [said]
        draft.unknown = [Unknown(each.word) for each in draft.unknown]
    return Parsed(
        query=Query.of(values, draft.clock.zone),
        unknown=tuple(draft.unknown),
        problems=tuple(draft.problems),
        ids=tuple(dict.fromkeys(draft.ids)),
        corrected=tuple(draft.corrected),
        other_language=said is not None,
    )


def command_of(text: str, draft: Draft) -> str | None:
    """Return what `Parsed.special` holds; "help" also where nothing is asked."""
    words = {fold(word.strip(_ENDS)) for word in text.split()[:_FIRST_WORDS]} - {""}
    lists = not words.isdisjoint(WHOLE_LIST)
    if len(text) <= _LONGEST_COMMAND:
        if words & _THANKS and words <= _BESIDE_THANKS and not lists:
            return "thanks"
        said = " ".join(_PLEASE.sub(" ", text.casefold()).split()) or ("?" if "?" in text else "")
        if said in _COMMAND_OF:
            return _COMMAND_OF[said]
    asked = draft.values or draft.unknown or draft.problems or draft.ids or draft.cleared
    return None if asked or lists or not plain_text(text).strip() else "help"


_OF_ONE_CALL = word_set("transcript transcripts transcription audio recording recordings details")
_IN_A_CALL = (
    "The transcript and the recording are in the call itself: ask for example for “last failed call” and "
    "choose it under “Open a call”, or write its id."
)
MOST = 3
"""Words of a text that are corrected; of more, it is not a question anyway."""
_MOST_KNOWN = 3
_LONG = 5
"""Letters from which a word with a letter left out, doubled or swapped is hardly another."""
_VERY_LONG = 6
"""Letters from which this holds for a wrong letter, and for a word with a capital, too."""
_SHORT = word_set(
    "week weeks month months year hour hours days many last past this since until today calls from"
)
"""Words that are known with an error in them although they are short."""
_OTHER_WORDS = word_set("finish resent parch pending stares starts stairs greet match mouth languish contest")
"""Words that only look like mistyped ones."""


def mistyped(text: QuestionText, draft: Draft) -> list[tuple[int, list[str]]]:
    """Return the positions of words not understood that may be mistyped, with the known words near each."""
    named = [unknown.word for unknown in draft.unknown]
    if not 0 < len(named) <= MOST:
        return []
    shouted = not any(token.text.islower() for token in text.tokens)
    found = []
    for at, token in enumerate(text.tokens):
        if token.kind is not Kind.WORD or token.text not in named or at in text.time_pairs:
            continue
        if token.key or not token.word.isalpha() or token.word in _OTHER_WORDS:
            continue
        if draft.agents.has_word(token.text):
            continue
        capital = token.text[0].isupper() and at > 0 and not shouted
        near = sorted(VOCABULARY.one_error_from(token.word), key=lambda known: -len(known))
        may_be = [known for known in near if _may_be(token, known, capital=capital)]
        if may_be:
            found.append((at, may_be[:_MOST_KNOWN]))
    return found


def _may_be(token: Token, known: str, *, capital: bool) -> bool:
    """Whether a word may be a known one with a typing error, and is hardly a word of its own."""
    typed = token.word
    if opposed(typed, known) or not known.isalpha():
        return False
    lost = typed == known[1:] and not token.text.istitle()  # a capital begins the word: Rom is a city
    if typed[0] != known[0] and sorted(typed[:2]) != sorted(known[:2]) and not lost:
        return False
    if known in BY_NAME and (known.startswith(typed) or typed.startswith(known)):  # Germany is no language
        return False
    wrong_letter = len(typed) == len(known) and sorted(typed) != sorted(known)
    if len(typed) < (_VERY_LONG if wrong_letter or capital else _LONG):
        return known in _SHORT and not wrong_letter and not capital
    return True


def _better(draft: Draft, new: Draft) -> bool:
    """Whether a text says more with a word corrected (or is asked back as a whole), and all from before."""
    named, before = {unknown.word for unknown in new.unknown}, {unknown.word for unknown in draft.unknown}
    return (
        named < before
        and (set(new.problems) <= set(draft.problems) if named else True)
        and (new.values != draft.values or new.problems != draft.problems)
        and all(_kept(key, value, new.values.get(key)) for key, value in draft.values.items())
    )


def _kept(key: str, before: Value, now: Value | None) -> bool:
    """Whether a filter is still there: the same, with more values after an “or”, or some other time."""
    if isinstance(before, Choice) and isinstance(now, Choice):
        return {*before.exclude, *before.wanted} <= {*now.exclude, *now.wanted}  # “exept German”
    # columns are by their ids before, by name after
    return before == now or (key in {"time", "columns"} and now is not None)


def one_meaning(draft: Draft, read: list[tuple[QuestionText, Draft]]) -> tuple[QuestionText, Draft] | None:
    """Return the text that says more and leaves the least open; None if two differ in meaning."""
    best = [each for each in read if _better(draft, each[1])]

    def left(new: Draft) -> tuple[int, int]:
        return len(new.unknown), len({*new.problems} - {*draft.problems})

    fewest = min((left(new) for _text, new in best), default=(0, 0))
    best = [each for each in best if left(each[1]) == fewest]
    meant = [new.settled() for _text, new in best]
    return best[0] if best and all(values == meant[0] for values in meant) else None


_MOST_CHARS = 300
"""Longer texts are not corrected: the button would not show what it asks."""
_ERRORS = 2
"""Typing errors that a word may have, if it is not short."""
_SHORTEST = 6
"""Letters of a word that is not short."""
_GRAMMATICAL = word_set("""
    each every since until till before after above below between during within without than then unless
    against despite via per among select delete run pause rename post alert save
    """)
"""Words that join others, or tell the bot to do something: nobody looks for calls in which they were said."""
_BEFORE_NO_TOPIC = word_set("""
    with without from in to at by on for than where that we they it you i he she who anything something
    everything anyone nobody someone
    """)
"""Words after which a topic cannot stand: what follows is a verb, a place or what else is wanted."""
_CODE = 2
"""Letters of a language's code, which may as well be a place: calls from the UK are not in Ukrainian."""


def correction(
    text: str, parsed: Parsed, read: Callable[[str], Parsed], agents: Sequence[Agent] = ()
) -> str | None:
    """Return the text with known words for those not understood, or None.

    `read` reads a text as this one was read; `agents` are those there are, if they are known.
    """
    unknown = parsed.unknown
    if not unknown or len(text) > _MOST_CHARS or not all(each.nearest for each in unknown):
        return None
    words = [each.word for each in unknown]
    one_name = unknown[0].word[0].isupper() and _as_one(text, words)
    texts = [one_name] if one_name else []  # "Support EN" is one name, not a name and a language
    for number in range(max(len(each.nearest) for each in unknown)):
        right = text
        for each in unknown:
            plausible = [near for near in each.nearest if _plausible(each, near, text)]
            if not plausible:
                break
            right = _replaced(right, each.word, plausible[min(number, len(plausible) - 1)])
        else:
            texts.append(right)
    texts.append(_as_one(text, words) or "")
    for right in texts:
        if right and right != text and _asks_for_it_too(parsed, read(right), agents):
            return right
    return None


def _plausible(unknown: Unknown, near: str, text: str) -> bool:
    """Whether a suggestion may be what a word says: a typing error, a name, a topic, its only synonym."""
    typed, word = unknown.word.casefold(), unknown.word.casefold().lstrip("-")
    if near.startswith("about ") and _has_no_topic(unknown.word, text):
        return False
    if near.startswith(("for ", "about ")) or word in SYNONYMS:
        return True
    if typed.startswith(near.partition(":")[0] + ":"):  # of “result:faild” the value is mistyped
        typed, near = typed.partition(":")[2], near.partition(":")[2]
    if code_of(typed) and len(typed) == _CODE:
        if unknown.word.istitle():  # "with Mr Smith"
            return False
        placed = re.search(rf"\b(?:from|in|to|the)\s+{typed}\b", text, re.IGNORECASE)
        named = re.search(rf"\b[A-Z]\w+\s+{unknown.word}\b", text)  # "Support EN"
        return placed is None and named is None and typed != "uk"
    known = word in HINTS or word in NEVER_SAID  # a word of its own, and not mistyped
    return not known and OSA.distance(typed, near) <= (1 if len(typed) < _SHORTEST else _ERRORS)


def _has_no_topic(word: str, text: str) -> bool:
    """Whether a word is none that was said in calls: “since we …”, “did we burn”, “with transcript”."""
    if word.casefold() in _GRAMMATICAL:
        return True
    before = re.search(rf"(\w+)(?:\s+(?:the|a|an|our|my))?\s+{re.escape(word)}(?!\w)", text)
    return before is not None and before[1].casefold() in _BEFORE_NO_TOPIC


def _asks_for_it_too(before: Parsed, after: Parsed, agents: Sequence[Agent]) -> bool:
    """Whether a corrected text is understood, and asks for all that was understood before."""
    if not after.understood or after.special or after.ids:
        return False
    values = dict(after.query.conditions)
    if any(not _kept(key, value, values.get(key)) for key, value in before.query.conditions):
        return False
    return not agents or isinstance(resolve(after.query, agents), Query)


def _as_one(text: str, words: Sequence[str]) -> str | None:
    """Return the text with words in a row as a name, if they are capitalised, or as what calls are about."""
    found = re.search(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)", text)
    if len(words) < 2 or found is None or not NEVER_SAID.isdisjoint(w.casefold() for w in words):  # noqa: PLR2004
        return None
    if re.search(r"\b(?:from|in|on|via|by|to)(?:\s+the)?\s+$", text[: found.start()]):
        return None  # it is not said what “the email channel” is
    opener = "for" if found.group()[0].isupper() else "about"
    return f'{text[: found.start()]}{opener} "{" ".join(words)}"{text[found.end() :]}'


def _replaced(text: str, word: str, by: str) -> str:
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    return text if found is None else text[: found.start()] + by + text[found.end() :]
