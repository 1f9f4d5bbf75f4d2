"""The sample company, Aurora Home (thermostats, installers): its agents and the conversations they have.

The texts are data: dialogues/ has one file for each agent, and words.json with what fills their gaps.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import msgspec

SILENCE = "Conversation inactivity timeout"
VOICEMAIL = "Voicemail detected"
_HERE = Path(__file__).with_name("dialogues")
_AGENTS = (
    "support_en",
    "support_de",
    "sales",
    "booking",
    "collections",
    "support_es",
    "delivery_desk",
    "web_concierge",
)
"""In the order of `agents=`: fewer agents are the first of these, more are these again for other cities."""


class DialogueLine(msgspec.Struct, frozen=True, array_like=True):
    """One line of a scene."""

    role: str
    """agent, user or tool."""
    text: str
    """What is said, or the tool's name."""
    failure: str | None = None
    """Why the tool failed."""


class Scene(msgspec.Struct, frozen=True, dict=True):
    """One kind of conversation an agent has; title, summary and lines have gaps like `{name}`."""

    key: str
    language: str
    outcome: str
    """success, failure or unknown, as the evaluation says."""
    weight: int
    """How often it happens among the scenes of its agent."""
    title: str
    summary: str
    ended: str
    lines: tuple[DialogueLine, ...]
    collected: dict[str, str | float | bool] = {}

    @cached_property
    def tools(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.text for line in self.lines if line.role == "tool"))

    @cached_property
    def failed_tools(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.text for line in self.lines if line.failure is not None))

    @cached_property
    def names_an_order(self) -> bool:
        """Whether the order's number comes up."""
        return "{order}" in self.title + self.summary + "".join(line.text for line in self.lines)

    def count_turns(self, lines: int) -> tuple[int, int]:
        """Count what agent and caller say in the first lines."""
        roles = [line.role for line in self.lines[:lines]]
        return roles.count("agent"), roles.count("user")


class AgentRole(msgspec.Struct, frozen=True):
    """One agent of the company."""

    name: str
    share: int
    """How many of a hundred conversations are theirs."""
    sources: dict[str, int]
    """Where their conversations come from, weighted."""
    outbound: int
    """How many of a hundred phone calls they place themselves."""
    tags: tuple[str, ...]
    scenes: tuple[Scene, ...]
    greets: int = 97
    """In how many of a hundred conversations they say who they are."""


class Words(msgspec.Struct, frozen=True):
    """What fills the gaps."""

    names: dict[str, tuple[str, ...]]
    """Of callers, by language."""
    products: tuple[str, ...]
    cities: tuple[str, ...]
    times: tuple[str, ...]
    weekdays: dict[str, tuple[str, ...]]
    """Monday to Friday, by the gap they fill."""


ROLES = tuple(
    msgspec.json.decode((_HERE / f"{agent}.json").read_bytes(), type=AgentRole) for agent in _AGENTS
)
SCENES = {scene.key: scene for role in ROLES for scene in role.scenes}
"""Every scene by its key."""
WORDS = msgspec.json.decode((_HERE / "words.json").read_bytes(), type=Words)
NO_SCENE = Scene(
    key="plain",
    language="en",
    outcome="unknown",
    weight=1,
    title="A question about an order",
    summary="The caller asked about an order.",
    ended="Call ended by remote party",
    lines=(
        DialogueLine("agent", "Hello, how can I help you?"),
        DialogueLine("user", "I have a question about my order."),
        DialogueLine("agent", "Thank you, a colleague will get in touch with you."),
    ),
)
"""What conversations without a scene consist of."""


def fillings(seed: int, language: str) -> dict[str, str]:
    """Give the names and numbers of one conversation: plain arithmetic on its seed, quick to repeat."""
    names = WORDS.names.get(language, WORDS.names["en"])
    day = (seed >> 40) % 5
    return {
        "name": names[(seed >> 4) % len(names)],
        "order": f"AH-{10_000 + (seed >> 8) % 89_999}",
        "product": WORDS.products[(seed >> 20) % len(WORDS.products)],
        "city": WORDS.cities[(seed >> 26) % len(WORDS.cities)],
        "time": WORDS.times[(seed >> 32) % len(WORDS.times)],
        **{gap: days[day] for gap, days in WORDS.weekdays.items()},
        "amount": f"{19 + (seed >> 44) % 480}.{(seed >> 3) % 10}0",
        "ticket": f"{400_000 + (seed >> 12) % 99_999}",
    }
