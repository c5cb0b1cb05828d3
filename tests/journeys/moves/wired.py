"""Agreements and payments on real databases, wired without a broker: what one announces lies in a post office until it is delivered.

The post delivers in any order, more than once, and late: all that a broker may do, and far more often than one does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select

import contracts
from chassis.bare.message import Fact
from chassis.bare.tables import HeardRow, JournalRow
from chassis.running.doors import Listens
from chassis.running.occasions import Hearing, NotYet
from chassis.running.relay import envelope
from contracts.identity.events import RoleGranted
from contracts.matching import MatchAgreed
from contracts.registry import OrganisationDetails, PartnershipCreated, ReadOrganisationDetails
from tests.agreements.exchanges import Cast
from tests.agreements.rooms import accepted
from tests.room import Room

HEARD_BY = {event.slug(): event.heard_by for event in contracts.events()}


@dataclass(frozen=True)
class Letter:
    """One event for one listening service; `number` is its place among all that its service announced."""

    service: str
    event: dict[str, Any]
    number: int

    @property
    def type(self) -> str:
        """What happened."""
        return str(self.event["type"])


class Wired:
    """Both services and the post between them."""

    def __init__(self, rooms: dict[str, Room]) -> None:
        self.rooms = rooms
        self._read = dict.fromkeys(rooms, 0)
        rooms["agreements"].answers_from({ReadOrganisationDetails: lambda who, request: OrganisationDetails.example})

    def introduce(self, cast: Cast, exchange_id: UUID, officers: frozenset[str]) -> list[Letter]:
        """What identity, registry and matching announce before an exchange begins, addressed to both services."""
        parties = {"visitor": cast.visitor, "host": cast.host}
        facts = [accepted(cast.visitor, "DE"), accepted(cast.host, "PT")]
        for place in {cast.visitor_partnership_id, cast.host_partnership_id}:
            facts.append(PartnershipCreated.of(place, partnership_id=place, acronym="BLUES", name="Blue", country="ES"))
        for person_id in sorted(cast[each].person for each in officers):
            facts.append(RoleGranted.of(person_id, person_id=person_id, role="finance", place=cast.visitor_partnership_id))
        facts.append(MatchAgreed.of(exchange_id, exchange_id=exchange_id, contact_id=exchange_id, **parties))
        return [letter for fact in facts for letter in self._letters(self._foreign(fact), 1)]

    def collect(self) -> list[Letter]:
        """The letters for all that was announced since the last time."""
        return [letter for service in self.rooms for letter in self._collect_from(service)]

    def deliver(self, letter: Letter) -> None:
        """Let a service hear a letter; what is not ready waits there, and is tried again whenever something else was heard."""
        room = self.rooms[letter.service]
        hearing = Hearing(room.frame.itself, "moves", letter.event, letter.type)
        try:
            room.frame.carry_out(room.frame.doors(Listens)[letter.type], hearing)
        except NotYet as reason:
            hearing.wait(room.frame, str(reason))
        while room.waiting() and room.try_waiting():
            pass

    def set_time(self, at: datetime) -> None:
        """What time it is, for both."""
        for room in self.rooms.values():
            room.clock.advance(seconds=(at - room.clock.now()).total_seconds())

    def journal(self, service: str, exchange_id: UUID) -> list[JournalRow]:
        """All that a service announced about one exchange, in order."""
        with self.rooms[service].frame.sessions() as session:
            rows = select(JournalRow).where(JournalRow.subject == f"exchange/{exchange_id}").order_by(JournalRow.position)
            return list(session.scalars(rows))

    def times_heard(self, service: str, event_id: UUID) -> int:
        """How often a service remembers to have heard one event."""
        with self.rooms[service].frame.sessions() as session:
            return len(session.scalars(select(HeardRow).where(HeardRow.event_id == event_id)).all())

    def _collect_from(self, service: str) -> list[Letter]:
        with self.rooms[service].frame.sessions() as session:
            statement = select(JournalRow.__table__).where(JournalRow.position > self._read[service]).order_by(JournalRow.position)
            rows = session.execute(statement).all()
        found = [letter for row in rows for letter in self._letters(_as_json(envelope(service, row)), row.position)]
        self._read[service] = max([self._read[service], *(row.position for row in rows)])
        return found

    def _letters(self, event: dict[str, Any], number: int) -> list[Letter]:
        return [Letter(service, event, number) for service in HEARD_BY[event["type"]] if service in self.rooms]

    def _foreign(self, fact: Fact) -> dict[str, Any]:
        return _as_json({
            "specversion": "1.0", "id": fact_id(fact), "source": "/others", "type": fact.type, "subject": fact.subject, "subjectversion": 1,
            "time": "2026-11-01T00:00:00Z", "actor": "service:others", "correlationid": "moves", "audience": list(fact.audience),
            "datacontenttype": "application/json", "data": fact.data,
        })  # fmt: skip


def fact_id(fact: Fact) -> str:
    """An id that a fact keeps however often it is told."""
    return str(uuid5(NAMESPACE_URL, f"{fact.type} {fact.subject}"))


def _as_json(event: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(event, default=str)))
