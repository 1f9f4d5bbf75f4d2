"""The agents that questions can name."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import context, header, section
from bot.blocks.limits import message
from bot.blocks.talk import COMMAND, listing
from bot.blocks.text import code, escape, plural
from bot.model import Agent, Message

__all__ = ["agents_message"]

_SHOWN = 60


def agents_message(agents: Sequence[Agent], *, command: str = COMMAND) -> Message:
    """List agents with their ids, by name. More than sixty are counted, not shown."""
    if not agents:
        words = "Your ElevenLabs account has no agents yet. Create one in its dashboard, then ask again."
        return message(words, [section(words)])
    known = sorted(agents, key=lambda agent: (agent.name.casefold(), agent.agent_id))
    lines = [f"{escape(agent.name, 60) or 'Unnamed'}  {code(agent.agent_id, 60)}" for agent in known[:_SHOWN]]
    rest = len(known) - len(lines)
    count = plural(len(known), "agent")
    more = f"The first {len(lines)} of {count}; any of them can be named." if rest > 0 else None
    example = known[0].name.replace('"', "")
    return message(
        f"{count}:\n" + "\n".join(lines),
        [
            header(count),
            *listing(lines),
            *([context(more)] if more else []),
            context(f"Ask with {code(f'{command} for {example}', 150)}. The name need not be exact."),
        ],
    )
