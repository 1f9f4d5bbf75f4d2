"""What went wrong, in words with a next step; nothing internal is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.elements import Block, actions, button, context, section
from bot.blocks.limits import message
from bot.blocks.parts import title
from bot.blocks.talk import COMMAND, Example, example_blocks, run_buttons
from bot.blocks.text import clip, code, escape
from bot.model import Message

__all__ = ["Trouble", "UnknownWord", "expired_message", "misunderstood_message", "trouble_message"]

_WORDS = 8
_NEAREST = 4
_POSSIBLE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One error as a person reads it."""

    headline: str
    """One clear sentence."""
    next_step: str
    """What to do now, one or two sentences."""
    reference: str | None = None
    """Id to quote when asking for help; also in the log."""
    sentence: str | None = None
    """The restated question, when it was understood."""
    retry: Pointer | None = None
    """Adds a Retry button that carries this."""
    retry_label: str = "Retry"
    retry_action: str = act.RETRY
    examples: Sequence[Example] = ()
    """Questions that would work, as buttons that run."""
    warning: bool = True
    """Whether it has the warning sign; a polite refusal has none."""


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that was not understood, and the closest known ones."""

    word: str
    nearest: tuple[str, ...] = ()
    corrected: str | None = None
    """The whole question with the nearest word in its place, to ask by a button."""
    possible: tuple[str, ...] = ()
    """Of a key's value that is like no known one: all there are."""


def trouble_message(trouble: Trouble) -> Message:
    """Build an error message."""
    headline, step = escape(trouble.headline, 600), escape(trouble.next_step, 900, lines=True)
    blocks: list[Block] = [
        section(f"{':warning: ' if trouble.warning else ''}*{headline.strip('*')}*\n{step}")
    ]
    if trouble.sentence:
        blocks.append(context(f"You asked: {escape(trouble.sentence, 600)}"))
    if trouble.retry is not None:
        blocks += actions(button(trouble.retry_label, trouble.retry_action, trouble.retry, style="primary"))
    blocks += run_buttons(trouble.examples)
    if trouble.reference:
        blocks.append(context(f"Reference {code(trouble.reference, 80)}"))
    reference = f" (reference {escape(trouble.reference, 80)})" if trouble.reference else ""
    return message(f"{headline} {step}{reference}", blocks)


def misunderstood_message(
    words: Sequence[UnknownWord] = (),
    problems: Sequence[str] = (),
    *,
    sentence: str | None = None,
    examples: Sequence[Example] = (),
    run: bool = False,
    question_id: str = "",
    follows: str = "",
) -> Message:
    """Name what was not understood, with the nearest known words, and what contradicts itself.

    `sentence` is what was understood; with a `question_id` a button asks for just that. `examples` show how
    it is done, with buttons when `run`. Corrections go on from the question `follows`, if there is one.
    """
    lines = [_unknown(word) for word in words[:_WORDS]] + [
        escape(problem, 400) for problem in problems[:_WORDS]
    ]
    rest = max(0, len(words) - _WORDS)
    if rest:
        lines.append(f"… and {rest} more words.")
    told = "\n".join(lines) or "I did not understand that."
    corrections = [word.corrected for word in words[:_WORDS] if word.corrected]
    without = "Ask without it" if len(words) <= 1 else "Ask without them"
    blocks: list[Block] = [section(told)]
    if sentence:
        blocks.append(context(f"Understood: {escape(sentence, 600)}"))
    blocks += actions(
        *(
            button(
                clip(words, 75),
                numbered(act.RUN_EXAMPLE, index),
                Pointer(follows, pick=words),
                style="primary",
            )
            for index, words in enumerate(corrections, start=len(examples))
        ),
        button(without, act.ASK_AGAIN, Pointer(question_id)) if question_id and sentence else None,
    )
    blocks += example_blocks(examples, run=run)
    # The whole command: typed without it in a channel, the words would be said to everybody there.
    shown = f"{code(f'{COMMAND} help')} shows examples, {code(f'{COMMAND} help filters')} every word I know."
    blocks.append(context(shown))
    return message(told, blocks)


def _unknown(word: UnknownWord) -> str:
    said = code(word.word, 80)
    near = [code(nearest, 60) for nearest in word.nearest[:_NEAREST]]
    if near:
        return f"I do not know the word {said}. Did you mean {_or(near)}?"
    if word.possible:
        possible = [code(each, 60) for each in word.possible[:_POSSIBLE]]
        return f"I do not know the word {said}. It can be {_or(possible)}."
    return f"I do not know the word {said}."


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def expired_message(sentence: str | None, asked: Pointer | None) -> Message:
    """Answer a click on a message whose question is no longer kept; `asked` adds a button."""
    words = "This answer is too old to go on from."
    step = "Ask the question again to get a fresh one."
    again = button("Ask again", act.ASK_AGAIN, asked, style="primary") if asked is not None else None
    blocks = [section(f"{words} {step}")]
    if sentence:
        blocks.insert(0, section(title(sentence)))
    return message(f"{words} {step}", [*blocks, *actions(again)])
