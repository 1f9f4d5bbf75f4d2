"""The agents of the sample company, Aurora Home (thermostats, installers): who they are, what they do."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.elevenlabs.scenes import Scene
from bot.demo.elevenlabs.scripts_booking import BOOKING
from bot.demo.elevenlabs.scripts_europe import SUPPORT_DE, SUPPORT_ES
from bot.demo.elevenlabs.scripts_revenue import COLLECTIONS, SALES
from bot.demo.elevenlabs.scripts_support import SUPPORT_EN
from bot.demo.elevenlabs.scripts_text import CONCIERGE, DELIVERY


@dataclass(frozen=True, slots=True)
class Role:
    """One agent of the cast."""

    name: str
    share: int
    """How many of a hundred conversations are theirs."""
    sources: tuple[tuple[str, int], ...]
    """Where their conversations come from, weighted."""
    outbound: int
    """How many of a hundred phone calls they place themselves."""
    scenes: tuple[Scene, ...]
    tags: tuple[str, ...]


CAST = (
    Role(
        "Support EN",
        26,
        (("twilio", 60), ("widget", 18), ("sip_trunk", 16), ("react_sdk", 6)),
        0,
        SUPPORT_EN,
        ("support", "en"),
    ),
    Role(
        "Support DE",
        16,
        (("sip_trunk", 55), ("twilio", 30), ("widget", 15)),
        0,
        SUPPORT_DE,
        ("support", "de"),
    ),
    Role("Sales", 14, (("twilio", 70), ("widget", 20), ("exotel", 10)), 55, SALES, ("sales",)),
    Role("Booking", 14, (("twilio", 62), ("widget", 24), ("flutter_sdk", 14)), 0, BOOKING, ("booking",)),
    Role(
        "Collections", 10, (("twilio", 48), ("exotel", 34), ("sip_trunk", 18)), 90, COLLECTIONS, ("finance",)
    ),
    Role("Support ES", 8, (("twilio", 60), ("whatsapp", 40)), 0, SUPPORT_ES, ("support", "es")),
    Role(
        "Delivery Desk",
        7,
        (("whatsapp", 62), ("widget", 22), ("twilio_sms", 16)),
        0,
        DELIVERY,
        ("logistics",),
    ),
    Role("Web Concierge", 5, (("widget", 56), ("js_sdk", 30), ("swift_sdk", 14)), 0, CONCIERGE, ("website",)),
)
"""In the order of `agents=`: fewer agents are the first of these, more are these again for other cities."""

SCENES: dict[str, Scene] = {scene.key: scene for role in CAST for scene in role.scenes}
"""Every scene by its key."""
