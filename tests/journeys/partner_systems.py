"""Partnerships' systems in a running system: what was given to them, and what they read with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import httpx
import kombu

from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.person import Person
from deploy.local.program import ROOT
from deploy.local.system import Running

EVENT = re.compile(rb'\{"specversion".*?\}(?=,\{"specversion"|\],"next")')


@dataclass(frozen=True)
class PartnerSystem:
    """One partnership's system with the answer that gave it access."""

    entrance: Entrance
    access: dict[str, Any]

    @property
    def amqp_url(self) -> str:
        """The broker's address with login and secret."""
        scheme, _, place = self.access["amqp_address"].partition("://")
        return f"{scheme}://{self.access['login']}:{self.access['secret']}@{place}"

    @property
    def settings(self) -> dict[str, str]:
        """What the guide's consumers read from their environment."""
        return {
            "PARTNER_AMQP_URL": self.amqp_url, "PARTNER_QUEUE": self.access["queue"], "PARTNER_URL": self.entrance.url,
            "PARTNER_LOGIN": self.access["login"], "PARTNER_SECRET": self.access["secret"],
        }  # fmt: skip

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """A request with login and secret."""
        return httpx.request(method, self.entrance.url + path, auth=(self.access["login"], self.access["secret"]), timeout=30, **how)

    def feed(self, after: str | None = None) -> list[bytes]:
        """All events behind that one over HTTP, page after page, byte for byte as they came."""
        found = page = self._page(after)
        while page:
            page = self._page(json.loads(page[-1])["id"])
            found = found + page
        return found

    def taken(self, most: int = 1000) -> list[bytes]:
        """The bodies of what lies in the queue, taken out of it."""
        with kombu.Connection(self.amqp_url) as connection:
            channel = connection.channel()
            found = []
            while len(found) < most and (message := channel.basic_get(self.access["queue"], no_ack=True)):
                found.append(message.body.encode() if isinstance(message.body, str) else bytes(message.body))
            return found

    def _page(self, after: str | None) -> list[bytes]:
        answer = self.ask("GET", "/v1/events", params={"limit": 100} | ({"after": after} if after else {}))
        assert answer.status_code == 200, answer.text
        return EVENT.findall(answer.content)


def give_access(contact_point: Person, partnership_id: str) -> PartnerSystem:
    """Access, opened by a contact point and ready on the broker."""
    access = contact_point.post(f"/v1/partnerships/{partnership_id}/access").body
    wait_for(lambda: is_ready(contact_point, partnership_id) or None, "the broker to know a partnership's login")
    return PartnerSystem(contact_point.entrance, access)


def about(events: list[bytes], thing: str) -> list[str]:
    """The types of the events about that exchange or participation (its link), with the kind of text where there is one."""
    kind, id_ = ("exchange_id" if "/exchanges/" in thing else "participation_id"), thing.rpartition("/")[2]
    read = [json.loads(each) for each in events]
    return [" ".join(filter(None, (each["type"], each["data"].get("kind")))) for each in read if each["data"].get(kind) == id_]


def is_ready(contact_point: Person, partnership_id: str) -> bool:
    """Whether the broker has the access as it is to be."""
    (listed,) = contact_point.all("/v1/partner-accesses", partnership_id=partnership_id)
    return bool(listed["ready"])


def by_hand(running: Running, command: str, **said: str) -> subprocess.CompletedProcess[str]:
    """A command of the Makefile on that system."""
    told = {**os.environ, "STATE": str(running.here.state), **said}
    return subprocess.run([sys.executable, "-m", "deploy.local.by_hand", command], cwd=ROOT, env=told, capture_output=True, text=True)
