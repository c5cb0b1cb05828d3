"""Requests as the gateway takes them: whole or not at all, and with the bytes of their bodies counted."""

from __future__ import annotations

from typing import Any

import falcon.asgi

from chassis.bare.refusals import Invalid
from gateway.admission import Admission


class CutOff(Invalid):
    """The request ended before its body did; send it again whole."""


class Entrance(falcon.asgi.App):
    """Falcon's application behind a count of the bytes that all bodies together hold."""

    def __init__(self, admission: Admission, **kwargs: Any) -> None:
        self._admission = admission
        super().__init__(**kwargs)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # type: ignore[override]
        """One request, from its first bytes to the last of the response."""
        body = Body(self._admission, receive)
        try:
            await super().__call__(scope, body.receive if scope["type"] == "http" else receive, send)
        finally:
            body.release()


class Body:
    """The body of one request as it comes in.

    Falcon treats a lost connection as the end of the body, and what came until then may read as another request: an order whose
    reason is missing. Here it is an error.
    """

    def __init__(self, admission: Admission, receive: Any) -> None:
        self._admission, self._receive = admission, receive
        self._begun, self._held = False, 0

    async def receive(self) -> Any:
        """The next piece; raises CutOff, and Unavailable when all bodies together are too much.

        The first is passed on as it is: nobody is there yet who could answer for it.
        """
        event = await self._receive()
        if self._begun:
            self._check(event)
        self._begun = True
        self._hold(len(event.get("body") or b""))
        return event

    def release(self) -> None:
        """The request is over, and its body is gone."""
        self._admission.release(self._held)
        self._held = 0

    def _check(self, event: Any) -> None:
        if event["type"] == "http.disconnect":
            raise CutOff
        self._admission.demand_memory()

    def _hold(self, size: int) -> None:
        self._admission.hold(size)
        self._held += size
