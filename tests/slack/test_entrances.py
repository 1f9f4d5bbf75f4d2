"""Who may ask, at every entrance: one table of listeners, each tried by everybody who may not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import aiohttp
import pytest
import pytest_asyncio

from bot.answers.answer import Services
from bot.blocks import actions as act
from bot.blocks.actions import Pointer
from bot.demo.slack import Workspace, payloads, sample_workspace
from bot.demo.slack.sample import GUEST, LENA, ME, OMAR, PARTNER, QUALITY, STRANGER, TEAM, installed_app
from bot.demo.slack.shapes import User
from bot.settings import Settings
from bot.slack.listeners import Background, Listeners, bolt_app
from bot.slack.slack_api import web_client
from bot.slack.slack_people import Identity
from tests.answers.office import Office, office

module_loop = pytest.mark.asyncio(loop_scope="module")
FOREIGN, GONE, LEFT_OUT, SINGLE = "U0PARTNER02", "U0DEMO00009", "U0DEMO00010", "U0DEMO00011"
GROUP = "S0QUALITY01"
OUTSIDERS = {
    STRANGER: "of another company",
    FOREIGN: "of another company, though Slack does not call them a stranger",
    GUEST: "guest",
    SINGLE: "guest of one channel",
    GONE: "deactivated",
    LEFT_OUT: "member, not in ALLOWED_USERS",
}
SECRETS = ("conv_", "Support EN", "agent_id")


TRIES = 25
"""Refusals that must be read at least: most entrances answer each try."""


@dataclass
class Stage:
    """An office in which a member has asked in public and in private, and what can be pressed there."""

    desk: Office
    public: dict[str, Any]
    """A list message in a channel that outsiders can read."""
    question: str

    async def press(self, user: str, action_id: str, value: str, **more: Any) -> None:
        """Press any button, of the public message unless `more` says something else."""
        payload = self.interaction("block_actions", user, **more)
        payload["actions"] = [{"action_id": action_id, "block_id": "b", "type": "button", "value": value}]
        await self.desk.deliveries.send("block_actions", "interactive", payload)

    def interaction(self, kind: str, user: str, **more: Any) -> dict[str, Any]:
        """Return what all interactive payloads share, as if on the public message."""
        space = self.desk.workspace
        place = {
            "channel": {"id": QUALITY, "name": "quality-review"},
            "container": {"type": "message", "message_ts": self.public["ts"], "channel_id": QUALITY},
            "message": {"ts": self.public["ts"], "text": "conv_0123456789abcdef"},
            "response_url": self.desk.deliveries.response_url("click", QUALITY, user),
        }
        return {**payloads.interaction(space, kind, space.users[user]), **place, **more}

    def view(self, user: str) -> dict[str, Any]:
        """Return what replaces the message when something is pressed in a modal."""
        view = {
            "id": "V0",
            "type": "modal",
            "callback_id": "call_view",
            "private_metadata": "[]",
            "hash": "1",
        }
        state: dict[str, Any] = {"values": {}}
        return {"view": {**view, "state": state, "team_id": self.desk.workspace.team_of(user).id}}


Try = Callable[[Stage, str], Awaitable[object]]


async def _command(stage: Stage, user: str) -> None:
    await stage.desk.command("failed since 30 days ago", channel=QUALITY, user=user)
    await stage.desk.command("agents", channel=QUALITY, user=user)


async def _speak(stage: Stage, user: str) -> None:
    desk = stage.desk
    desk.workspace.channels[QUALITY].members.add(user)
    desk.say("@conversations failed since 30 days ago", channel=QUALITY, user=user)
    desk.say("failed since 30 days ago", channel=desk.dm(user), user=user)
    desk.say("and the agents?", channel=QUALITY, user=user, thread_ts=stage.public["ts"])
    await desk.deliveries.opened(user, "home")
    await desk.deliveries.opened(user, "messages")


async def _click(stage: Stage, user: str) -> None:
    conversation = act.encode(Pointer("", pick="conv_0123456789abcdef"))
    for name in ("older", act.REFRESH, act.CSV, act.SEND_ALL, act.SHARE, act.SHOW_API):
        await stage.press(user, name, act.encode(Pointer(stage.question, [1, "conv_0123456789abcdef"])))
    for name in (act.RETRY, act.ASK_AGAIN, act.CANCEL, act.WITHOUT_IDS, act.RECENT, act.FILTERS, act.SAVE):
        await stage.press(user, name, act.encode(Pointer(stage.question)))
    for name in (act.TRANSCRIPT_FILE, act.AUDIO_FILE, act.CALL_API):
        await stage.press(user, name, conversation)
    for pick in (act.REFRESH, act.SHOW_API, act.SAVE):
        await stage.press(user, act.MORE, act.encode(Pointer(stage.question, None, pick)))
    for name in (act.RUN_EXAMPLE, act.QUICK):
        await stage.press(user, f"{name}.1", act.encode(Pointer("", pick="failed")))
    await stage.press(user, "choose_agent.1", act.encode(Pointer(stage.question, pick="agent_1")))


async def _open(stage: Stage, user: str) -> None:
    await stage.press(user, "open_call", "conv_0123456789abcdef")


async def _page(stage: Stage, user: str) -> None:
    value = act.encode(Pointer("", pick=act.page_pick(1, "conv_0123456789abcdef")))
    await stage.press(user, "call_page.1", value, **stage.view(user))


async def _api(stage: Stage, user: str) -> None:
    await stage.press(
        user, act.CALL_API, act.encode(Pointer("", pick="conv_0123456789abcdef")), **stage.view(user)
    )


async def _files(stage: Stage, user: str) -> None:
    for name in (act.TRANSCRIPT_FILE, act.AUDIO_FILE):
        value = act.encode(Pointer("", pick="conv_0123456789abcdef"))
        await stage.press(user, name, value, **stage.view(user))


async def _shortcuts(stage: Stage, user: str) -> None:
    send = stage.desk.deliveries.send
    for kind, name in (("message_action", "find_call"), ("shortcut", "open_filters")):
        payload = stage.interaction(kind, user) | {"callback_id": name, "action_ts": "1.2"}
        await send(kind, "interactive", payload)


async def _filters(stage: Stage, user: str) -> None:
    await stage.press(user, act.FILTERS, act.encode(Pointer(stage.question)))


async def _save(stage: Stage, user: str) -> None:
    await stage.press(user, act.SAVE, act.encode(Pointer(stage.question)))
    await stage.press(user, act.MORE, act.encode(Pointer(stage.question, None, act.SAVE)))
    await stage.press(user, act.SAVED_MENU, act.encode(Pointer("", pick=f"{act.SAVED_EDIT}:s1")))


async def _share(stage: Stage, user: str) -> None:
    await stage.press(user, act.SHARE, act.encode(Pointer(stage.question)))
    value = act.encode(Pointer("", pick="conv_0123456789abcdef"))
    await stage.press(user, act.SHARE, value, **stage.view(user))


async def _tell(stage: Stage, user: str) -> None:
    await stage.press(user, act.TELL_ME, act.encode(Pointer(stage.question)))
    for what in (act.SAVED_EDIT, act.SAVED_DELETE, f"{act.SNOOZE}-3600"):
        await stage.press(user, act.WATCH_MENU, act.encode(Pointer("", pick=f"{what}:s1")))


async def _menu(stage: Stage, user: str) -> None:
    menu = stage.interaction("block_suggestion", user, **stage.view(user))
    for action_id, key in (
        (act.AGENT_MENU, "agent"),
        (act.FILTER_MENU, "tool"),
        (act.FILTER_MENU, "columns"),
    ):
        typed = {**menu, "action_id": action_id, "block_id": key, "value": ""}
        done = await stage.desk.deliveries.send("block_suggestion", "interactive", typed)
        assert done.body == {"options": []}


async def _forms(stage: Stage, user: str) -> None:
    opened = {"question_id": stage.question, "tz": "UTC"}
    sender = {"team_id": TEAM.id, "user_id": user, "channel_id": QUALITY}
    posted = {"posted": {"channel_id": QUALITY, "ts": stage.public["ts"]}}
    for form, metadata in (
        (act.FILTERS_VIEW, json.dumps(opened)),
        (act.FILTERS_VIEW, json.dumps(opened | posted)),
        (act.SAVE_VIEW, act.encode(Pointer(stage.question))),
        (act.SHARE_VIEW, json.dumps({"value": act.encode(Pointer(stage.question)), "address": sender})),
        (act.TELL_VIEW, act.encode(Pointer(""))),
    ):
        view = stage.view(user)["view"] | {"callback_id": form, "private_metadata": metadata}
        view["state"] = {
            "values": {
                "name": {"name": {"type": "plain_text_input", "value": "mine"}},
                "channel": {"entry": {"type": "conversations_select", "selected_conversation": QUALITY}},
            }
        }
        for kind in ("view_submission", "view_closed"):
            payload = stage.interaction(kind, user, view=view)
            done = await stage.desk.deliveries.send(kind, "interactive", payload)
            assert not any(secret in json.dumps(done.body) for secret in SECRETS)


ENTRANCES: dict[str, Try] = {
    "command": _command,
    "event": _speak,
    "event app_home_opened": _speak,
    "action": _click,
    f"action {act.OPEN_CALL}": _open,
    f"action {act.CALL_PAGE}": _page,
    f"action {act.CALL_API}": _api,
    f"action {act.TRANSCRIPT_FILE}": _files,
    f"action {act.AUDIO_FILE}": _files,
    f"action {act.MORE}": _save,
    f"action {act.SAVE}": _save,
    f"action {act.TELL_ME}": _tell,
    f"action {act.WATCH_MENU}": _tell,
    f"action {act.SAVED_MENU}": _save,
    f"action {act.SHARE}": _share,
    f"action {act.FILTERS}": _filters,
    "message_shortcut find_call": _shortcuts,
    "global_shortcut open_filters": _shortcuts,
    f"options {act.AGENT_MENU}": _menu,
    f"options {act.FILTER_MENU}": _menu,
    f"view {act.FILTERS_VIEW}": _forms,
    f"view {act.SAVE_VIEW}": _forms,
    f"view {act.SHARE_VIEW}": _forms,
    f"view {act.TELL_VIEW}": _forms,
}
"""Everything that Bolt may call, and how it is tried. A new listener must be added with its try."""


async def test_every_listener_is_tried() -> None:
    """A listener that nobody tries as an outsider is not registered, and none is registered elsewhere."""
    async with aiohttp.ClientSession() as session:
        client = web_client("xoxb-x", "http://127.0.0.1:9/", session)
        listeners = Listeners(client, cast("Services", None), Background(), _never)
        app = bolt_app(client, Identity(client), listeners, bot_token="xoxb-x", signing_secret="x")
        table = listeners.table()
        names = {f"{each.kind} {each.on}" if isinstance(each.on, str) else each.kind for each in table}
        assert names == set(ENTRANCES)
        assert len(app._async_listeners) == len(table)


async def _never(_request: object) -> None:
    raise AssertionError


def crowded(base: str) -> Workspace:
    """Return the sample workspace with one of everybody who may not ask, all in one channel."""
    space = sample_workspace(base_url=base, app=installed_app())
    home = TEAM.id
    for user in (
        User(FOREIGN, "fay", "Fay Foreign", PARTNER.id),
        User(GONE, "gus", "Gus Gone", home, deleted=True),
        User(LEFT_OUT, "lou", "Lou Leftout", home),
        User(SINGLE, "sid", "Sid Single", home, is_restricted=True, is_ultra_restricted=True),
    ):
        space.users[user.id] = user
    space.channels[QUALITY].members |= OUTSIDERS.keys()
    space.usergroups[GROUP] = (OMAR,)
    return space


def listed(settings: Settings) -> Settings:
    """Let two people and a group in."""
    return replace(settings, allowed_users=frozenset({ME, LENA, GROUP, *(OUTSIDERS.keys() - {LEFT_OUT})}))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """Open an office where somebody has asked in a channel that all can read."""
    async with office(rows=60, workspace=crowded, change=listed) as desk:
        desk.say("@conversations failed since 30 days ago", channel=QUALITY)
        public = await desk.settled_list(QUALITY)
        value = next(
            element["value"]
            for block in public["blocks"]
            for element in block.get("elements", ())
            if isinstance(element, dict) and element.get("action_id") == act.CSV
        )
        yield Stage(desk, public, act.decode(value).question_id)


def seen_by(desk: Office, user: str) -> str:
    """Return everything that the bot has shown this person and not everybody."""
    space = desk.workspace
    seen: list[Any] = [desk.messages(desk.dm(user)), desk.files(desk.dm(user)), space.views.stack(user)]
    seen += [space.views.home(user), *(desk.whispers(channel, user) for channel in space.channels)]
    return json.dumps(seen)


async def settled(desk: Office, user: str) -> str:
    """Return what somebody sees once nothing more comes."""
    await desk.deliveries.idle()
    await desk.quiet()
    return seen_by(desk, user)


@module_loop
@pytest.mark.parametrize("user", OUTSIDERS, ids=list(OUTSIDERS.values()))
async def test_outsiders_get_nothing_at_any_entrance(stage: Stage, user: str) -> None:
    """Refused politely, wherever they try; ElevenLabs is not even asked, and nothing public changes."""
    desk = stage.desk
    await desk.deliveries.idle()
    asked, public = len(desk.samples.state.requests), json.dumps(desk.messages(QUALITY))
    for attempt in dict.fromkeys(ENTRANCES.values()):
        await attempt(stage, user)
    await desk.deliveries.idle()
    shown = await settled(desk, user)
    assert shown.count("Sorry") >= TRIES
    assert not any(secret in shown for secret in SECRETS)
    assert json.dumps(desk.messages(QUALITY)) == public
    assert len(desk.samples.state.requests) == asked
    assert desk.files(desk.dm(user)) == []


@module_loop
@pytest.mark.parametrize("user", [LENA, OMAR])
async def test_those_on_the_list_are_let_in(stage: Stage, user: str) -> None:
    """By name or as a member of a user group; pressing a button of another's question is theirs alone."""
    desk = stage.desk
    mine, others = len(desk.messages(desk.dm(ME))), len(desk.messages(QUALITY))
    await desk.command("failed since 30 days ago", channel=QUALITY, user=user)
    await desk.settled_list(desk.dm(user))
    assert len(desk.files(desk.dm(user))) == 1
    assert (len(desk.messages(desk.dm(ME))), len(desk.messages(QUALITY))) == (mine, others)


@module_loop
async def test_a_forged_press_on_anothers_private_question_stays_with_who_pressed(stage: Stage) -> None:
    """The id cannot be guessed; who had it is answered in their own direct message, as if they had asked."""
    desk = stage.desk
    await desk.command("successful since 20 days ago", channel=QUALITY, user=ME)
    listed = await desk.settled_list(desk.dm(ME))
    before = json.dumps(desk.messages(desk.dm(ME)))
    value = act.encode(Pointer(_question_of(listed)))
    await desk.command("failed since 30 days ago", channel=QUALITY, user=LENA)
    ts = (await desk.settled_list(desk.dm(LENA)))["ts"]
    direct = {"id": desk.dm(LENA), "name": "directmessage"}
    container = {"type": "message", "message_ts": ts, "channel_id": desk.dm(LENA)}
    place = {"channel": direct, "container": container, "message": {"ts": ts}}
    await stage.press(LENA, act.ASK_AGAIN, value, **place)
    await desk.seen(lambda: "Successful" in json.dumps(desk.messages(desk.dm(LENA))))
    assert json.dumps(desk.messages(desk.dm(ME))) == before
    assert len(_question_of(listed)) >= 16


def _question_of(message: dict[str, Any]) -> str:
    """Return which question the buttons of a list message carry."""
    return next(
        act.decode(element["value"]).question_id
        for block in message["blocks"]
        for element in block.get("elements", ())
        if isinstance(element, dict) and element.get("action_id") == act.CSV
    )
