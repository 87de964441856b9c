"""The few ASGI words the lane speaks: request headers, whole bodies, short answers, problems (RFC 9457)."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import msgspec

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Disconnected(Exception):
    """The client went away before its request was whole."""


class BodyTooLarge(Exception):
    """More bytes than the door takes."""


def header(scope: Scope, name: bytes) -> str:
    """The first header of that lower-case name, or the empty string."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return ""


async def body(receive: Receive, *, bytes_max: int) -> bytes:
    """The whole request body. Raises BodyTooLarge past `bytes_max`, Disconnected when the client leaves."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > bytes_max:
            raise BodyTooLarge
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


async def answer(
    send: Send,
    status: int,
    content: bytes,
    *,
    content_type: bytes = b"application/json",
    headers: Iterable[tuple[bytes, bytes]] = (),
    head_only: bool = False,
) -> None:
    """One complete answer."""
    fixed: Headers = [
        (b"content-type", content_type),
        (b"content-length", str(len(content)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": b"" if head_only else content})


async def problem(
    send: Send,
    status: int,
    *,
    code: str,
    title: str,
    detail: str = "",
    errors: Iterable[MutableMapping[str, str]] = (),
    retry_after_seconds: int | None = None,
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> None:
    """An RFC 9457 problem; `code` is stable, `title` and `detail` are in the reader's language."""
    content: dict[str, Any] = {
        "type": f"urn:gongzhi:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
    }
    if detail:
        content["detail"] = detail
    if listed := list(errors):
        content["errors"] = listed
    sent: Headers = [(b"cache-control", b"no-store"), *headers]
    if retry_after_seconds is not None:
        sent.append((b"retry-after", str(retry_after_seconds).encode()))
    await answer(
        send, status, msgspec.json.encode(content), content_type=b"application/problem+json", headers=sent
    )
