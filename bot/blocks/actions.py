"""Names of everything clickable, and the values that buttons carry.

A value holds the id of the stored question, nothing personal: any process can serve the next click. An
action_id that stands on several buttons of one message has a number after a dot (`numbered`); listeners match
it by `base`.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from bot.blocks.text import size

BUTTON_VALUE_CHARS = 2000
"""Slack's limit of what a button carries."""

# The list message
OPEN_CALL = "open_call"
"""static_select; the option's value is a conversation_id."""
FILTERS = "filters"
CSV = "csv"
SHARE = "share"
"""Opens the form of what to share where; its Pointer's `pick` is a conversation_id for one call."""
SHARED_ANSWER = "shared_answer"
SHARED_CALL = "shared_call"
"""What a submitted Share form is recorded as."""
MORE = "more"
"""overflow; the option's value is a Pointer whose `pick` is REFRESH or SHOW_API."""
REFRESH = "refresh"
SHOW_API = "show_api"
SAVE = "save"
# The file
CANCEL = "cancel"
WITHOUT_IDS = "without_ids"
SEND_ALL = "send_all"
# Talking back
RUN_EXAMPLE = "run_example"
"""button (numbered); the value is a Pointer without question id whose `pick` is the words to ask."""
CHOOSE_AGENT = "choose_agent"
"""button (numbered); Pointer whose `pick` is an agent_id, or several with commas: any of them."""
RETRY = "retry"
ASK_AGAIN = "ask_again"
OPEN_LINK = "open_link"
"""buttons that only open an address; acknowledge and do nothing."""
# One call
CALL_PAGE = "call_page"
"""button (numbered) in the call modal; Pointer whose `pick` is "<page>:<conversation_id>"."""
TRANSCRIPT_FILE = "transcript_file"
AUDIO_FILE = "audio_file"
CALL_API = "call_api"
"""These three: Pointer whose `pick` is a conversation_id."""
# Modals
FILTERS_VIEW = "filters_view"
"""callback_id; private_metadata is a Pointer."""
AGENT_MENU = "agent_menu"
"""The menu of agents in the Filters modal: Slack asks for what it offers as the person types."""
FILTER_MENU = "filter_menu"
"""The menu of another filter there; its block_id is the filter's key."""
CALL_VIEW = "call_view"
API_VIEW = "api_view"
SAVE_VIEW = "save_view"
SHARE_VIEW = "share_view"
LOADING_VIEW = "loading_view"
# App Home
HOME_VIEW = "home_view"
QUICK = "quick"
"""button (numbered); like RUN_EXAMPLE."""
RECENT = "recent"
"""button (numbered); Pointer to the stored question."""
SAVED_RUN = "saved_run"
"""button (numbered); Pointer whose `pick` is the saved question's name or id."""
SAVED_MENU = "saved_menu"
"""overflow (numbered); Pointer whose `pick` is "<what>:<id>", what being one of the four below."""
SAVED_EDIT = "edit"
SAVED_DELETE = "delete"
SAVED_PAUSE = "pause"
SAVED_RESUME = "resume"
# Alerts, digests and subscriptions
TELL_ME = "tell_me"
TELL_VIEW = "tell_view"
WATCH_MENU = "watch_menu"
"""overflow or static_select (numbered); Pointer whose `pick` is "<what>:<id>": one of the four of SAVED_MENU,
or SNOOZE with seconds after a dash, 0 for the rest of the day."""
SNOOZE = "snooze"

FORMER_PAGES = frozenset({"newer", "older"})
"""Buttons of earlier versions, which turned the pages of a list."""
OPENS_MODAL = frozenset({OPEN_CALL, FILTERS, CALL_PAGE, SHARE, SAVE, SAVED_EDIT, TELL_ME, SHOW_API, CALL_API})
"""Pressing these opens or turns a modal, at once and with the press's own trigger: no durable answer."""
IN_FORM = frozenset({AGENT_MENU, FILTER_MENU, "entry", "time_of_day"})
"""Choosing in a form's menus does nothing yet: the form is read when it is submitted."""

_PAGE_DIGITS = 6
_Id = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[\x21-\x7e]*\Z")]


class BadValueError(ValueError):
    """A value that this version did not write. Its text holds nothing of the value."""


class Pointer(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, forbid_unknown_fields=True):
    question_id: _Id
    """Id of the stored question; "" when there is none."""
    former_page: Any = None
    """Where buttons of earlier versions say which page of a list they turn; nothing reads it."""
    pick: Annotated[str, msgspec.Meta(max_length=1500)] | None = None
    """What was chosen, where a button offers one of several things."""


_decoder = msgspec.json.Decoder(Pointer)


def value_of(pointer: Pointer, limit: int = BUTTON_VALUE_CHARS) -> str | None:
    """Write a pointer as compact JSON; None when its ids are not such as we or ElevenLabs make."""
    try:
        text = msgspec.json.encode(pointer).decode()
        _decoder.decode(text)  # what cannot be read back must not be sent
    except (msgspec.MsgspecError, UnicodeError):
        return None
    return text if size(text) <= limit else None


def encode(pointer: Pointer) -> str:
    """Write what cannot be left out. Raises BadValueError where `value_of` returns None."""
    if (text := value_of(pointer)) is None:
        raise BadValueError("a button's value would be longer than Slack takes, or its ids are not ids")
    return text


def decode(value: object) -> Pointer:
    """Read a pointer back. Raises BadValueError for anything that `encode` does not write."""
    if not isinstance(value, str) or len(value) > BUTTON_VALUE_CHARS:
        raise BadValueError("not a button's value")
    try:
        return _decoder.decode(value)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise BadValueError("not a button's value") from None


def numbered(action_id: str, index: int) -> str:
    """Name one of several like buttons: "run_example", 2 -> "run_example.2"."""
    return f"{action_id}.{index}"


def page_pick(page: int, conversation_id: str) -> str:
    return f"{page}:{conversation_id}"


def read_page_pick(pick: str | None) -> tuple[int, str]:
    """Read a CALL_PAGE button's `pick`: page (from 0) and conversation id. Raises BadValueError."""
    page, _, conversation_id = (pick or "").partition(":")
    if not (page.isascii() and page.isdigit() and len(page) <= _PAGE_DIGITS and conversation_id):
        raise BadValueError("not a page of a call")
    return int(page), conversation_id


def base(action_id: str) -> str:
    """Name what a button does, without its number: "run_example.2" -> "run_example"."""
    return action_id.partition(".")[0]
