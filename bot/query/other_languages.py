"""Questions in languages that the bot does not read: which one it is, and what to say in it.

A language has words of questions and small words. The small ones alone, as in “Centro de Atención”, may be a
name; with one of the others they are a question, and so is a long one alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.query.agent_names import KnownAgents
from bot.query.draft import Unknown
from bot.query.tokens import word_set

_FEWEST = 2
"""Words of one language that make a text one of it."""
_LONG = 6
_CALLS = re.compile("anruf|gespr|telefon|llamada|appel|chamada|ligaç|chiamat|oproep")
"""What calls are called: no name."""
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
"""Signs of Japanese sentences. Names are often written without them."""
_JAPANESE = re.compile("通話|会話|電話|着信|発信|昨日|今日|先週|今週|先月|今月|失敗|成功|一覧|件数|日本語")
_JAPANESE_SAID = "英語の質問だけを読み取れます。例: “failed calls since yesterday”。"
_PARTS = re.compile(r"['\u2019\-¿¡]")


@dataclass(frozen=True, slots=True)
class _Language:
    asking: frozenset[str]
    small: frozenset[str]
    said: str

    def has(self, unknown: Unknown) -> bool:
        """Whether a word, or a part of it as in “l'appel”, is one of the language."""
        return not (self.asking | self.small).isdisjoint(_parts(unknown))

    def asks(self, unknown: Unknown) -> bool:
        """Whether a word is one that questions about calls are made of."""
        return not self.asking.isdisjoint(_parts(unknown))


_LANGUAGES = (
    _Language(
        word_set("""
            erfolgsquote fehlerquote durchschnittliche durchschnittlich kosten dauer
            anruf anrufe anrufen gespräch gespräche gesprächen telefonate zeig zeige gib welche
            wieviele viele gestern heute vorgestern letzte letzten letzter woche monat tage tagen
            stunden waren fehlgeschlagen fehlgeschlagene fehlgeschlagenen erfolgreich erfolgreiche montag
            dienstag mittwoch donnerstag freitag
            """),
        word_set(
            "pro der die das den dem und oder von vom seit für mit ohne mir alle wie nicht aus bei gab es"
        ),
        "Ich verstehe nur Fragen auf Englisch, zum Beispiel “failed calls since yesterday”.",
    ),
    _Language(
        word_set("""
            tasa éxito fallos agente promedio duración coste
            llamada llamadas conversaciones muestra muéstrame mostrar cuántas cuantas cuáles ayer
            hoy anteayer semana mes días pasada pasado última últimas últimos fallidas fallaron
            exitosas lunes martes miércoles jueves viernes hubo
            """),
        word_set("el la los las de del desde hasta para por con sin y o que en al una todas más"),
        "Solo entiendo preguntas en inglés, por ejemplo “failed calls since yesterday”.",
    ),
    _Language(
        word_set("""
            taux réussite échec durée moyenne coût
            appel appels conversations montre montrez affiche donne combien quels quelles hier
            aujourd semaine mois jours dernier dernière derniers dernières échoué échoués échouées
            ratés réussis lundi mardi mercredi jeudi vendredi
            """),
        word_set(
            "le la les des du de d l qu et ou depuis pour avec sans dans sur moi tous ont cette une y a"
        ),
        "Je ne comprends que les questions en anglais, par exemple “failed calls since yesterday”.",
    ),
    _Language(
        word_set("""
            taxa sucesso média duração custo
            chamada chamadas ligações conversas mostra mostre quantas quais ontem hoje anteontem
            semana mês dias passada passado última últimas últimos falharam falhadas falhas houve
            segunda terça quarta quinta sexta
            """),
        word_set("o os as de do da dos das desde até para por com sem e ou que em na no nas me todas uma"),
        "Só entendo perguntas em inglês, por exemplo “failed calls since yesterday”.",
    ),
    _Language(
        word_set("""
            tasso successo durata costo
            chiamata chiamate conversazioni telefonate mostra mostrami quante quali ieri oggi
            settimana mese giorni scorsa scorso ultima ultime ultimi fallite riuscite erano lunedì
            martedì mercoledì giovedì venerdì
            """),
        word_set(
            "il lo la le gli di del della delle da dal dalla per con senza e o che nell dell sono tutte mi"
        ),
        "Capisco solo domande in inglese, per esempio “failed calls since yesterday”.",
    ),
    _Language(
        word_set("""
            dag dagelijks slagingspercentage kosten gemiddelde
            gesprek gesprekken telefoontjes oproepen toon laat hoeveel welke gisteren vandaag
            eergisteren vorige afgelopen laatste maand dagen mislukt mislukte geslaagde maandag
            dinsdag woensdag donderdag vrijdag
            """),
        word_set(
            "per de het een van sinds voor met zonder en of mij me zien alle er waren die deze niet uit"
        ),
        "Ik begrijp alleen vragen in het Engels, bijvoorbeeld “failed calls since yesterday”.",
    ),
)


def other_language(unknown: Sequence[Unknown], agents: KnownAgents) -> str | None:
    """Return a sentence in the language of words that were not understood, if they are a question in one.

    Words of agents' names count for no language.
    """
    words = [each for each in unknown if not agents.has_word(each.word)]
    text = " ".join(each.word for each in words)
    if _HIRAGANA.search(text) or _JAPANESE.search(text):
        return _JAPANESE_SAID
    best = max(_LANGUAGES, key=lambda language: sum(map(language.has, words)))
    explained = sum(map(best.has, words))
    english = sum(_mistyped_english(each) for each in words if not best.has(each))
    asks = any(map(best.asks, words))
    enough = explained >= _FEWEST or any(_unmistakable(each, best) for each in words)
    return best.said if asks and enough and explained > english else None


def _unmistakable(unknown: Unknown, language: _Language) -> bool:
    """Whether one word is enough: a long one of one language only, which capitalised may be a name."""
    word = unknown.word.casefold()
    one = [each for each in _LANGUAGES if word in each.asking] == [language]
    return one and len(word) >= _LONG and (unknown.word.islower() or _CALLS.match(word) is not None)


def _parts(unknown: Unknown) -> list[str]:
    return _PARTS.split(unknown.word.casefold())


def _mistyped_english(unknown: Unknown) -> bool:
    return any(OSA.distance(unknown.word.casefold(), near) <= 1 for near in unknown.nearest)
