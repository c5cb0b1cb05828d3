"""Consuming from RabbitMQ under nameko: raw messages, a word about being connected, and an end without a broker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from nameko.extensions import ProviderCollector
from nameko.messaging import QueueConsumer

from chassis.running.wire import BROKEN


class _Leaving(Exception):
    """The process stops while the broker is away."""


class RawConsumer(QueueConsumer):
    """nameko's queue consumer, handing on the raw bytes: kombu's decoder would bring objects of the sender's choice to life.

    It also says whether it consumes just now, and can be stopped while the broker is away, for which nameko's own would wait.
    """

    consuming = False
    _leaving = False
    _pending_remove_providers: dict[Any, Any]

    def run(self, **kwargs: Any) -> None:
        """Consume until stopped."""
        with suppress(_Leaving):
            super().run(**kwargs)

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """An open connection, tried for every few seconds; kombu's own pauses grow to half a minute."""
        with self.create_connection() as connection:
            connection.ensure_connection(self.on_connection_error, interval_start=1, interval_step=1, interval_max=3)
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
        for provider in self._providers:
            consumer = consumer_cls(queues=[provider.queue], on_message=partial(self._hand_on, provider))
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def consume(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Consume; whatever ends that, a lost connection or a queue that is not there, is known at once."""
        try:
            yield from super().consume(*args, **kwargs)
        finally:
            self.consuming = False

    def ack_message(self, message: Any) -> None:
        """Acknowledge; on a connection that broke there is nothing to do, for the broker has taken the message back."""
        with suppress(*BROKEN):
            super().ack_message(message)

    def requeue_message(self, message: Any) -> None:
        """Give back; the same holds."""
        with suppress(*BROKEN):
            super().requeue_message(message)

    def _hand_on(self, provider: Any, message: Any) -> None:
        self.handle_message(provider, message.body, message)
