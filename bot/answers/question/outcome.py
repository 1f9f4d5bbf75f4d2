"""What came of a question: its count, its file, and what it omits."""

from __future__ import annotations

import msgspec

from bot.answers.answer import Services
from bot.blocks.file_progress import NOTHING_BESIDE, Beside, Count, CountState, FileFailed, FileState, Sent
from bot.blocks.text import plural
from bot.query import Query
from bot.query.filters.order_and_limit import said_first
from bot.store.questions import Question


class Omissions(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of conversations, kept with the outcome of a question."""

    unplaced: int = 0
    """Sent without an id or a start time: missing from list and file."""
    hidden: int = 0
    """Listed, but the API key may not open them: without call ids."""
    undecided: int = 0
    """Left out because the list says neither source nor direction of them, and the question asks for it."""

    without_value: int = 0
    """Last in the order that was asked for, because they do not say the number that it goes by."""
    ranked_by: str = ""
    """What that number is."""

    unread: int = 0
    """Phone calls that may be of the number asked for: nobody has looked at them yet."""

    @property
    def words(self) -> tuple[str, ...]:
        """Say it, each with a next step."""
        said: list[str] = []
        if self.unplaced:
            calls = plural(self.unplaced, "call")
            said.append(
                f"Missing: {calls} that ElevenLabs sent without a start time (its dashboard has them)"
            )
        if self.hidden:
            calls = plural(self.hidden, "call")
            said.append(f"Not opened: {calls} hidden from the API key (a key that may see all opens them)")
        if self.undecided:
            calls = plural(self.undecided, "call")
            said.append(
                f"Left out: {calls} whose source or direction ElevenLabs' list does not say "
                "(the CSV of all calls has them, and their call ids)"
            )
        if self.without_value:
            said.append(f"Last: {plural(self.without_value, 'call')} without a {self.ranked_by}")
        if self.unread:
            calls = plural(self.unread, "phone call")
            said.append(
                f"Not looked at yet: {calls} of that time, whose numbers are being looked up (ask again soon)"
            )
        return tuple(said)


NO_OMISSIONS = Omissions()


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """Why a question has no file."""

    words: str
    reference: str | None = None
    retry: bool = False
    """Whether asking again may help without anybody changing anything."""
    midway: bool = False
    """Whether reading stopped before the last row, so that the list itself is partial."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a question, kept with it so that any process can redraw its message."""

    total: int
    final: bool
    """Whether `total` is exact; otherwise there are at least as many."""
    as_of: float
    beside: Beside = NOTHING_BESIDE
    file_rows: int | None = None
    """Rows of the file; None when there is no file."""
    file_url: str | None = None
    """Where Slack shows it, if it said so."""
    filed_as_of: float = 0
    earlier: str = ""
    """The earlier question that the message showed, in words, whose file is in the thread."""
    ids_failed: int = 0
    without_ids: bool = False
    elsewhere: str | None = None
    failed: Failed | None = None
    omissions: Omissions = msgspec.field(default=NO_OMISSIONS, name="lacking")
    """`lacking` in the database."""

    @property
    def file_is_current(self) -> bool:
        """Whether there is a file, and nothing was read anew since."""
        return self.file_rows is not None and self.filed_as_of >= self.as_of

    @property
    def count(self) -> Count:
        """The count as the message shows it."""
        return Count(self.total, CountState.FINAL if self.final else CountState.AT_LEAST, beside=self.beside)

    def file(self, query: Query) -> FileState | None:
        """Return the file's line."""
        if self.failed is not None:
            return FileFailed(self.failed.words, self.failed.reference)
        if self.file_rows is None:
            return None
        return Sent(
            rows=self.file_rows,
            whole=self.final and self.file_rows >= self.total,
            of=self.total,
            exact=self.final,
            first=said_first(query.order),
            ids_failed=self.ids_failed,
            without_ids=self.without_ids,
            elsewhere=self.elsewhere,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said about the list itself."""
        if self.failed is None or not self.failed.midway:
            return ()
        if not self.total:
            return ("Partial: reading stopped before a call was found, there may be some",)
        return (f"Partial: reading stopped after {plural(self.total, 'call')}, there may be more",)


def outcome_of(question: Question) -> Outcome:
    """Return what is kept of a question's answer; while it is still being answered, next to nothing."""
    if question.outcome is None:
        return Outcome(total=0, final=False, as_of=question.asked_at)
    return msgspec.json.decode(question.outcome, type=Outcome)


async def remember_outcome(services: Services, question_id: str, outcome: Outcome) -> None:
    """Keep what came of a question, for the next click."""
    await services.questions.set_outcome(question_id, msgspec.json.encode(outcome).decode())
