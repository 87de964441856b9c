"""A front door that only hands everything to web: starting and stopping is tested without the lane's own work."""

from gongzhi.installation.home import home
from gongzhi.lane.asgi import Receive, Scope, Send
from gongzhi.lane.proxy import Proxy


class BareLane:
    def __init__(self) -> None:
        self.web = Proxy(socket=home().run / "web.sock")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.web(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.web.close()
        await send({"type": "lifespan.shutdown.complete"})


application = BareLane()
