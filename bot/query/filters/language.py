"""Language: what was mainly spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.model import Conversation
from bot.query.filters.base import ChoiceFilter, Params, Words, nearest
from bot.query.phrases import Phrase, SlotReader, StartsWith, Text
from bot.query.values import Choice, NotKnown

NAMES = {
    "af": "Afrikaans",
    "sq": "Albanian",
    "am": "Amharic",
    "ar": "Arabic",
    "hy": "Armenian",
    "as": "Assamese",
    "az": "Azerbaijani",
    "eu": "Basque",
    "be": "Belarusian",
    "bn": "Bengali",
    "bs": "Bosnian",
    "bg": "Bulgarian",
    "my": "Burmese",
    "ca": "Catalan",
    "zh": "Chinese",
    "hr": "Croatian",
    "cs": "Czech",
    "da": "Danish",
    "nl": "Dutch",
    "en": "English",
    "eo": "Esperanto",
    "et": "Estonian",
    "fil": "Filipino",
    "fi": "Finnish",
    "fr": "French",
    "gl": "Galician",
    "ka": "Georgian",
    "de": "German",
    "el": "Greek",
    "gu": "Gujarati",
    "ht": "Haitian",
    "ha": "Hausa",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "is": "Icelandic",
    "ig": "Igbo",
    "id": "Indonesian",
    "ga": "Irish",
    "it": "Italian",
    "ja": "Japanese",
    "jv": "Javanese",
    "kn": "Kannada",
    "kk": "Kazakh",
    "km": "Khmer",
    "rw": "Kinyarwanda",
    "ko": "Korean",
    "ku": "Kurdish",
    "ky": "Kyrgyz",
    "lo": "Lao",
    "la": "Latin",
    "lv": "Latvian",
    "ln": "Lingala",
    "lt": "Lithuanian",
    "lb": "Luxembourgish",
    "mk": "Macedonian",
    "mg": "Malagasy",
    "ms": "Malay",
    "ml": "Malayalam",
    "mt": "Maltese",
    "mi": "Maori",
    "mr": "Marathi",
    "mn": "Mongolian",
    "ne": "Nepali",
    "no": "Norwegian",
    "nb": "Bokmål",
    "or": "Odia",
    "ps": "Pashto",
    "fa": "Persian",
    "pl": "Polish",
    "pt": "Portuguese",
    "pa": "Punjabi",
    "ro": "Romanian",
    "ru": "Russian",
    "sr": "Serbian",
    "sd": "Sindhi",
    "si": "Sinhala",
    "sk": "Slovak",
    "sl": "Slovenian",
    "so": "Somali",
    "es": "Spanish",
    "su": "Sundanese",
    "sw": "Swahili",
    "sv": "Swedish",
    "tl": "Tagalog",
    "tg": "Tajik",
    "ta": "Tamil",
    "tt": "Tatar",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "tk": "Turkmen",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "uz": "Uzbek",
    "vi": "Vietnamese",
    "cy": "Welsh",
    "wo": "Wolof",
    "xh": "Xhosa",
    "yi": "Yiddish",
    "yo": "Yoruba",
    "zu": "Zulu",
}
"""Names of languages by the code that the API uses (ISO 639; Filipino has three letters)."""
_BY_NAME = {name.casefold(): code for code, name in NAMES.items()} | {
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
_SPOKEN = ("-speaking", "-language", "-spoken")


def code_of(text: str) -> str | None:
    """Return the code that a name or code stands for, or None."""
    word = text.strip().casefold()
    if word in _BY_NAME:
        return _BY_NAME[word]
    match = _CODE.fullmatch(word)
    if match and match.group(1) in NAMES:
        return f"{match.group(1)}-{match.group(2)}" if match.group(2) else match.group(1)
    return None


def _named(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a language's name; codes are too short to be told from words."""
    word = text.word(at)
    for ending in _SPOKEN:
        word = word.removesuffix(ending)
    if word in _BY_NAME:
        yield _BY_NAME[word], at + 1


def _any(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name or a code."""
    code = code_of(text.word(at))
    if code:
        yield code, at + 1


class Language(ChoiceFilter):
    """`main_languages`."""

    key = "lang"
    aliases = ("language", "languages", "main-language", "main-languages", "locale")
    about = "the main language, by name or code"
    examples = ("german", "in german", "german or french", "lang:de", "-lang:en")
    noun = "main language"

    def slots(self) -> Mapping[str, SlotReader]:
        """Return the readers of names and codes."""
        return {"language": _named, "code": _any}

    def slot_words(self) -> Mapping[str, frozenset[str]]:
        """Return the names, so that they are found fast."""
        return {"language": frozenset(name + end for name in _BY_NAME for end in ("", *_SPOKEN))}

    def slot_starts(self) -> Mapping[str, StartsWith]:
        """Return what judges the first word of a name or code."""
        return {"code": lambda word: code_of(word) is not None}

    def phrases(self) -> Iterable[Phrase]:
        """Return "in german", "german", "language de"."""
        yield Phrase(
            "[spoken|speaking|held|using|used|spoke] [in] {language} [speaking|language|spoken|speakers]",
            lambda s: self.one(str(s["language"])),
        )
        yield Phrase(
            "[in|with|where] [the] language|lang [is|was|=] {code}", lambda s: self.one(str(s["code"]))
        )

    def vocabulary(self) -> Iterable[str]:
        """Return the names."""
        return _BY_NAME

    def value(self, text: str) -> tuple[str, ...]:
        """Return the code."""
        code = code_of(text)
        if code is None:
            close = nearest(text.casefold(), _BY_NAME, cutoff=70)
            raise NotKnown(tuple(f"lang:{_BY_NAME[name]}" for name in close) or ("lang:de", "lang:german"))
        return (code,)

    def say(self, value: str) -> str:
        """Return the name."""
        base, _, region = value.partition("-")
        name = NAMES.get(base, value)
        return f"{name} ({region.upper()})" if region else name

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Send the codes: a conversation has one main language, so several can only mean any of them."""
        del text_search
        return tuple(("main_languages", code) for group in value.groups for code in group)

    def local(self, value: Choice, *, text_search: bool) -> bool:
        """Excluded languages are tested here."""
        del text_search
        return bool(value.exclude)

    def keeps(self, value: Choice, row: Conversation) -> bool:
        """Compare the row's language; excluding German excludes de-AT too."""
        language = (row.main_language or "").casefold()
        base = language.partition("-")[0]
        wanted = not value.groups or language in value.groups[0]
        return wanted and language not in value.exclude and base not in value.exclude

    def words(self, value: Choice) -> Words:
        """Say "German" before the noun, "not in English" after it."""
        if value.groups:
            return Words(before=self.said(value.groups[0]))
        return Words(after=f"not in {self.said(value.exclude)}")
