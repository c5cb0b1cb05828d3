"""The broker's host `partners`: per partnership a login, a queue and one for what was parked; nothing else is there to reach.

Only the registry's worker has the addresses: PARTNERS_URI (a login that may publish to queues, and nothing else) and
PARTNERS_MANAGEMENT_URI (one that may make logins, which RabbitMQ grants to administrators only; on hosts it has rights on
`partner.*` alone). PARTNERS_ADDRESS is what partners are told. RabbitMQ tells whoever knows the name of a queue how many messages it
holds, whatever their rights: hence a queue's name cannot be guessed, and is told to its partnership alone. Source of the names and arguments: RabbitMQ's management API.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx
import structlog
from environs import Env

from chassis.bare.protocol import EVENT_TYPE
from chassis.bare.refusals import Unavailable
from chassis.running.wire import BROKEN, Undeliverable, Wire

HOST = "partners"
PARKED = ".parked"
DAY_MS = 24 * 3600 * 1000
MOST_DELIVERIES = 20
MOST_CONNECTIONS, MOST_CHANNELS = 10, 50
PARKED_DAYS, MOST_PARKED = 30, 10_000

log = structlog.get_logger()


@dataclass(frozen=True)
class Bounds:
    """How much a queue holds: events, and days; what is beyond goes to the parked ones, the oldest first, and stays in the feed."""

    length: int = 100_000
    days: int = 14


@dataclass(frozen=True)
class Depth:
    """What a queue holds, what is parked beside it, and how many programs read it."""

    waiting: int
    parked: int
    consumers: int


class PartnerQueues:
    """The queues of partnerships; every method may raise Unavailable while the broker is away."""

    def __init__(self, uri: str, management_uri: str | None, bounds: Bounds) -> None:
        self._wire, self._management, self._bounds = Wire(uri, confirm=True), management_uri, bounds

    def carry(self, queue: str, body: bytes, event_id: str, type: str) -> bool:
        """Put an event into a queue, safe on return; False when there is no such queue."""
        try:
            self._wire.send(body, "", queue, mandatory=True, content_type=EVENT_TYPE, message_id=event_id, type=type, delivery_mode=2)
        except Undeliverable:
            return False
        except BROKEN as error:
            raise Unavailable("The broker does not take events for partnerships just now.") from error
        return True

    def depth(self, queue: str) -> Depth | None:
        """How full a queue is; None when it is not there."""
        try:
            own, parked = self._wire.depth(queue), self._wire.depth(queue + PARKED)
        except BROKEN as error:
            raise Unavailable("The broker does not answer just now.") from error
        return Depth(own[0], parked[0], own[1]) if own and parked else None

    def make(self, login: str, queue: str, secret_hash: str) -> None:
        """Have login, rights and queues as they are to be, whatever is there, and no other queue of the login's.

        Who reads on with an older secret is cut off.
        """
        with self._http() as http:
            if self._known_hash(http, login) not in (None, secret_hash):
                # A new secret alone would let open connections go on; with their login they end at once.
                self._delete(http, f"users/{login}")
            user = {"password_hash": secret_hash, "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": ""}
            self._put(http, f"users/{login}", user)
            self._put(http, f"user-limits/{login}/max-connections", {"value": MOST_CONNECTIONS})
            self._put(http, f"user-limits/{login}/max-channels", {"value": MOST_CHANNELS})
            self._put(http, f"permissions/{HOST}/{login}", {"configure": "^$", "write": "^$", "read": f"^{_plain(queue)}$"})
            self._put(http, f"queues/{HOST}/{queue}{PARKED}", _queue(MOST_PARKED, PARKED_DAYS))
            self._put(http, f"queues/{HOST}/{queue}", _queue(self._bounds.length, self._bounds.days, queue + PARKED))
            # Of an access that was revoked and opened again before the broker had followed.
            self._delete_queues(http, login, but={queue, queue + PARKED})

    def remove(self, login: str) -> None:
        """Have neither login nor queues; who is connected is cut off."""
        with self._http() as http:
            self._delete(http, f"users/{login}")
            self._delete_queues(http, login)

    def is_made(self, login: str, queue: str, secret_hash: str) -> bool:
        """Whether the broker knows the login with this very secret, and has its queues."""
        if self.depth(queue) is None:
            return False
        with self._http() as http:
            return self._known_hash(http, login) == secret_hash

    @property
    def may_make(self) -> bool:
        """Whether we were told how to make logins; without, an operator makes them by hand."""
        return self._management is not None

    def _known_hash(self, http: httpx.Client, login: str) -> str | None:
        answer = self._ask(http, "GET", f"users/{login}", also=404)
        return None if answer.status_code == 404 else str(answer.json().get("password_hash"))

    def _delete_queues(self, http: httpx.Client, login: str, but: Collection[str] = ()) -> None:
        names = [each["name"] for each in self._ask(http, "GET", f"queues/{HOST}?columns=name").json()]
        for name in names:
            # An earlier version named the queue as the login.
            if (name == login or name.startswith(f"{login}.")) and name not in but:
                self._delete(http, f"queues/{HOST}/{name}")

    def _put(self, http: httpx.Client, path: str, content: dict[str, Any]) -> None:
        answer = self._ask(http, "PUT", path, content, also=400)
        if answer.status_code == 400:
            # A queue made with other bounds keeps its own, as RabbitMQ's queues do.
            if "inequivalent" not in answer.text:
                raise RuntimeError(f"the broker refused {path}: {answer.text[:200]}")
            log.warning("a queue keeps the bounds it was made with", queue=path)

    def _delete(self, http: httpx.Client, path: str) -> None:
        self._ask(http, "DELETE", path, also=404)

    def _ask(self, http: httpx.Client, method: str, path: str, content: Any = None, also: int = 0) -> httpx.Response:
        try:
            answer = http.request(method, path, json=content)
        except httpx.HTTPError as error:
            raise Unavailable("The broker's management does not answer just now.") from error
        if not answer.is_success and answer.status_code != also:
            raise Unavailable(f"The broker's management answered {answer.status_code} to {method} {path}.")
        return answer

    def _http(self) -> httpx.Client:
        if self._management is None:
            raise Unavailable("PARTNERS_MANAGEMENT_URI is not set.")
        parts = urlsplit(self._management)
        # Beside the address, not in it: addresses are written to logs.
        login = (unquote(parts.username or ""), unquote(parts.password or ""))
        address = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], f"{parts.path.rstrip('/')}/api/", "", ""))
        return httpx.Client(base_url=address, auth=login, timeout=20, trust_env=False)


@cache
def partner_queues() -> PartnerQueues | None:
    """The queues as this process was told of them; None for a process that is not to know."""
    env = Env()
    uri = env.str("PARTNERS_URI", None)
    bounds = Bounds(env.int("PARTNER_QUEUE_LENGTH", Bounds.length), env.int("PARTNER_QUEUE_DAYS", Bounds.days))
    return PartnerQueues(uri, env.str("PARTNERS_MANAGEMENT_URI", None), bounds) if uri else None


def public_address() -> str | None:
    """Where partners reach the broker, without login and secret; None where the operator has not said it."""
    address = Env().str("PARTNERS_ADDRESS", None)
    if address is None:
        return None
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], f"/{HOST}", "", ""))


def _queue(length: int, days: int, parked: str | None = None) -> dict[str, Any]:
    bounds: dict[str, Any] = {"x-queue-type": "quorum", "x-max-length": length, "x-message-ttl": days * DAY_MS}
    if parked:
        bounds |= {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": parked, "x-delivery-limit": MOST_DELIVERIES}
    return {"durable": True, "arguments": bounds}


def _plain(queue: str) -> str:
    return queue.replace(".", r"\.")
