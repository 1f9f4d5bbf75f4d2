"""Who reads along: where an answer may be shown for all to see, and why not.

Where Slack does not say who reads, nothing is shown: nobody can say that nobody else does.
"""

from __future__ import annotations

from bot.answers.ports import Address, Asker
from bot.answers.request import Request
from bot.answers.services import Services

UNKNOWN = "unknown_audience"
_TELLING = frozenset({"is_ext_shared", "asker_not_in_channel"})
"""Codes that have words of their own."""
_NOT_POSTED = frozenset({"not_in_channel", "is_archived"})
"""The app may not post there, which Slack says itself when it tries."""


async def audience(services: Services, request: Request) -> str | None:
    """Return why what a request asks for may not be shown where it was asked, as a code of Slack's or ours.

    A question that asks itself was sent there by its owner, who may have left the channel since.
    """
    if request.address.private:
        return None
    ask = services.people.audience if request.scheduled is None else services.people.barred
    return await ask(request.address)


def closed_to_data(request: Request, asker: Asker) -> str | None:
    """Return why a message must not get data where it stands, as a code that has words; None when it may."""
    if request.address.private or asker.audience is None or asker.audience in _NOT_POSTED:
        return None
    return asker.audience if asker.audience in _TELLING else UNKNOWN


def address_for(request: Request, asker: Asker) -> Address:
    """Return where a request is answered: in private when others read where it was asked."""
    why = closed_to_data(request, asker)
    return request.address if why is None else request.address.private_because(why)
