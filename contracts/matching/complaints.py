"""Complaints to the support office: of a message, a conversation, a contact request or a participant."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Several, Text, Whole
from chassis.bare.message import SIGNED_IN, Command, PageQuery, Query, View, page_of
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours, StaleVersion
from contracts.matching.events import (
    COMPLAINT_ID,
    COMPLAINT_KINDS,
    COMPLAINT_REASONS,
    CONTACT_ID,
    CONVERSATION_ID,
    MEASURES,
    MESSAGE_ID,
)
from contracts.matching.refusals import ComplainedBefore, ComplaintNotFound, MeasureDoesNotFit, NothingToComplainOf

COMPLAINT_STATES = ("received", "upheld", "dismissed", "withdrawn")


class ComplaintView(View):
    """A complaint, and what the support office decided. `message` is what is complained of, word for word, for the support office alone."""

    complaint_id = fields.UUID(required=True)
    version = Whole(1, required=True)
    state = Choice(COMPLAINT_STATES, required=True)
    kind = Choice(COMPLAINT_KINDS, required=True)
    participation_id = fields.UUID(required=True, allow_none=True)
    contact_id = fields.UUID(required=True, allow_none=True)
    conversation_id = fields.UUID(required=True, allow_none=True)
    message_id = fields.UUID(required=True, allow_none=True)
    about_name = fields.String(required=True)
    message = fields.String(required=True, allow_none=True)
    reason = Choice(COMPLAINT_REASONS, required=True)
    text = Text(4000, required=True, lines=True)
    received_at = Instant(required=True)
    measure = Choice(MEASURES, required=True, allow_none=True)
    decision = Text(4000, required=True, lines=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    moves = fields.List(fields.String(), required=True)
    measures = fields.List(Choice(MEASURES), required=True)

    example: ClassVar[dict[str, Any]] = {
        "complaint_id": COMPLAINT_ID,
        "version": 1,
        "state": "received",
        "kind": "message",
        "participation_id": None,
        "contact_id": CONTACT_ID,
        "conversation_id": CONVERSATION_ID,
        "message_id": MESSAGE_ID,
        "about_name": "Tejo Valley Makers",
        "message": "Buy our software now!",
        "reason": "advertising",
        "text": "We get this every week.",
        "received_at": "2027-01-08T09:00:00Z",
        "measure": None,
        "decision": None,
        "decided_at": None,
        "moves": ["uphold", "dismiss"],
        "measures": ["warning", "message_hidden", "contact_closed"],
    }


class SendComplaint(Command):
    """Complain of something to the support office, which decides; `subject_id` is the id of what is complained of.

    Whoever is complained of does not hear by whom.
    """

    service = "matching"
    answers = ComplaintView
    allowed = (SIGNED_IN,)
    rule = "Whoever sees what is complained of: in a conversation or contact that one takes part in, or in the catalogue."
    refusals = (NothingToComplainOf, ComplainedBefore)

    kind = Choice(COMPLAINT_KINDS, required=True)
    subject_id = fields.UUID(required=True)
    reason = Choice(COMPLAINT_REASONS, required=True)
    text = Text(4000, 10, required=True, lines=True)

    example: ClassVar = {"kind": "message", "subject_id": MESSAGE_ID, "reason": "advertising", "text": "We get this every week."}


class ReadComplaint(Query):
    """One complaint."""

    service = "matching"
    answers = ComplaintView
    allowed = (SIGNED_IN,)
    rule = "Whoever sent it, and the support office."
    refusals = (ComplaintNotFound,)

    complaint_id = fields.UUID(required=True)

    example: ClassVar = {"complaint_id": COMPLAINT_ID}


class ListComplaints(PageQuery):
    """Complaints, the newest first: one's own; for the support office all."""

    service = "matching"
    answers = page_of(ComplaintView)
    allowed = (SIGNED_IN,)
    rule = "One's own; the support office all."

    state = Several(Choice(COMPLAINT_STATES), load_default=list)

    example: ClassVar = {"state": ["received"]}


class UpholdComplaint(Command):
    """Agree with a complaint and do something about it; whoever complained reads the words, the organisation concerned is warned."""

    service = "matching"
    answers = ComplaintView
    allowed = ("support_officer",)
    if_match = True
    refusals = (ComplaintNotFound, StaleVersion, MeasureDoesNotFit, MoveNotAllowed, MoveNotYours)

    complaint_id = fields.UUID(required=True)
    measure = Choice(MEASURES, required=True)
    decision = Text(4000, 10, required=True, lines=True)

    example: ClassVar = {"complaint_id": COMPLAINT_ID, "measure": "warning", "decision": "We asked them to write what concerns you."}


class DismissComplaint(Command):
    """See nothing wrong in what was complained of, and say why."""

    service = "matching"
    answers = ComplaintView
    allowed = ("support_officer",)
    if_match = True
    refusals = (ComplaintNotFound, StaleVersion, MoveNotAllowed, MoveNotYours)

    complaint_id = fields.UUID(required=True)
    decision = Text(4000, 10, required=True, lines=True)

    example: ClassVar = {"complaint_id": COMPLAINT_ID, "decision": "One request in a month is no advertising."}


class WithdrawComplaint(Command):
    """Take one's own complaint back before it is decided."""

    service = "matching"
    answers = ComplaintView
    allowed = (SIGNED_IN,)
    rule = "Whoever sent it."
    refusals = (ComplaintNotFound, MoveNotAllowed, MoveNotYours)

    complaint_id = fields.UUID(required=True)

    example: ClassVar = {"complaint_id": COMPLAINT_ID}
