"""What every answer of one account is decoded with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.elevenlabs.masking import looks_like_number, mask_number, mask_within
from bot.model import SITE

_RESIDENCY = re.compile(r"https://api\.([a-z0-9-]+\.residency\.elevenlabs\.io)(?:[:/].*)?")


@dataclass(frozen=True, slots=True)
class Decoding:
    """Whether telephone numbers are masked, and where the account's dashboard lives."""

    mask: bool = True
    site: str = SITE

    def number(self, text: str | None) -> str | None:
        """Return a telephone number as it may be known from here on."""
        return mask_number(text) if self.mask and text else text

    def user(self, text: str | None) -> str | None:
        """Return a user's id, which may be a telephone number."""
        return self.number(text) if text is not None and looks_like_number(text) else text

    def prose(self, text: str | None) -> str | None:
        """Return what was written about a call: international numbers in it are masked."""
        return mask_within(text) if self.mask and text else text or None


DEFAULT = Decoding()


def site_of(base_url: str) -> str:
    """Return the web address of the dashboard that belongs to an API host.

    A residency region is "completely separate … available via a different address on the web" (docs: "Data
    residency"): api.eu.residency.elevenlabs.io belongs to eu.residency.elevenlabs.io. All others share one.
    """
    found = _RESIDENCY.fullmatch(base_url)
    return f"https://{found[1]}" if found else SITE
