"""Everything that is not the lane's own goes to the web process over its unix socket, streamed both ways."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from django.conf import settings
from multidict import CIMultiDict
from yarl import URL

from gongzhi.lane import sorry
from gongzhi.lane.asgi import Headers, Receive, Scope, Send, answer, header, problem
from gongzhi.lane.refusing import language_of
from gongzhi.lane.visitors import address

# RFC 9110 §7.6.1: these belong to one connection. The forwarded ones are ours to say, never the client's.
_HOP_BY_HOP = frozenset(
    (
        *(b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding"),
        *(b"upgrade", b"expect", b"proxy-authorization", b"proxy-authenticate"),
    )
)
_OURS = frozenset((b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-real-ip"))
_KEPT = frozenset((b"host", b"content-length"))  # nobody may have these dropped by naming them in Connection
_CHUNK_BYTES = 64 * 1024


class Proxy:
    """One keep-alive pool to the web process; `close()` it at shutdown."""

    def __init__(self, *, socket: Path, timeout_seconds: float = 120) -> None:
        self._socket = socket
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=timeout_seconds)
        self._session: aiohttp.ClientSession | None = None

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(path=str(self._socket), limit=256, keepalive_timeout=15),
                timeout=self._timeout,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = header(scope, b"content-length")
        if header(scope, b"transfer-encoding") and not length:
            await problem(
                send,
                411,
                code="http.length_required",
                title="请求缺少 Content-Length。 Content-Length is required.",
            )
            return
        query = scope.get("query_string", b"")
        target = scope.get("raw_path") or scope["path"].encode()
        target = target.split(b"?")[0].decode("latin-1") + (f"?{query.decode('latin-1')}" if query else "")
        started = False
        try:
            async with self._pool().request(
                scope["method"],
                URL(f"http://web{target}", encoded=True),
                headers=_forwarded(scope),
                data=_chunks(receive) if length and length != "0" else None,
                allow_redirects=False,
            ) as response:
                started = True
                await _relay(response, send, head_only=scope["method"] == "HEAD")
        except (aiohttp.ClientError, TimeoutError, OSError):
            if started:  # half an answer is out: closing the connection is the only honest sign left
                raise
            await _sorry(scope, send)


def _forwarded(scope: Scope) -> CIMultiDict[str]:
    headers: CIMultiDict[str] = CIMultiDict()
    named = {
        name.strip().lower().encode("latin-1") for name in header(scope, b"connection").split(",")
    } - _KEPT
    for name, value in scope["headers"]:
        if name not in _HOP_BY_HOP and name not in _OURS and name not in named:
            headers.add(name.decode("latin-1"), value.decode("latin-1"))
    headers["X-Forwarded-For"] = address(scope)
    headers["X-Forwarded-Proto"] = "https" if settings.HTTPS else scope.get("scheme", "http")
    return headers


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise asyncio.CancelledError
        if chunk := message.get("body", b""):
            yield chunk
        if not message.get("more_body"):
            return


async def _relay(response: aiohttp.ClientResponse, send: Send, *, head_only: bool) -> None:
    headers: Headers = [
        (name.lower(), value) for name, value in response.raw_headers if name.lower() not in _HOP_BY_HOP
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if not head_only:
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _sorry(scope: Scope, send: Send) -> None:
    if "text/html" in header(scope, b"accept"):
        target = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").split("?")[0]
        if query := scope.get("query_string", b"").decode("latin-1"):
            target += f"?{query}"
        content, headers = sorry.page(language=language_of(scope), method=scope["method"], target=target)
        await answer(
            send,
            503,
            content,
            content_type=b"text/html; charset=utf-8",
            headers=headers,
            head_only=scope["method"] == "HEAD",
        )
        return
    await problem(
        send,
        503,
        code="web.unavailable",
        title="系统正在启动或恢复，请稍后再试。 Starting or recovering, please retry.",
        retry_after_seconds=sorry.RETRY_SECONDS,
    )
