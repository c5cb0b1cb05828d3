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

    def __init__(self, rpc: Rpc, services: list[str]) -> None:
        self._rpc, self._services = rpc, services

    async def on_get(self, req: Request, resp: Response) -> None:
        """The broker can be reached: 200, else 503. Beside it, how many processes of each service take calls.

        A missing service is no reason to send people elsewhere: every gateway would miss it, and this one says so itself.
        """
        broker = await self._rpc.connected()
        services = await self._rpc.processes(self._services) if broker else dict.fromkeys(self._services)
        resp.status = 200 if broker else 503
        resp.media = {"ready": broker, "broker": broker, "services": services}
