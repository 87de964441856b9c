"""Where a visitor comes from: limits per network count this address, so nobody may choose it.

The peer of the connection, unless that is a proxy of the operator's (`GONGZHI_PROXIES`: addresses or networks, comma
separated; with GONGZHI_HTTPS=1 and nothing said, the proxy on this machine). Then the last address in X-Forwarded-For
that no proxy of the operator's has: what stands further left, the visitor may have written.
"""

import ipaddress
import os

from django.conf import settings

from gongzhi.lane.asgi import Scope

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_LOOPBACK = "127.0.0.0/8,::1"


def proxies() -> tuple[_Network, ...]:
    """Raises ValueError for what is no address: a lane that guesses whom to believe must not start."""
    said = os.environ.get("GONGZHI_PROXIES", _LOOPBACK if settings.HTTPS else "")
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in said.split(",") if part.strip())


_OURS = proxies()


def address(scope: Scope, *, ours: tuple[_Network, ...] = _OURS) -> str:
    """Never empty-handed: an unreadable address is counted as it is."""
    client = scope.get("client")
    peer = str(client[0]) if client else ""
    if not ours or not _is_ours(peer, ours):
        return peer
    lists = (bytes(value).decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
    for said in reversed([part.strip() for part in ",".join(lists).split(",") if part.strip()]):
        if not _is_ours(said, ours):
            return said[:64]
    return peer


def _is_ours(said: str, ours: tuple[_Network, ...]) -> bool:
    try:
        found = ipaddress.ip_address(said)
    except ValueError:
        return False
    return any(found in network for network in ours)
