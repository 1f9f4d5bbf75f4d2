"""The plain values that every room of the house may use. No input or output happens here.

Field names are the ElevenLabs API's own where it has one. Enumerations of the API (status, source, …) stay
text: new members appear without notice. Times are Unix seconds, durations seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Literal, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Source:
    """A value of `conversation_initiation_source`."""

    kind: str = ""
    """phone, web, app, or "" for none of these."""
    said: str = ""
    """How a sentence says it, after "from"; its name in capitals where empty."""
    label: str = ""
    """How a list shows it; its name where empty."""
    words: tuple[str, ...] = ()


SOURCES: dict[str, Source] = {
    "twilio_sms": Source(said="SMS", label="Twilio SMS", words=("sms", "text-message")),
    "sip_trunk": Source("phone", "SIP trunk", "SIP trunk", ("sip", "siptrunk")),
    "freshdesk_integration": Source(words=("freshdesk",)),
    "intercom_integration": Source(words=("intercom",)),
    "salesforce_integration": Source(words=("salesforce",)),
    "slack_integration": Source(words=("slack",)),
    "telegram_integration": Source(words=("telegram",)),
    "zendesk_integration": Source(words=("zendesk",)),
    "android_sdk": Source("app", "the Android SDK", "Android app", ("android",)),
    "audiocodes": Source("phone", "AudioCodes", "AudioCodes"),
    "avaya": Source("phone", "Avaya"),
    "exotel": Source("phone", "Exotel"),
    "flutter_sdk": Source("app", "the Flutter SDK", "Flutter app", ("flutter",)),
    "genesys": Source("phone", "Genesys"),
    "genesys_bot_connector": Source("phone", label="Genesys bot connector"),
    "js_sdk": Source("web", "the JavaScript SDK", "JavaScript SDK", ("javascript",)),
    "node_js_sdk": Source("", "the Node.js SDK", "Node.js SDK"),
    "python_sdk": Source("", "the Python SDK", "Python SDK", ("python",)),
    "react_native_sdk": Source("app", "the React Native SDK", "React Native app", ("react-native",)),
    "react_sdk": Source("web", "the React SDK", "React SDK", ("react",)),
    "subagent_tool": Source(words=("subagent",)),
    "swift_sdk": Source("app", "the Swift SDK (iOS)", "iOS app", ("ios", "swift")),
    "template_preview": Source(words=("preview",)),
    "twilio": Source("phone", "Twilio"),
    "unknown": Source(said="an unknown source"),
    "whatsapp": Source("", "WhatsApp", "WhatsApp", ("whats-app",)),
    "widget": Source("web", "the web widget", "Web widget"),
}
"""The values known when this was written (the official SDK's ConversationInitiationSource); more may come."""
NOT_PHONE_SOURCES = frozenset(
    name for name, source in SOURCES.items() if name != "unknown" and source.kind != "phone"
)
"""Sources that are known to carry no phone call; any other, also one not known yet, may."""

FINAL_STATUSES = frozenset({"done", "failed"})
"""Statuses after which a conversation's facts (length, ids, transcript) no longer change."""


SITE = "https://elevenlabs.io"
"""Where dashboards live, but for those of residency regions."""


class FieldKind(Enum):
    """What a field of a conversation holds: decides how it is decoded and how it stands in a CSV."""

    ID = "id"
    WORD = "word"
    """A text that many rows share, such as a status or a name."""
    PROSE = "prose"
    """What was written about a call: telephone numbers in it are masked."""
    COUNT = "count"
    """A whole number, 0 where the API gives none."""
    NUMBER = "number"
    WORDS = "words"
    RESULTS = "results"
    """What an agent collected or was judged by, for the ids that were asked for."""


class Results(dict[str, str | float]):
    """Values by id. Hashable, as rows are: nobody changes one."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


Word = Annotated[str, FieldKind.WORD]
OptionalWord = Annotated[str | None, FieldKind.WORD]
Prose = Annotated[str | None, FieldKind.PROSE]
Count = Annotated[int, FieldKind.COUNT]
Number = Annotated[float | None, FieldKind.NUMBER]
Words = Annotated[tuple[str, ...], FieldKind.WORDS]
OptionalResults = Annotated[Results | None, FieldKind.RESULTS]


class Conversation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of GET /v1/convai/conversations. A field is decoded, and stands in a CSV, by its kind alone."""

    conversation_id: Annotated[str, FieldKind.ID]
    site: str = SITE
    agent_id: Word = ""
    agent_name: OptionalWord = None
    branch_id: OptionalWord = None
    version_id: OptionalWord = None
    start_time_unix_secs: Count = 0
    call_duration_secs: Count = 0
    message_count: Count = 0
    status: Word = "unknown"
    call_successful: Word = "unknown"
    call_success_score: Number = None
    direction: OptionalWord = None
    conversation_initiation_source: OptionalWord = None
    main_language: OptionalWord = None
    rating: Number = None
    termination_reason: OptionalWord = None
    call_summary_title: Prose = None
    transcript_summary: Prose = None
    tool_names: Words = ()
    cost: Number = None
    """Credits."""
    cost_fiat: Number = None
    """US dollars."""
    tag_ids: Words = ()
    data_collection_results: OptionalResults = None
    """Collected values, telephone numbers masked; None where none were asked for."""
    evaluation_criteria_results: OptionalResults = None
    """success, failure or unknown by criterion; None where none were asked for."""
    hiding_reason: OptionalWord = None
    """Why the API key may list the conversation but not open it; None when it may."""

    @property
    def final(self) -> bool:
        """Whether the conversation has ended and been processed."""
        return self.status in FINAL_STATUSES

    @property
    def may_be_phone(self) -> bool:
        """Whether a detail request could find a carrier's call id."""
        return self.conversation_initiation_source not in NOT_PHONE_SOURCES


FIELDS: dict[str, FieldKind] = {
    name: hint.__metadata__[0]
    for name, hint in get_type_hints(Conversation, include_extras=True).items()
    if hasattr(hint, "__metadata__")
}
"""The kind of each field that the API gives, in order."""
CHOSEN_COLUMNS = {"success_score": "call_success_score"}
"""Columns that a list or file has only when it is asked for them, and the fields they hold."""
_LANGUAGE_CODES = """
    af Afrikaans, sq Albanian, am Amharic, ar Arabic, hy Armenian, as Assamese, az Azerbaijani,
    eu Basque, be Belarusian, bn Bengali, bs Bosnian, bg Bulgarian, my Burmese, ca Catalan,
    zh Chinese, hr Croatian, cs Czech, da Danish, nl Dutch, en English, eo Esperanto, et Estonian,
    fil Filipino, fi Finnish, fr French, gl Galician, ka Georgian, de German, el Greek, gu Gujarati,
    ht Haitian, ha Hausa, he Hebrew, hi Hindi, hu Hungarian, is Icelandic, ig Igbo, id Indonesian,
    ga Irish, it Italian, ja Japanese, jv Javanese, kn Kannada, kk Kazakh, km Khmer, rw Kinyarwanda,
    ko Korean, ku Kurdish, ky Kyrgyz, lo Lao, la Latin, lv Latvian, ln Lingala, lt Lithuanian,
    lb Luxembourgish, mk Macedonian, mg Malagasy, ms Malay, ml Malayalam, mt Maltese, mi Maori,
    mr Marathi, mn Mongolian, ne Nepali, no Norwegian, nb Bokmål, or Odia, ps Pashto, fa Persian,
    pl Polish, pt Portuguese, pa Punjabi, ro Romanian, ru Russian, sr Serbian, sd Sindhi, si Sinhala,
    sk Slovak, sl Slovenian, so Somali, es Spanish, su Sundanese, sw Swahili, sv Swedish, tl Tagalog,
    tg Tajik, ta Tamil, tt Tatar, te Telugu, th Thai, tr Turkish, tk Turkmen, uk Ukrainian, ur Urdu,
    uz Uzbek, vi Vietnamese, cy Welsh, wo Wolof, xh Xhosa, yi Yiddish, yo Yoruba, zu Zulu
"""
LANGUAGES = {entry.split()[0]: entry.split()[1] for entry in _LANGUAGE_CODES.split(",")}
"""Names of languages by the code that the API uses (ISO 639; Filipino has three letters)."""
CHOSEN_BY_ID = {
    "data": ("data_collection_results", "data_collection_ids"),
    "eval": ("evaluation_criteria_results", "evaluation_criteria_ids"),
}
"""Such columns of one id, `data.<id>`: the field that holds it, and the API's parameter that asks for it."""


def chosen_value(row: Conversation, column: str) -> str | float | None:
    """Return what a row has in a chosen column: `data.<id>`, `eval.<id>` or one of CHOSEN_COLUMNS."""
    if column in CHOSEN_COLUMNS:
        return getattr(row, CHOSEN_COLUMNS[column])  # type: ignore[no-any-return]
    kind, _dot, found = column.partition(".")
    results: Results | None = getattr(row, CHOSEN_BY_ID[kind][0])
    return results.get(found) if results is not None else None


class PhoneCall(msgspec.Struct, frozen=True, kw_only=True):
    """What `metadata.phone_call` of a detail says, with the carrier's id told apart from ElevenLabs'.

    Twilio and Exotel: call_id and call_sid are the carrier's sid. SIP: call_id is the carrier's Call-ID (may
    be absent), call_sid is ElevenLabs' own `SCL_…`.
    """

    phone_provider: str
    """The API's `type`: twilio, exotel, sip_trunking, or one not known yet."""
    call_id: str | None = None
    call_sid: str | None = None
    direction: str | None = None
    agent_number: str | None = None
    external_number: str | None = None
    agent_number_hash: str | None = None
    external_number_hash: str | None = None
    """By these calls are found by number; None for what is no number."""
    region: str | None = None
    """The country of the agent's number, two letters."""


class IdState(Enum):
    """How far the lookup of a row's carrier ids has come."""

    NOT_ASKED = "not asked"
    """Not looked up (yet): shown as "…"."""
    NOT_PHONE = "not phone"
    FOUND = "found"
    FAILED = "failed"
    """The lookup failed after its retries: never confused with "no id"."""


@dataclass(frozen=True, slots=True)
class CallIds:
    """The carrier ids of one conversation, or why there are none."""

    state: IdState
    phone: PhoneCall | None = None


NOT_ASKED = CallIds(IdState.NOT_ASKED)
NOT_PHONE = CallIds(IdState.NOT_PHONE)
FAILED = CallIds(IdState.FAILED)


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    role: str
    message: str | None = None
    time_in_call_secs: int = 0
    tool_names: tuple[str, ...] = ()
    failed_tool_names: tuple[str, ...] = ()
    file_names: tuple[str, ...] = ()
    """Files sent in the turn; "unnamed" for one whose name is not said."""
    interrupted: bool = False


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """One evaluation criterion's verdict (result: success, failure, unknown, …)."""

    criteria_id: str
    result: str
    rationale: str | None = None


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """One collected data value, as text."""

    data_collection_id: str
    value: str | None = None
    rationale: str | None = None


class Call(Conversation, frozen=True, kw_only=True):
    """One conversation opened: GET /v1/convai/conversations/{conversation_id}."""

    user_id: str | None = None
    feedback_comment: str | None = None
    error: str | None = None
    warnings: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    collected: tuple[Collected, ...] = ()
    transcript: tuple[Turn, ...] = ()
    has_audio: bool = False
    phone: PhoneCall | None = None
    phone_known: bool = True
    """Whether `phone` None means that it was no phone call, not that nothing readable was said about it."""


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """One row of GET /v1/convai/agents."""

    agent_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AgentField:
    column: str
    """`data.<id>` or `eval.<id>`."""
    name: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Which conversations are asked of the API, without saying how they are fetched.

    `params` are the API's own parameters other than time, order, paging and summaries: sorted (name, value)
    pairs, arrays as repeated names. `texts` ask the message search instead, for any of them.
    """

    since: int | None = None
    """Start time at or after this, Unix seconds."""
    until: int | None = None
    """Start time before this, Unix seconds."""
    oldest_first: bool = False
    texts: tuple[str, ...] = ()
    number: str | None = None
    """A telephone number as it was typed: only calls from it or to it."""
    number_hashes: tuple[str, ...] = ()
    """Its hashes, once they are known. Rows do not say numbers: those that cannot be told come too."""
    params: tuple[tuple[str, str], ...] = field(default=())


SlackId = Annotated[str, msgspec.Meta(max_length=32)]
RowId = Annotated[str, msgspec.Meta(max_length=40)]
Zone = Annotated[str, msgspec.Meta(max_length=64)]
"""An IANA time zone."""
NAME_KEY_CHARS = 400


class SavedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question under a name. Times are Unix seconds."""

    saved_id: RowId
    team_id: SlackId
    user_id: SlackId
    name: Annotated[str, msgspec.Meta(max_length=200)]
    name_key: Annotated[str, msgspec.Meta(max_length=NAME_KEY_CHARS)]
    """The name as it is compared: unique for a person."""
    texts: tuple[str, ...]
    """The question as typed, and the follow-ups that changed it, in order."""
    tz: Zone
    """The owner's when it was last known."""
    schedule: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    """When it is asked by itself, in words that read back as the same; None for never."""
    channel_id: SlackId | None = None
    """Where it is answered then; None is the owner's direct message."""
    paused: bool = False
    next_at: float | None = None
    """When it is asked next; None without a schedule and while paused."""
    saved_at: float = 0
    only_if_any: bool | None = None
    """Whether a run by itself says nothing when no call matches; None in rows of before."""
    kind: Literal["subscription", "alert"] | None = None
    """What is watched; None for a question."""
    rule: str | None = None
    """The rule of an alert, as JSON. This and the next three mean something to `bot.answers.telling`."""
    state: str | None = None
    """What an alert has come to, as JSON; only a look and a press change it."""
    pending: str | None = None
    """The message that is on its way, as JSON."""
    day: str | None = None
    """The message of the day of a subscription, as JSON."""
    since: float | None = None
    looked_at: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What Slack is to show: Block Kit blocks, and the text of notifications and screen readers."""

    text: str
    blocks: tuple[dict[str, object], ...] = ()
    fallbacks: tuple[tuple[dict[str, object], ...], ...] = ()
    """The same in ever plainer blocks, for a Slack that answers `invalid_blocks`."""


def zone_named(name: str) -> ZoneInfo | None:
    """Return a time zone by its IANA name; None for one that this host does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


PLAIN_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    content: str
    content_type: str = PLAIN_TEXT


class CannotStartError(Exception):
    """Something outside keeps a command from its work. The text says what, and the next step."""


class NoConnectionLeftError(CannotStartError):
    """The database has given all its connections to others: it may have one in a moment."""


def dashboard_url(conversation_id: str, site: str = SITE) -> str:
    """Where ElevenLabs' dashboard shows a conversation (the address its own documentation uses)."""
    return f"{site}/app/agents/history/{conversation_id}"
