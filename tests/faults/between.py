"""Whoever stands between the topics and the queues of a running system, and lets nothing through only once or in order.

Every command goes on twice or five times at once, every event twice or five times to each listener, after pauses of its own, so that
each listener hears everything repeated and in another order. All of it is kept, to be sent once more when it is long over.
"""

from __future__ import annotations

import base64
import contextlib
import heapq
import itertools
import json
import random
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import kombu
from kombu import Queue

from chassis.bare.message import Command, Request
from chassis.bare.principal import PERSON, Principal, Signer, _principal
from chassis.bare.protocol import RPC_TOPIC
from chassis.running.topology import call_queue, event_queue, event_topic
from deploy.local.broker_rights import SERVICES_HOST
from deploy.local.installation import SERVICES, Installation
from deploy.local.topology import all_events

NAME = "between"
TIMES = (2, 5)
LONGEST_PAUSE_S = 1.5
LATE_TOKEN_S = 600
KEPT = ("content_type", "content_encoding", "type", "message_id", "correlation_id", "reply_to", "delivery_mode", "user_id")


@dataclass(frozen=True)
class Sent:
    """A message that went through: its title, to which queues, and with what."""

    title: str
    queues: tuple[str, ...]
    body: bytes
    properties: dict[str, Any]


class Between(threading.Thread):
    """Stands there from `start` to `leave`; `commands` and `events` are what went through, `copies` how often altogether."""

    def __init__(self, here: Installation, seed: int) -> None:
        super().__init__(name=NAME, daemon=True)
        self.commands: list[Sent] = []
        self.events: list[Sent] = []
        self.copies = 0
        self._here, self._random = here, random.Random(seed)
        self._commands, self._heard_by = _titles_of(Command), {each.slug(): each.heard_by for each in all_events()}
        self._later: list[tuple[float, int, str, Sent]] = []
        self._numbers, self._leaving = itertools.count(), threading.Event()
        self._connection = kombu.Connection(here.broker.administrator_uri(SERVICES_HOST), heartbeat=0)
        self._channel: Any = self._connection.channel()
        self._producers = self._connected()
        self._stand()

    def run(self) -> None:
        """Pass on what comes, and what waited long enough; to the last of it."""
        with kombu.Consumer(self._channel, [Queue(NAME, no_declare=True)], on_message=self._take, no_ack=True, auto_declare=False):
            while not self._leaving.is_set() or self._later:
                with contextlib.suppress(TimeoutError):
                    self._connection.drain_events(timeout=max(0.001, min(0.05, self._next_in())))
                while self._later and self._later[0][0] <= time.monotonic():
                    _, _, queue, sent = heapq.heappop(self._later)
                    self._put(queue, sent)
        self._connection.release()
        _release(self._producers)

    def leave(self) -> None:
        """Bind the queues to their topics again, pass the rest on, and go; raises RuntimeError if it had gone before."""
        if not self.is_alive():
            raise RuntimeError("nobody stood between any more: nothing was repeated")
        with self._administrator() as connection:
            for queue, topic, key in _bindings():
                connection.default_channel.queue_bind(queue, topic, key)
            for topic, key in _taps():
                connection.default_channel.queue_unbind(NAME, topic, key)
        time.sleep(1)
        self._leaving.set()
        self.join()
        with self._administrator() as connection:
            connection.default_channel.queue_delete(NAME)

    def late(self, sent: list[Sent]) -> None:
        """Send these once more, in another order; calls with a token and a deadline of now: those of then have run out."""
        producers = self._connected()
        for each in self._random.sample(sent, len(sent)):
            about = self._as_of_now(each.properties) if "token" in each.properties["headers"] else each.properties
            for queue in each.queues:
                producers[about.get("user_id", "")].publish(each.body, routing_key=queue, **about)
        _release(producers)

    def _administrator(self) -> kombu.Connection:
        return kombu.Connection(self._here.broker.administrator_uri(SERVICES_HOST))

    def _connected(self) -> dict[str, kombu.Producer]:
        """A producer for the events of each service, as its login; one for calls, which say nobody's."""
        uris = {"": self._here.broker.administrator_uri(SERVICES_HOST)} | {service: self._here.broker.uri(service) for service in SERVICES}
        return {login: kombu.Producer(kombu.Connection(uri, heartbeat=0), auto_declare=False) for login, uri in uris.items()}

    def _stand(self) -> None:
        self._channel.queue_declare(NAME, durable=True, auto_delete=False)
        for topic, key in _taps():
            self._channel.queue_bind(NAME, topic, key)
        for queue, topic, key in _bindings():
            self._channel.queue_unbind(queue, topic, key)

    def _take(self, message: Any) -> None:
        title, body = str(message.properties.get("type")), message.body
        about = {name: message.properties[name] for name in KEPT if message.properties.get(name) is not None}
        about |= {
            "headers": dict(message.headers or {}),
            "content_type": message.content_type,
            "content_encoding": message.content_encoding,
        }
        if expiration := message.properties.get("expiration"):
            about["expiration"] = int(expiration) / 1000
        called = message.delivery_info["exchange"] == RPC_TOPIC
        key = message.delivery_info["routing_key"]
        queues = (call_queue(key),) if called else tuple(event_queue(each, title) for each in self._heard_by[title])
        sent = Sent(title, queues, body if isinstance(body, bytes) else body.encode(), about)
        self._pass_call(sent) if called else self._pass_event(sent)

    def _pass_call(self, sent: Sent) -> None:
        if sent.title not in self._commands:
            self._put(sent.queues[0], sent)
            return
        self.commands.append(sent)
        for _ in range(self._random.choice(TIMES)):
            self._put(sent.queues[0], sent)

    def _pass_event(self, sent: Sent) -> None:
        self.events.append(sent)
        for queue in sent.queues:
            for _ in range(self._random.choice(TIMES)):
                at = time.monotonic() + self._random.choice((0.0, self._random.uniform(0, LONGEST_PAUSE_S)))
                heapq.heappush(self._later, (at, next(self._numbers), queue, sent))

    def _put(self, queue: str, sent: Sent) -> None:
        self.copies += 1
        self._producers[sent.properties.get("user_id", "")].publish(sent.body, routing_key=queue, **sent.properties)

    def _next_in(self) -> float:
        return self._later[0][0] - time.monotonic() if self._later else 1.0

    def _as_of_now(self, properties: dict[str, Any]) -> dict[str, Any]:
        headers = properties["headers"]
        claims = json.loads(base64.urlsafe_b64decode(headers["token"].split(".")[1] + "=="))
        who: Principal = _principal(claims)
        if who.kind == PERSON:
            who = replace(who, authenticated_at=datetime.now(UTC))
        token = Signer(claims["iss"], self._here.keys.key_file(claims["iss"])).token(who, LATE_TOKEN_S)
        headers = headers | {"token": token, "deadline": f"{time.time() + LATE_TOKEN_S:.3f}"}
        return {name: value for name, value in properties.items() if name not in ("expiration", "reply_to")} | {"headers": headers}


def _release(producers: dict[str, kombu.Producer]) -> None:
    for producer in producers.values():
        producer.channel.connection.client.release()


def _titles_of(base: type[Request]) -> set[str]:
    return {title for each in base.__subclasses__() for title in (each.slug(), *_titles_of(each))}


def _bindings() -> list[tuple[str, str, str]]:
    calls = [(call_queue(service), RPC_TOPIC, service) for service in SERVICES]
    return calls + [(event_queue(to, each.slug()), event_topic(each.service), each.slug()) for each in all_events() for to in each.heard_by]


def _taps() -> list[tuple[str, str]]:
    heard = [(event_topic(each.service), each.slug()) for each in all_events() if each.heard_by]
    return [(RPC_TOPIC, service) for service in SERVICES] + heard
