"""Questions in other languages get one sentence in theirs; English ones never do."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.model import Agent
from bot.query import follow_up, parse
from tests.each import holds_for_each

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AGENTS = [
    Agent(agent_id=f"agent_{n}", name=name) for n, name in enumerate(("Müller Hotline", "Anrufe von gestern"))
]

QUESTIONS = {
    "auf Englisch": """
        Zeige mir alle Anrufe von gestern
        fehlgeschlagene Anrufe seit Montag
        Wie viele Gespräche gab es letzte Woche?
        Anrufe der letzten 7 Tage
        welche Anrufe waren heute nicht erfolgreich
        calls von gestern bitte
        gestern
        Anrufe
        fehlgeschlagene calls
        failed Gespräche today
        """,
    "en inglés": """
        llamadas fallidas desde ayer
        muéstrame las llamadas de la semana pasada
        ¿cuántas llamadas hubo ayer?
        todas las llamadas de hoy
        llamadas de los últimos 7 días
        llamadas
        failed llamadas
        """,
    "en anglais": """
        les appels échoués depuis hier
        combien d'appels la semaine dernière ?
        montre-moi les appels d'aujourd'hui
        tous les appels de lundi
        appels des 7 derniers jours
        appels today
        """,
    "em inglês": """
        chamadas de ontem que falharam
        quantas chamadas na semana passada
        mostre as chamadas de hoje
        chamadas dos últimos 7 dias
        chamadas
        quais ligações falharam ontem?
        """,
    "in inglese": """
        chiamate fallite da ieri
        quante chiamate c'erano nell'ultima settimana
        mostrami le chiamate di oggi
        tutte le chiamate della settimana scorsa
        chiamate degli ultimi 7 giorni
        chiamate since monday
        """,
    "in het Engels": """
        mislukte gesprekken sinds gisteren
        hoeveel gesprekken waren er vorige week
        laat me de gesprekken van vandaag zien
        alle gesprekken van maandag
        telefoontjes van de afgelopen 7 dagen
        gisteren
        """,
    "英語": """
        昨日の通話を見せて
        失敗した通話 今日
        通話 昨日
        先週の失敗した通話は何件ですか?
        月曜日からの通話
        """,
}
ENGLISH = """
    failed calls since yesterday
    faild calls sinse yestreday
    failed calls for Müller Hotline yesterday
    Müller Hotline yesterday
    Hotline für die Kunden
    Centro de Atención al Cliente yesterday
    calls for Soporte de Ventas since monday
    calls for Die Welt und Der Spiegel
    calls about "Rechnung"
    calls about "Anrufe von gestern"
    calls about die Rechnung von gestern
    calls mentioning "appels d'hier"
    german calls since monday
    spanish or french calls last week
    calls from São Paulo de manhã
    calls with Van de Berg
    user:ayer since today
    tag:"llamadas de ayer"
    Notre Dame de Paris yesterday
    calls in the state of Rio de Janeiro
    La Casa del Mar last week
    サポート yesterday
    calls for 東京サポート
    die calls
    Freitag since monday
    Montag calls
    ayer
    show the blorp frobs of the quux
    """


def lines(text: str) -> list[str]:
    """Return the lines of a block of text."""
    return [line.strip() for line in text.strip().splitlines()]


def test_one_sentence_in_its_language() -> None:
    """It says that the bot reads English, with an example that it does read; nothing is suggested."""

    def is_told(said: str, question: str) -> None:
        parsed = parse(question, now=NOW)
        assert parsed.other_language
        (problem,) = parsed.problems
        assert said in problem
        assert parse(problem.partition("“")[2].partition("”")[0], now=NOW).understood
        assert parsed.unknown
        assert not any(unknown.nearest for unknown in parsed.unknown)

    asked = [(said, question) for said, block in QUESTIONS.items() for question in lines(block)]
    holds_for_each(asked, is_told)


def test_english_questions_are_read_as_such() -> None:
    """Names, topics and values in other languages, and words of none, make no question in another."""

    def is_english(question: str, agents: list[Agent]) -> None:
        parsed = parse(question, now=NOW, agents=agents)
        assert not parsed.other_language
        assert "English" not in " ".join(parsed.problems)

    known: list[list[Agent]] = [[], AGENTS]
    holds_for_each([(question, agents) for question in lines(ENGLISH) for agents in known], is_english)


def test_an_agents_name_is_no_language() -> None:
    """Words of an agent's name name the agent, alone and in a follow-up."""
    before = parse("failed", now=NOW).query
    for name in ("Anrufe von gestern", "anrufe gestern"):
        assert not parse(name, now=NOW, agents=AGENTS).other_language
        assert not follow_up(before, name, now=NOW, agents=AGENTS).other_language
    assert follow_up(before, "nur Anrufe von gestern", now=NOW).other_language


def test_an_id_is_opened_whatever_stands_beside_it() -> None:
    assert not parse("zeige mir die Anrufe conv_8401k9abcdefghij", now=NOW).problems
