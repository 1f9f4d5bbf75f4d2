"""views.*: opening, pushing, updating, publishing."""

from __future__ import annotations

from collections.abc import Callable

from bot.demo.slack.block_kit import check_view, with_ids
from bot.demo.slack.methods.call import Method, MethodCall
from bot.demo.slack.shapes import Json, SlackError, require
from bot.demo.slack.workspace import Workspace


def checked_view(workspace: Workspace, view: object, *, kind: str = "modal") -> Json:
    """Return a view as Slack stores it. Raises SlackError(invalid_arguments) with what is wrong."""
    notes = check_view(view, kind=kind)
    if notes.problems or not isinstance(view, dict):
        raise SlackError("invalid_arguments", notes.problems)
    return {**view, "blocks": with_ids(view["blocks"], workspace.ids)}


def _view(call: MethodCall, kind: str = "modal") -> Json:
    given = call.structure("view")
    require(given is not None, "invalid_arguments", "missing required field: view")
    return checked_view(call.workspace, given, kind=kind)


def _shown(call: MethodCall, show: Callable[[str, Json], Json]) -> Json:
    """Show a view by a trigger, which that uses up."""
    view, given = _view(call), call.text("trigger_id") or call.text("interactivity_pointer")
    require(given, "invalid_arguments", "missing required field: trigger_id")
    trigger = call.workspace.hooks.exchange(given)
    shown = show(trigger.user, view)
    trigger.used = True
    return {"view": shown}


def open_(call: MethodCall) -> Json:
    return _shown(call, call.workspace.views.open)


def push(call: MethodCall) -> Json:
    return _shown(call, call.workspace.views.push)


def update(call: MethodCall) -> Json:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    require(view_id or external_id, "invalid_arguments", "missing required field: view_id")
    found = call.workspace.views.find(view_id=view_id or None, external_id=external_id or None)
    if found is None:
        raise SlackError("not_found")
    content = _view(call, found["type"])
    return {"view": call.workspace.views.update(found, content, call.text("hash") or None)}


def publish(call: MethodCall) -> Json:
    require(call.workspace.app.home_tab, "not_enabled")
    user = call.needed("user_id")
    require(user in call.workspace.users, "user_not_found")
    view = _view(call, "home")
    return {"view": call.workspace.views.publish(user, view, call.text("hash") or None)}


METHODS = {
    "views.open": Method(open_),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
