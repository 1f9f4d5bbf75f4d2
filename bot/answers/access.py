"""Who may see conversations: where an answer may be shown, who is served a modal; and the audit.

Where Slack does not say who reads, nothing is shown: nobody can say that nobody else does. The audit is one
log event (logger `audit`) for everything that takes conversations out, whatever LOG_LEVEL says: `export`,
`share`, `transcript`, `audio` or `tell`. It says who, what was asked, how many conversations, where to, and
what came of it; never a name, a number, a token, or a text searched for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

import structlog

from bot.answers.answer import Request, Services, reference
from bot.answers.error_messages import cannot_share, cause, log_failure, words_for
from bot.answers.ports import Address, Asker, ReplyError, is_direct_message
from bot.blocks.modal_views import BadFormError, notice_modal
from bot.blocks.text import code, escape
from bot.query import Query
from bot.query.filters import FILTERS

log = structlog.get_logger(__name__)

UNKNOWN = "unknown_audience"
_WITH_WORDS = frozenset({"is_ext_shared", "asker_not_in_channel"})
"""Codes that have words of their own."""
_NOT_POSTED = frozenset({"not_in_channel", "is_archived"})
"""The app may not post there, which Slack says itself when it tries."""

View = dict[str, object]
Show = Callable[[View], Awaitable[None]]
"""Puts another view in a modal's place. Raises ReplyError; `not_found` once it was closed."""


async def find_channel(services: Services, address: Address, channel: str) -> tuple[str, str | None]:
    """Return the id of a channel (an id or "#name"), and why nothing may be posted. Raises ReplyError."""
    if channel.startswith("#"):
        name, known = channel, await services.people.channels_of(address.user_id)
        if (channel := known.get(name[1:].casefold(), "")) == "":
            return "", (
                f"You are in no channel called {name} that I can see. A private one I see once I am invited "
                "to it; “here” means the channel in which you say it."
            )
    there = address.in_channel(channel)
    asker = await services.people.asker(there)
    if asker.refused is None and (code := await services.people.barred(there)) is not None:
        words = cannot_share(code)
        return channel, f"{words.headline} {words.next_step}"
    return channel, asker.refused


def closed_to_data(request: Request, asker: Asker) -> str | None:
    """Return why a message must not get data where it stands, as a code that has words; None when it may."""
    if request.address.private or asker.audience is None or asker.audience in _NOT_POSTED:
        return None
    return asker.audience if asker.audience in _WITH_WORDS else UNKNOWN


@dataclass(frozen=True, slots=True)
class ModalPress:
    """A press that shows a modal: who pressed, what names the press in the log, how to show a view."""

    services: Services
    address: Address
    press_id: str
    show: Show

    async def serve(self, title: str, work: Callable[[Asker], Awaitable[None]]) -> None:
        """Do the work for those who may ask; what goes wrong is said in the modal, with a reference."""
        with structlog.contextvars.bound_contextvars(press=self.press_id, reference=reference(self.press_id)):
            try:
                asker = await self.services.people.asker(self.address)
                if asker.refused is not None:
                    await self.show(notice_modal(title, escape(asker.refused)))
                    return
                await work(asker)
            except BadFormError:
                raise
            except Exception as error:  # noqa: BLE001 - every error becomes words
                await self.say(title, error)

    async def say(self, title: str, error: Exception) -> None:
        root = cause(error)
        if isinstance(root, ReplyError) and root.method.startswith("views."):
            log.info("modal not shown", code=root.code)  # closed by its reader
            return
        log_failure("modal", error)
        words = words_for(error)
        details = f"{escape(words.next_step)}\nReference {code(reference(self.press_id))}"
        try:
            await self.show(notice_modal(title, escape(words.headline), details))
        except ReplyError as refused:
            log.info("modal not shown", code=refused.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubmission:
    press_id: str
    """What names it in the log."""
    view_id: str
    """The same when it is submitted again, as nobody answered the first time."""
    view_hash: str
    metadata: str
    state: object
    sender: Address
    at: float
    """Unix seconds, when it arrived."""

    def answer_id(self, content: str) -> str:
        """Return the id of what is recorded: another one when a form is corrected and sent again."""
        digest = hashlib.sha256(f"{self.view_hash}\n{content}".encode()).hexdigest()[:16]
        return f"view-{self.view_id}-{digest}"


KeepEntered = Callable[[Services, Asker, FormSubmission], Awaitable[View]]
"""Does what a form asks for; returns its last view. Raises BadFormError."""


async def submit_form(
    services: Services, keep: KeepEntered, submission: FormSubmission, title: str
) -> View | None:
    """Do what a form asks for; what goes wrong, but a BadFormError, is its last view."""
    views: list[View] = []

    async def show(view: View) -> None:
        views.append(view)

    async def submit(asker: Asker) -> None:
        await show(await keep(services, asker, submission))

    await ModalPress(services, submission.sender, submission.press_id, show).serve(title, submit)
    return views[-1] if views else None


audit_log = structlog.get_logger("audit")

What = Literal["export", "share", "transcript", "audio", "tell"]
AuditOutcome = Literal["sent", "refused", "cancelled", "failed", "nothing to send"]
FREE_TEXT = tuple(each.key for each in FILTERS if each.free_text)


def audit(
    what: What, by: Address, *, asked: str, channel_id: str, rows: int = 0, outcome: AuditOutcome = "sent"
) -> None:
    """Write one event. `asked` comes from `asked_for`, or is an id; `channel_id` is where it went."""
    audit_log.info(
        what,
        user=by.user_id,
        team=by.team_id,
        asked=asked,
        rows=rows,
        channel=channel_id,
        channel_kind="direct" if is_direct_message(channel_id) else "channel" if channel_id else "none",
        outcome=outcome,
    )


def asked_for(query: Query) -> str:
    """Return a question's canonical text, the values of free-text filters hidden."""
    hidden = [f"{key}:(hidden)" for key, _value in query.conditions if key in FREE_TEXT]
    return " ".join([query.without(*FREE_TEXT).canonical(), *hidden]).strip() or "all"
