"""Language: what was mainly spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model import Conversation
from bot.query.filters.base import nearest
from bot.query.filters.choices import ChoiceFilter
from bot.query.phrases import Text
from bot.query.values import Choice, NotKnown

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
