"""What a call is about: after “about” the words of the grammar are only words."""

from __future__ import annotations

from bot.query.names import NameReader
from bot.query.tokens import Kind, word_set
from bot.query.values import Misread
from bot.query.vocabulary import CALL_NOUNS, JOINERS, NAME_WORDS, NEGATIONS, NO_TOPIC

_TELLING = word_set("tell know learn hear info information something details more")
"""Words before an “about” that only introduces what is asked for."""


_POINTING = word_set("this that these those")
"""Words that point to what stands after them: "those that failed"; alone they are nothing to look for."""
_ASKED_FOR = word_set("all any each every some both either how what which who where when my our")
"""Words after an “about” that begin what is asked for: "a report about all failed calls"."""


class TopicReader:
    """Finds where a topic ends, and whether one was meant at all."""

    def __init__(self, names: NameReader) -> None:
        self.names = names
        self.text = names.text
        self.found = names.found

    def read(self, at: int) -> tuple[str, int] | None:
        """Read what a call is about: words of the grammar are taken as they stand, "about whatsapp"."""
        start = at
        while self.text.word(start) in NAME_WORDS:
            start += 1
        if start >= len(self.text):
            return None
        found = self.found[start]
        if self.text.tokens[start].kind is not Kind.WORD or start in self.names.typed:
            return self.names.read(at) if start == at else None
        subject = self.text.word(start) == "call" and self.found[start + 1 : start + 2] == [None]
        if subject and self.text.tokens[start + 1].kind is Kind.WORD:  # "about call quality"
            rest = self.names.read(start + 1)
            return None if rest is None else (self.names.said(at, rest[1]), rest[1])
        known = found is not None and not found.clears
        if not known or self.text.word(start) in NEGATIONS | JOINERS.keys() | NO_TOPIC | CALL_NOUNS:
            return self.names.read(at)
        end = self._topic_end(start)
        while self._same_kind(start, end):  # "about whatsapp and sms"
            end = self._topic_end(end + 1)
        while end < len(self.text) and not self.names.stops(end, at, capitals=False):
            end += 1
        while end > start + 1 and (self.names.trailing(end - 1) or self.text.word(end - 1) in CALL_NOUNS):
            end -= 1
        return self.names.said(at, end), end

    def _topic_end(self, start: int) -> int:
        """Return the end of the phrase that begins a topic; a kind of talk goes with it: "live chat"."""
        found = self.found[start]
        end = max(start + 1, found.end if found is not None and found.key else start + 1)
        while self.text.word(end) in {"chat", "chats", "line", "session", "sessions"}:
            end += 1
        return end

    def _same_kind(self, start: int, at: int) -> bool:
        """Whether what is joined to a topic is of its kind, and belongs to it."""
        if self.text.word(at) not in JOINERS or at + 1 >= len(self.text):
            return False
        first, second = self.found[start], self.found[at + 1]
        return first is not None and second is not None and bool(first.key) and first.key == second.key

    def only_introduced(self, at: int, start: int) -> bool:
        """Whether "search" or "about" only introduces what is asked for: "search failed calls"."""
        if self.text.words[at:start] == ("search",):
            return self._known_after(start)
        return self._only_told(at, start)

    def _known_after(self, at: int) -> bool:
        """Whether words after "search" ask for something of their own, an agent's name included."""
        if at >= len(self.text) or self.found[at] is not None or at in self.names.typed:
            return True
        word = self.text.tokens[at].kind is Kind.WORD
        return word and (self.names.called(at) or self.names.left_over(at)) is not None

    def nothing(self, at: int, start: int) -> Misread | None:
        """Return why an “about” asks for nothing where no topic follows: "calls about it".

        Of "about 20 calls", "about those that failed" and "tell me about it" it is no part of the question.
        """
        if self.text.word(start - 1) != "about" or _TELLING & set(self.text.words[max(0, at - 2) : at]):
            return None
        end = start
        while self.text.word(end) in NAME_WORDS:
            end += 1
        word = self.text.word(end)
        if word[:1].isdecimal() or word in CALL_NOUNS | _ASKED_FOR:
            return None
        if word in _POINTING and self.text.word(end + 1) and not self._time_at(end + 1):
            return None
        said = self.names.said(at, end + 1 if word in _POINTING | NO_TOPIC else start)
        return Misread(
            f"“{said}” names nothing that could have been said: write the words to look for, such as "
            f'{self.names.said(at, start)} "refund".'
        )

    def _time_at(self, at: int) -> bool:
        found = self.found[at]
        return found is not None and found.key == "time"

    def _only_told(self, at: int, start: int) -> bool:
        """Whether “about” asks for nothing: "tell me about the failed calls"."""
        before = set(self.text.words[max(0, at - 2) : at])
        while self.text.word(start) in NAME_WORDS:
            start += 1
        found = self.found[start] if start < len(self.text) else None
        return bool(before & _TELLING) and found is not None and bool(found.key)

    def two_ways(self, at: int, start: int) -> tuple[Misread, int] | None:
        """Return what to ask, and the end, when words after “about” may as well be a time or a number."""
        found = self.found[start] if start < len(self.text) else None
        approximate = self.text.word(start - 1) == "about" and found is not None
        if found is None or not (
            found.key == "time" or (approximate and found.key in {"rating", "duration"})
        ):
            return None
        opener, said = self.names.said(at, start), self.names.said(start, found.end)
        asked = Misread(
            f'“{opener} {said}” can be read in two ways: write {opener} "{said}" for calls in which that was '
            f"said, or only {said}."
        )
        return asked, found.end
