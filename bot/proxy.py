"""What is this machine, and which proxy the environment wants for an address, for ElevenLabs and Slack.

HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY. httpx makes every proxy that is named, also one that it would
not use; Slack's SDK knows no NO_PROXY and aiohttp no ALL_PROXY: so each request is told its proxy.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def proxy_for(url: str) -> str | None:
    return named_proxy(url)[1]


def named_proxy(url: str) -> tuple[str, str | None]:
    """Return the variable that names the proxy for an address, and the proxy. This machine needs none."""
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - slow, and settings need it not

    parts = urlsplit(url)
    if is_this_machine(parts.hostname or "") or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return "", None
    proxies = getproxies()
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    name = scheme if proxies.get(scheme) else "all"
    found = proxies.get(name)
    return f"{name.upper()}_PROXY", found if not found or "://" in found else f"http://{found}"


def is_this_machine(host: str) -> bool:
    """Whether a host is a loopback address, or a name of one."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
