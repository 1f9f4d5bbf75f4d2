"""What is not read: what ElevenLabs cannot filter by, with a way round, and questions in other languages.

A language has words of questions and small words. The small ones alone, as in “Centro de Atención”, may be a
name; with one of the others they are a question, and so is a long one alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.query.filters.base import Filter
from bot.query.phrases import one_word, word_slot
from bot.query.tokens import word_set
from bot.query.values import Unknown, Value

_ENDED = (
    'write ended:"…" with the reason as ElevenLabs words it; it is the column termination_reason of the CSV.'
)
_FIGURE = re.compile(r"[$€£]?\d")
_MONEY = re.compile(r"[$€£]\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*[$€£]")
_HOURS = (
    *("out of hours", "business hours", "office hours", "working hours", "work hours", "opening hours"),
    *("after hours", "off hours", "lunch", "lunchtime", "lunch break", "breakfast", "dinner"),
    *("close of business", "cob"),
)
_AT_HOURS = "outside|during|in|within|after|before|not|over|at|around|since|until|by"
_OFTEN = re.compile(r"\d{1,4}|two|three|four|five|six|ten|fifteen|thirty|few|couple|half|other|second|third")
_SPAN = re.compile(r"(?:minute|min|hour|day|week|month)s?|(?:mon|tues|wednes|thurs|fri|satur|sun)day")
_PACES = ("slowest", "fastest", "quickest", "slow", "slower", "fast", "faster", "quick", "quicker")


REFUSED: Filter[Value] = Filter(
    key="refused",
    about="what cannot be asked for",
    examples=(),
    phrases={
        (
            "!Calls cannot be filtered by what they cost: “10 most expensive calls last week” lists the "
            "dearest, “cost by agent last week” sums it, and each call's cost is a column of the CSV."
        ): """
            PRICED SIDE|at|up [THAN] {digits} [MONEY]
            PRICED {digits} MONEY [or] [more|less]
            PRICED [SIDE|at|up] [THAN] {money}
            PRICED >|<|>=|<=|=|≥|≤ {digits}
            PRICED >|<|>=|<=|=|≥|≤ {money}
            SIDE|at|up|cheaper|costlier|pricier|>|< [THAN] {digits} MONEY
            SIDE|at|up|cheaper|costlier|pricier|> [THAN] {money} [or] [more|less]
            SIDE|cheaper|costlier|pricier [expensive|costly] [THAN] a|one|half [a] MONEY
            more|less expensive|costly than {money}
            PRICED between|from {money} and|to {money}
            between|from {money} and|to {money}
            PRICED [a|too] lot|much
            expensive|pricey|costly|cheap|inexpensive CALLS
        """,
        (
            "!The number of messages cannot be filtered: it is the column message_count of the CSV. A length "
            "can be, such as “over 5 minutes”."
        ): "[with] SIDE|at|up [THAN] {digits} messages|message|turns",
        (
            "!I count and list calls, and one caller may have called several times: callers cannot be counted"
            " or ranked. “calls per day last week” counts calls; the CSV has the column external_number."
        ): """
            how many [UNLIKE] PEOPLE
            [the] number|count of [UNLIKE] PEOPLE
            [the] top|first|last|biggest [{count}] [UNLIKE] PEOPLE
            [the] UNLIKE PEOPLE
            first call|contact resolution [rate]
            [from|by] the same caller|customer|number|person
            [that|who|which] [has|have] called|calling again|back|twice|repeatedly
        """,
        (
            "!“Who” may be an agent or a caller: write “which agent has the most failures” or “calls by "
            "agent”. Callers cannot be counted or ranked."
        ): (
            "who HAS [made|makes|took|takes|handled|handles] [the] "
            "most|fewest|least|highest|lowest|best|worst|longest|shortest [number] [of]"
        ),
        (
            "!Agents without calls are in no list of calls: “calls by agent last week” shows those that had "
            "some, and “agents” lists all there are. “calls per day last week” shows days without calls, too."
        ): """
            which|what THINGS HAS [with] no|zero|0|without [any] CALLS
            which|what THINGS DID|have|has|had not|n't|never HAS [take|taken] [any|a] CALLS
            which|what THINGS didn't|haven't|hadn't|don't HAS [take|taken] [any|a] CALLS
            [which|what] BOTS [that|which] [were|are|was|is] idle|inactive|unused
            [any|all|some] BOTS|who [that|which|who] HAS [with] no|zero|0|without [any] CALLS
            [which|what] BOTS [that|which] HAS never HAS [a|any] CALLS
            [which|what] BOTS [that|which] HAS never|not [been] used|called|active
            idle|inactive|unused BOTS
        """,
        (
            "!A part of the day needs its day: write “yesterday morning” or “yesterday morning vs yesterday "
            "afternoon”. “calls by hour” shows all hours of the day."
        ): """
            [in|during|the] [the] DAY_PART vs|versus|vs.|against|or|and|to [in|the] [the] DAY_PART
            in|during|at|by [the] DAY_PART [only]
            DAY_PART calls|conversations|failures
            mornings|afternoons|evenings|nights [only]
        """,
        (
            "!There is no random choice of calls: ask for the newest, the longest or the worst rated, such as"
            " “10 longest calls last week”."
        ): """
            [a] random [sample|selection] [of]
            [a] sample|selection [of]
        """,
        "!I cannot tell why calls failed. “top 5 reasons for failure last week” shows how they ended.": """
            [reason|reasons] why|how-come
            how come
        """,
        (
            "!Only whole calls are found, not parts of them: open a call for its transcript. For the time "
            "before now write “last 10 minutes” alone, for the length of calls “over 10 minutes”."
        ): """
            [the] first|last {length} of each|every|any|a|the|all [call|calls|conversation|conversations]
            [the] end|ending|beginning|start|middle|half of each|every|any|a|the call|calls|conversation
        """,
        (
            "!Sentiment, how callers felt, is not in the rows of calls: “rated 2 or less” finds those who "
            "said so, and about “complaint” finds words of a call."
        ): """
            [average] sentiment|sentiments|mood|moods [of|in]
            angry|upset|annoyed|frustrated|furious|mad|unhappy|dissatisfied|disappointed|rude [PEOPLE|calls]
            happy|satisfied|pleased|polite|friendly|sad [PEOPLE|calls]
        """,
        "!Latency and waiting are not in the rows of calls: I know the “average call length”.": """
            [average|mean|median] latency|latencies [of|in]
            [average|mean|median|first] response|wait|waiting|hold|queue time|times
            [the|our] {pace} response|responses|answer|answers|reply|replies [time|times]
        """,
        (
            "!What is unusual I cannot judge: “overview of last week vs the week before” shows what changed, "
            "“longest calls” and “worst rated calls” are those at the ends."
        ): """
            unusual|unusually|strange|weird|odd|suspicious|abnormal|interesting|notable|remarkable
            anomaly|anomalies|outlier|outliers|irregularities
            [out] of|out-of the ordinary
        """,
        (
            "!Averages are of calls, not of days or agents: “calls per day last month” shows each day, and "
            "“average call length” and “average cost” are averages of calls."
        ): """
            average|avg|mean|median|typical [number|count] [of] [RESULTS] COUNTED EACH
            COUNTED EACH on average
        """,
        (
            "!That number is not among those I know: of lengths there are the average, the median and p90, of"
            " cost the sum and average, of ratings and messages the average. “longest calls” lists some."
        ): """
            [the] median|p50|p90|90th [percentile] [of] [the] cost|costs|price|rating|csat|messages
            [the] p95|p99|p75|p25|p10|95th|99th|75th|25th|10th [percentile] [of] [the] SIZE
            [the] max|maximum|min|minimum [of] [the] SIZE
            [the] standard deviation|error [of] [the] SIZE
            variance|stdev|histogram [of|in] [the] SIZE
            95th|99th|75th|25th|10th percentile
            total|sum messages|turns|ratings
        """,
        (
            "!Rates are of calls judged successful or failed, or of a filter: ask for “success rate by "
            "agent”, or for “share of calls with tool:transfer_to_number”."
        ): "abandon|abandonment|transfer|escalation|conversion|containment|deflection|retention rate|rates",
        (
            "!Cost is summed and averaged by call: ask for “average cost by agent” or “total minutes by "
            "agent”."
        ): "[average|avg|mean|the] cost|costs|price|spend per|a|by minute|second|message|turn",
        (
            "!Groups cannot be chosen by their numbers: “success rate by agent lowest first” shows all of "
            "them in order, and “alert me when the success rate is below 80%” tells you when it falls."
        ): """
            [which|what] {grouping} with|whose|having|has|have [a|the] {ranked} [IS] SIDE [than] {bound} [PCT]
        """,
        (
            "!“{pace}” may be about how long calls are, or how many: write “which agent has the longest "
            "average call length”, or “which agent has the fewest calls”."
        ): """
            [the|our] {pace} [{count}] {grouping}
            [{grouping}] [with] [the|our] {pace} CALLS
            who IS [the] {pace}
            which|what {grouping} IS|works|answers [the] {pace}
        """,
        (
            "!A report that comes again and again is a saved question: ask for “overview of last week”, then "
            "save it with a time, such as every monday 9:00."
        ): "{adverb} report|reports|summary|overview|digest",
        (
            "!I only know calls that were made, so there is no forecast: “calls per day last month” shows the"
            " trend."
        ): """
            forecast|predict|prediction|projection [for|of]
            will we|they|it|there|calls|customers
        """,
        (
            "!I group by agent, day, week, month, hour, weekday, result, direction, source, language, status,"
            " ended, rating, tool, tag, branch or version, and by what is collected (by data.NAME): say one "
            "of these."
        ): """
            by|per [the] [call] year|quarter|minute|second|duration|length|phone|topic|topics|category
            by|per [the] country|city|region|caller|callers|customer|customers|user|users|team|department
        """,
        (
            "!I answer in Slack and send no e-mail: leave the word out. The CSV of an answer can be "
            "downloaded."
        ): """
            email|mail|e-mail [it|this|that|these|them] [to] me|us
            by|via|per email|e-mail|mail
        """,
        (
            "!A saved question runs on days at a time: say for example every day 9:00 or every monday 9:00. "
            "Alerts look every few minutes."
        ): """
            every|each {often} [of|an] {span}
            every|each minute|morning|afternoon|evening|night|noon
        """,
        "!I do not read “unless”: say what is not wanted, such as “not failed” or “except German”.": "unless",
        (
            "!“Not only” and “not just” leave open what else is wanted: name all of it, such as “failed or "
            "successful”, or leave the words out for every call."
        ): "not only|just|merely|simply|exclusively",
        (
            "!Scores other than the caller's rating cannot be filtered: say failed or successful, an "
            "evaluation such as eval:politeness=failure, or “rated 2 or less”."
        ): "success|quality|sentiment score|scores [is|was|of] [SIDE|at|up] [THAN] [{digits}]",
        f"!Whether a call reached voicemail is no filter of its own: {_ENDED}": (
            "[reached|left|hit|to|went] [to] [a|the] voicemail|voicemails"
        ),
        f"!Who hung up is no filter of its own: {_ENDED}": """
            [who|that|where] [the] [caller|user|customer|agent] hung|hang|hangs up
            hangup|hangups|hang-up|hang-ups
            abandoned
        """,
        (
            "!Transfers are no filter of their own: if a tool does them, write tool:NAME with its name, such "
            "as tool:transfer_to_number."
        ): "[were|was|got|been] transferred|transfers|escalated [to] [a|an|the] [human|person|agent]",
        (
            "!Missed calls are no filter of their own: write failed for calls that were judged so, or "
            "status:failed for those that did not come about."
        ): "missed|unanswered",
        **{
            f"!I do not know which hours “{said}” means: write them with their day, such as “yesterday from "
            "9:00 to 17:00” or “yesterday after 17:00”.": "\n".join(
                f"[{_AT_HOURS}] [of] [the|our|normal|regular] {form}"
                for form in dict.fromkeys((said, said.replace(" ", "-")))
            )
            for said in _HOURS
        },
        (
            "!“overnight” says no hours: write “last night”, which is 18:00 to 6:00, or for example “since "
            "yesterday 22:00 until today 6:00”."
        ): "overnight",
        (
            "!Holidays are not known here, since they differ between places: write the dates, such as "
            "“between 24 and 26 december”."
        ): """
            WHEN christmas|xmas|easter|thanksgiving|halloween|diwali|ramadan|eid [day|eve|weekend]
            WHEN [bank|public] holiday|holidays [weekend|season]
            WHEN black|good friday
            WHEN cyber|easter|labor|labour|memorial monday|day
            WHEN boxing|independence|veterans|presidents|valentine|valentines|mlk day
            WHEN new year|years [day|eve]
        """,
        "!Your fiscal year is not known here: write its months, such as “from july 2025 to june 2026”.": (
            "WHEN fiscal|financial year|quarter|month|half [{digits}]\nWHEN fy [{digits}]\nWHEN "
            + "|".join(f"fy{year:02}|fy20{year:02}" for year in range(15, 40))
        ),
    },
    slots={
        "often": one_word(_OFTEN.fullmatch),
        "span": one_word(_SPAN.fullmatch),
        "bound": one_word(_FIGURE.match),
        "money": one_word(_MONEY.fullmatch),
        "pace": word_slot({word: word for word in _PACES}),
    },
)
"""What is recognised only to say why it cannot be asked for."""

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
            tasa éxito fallos agente promedio duración coste llamada llamadas conversaciones muestra
            muéstrame mostrar cuántas cuantas cuáles ayer hoy anteayer semana mes días pasada pasado última
            últimas últimos fallidas fallaron exitosas lunes martes miércoles jueves viernes hubo
            """),
        word_set("el la los las de del desde hasta para por con sin y o que en al una todas más"),
        "Solo entiendo preguntas en inglés, por ejemplo “failed calls since yesterday”.",
    ),
    _Language(
        word_set("""
            taux réussite échec durée moyenne coût appel appels conversations montre montrez affiche donne
            combien quels quelles hier aujourd semaine mois jours dernier dernière derniers dernières échoué
            échoués échouées ratés réussis lundi mardi mercredi jeudi vendredi
            """),
        word_set(
            "le la les des du de d l qu et ou depuis pour avec sans dans sur moi tous ont cette une y a"
        ),
        "Je ne comprends que les questions en anglais, par exemple “failed calls since yesterday”.",
    ),
    _Language(
        word_set("""
            taxa sucesso média duração custo chamada chamadas ligações conversas mostra mostre quantas quais
            ontem hoje anteontem semana mês dias passada passado última últimas últimos falharam falhadas
            falhas houve segunda terça quarta quinta sexta
            """),
        word_set("o os as de do da dos das desde até para por com sem e ou que em na no nas me todas uma"),
        "Só entendo perguntas em inglês, por exemplo “failed calls since yesterday”.",
    ),
    _Language(
        word_set("""
            tasso successo durata costo chiamata chiamate conversazioni telefonate mostra mostrami quante
            quali ieri oggi settimana mese giorni scorsa scorso ultima ultime ultimi fallite riuscite erano
            lunedì martedì mercoledì giovedì venerdì
            """),
        word_set(
            "il lo la le gli di del della delle da dal dalla per con senza e o che nell dell sono tutte mi"
        ),
        "Capisco solo domande in inglese, per esempio “failed calls since yesterday”.",
    ),
    _Language(
        word_set("""
            dag dagelijks slagingspercentage kosten gemiddelde gesprek gesprekken telefoontjes oproepen toon
            laat hoeveel welke gisteren vandaag eergisteren vorige afgelopen laatste maand dagen mislukt
            mislukte geslaagde maandag dinsdag woensdag donderdag vrijdag
            """),
        word_set(
            "per de het een van sinds voor met zonder en of mij me zien alle er waren die deze niet uit"
        ),
        "Ik begrijp alleen vragen in het Engels, bijvoorbeeld “failed calls since yesterday”.",
    ),
)


_WORDS: dict[str, list[_Language]] = {}
"""The languages by their words."""
for _each in _LANGUAGES:
    for _word in _each.asking | _each.small:
        _WORDS.setdefault(_word, []).append(_each)


def other_language(words: Sequence[Unknown]) -> str | None:
    """Return a sentence in the language of words that were not understood, if they are a question in one."""
    text = " ".join(each.word for each in words)
    if _HIRAGANA.search(text) or _JAPANESE.search(text):
        return _JAPANESE_SAID
    parts = [_PARTS.split(each.word.casefold()) for each in words]
    of = [{language.said: language for part in each for language in _WORDS.get(part, ())} for each in parts]
    often = Counter(said for each in of for said in each)
    best = max(_LANGUAGES, key=lambda language: often[language.said])
    asks = any(not best.asking.isdisjoint(each) for each in parts)
    enough = often[best.said] >= _FEWEST or any(_unmistakable(each.word, best) for each in words)
    if not asks or not enough:
        return None
    others = [each for each, found in zip(words, of, strict=True) if best.said not in found]
    english = sum(any(OSA.distance(o.word.casefold(), near) <= 1 for near in o.nearest) for o in others)
    return best.said if often[best.said] > english else None


def _unmistakable(typed: str, language: _Language) -> bool:
    """Whether one word is enough: a long one of one language only, which capitalised may be a name."""
    word = typed.casefold()
    one = [each for each in _WORDS.get(word, ()) if word in each.asking] == [language]
    return one and len(word) >= _LONG and (typed.islower() or _CALLS.match(word) is not None)
