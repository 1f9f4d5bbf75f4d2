"""The agents that questions can name: all of them, and which of several is meant."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.block_elements import actions, button, context, header, section
from bot.blocks.help_message import COMMAND, listing
from bot.blocks.limits import Block, message
from bot.blocks.text import code, escape, one_line, plural, title
from bot.model import Agent, Message

_LISTED = 60
_OFFERED = 10
_PAIR = 2


def agents_message(agents: Sequence[Agent]) -> Message:
    """List agents with their ids, by name. More than sixty are counted, not shown."""
    if not agents:
        words = "Your ElevenLabs account has no agents yet. Create one in its dashboard, then ask again."
        return message(words, [section(words)])
    known = sorted(agents, key=lambda agent: (agent.name.casefold(), agent.agent_id))
    lines = [
        f"{escape(agent.name, 60) or 'Unnamed'}  {code(agent.agent_id, 60)}" for agent in known[:_LISTED]
    ]
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
            context(f"Ask with {code(f'{COMMAND} for {example}', 150)}. The name need not be exact."),
        ],
    )


def choose_agent_message(
    name: str, candidates: Sequence[Agent], *, question_id: str, sentence: str = ""
) -> Message:
    """Ask which of the agents is meant, or all. Each button carries the question's id and the agents'."""
    return message(
        f"Which agent do you mean by {escape(name, 100)}? {_names(candidates)}",
        [
            *([section(title(sentence))] if sentence else []),
            section(f"Which agent do you mean by {code(name, 100)}?"),
            *_buttons(candidates, question_id, together=True),
        ],
    )


def no_such_agent_message(name: str, nearest: Sequence[Agent], *, question_id: str = "") -> Message:
    """Say that no agent has such a name; the nearest are buttons when there is a question to go on with."""
    words = f"There is no agent called {code(name, 100)}."
    if nearest:
        words += " The nearest are:" if question_id else f" The nearest: {_names(nearest)}."
    return message(
        f"There is no agent called {escape(name, 100)}. {_names(nearest)}",
        [
            section(words),
            *(_buttons(nearest, question_id) if question_id else []),
            context(f"{code(COMMAND + ' agents')} lists all agents."),
        ],
    )


def _names(agents: Sequence[Agent]) -> str:
    return ", ".join(escape(agent.name, 60) for agent in agents[:_OFFERED])


def _buttons(agents: Sequence[Agent], question_id: str, *, together: bool = False) -> list[Block]:
    """Make a button for each agent, and one for all of them `together`."""
    shown = agents[:_OFFERED]
    names = [one_line(agent.name) for agent in shown]
    # Two agents may have the very same name: then the end of the id tells them apart.
    offers = [
        (f"{name} ({agent.agent_id[-6:]})" if names.count(name) > 1 else name, agent.agent_id)
        for agent, name in zip(shown, names, strict=True)
    ]
    if together and len(shown) >= _PAIR and not any("," in agent.agent_id for agent in shown):
        label = "Both" if len(shown) == _PAIR else f"All {len(shown)}"
        offers.append((label, ",".join(agent.agent_id for agent in shown)))
    return actions(
        *(
            button(label, numbered(act.CHOOSE_AGENT, index), Pointer(question_id, pick=pick))
            for index, (label, pick) in enumerate(offers)
        )
    )
