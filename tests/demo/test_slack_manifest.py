"""An app installed from the project's own manifest may do what it asks for, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from slack_sdk.errors import SlackApiError

from bot.demo.slack import app_from_manifest, sample, sample_workspace
from tests.demo.slacking import served

MANIFEST = Path(__file__).parent.parent.parent / "manifest.yml"


async def test_the_manifest_is_what_is_granted() -> None:
    """Scopes, events, commands and tabs are the manifest's; what it does not ask for is refused."""
    app = app_from_manifest(yaml.safe_load(MANIFEST.read_text()))
    assert "/conversations" in [command.command for command in app.commands]
    assert {"app_mention", "message.im"} <= set(app.events)
    async with served(sample_workspace(app=app)) as slack:
        granted = (await slack.client.auth_test()).headers["x-oauth-scopes"].split(",")
        assert {"chat:write", "commands", "files:write"} <= set(granted)
        posted = await slack.client.chat_postMessage(channel=sample.QUALITY, text="x")
        slack.workspace.app.scopes = tuple(scope for scope in app.scopes if scope != "usergroups:read")
        with pytest.raises(SlackApiError, match="missing_scope"):
            await slack.client.usergroups_users_list(usergroup="S0")
        assert posted["ok"]
        await slack.deliveries.idle()
        assert not slack.deliveries.log


async def test_no_home_tab_no_home() -> None:
    """A Home tab that is switched off cannot be published."""
    app = app_from_manifest({"display_information": {"name": "Small"}})
    assert (app.scopes, app.events, app.home_tab) == ((), (), False)
    async with served(sample_workspace(app=app)) as slack:
        with pytest.raises(SlackApiError, match="not_enabled"):
            await slack.client.views_publish(user_id=sample.ME, view={"type": "home", "blocks": []})
