"""Inviting, as Slack itself does it: its command /invite, and Slackbot's offer after a mention in vain.

Only the page shows this: the app never hears of it.
"""

from __future__ import annotations

from bot.demo.slack.shapes import Channel, Json
from bot.demo.slack.workspace import Workspace

SLACKBOT = "USLACKBOT"
INVITE, IGNORE = "slackbot_invite", "slackbot_ignore"


def offer(workspace: Workspace, channel: Channel, message: Json) -> None:
    """Tell the author of a mention that the app is not in the channel."""
    mention = f"<@{workspace.app.bot_user_id}>"
    if channel.is_im or workspace.app.bot_user_id in channel.members or mention not in message["text"]:
        return
    text = f"You mentioned {mention}, but they're not in this channel. Would you like to invite them?"
    buttons = [_button(INVITE, "Invite Them"), _button(IGNORE, "Do Nothing")]
    blocks = [
        {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "block_id": "offer", "elements": buttons},
    ]
    content: Json = {"user": SLACKBOT, "text": text, "blocks": blocks}
    workspace.messages.whisper(channel.id, message["user"], content, thread_ts=message.get("thread_ts"))


def pressed(workspace: Workspace, channel_id: str, ts: str, action_id: str) -> bool:
    """Do what a button of the offer says. False if the message is none of Slackbot's."""
    found = workspace.messages.ephemeral(channel_id, ts)
    if found is None or found[1].get("user") != SLACKBOT:
        return False
    if action_id == INVITE:
        bot = workspace.app.bot_user_id
        workspace.join(workspace.channels[channel_id], bot, found[0])
        done: Json = {"text": f"OK! I've invited <@{bot}> to this channel.", "blocks": []}
        workspace.messages.rewhisper(channel_id, ts, done)
        _withdraw(workspace, channel_id, found[0])
    else:
        workspace.messages.unwhisper(channel_id, ts)
    return True


def invite(workspace: Workspace, channel: Channel, who: str, inviter: str) -> Json:
    """Run /invite; returns what the page is answered."""
    wanted = who.strip("<>").removeprefix("@").lower()
    for user in workspace.users.values():
        names = {user.id.lower(), user.name.lower(), user.real_name.lower()}
        if wanted in names and not channel.is_im:
            workspace.join(channel, user.id, inviter)
            if user.id == workspace.app.bot_user_id:
                _withdraw(workspace, channel.id, inviter)
            return {"ok": True}
    return {"ok": False, "error": "user_not_found", "shown": f"Nobody here is called {who or '…'}."}


def _withdraw(workspace: Workspace, channel_id: str, user: str) -> None:
    for whisper in workspace.messages.whispers(channel_id, user):
        if whisper.get("user") == SLACKBOT and whisper.get("blocks"):
            workspace.messages.unwhisper(channel_id, whisper["ts"])


def _button(action_id: str, text: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": text}}
