"""Short messages: something was done or may not be done, went wrong, or was not understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import actions as act
from bot.blocks.actions import Pointer, numbered
from bot.blocks.block_elements import actions, button, context, section
from bot.blocks.help_message import COMMAND
from bot.blocks.limits import BUTTON_CHARS, Block, message
from bot.blocks.text import clip, code, escape, title
from bot.model import Message

_WORDS = 8
_NEAREST = 4
_POSSIBLE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One error as a person reads it; nothing internal is in it."""

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


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that was not understood, and the closest known ones."""

    word: str
    nearest: tuple[str, ...] = ()
    corrected: str | None = None
    """The whole question with the nearest word in its place, to ask by a button."""
    possible: tuple[str, ...] = ()
    """Of a key's value that is like no known one: all there are."""


def notice_message(words: str, *, detail: str | None = None) -> Message:
    """Say something in plain words."""
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


def trouble_message(trouble: Trouble) -> Message:
    headline, step = escape(trouble.headline, 600), escape(trouble.next_step, 900, lines=True)
    blocks: list[Block] = [section(f":warning: *{headline.strip('*')}*\n{step}")]
    if trouble.sentence:
        blocks.append(context(f"You asked: {escape(trouble.sentence, 600)}"))
    if trouble.retry is not None:
        blocks += actions(button(trouble.retry_label, trouble.retry_action, trouble.retry, style="primary"))
    if trouble.reference:
        blocks.append(context(f"Reference {code(trouble.reference, 80)}"))
    reference = f" (reference {escape(trouble.reference, 80)})" if trouble.reference else ""
    return message(f"{headline} {step}{reference}", blocks)


def misunderstood_message(
    words: Sequence[UnknownWord] = (),
    problems: Sequence[str] = (),
    *,
    sentence: str | None = None,
    question_id: str = "",
    follows: str = "",
) -> Message:
    """Name what was not understood, with the nearest known words, and what contradicts itself.

    `sentence` is what was understood; with a `question_id` a button asks for just that. Corrections go on
    from the question `follows`, if there is one.
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
    # The whole command: typed without it in a channel, the words would be said to everybody there.
    shown = f"{code(f'{COMMAND} help')} shows examples, {code(f'{COMMAND} help filters')} every word I know."
    return message(
        told,
        [
            section(told),
            *([context(f"Understood: {escape(sentence, 600)}")] if sentence else []),
            *actions(
                *(
                    button(
                        clip(corrected, BUTTON_CHARS),
                        numbered(act.RUN_EXAMPLE, index),
                        Pointer(follows, pick=corrected),
                        style="primary",
                    )
                    for index, corrected in enumerate(corrections)
                ),
                button(without, act.ASK_AGAIN, Pointer(question_id)) if question_id and sentence else None,
            ),
            context(shown),
        ],
    )


def _unknown(word: UnknownWord) -> str:
    said = f"I do not know the word {code(word.word, 80)}."
    if word.nearest:
        return f"{said} Did you mean {_or([code(near, 60) for near in word.nearest[:_NEAREST]])}?"
    if word.possible:
        return f"{said} It can be {_or([code(each, 60) for each in word.possible[:_POSSIBLE]])}."
    return said


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def expired_message(sentence: str | None, asked: Pointer | None) -> Message:
    """Answer a click on a message whose question is no longer kept; `asked` adds a button."""
    words = "This answer is too old to go on from. Ask the question again to get a fresh one."
    again = button("Ask again", act.ASK_AGAIN, asked, style="primary") if asked is not None else None
    top = [section(title(sentence))] if sentence else []
    return message(words, [*top, section(words), *actions(again)])
