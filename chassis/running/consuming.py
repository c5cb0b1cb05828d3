"""Consuming from RabbitMQ under nameko: raw messages, a word about being connected, and an end in which no message is lost.

A process that leaves gives up its consumers, and keeps its connection until everything it had taken is settled: closing it with
a call in flight would have the broker hand that call to another process while it still runs here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import eventlet
from nameko.extensions import ProviderCollector
from nameko.messaging import QueueConsumer

from chassis.running import observability
from chassis.running.wire import BROKEN, wait_in_vain_no_longer

LOOK_S = 0.25
"""How long reading waits for something to come before it looks whether it is to end."""
LATE_S = 2.0
"""How long the last process of a service serves calls after it gave up its consumer: callers notice that within a second."""
LONGEST_LEAVE_S = 18
"""How long leaving waits for what is under way; the supervisor's patience ends a little later."""


class _Leaving(Exception):
    """The process stops while the broker is away."""


class RawConsumer(QueueConsumer):
    """nameko's queue consumer, handing on the raw bytes: kombu's decoder would bring objects of the sender's choice to life.

    It also says whether it consumes just now, and can be stopped while the broker is away, for which nameko's own would wait.
    """

    consuming = False
    _leaving = False
    _gives_up_at = float("inf")
    _pending_remove_providers: dict[Any, Any]

    def __init__(self) -> None:
        super().__init__()
        self._in_flight: set[Any] = set()

    def run(self, **kwargs: Any) -> None:
        """Consume until stopped."""
        with suppress(_Leaving):
            super().run(**kwargs)

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """An open connection, tried for every few seconds; kombu's own pauses grow to half a minute."""
        with self.create_connection() as connection:
            connection.ensure_connection(self.on_connection_error, interval_start=1, interval_step=1, interval_max=3)
            # Else a broker that does not answer to a consumer would be waited for for ever, and no heartbeat be looked at meanwhile.
            wait_in_vain_no_longer(connection)
            yield connection

    def on_consume_ready(self, *args: Any, **kwargs: Any) -> None:
        """The consumers are there, for the first time or again."""
        self.consuming = True
        super().on_consume_ready(*args, **kwargs)

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        """The broker is away: whoever waits for a consumer's end has it."""
        self.consuming = False
        super().on_connection_error(exc, interval)
        pending, self._pending_remove_providers = self._pending_remove_providers, {}
        for removed in pending.values():
            removed.send()
        if self._leaving:
            raise _Leaving

    def unregister_provider(self, provider: Any) -> None:
        """Take nothing more for this one; there is nothing to cancel while the broker is away."""
        self._leaving = True
        if self.consuming or not self._consumers_ready.ready():
            super().unregister_provider(provider)
        else:
            self._consumers.pop(provider, None)
            ProviderCollector.unregister_provider(self, provider)

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        """Consumers on queues that were declared beforehand."""
        self._count(self._in_flight.clear)
        for provider in self._providers:
            consumer = consumer_cls(queues=[provider.queue], on_message=partial(self._hand_on, provider))
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def consume(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Consume; whatever ends that, a lost connection or a queue that is not there, is known at once."""
        try:
            yield from super().consume(*args, safety_interval=LOOK_S, **kwargs)
        finally:
            self.consuming = False

    def on_iteration(self) -> None:
        """Give up consumers that are to go; end when there is none and nothing under way."""
        self._cancel_consumers_if_requested()
        if not self._consumers and (not self._in_flight or time.monotonic() > self._gives_up_at):
            self.should_stop = True

    def ack_message(self, message: Any) -> None:
        """Acknowledge; on a connection that broke there is nothing to do, for the broker has taken the message back."""
        with suppress(*BROKEN):
            super().ack_message(message)
        self._count(self._in_flight.discard, message)

    def requeue_message(self, message: Any) -> None:
        """Give back; the same holds."""
        with suppress(*BROKEN):
            super().requeue_message(message)
        self._count(self._in_flight.discard, message)

    def _hand_on(self, provider: Any, message: Any) -> None:
        self._count(self._in_flight.add, message)
        self.handle_message(provider, message.body, message)

    def _cancel_consumers_if_requested(self) -> None:
        """All at once, and those who asked hear of it afterwards; what breaks off here is begun again with the next connection."""
        leaving = [(provider, self._consumers[provider]) for provider in self._pending_remove_providers]
        if leaving:
            self._gives_up_at = time.monotonic() + LONGEST_LEAVE_S
        for _, consumer in leaving:
            consumer.cancel()
        for provider, consumer in leaving:
            if provider.serves_late:
                self._serve_late(provider, consumer.channel)
            self._consumers.pop(provider)
            self._pending_remove_providers.pop(provider).send()

    def _serve_late(self, provider: Any, channel: Any) -> None:
        """Take what still comes from callers who looked a moment before, unless other processes are there for it."""
        until, name = time.monotonic() + LATE_S, provider.queue.name
        while channel.queue_declare(name, passive=True).consumer_count == 0:
            while len(self._in_flight) < self.prefetch_count and (message := channel.basic_get(name)) is not None:
                self._hand_on(provider, channel.message_to_python(message))
            if time.monotonic() > until:
                return
            eventlet.sleep(0.05)

    def _count(self, change: Any, *message: Any) -> None:
        change(*message)
        observability.in_flight.labels(self.container.service_name).set(len(self._in_flight))
