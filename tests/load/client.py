"""A small closed-loop HTTP/1.1 load client: n keep-alive connections, one request in flight on each.

Written for measuring on the same machine as the server: bytes in, bytes out, so that the client takes little CPU.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Request = bytes


@dataclass(slots=True)
class Outcome:
    """Latencies in seconds of the requests that were answered well (2xx), status → count, and the bodies kept."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    broken: int = 0
    seconds: float = 0.0

    def percentile_ms(self, percent: float) -> float:
        """The latency in milliseconds below which `percent` of the answers stayed; nan without answers."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000

    @property
    def refused(self) -> int:
        """Answers other than 2xx: they are quick, and must not count as work."""
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 300)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0


def request(method: str, path: str, *, body: bytes = b"", headers: Iterable[tuple[str, str]] = ()) -> Request:
    """The bytes of one request for 127.0.0.1."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: keep-alive"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body or method not in ("GET", "HEAD"):
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def drive(
    *,
    port: int,
    connections: int,
    seconds: float,
    make: Callable[[int, int], Request],
    keep_bodies: bool = False,
    warm_up_seconds: float = 0.0,
) -> Outcome:
    """Run the closed loop; `make(connection, n)` builds the n-th request of a connection."""
    outcome = Outcome()
    began = time.perf_counter()
    counting_from = began + warm_up_seconds
    until = counting_from + seconds

    async def one(connection: int) -> None:
        number = 0
        while time.perf_counter() < until:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                closing = False
                while not closing and time.perf_counter() < until:
                    sent_at = time.perf_counter()
                    writer.write(make(connection, number))
                    number += 1
                    status, body, closing = await _answer(reader)
                    good = 200 <= status < 300
                    if sent_at >= counting_from:
                        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
                        if good:
                            outcome.latencies.append(time.perf_counter() - sent_at)
                    if keep_bodies and good:
                        outcome.bodies.append(body)
                writer.close()
            except (OSError, asyncio.IncompleteReadError):
                outcome.broken += 1
                await asyncio.sleep(0.05)

    await asyncio.gather(*(one(connection) for connection in range(connections)))
    outcome.seconds = time.perf_counter() - counting_from
    return outcome


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    """Status, body, and whether the server closes the connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, lowered = int(head[9:12]), head.lower()
    closing = b"connection: close" in lowered
    if (at := lowered.find(b"content-length:")) >= 0:
        length = int(lowered[at + 15 : lowered.index(b"\r\n", at)])
        return status, await reader.readexactly(length), closing
    if b"transfer-encoding: chunked" in lowered:
        parts = []
        while size := int((await reader.readline()).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return status, b"".join(parts), closing
    return status, b"", closing


async def ask(port: int, sent: Request) -> tuple[int, bytes]:
    """One request on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        status, body, _ = await _answer(reader)
        return status, body
    finally:
        writer.close()
