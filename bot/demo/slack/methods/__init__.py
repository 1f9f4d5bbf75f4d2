"""The Web API's methods, by area."""

from __future__ import annotations

from bot.demo.slack.methods import chat, modals, people, places, uploads
from bot.demo.slack.methods.call import Call, Method, message_content

__all__ = ["METHODS", "Call", "Method", "message_content"]

METHODS: dict[str, Method] = {
    **chat.METHODS,
    **places.METHODS,
    **people.METHODS,
    **uploads.METHODS,
    **modals.METHODS,
}
