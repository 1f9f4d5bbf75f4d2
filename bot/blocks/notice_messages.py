"""Short messages: help, agents, and what was done, may not be done, went wrong or was not understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.block_elements import BUTTON_CHARS, Block, actions, button, context, header, message, section
from bot.blocks.text import clean, clip, code, escape, plural, size, title
from bot.model import Agent, Message

COMMAND = "/conversations"


@dataclass(frozen=True, slots=True)
class Example:
    """A question that can be asked as it stands."""

    question: str
    meaning: str = ""
    """What it is good for, a few words."""
    asks: str = ""
    """What a button asks, when `question` only names it."""

    def button(self, label: str = "", action: str = act.RUN_EXAMPLE, *, index: int) -> Block | None:
        pointer = Pointer("", pick=self.asks or self.question)
        return button(label or self.question, numbered(action, index), pointer)


EXAMPLES = (
    Example("failed calls since yesterday", "what went wrong lately"),
    Example("how many calls this week", "the count, first"),
    Example("success rate by agent last week", "numbers, with a chart"),
    Example("rated 2 or less in the last 30 days", "unhappy callers"),
    Example("all calls last month", "a whole month as CSV"),
)
"""The five most useful questions."""
_GREETING = "Ask about your ElevenLabs conversations in a sentence; the answer has the call ids and a CSV."


def help_message(greeting: str = _GREETING) -> Message:
    """Show what can be asked, each example with a button that asks it."""
    lines = "\n".join(f"• {escape(example.question, 300)}" for example in EXAMPLES)
    how = (
        f"Type {code(COMMAND + ' …')}, mention me in a channel, or write to me directly. "
        "A call id, a conversation id or a dashboard link opens that call."
    )
    more = (
        f"{code(COMMAND + ' help filters')} lists every filter, {code(COMMAND + ' agents')} your agents. "
        f"I also speak first: {code('subscribe to failed calls')}, or "
        f"{code('alert me when the failure rate is over 20% in the last hour')}."
    )
    examples = [
        section(f"{code(each.question, 300)}\n{escape(each.meaning, 200)}", each.button("Ask", index=index))
        for index, each in enumerate(EXAMPLES)
    ]
    top = [header("Ask about your conversations"), section(escape(greeting))]
    return message(f"{escape(greeting)}\n{lines}", [*top, *examples, context(how), context(more)])


def example_buttons(examples: Sequence[Example]) -> list[Block]:
    return actions(*(example.button(index=index) for index, example in enumerate(examples)))


def listing(lines: Sequence[str]) -> list[Block]:
    """Show markup lines in as few paragraphs as hold them."""
    return [section(paragraph) for paragraph in paragraphs(lines)]


def paragraphs(lines: Sequence[str], chars: int = 2800) -> list[str]:
    """Join lines to as few texts as hold them."""
    found: list[str] = []
    for line in lines:
        if found and size(found[-1]) + size(line) + 1 <= chars:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


_EXAMPLES = 3
Filter = tuple[str, str] | tuple[str, str, Sequence[str]]
"""The words of a filter, its meaning, and examples of it."""


def filters_help_message(groups: Mapping[str, Sequence[Filter]]) -> Message:
    """List every filter under its heading, as the grammar gives them."""
    found = [
        f"*{escape(name, 100)}*\n" + "\n".join(_filter(*each) for each in filters)
        for name, filters in groups.items()
    ]
    how = (
        f"Put them in any order, for example {code(COMMAND + ' failed calls for Support EN since monday')}. "
        f"A minus before a filter means not: {code('-lang:de')}."
    )
    blocks = [block for group in found for block in listing(group.split("\n"))]
    text = "Every filter you can use:\n" + "\n".join(found)
    return message(text, [header("Every filter"), context(how), *blocks])


def _filter(words: str, meaning: str, examples: Sequence[str] = ()) -> str:
    line = f"{code(words, 100)}  {escape(meaning, 300)}"
    shown = ", ".join(code(example, 80) for example in examples[:_EXAMPLES])
    return f"{line}: {shown}" if shown else line


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
    top = [section(title(sentence))] if sentence else []
    ask = section(f"Which agent do you mean by {code(name, 100)}?")
    text = f"Which agent do you mean by {escape(name, 100)}? {_names(candidates)}"
    return message(text, [*top, ask, *_buttons(candidates, question_id, together=True)])


def no_such_agent_message(name: str, nearest: Sequence[Agent], *, question_id: str = "") -> Message:
    """Say that no agent has such a name; the nearest are buttons when there is a question to go on with."""
    words = f"There is no agent called {code(name, 100)}."
    if nearest:
        words += " The nearest are:" if question_id else f" The nearest: {_names(nearest)}."
    buttons = _buttons(nearest, question_id) if question_id else []
    all_of_them = context(f"{code(COMMAND + ' agents')} lists all agents.")
    text = f"There is no agent called {escape(name, 100)}. {_names(nearest)}"
    return message(text, [section(words), *buttons, all_of_them])


def _names(agents: Sequence[Agent]) -> str:
    return ", ".join(escape(agent.name, 60) for agent in agents[:_OFFERED])


def _buttons(agents: Sequence[Agent], question_id: str, *, together: bool = False) -> list[Block]:
    shown = agents[:_OFFERED]
    names = [clean(agent.name) for agent in shown]
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


_WORDS = 8
_NEAREST = 4
_POSSIBLE = 40


@dataclass(frozen=True, slots=True)
class UnknownWord:
    word: str
    nearest: tuple[str, ...] = ()
    corrected: str | None = None
    """The whole question with the nearest word in its place, to ask by a button."""
    possible: tuple[str, ...] = ()
    """Of a key's value that is like no known one: all there are."""


def notice_message(words: str, *, detail: str | None = None) -> Message:
    said = escape(words, 900)
    return message(said, [section(said or " "), *([context(escape(detail, 600))] if detail else [])])


def pasted_key_words(masked: str) -> str:
    """Return what is said to a typed key or token; `masked` as `redaction.mask_keys` gives it."""
    at_slack, at_elevenlabs = "api.slack.com/apps", "Developers > API Keys"
    kind = masked.casefold()
    if kind.startswith("sk_"):
        where = f"it in ElevenLabs under {at_elevenlabs}"
    elif kind.startswith("x"):
        where = f"it at {at_slack}"
    else:
        where = f"a key of ElevenLabs under {at_elevenlabs}, one of Slack at {at_slack}"
    return f"That has a secret in it ({masked}), which I did not keep: revoke {where}."


def trouble_message(
    headline: str, next_step: str, *, reference: str | None = None, again: Block | None = None
) -> Message:
    """Say what went wrong and what to do now; `reference` is in the log, `again` a button."""
    said, step = escape(headline, 600), escape(next_step, 900, lines=True)
    shown = [context(f"Reference {code(reference, 80)}")] if reference else []
    quoted = f" (reference {escape(reference, 80)})" if reference else ""
    blocks = [section(f":warning: *{said.strip('*')}*\n{step}"), *actions(again), *shown]
    return message(f"{said} {step}{quoted}", blocks)


def misunderstood_message(
    words: Sequence[UnknownWord] = (),
    problems: Sequence[str] = (),
    *,
    sentence: str | None = None,
    question_id: str = "",
    follows: str = "",
) -> Message:
    """Name what was not understood, with the nearest known words, and what contradicts itself.

    `sentence` is what was understood, which a button asks for. Corrections go on from the question `follows`.
    """
    words = tuple(dict.fromkeys(words))
    lines = [*_unknown(words[:_WORDS]), *(escape(problem, 400) for problem in problems[:_WORDS])]
    rest = max(0, len(words) - _WORDS)
    if rest:
        lines.append(f"… and {rest} more words.")
    told = "\n".join(lines) or "I did not understand that."
    corrections = [word.corrected for word in words[:_WORDS] if word.corrected]
    without = "Ask without it" if len(words) <= 1 else "Ask without them"
    # The whole command: typed without it in a channel, the words would be said to everybody there.
    shown = f"{code(f'{COMMAND} help')} shows examples, {code(f'{COMMAND} help filters')} every word I know."
    buttons = [
        button(
            clip(corrected, BUTTON_CHARS),
            numbered(act.RUN_EXAMPLE, index),
            Pointer(follows, pick=corrected),
            style="primary",
        )
        for index, corrected in enumerate(corrections)
    ]
    if question_id and sentence:
        buttons.append(button(without, act.ASK_AGAIN, Pointer(question_id)))
    understood = [context(f"Understood: {escape(sentence, 600)}")] if sentence else []
    return message(told, [section(told), *understood, *actions(*buttons), context(shown)])


def _unknown(words: Sequence[UnknownWord]) -> Iterator[str]:
    """Yield a line for each word that resembles known ones, and one for all the others."""
    for word in words:
        said = f"I do not know the word {code(word.word, 80)}."
        if word.nearest:
            yield f"{said} Did you mean {_or([code(near, 60) for near in word.nearest[:_NEAREST]])}?"
        elif word.possible:
            yield f"{said} It can be {_or([code(each, 60) for each in word.possible[:_POSSIBLE]])}."
    others = [code(word.word, 80) for word in words if not (word.nearest or word.possible)]
    if others:
        yield f"I do not know the word{'s' if len(others) > 1 else ''} {_or(others)}."


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def expired_message(sentence: str | None, asked: Pointer | None) -> Message:
    """Answer a click on a message whose question is no longer kept; `asked` adds a button."""
    words = "This answer is too old to go on from. Ask the question again to get a fresh one."
    again = button("Ask again", act.ASK_AGAIN, asked, style="primary") if asked is not None else None
    top = [section(title(sentence))] if sentence else []
    return message(words, [*top, section(words), *actions(again)])
