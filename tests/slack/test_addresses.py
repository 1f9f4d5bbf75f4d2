from __future__ import annotations

import pytest

from bot.slack.slack_api import may_post_to

SLACK, HERE, CLUSTER = "https://slack.com/api/", "http://127.0.0.1:3000/slack-api/", "https://slack.test/api/"


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://hooks.slack.com/commands/T1/2/3", SLACK),
        ("https://hooks.slack.com:443/actions/T1/2/3", "https://www.slack.com/api/"),
        ("https://hooks.slack-gov.com/actions/T1/2/3", "https://slack-gov.com/api/"),
        ("http://127.0.0.1:9/x", HERE),
        ("http://localhost:8080/x", HERE),
        ("http://[::1]:8080/x", "http://localhost:1/api/"),
        ("https://slack.test:8443/x", CLUSTER),
    ],
)
def test_slacks_own_addresses_are_posted_to(url: str, api: str) -> None:
    """Slack's hooks, a stand-in's own host on any port, this machine for a stand-in on this machine."""
    assert may_post_to(url, api)


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("http://hooks.slack.com/commands/T1/2/3", SLACK),
        ("https://hooks.slack.com.evil.example/x", SLACK),
        ("https://evil.example/hooks.slack.com", SLACK),
        ("https://user@hooks.slack.com/x", SLACK),
        ("https://hooks.slack.com:8443/x", SLACK),
        ("https://hooks.slack.com@169.254.169.254/latest/meta-data", SLACK),
        ("http://169.254.169.254/latest/meta-data", SLACK),
        ("http://127.0.0.1:5432/", SLACK),
        ("http://127.0.0.1:5432/", CLUSTER),
        ("http://slack.test/x", CLUSTER),
        ("https://hooks.slack.com/x", HERE),
        ("http://169.254.169.254/", HERE),
        ("file:///etc/passwd", HERE),
        ("//127.0.0.1/x", HERE),
        ("http://127.0.0.1:99999/x", HERE),
        ("http://[::1/x", HERE),
        ("not a url", HERE),
        ("", SLACK),
    ],
)
def test_no_other_address_is_posted_to(url: str, api: str) -> None:
    """Neither the operator's network nor a look-alike of Slack's host is reached by a response_url."""
    assert not may_post_to(url, api)
