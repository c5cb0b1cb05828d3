"""How an event travels."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import EXCLUDE, fields

from chassis.bare.fields import Instant, Whole
from chassis.bare.message import Contract


class Envelope(Contract):
    """A CloudEvents 1.0 event in JSON, with the journal's subject version and the correlation id as extensions."""

    specversion = fields.String(dump_default="1.0")
    id = fields.UUID(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    subjectversion = Whole(1, required=True)
    time = Instant(required=True)
    actor = fields.String(required=True)
    correlationid = fields.String(load_default="")
    audience = fields.List(fields.UUID(), load_default=list)
    datacontenttype = fields.String(dump_default="application/json")
    data = fields.Dict(required=True)

    example: ClassVar = {
        "specversion": "1.0",
        "id": "0d4c9f0e-5f0b-4a3e-9d55-2f8f7a1b6c01",
        "source": "/agreements",
        "type": "report_submitted",
        "subject": "exchange/5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51",
        "subjectversion": 17,
        "time": "2027-03-10T09:30:00Z",
        "actor": "person:7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c04",
        "correlationid": "c0ffee00-0001",
        "audience": ["7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03"],
        "datacontenttype": "application/json",
        "data": {"exchange_id": "5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51"},
    }

    class Meta:
        unknown = EXCLUDE
