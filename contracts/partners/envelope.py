"""The envelope in which a partnership system receives an event: CloudEvents 1.0 in JSON, the same bytes over AMQP and HTTP."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import EXCLUDE, fields

from chassis.bare.fields import Instant, Whole
from chassis.bare.message import Contract

EVENT_ID = "0d4c9f0e-5f0b-4a3e-9d55-2f8f7a1b6c01"
EXCHANGE_ID = "5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51"


class PartnerEnvelope(Contract):
    """An event as a partnership system receives it. `id` is the same whenever and however the event comes; keep it to know repeats.

    `subjectversion` grows from one event of a subject to the next of the same source, with gaps. `sandbox` is there, and true, in
    events that never happened.
    """

    specversion = fields.String(required=True, dump_default="1.0")
    id = fields.UUID(required=True)
    source = fields.String(required=True, metadata={"description": "Where it happened, such as /agreements."})
    type = fields.String(required=True, metadata={"description": "What happened, such as agreement_signed."})
    subject = fields.String(required=True, metadata={"description": "What it happened to: `exchange/<id>` or `participation/<id>`."})
    subjectversion = Whole(1, required=True)
    time = Instant(required=True, metadata={"description": "When it happened, in UTC."})
    datacontenttype = fields.String(required=True, dump_default="application/json")
    dataschema = fields.Url(required=True, require_tld=False, metadata={"description": "Where the JSON Schema of `data` is served."})
    sandbox = fields.Boolean(metadata={"description": "Only in events made for trying out."})
    data = fields.Dict(required=True)

    example: ClassVar = {
        "specversion": "1.0",
        "id": EVENT_ID,
        "source": "/agreements",
        "type": "report_validated",
        "subject": f"exchange/{EXCHANGE_ID}",
        "subjectversion": 31,
        "time": "2027-03-20T09:30:00Z",
        "datacontenttype": "application/json",
        "dataschema": "https://tool.example.org/contracts/schemas/partners/ReportValidated.json",
        "data": {"exchange_id": EXCHANGE_ID},
    }

    class Meta:
        unknown = EXCLUDE
