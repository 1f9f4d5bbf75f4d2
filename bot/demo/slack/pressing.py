"""What a person presses: buttons, menus, forms, shortcuts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.demo.slack import payloads, view_state
from bot.demo.slack.app_connection import Delivery
from bot.demo.slack.block_kit import check_options
from bot.demo.slack.event_delivery import Courier
from bot.demo.slack.methods.modals import checked_view
from bot.demo.slack.shapes import Json, SlackError, User, copied, copied_message, require

TROUBLE = "We had some trouble connecting. Try again?"
_INTERNAL = {"is_ephemeral"}


@dataclass(frozen=True, slots=True)
class Submission:
    """How a form's submission ended. `errors`: by block_id, shown at the fields."""

    ok: bool
    errors: dict[str, str] = field(default_factory=dict)
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class PressedPlace:
    """Where an element is: in a view, or in a message (which only one person sees, if ephemeral)."""

    blocks: list[Json]
    view: Json | None = None
    channel: str | None = None
    message: Json | None = None
    ephemeral: bool = False


class Pressing(Courier):
    """Presses as any person of the workspace."""

    def place(
        self,
        user: str,
        *,
        channel: str | None = None,
        message_ts: str | None = None,
        view_id: str | None = None,
    ) -> PressedPlace:
        """Find a view or message this person sees. Raises SlackError: view_not_found, message_not_found."""
        workspace = self.workspace
        if view_id is not None:
            view = workspace.views.find(view_id=view_id)
            if view is None or workspace.views.owner(view) != user:
                raise SlackError("view_not_found")
            return PressedPlace(view["blocks"], view=view)
        whispered = workspace.messages.ephemeral(channel or "", message_ts or "")
        if whispered is not None and whispered[0] == user:
            shown = whispered[1]
            return PressedPlace(shown.get("blocks", []), channel=channel, message=shown, ephemeral=True)
        message = workspace.messages.get(channel or "", message_ts or "")
        if message is None:
            raise SlackError("message_not_found")
        return PressedPlace(message.get("blocks", []), channel=channel, message=message)

    async def act(
        self,
        user: str,
        action: Json,
        *,
        channel: str | None = None,
        message_ts: str | None = None,
        view_id: str | None = None,
        state: Json | None = None,
    ) -> Delivery:
        """Press or choose: `action` has block_id, action_id and what was chosen.

        Raises SlackError: message_not_found, view_not_found, action_not_found; already_chosen for the option
        a menu shows already, of which Slack tells nobody.
        """
        place = self.place(user, channel=channel, message_ts=message_ts, view_id=view_id)
        block_id, action_id = str(action.get("block_id", "")), str(action.get("action_id", ""))
        element = view_state.find(place.blocks, block_id, action_id)
        if element is None:
            raise SlackError("action_not_found")
        where = (place.view or {}).get("id") or (place.message or {}).get("ts", "")
        self._choose((user, channel or "", where, block_id, action_id), element, action)
        given = copied((state or {}).get("values") or {})
        if element["type"] not in {"button", "overflow"}:
            given.setdefault(block_id, {})[action_id] = action
        values = view_state.state(place.blocks, given)
        if place.view is not None:
            place.view["state"] = {"values": values}
        payload = self._interaction("block_actions", self.workspace.users[user], place, values)
        pressed = view_state.action(element, block_id, action, self.workspace.ids.ts())
        done = await self.send("block_actions", "interactive", {**payload, "actions": [pressed]})
        if not done.ok:
            self.toast(TROUBLE, user)
        return done

    def _choose(self, key: tuple[str, ...], element: Json, action: Json) -> None:
        """Remember what a menu shows from now on. Raises SlackError(already_chosen) if it did before."""
        holds = view_state.holds_one(element)
        if holds is None:
            return
        picked = self.workspace.picked
        require(picked.get(key, view_state.began_with(element)) != action.get(holds), "already_chosen")
        picked[key] = copied(action.get(holds))

    async def options(
        self,
        user: str,
        action_id: str,
        block_id: str,
        value: str,
        *,
        channel: str | None = None,
        message_ts: str | None = None,
        view_id: str | None = None,
    ) -> Json:
        """Ask the app for a menu's options; nothing when it answers badly or not in time."""
        place = self.place(user, channel=channel, message_ts=message_ts, view_id=view_id)
        payload = self._interaction("block_suggestion", self.workspace.users[user], place, None)
        payload |= {"action_id": action_id, "block_id": block_id, "value": value}
        payload.pop("trigger_id")
        payload.pop("response_url", None)
        done = await self.send("block_suggestion", "interactive", payload)
        body: Any = done.body if done.ok else None
        if isinstance(body, dict) and not check_options(body).problems:
            return body
        return {"options": []}

    async def submit(self, user: str, view_id: str, values: Json) -> Submission:
        """Submit a modal; what the ack says happens. Raises SlackError(view_not_found)."""
        view = self.place(user, view_id=view_id).view
        if view is None:
            raise SlackError("view_not_found")
        state = view_state.state(view["blocks"], values)
        errors = view_state.missing_inputs(view["blocks"], state)
        if errors:
            return Submission(ok=False, errors=errors)
        view["state"] = {"values": state}
        payload = payloads.interaction(
            self.workspace, "view_submission", self.workspace.users[user], view_id=view_id
        )
        payload |= {"view": copied(view), "response_urls": []}
        done = await self.send("view_submission", "interactive", payload)
        if not done.ok:
            self.toast(TROUBLE, user)
            return Submission(ok=False, delivery=done)
        try:
            return self._submitted(user, view, done)
        except SlackError:
            self.toast(TROUBLE, user)
            return Submission(ok=False, delivery=done)

    def _submitted(self, user: str, view: Json, done: Delivery) -> Submission:
        workspace, body = self.workspace, done.body or {}
        if workspace.views.find(view_id=view["id"]) is None:  # closed by hand while the ack was on its way
            return Submission(ok=True, delivery=done)
        require(isinstance(body, dict), "invalid_response")
        match body.get("response_action"):
            case None:
                workspace.views.close(user, view["id"])
            case "clear":
                workspace.views.close(user, view["id"], clear=True)
            case "errors":
                errors = body.get("errors")
                inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
                require(isinstance(errors, dict) and errors and set(errors) <= inputs, "invalid_response")
                return Submission(ok=False, errors=dict(errors or {}), delivery=done)
            case "update":
                workspace.views.update(view, checked_view(workspace, body.get("view")))
            case "push":
                workspace.views.push(user, checked_view(workspace, body.get("view")))
            case _:
                raise SlackError("invalid_response")
        return Submission(ok=True, delivery=done)

    async def close(self, user: str, view_id: str, *, clear: bool = False) -> list[Delivery]:
        """Close a modal by hand; the app hears of those with notify_on_close."""
        done: list[Delivery] = []
        for view in self.workspace.views.close(user, view_id, clear=clear):
            if view.get("notify_on_close"):
                payload = payloads.interaction(self.workspace, "view_closed", self.workspace.users[user])
                payload.pop("trigger_id")
                payload |= {"view": copied(view), "is_cleared": clear}
                done.append(await self.send("view_closed", "interactive", payload))
        return done

    async def shortcut(
        self, user: str, callback_id: str, *, channel: str | None = None, message_ts: str | None = None
    ) -> Delivery:
        """Run a shortcut: on a message if one is given, else a global one."""
        workspace, who = self.workspace, self.workspace.users[user]
        if message_ts is None:
            payload = payloads.interaction(workspace, "shortcut", who)
        else:
            place = self.place(user, channel=channel, message_ts=message_ts)
            payload = self._interaction("message_action", who, place, None)
            payload |= {"message_ts": message_ts, "message": self._shown(place)}
            payload.pop("container")
        payload |= {"callback_id": callback_id, "action_ts": workspace.ids.ts()}
        done = await self.send(payload["type"], "interactive", payload)
        if not done.ok:
            self.toast(TROUBLE, user)
        return done

    def _interaction(self, kind: str, user: User, place: PressedPlace, values: Json | None) -> Json:
        if place.view is not None:
            payload = payloads.interaction(self.workspace, kind, user, view_id=place.view["id"])
            container = {"type": "view", "view_id": place.view["id"]}
            return {**payload, "container": container, "view": copied(place.view)}
        message, where = place.message or {}, self.workspace.channels[place.channel or ""]
        payload = payloads.interaction(self.workspace, kind, user)
        thread_ts = message.get("thread_ts")
        payload |= {
            "container": {
                "type": "message",
                "message_ts": message["ts"],
                "channel_id": where.id,
                "is_ephemeral": place.ephemeral,
                **({"thread_ts": thread_ts} if thread_ts else {}),
            },
            "channel": {"id": where.id, "name": payloads.channel_name(where)},
            "response_url": self.response_url(
                "shortcut" if kind == "message_action" else "click",
                where.id,
                user.id,
                message_ts=message["ts"],
                ephemeral=place.ephemeral,
            ),
        }
        if values is not None:
            payload["state"] = {"values": values}
        if not place.ephemeral:
            payload["message"] = self._shown(place)
        return payload

    def _shown(self, place: PressedPlace) -> Json:
        message = place.message or {}
        return copied_message({name: value for name, value in message.items() if name not in _INTERNAL})
