"""How a call came in: the language spoken, and the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.model import SOURCES, Conversation
from bot.query.filters.base import PhraseSlot, nearest
from bot.query.filters.choices import ChoiceFilter, by_word, merged
from bot.query.phrases import Text
from bot.query.tokens import word_set
from bot.query.values import Choice, NotKnown

# --- language ---

_CODES = """
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
NAMES = {entry.split()[0]: entry.split()[1] for entry in _CODES.split(",")}
"""Names of languages by the code that the API uses (ISO 639; Filipino has three letters)."""
BY_NAME = {name.casefold(): code for code, name in NAMES.items()} | {
    "deutsch": "de",
    "français": "fr",
    "francais": "fr",
    "español": "es",
    "espanol": "es",
    "italiano": "it",
    "português": "pt",
    "mandarin": "zh",
    "farsi": "fa",
    "bokmal": "nb",
    "castilian": "es",
    "nederlands": "nl",
}
_CODE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2,4}|\d{3}))?")
SPOKEN = ("-speaking", "-language", "-spoken")


def code_of(text: str) -> str | None:
    """Return the code that a name or code stands for, or None."""
    word = text.strip().casefold()
    if word in BY_NAME:
        return BY_NAME[word]
    match = _CODE.fullmatch(word)
    if match and match.group(1) in NAMES:
        return f"{match.group(1)}-{match.group(2)}" if match.group(2) else match.group(1)
    return None


def read_language(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a language's name; codes are too short to be told from words."""
    word = text.word(at)
    for ending in SPOKEN:
        word = word.removesuffix(ending)
    if word in BY_NAME:
        yield BY_NAME[word], at + 1


def read_code(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name or a code."""
    code = code_of(text.word(at))
    if code:
        yield code, at + 1


class Language(ChoiceFilter):
    """`main_languages`: a conversation has one, so several can only mean any of them."""

    def value(self, text: str) -> tuple[str, ...]:
        """Return the code."""
        code = code_of(text)
        if code is None:
            close = nearest(text.casefold(), BY_NAME, cutoff=70)
            raise NotKnown(tuple(f"lang:{BY_NAME[name]}" for name in close) or ("lang:de", "lang:german"))
        return (code,)

    def say(self, value: str) -> str:
        base, _, region = value.partition("-")
        name = NAMES.get(base, value)
        return f"{name} ({region.upper()})" if region else name

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare the row's language; excluding German excludes de-AT too."""
        language = (row.main_language or "").casefold()
        unwanted = {language, language.partition("-")[0]} & set(value.exclude)
        return super().matches(value, row) and not unwanted


LANGUAGE = Language(
    key="lang",
    form="Language",
    offered=tuple(sorted(NAMES, key=NAMES.__getitem__)),
    group="How it came in",
    place=1,
    aliases=("language", "languages", "main-language", "main-languages", "locale"),
    about="the main language, by name or code",
    examples=("german", "in german", "german or french", "lang:de", "-lang:en"),
    parameter="main_languages",
    attribute="main_language",
    any_of=True,
    noun="main language",
    vocabulary=BY_NAME,
    adjective=True,
    said_not="not in {}",
    phrases={
        "{}": """
            [spoken|speaking|held|using|used|spoke] [in] {language} [speaking|language|spoken|speakers]
            [in|with|where] [the] language|lang [is|was|=] {code}
        """
    },
    slots={
        "language": PhraseSlot(
            read_language, frozenset(name + end for name in BY_NAME for end in ("", *SPOKEN))
        ),
        "code": PhraseSlot(read_code, lambda word: code_of(word) is not None),
    },
)

# --- source ---

_SEVERAL = {"phone": "the phone", "web": "the web", "app": "an app"}
"""Sources that stand for several, and how they are said: tested here, since the API takes one."""
_SOURCE_WORDS = by_word(
    {
        "phone": "phone|phones|telephone|telephony|landline|mobile|phone-line",
        "web": "web|website|webpage|browser|web-widget|site|webchat|homepage",
        "app": "app|apps|mobile-app",
        **{name: "|".join((*source.words, name)).replace("_", "-") for name, source in SOURCES.items()},
    }
)
_IDLE = word_set("unknown mobile site app apps react swift python preview flutter")
"""Words that say a source only after "from" or "via"."""
_SOURCE_STARTS = frozenset(
    part for word in _SOURCE_WORDS for part in (word, word.replace("-", "_"), word.partition("-")[0])
)


def read_source(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a source's name."""
    two = f"{text.word(at)}-{text.word(at + 1)}"
    if two in _SOURCE_WORDS:
        yield two, at + 2
    word = text.word(at).replace("_", "-")
    if word in _SOURCE_WORDS and word != "unknown":
        yield word, at + 1


def read_plain_source(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name that says a source without "from"."""
    for word, end in read_source(text, at):
        if end > at + 1 or text.word(at) not in _IDLE:
            yield word, end


def _kinds(source: str) -> set[str]:
    """Return the sources that stand for several, one of which this is; one not known yet may be a phone's."""
    return {SOURCES[source].kind if source in SOURCES else "phone"} - {""}


class SourceFilter(ChoiceFilter):
    """`conversation_initiation_source`: the API takes one; phone, web and app stand for several."""

    def value(self, text: str) -> tuple[str, ...]:
        return super().value(text.replace("_", "-").replace(" ", "-"))

    def merge(self, old: Choice, new: Choice, joiner: str) -> Choice:
        """Take the narrower of two that say the same: "twilio phone calls" are Twilio's."""
        if joiner != "or" and len(old.groups) == len(new.groups) == 1:
            first, second = old.groups[0], new.groups[0]
            both = {v for v in first if v in second or self._in_any(v, second)}
            both |= {v for v in second if self._in_any(v, first)}
            if both:
                return self.checked(Choice((merged(tuple(both), ()),), merged(old.exclude, new.exclude)))
        return super().merge(old, new, joiner)

    def checked(self, value: Choice) -> Choice:
        """Keep what is excluded from a group: "phone calls not via twilio"."""
        simple = super().checked(value)
        left = tuple(v for v in value.exclude if any(self._in_any(v, group) for group in simple.groups))
        return Choice(simple.groups, left) if simple.groups else simple

    def _in_any(self, source: str, groups: Iterable[str]) -> bool:
        """Whether one of some groups stands for a source, too."""
        return source not in _SEVERAL and not _kinds(source).isdisjoint({*groups} & _SEVERAL.keys())

    def say(self, value: str) -> str:
        known = _SEVERAL.get(value) or (SOURCES[value].said if value in SOURCES else "")
        return known or value.removesuffix("_integration").replace("_", " ").title()

    def title(self, value: str) -> str:
        return (SOURCES[value].label if value in SOURCES else "") or super().title(value)

    def sendable(self, value: str) -> bool:
        return value not in _SEVERAL

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return a row's source and the groups it belongs to."""
        source = row.conversation_initiation_source or "unknown"
        return [source, *_kinds(source), *(["phone"] if row.direction else [])]

    def matches(self, value: Choice, row: Conversation) -> bool | None:
        """Compare sources; a call without one may be of the phone."""
        unsaid = row.conversation_initiation_source in (None, "unknown") and row.direction is None
        may_be_phone = unsaid and any("phone" in group for group in value.groups)
        return super().matches(value, row) or (None if may_be_phone else False)


SOURCE = SourceFilter(
    key="source",
    form="Channel",
    offered=tuple(name for name, source in SOURCES.items() if source.label or source.kind),
    group="How it came in",
    aliases=("channel", "via", "conversation-initiation-source", "medium", "platform"),
    about="how it came in: twilio, sip, phone, web, whatsapp, sms, app, …",
    examples=("from whatsapp", "phone calls", "via twilio", "source:web,whatsapp", "-source:widget"),
    parameter="conversation_initiation_source",
    attribute="conversation_initiation_source",
    noun="source",
    table=_SOURCE_WORDS,
    vocabulary=_SOURCE_WORDS,
    said_as="from {}",
    said_not="not from {}",
    phrases={
        "{}": """
            from|via|through|over|on|by|using|in [the|our|a|an] {source} [CHATS]
            {plain_source} [CHATS]
            [with|whose] [the] source|channel [is|was|of|=] {source}
            [that|which|who] used|use|uses {plain_source}
        """,
        "app": "app|apps call|calls|conversation|conversations",
    },
    slots={
        "source": PhraseSlot(read_source, _SOURCE_STARTS),
        "plain_source": PhraseSlot(read_plain_source, _SOURCE_STARTS),
    },
)
