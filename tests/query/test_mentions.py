"""Mentions in a question read by name, whatever Slack gave."""

from __future__ import annotations

from bot.query.tokens import as_read, named, unnamed

TEXT = (
    "<@U0123456789> asks in <#C0123456789> and <#C0000000001|sales>: "
    "<!subteam^S0123456789> <!here> <@U0|mara>"
)


def test_what_needs_a_name_is_found_once() -> None:
    """Not what has one, nor what is no one in particular."""
    assert unnamed(TEXT * 2) == ("@U0123456789", "#C0123456789", "!subteam^S0123456789")


def test_names_take_the_place_of_ids() -> None:
    """A channel keeps its id for commands until it is read; a name holds no markup."""
    names = {"@U0123456789": "Lena <Brandt>", "#C0123456789": "quality", "!subteam^S0123456789": "@support"}
    text = named(TEXT, names)
    assert text == (
        "@Lena_Brandt_ asks in <#C0123456789|quality> and <#C0000000001|sales>: @support @here @mara"
    )
    assert as_read(text) == "@Lena_Brandt_ asks in #quality and #sales: @support @here @mara"


def test_without_names_nothing_raw_is_left() -> None:
    """Where Slack does not say, it is someone, or a channel."""
    assert as_read(named(TEXT, {})) == "@someone asks in #channel and #sales: @someone @here @mara"
