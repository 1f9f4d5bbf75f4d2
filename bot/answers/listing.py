"""A list from its first rows to its file: drawn, counted, written into one CSV, settled.

Rows stream in, ids are found beside them, the file is written once. Nothing holds all rows: a few batches are
in flight between the API and the file, whatever the count.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.answers.access import asked_for, audit
from bot.answers.answer import CSV, NO_CSV, SETTLE, Answer, Asked, meanwhile, reference, unless
from bot.answers.error_messages import CancelledByAskerError, words_for
from bot.answers.matching_rows import (
    MOST_RANKED,
    NOT_FILTERS,
    CsvProgress,
    MatchingRows,
    without_filters,
    write_rows,
)
from bot.answers.placement import moved, redraw, redraw_to_stay
from bot.answers.ports import Posted, ReplyError, Upload
from bot.blocks import actions as act
from bot.blocks.data_table import AGENT, ENDED, RESULT
from bot.blocks.list_message import (
    FILE_CANCELLED,
    FILE_FOLLOWS,
    NOTHING_BESIDE,
    Beside,
    Failed,
    ListView,
    Outcome,
    ReadSoFar,
)
from bot.blocks.notice_messages import Example
from bot.blocks.text import capital, escape, number, plural
from bot.csv_export import COLUMNS, CsvWriter, filename
from bot.elevenlabs.client import Conversations
from bot.elevenlabs.errors import ElevenLabsError
from bot.model import CallIds, Conversation, Message
from bot.query import Query
from bot.query.filters import FILTERS
from bot.query.filters.order_limit_columns import said_first
from bot.query.follow_ups import say
from bot.query.values import Choice, Compared, Limit
from bot.store.exports import Place
from bot.store.questions import Question
from bot.tally import SumsBy

log = structlog.get_logger(__name__)

AT_ONCE = frozenset({act.OPEN_CALL, act.FILTERS})
"""What works before anything else is known."""
_ALWAYS = AT_ONCE | {act.CSV, act.REFRESH, act.SHARE, act.SHOW_API, act.SAVE, act.TELL_ME}
_ORDER = ", newest first"
_NOUN = re.compile(r"\b(?:call|conversation)(?=s?\b)")
_VERDICTS = frozenset({"success", "failure"})
"""What is unknown may be under way, which the table tells apart."""
_MOST_WIDER = 4
_DAYS = 30
_TYPED_FREELY = tuple(each.key for each in FILTERS if each.free_text)
"""Names and telephone numbers may be in it, and a file's name goes wherever the file goes."""
PROGRESS_SECS = 1.5
"""How often a file has news for its message, which shows them when it has a turn."""
SETTLE_SECS = 2.0
"""How long a message that is settled waits for ids that are missing."""
IDS_SECS = 30.0
"""How long the ids on screen may be looked up on their own; the file's rows bring them anyway."""
WAITING_SECS = 1.5
"""A file that has waited so long for its turn says so."""
BESIDE_ROWS = 3_000
"""A second number that needs more rows is not counted: some thirty requests, unless they are kept."""
BESIDE_SECS = 10.0
"""How long a settled message still waits for the number that its count is a part of."""
LONG_SECS = 5.0
"""After this, sending without call ids is offered."""


# --- what it shows ---


def first_view(
    question: Question,
    query: Query,
    rows: Sequence[Conversation],
    outcome: Outcome,
    *,
    ids: Mapping[str, CallIds],
    reading: ReadSoFar | None = None,
) -> ListView:
    """Return a list as it is shown before anything but its first rows is known."""
    agent, result, ended = ((query.value(key) or Choice()).single for key in ("agent", "result", "ended"))
    constant = {AGENT: agent is not None, RESULT: result in _VERDICTS, ENDED: ended is not None}
    zone = ZoneInfo(question.tz)
    return ListView(
        sentence=heading(query),
        question_id=question.question_id,
        tz=zone,
        counting=query.counting,
        first=said_first(query.order),
        constant=frozenset(name for name, said_by_all in constant.items() if said_by_all),
        chosen=query.columns,
        wider=() if rows else wider_questions(query, datetime.fromtimestamp(outcome.as_of, zone)),
        rows=rows,
        ids=ids,
        outcome=outcome,
        reading=reading,
        file=FILE_FOLLOWS,
        actions=AT_ONCE,
        shared_note=question.note or "",
    )


def settled(view: ListView, outcome: Outcome, query: Query) -> ListView:
    """Return the same, once everything is known: what can be offered then depends on it."""
    failed, total, offers, notes = outcome.failed, outcome.total, set(_ALWAYS), view.notes
    if failed is not None and failed.retry:
        offers = offers - ({act.CSV} if failed.midway else set()) | {act.RETRY}
    most = total if query.ranking is None else min(MOST_RANKED, total)
    if outcome.file_rows is not None and (not outcome.final or outcome.file_rows < most):
        offers.add(act.SEND_ALL)
    if failed is not None and failed.midway:
        found = f"after {plural(total, 'call')}, there may be more"
        none = "before a call was found, there may be some"
        notes = (f"Partial: reading stopped {found if total else none}", *notes)
    return replace(view, outcome=outcome, reading=None, file="", actions=frozenset(offers), notes=notes)


def heading(query: Query) -> str:
    """Return what stands over a list: "failed calls today, newest first"; of a count what was counted."""
    if not query.counting:
        return query.sentence()
    before, _order, after = query.without("count").sentence().rpartition(_ORDER)
    return _NOUN.sub("call", before + after, count=1)


def list_filename(query: Query, asked: date) -> str:
    """Name a file after which calls it holds, and of which days; what people typed freely is not in it."""
    which = query.without("count").without("time", "columns", *_TYPED_FREELY)
    return filename(which.subject().removeprefix("all "), query.since, query.until, asked)


def wider_questions(query: Query, now: datetime) -> list[Example]:
    """Return questions that find what this one finds and more: a longer time first, then a filter less."""
    found: list[tuple[str, Query]] = []
    month = (now - timedelta(days=_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    if query.value("time") is not None:
        since, until = query.since, query.until
        if since is not None and since > month:
            recent = until is None or until > now - timedelta(days=1)
            words = "The last 30 days" if recent else "From 30 days ago on"
            found.append((words, query.with_time(month, None if recent else until)))
        found.append(("Any time", query.without("time")))
    for key, value in query.conditions:
        if key not in NOT_FILTERS:
            found.append((f"Without “{say(key, value)}”", query.without(key)))
    # "calls" is a word that asks for nothing by itself: text that is empty would ask for help.
    return [Example(words, asks=wider.canonical() or "all calls") for words, wider in found[:_MOST_WIDER]]


# --- its number and its file ---


async def count_beside(query: Query, client: Conversations, *, now: float, refresh: bool = False) -> Beside:
    """Count what the calls are a share of, and those of the time before, as far as it is quick and works."""
    whole = before = None
    if query.limit is None and query.since is not None:
        every = without_filters(query)
        whole = every if every != query else None
        if query.counting:
            before = query.with_value("compare", Compared()).compared(datetime.fromtimestamp(now, query.zone))

    async def count(asked: Query | None) -> int | None:
        if asked is None:
            return None
        calls = asked.without(*NOT_FILTERS - {"time"})
        try:
            async with MatchingRows(
                calls, client, limit=BESIDE_ROWS, refresh=refresh, summaries=(SumsBy(),)
            ) as rows:
                async for _batch in rows:
                    pass
        except ElevenLabsError:
            return None
        counted = rows.outcome
        return counted.total if counted.final else None

    return Beside(*await asyncio.gather(count(whole), count(before)))


async def finish_list(answer: Answer, view: ListView, posted: Posted, asked: Asked) -> None:
    """Read all rows, send them as a file if asked to, settle the message; what goes wrong is said there."""
    view = replace(view, notes=(*view.notes, *moved(posted)))
    file = _CsvFile(view, posted, asked)
    async with meanwhile(file.count_beside(answer)) as (counting,):  # nothing waits for it
        try:
            outcome = await answer.run(CSV, file.make)
        except Exception as error:  # noqa: BLE001 - every error becomes words
            cancelled, ref = isinstance(error, CancelledByAskerError), reference(answer.request.answer_id)
            await answer.run(NO_CSV, file.stop, None if cancelled else file.failure(error, ref))
            return
        await answer.run(SETTLE, file.settle, outcome)
        if outcome.beside == NOTHING_BESIDE and file.progress.begun:  # it may have come while that was shown
            await asyncio.wait([counting], timeout=BESIDE_SECS)
            if file.beside != NOTHING_BESIDE:
                await file.settle(answer, msgspec.structs.replace(outcome, beside=file.beside))


@dataclass(slots=True)
class _CsvFile:
    """A file to be made of a question, into the thread of a message that shows how far it is."""

    view: ListView
    posted: Posted
    asked: Asked
    """Without a file, rows are read for their number."""
    progress: CsvProgress = field(default_factory=CsvProgress)
    beside: Beside = NOTHING_BESIDE
    """What the number is looked at beside, as far as it is known."""

    async def count_beside(self, answer: Answer) -> None:
        client, now = answer.services.conversations, answer.request.moment
        self.beside = await count_beside(answer.query, client, now=now, refresh=self.asked.refresh)

    async def make(self, answer: Answer) -> Outcome:
        """Gather every row, show progress, and upload the CSV into the thread.

        Raises CancelledByAskerError, ReplyError and what the client raises.
        """
        services, question_id, by = answer.services, answer.question.question_id, answer.address
        if not self.asked.file:
            outcome = await self._read_and_show(answer, None)
            self.progress.newest_ids |= await services.ids.find(self._so_far().rows, within=IDS_SECS)
            return outcome
        asked, channel_id = asked_for(answer.query), self.posted.channel_id
        async with services.exports.place(
            answer.steps.answer_id, question_id=question_id, user_id=by.user_id
        ) as place:
            try:
                made = await unless(self._make_in_turn(answer, place), place.cancelled.wait())
            except Exception:
                audit("export", by, asked=asked, channel_id=channel_id, outcome="failed")
                raise
            if made is None:
                audit("export", by, asked=asked, channel_id=channel_id, outcome="cancelled")
                raise CancelledByAskerError
            return made

    async def _make_in_turn(self, answer: Answer, place: Place) -> Outcome:
        """Wait for the turn, saying behind how many, then make the file."""
        exports, query = answer.services.exports, answer.query
        said, wait_secs = 0, WAITING_SECS
        while not place.begun.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_secs):
                    await place.begun.wait()
                break
            behind = exports.behind(place)
            wait_secs = WAITING_SECS * math.sqrt(max(1, behind))  # who waits long is told less often
            if behind and behind != said:
                waiting = f"The CSV waits behind {number(behind)}"
                offers = frozenset({act.CANCEL, act.FILTERS})
                shown = await self._show(answer, replace(self.view, file=waiting, actions=offers))
                said = behind if shown else said
        self.progress.without_ids, zone = place.without_ids, self.view.tz
        with tempfile.TemporaryFile() as out:  # without a name: gone with the process, however that ends
            writer = CsvWriter(out, zone, (*COLUMNS, *query.columns))
            outcome = await self._read_and_show(answer, writer)
            if not writer.rows:
                return outcome
            sending = f"Sending the CSV: {plural(writer.rows, 'row')}"
            await self._show(answer, replace(self._so_far(), file=sending))
            # The day of the request, not of our clock: made again after a crash the file has the same name,
            # by which one that was sent already is recognised, also past midnight.
            day = datetime.fromtimestamp(answer.request.asked_at, zone).date()
            title = capital(heading(query))[:200] or "Conversations"
            file = Upload(content=out, filename=list_filename(query, day), title=title)
            filed = await answer.reply.file(self.posted, file)
        asked, rows = asked_for(query), writer.rows
        audit("export", answer.address, asked=asked, rows=rows, channel_id=filed.channel_id)
        return msgspec.structs.replace(
            outcome,
            beside=self.beside,
            file_rows=writer.rows,
            file_url=filed.url,
            without_ids=self.progress.without_ids.is_set(),
            elsewhere=None if filed.channel_id == self.posted.channel_id else "in your direct messages",
        )

    async def _read_and_show(self, answer: Answer, writer: CsvWriter | None) -> Outcome:
        """Read every row, and update the message now and then; at once when the ids it shows are there."""
        services, query, news = answer.services, answer.query, asyncio.Event()
        limit = None if self.asked.whole or query.value("limit") == Limit(None) else services.export_rows
        client, ids = services.conversations, services.ids
        async with meanwhile(self._find_shown(answer, news), self._keep_showing(answer, news)):
            outcome = await write_rows(
                query, client, ids, writer, self.progress, limit=limit, refresh=self.asked.refresh
            )
        return msgspec.structs.replace(outcome, beside=self.beside)

    async def _find_shown(self, answer: Answer, news: asyncio.Event) -> None:
        view, progress = self.view, self.progress
        found = await answer.services.ids.find(view.rows, within=IDS_SECS)
        if any(view.ids.get(key) != each for key, each in found.items()):
            progress.newest_ids = found | progress.newest_ids
            news.set()

    async def _keep_showing(self, answer: Answer, news: asyncio.Event) -> None:
        progress, clock = self.progress, asyncio.get_running_loop().time
        began = clock()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PROGRESS_SECS):  # `wait_for` may swallow that it is cancelled
                    await news.wait()
            news.clear()
            shown, done, wanted = self._so_far(), progress.ids_done, progress.ids_wanted
            if self.asked.file:  # while rows are being read, the count says how far it is
                looking_up, file = wanted > done and not progress.without_ids.is_set(), FILE_FOLLOWS
                if looking_up and progress.read is None:  # nobody knows yet how many ids it will be
                    file = f"{file}: {plural(done, 'call id')} so far"
                elif looking_up:
                    file = f"{file}: call ids {number(done)} of {number(wanted)}"
                late = looking_up and clock() - began > LONG_SECS
                offers = AT_ONCE | {act.CANCEL} | ({act.WITHOUT_IDS} if late else set())
                shown = replace(shown, file=file, actions=offers)
            await self._show(answer, shown)

    async def _show(self, answer: Answer, view: ListView) -> bool:
        """Show progress, if there is a turn for it."""
        try:
            return await redraw(answer.services, answer.reply, self.posted, view, progress=True)
        except ReplyError as refused:
            log.info("not shown", code=refused.code)
            return False

    def _so_far(self) -> ListView:
        view, progress, known = self.view, self.progress, self.view.outcome
        rows = max(view.rows, tuple(progress.newest), key=len)
        view = replace(view, rows=rows, ids={**view.ids, **progress.newest_ids})
        if progress.read is not None:
            outcome = msgspec.structs.replace(progress.read, beside=self.beside, earlier=known.earlier)
            return replace(view, outcome=outcome, reading=None)
        if known.final and progress.rows <= known.total:
            return view
        outcome = msgspec.structs.replace(known, total=max(progress.rows, known.total), final=False)
        return replace(view, outcome=outcome, reading=ReadSoFar(progress.seen, progress.expected))

    def failure(self, error: Exception, ref: str) -> Failed:
        words = words_for(error)
        step = words.beside_retry if words.retry else words.next_step
        return Failed(
            words=f"{'No CSV: ' if self.asked.file else ''}{words.headline} {step}",
            reference=ref,
            retry=words.retry,
            midway=self.progress.begun and not self._so_far().outcome.final,
        )

    async def settle(self, answer: Answer, outcome: Outcome, *, file: str = "") -> bool:
        """Show the final count, ids and what is offered now; `file` instead of what became of the file."""
        services, view = answer.services, self._so_far()
        outcome = msgspec.structs.replace(outcome, earlier=self.view.outcome.earlier)
        await services.questions.set_outcome(view.question_id, outcome)
        missing = [row for row in view.rows if row.conversation_id not in view.ids]
        late = await services.ids.find(missing, within=SETTLE_SECS)
        view = settled(replace(view, ids={**view.ids, **late}), outcome, answer.query)
        with contextlib.suppress(ReplyError):  # a file that is sent stays sent when Slack refuses the words
            if (stands := await redraw_to_stay(answer, self.posted, replace(view, file=file))) is not None:
                self.posted = stands
                return True
        return False

    async def stop(self, answer: Answer, failed: Failed | None) -> bool:
        """Show what was found until the file failed, or was cancelled."""
        outcome = msgspec.structs.replace(self._so_far().outcome, failed=failed)
        shown = await self.settle(answer, outcome, file=FILE_CANCELLED if failed is None else "")
        if failed is not None and not shown:  # the message shows another question, or cannot be changed
            with contextlib.suppress(ReplyError):
                await answer.reply.fail(Message(text=escape(failed.words)))
        return shown
