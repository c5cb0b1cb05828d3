"""Every event for partnerships lies in the feed as the journal tells it, for those who may receive it, and went into their queues."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from chassis.bare.protocol import encode
from contracts.partners.envelope import PartnerEnvelope
from contracts.partners.events import partner_events
from deploy.local.audit.inspection import Inspection
from deploy.local.audit.merging import side_by_side
from deploy.local.audit.reading import length_of, read_broker
from deploy.local.audit.verdict import Verdict
from deploy.local.broker_rights import PARTNERS_HOST

OWNER = "registry"
SANDBOX = "/sandbox"
"""The source of events that never happened, of which no journal tells."""
CONTRACTS = {contract.slug(): contract for contract in partner_events()}

TOLD = """
    SELECT id::text AS key, %s, type, position, recorded_at, subject, subject_version, at, audience, data FROM journal
    WHERE type = ANY(%s) ORDER BY id::text COLLATE "C" """
FEED = """
    SELECT event_id::text AS key, position, type, body, recorded_at,
        ARRAY(SELECT partnership_id::text FROM feed_receiver r WHERE r.position = e.position ORDER BY 1)
    FROM feed_event e ORDER BY event_id::text COLLATE "C" """
POSITIONS = "SELECT count(*), coalesce(min(position), 1), coalesce(max(position), 0) FROM feed_event"
ACCESSES = """
    SELECT a.queue, a.carried, a.made = a.wanted, (SELECT coalesce(max(position), 0) FROM feed_event),
        (SELECT count(*) FROM feed_receiver r WHERE r.partnership_id = a.partnership_id AND r.position > a.carried)
    FROM partner_access a WHERE a.state = 'open' ORDER BY a.queue"""


class Told(NamedTuple):
    """A journal's row of an event that partnerships receive."""

    service: str
    type: str
    position: int
    recorded_at: datetime
    subject: str
    subject_version: int
    at: datetime
    audience: list[str]
    data: dict[str, Any]

    def receivers(self) -> list[str]:
        """The partnerships that receive it."""
        contract = CONTRACTS[self.type]
        return [str(each) for each in contract.receivers(map(UUID, self.audience), contract.told_of.read(self.data))]

    def as_bytes(self, event: str, schema: str) -> bytes:
        """The event as they get it; where its schema is served is the one thing that no journal tells."""
        contract = CONTRACTS[self.type]
        return encode(PartnerEnvelope.write({
            "specversion": "1.0", "id": UUID(event), "source": f"/{self.service}", "type": self.type, "subject": self.subject,
            "subjectversion": self.subject_version, "time": self.at, "datacontenttype": "application/json", "dataschema": schema,
            "data": contract.write(contract.told_of.read(self.data)),
        }))  # fmt: skip


class Lying(NamedTuple):
    """An event of the feed."""

    position: int
    type: str
    body: bytes
    recorded_at: datetime
    receivers: list[str]

    def says(self, name: str) -> str:
        """A part of its envelope; nothing where it is no envelope at all."""
        try:
            return str(json.loads(bytes(self.body))[name])
        except (ValueError, KeyError, TypeError):
            return ""


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """Make every event anew from the journals and compare it with the feed's; then look at the queues' positions in it."""
    feed = inspection.books.rows(OWNER, FEED)
    for event, told, lying in side_by_side(heapq.merge(*_told(inspection)), feed):
        if told:
            verdict.count("events")
            faults = _faults(inspection, event, Told(*told[0]), [Lying(*each) for each in lying])
        else:
            faults = _faults_of_untold(inspection, Lying(*lying[0]))
        for fault in faults:
            verdict.find(f"feed: event {event} {fault}")
    _examine_positions(inspection, verdict)
    _examine_queues(inspection, verdict)


def _told(inspection: Inspection) -> Iterator[Iterator[tuple[Any, ...]]]:
    for service in inspection.books.services:
        titles = [each.slug() for each in CONTRACTS.values() if each.told_of.service == service]
        yield inspection.books.rows(service, TOLD, [service, titles])


def _faults(inspection: Inspection, event: str, told: Told, lying: list[Lying]) -> Iterator[str]:
    what, wanted = f"({told.type}, journal row {told.position} of {told.service})", told.receivers()
    if not lying:
        if wanted and told.recorded_at <= inspection.until:
            yield f"{what} is missing"
        return
    schema = lying[0].says("dataschema")
    is_its_schema = schema.endswith(f"/contracts/schemas/partners/{CONTRACTS[told.type].__name__}.json")
    if lying[0].type != told.type or not is_its_schema or bytes(lying[0].body) != told.as_bytes(event, schema):
        yield f"{what} has other bytes than its journal tells"
    if sorted(lying[0].receivers) != sorted(wanted):
        yield f"{what} is there for {_names(lying[0].receivers)}, and is meant for {_names(wanted)}"


def _faults_of_untold(inspection: Inspection, lying: Lying) -> Iterator[str]:
    if lying.recorded_at <= inspection.until and lying.says("source") != SANDBOX:
        yield f"({lying.type}, position {lying.position}) is told of by no journal"


def _names(partnerships: list[str]) -> str:
    return ", ".join(partnerships) or "nobody"


def _examine_positions(inspection: Inspection, verdict: Verdict) -> None:
    """No gap: whoever read up to a position has missed nothing before it."""
    ((number, first, last),) = inspection.books.rows(OWNER, POSITIONS)
    if (first, last) != (1, number):
        verdict.find(f"feed: {number} events have the positions {first} to {last}")


def _examine_queues(inspection: Inspection, verdict: Verdict) -> None:
    """Each open access has its queue, and what the feed holds for it has gone there."""
    for queue, carried, made, last, behind in inspection.books.rows(OWNER, ACCESSES):
        verdict.count("queues of partnerships")
        if carried > last:
            verdict.find(f"queue {queue} has had events up to position {carried}, and the feed ends at {last}")
        elif made and behind and not inspection.busy:
            verdict.find(f"queue {queue} has not had {behind} events behind position {carried} of the feed")
        if made and not _is_there(inspection, queue):
            verdict.find(f"queue {queue} is missing")


def _is_there(inspection: Inspection, queue: str) -> bool:
    uri = inspection.place.broker.administrator_uri(PARTNERS_HOST)
    return read_broker(uri, lambda connection: length_of(connection, queue)) is not None
