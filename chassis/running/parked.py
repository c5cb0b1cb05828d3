"""A parked message as it can be read: what it is, where and why it failed, how often it was tried; whatever was sent, byte for byte."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from chassis.running import topology

ID_LENGTH = 12

REASONS = {
    "delivery_limit": f"the process ended {topology.CRASH_LIMIT + 1} times while this was being applied",
    "rejected": "it was rejected",
}


@dataclass(frozen=True)
class Parked:
    """One parked message of a service."""

    service: str
    message: Any

    @cached_property
    def id(self) -> str:
        """Made of what it is and where it failed, so that it is the same at every look; copies of one message share it."""
        where, which = (each.encode(errors="backslashreplace") for each in (self.queue, self.message_id))
        return hashlib.sha256(b"\0".join((where, which, self.body))).hexdigest()[:ID_LENGTH]

    @property
    def queue(self) -> str:
        """The queue from which it was parked; empty if nobody knows."""
        return str(self._headers.get(topology.QUEUE) or self._death.get("queue") or "")

    @property
    def reason(self) -> str:
        """Why it was parked."""
        return str(self._headers.get(topology.REASON) or REASONS.get(str(self._death.get("reason")), "nobody said why"))

    @property
    def runs(self) -> int:
        """How often it was tried."""
        known = self._headers.get(topology.TRIES, 0) + self._headers.get(topology.CRASHES, 0)
        return int(known if topology.REASON in self._headers else known + topology.CRASH_LIMIT + 1)

    @property
    def since(self) -> str:
        """When it was parked, in UTC; empty if nobody knows."""
        at = self._death.get("time")
        parked_by_broker = at.replace(tzinfo=UTC).isoformat(timespec="seconds") if isinstance(at, datetime) else ""
        return str(self._headers.get(topology.SINCE) or parked_by_broker)

    @property
    def message_id(self) -> str:
        """The id under which it was published; an event's own id."""
        return str(self.message.properties.get("message_id") or self._said("id"))

    @property
    def sender(self) -> str:
        """Whose event it was: of the login that was not believed, or else of whoever put it here, as the broker has checked."""
        return str(self._headers.get(topology.REFUSED) or self.message.properties.get("user_id") or "")

    @property
    def was_refused(self) -> bool:
        """Whether its listener did not believe its sender."""
        return topology.REFUSED in self._headers

    @property
    def type(self) -> str:
        """The event's type."""
        return str(self.message.properties.get("type") or self._said("type"))

    @property
    def subject(self) -> str:
        """What the event is about."""
        return self._said("subject")

    @property
    def correlation_id(self) -> str:
        """What it belongs to, in all logs."""
        return str(self.message.properties.get("correlation_id") or self._said("correlationid"))

    @property
    def body(self) -> bytes:
        """What was sent, byte for byte."""
        body = self.message.body
        return body.encode() if isinstance(body, str) else bytes(body)

    def text(self) -> str:
        """The body for people: indented if it is JSON, else as it can be shown."""
        if self._content is not None:
            return showable(json.dumps(self._content, indent=2, ensure_ascii=False))
        return showable(self.body.decode(errors="backslashreplace"))

    def as_row(self) -> dict[str, Any]:
        """All but the body."""
        names = ("id", "service", "queue", "type", "subject", "reason", "runs", "since", "message_id", "correlation_id", "sender")
        return {name: showable(said) if isinstance(said := getattr(self, name), str) else said for name in names}

    @cached_property
    def _content(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def _said(self, name: str) -> str:
        content = self._content
        return showable(str(content.get(name) or "")) if isinstance(content, dict) else ""

    @property
    def _headers(self) -> dict[str, Any]:
        return self.message.headers or {}

    @property
    def _death(self) -> dict[str, Any]:
        """The broker's own note, where it was the broker that parked it."""
        deaths = [death for death in self._headers.get("x-death") or [] if death.get("reason") in REASONS]
        return deaths[0] if deaths else {}


def showable(text: str) -> str:
    """A text as people can be shown it and databases keep it: what is neither, NUL and half a character, as its escape."""
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\x00")
