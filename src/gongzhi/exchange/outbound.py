"""The one client that calls addresses people typed in. Nothing else in the house opens such a connection.

Names are resolved once; every answer must be callable (addresses.py) or nothing is called; the connection goes to
the very address that was judged. No redirects, no proxies, no cookies, a time limit for everything, a small answer.
`GONGZHI_OUTBOUND_ALLOW` lists networks an operator allows in spite of all ("127.0.0.1/32:8099, 10.20.0.0/16").
"""

import http.client
import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache

from gongzhi.exchange import addresses
from gongzhi.exchange.addresses import Address, Target

TIMEOUT_SECONDS = 10.0
ANSWER_BYTES_MAX = 16_384
READ_BYTES_MAX = 4_000_000
REQUEST_BYTES_MAX = 1_000_000
Resolve = Callable[[str, int], list[Address]]


class Failed(Exception):
    """Nobody answered properly; trying again may help. The text is short and holds no body."""


class Forbidden(Exception):
    """The name leads to an address that must not be called."""


@dataclass(frozen=True, slots=True)
class Answer:
    """status: HTTP status; body: the first bytes asked for; headers: lower-case names."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    timeout_seconds: float = TIMEOUT_SECONDS,
    resolve: Resolve | None = None,
) -> Answer:
    """POST and return the answer, 3xx included (never followed). Raises Forbidden, Failed, Invalid (not an address)."""
    return _call("POST", url, body, headers, timeout_seconds, resolve, ANSWER_BYTES_MAX)


def put(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    timeout_seconds: float = TIMEOUT_SECONDS,
    resolve: Resolve | None = None,
) -> Answer:
    """The same as `post`, for what may be repeated."""
    return _call("PUT", url, body, headers, timeout_seconds, resolve, ANSWER_BYTES_MAX)


def get(
    url: str,
    *,
    headers: Mapping[str, str],
    timeout_seconds: float = TIMEOUT_SECONDS,
    resolve: Resolve | None = None,
    answer_bytes_max: int = READ_BYTES_MAX,
) -> Answer:
    """The same for reading, with a larger answer. Raises Failed for one that is larger still."""
    answer = _call("GET", url, b"", headers, timeout_seconds, resolve, answer_bytes_max + 1)
    if len(answer.body) > answer_bytes_max:
        raise Failed("the answer is too big")
    return answer


def _call(
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    timeout_seconds: float,
    resolve: Resolve | None,
    most: int,
) -> Answer:
    if len(body) > REQUEST_BYTES_MAX:
        raise ValueError("the request is too big")
    deadline = time.monotonic() + timeout_seconds
    target, address = judge(url, resolve=resolve)
    try:
        with closing(_connection(target, address, timeout_seconds)) as connection:
            connection.request(method, target.path, body or None, {"Host": target.netloc, **_clean(headers)})
            if connection.sock is not None:
                connection.sock.settimeout(max(deadline - time.monotonic(), 0.01))
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, _read(answer, connection, deadline, most), found)
    except ssl.SSLError as error:
        raise Failed(f"tls: {error.reason or type(error).__name__}") from error
    except TimeoutError as error:
        raise Failed("timeout") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Failed(type(error).__name__) from error


def judge(url: str, *, resolve: Resolve | None = None) -> tuple[Target, Address]:
    """The target and the one address to call. Raises Invalid, Forbidden, Failed (unknown name)."""
    allowed = addresses.exceptions(os.environ.get("GONGZHI_OUTBOUND_ALLOW", ""))
    target = addresses.target(url, plain_allowed=bool(allowed))
    found = (resolve or _resolve)(target.host, target.port)
    if not found:
        raise Failed("unknown name")
    usual = target.scheme == "https" and target.port in addresses.PORTS
    for address in found:
        excepted = any(exception.covers(address, target.port) for exception in allowed)
        if not excepted and not (usual and addresses.is_public(address)):
            raise Forbidden("the name leads to an address that may not be called")
    return target, found[0]


def _resolve(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise Failed("unknown name") from error
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _connection(target: Target, address: Address, timeout: float) -> http.client.HTTPConnection:
    if target.scheme == "http":
        return http.client.HTTPConnection(str(address), target.port, timeout=timeout)
    return _Pinned(target.host, str(address), target.port, timeout)


class _Pinned(http.client.HTTPSConnection):
    """TLS with the certificate of `host`, to the address that was judged."""

    def __init__(self, host: str, address: str, port: int, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout, context=_context())
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        try:
            self.sock = _context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


@cache
def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _read(
    answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, deadline: float, most: int
) -> bytes:
    """The beginning of the body, however slowly it drips, until the deadline."""
    body = b""
    while len(body) < most:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = answer.read1(most - len(body))
        if not piece:
            break
        body += piece
    return body


def _clean(headers: Mapping[str, str]) -> dict[str, str]:
    """Raises ValueError for a value that would start another header."""
    for name, value in headers.items():
        if any(ord(c) < 32 or ord(c) > 126 for c in name + value):
            raise ValueError(f"header {name} has control or non-ASCII characters")
    return dict(headers)
