"""How far a call is: status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.model import Conversation
from bot.query.filters.base import ChoiceFilter, Params, Words, pick
from bot.query.phrases import Phrase, SlotReader, StartsWith, Text
from bot.query.values import Choice

STATUSES = ("initiated", "in-progress", "processing", "done", "failed")
"""The API's statuses known when this was written, in the order of a call's life."""
_STATUSES = {
    **{status: (status,) for status in STATUSES},
    **dict.fromkeys(("ongoing", "running", "live", "active", "in progress", "inprogress"), ("in-progress",)),
    **dict.fromkeys(("finished", "completed", "complete"), ("done",)),
    "started": ("initiated",),
}


class Status(ChoiceFilter):
    """`status`: the API only excludes, so the others are excluded there and the row is tested here."""

    key = "status"
    aliases = ("state",)
    about = "how far the call is: initiated, in-progress, processing, done, failed"
    examples = ("status:failed", "in progress", "status:done", "incomplete", "-status:processing")
    noun = "status"

    def slots(self) -> Mapping[str, SlotReader]:
        """Return the reader of statuses."""
        return {"status": _status}

    def slot_starts(self) -> Mapping[str, StartsWith]:
        """Return what judges the first word of a status."""
        return {"status": lambda word: word == "in" or word in _STATUSES}

    def phrases(self) -> Iterable[Phrase]:
        """Return "in progress", "with status failed"."""
        live = "ongoing|running|live|in-progress|active"
        yield Phrase(f"[still] {live}", lambda _s: self.one("in-progress"))
        yield Phrase("[still] in progress", lambda _s: self.one("in-progress"))
        yield Phrase("[still] processing", lambda _s: self.one("processing"))
        yield Phrase("[still] being processed", lambda _s: self.one("processing"))
        yield Phrase("finished|completed", lambda _s: self.one("done"))
        unfinished = "incomplete|incompleted|uncompleted|unfinished"
        yield Phrase(unfinished, lambda _s: self.negate(self.one("done")))
        yield Phrase("{status} status|state", lambda s: self.one(*_tuple(s["status"])))
        yield Phrase(
            "[with|in|whose] [the] status|state [is|was|of|=] {status}",
            lambda s: self.one(*_tuple(s["status"])),
        )

    def vocabulary(self) -> Iterable[str]:
        """Return the statuses."""
        return _STATUSES

    def value(self, text: str) -> tuple[str, ...]:
        """Return the API's status."""
        return pick(text, _STATUSES, self.key)

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Exclude every other status known; a status not known yet is sorted out here."""
        del text_search
        wanted = set(value.groups[0]) if value.groups else set(STATUSES)
        return tuple(("exclude_statuses", s) for s in STATUSES if s not in wanted or s in value.exclude)

    def local(self, value: Choice, *, text_search: bool) -> bool:
        """Test it here too."""
        del value, text_search
        return True

    def keeps(self, value: Choice, row: Conversation) -> bool:
        """Compare the row's status."""
        return self.matches(value, [row.status])

    def words(self, value: Choice) -> Words:
        """Say "with status failed"."""
        if value.groups:
            return Words(after=f"with status {self.said(value.groups[0])}")
        return Words(after=f"with a status other than {self.said(value.exclude)}")


def _status(text: Text, at: int) -> Iterator[tuple[object, int]]:
    for words in (2, 1):
        name = " ".join(text.words[at : at + words])
        if name in _STATUSES:
            yield _STATUSES[name], at + words


def _tuple(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
