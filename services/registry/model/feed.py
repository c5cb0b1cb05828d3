"""The feed: every event that partnerships receive, as the bytes they get, in one order, and who receives it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import Heard
from chassis.bare.protocol import encode
from contracts.partners.envelope import PartnerEnvelope
from contracts.partners.parts import PartnerEvent
from services.registry.model.base import Base

SANDBOX = "/sandbox"


class FeedEvent(Base):
    """One event at its position. Positions grow in the order of commits, so that whoever read up to one has missed nothing."""

    __tablename__ = "feed_event"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    type: Mapped[str] = mapped_column(String(80))
    body: Mapped[bytes]
    recorded_at: Mapped[datetime]


class FeedReceiver(Base):
    """One partnership that receives one event."""

    __tablename__ = "feed_receiver"

    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, ForeignKey("feed_event.position"), primary_key=True)


def partner_bytes(contract: type[PartnerEvent], event: Heard, public_url: str) -> bytes:
    """A service's event as partnership systems get it: the same id, subject and time, and the data promised to them."""
    source = f"/{contract.told_of.service}"
    return encode(_envelope(contract, event, source, public_url))


def sandbox_bytes(contract: type[PartnerEvent], event: Heard, public_url: str) -> bytes:
    """An event that never happened, marked so twice: by its source and by an attribute of its own."""
    made = _envelope(contract, event, SANDBOX, public_url)
    return encode({**made, "sandbox": True, "data": made["data"]})


def _envelope(contract: type[PartnerEvent], event: Heard, source: str, public_url: str) -> dict[str, Any]:
    return PartnerEnvelope.write({
        "specversion": "1.0", "id": event.id, "source": source, "type": event.type, "subject": event.subject,
        "subjectversion": event.subject_version, "time": event.at, "datacontenttype": "application/json",
        "dataschema": f"{public_url}/contracts/schemas/partners/{contract.__name__}.json", "data": contract.write(event.data),
    })  # fmt: skip
