"""What a call is about: after “about” the words of the grammar are only words."""

from __future__ import annotations

from bot.query.call_ids import ids_in
from bot.query.grammar import GRAMMAR
from bot.query.name_reader import NameReader
from bot.query.suggestions import HINTS
from bot.query.suggestions import NO_TOPIC as SAYS_NO_TOPIC
from bot.query.tokens import Kind, word_set
from bot.query.values import Misread
from bot.query.vocabulary import CALL_NOUNS, JOINERS, NAME_WORDS, NEGATIONS, NO_TOPIC

_TELLING = word_set("tell know learn hear info information something details more")
"""Words before an “about” that only introduces what is asked for."""
_POINTING = word_set("this that these those")
"""Words that point to what stands after them: "those that failed"; alone they are nothing to look for."""
_ASKED_FOR = word_set("all any each every some both either how what which who where when my our")
"""Words after an “about” that begin what is asked for: "a report about all failed calls"."""
_SHORTEST = 3
_SAYING = SAYS_NO_TOPIC | NEGATIONS | {word for word, same in HINTS.items() if same != (f'about "{word}"',)}
"""Words that say something else, or that nobody looks for."""
_ENDS_TOPIC = NEGATIONS | JOINERS.keys() | NO_TOPIC | CALL_NOUNS


class TopicReader:
    """Finds where a topic ends, and whether one was meant at all."""

    def __init__(self, names: NameReader) -> None:
        self.names = names
        self.text = names.text
        self.found = names.found

    def read(self, at: int) -> tuple[str, int] | None:
        """Read what a call is about: words of the grammar are taken as they stand, "about whatsapp"."""
        start = self._after_articles(at)
        if start >= len(self.text):
            return None
        found, word = self.found[start], self.text.word(start)
        if not word or start in self.names.time_pairs:
            return self.names.read(at) if start == at else None
        subject = word == "call" and self.found[start + 1 : start + 2] == [None]
        if subject and self.text.tokens[start + 1].kind is Kind.WORD:  # "about call quality"
            rest = self.names.read(start + 1)
            return None if rest is None else (self.text.typed(at, rest[1]), rest[1])
        if found is None or found.clears or word in _ENDS_TOPIC:
            return self.names.read(at)
        end = self._phrase_end(start)
        while self._joins(start, end):  # "about whatsapp and sms"
            end = self._phrase_end(end + 1)
        while end < len(self.text) and not self.names.stops(end, at):
            end += 1
        while end > start + 1 and (self.names.trailing(end - 1) or self.text.word(end - 1) in CALL_NOUNS):
            end -= 1
        return self.text.typed(at, end), end

    def _after_articles(self, at: int) -> int:
        while self.text.word(at) in NAME_WORDS:
            at += 1
        return at

    def _key(self, at: int) -> str:
        """Return the filter whose phrase begins at a word, or ""."""
        found = self.found[at] if at < len(self.text) else None
        return found.key if found is not None else ""

    def _phrase_end(self, start: int) -> int:
        """Return the end of the phrase that begins a topic; a kind of talk goes with it: "live chat"."""
        found = self.found[start]
        end = max(start + 1, found.end if found is not None and found.key else 0)
        while self.text.word(end) in {"chat", "chats", "line", "session", "sessions"}:
            end += 1
        return end

    def _joins(self, start: int, at: int) -> bool:
        """Whether what is joined to a topic is of its kind, and belongs to it."""
        joined = self.text.word(at) in JOINERS and self.text.word(at) != "or" and self._key(start)
        return bool(joined) and self._key(start) == self._key(at + 1)

    def either(self, at: int) -> tuple[list[str], int]:
        """Read topics that stand alone, if "or" joins them: "refunds, cancellations or returns"."""
        names: list[str] = []
        end, joined = at, False
        following = at
        while (name := self._alone(following)) is not None:
            names.append(name)
            end = following = following + 1
            following += following < len(self.text) and self.text.tokens[following].text == ","
            if self.text.word(following) == "or":
                joined, following = True, following + 1
            if following == end:
                break
        return (names, end) if joined and len(names) > 1 else ([], at)

    def _alone(self, at: int) -> str | None:
        """Return a quoted text, or a word that says nothing else and may well be said in a call."""
        if at >= len(self.text) or at in self.names.time_pairs:
            return None
        token = self.text.tokens[at]
        if token.kind is Kind.QUOTED:
            return None if ids_in(token.name) or self.names.agents.is_whole(token.name) else token.name
        plain = token.kind is Kind.WORD and not token.key and token.text.isalpha() and token.text.islower()
        if not plain or self.found[at] is not None or len(token.word) < _SHORTEST or token.word in _SAYING:
            return None
        known = self.names.agents.has_word(token.word) or self.names.is_mistyped(at)
        return None if known or GRAMMAR.opener(self.text, at) else token.text

    def only_introduced(self, at: int, start: int) -> bool:
        """Whether words only introduce what follows: "search failed calls", "tell me about failed ones"."""
        if self.text.words[at:start] == ("search",):
            if start >= len(self.text) or self.found[start] is not None or start in self.names.time_pairs:
                return True
            word = self.text.tokens[start].kind is Kind.WORD
            return word and (self.names.called(start) or self.names.left_over(start)) is not None
        return self._tells(at) and bool(self._key(self._after_articles(start)))

    def _tells(self, at: int) -> bool:
        return not _TELLING.isdisjoint(self.text.words[max(0, at - 2) : at])

    def nothing(self, at: int, start: int) -> Misread | None:
        """Return why an “about” asks for nothing where no topic follows: "calls about it".

        Of "about 20 calls", "about those that failed" and "tell me about it" it is no part of the question.
        """
        if self.text.word(start - 1) != "about" or self._tells(at):
            return None
        end = self._after_articles(start)
        word = self.text.word(end)
        if word[:1].isdecimal() or word in CALL_NOUNS | _ASKED_FOR:
            return None
        if word in _POINTING and self.text.word(end + 1) and self._key(end + 1) != "time":
            return None
        said = self.text.typed(at, end + 1 if word in _POINTING | NO_TOPIC else start)
        return Misread(
            f"“{said}” names nothing that could have been said: write the words to look for, such as "
            f'{self.text.typed(at, start)} "refund".'
        )

    def two_ways(self, at: int, start: int) -> tuple[Misread, int] | None:
        """Return what to ask, and the end, when words after “about” may as well be a time or a number."""
        found = self.found[start] if start < len(self.text) else None
        doubtful = {"time", "rating", "duration"} if self.text.word(start - 1) == "about" else {"time"}
        if found is None or found.key not in doubtful:
            return None
        opener, said = self.text.typed(at, start), self.text.typed(start, found.end)
        asked = Misread(
            f'“{opener} {said}” can be read in two ways: write {opener} "{said}" for calls in which that was '
            f"said, or only {said}."
        )
        return asked, found.end
