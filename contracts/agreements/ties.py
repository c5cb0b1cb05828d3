"""What binds a person to this service's things, and so stands against an erasure."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Several
from chassis.bare.message import SERVICES, Query, View
from contracts.agreements.words import EXCHANGE_ID

A_PERSON = "d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11"


class OpenExchanges(View):
    """Exchanges that are not over."""

    exchange_ids = fields.List(fields.UUID(), required=True)

    example: ClassVar = {"exchange_ids": [EXCHANGE_ID]}


class ReadOpenExchanges(Query):
    """The exchanges that go on and that a person answers for, by name or as the last one of these organisations; for services only."""

    service = "agreements"
    answers = OpenExchanges
    allowed = (SERVICES,)
    asked_by = ("identity",)

    person_id = fields.UUID(required=True)
    organisation_ids = Several(fields.UUID(), most=100, load_default=list)

    example: ClassVar = {"person_id": A_PERSON, "organisation_ids": []}
