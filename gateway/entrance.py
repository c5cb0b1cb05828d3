"""Requests as the gateway takes them: whole or not at all, and with the bytes of their bodies counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import falcon.asgi

from chassis.bare.refusals import Invalid
from gateway.admission import Admission


class CutOff(Invalid):
    """The request ended before its body did; send it again whole."""


AT_END = "clusterxchange.at_end"


def at_end(scope: Any, done: Callable[[], None]) -> None:
    """Have something done when the request is over, however it ends: also when its answer was never begun."""
    scope.setdefault(AT_END, []).append(done)


class Entrance(falcon.asgi.App):
    """Falcon's application behind a count of the bytes that all bodies together hold."""

    def __init__(self, admission: Admission, **kwargs: Any) -> None:
        self._admission = admission
        self.on_leaving: Callable[[], None] = lambda: None
        """Called when the process begins to stop: what would go on for ever has to end."""
        super().__init__(**kwargs)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # type: ignore[override]
        """One request, from its first bytes to the last of the response."""
        body = Body(self._admission, receive)
        try:
            await super().__call__(scope, body.receive if scope["type"] == "http" else receive, send)
        finally:
            body.release()
            for done in scope.get(AT_END, ()):
                done()


class Body:
    """The body of one request as it comes in.

    Falcon treats a lost connection as the end of the body, and what came until then may read as another request: an order whose
    reason is missing. Here it is an error.
    """

    def __init__(self, admission: Admission, receive: Any) -> None:
        self._admission, self._receive = admission, receive
        self._begun, self._is_whole, self._held = False, False, 0

    async def receive(self) -> Any:
        """The next piece; raises CutOff, and Unavailable when all bodies together are too much.

        The first is passed on as it is: nobody is there yet who could answer for it.
        """
        event = await self._receive()
        if self._begun:
            self._check(event)
        self._begun, self._is_whole = True, self._is_whole or not event.get("more_body", False)
        self._hold(len(event.get("body") or b""))
        return event

    def release(self) -> None:
        """The request is over, and its body is gone."""
        self._admission.release(self._held)
        self._held = 0

    def _check(self, event: Any) -> None:
        if event["type"] == "http.disconnect" and not self._is_whole:
            raise CutOff
        self._admission.demand_memory()

    def _hold(self, size: int) -> None:
        self._admission.hold(size)
        self._held += size
