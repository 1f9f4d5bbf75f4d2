"""The Web API's methods, by area."""

from __future__ import annotations

from bot.demo.slack.methods import channel_methods, chat, modals, people, uploads
from bot.demo.slack.methods.call import Method, MethodCall, message_content

__all__ = ["METHODS", "Method", "MethodCall", "message_content"]

METHODS: dict[str, Method] = {
    **chat.METHODS,
    **channel_methods.METHODS,
    **people.METHODS,
    **uploads.METHODS,
    **modals.METHODS,
}
