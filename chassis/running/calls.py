"""Asking another service: with a token, a deadline and a time-out.

Each call borrows a connection of its own and reads its reply itself, which needs no shared reader and works in a worker process
as well as on the event loop. Never inside a unit: an answer may take seconds, and a transaction must not.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

import kombu
from nameko.extensions import DependencyProvider

from chassis.bare.message import Request
from chassis.bare.principal import Principal, Signer, service
from chassis.bare.protocol import JSON_TYPE, REPLY_QUEUE, RPC_TOPIC, call_headers, encode
from chassis.bare.refusals import RefusedElsewhere, Unavailable
from chassis.running.frame import Frame, Provided
from chassis.running.occasions import Occasion
from chassis.running.topology import call_queue
from chassis.running.wire import BROKEN, close_quietly, opening

MOST_IDLE = 4

Ask = Callable[..., dict[str, Any]]


class Asker(Protocol):
    """Whatever can ask another service a question; tests stand in for it."""

    def ask(self, contract: type[Request], content: dict[str, Any], correlation_id: str) -> dict[str, Any]:
        """The dumped view that the contract promises; raises a Refusal or Unavailable."""


class BrokerAsker:
    """Asks over the broker, in this process' own name."""

    def __init__(self, amqp_uri: str, signer: Signer, timeout_s: float) -> None:
        self._uri, self._signer, self._timeout = amqp_uri, signer, timeout_s
        self._idle: deque[Line] = deque()

    def ask(self, contract: type[Request], content: dict[str, Any], correlation_id: str) -> dict[str, Any]:
        """Send the request and wait for its reply, at most the time-out; raises RefusedElsewhere or Unavailable."""
        deadline = time.time() + self._timeout
        headers = call_headers(self._token(), deadline, correlation_id)
        try:
            with self._line() as line:
                outcome = line.exchange(contract, encode(content), headers, deadline)
        except (*BROKEN, TimeoutError) as error:
            raise Unavailable(f"{contract.service} does not answer just now.") from error
        return read_outcome(outcome)

    def _token(self) -> str:
        who: Principal = service(self._signer.issuer)
        return self._signer.token(who)

    @contextmanager
    def _line(self) -> Iterator[Line]:
        line = self._rested() or Line(self._uri)
        try:
            yield line
        except BaseException:
            line.close()
            raise
        if len(self._idle) < MOST_IDLE:
            self._idle.append(line)
        else:
            line.close()

    def _rested(self) -> Line | None:
        """An idle line that the broker did not close meanwhile, if there is one."""
        while True:
            try:
                line = self._idle.pop()
            except IndexError:  # looking first would be no use: another thread may take the last one
                return None
            if line.is_open():
                return line
            line.close()


class Line:
    """One connection with a channel that asks and reads its own replies."""

    def __init__(self, amqp_uri: str) -> None:
        self._replies: dict[str, bytes] = {}
        self._awaited = ""
        with opening(amqp_uri) as self._connection:
            self._channel: Any = self._connection.channel()
            self._channel.basic_consume(REPLY_QUEUE, no_ack=True, callback=self._on_reply)

    def exchange(self, contract: type[Request], body: bytes, headers: dict[str, Any], deadline: float) -> dict[str, Any]:
        """Publish the request and drain until its reply is there; raises TimeoutError at the deadline, Unavailable if nobody is there."""
        self._demand_somebody(contract.service)
        self._awaited = correlation = str(uuid4())
        kombu.Producer(self._channel, auto_declare=False).publish(
            body, exchange=RPC_TOPIC, routing_key=contract.service, content_type=JSON_TYPE, content_encoding="utf-8",
            type=contract.slug(), headers=headers, reply_to=REPLY_QUEUE, correlation_id=correlation,
            delivery_mode=1, expiration=max(deadline - time.time(), 0.001),
        )  # fmt: skip
        while correlation not in self._replies:
            if (left := deadline - time.time()) <= 0:
                raise TimeoutError
            self._connection.drain_events(timeout=left)
        return dict(json.loads(self._replies.pop(correlation)))

    def _demand_somebody(self, service: str) -> None:
        """A call that nobody takes would wait for its whole time, and might be carried out when nobody waits for it any more."""
        if self._channel.queue_declare(call_queue(service), passive=True).consumer_count == 0:
            raise Unavailable(f"The {service} service is not running just now.")

    def is_open(self) -> bool:
        """Whether the connection still stands, as far as one can see from here."""
        try:
            self._connection.drain_events(timeout=0.0001)
        except TimeoutError:
            return True
        except BROKEN:
            return False
        return True

    def close(self) -> None:
        """Give the connection up."""
        close_quietly(self._connection)

    def _on_reply(self, message: Any) -> None:
        # A call that was repeated is answered more than once, and one that was given up may be answered late: nobody asks for that.
        if message.properties["correlation_id"] == self._awaited:
            self._replies = {self._awaited: message.body.encode() if isinstance(message.body, str) else bytes(message.body)}


def read_outcome(outcome: dict[str, Any]) -> dict[str, Any]:
    """The answer in a reply; raises RefusedElsewhere, Unavailable, or RuntimeError for the other side's bug."""
    if "answer" in outcome:
        return dict(outcome["answer"])
    if "refusal" in outcome:
        raise RefusedElsewhere(outcome["refusal"])
    if "unavailable" in outcome:
        raise Unavailable(outcome["unavailable"])
    raise RuntimeError(outcome.get("error", "no outcome"))


class Calls(DependencyProvider, Provided):
    """Gives a service `self.ask(Contract, **fields)`."""

    if TYPE_CHECKING:

        def __call__(self, contract: type[Request], **fields: Any) -> dict[str, Any]:
            """What a door sees is not this provider but what it provides."""

    def get_dependency(self, worker_ctx: Any) -> Ask:
        """nameko's way of asking."""
        return self.given(self.container.config["frame"], worker_ctx.args[0])

    def given(self, frame: Frame, occasion: Occasion) -> Ask:
        """A function that asks in this service's name, under the occasion's correlation id."""

        def ask(contract: type[Request], **fields: Any) -> dict[str, Any]:
            return frame.asker.ask(contract, contract.write(fields), occasion.correlation_id)

        return ask
