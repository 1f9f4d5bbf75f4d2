"""Where answers may be posted to: addresses that Slack hands out, and no other. Nothing is asked here.

A response_url comes in a signed payload, so it is Slack's. That it cannot lead into the operator's own
network does not rest on this alone.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

SLACK = frozenset({"slack.com", "slack-gov.com"})
"""Slack's own domains; answers are posted to `hooks.` of them."""


def is_slack(api_url: str) -> bool:
    """Whether a Web API is Slack's own, and no stand-in for it."""
    return _slacks(api_url) is not None


def may_post_to(url: str, api_url: str) -> bool:
    """Whether a response_url belongs to the Slack whose Web API is at `api_url`.

    For Slack itself that is https://hooks.slack.com. A stand-in for it may answer on its own host, whatever
    the port; one on this machine, anywhere on this machine.
    """
    try:
        to, api = urlsplit(url), urlsplit(api_url)
        host, api_host = to.hostname or "", api.hostname or ""
        _ = to.port  # reading it validates it
    except ValueError:
        return False
    if to.scheme not in ("http", "https") or not host or to.username is not None or to.password is not None:
        return False
    if (domain := _slacks(api_url)) is not None:
        return to.scheme == "https" and host == f"hooks.{domain}" and to.port in (None, 443)
    return _may_stand_in(to, host, api.scheme, api_host)


def _slacks(api_url: str) -> str | None:
    """Return Slack's domain that a Web API is at; None for a stand-in."""
    domain = ".".join((urlsplit(api_url).hostname or "").rstrip(".").split(".")[-2:])
    return domain if domain in SLACK else None


def _may_stand_in(to: SplitResult, host: str, api_scheme: str, api_host: str) -> bool:
    if api_scheme == "https" and to.scheme != "https":
        return False
    return host == api_host or (_is_here(host) and _is_here(api_host))


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
