"""Show API request: the endpoint, curl and Python for exactly this question."""

from __future__ import annotations

from bot.blocks import actions as act
from bot.blocks.elements import PREFORMATTED_CHARS, Block, context, preformatted, section
from bot.blocks.limits import fit_view
from bot.blocks.parts import title
from bot.blocks.text import code, literal

__all__ = ["api_request_modal"]

_KEY = "Your key is not shown: set `ELEVENLABS_API_KEY` first."


def api_request_modal(
    sentence: str, *, endpoint: str, curl: str, python: str, local: tuple[str, ...] = ()
) -> dict[str, object]:
    """Build the modal. `local` are the filters that the API cannot apply: they are said in words."""
    return {
        "type": "modal",
        "callback_id": act.API_VIEW,
        "title": {"type": "plain_text", "text": "API request"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": fit_view(_blocks(sentence, endpoint, curl, python, local)),
    }


def _blocks(sentence: str, endpoint: str, curl: str, python: str, local: tuple[str, ...]) -> list[Block]:
    blocks = [
        section(title(sentence)),
        section(f"*Endpoint*\n{code(endpoint, 1000)}"),
        section("*curl*"),
        preformatted(curl),
        section("*Python*"),
        preformatted(python),
        context(_KEY),
    ]
    if max(len(curl), len(python)) > PREFORMATTED_CHARS:
        blocks.append(context("Too long to show whole: `bot explain` prints all of it."))
    if local:
        words = ", ".join(literal(word, 100) for word in local)
        blocks.append(
            context(f"The API cannot filter by {code(words, 500)}: the bot does that on the rows it gets.")
        )
    return blocks
