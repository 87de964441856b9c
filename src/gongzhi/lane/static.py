"""Static files: the built front end (hashed names, kept for ever by browsers) and the ledger's immutable tiles."""

import asyncio
import mimetypes
from pathlib import Path

from gongzhi.lane.asgi import Headers, Scope, Send, answer, problem

_YEAR_SECONDS = 31_536_000
_KINDS = {"checkpoint": "text/plain"}  # signed notes and checkpoints are text (c2sp.org)
_FILE_BYTES_MAX = 32 * 1024 * 1024


class Folder:
    """Serves files below `root` under `prefix`; anything that resolves outside is not found."""

    def __init__(self, *, prefix: str, root: Path, immutable_below: str = "") -> None:
        """immutable_below: only below this sub-path may browsers cache for ever."""
        self.prefix = prefix
        self._root = root.resolve()
        self._immutable_below = immutable_below

    async def __call__(self, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await problem(send, 405, code="http.method_not_allowed", title="只能读取。 Read only.")
            return
        relative = scope["path"].removeprefix(self.prefix)
        content = await asyncio.to_thread(self._read, relative)
        if content is None:
            await problem(send, 404, code="http.not_found", title="没有这个文件。 No such file.")
            return
        kind = _KINDS.get(relative) or mimetypes.guess_type(relative)[0] or "application/octet-stream"
        if kind.startswith("text/") or kind == "application/javascript":
            kind += "; charset=utf-8"
        await answer(
            send,
            200,
            content,
            content_type=kind.encode(),
            headers=self._caching(relative),
            head_only=scope["method"] == "HEAD",
        )

    def _read(self, relative: str) -> bytes | None:
        try:
            path = (self._root / relative).resolve()
            if not path.is_relative_to(self._root) or not path.is_file():
                return None
            return path.read_bytes() if path.stat().st_size <= _FILE_BYTES_MAX else None
        except (OSError, ValueError):  # a name too long for the file system, or with a zero byte
            return None

    def _caching(self, relative: str) -> Headers:
        if not relative.startswith(self._immutable_below):
            return [(b"cache-control", b"no-cache")]
        return [(b"cache-control", f"public, max-age={_YEAR_SECONDS}, immutable".encode())]
