"""Words that questions are made of, by what they do in a sentence, and which to suggest for others."""

# ruff: noqa: PLR2004
# Lengths of words and how much they resemble each other say what they are in their own lines.

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.query.tokens import word_set

NAME_WORDS = word_set("the a an of & and or our my to")
"""Small words that may stand inside a name: they do not end it."""

STOP = NAME_WORDS | word_set("""
    i we you me us your their they them he she it its it's i'd i'm we'd let's lets show list give get find
    fetch pull send see view display tell print look want wanna like need search download dump bring export
    share return open check know looking please pls plz thanks thank thx cheers hi hey hello dear ok okay so
    well also then now again just only actually can could would will shall do does did should might must
    have has had was were be been being is are am there here that which who whom whose what when where how's
    what's whats these those this such some any all everything entire whole full total overall both either
    with for from in on by as about call calls called conversation conversations convo convos chat chats
    session sessions history log logs record records row rows entry entries item items interaction
    interactions dialog dialogs dialogue dialogues phonecall phonecalls lists table csv excel spreadsheet
    sheet file report overview summary data results ones one thing things happened happening happen took
    take taken place made came come coming got started start starting began occurred received handled
    elevenlabs account workspace much many and/or plus but yet callers customers people customer caller
    client clients instead same rather sorry ever anything something someone anyone im ich bitte too ids
    handle handles everyone everybody
    """)
"""Known words of English sentences; on their own they change nothing."""
_STOP_PHRASES = """
    so far, at least once, at least one, in total, sip call id, sip id, call sid, twilio sid, call id,
    twilio call sid, how about, what about, to date, right now, at all, up to now, until now, till now, may
    i, may we, may have, may be, conversation id, each of, every call, every conversation, each call, each
    conversation, every single call, every single conversation, complete list, complete csv, complete file,
    how many times, every one, nothing but, none but, no one but, nobody but, only if, in advance, as soon
    as possible, if possible, if you can, good morning, good afternoon, good evening, good day, by any
    chance, hey team, hi team, hello team, send to us, give to us, show to us, so high, so low, so bad
"""
STOP_PHRASES = tuple(tuple(phrase.split()) for phrase in _STOP_PHRASES.split(","))
"""Words that say nothing together."""
_CLEARED = """
    agent=agent,agents,assistants result=result,results,outcome,outcomes time=time,times,date,dates,day,days
    lang=language,languages source=source,sources,channel,channels direction=direction,directions
    status=status,statuses duration=duration,durations,length,lengths rating=rating,ratings tool=tool,tools
    tag=tag,tags user=user,users search=text
"""
_ANY = "any, all, every, whatever, whichever, regardless of, irrespective of, whatever the"
CLEARING: dict[tuple[str, ...], str] = {
    (*any_of.split(), noun): key
    for key, _, nouns in (pair.partition("=") for pair in _CLEARED.split())
    for noun in nouns.split(",")
    for any_of in _ANY.split(", ")
}
"""Words that say a filter is not wanted: they change nothing in a new question and undo it in a follow-up."""
CALL_NOUNS = word_set("call calls conversation conversations convo convos")
"""What a list is of: it ends a topic, and is none."""
NO_TOPIC = word_set("""
    it its it's this that these those them they he she me us you your we i all any every each some both either
    everything anything something someone anyone what which who whom whose when where there here how
    the a an our my of and or please thanks now then csv excel
    """)
"""Words that are nothing to talk about, nor a name by a capital letter alone."""
ENDS_NAME = STOP - NAME_WORDS
WHOLE_LIST = CALL_NOUNS | word_set("""
    chat chats session sessions phonecall phonecalls dialog dialogs dialogue dialogues interaction
    interactions history log logs record records row rows entry entries item items results data
    all everything anything any every entire whole full total overall
    show list lists give get find fetch pull send see view display print search download dump bring export
    table csv excel spreadsheet sheet file report overview summary ids
    """)
"""Words that alone ask for every conversation; other words that say nothing are no question at all."""
NEGATIONS = word_set(
    "not neither nor without except excepting excluding exclude omit omitting ignore ignoring skip skipping "
    "non no never isn't aren't wasn't weren't didn't doesn't don't minus barring"
)
UNIVERSAL = word_set("all every each any everything anything everyone everybody anyone anybody whole entire")
"""Words after which “but” takes away: “all calls but the German ones”."""
EXCEPTING = frozenset({"but", "save", "bar"})
RESTRICTING = word_set("only just not without never also please no")
"""Words after which a “but” takes nothing away by itself."""
CONTRASTS = frozenset({("instead", "of"), ("rather", "than")})
"""“X instead of Y” asks for X."""
NOISE = word_set("""
    team bot folks guys asap urgent urgently kindly fyi btw yall y'all everyone buddy mate pal
    """)
"""Words that change nothing where nothing else claims them, as a part of a name would."""
PRONOUNS = word_set("us it me him her them he she they")
"""After “from”, “to” and “in”, or in capitals among small letters, these are places or names."""
SENDING = word_set("send give show forward tell mail email get bring")
SIGNS = frozenset({"-", "−", "!"})  # noqa: RUF001 - what phones type
"""What glued to a word means "not", as before a key."""
OTHER_THAN = frozenset({("other", "than"), ("apart", "from"), ("aside", "from")})
BEFORE_TIME = word_set("since until till before after between during within starting beginning through")
"""Words that only introduce a time: of "since yesteday" the second is what was not understood."""
FROM_THE_END = word_set("last latest newest recent one")
FROM_THE_START = word_set("first oldest earliest")
ONE_CALL = word_set("call conversation chat session one")
JOINERS = {"or": "or", "nor": "or", "and": "and", "&": "and", "and/or": "or", "plus": "and"}


_NOT = ("in", "un", "non", "dis", "im", "ir")
"""What in front of a word turns it round: “incomplete”, “unsuccessful”."""
_LIKE = 0.75
"""How much two words resemble each other that are one but for such a beginning."""
_NUMBERED = re.compile(r"[A-Za-z]{1,8}[-_#/]\d{3,}|[A-Z]{2,8}\d{3,}")
"""The number of an order, a ticket: what was said, if anything."""
_LONGEST = 40
NOT_EXCLUDABLE = frozenset({"result:error"})

_HINTS = {
    "may": "in may",
    "mar": "in march",
    "sun": "on sunday",
    "week": "this week, last week",
    "month": "this month, last month",
    "year": "this year, last year",
    "quarter": "this quarter, last quarter",
    "day": "today, yesterday",
    "days": "last 7 days",
    "weeks": "last 2 weeks",
    "months": "last 3 months",
    "hours": "last 24 hours",
    "hour": "last hour",
    "minutes": "over 5 minutes, last 30 minutes",
    "minute": "over 1 minute",
    "seconds": "shorter than 30 seconds",
    "past": "past 2 weeks",
    "ago": "since 7 days ago",
    "than": "longer than 5 minutes",
    "rating ratings rated": "rated 2 or less",
    "stars": "5 stars",
    "tool tools": "tool:name",
    "tag tagged": "tag:name",
    "limit": "limit:50",
    "column columns": "columns:all",
    "first": "first 10 calls",
    "last": "last 10 calls, last week",
    "over duration": "over 5 minutes",
    "under": "under 30 seconds",
    "agent": "agent:name",
    "agents": "agents",
    "sort sorted reverse order": "oldest first",
    "language": "in german",
    "untagged": "-tag:name",
    "nps": "csat",
    "stuck": "in progress for more than 30 minutes",
    "remind": "every monday 9:00",
    "notify ping": "alert me when",
}
_SAME = {
    "error errors errored erroring erroneous": "failed, result:error",
    "broken crashed faulty problematic wrong": "failed",
    "dropped aborted interrupted canceled cancelled disconnected": "failed, status:failed",
    "bad poor terrible negative worst": "failed, rated 2 or less",
    "good great excellent positive best": "successful, rated 4 or more",
    "stop": 'about "stop"',
    "cancel": 'about "cancel"',
    "unclear ambiguous uncertain": "unknown result",
    "done processed closed": "status:done",
    "initiated queued ringing dialing dialling": "status:initiated",
    "pending open waiting": "in progress, processing, status:initiated",
}
SYNONYMS = frozenset(word for words, same in _SAME.items() if ", " not in same for word in words.split())
"""Words that say the same as what is suggested for them."""
NEVER_SAID = (
    STOP
    | PRONOUNS
    | word_set("""
    may might include includes including rate rates ratio average avg mean median total sum share percent
    percentage count counts number numbers amount maximum minimum more most less least few fewer fewest many
    several half double twice once top bottom high higher highest low lower lowest long longer longest short
    shorter shortest fast faster fastest slow slower slowest big bigger biggest small smaller smallest large
    larger largest hour hours hourly minute minutes second seconds day days daily week weeks weekly weekend
    weekends month months monthly quarter quarters quarterly year years yearly annual fortnight fortnights
    decade century morning mornings afternoon evening night nights noon midnight overnight holiday holidays
    season summer winter spring autumn easter christmas thanksgiving fiscal calendar soon later earlier early
    late recent recently lately currently previous next current past future ago time times date dates when
    whenever always often sometimes usually rarely seldom why how who whom whose which what where whether
    because reason reasons cause causes good better best bad worse worst great poor nice fine okay terrible
    awful horrible excellent perfect amazing angry unhappy happy sad upset annoyed frustrated rude polite
    friendly satisfied dissatisfied disappointed furious mad pleased positive negative neutral important
    urgent critical serious interesting strange weird odd unusual normal typical suspicious difficult hard
    easy simple complex successful expensive cheap hardly almost nearly barely mostly mainly roughly
    approximately around exactly only quite rather very really extremely somewhat slightly too enough if
    unless although though while despite compare compared comparison versus vs trend trends increase decrease
    growth drop change difference different similar same unique distinct new old first last other another
    none nothing nobody noone someone somebody something doing perform performing ask remind notify ping nps
    stuck split breakdown mix two three four five dozen dozens
    """)
)
"""Idle words, words of measure, time and judgement, and what the bot is told to do: nobody asks for calls in
which they were said."""
HINTS = {
    word: tuple(suggested.split(", "))
    for words, suggested in (_HINTS | _SAME).items()
    for word in words.split()
}
"""What to suggest for words that say something only together with others, or that may say several things."""


class Vocabulary:
    """All words that mean something, to suggest the closest."""

    def __init__(self, words: Iterable[str], language_code: Callable[[str], str | None]) -> None:
        """Single letters and numbers are nobody's closest word."""
        self._known = {w for w in words if len(w) > 2 and not w[0].isdecimal()}
        self._language_code = language_code

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        """The words by each of their first two letters: of a mistyped word one of them is the first."""
        return _index(self._known, lambda word: {*word[:2]})

    @cached_property
    def _by_rest(self) -> dict[str, list[str]]:
        """The words by themselves and by what is left without one letter: so typing errors are looked up."""
        return _index(self._known, _without_a_letter)

    def suggest(self, word: str) -> tuple[str, ...]:
        """Return what may have been meant: the closest words; for others how a name, or a topic, is said."""
        if word[0] in '"“„«' and len(word) <= 60:
            return (f"for {word}", f"about {word}")
        word = word[:-2] if word.endswith(("'s", "’s")) else word  # noqa: RUF001 - phones type the second
        folded = word.casefold()
        if _NUMBERED.fullmatch(word):
            return (f'about "{word}"',)
        if len(word) == 2 and (code := self._language_code(folded)):
            return (f"lang:{code}",)
        close = self.nearest(folded)
        if folded in NEVER_SAID or not word.isalpha() or not 3 <= len(word) <= _LONGEST:
            return close
        if word[0].isupper() and not (close and OSA.normalized_similarity(folded, close[0]) >= 0.8):
            return (f"for {word}", f'about "{word}"')  # a name that resembles a word: "Billing", "calling"
        return close or (() if folded.endswith(("ly", "est")) else (f'about "{word}"',))

    def nearest(self, word: str) -> tuple[str, ...]:
        """Return known words that resemble a mistyped one, best first."""
        if not 1 < len(word) <= _LONGEST:
            return ()
        alike = [*self._by_letter.get(word[0], ()), *self.one_error_from(word)]
        least = 0.7 if len(word) == 3 else 0.6
        scorer = OSA.normalized_similarity
        found = process.extract(word, alike, scorer=scorer, limit=None, score_cutoff=least)
        near = sorted({(-score, known) for known, score, _index in found if self._may_be_meant(word, known)})
        if near:
            return tuple(known for _score, known in near[: 3 if len(word) > 2 else 1])
        opposite = next((word.removeprefix(start) for start in _NOT if word.startswith(start)), "")
        return (f"-{opposite}",) if opposite in self._known else ()  # “-active” for “inactive”

    def _may_be_meant(self, word: str, known: str) -> bool:
        """Return whether a word is meant: no language by its country, since Germans may speak any."""
        of_place = word.startswith(known) or known.startswith(word)
        return (
            known != word
            and _near(word, known)
            and may_be(word, known)
            and not (of_place and self._language_code(known) is not None)
        )

    def one_error_from(self, word: str) -> tuple[str, ...]:
        """Return the known words that are one typing error away from a word; none for a known one."""
        if word in self._known or len(word) > _LONGEST:
            return ()
        alike = {known for rest in _without_a_letter(word) for known in self._by_rest.get(rest, ())}
        return tuple(sorted(known for known in alike if OSA.distance(word, known) <= 1))


def _index(words: Iterable[str], parts: Callable[[str], set[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        for part in parts(word):
            found.setdefault(part, []).append(word)
    return found


def _without_a_letter(word: str) -> set[str]:
    """Return a word, and it without each of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def excluded(suggested: Iterable[str], sign: str) -> tuple[str, ...]:
    """Return suggestions with a minus in front, those that can have one; two take each other away."""
    return tuple(
        each[1:] if each.startswith("-") else sign + each
        for each in suggested
        if " " not in each and each not in NOT_EXCLUDABLE
    )


def _near(typed: str, known: str) -> bool:
    """Whether one or two typing errors make one word of the other; small idle words are hardly meant."""
    errors = OSA.distance(typed, known)
    if typed[0] != known[0] and typed[0] != known[1]:
        return errors == 1 and len(typed) > 5
    return errors <= (1 if len(typed) <= 5 or known in STOP else 2 if len(typed) < 10 else 3)


def may_be(typed: str, known: str) -> bool:
    """Whether a known word may be what was meant, once it resembles what was typed.

    Words that only rhyme are others: “stop” is no “top”, “aborted” no “sorted”. A first letter may be left
    out, wrong or swapped by mistake, but seldom is one too many.
    """
    if opposed(typed, known):
        return False
    if typed[:1] in {known[:1], known[1:2]} or sorted(typed[:2]) == sorted(known[:2]):
        return True
    return typed[1:] != known and OSA.distance(typed, known) <= 1


def opposed(one: str, other: str) -> bool:
    """Whether one of two words is the other with “un-” or the like in front, also with a typing error."""
    return any(
        word.startswith(start)
        and not rest.startswith(start)
        and OSA.normalized_similarity(word.removeprefix(start), rest) >= _LIKE
        for word, rest in ((one, other), (other, one))
        for start in _NOT
    )
