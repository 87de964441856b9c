"""The ASGI application behind the public port: who answers which path, start-up and flush at shutdown."""

import asyncio
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402  after setup: settings read keys and the database address

from gongzhi.installation.home import home  # noqa: E402
from gongzhi.kernel import memory  # noqa: E402
from gongzhi.lane import live, reports  # noqa: E402
from gongzhi.lane.asgi import Disconnected, Message, Receive, Scope, Send, answer  # noqa: E402
from gongzhi.lane.proxy import Proxy  # noqa: E402
from gongzhi.lane.refusing import Broken, refuse  # noqa: E402
from gongzhi.lane.static import Folder  # noqa: E402

log = logging.getLogger("gongzhi.lane")

# The loop answers between two moments of a committer's work; Python's own five milliseconds would be felt in each answer.
SWITCH_SECONDS = 0.001
_DIST = settings.PACKAGE / "web" / "static" / "dist"


class Lane:
    """Routes by path: fast intake, live streams, built files, tiles; the rest goes to web."""

    def __init__(self) -> None:
        self.web = Proxy(socket=home().run / "web.sock")
        self.built = Folder(prefix="/static/dist/", root=_DIST, immutable_below="assets/")
        self.tiles = Folder(prefix="/ledger/", root=home().ledger, immutable_below="tile/")
        self.reports = reports.Intake()
        self.streams = live.Streams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._route(scope, receive, sending)
        except (Disconnected, asyncio.CancelledError):
            return
        except Exception:
            log.exception("lane: defect at %s", scope["path"])
            if begun:  # half an answer is out: breaking off is the only honest sign left
                raise
            await refuse(send, _broken(), scope)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path == "/lane/reports":
            await self.reports(scope, receive, send)
        elif path == "/live/stream":
            await self.streams(scope, receive, send)
        elif path.startswith("/static/dist/"):
            await self.built(scope, send)
        elif path == "/ledger/checkpoint" or path.startswith("/ledger/tile/"):
            await self.tiles(scope, send)
        elif path == "/lane/livez":
            await answer(send, 200, b'{"lane":"alive"}')
        else:
            await self.web(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self.reports.start()
        self.streams.start(asyncio.get_running_loop())
        memory.settle()
        sys.setswitchinterval(SWITCH_SECONDS)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.streams.stop()
        await self.reports.stop()
        await self.web.close()
        await send({"type": "lifespan.shutdown.complete"})


def _broken() -> Broken:
    return Broken("web.broken", "我们这边出了错，已记下。您刚才的操作没有完成，请稍后再试。")


application = Lane()
