"""A key or token that somebody types is not repeated, stored or logged; they are told to revoke it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.demo.slack.sample import GENERAL, ME, QUALITY
from bot.redaction import mask_keys
from tests.answers.calls import modal
from tests.answers.office import Office, office
from tests.logged import logged

HEX = "0f" * 16
SLACK, ELEVENLABS = "api.slack.com/apps", "Developers > API Keys"
LONG = f"{'aB3/' * 11}="


@pytest.mark.parametrize(
    ("text", "masked", "found"),
    [
        ("failed xoxb-12-34-aBc yesterday", "failed xoxb-… yesterday", "xoxb-…"),
        ("xapp-1-A1-2-abc", "xapp-…", "xapp-…"),
        ("_xoxp-1-2_ and xoxe.xoxp-1-Mi0y", "_xoxp-… and xoxe.xoxp-…", "xoxp-…"),
        ("xoxe-1-Mi0y", "xoxe-…", "xoxe-…"),
        (f"`sk_{HEX}`", "`sk_…`", "sk_…"),
        (f"my API key is {HEX}, failed", "my API key is …, failed", "key …"),
        (f'ELEVENLABS_API_KEY="{HEX}"', 'ELEVENLABS_API_KEY="…"', "KEY …"),
        (f"token: {LONG}", "token: …", "token …"),
        (f"signing secret {HEX}", "signing secret …", "secret …"),
        (f"calls with key CA{HEX}", None, ""),
        (f"token conv_{HEX}{HEX}", None, ""),
        (f"CA{HEX}", None, ""),
        (HEX, None, ""),
        ("calls about a key or token yesterday", None, ""),
        ("calls with tool disk_0123456789", None, ""),
        ("secret customer-wants-to-cancel-the-whole-subscription", None, ""),
        ("failed xoxb-… yesterday", None, ""),
    ],
)
def test_keys_are_told_from_ids_and_words(text: str, masked: str | None, found: str) -> None:
    """What says whose a token is stays; carriers' and conversations' ids and plain words are untouched."""
    assert mask_keys(text) == (text if masked is None else masked, found)
    assert mask_keys(mask_keys(text)[0])[1] == ""


def kept_in(folder: Path) -> bytes:
    """Return every byte of the database and what SQLite keeps beside it."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_a_typed_key_is_nowhere_afterwards(tmp_path: Path) -> None:
    """By message, mention or command: it is in no message, database or log line; nothing else is answered."""
    pasted = {
        "xoxb-123456789012-987654321098-AbCdEfGhIjKlMnOpQrStUvWx": ("xoxb-…", SLACK),
        f"sk_{'1a' * 24}": ("sk_…", ELEVENLABS),
        f"key {HEX}": ("key …", ELEVENLABS),
        f"token {LONG}": ("token …", SLACK),
    }
    secrets = [text.rpartition(" ")[2] for text in pasted]
    with logged("DEBUG") as log:
        async with office(rows=20, folder=tmp_path) as desk:
            for count, (text, (masked, where)) in enumerate(pasted.items(), 1):
                desk.say(f"failed calls {text}", channel=desk.dm())
                desk.say(f'@conversations {text} failed save as "{text}"', channel=QUALITY)
                await desk.command(f"failed {text}", channel=GENERAL)
                for said in (
                    await _so_many(desk, count, desk.dm()),
                    await _so_many(desk, count, QUALITY),
                    await _so_many(desk, count, None),
                ):
                    assert masked in said
                    assert where.replace(">", "&gt;") in said
                    assert "revoke" in said
            await desk.open_page("home")
            home = await desk.seen(lambda: desk.home() if "quick.0" in str(desk.home()) else None)
            assert "recent.0" not in str(home)
            await desk.quiet()
            assert desk.files(desk.dm()) == desk.files(QUALITY) == []
            stored = kept_in(tmp_path)
            shown = json.dumps(
                [desk.messages(desk.dm()), desk.messages(QUALITY), desk.whispers(GENERAL), home],
                ensure_ascii=False,
            )
    for secret in secrets:
        assert secret not in shown
        assert secret.encode() not in stored
        assert secret not in log.getvalue()
    assert "recorded" in log.getvalue()


async def _so_many(desk: Office, count: int, channel: str | None) -> str:
    """Wait for as many messages of the bot; return the last. None: what only the asker sees."""

    def said() -> list[dict[str, object]]:
        found = desk.whispers(GENERAL) if channel is None else desk.messages(channel)
        return found if len(found) >= count else []

    messages = await desk.seen(said)
    assert len(messages) == count
    return json.dumps(messages[-1], ensure_ascii=False)


async def test_forms_refuse_a_key(tmp_path: Path) -> None:
    """Filters and Save say it beside the field, stay open, and nothing is stored."""
    key = f"sk_{'1a' * 24}"
    async with office(rows=20, folder=tmp_path) as desk:
        desk.say("since 90 days ago", channel=desk.dm())
        listed = await desk.settled_list(desk.dm())
        await desk.press(listed, "filters", channel=desk.dm())
        view = await modal(desk, "agent_menu")
        words = {"text": {"type": "plain_text", "text": "say"}, "value": f"say {key}"}
        typed = {"search": {"filter_menu": {"selected_options": [words]}}}
        wrong = await desk.deliveries.submit(ME, view["id"], typed)
        assert "sk_…" in str(wrong.errors)
        await desk.press(listed, "save", channel=desk.dm())
        view = await modal(desk, "save_view")
        wrong = await desk.deliveries.submit(ME, view["id"], {"name": {"entry": {"value": key}}})
        assert "sk_…" in str(wrong.errors)
        assert key not in str(wrong.errors)
        await desk.quiet()
        assert key.encode() not in kept_in(tmp_path)
