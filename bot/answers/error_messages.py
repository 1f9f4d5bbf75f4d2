"""Every exception -> words for people: what happened, and what to do next. Nothing internal is shown.

The one place where errors become words, for Slack and the command line alike. A reference id ties the words
to the log, where the exception's class and text are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.answers.ports import ReplyError
from bot.blocks.actions import BadValueError
from bot.elevenlabs import errors
from bot.elevenlabs.phone_numbers import UnclearNumber

log = structlog.get_logger(__name__)

_LONG_WAIT = 90.0
"""Seconds from which on a pause is told by its length."""
_DAY = 86_400.0
_KEY_PAGE = "https://elevenlabs.io/app/developers/api-keys"


@dataclass(frozen=True, slots=True)
class ErrorWords:
    headline: str
    next_step: str
    retry: bool = False
    """Whether asking again may help without anybody changing anything."""

    @property
    def beside_retry(self) -> str:
        """The next step where a Retry button stands beside it: the button is how to ask again."""
        return self.next_step.replace("Ask again", "Press Retry").replace("ask again", "press Retry")


class CancelledByAskerError(Exception):
    """The asker pressed Cancel."""


class UnansweredError(Exception):
    """A stored question could not be answered, because of `__cause__`; asking again needs its id."""

    def __init__(self, question_id: str) -> None:
        super().__init__("a question could not be answered")
        self.question_id = question_id


def words_for(error: BaseException) -> ErrorWords:
    """Return the words for an exception; one raised inside a group of tasks is found in there."""
    error = cause(error)
    known = next(_WORDS[kind] for kind in type(error).__mro__ if kind in _WORDS)  # of the narrowest class
    return known if isinstance(known, ErrorWords) else known(error)


def cause(error: BaseException) -> BaseException:
    """Return the first real exception of a (nested) group, or the exception itself."""
    while True:
        if isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        elif isinstance(error, UnansweredError) and error.__cause__ is not None:
            error = error.__cause__
        else:
            return error


def log_failure(kind: str, error: Exception) -> BaseException:
    """Log why something failed, and return it; what may happen any day needs no stack trace."""
    root = cause(error)
    expected = isinstance(root, errors.ElevenLabsError | ReplyError | BadValueError)
    log.warning(
        "failed",
        kind=kind,
        error=type(root).__name__,
        why=str(root) if expected else None,
        exc_info=None if expected else root,
    )
    return root


def cannot_share(code: str) -> ErrorWords:
    """Return the words for an audience that may not read the data, or where nothing can be posted."""
    unknown = ErrorWords(f"Slack does not let me post there ({code}).", "Share in another channel.")
    return _SHARING.get(code) or _SLACK.get(code) or unknown


def _missing_scope(error: BaseException) -> ErrorWords:
    scope = getattr(error, "scope", None) or "convai_read"
    return ErrorWords(
        f"The ElevenLabs API key may not read conversations: it lacks the permission {scope}.",
        f"The person who runs this app can give the key that permission at {_KEY_PAGE}.",
    )


def _rate_limited(error: BaseException) -> ErrorWords:
    wait = getattr(error, "retry_after", None) or 0.0
    step = "Wait a minute and ask again; a shorter time range needs fewer requests."
    if wait > _LONG_WAIT:
        minutes = math.ceil(wait / 60)
        about = f"{minutes} minutes" if minutes <= 90 else f"about {math.ceil(minutes / 60)} hours"  # noqa: PLR2004
        # One of days is more likely a mistake than meant.
        step = f"It wants a pause. Ask again in {'an hour' if wait > _DAY else about}."
    return ErrorWords("ElevenLabs is limiting our requests right now.", step, retry=True)


def _unavailable(error: BaseException) -> ErrorWords:
    if not getattr(error, "others_answered", False):
        return _DOWN
    return ErrorWords(
        "ElevenLabs fails at exactly this, though it answers other requests.",
        "Ask again in a few minutes; for a list, fewer filters or another time may help.",
        retry=True,
    )


def _slack_refused(error: BaseException) -> ErrorWords:
    code, method = getattr(error, "code", ""), getattr(error, "method", "")
    if code in {"channel_not_found", "not_in_channel"} and method in _DIRECT_MESSAGE_METHODS:
        return _NO_DIRECT_MESSAGE
    unknown = ErrorWords(f"Slack refused my answer ({code}).", f"{_AGAIN}.", retry=True)
    return _SLACK.get(code, unknown)


_AGAIN = "Ask again; if it happens again, tell the person who runs this app"
_DOWN = ErrorWords(
    "ElevenLabs does not answer right now.",
    "Ask again in a few minutes, or look at https://status.elevenlabs.io.",
    retry=True,
)
_WORDS: dict[type, ErrorWords | Callable[[BaseException], ErrorWords]] = {
    BaseException: ErrorWords(
        "Something went wrong on my side.", f"{_AGAIN} and give them the reference.", retry=True
    ),
    BadValueError: ErrorWords(
        "This button is too old to go on from.", "Ask the question again to get a fresh answer."
    ),
    ReplyError: _slack_refused,
    errors.MissingScope: _missing_scope,
    UnclearNumber: ErrorWords(
        "I cannot tell which country's number that is.",
        "Write it with its country code, such as +49 170 1234567.",
    ),
    errors.WrongRegion: ErrorWords(
        "The ElevenLabs API key belongs to another region than the address I ask.",
        "The person who runs this app sets ELEVENLABS_BASE_URL to the key's region, for example "
        "https://api.eu.residency.elevenlabs.io.",
    ),
    errors.WrongKey: ErrorWords(
        "ElevenLabs does not accept the API key.",
        f"The person who runs this app sets ELEVENLABS_API_KEY to a valid key from {_KEY_PAGE}.",
    ),
    errors.PaymentRequired: ErrorWords(
        "ElevenLabs asks for a payment before it answers.",
        "The owner of the ElevenLabs account looks at its billing page.",
    ),
    errors.Forbidden: ErrorWords(
        "ElevenLabs does not let this API key see that.",
        "The person who runs this app uses a key of a member who may see these agents.",
    ),
    errors.NotFound: ErrorWords(
        "ElevenLabs has no such conversation.",
        "Check the id: it may be deleted, or belong to another ElevenLabs workspace.",
    ),
    errors.Invalid: ErrorWords(
        "ElevenLabs does not accept one of the values in this question.",
        "Check ids and numbers in it; `/conversations help filters` shows what each filter takes.",
    ),
    errors.RateLimited: _rate_limited,
    errors.FailingFast: ErrorWords(
        "ElevenLabs does not answer right now.",
        "It failed again and again, so I leave it alone for up to 30 seconds. Ask again after that, or "
        "look at https://status.elevenlabs.io.",
        retry=True,
    ),
    errors.NotElevenLabs: ErrorWords(
        "Something other than ElevenLabs' API answered.",
        "Ask again; if it happens again, the person who runs this app checks ELEVENLABS_BASE_URL and the "
        "proxy between this app and ElevenLabs.",
        retry=True,
    ),
    errors.Unavailable: _unavailable,
    errors.UnreliableList: ErrorWords(
        "ElevenLabs' list contradicts itself, so calls may be missing.",
        "Ask again, or choose a shorter time, which takes fewer pages; if it happens again, tell the person "
        "who runs this app.",
        retry=True,
    ),
    errors.BadAnswer: ErrorWords("ElevenLabs sent an answer I cannot read.", f"{_AGAIN}.", retry=True),
    errors.ElevenLabsError: _DOWN,
}

_SLACK: dict[str, ErrorWords] = {
    "not_in_channel": ErrorWords(
        "I am not in this channel, so I cannot post here.", "Type `/invite @conversations` and ask again."
    ),
    "channel_not_found": ErrorWords(
        "I cannot see this channel.", "Type `/invite @conversations` in it and ask again, or ask me directly."
    ),
    "is_archived": ErrorWords("This channel is archived, so nothing can be posted here.", "Ask me directly."),
    "cannot_dm_bot": ErrorWords(
        "I cannot write to you directly.", "Open my profile, press Messages, and ask there."
    ),
    "messages_tab_disabled": ErrorWords(
        "Direct messages to this app are switched off.",
        "The person who runs this app switches on the Messages tab under App Home at api.slack.com/apps.",
    ),
    "missing_scope": ErrorWords(
        "Slack says that this app lacks a permission it needs.",
        "The person who runs this app runs `bot check`, updates the app from manifest.yml and reinstalls it.",
    ),
    "upload_failed": ErrorWords("The file did not reach Slack.", "Ask again.", retry=True),
    "file_uploads_disabled": ErrorWords(
        "File uploads are switched off in this workspace.", "Ask a workspace admin, or use `bot export`."
    ),
    "ratelimited": ErrorWords(
        "Slack is limiting our messages right now.", "Ask again in a minute.", retry=True
    ),
    "slack_unreachable": ErrorWords("Slack did not answer.", "Ask again in a minute.", retry=True),
}
for _code in ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"):
    _SLACK[_code] = ErrorWords(
        "Slack did not wait long enough for me to open that.", "Press again.", retry=True
    )
for _code in ("invalid_auth", "token_revoked", "account_inactive", "token_expired", "not_authed"):
    _SLACK[_code] = ErrorWords(
        "Slack does not accept this app's token any more.",
        "The person who runs this app reinstalls it and sets SLACK_BOT_TOKEN anew.",
    )

_DIRECT_MESSAGE_METHODS = frozenset({"files.completeUploadExternal", "conversations.open"})
"""Where a channel is not found at last, it was a direct message: a channel's file goes there instead."""
_NO_DIRECT_MESSAGE = ErrorWords(
    "Slack does not let me send files to you directly.",
    "Open my profile, press Messages, and ask there; if it happens again, tell the person who runs this app.",
)

_SHARING = {
    "is_ext_shared": ErrorWords(
        "This channel is shared with another company, so conversations are not posted here.",
        "Share in a channel of your own workspace, or send the CSV yourself.",
    ),
    "asker_not_in_channel": ErrorWords(
        "You are not a member of that channel, so I post nothing there for you.",
        "Join it first, or choose a channel you are in.",
    ),
    "is_archived": ErrorWords(
        "That channel is archived, so nothing can be posted there.", "Choose another channel."
    ),
    "unknown_audience": ErrorWords(
        "Slack does not tell me who reads this channel, so conversations are not shown here.",
        "Ask me in a direct message.",
    ),
}
for _code in ("not_in_channel", "channel_not_found"):
    _SHARING[_code] = ErrorWords(
        "I am not in that channel, so I cannot post there.",
        "Type `/invite @conversations` in it, then try again.",
    )
