"""Views: each person's stack of modals (three at most), and their Home tabs."""

from __future__ import annotations

from bot.demo.slack.messages import Change, Changes
from bot.demo.slack.shapes import App, Ids, Json, SlackError, copied, require

STACK = 3


class Views:
    """All views the app has shown. A view is JSON in Slack's shape."""

    def __init__(self, ids: Ids, changes: Changes, app: App, team_id: str) -> None:
        self._ids = ids
        self._changes = changes
        self._app = app
        self._team_id = team_id
        self._stacks: dict[str, list[Json]] = {}
        self._homes: dict[str, Json] = {}
        self._owner: dict[str, str] = {}
        self._external: dict[str, str] = {}

    def open(self, user: str, content: Json) -> Json:
        """Show a modal; another one still open is replaced."""
        self._forget(user, self._stacks.get(user, ()))
        view = self._new(user, content)
        self._stacks[user] = [view]
        self._tell("view_opened", user, view)
        return view

    def push(self, user: str, content: Json) -> Json:
        """Lay a modal over the one open. Raises SlackError(push_limit_reached) over the third."""
        stack = self._stacks.setdefault(user, [])
        require(stack, "not_found")
        require(len(stack) < STACK, "push_limit_reached")
        view = self._new(user, content)
        view["previous_view_id"] = stack[-1]["id"]
        view["root_view_id"] = stack[0]["id"]
        stack.append(view)
        self._tell("view_pushed", user, view)
        return view

    def update(self, view: Json, content: Json, expected_hash: str | None = None) -> Json:
        """Replace an open view's content. Raises SlackError(hash_conflict) if it changed since."""
        require(expected_hash in {None, view["hash"]}, "hash_conflict")
        self._name(self._owner[view["id"]], view["id"], content)
        state = view["state"]
        for name in ("title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"):
            view.pop(name, None)
        view.update(_content(content), state=state, hash=self._hash())
        self._tell("home" if view["type"] == "home" else "view_updated", self._owner[view["id"]], view)
        return view

    def publish(self, user: str, content: Json, expected_hash: str | None = None) -> Json:
        old = self._homes.get(user)
        require(old is None or expected_hash in {None, old["hash"]}, "hash_conflict")
        view = self._new(user, content)
        if old is not None:
            view["id"] = view["root_view_id"] = old["id"]
            self._owner[old["id"]] = user
        self._homes[user] = view
        self._tell("home", user, view)
        return view

    def close(self, user: str, view_id: str, *, clear: bool = False) -> list[Json]:
        """Close a view (all of the stack with `clear`); returns the closed, topmost first."""
        stack = self._stacks.get(user, [])
        index = next((i for i, view in enumerate(stack) if view["id"] == view_id), None)
        if index is None:
            return []
        if clear:
            index = 0
        gone = stack[index:]
        del stack[index:]
        self._forget(user, gone)
        self._changes.emit(
            Change("view_closed", user=user, data={"view_id": view_id, **({"clear": True} if clear else {})})
        )
        return gone[::-1]

    def find(self, *, view_id: str | None = None, external_id: str | None = None) -> Json | None:
        wanted = view_id or self._external.get(external_id or "")
        owner = self._owner.get(wanted or "")
        if owner is None:
            return None
        shown = [*self._stacks.get(owner, ()), *([self._homes[owner]] if owner in self._homes else [])]
        return next((view for view in shown if view["id"] == wanted), None)

    def owner(self, view: Json) -> str:
        return self._owner[view["id"]]

    def home(self, user: str) -> Json | None:
        return self._homes.get(user)

    def stack(self, user: str) -> tuple[Json, ...]:
        return tuple(self._stacks.get(user, ()))

    def _new(self, user: str, content: Json) -> Json:
        view_id = self._ids.new("V")
        self._name(user, view_id, content)
        self._owner[view_id] = user
        return {
            "id": view_id,
            "team_id": self._team_id,
            **_content(content),
            "state": {"values": {}},
            "hash": self._hash(),
            "previous_view_id": None,
            "root_view_id": view_id,
            "app_id": self._app.app_id,
            "app_installed_team_id": self._team_id,
            "bot_id": self._app.bot_id,
        }

    def _name(self, user: str, view_id: str, content: Json) -> None:
        external = content.get("external_id")
        if external:
            taken = self._external.get(external)
            if taken not in {None, view_id} and self._owner.get(taken or "") is not None:
                raise SlackError("duplicate_external_id")
            self._external[external] = view_id
            self._owner[view_id] = user

    def _forget(self, user: str, views: list[Json] | tuple[Json, ...]) -> None:
        for view in views:
            if self._owner.get(view["id"]) == user:
                del self._owner[view["id"]]

    def _hash(self) -> str:
        return f"{int(self._ids.clock())}.{self._ids.hex(8)}"

    def _tell(self, kind: str, user: str, view: Json) -> None:
        self._changes.emit(Change(kind, user=user, data={"view": copied(view)}))


def _content(view: Json) -> Json:
    defaults = {
        "callback_id": "",
        "private_metadata": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
    }
    return {**defaults, **copied(view)}
