"""What every service answers when it is asked what it holds of a person: its rows as they are, and links to files."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.message import SERVICES, Query, View

A_PERSON = "d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11"


class HeldFile(View):
    """A file of the person's, and where the person can fetch it."""

    what = fields.String(required=True)
    link = fields.String(required=True)

    example: ClassVar = {"what": "cv.pdf", "link": "/v1/registrations/5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51/cv"}


class HeldData(View):
    """The rows that name the person, by table, with `history`: what the person did, and when."""

    tables = fields.Dict(keys=fields.String(), values=fields.List(fields.Dict()), required=True)
    files = fields.List(fields.Nested(HeldFile), required=True)

    example: ClassVar = {
        "tables": {"history": [{"at": "2026-11-02T09:00:00Z", "what": "registration_begun", "subject": f"person/{A_PERSON}"}]},
        "files": [HeldFile.example],
    }


class ReadHeldData(Query):
    """Everything that this service holds of a person; for identity alone, which hands it to that person."""

    answers = HeldData
    allowed = (SERVICES,)
    asked_by = ("identity",)

    person_id = fields.UUID(required=True)

    example: ClassVar = {"person_id": A_PERSON}
