"""The Share button: it says where to and what before anything is posted."""

from __future__ import annotations

from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.blocks.elements import Block, button, confirmation
from bot.blocks.parts import Count
from bot.blocks.text import channel_link

__all__ = ["share_button"]


def share_button(pointer: Pointer, channel_id: str | None, count: Count) -> Block | None:
    """Make the button that posts an answer for all to see, once that was confirmed."""
    where = channel_link(channel_id) or "the channel where you asked"
    what = f"the list and the CSV of {count.settled().words()}"
    return button(
        "Share",
        act.SHARE,
        pointer,
        confirm=confirmation(
            "Share this answer?", f"I post {what} in {where}. Everybody there can read them.", yes="Share"
        ),
    )
