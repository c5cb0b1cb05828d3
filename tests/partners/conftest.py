"""A registry with two partnerships, and facts of other services that reach it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.bare.message import Event, Fact
from chassis.bare.principal import SYSTEM, Principal
from contracts.partners.events import partner_events
from contracts.registry import CreatePartnership, OpenPartnerAccess, ReadEvents
from contracts.registry.partner_access import PARTNER_SYSTEM
from tests.builders import administrator, contact_point
from tests.room import Room


@dataclass
class Partners:
    """The room, and the partnerships of a visitor and of a host."""

    room: Room
    visitors: UUID
    hosts: UUID

    def create(self, acronym: str) -> UUID:
        """A further partnership."""
        made = self.room.ask(CreatePartnership, administrator(), **CreatePartnership.example | {"acronym": acronym})
        return UUID(made["partnership_id"])

    def open(self, place: UUID, **who: Any) -> dict[str, Any]:
        """Open a partnership's access, as its contact point."""
        return self.room.ask(OpenPartnerAccess, contact_point(place, **who), partnership_id=place)

    def hear(self, event: type[Event], audience: Any = None, **changes: Any) -> UUID:
        """Let an exchange's event reach the registry, for both partnerships unless others are named; returns its id."""
        return self.room.hear(self.fact(event, audience, **changes))

    def fact(self, event: type[Event], audience: Any = None, **changes: Any) -> Fact:
        """An event's example, between the two partnerships."""
        data = dict(event.example) | changes
        for side, place in (("visitor", self.visitors), ("host", self.hosts)):
            if side in data:
                data[side] = {**data[side], "partnership_id": str(place)}
        if "partnership_id" in data:
            data["partnership_id"] = str(self.visitors)
        read = event.read(data)
        return event.of(uuid4(), audience=audience or [self.visitors, self.hosts], **read)

    def hear_all(self) -> list[UUID]:
        """One event of every type that partnerships receive."""
        return [self.hear(each.told_of) for each in partner_events()]

    def read(self, place: UUID, **fields: Any) -> dict[str, Any]:
        """What the system of a partnership reads."""
        return self.room.ask(ReadEvents, system_of(place), **fields)


def system_of(place: UUID) -> Principal:
    """A partnership's system."""
    return Principal(SYSTEM, "partner.test", roles=frozenset({(PARTNER_SYSTEM, place)}))


@pytest.fixture
def partners(rooms: Callable[[str], Room], monkeypatch: pytest.MonkeyPatch) -> Partners:
    """A clean registry with two partnerships."""
    monkeypatch.setenv("PUBLIC_URL", "https://tool.example.org")
    partners = Partners(rooms("registry"), uuid4(), uuid4())
    partners.visitors, partners.hosts = partners.create("VISIT"), partners.create("HOST")
    return partners
