"""Everything that reaches the app: what people say and press, and the events of the workspace."""

from __future__ import annotations

from bot.demo.slack.pressing import Pressing
from bot.demo.slack.speaking import Speaking


class Deliveries(Speaking, Pressing):
    """Signed deliveries to an events URL, or over the socket when one is connected."""
