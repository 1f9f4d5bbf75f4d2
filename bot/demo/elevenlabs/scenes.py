"""Scripted conversations: what a title, a summary and a transcript are made of.

A script is lines of `S:` (the summary), `A:` (agent), `U:` (caller) and `T:` (a tool the agent used, or
`T: name failed: reason`).
`{name}`, `{order}` and the like are filled from a conversation's seed by `fillings`.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script."""

    role: str
    """agent, user or tool."""
    text: str
    """What is said, or the tool's name."""
    failure: str | None = None
    """Why the tool failed."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One kind of conversation an agent has."""

    key: str
    language: str
    outcome: str
    """success, failure or unknown, as the evaluation says."""
    weight: int
    """How often it happens among the scenes of its agent."""
    title: str
    summary: str
    lines: tuple[Line, ...]
    ended: str
    collected: tuple[tuple[str, str | float | bool], ...]
    tools: tuple[str, ...] = field(init=False)
    errored: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        used = [line for line in self.lines if line.role == "tool"]
        object.__setattr__(self, "tools", tuple(dict.fromkeys(line.text for line in used)))
        failed = dict.fromkeys(line.text for line in used if line.failure is not None)
        object.__setattr__(self, "errored", tuple(failed))

    def said(self, lines: int) -> tuple[int, int]:
        """Count what agent and caller say in the first lines."""
        roles = [line.role for line in self.lines[:lines]]
        return roles.count("agent"), roles.count("user")


HUNG_UP = "Call ended by remote party"
FINISHED = "end_call tool was called."
SILENCE = "Conversation inactivity timeout"
TRANSFERRED = "Transferred to human"
VOICEMAIL = "Voicemail detected"
TOO_LONG = "Maximum conversation duration reached"


def scene(
    key: str,
    title: str,
    script: str,
    *,
    language: str,
    outcome: str,
    weight: int,
    ended: str = HUNG_UP,
    **collected: str | float | bool,
) -> Scene:
    """Write a scene; further keyword arguments are the data it collects.

    Lines of the script begin with S (summary), A (agent), U (caller) or T (tool); a line that is indented
    further goes on with the one before.
    """
    parts: list[list[str]] = []
    for text in textwrap.dedent(script).strip().splitlines():
        if text.startswith(" "):
            parts[-1].append(text.strip())
        else:
            parts.append([text.strip()])
    told = [" ".join(part) for part in parts]
    summary = " ".join(text.removeprefix("S: ") for text in told if text.startswith("S: "))
    lines = tuple(_line(text) for text in told if not text.startswith("S: "))
    return Scene(key, language, outcome, weight, title, summary, lines, ended, tuple(collected.items()))


def _line(text: str) -> Line:
    role, _, said = text.partition(": ")
    if role == "T":
        name, failed, reason = said.partition(" failed: ")
        return Line("tool", name, reason if failed else None)
    return Line({"A": "agent", "U": "user"}[role], said)


NAMES = {
    "en": (
        "Olivia Bennett",
        "James Carter",
        "Priya Shah",
        "Noah Brooks",
        "Grace Kim",
        "Ethan Walsh",
        "Maya Lopez",
    ),
    "de": (
        "Lena Vogel",
        "Jonas Weber",
        "Mia Krüger",
        "Felix Brandt",
        "Hanna Schäfer",
        "Paul Winkler",
        "Emre Aydin",
    ),
    "es": ("Lucía Romero", "Mateo Ortega", "Sofía Navarro", "Diego Fuentes", "Elena Ibáñez", "Pablo Serrano"),
    "fr": (
        "Camille Laurent",
        "Hugo Marchand",
        "Zoé Lefèvre",
        "Louis Girard",
        "Inès Chevalier",
        "Adam Roussel",
    ),
    "pt": ("Beatriz Moreira", "Tiago Carvalho", "Mariana Lopes", "Rafael Duarte"),
    "ja": ("佐藤 花", "鈴木 翔太", "高橋 美咲"),
    "ar": ("ليلى حداد", "عمر ناصر", "سارة منصور"),
}
PRODUCTS = (
    "smart thermostat",
    "home hub",
    "window sensor",
    "heat pump controller",
    "wall panel",
    "radiator valve",
)
CITIES = ("Boston", "Leeds", "Berlin", "Madrid", "Lyon", "Chicago", "Hamburg", "Bristol", "Porto", "Seattle")
TIMES = ("9:00", "9:30", "10:15", "11:00", "13:30", "14:00", "15:45", "16:30")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
TAGE = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes")


def fillings(seed: int, language: str) -> dict[str, str]:
    """Give the names and numbers of one conversation: plain arithmetic on its seed, quick to repeat."""
    names = NAMES.get(language, NAMES["en"])
    day = (seed >> 40) % 5
    return {
        "name": names[(seed >> 4) % len(names)],
        "order": f"AH-{10_000 + (seed >> 8) % 89_999}",
        "product": PRODUCTS[(seed >> 20) % len(PRODUCTS)],
        "city": CITIES[(seed >> 26) % len(CITIES)],
        "time": TIMES[(seed >> 32) % len(TIMES)],
        "day": DAYS[day],
        "tag": TAGE[day],
        "jour": JOURS[day],
        "dia": DIAS[day],
        "amount": f"{19 + (seed >> 44) % 480}.{(seed >> 3) % 10}0",
        "ticket": f"{400_000 + (seed >> 12) % 99_999}",
    }
