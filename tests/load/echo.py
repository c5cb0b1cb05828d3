"""The ceiling: two plain programs on the broker that echo a message over direct reply-to, with nothing of ours between them.

`python -m tests.load.echo <uri> answer` echoes; `... ask` is told how many to keep in flight and for how long.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

import amqp
import kombu

from tests.load.told import obey

QUEUE = "load.echo"
REPLIES = "amq.rabbitmq.reply-to"
AS_MANY_AS_A_SERVICE_TAKES = 10


def answer(uri: str) -> None:
    """Echo whatever comes, acknowledged as a service does it, until killed."""
    with kombu.Connection(uri) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=False, auto_delete=True, exclusive=True)
        channel.basic_qos(0, AS_MANY_AS_A_SERVICE_TAKES, False)

        def echo(message: Any) -> None:
            properties = {"correlation_id": message.properties["correlation_id"], "delivery_mode": 1}
            channel.basic_publish(amqp.Message(message.body, **properties), "", message.properties["reply_to"])
            channel.basic_ack(message.delivery_tag)

        channel.basic_consume(QUEUE, callback=echo)
        print("{}", flush=True)
        while True:
            connection.drain_events()


class Asker:
    """Keeps some messages in flight and times each."""

    def __init__(self, uri: str) -> None:
        self._connection = kombu.Connection(uri)
        self._channel: Any = self._connection.channel()
        self._channel.basic_consume(REPLIES, no_ack=True, callback=self._on_reply)
        self._sent: dict[str, float] = {}
        self._ms: list[float] = []
        self._number, self._body, self._until = 0, "", 0.0

    def ask(self, in_flight: int, seconds: float, size: int) -> dict[str, Any]:
        """Echo messages of `size` bytes for so long; milliseconds of each."""
        began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        self._ms, self._body, self._until = [], "x" * size, began + seconds
        for _ in range(in_flight):
            self._send()
        while self._sent:
            self._connection.drain_events()
        took, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
        return {"ms": {200: self._ms}, "lost": 0, "seconds": took, "cpu_s": now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime}

    def _send(self) -> None:
        self._number += 1
        name = str(self._number)
        self._sent[name] = time.perf_counter()
        message = amqp.Message(self._body, correlation_id=name, reply_to=REPLIES, delivery_mode=1)
        self._channel.basic_publish(message, "", QUEUE)

    def _on_reply(self, message: Any) -> None:
        self._ms.append(round((time.perf_counter() - self._sent.pop(message.properties["correlation_id"])) * 1000, 3))
        if time.perf_counter() < self._until:
            self._send()


if __name__ == "__main__":
    if sys.argv[2] == "answer":
        sys.stdin.readline()
        answer(sys.argv[1])
    else:
        obey(Asker(sys.argv[1]).ask)
