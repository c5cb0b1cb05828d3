"""The doors' outer half: how nameko takes calls and events from RabbitMQ for us, and what happens when a door fails.

Our own consumers instead of nameko's, because nameko's declare queues with arguments that are not ours, lose the event of a
listener that raises, answer on a connection per reply, and execute calls that nobody waits for any more.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import structlog
from amqp.exceptions import ConnectionError as AMQPConnectionError
from kombu import Queue
from nameko.exceptions import ContainerBeingKilled, MethodNotFound
from nameko.extensions import Entrypoint
from nameko.rpc import Rpc, RpcConsumer

from chassis.bare.crash_points import reached
from chassis.bare.message import Event
from chassis.bare.protocol import MOST_BYTES, REPLY_QUEUE, encode
from chassis.bare.refusals import Refusal, Unavailable
from chassis.running import observability, topology
from chassis.running.consuming import RawConsumer
from chassis.running.delivery import Delivery, NoEvent, NotTheirs
from chassis.running.occasions import Call, Hearing, NotYet
from chassis.running.unit import AWAY
from chassis.running.wire import BROKEN

log = structlog.get_logger()

FAILED = {"error": "The service failed on this request; the failure was logged."}


class CallConsumer(RpcConsumer):
    """Takes this service's calls from its one queue and answers on the reply address of each."""

    queue_consumer = RawConsumer()
    queue: Queue | None
    serves_late = True
    _doors: Mapping[str | None, CallEntrypoint] = MappingProxyType({})

    def setup(self) -> None:
        """Consume from the queue that the topology declared."""
        if self.queue is None:
            self.queue = Queue(topology.call_queue(self.container.service_name), no_declare=True)
            self.queue_consumer.register_provider(self)
            self._registered = True

    def handle_message(self, body: bytes, message: Any) -> None:
        """Find the door by the message's type; a call whose deadline passed is dropped unexecuted."""
        reached("call.received", _door_of(message))
        try:
            if _is_late(message):
                observability.late_calls.labels(self.container.service_name).inc()
                self.queue_consumer.ack_message(message)
            else:
                self._door(message.properties.get("type")).take(body, message)
        except Exception:
            self.handle_result(message, None, sys.exc_info())

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        """Send the outcome, then acknowledge: a crash in between repeats the call, which its key makes harmless."""
        wire = self.container.config["replies"]
        reply_to = str(message.properties.get("reply_to"))
        try:
            # Nothing but direct reply-to: a caller must not have us write into a queue of its choice.
            if reply_to.startswith(REPLY_QUEUE):
                body = _encoded(outcome_of(result, exc_info))
                reached("reply.before_send", _door_of(message))
                wire.send(body, "", reply_to, correlation_id=message.properties.get("correlation_id"), delivery_mode=1)
                reached("reply.after_send", _door_of(message))
        except BROKEN:
            log.warning("reply not sent, the broker is away", request=message.properties.get("type"))
        self.queue_consumer.ack_message(message)
        reached("call.after_ack", _door_of(message))
        return result, exc_info

    def _door(self, title: str | None) -> CallEntrypoint:
        if title not in self._doors:
            self._doors = {provider.title: provider for provider in self._providers}
        try:
            return self._doors[title]
        except KeyError:
            raise MethodNotFound(title) from None


class CallEntrypoint(Rpc):
    """One door for calls."""

    rpc_consumer = CallConsumer()

    @property
    def title(self) -> str:
        """The title of the request this door answers."""
        method = getattr(self.container.service_cls, self.method_name)
        return str(method.doors[0].opens_on)

    def take(self, body: bytes, message: Any) -> None:
        """Verify who calls and run the door in a greenthread of its own."""
        frame = self.container.config["frame"]
        headers = message.headers or {}
        call = Call(
            who=frame.verifier.principal(str(headers.get("token", ""))),
            correlation_id=str(headers.get("correlation-id", ""))[:120],
            content=_content(body),
            key=headers.get("key"),
            if_match=headers.get("if-match"),
            deadline=_deadline(message),
        )
        handle_result = partial(self.handle_result, message)
        try:
            self.container.spawn_worker(self, (call,), {}, handle_result=handle_result)
        except ContainerBeingKilled:
            self.rpc_consumer.requeue_message(message)


class EventEntrypoint(Entrypoint):
    """One door for events of one type, with a queue of its own."""

    queue_consumer = RawConsumer()
    serves_late = False

    def __init__(self, contract: type[Event], **kwargs: Any) -> None:
        self.contract = contract
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Consume from the queue that the topology declared for this service and event."""
        name = topology.event_queue(self.container.service_name, self.contract.slug())
        self.queue = Queue(name, no_declare=True)
        self.queue_consumer.register_provider(self)

    def stop(self) -> None:
        """Take no more events."""
        self.queue_consumer.unregister_provider(self)

    def handle_message(self, body: bytes, message: Any) -> None:
        """Run the door; what is not even an event, or of somebody who may not announce it, is parked at once."""
        delivery = self._delivery(message)
        reached("event.received", delivery.door)
        try:
            envelope = delivery.envelope_of(self.contract.service)
        except NotTheirs as reason:
            delivery.refuse(str(reason))
            return
        except NoEvent as reason:
            delivery.park(str(reason))
            return
        if self.container.config["alone"].admits(delivery):
            self._run(delivery, envelope)

    @property
    def listener(self) -> str:
        """The name under which this service remembers what it heard here."""
        return self.contract.slug()

    def _delivery(self, message: Any) -> Delivery:
        at, config = self.container, self.container.config
        return Delivery(at.service_name, self.queue.name, message, self.queue_consumer, config["events"], at.spawn_managed_thread)

    def _run(self, delivery: Delivery, envelope: dict[str, Any]) -> None:
        hearing = Hearing(self.container.config["frame"].itself, str(envelope.get("correlationid", "")), envelope, self.listener)
        try:
            self.container.spawn_worker(self, (hearing,), {}, handle_result=partial(self._handle_result, delivery, hearing))
        except ContainerBeingKilled:
            delivery.again()

    def _handle_result(self, delivery: Delivery, hearing: Hearing, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> Any:
        self.container.config["alone"].leave(delivery)
        error = exc_info and exc_info[1]
        if isinstance(error, NotYet):
            error = self._wait(hearing, error)
        if error is None:
            delivery.done()
        else:
            delivery.failed(error)
        return result, exc_info

    def _wait(self, hearing: Hearing, reason: NotYet) -> BaseException | None:
        """Keep the event in the waiting table; gives back what was in the way of that."""
        try:
            hearing.wait(self.container.config["frame"], str(reason))
        except AWAY as error:
            return Unavailable(str(error))
        except Exception as error:
            return error
        return None


def outcome_of(result: Any, exc_info: Any) -> dict[str, Any]:
    """What a reply says: an answer, a refusal, unavailable, or an error that names nothing of our insides."""
    error = exc_info[1] if exc_info else None
    if error is None:
        return {"answer": result}
    if isinstance(error, Refusal):
        return {"refusal": error.as_message()}
    if isinstance(error, (Unavailable, *BROKEN, AMQPConnectionError)):
        return {"unavailable": str(error)}
    return FAILED


def _encoded(outcome: dict[str, Any]) -> bytes:
    """The outcome's bytes; one that is no JSON is a bug and must not stay unanswered and unacknowledged."""
    try:
        return encode(outcome)
    except (TypeError, ValueError):
        log.exception("an answer is no JSON")
        return encode(FAILED)


def _door_of(message: Any) -> str:
    return f"call:{message.properties.get('type')}"


def _content(body: bytes) -> Any:
    if len(body) > MOST_BYTES:
        raise ValueError(f"a call of {len(body)} bytes is longer than any may be")
    return json.loads(body)


def _is_late(message: Any) -> bool:
    deadline = _deadline(message)
    return deadline is not None and time.time() > deadline


def _deadline(message: Any) -> float | None:
    deadline = (message.headers or {}).get("deadline")
    return None if deadline is None else float(deadline)
