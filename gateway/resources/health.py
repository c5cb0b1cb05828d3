"""Whether the gateway lives and is ready."""

from __future__ import annotations

from falcon.asgi import Request, Response

from gateway.rpc import Rpc


class Live:
    """`/health/live`."""

    async def on_get(self, req: Request, resp: Response) -> None:
        """The process answers."""
        resp.media = {"live": True}


class Ready:
    """`/health/ready`."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    async def on_get(self, req: Request, resp: Response) -> None:
        """The broker can be reached: 200, else 503."""
        broker = await self._rpc.connected()
        resp.status = 200 if broker else 503
        resp.media = {"ready": broker, "broker": broker}
