"""What the data of partners' events are made of, and who receives which event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import fields

from chassis.bare.message import Event, View
from contracts.words import Party

HOST = {
    "participation_id": "8e2d1b5f-4c63-4b9f-8b66-7b2a1e9c5d01",
    "organisation_id": "8e2d1b5f-4c63-4b9f-8b66-7b2a1e9c5d02",
    "partnership_id": "8e2d1b5f-4c63-4b9f-8b66-7b2a1e9c5d03",
}


class PartnerEvent(View):
    """The data of one type of event, as partnership systems are promised them; all fields are taken from the service's own event."""

    told_of: ClassVar[type[Event]]
    """The service's event that partnership systems are told of in this form."""

    @classmethod
    def slug(cls) -> str:
        """The event's type on the wire."""
        return cls.told_of.slug()

    @classmethod
    def receivers(cls, audience: Iterable[UUID], data: Mapping[str, Any]) -> list[UUID]:
        """The partnerships among the fact's audience that receive it; what is about money, the visitor's alone."""
        paying = data["visitor"]["partnership_id"] if cls.is_about_money(data) else None
        return sorted(each for each in set(audience) if paying in (None, each))

    @classmethod
    def is_about_money(cls, data: Mapping[str, Any]) -> bool:
        """Whether it concerns the lump sum or the agreement on it."""
        return False


class PartnerParty(View):
    """One side of an exchange: its participation, organisation and partnership."""

    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True)

    example: ClassVar[dict[str, Any]] = {name: Party.example[name] for name in ("participation_id", "organisation_id", "partnership_id")}


class AboutParticipation(PartnerEvent):
    """A move of a participation."""

    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True)

    example: ClassVar = PartnerParty.example


class AboutExchange(PartnerEvent):
    """Something that happened to an exchange; both sides are named."""

    exchange_id = fields.UUID(required=True)
    visitor = fields.Nested(PartnerParty, required=True)
    host = fields.Nested(PartnerParty, required=True)

    example: ClassVar[dict[str, Any]] = {
        "exchange_id": "5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51",
        "visitor": PartnerParty.example,
        "host": HOST,
    }


class AboutMoney(AboutExchange):
    """Something that happened to the lump sum of an exchange."""

    @classmethod
    def is_about_money(cls, data: Mapping[str, Any]) -> bool:
        """Always."""
        return True
