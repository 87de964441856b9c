"""Which addresses may be called. Pure but for the operator's exceptions, which are handed in.

An address is public when every transition form it hides in (mapped, 6to4, Teredo, NAT64) is public, too.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from gongzhi.kernel.refusals import Invalid

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

URL_MAX = 2000
PORTS = frozenset((443, 8443))
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_NEVER = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "::/96",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address of the web. host is lower-case ASCII without brackets; path starts with "/"."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.scheme == "https" else 80) else f"{name}:{self.port}"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the operator allows on purpose: a network, optionally one port of it. Plain http is allowed there, too."""

    network: Network
    port: int | None

    def covers(self, address: Address, port: int) -> bool:
        return (
            address.version == self.network.version and address in self.network and self.port in (None, port)
        )


def exceptions(text: str) -> tuple[Allowance, ...]:
    """ "127.0.0.1/32:8099, 10.20.0.0/16, [fd00::]/8" → exceptions. Raises ValueError."""
    return tuple(_exception(part.strip()) for part in text.split(",") if part.strip())


def target(url: str, *, plain_allowed: bool = False) -> Target:
    """Parse strictly; Invalid for anything unusual: other schemes, user names, odd hosts and ports, control
    characters, fragments. `plain_allowed`: http and any port (then every address must be an operator's exception)."""
    if len(url) > URL_MAX or any(ord(c) <= 32 or ord(c) >= 127 for c in url) or "\\" in url:
        raise refused()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise refused() from error
    host = (parts.hostname or "").removesuffix(".")
    if parts.scheme not in (("https", "http") if plain_allowed else ("https",)):
        raise refused()
    named = "%" not in host and _is_v6(host) if "[" in parts.netloc else bool(_HOST.fullmatch(host))
    if "@" in parts.netloc or "#" in url or not named:
        raise refused()
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    if not plain_allowed and port not in PORTS:
        raise refused()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def is_public(address: Address) -> bool:
    """Whether an address of the internet at large. Private, loopback, link-local, shared, multicast, reserved,
    documentation, benchmarking and every transition form of those: no."""
    return all(_is_plain_public(each) for each in _meanings(address))


def may_call(address: Address, port: int, allowed: Iterable[Allowance]) -> bool:
    return is_public(address) or any(exception.covers(address, port) for exception in allowed)


def refused() -> Invalid:
    return Invalid(
        "exchange.address",
        "不能使用这个地址：须为 https 的公网域名（端口 443 或 8443），不含用户名、片段和特殊字符。",
        field="url",
    )


def _meanings(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        hidden = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(address in network for network in _NAT64):
            hidden.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        yield from (each for each in hidden if each is not None)


def _is_plain_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return True  # judged by what it maps to
    if any(address.version == network.version and address in network for network in _NEVER):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _is_v6(host: str) -> bool:
    try:
        return ":" in host and bool(ipaddress.IPv6Address(host))
    except ValueError:
        return False


def _exception(text: str) -> Allowance:
    found = re.fullmatch(r"\[?([0-9a-fA-F:.]+)\]?(/\d+)?(?::(\d+))?", text)
    if found is None:
        raise ValueError(f"no network: {text}")
    network = ipaddress.ip_network(found[1] + (found[2] or ""))
    return Allowance(network, int(found[3]) if found[3] else None)
