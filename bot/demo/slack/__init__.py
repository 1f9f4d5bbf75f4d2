"""A small Slack for the demo and for tests: Web API, deliveries, Socket Mode, the chat page's own API."""

from __future__ import annotations

from bot.demo.faults import Fault, Faults, Rate, Rates
from bot.demo.slack.app_connection import Delivery
from bot.demo.slack.deliveries import Deliveries
from bot.demo.slack.sample import app_from_manifest, sample_workspace
from bot.demo.slack.server import StandIn
from bot.demo.slack.shapes import App, Channel, Command, Shortcut, SlackError, Team, User
from bot.demo.slack.workspace import Workspace

__all__ = [
    "App",
    "Channel",
    "Command",
    "Deliveries",
    "Delivery",
    "Fault",
    "Faults",
    "Rate",
    "Rates",
    "Shortcut",
    "SlackError",
    "StandIn",
    "Team",
    "User",
    "Workspace",
    "app_from_manifest",
    "sample_workspace",
]
