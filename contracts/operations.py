"""What administrators see of each service at work, and do about what it could not apply; every service answers the same.

A service looks into its own parking only, with its own login on the broker.
"""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.bare.fields import Instant, Text, Whole
from chassis.bare.message import Command, Query, View
from chassis.bare.refusals import NotParkedAnyMore, NoWayBackThere, Refusal

PARKED_ID = "0f1e2d3c4b5a"
EVENT_ID = "0d4c9f0e-5f0b-4a3e-9d55-2f8f7a1b6c01"


class ParkedId(fields.String):
    """The id of a parked message: made of what it is and of where it failed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(r"^[0-9a-f]{12}\Z"), **kwargs)


class WorkView(View):
    """How a service is doing: what it has announced and what of it is not told yet, what waits, what is overdue, what is parked.

    `facts` counts the rows of its journal as far as they are numbered; `oldest_untold_at` is null where all is told.
    """

    service = fields.String(required=True)
    facts = Whole(0, 2**62, required=True)
    last_fact_at = Instant(required=True, allow_none=True)
    untold_facts = Whole(0, required=True)
    oldest_untold_at = Instant(required=True, allow_none=True)
    waiting_events = Whole(0, required=True)
    overdue_work = Whole(0, required=True)
    jobs = Whole(0, required=True)
    failed_jobs = Whole(0, required=True)
    parked = Whole(0, required=True)

    example: ClassVar = {
        "service": "agreements",
        "facts": 4711,
        "last_fact_at": "2027-03-10T09:30:00Z",
        "untold_facts": 0,
        "oldest_untold_at": None,
        "waiting_events": 0,
        "overdue_work": 0,
        "jobs": 1,
        "failed_jobs": 0,
        "parked": 1,
    }


class ParkedView(View):
    """A message that failed too often: what it is, from which queue it came, why it failed, how often it was tried; and whole."""

    parked_id = ParkedId(attribute="id", required=True)
    queue = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    reason = fields.String(required=True)
    runs = Whole(0, required=True)
    since = fields.String(required=True)
    message_id = fields.String(required=True)
    correlation_id = fields.String(required=True)
    sender = fields.String(required=True)
    text = fields.String(required=True)

    example: ClassVar = {
        "parked_id": PARKED_ID,
        "queue": "payments.on.agreement_signed",
        "type": "agreement_signed",
        "subject": "exchange/5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51",
        "reason": "KeyError: 'amount'",
        "runs": 6,
        "since": "2027-03-10T09:30:07+00:00",
        "message_id": EVENT_ID,
        "correlation_id": "c0ffee00-0001",
        "sender": "payments",
        "text": "{}",
    }


class ParkedMessages(View):
    """The first of the parked messages of a service, and how many there are."""

    count = Whole(0, required=True)
    items = fields.List(fields.Nested(ParkedView), required=True)

    example: ClassVar = {"count": 1, "items": [ParkedView.example]}


class ReadWork(Query):
    """How this service is doing."""

    answers = WorkView
    allowed = ("administrator", "auditor")


class ListParked(Query):
    """The messages that this service could not apply, the first of them; looking takes nothing out."""

    answers = ParkedMessages
    allowed = ("administrator",)

    limit = Whole(1, 100, load_default=50, metadata={"description": "At most so many items, 1 to 100."})

    example: ClassVar = {"limit": 50}


class ReplayParked(Command):
    """Put a parked message back into the queue it came from; it is applied once, however often that is done."""

    answers = ParkedView
    allowed = ("administrator",)
    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotParkedAnyMore, NoWayBackThere)
    parked_id = ParkedId(required=True)

    example: ClassVar = {"parked_id": PARKED_ID}


class DropParked(Command):
    """Throw a parked message away; what it was, who did so and why is written down before."""

    answers = ParkedView
    allowed = ("administrator",)
    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotParkedAnyMore,)
    parked_id = ParkedId(required=True)
    why = Text(500, required=True, lines=True)

    example: ClassVar = {"parked_id": PARKED_ID, "why": "The exchange was cancelled by hand."}
