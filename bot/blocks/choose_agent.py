"""Two agents with like names: ask which."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.elements import actions, button, context, section
from bot.blocks.limits import message
from bot.blocks.parts import title
from bot.blocks.talk import COMMAND
from bot.blocks.text import code, escape, one_line
from bot.model import Agent, Message

__all__ = ["choose_agent_message", "no_such_agent_message"]

_SHOWN = 10
_PAIR = 2


def choose_agent_message(
    name: str, candidates: Sequence[Agent], *, question_id: str, sentence: str = ""
) -> Message:
    """Ask which of the agents is meant, or all. Each button carries the question's id and the agents'."""
    words = f"Which agent do you mean by {code(name, 100)}?"
    return message(
        f"Which agent do you mean by {escape(name, 100)}? "
        + ", ".join(escape(agent.name, 60) for agent in candidates[:_SHOWN]),
        [
            *([section(title(sentence))] if sentence else []),
            section(words),
            *_buttons(candidates, question_id, together=True),
        ],
    )


def no_such_agent_message(
    name: str, nearest: Sequence[Agent], *, question_id: str = "", command: str = COMMAND
) -> Message:
    """Say that no agent has such a name; the nearest are buttons when there is a question to go on with."""
    words = f"There is no agent called {code(name, 100)}."
    if nearest and question_id:
        words += " The nearest are:"
    elif nearest:
        words += " The nearest: " + ", ".join(escape(agent.name, 60) for agent in nearest[:_SHOWN]) + "."
    return message(
        f"There is no agent called {escape(name, 100)}. "
        + ", ".join(escape(agent.name, 60) for agent in nearest[:_SHOWN]),
        [
            section(words),
            *(_buttons(nearest, question_id) if question_id else []),
            context(f"{code(command + ' agents')} lists all agents."),
        ],
    )


def _buttons(agents: Sequence[Agent], question_id: str, *, together: bool = False) -> list[dict[str, object]]:
    """Make a button for each agent, and one for all of them `together`."""
    shown = list(agents[:_SHOWN])
    names = [one_line(agent.name) for agent in shown]
    ids = [agent.agent_id for agent in shown]
    several = together and len(shown) >= _PAIR and not any("," in each for each in ids)
    return actions(
        *(
            button(
                # Two agents may have the very same name: then the end of the id tells them apart.
                f"{name} ({agent.agent_id[-6:]})" if names.count(name) > 1 else name,
                numbered(act.CHOOSE_AGENT, index),
                Pointer(question_id, pick=agent.agent_id),
            )
            for index, (agent, name) in enumerate(zip(shown, names, strict=True))
        ),
        button(
            "Both" if len(shown) == _PAIR else f"All {len(shown)}",
            numbered(act.CHOOSE_AGENT, len(shown)),
            Pointer(question_id, pick=",".join(ids)),
        )
        if several
        else None,
    )
