"""Doors of complaints to the support office."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers, due
from chassis.running.occasions import Due
from chassis.running.unit import Unit, Units
from contracts.matching import (
    DismissComplaint,
    ListComplaints,
    OrganisationWarned,
    ReadComplaint,
    SendComplaint,
    UpholdComplaint,
    WithdrawComplaint,
)
from contracts.matching.refusals import MeasureDoesNotFit
from services.matching.doors.contacts import close_all
from services.matching.model import Complaint
from services.matching.model.contact_lifecycle import UNMATCHED_STATES
from services.matching.queries import complaints, contacts

ENDING = "contact_complained_of"


class ComplaintDoors:
    """Complaining, and what the support office decides."""

    unit = Units()

    @answers(SendComplaint)
    def send_complaint(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Complaint something that one sees."""
        with self.unit() as unit:
            about = complaints.subject(unit, request["kind"], request["subject_id"], who)
            complaints.check_not_waiting(unit, about, who)
            complaint, fact = Complaint.receive(about, reason=request["reason"], text=request["text"], by=who, at=unit.now)
            unit.session.add(complaint)
            unit.announce(fact)
            return _reply(unit, complaint, who)

    @answers(ReadComplaint)
    def read_complaint(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show one."""
        with self.unit() as unit:
            return _reply(unit, complaints.complaint(unit, request["complaint_id"], seen_by=who), who)

    @answers(ListComplaints)
    def list_complaints(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show one's own, or the office's queue."""
        with self.unit() as unit:
            return unit.reply(complaints.complaints(unit, who, request))

    @answers(UpholdComplaint)
    def uphold_complaint(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Agree, and do something about it."""
        with self.unit() as unit:
            complaint, measure = complaints.complaint(unit, request["complaint_id"], seen_by=who, to_change=True), request["measure"]
            unit.expect(complaint)
            unit.announce(complaint.uphold(by=who, measure=measure, words=request["decision"], at=unit.now))
            if measure not in complaints.measures(unit, complaint):
                raise MeasureDoesNotFit
            _carry_out(unit, complaint, measure)
            return _reply(unit, complaint, who)

    @answers(DismissComplaint)
    def dismiss_complaint(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """See nothing wrong."""
        with self.unit() as unit:
            complaint = complaints.complaint(unit, request["complaint_id"], seen_by=who, to_change=True)
            unit.expect(complaint)
            unit.announce(complaint.dismiss(by=who, words=request["decision"], at=unit.now))
            return _reply(unit, complaint, who)

    @answers(WithdrawComplaint)
    def withdraw_complaint(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take one's complaint back."""
        with self.unit() as unit:
            complaint = complaints.complaint(unit, request["complaint_id"], seen_by=who, to_change=True)
            unit.announce(complaint.withdraw_complaint(by=who))
            return _reply(unit, complaint, who)

    @due(ENDING)
    def end_complained_of(self, work: Due) -> None:
        """End a contact of which the support office decided so, if no exchange came of it meanwhile."""
        with self.unit() as unit:
            contact = contacts.own_contact(unit, work.subject_id)
            if contact is not None and contact.state in UNMATCHED_STATES:
                close_all(unit, [contact])


def _carry_out(unit: Unit, complaint: Complaint, measure: str) -> None:
    if measure == "message_hidden" and complaint.message_id:
        complaints.message(unit, complaint.message_id).hide(unit.now)
    if measure == "contact_closed" and complaint.contact_id:
        unit.plan(ENDING, complaint.contact_id, unit.now)
    if complaint.about_organisation_id:
        about = {"organisation_id": complaint.about_organisation_id, "reason": complaint.reason, "measure": measure}
        unit.announce(OrganisationWarned.of(complaint.about_organisation_id, **about))


def _reply(unit: Unit, complaint: Complaint, who: Principal) -> dict[str, Any]:
    unit.session.flush()
    return unit.reply(complaints.shown(unit, [complaint], who)[0])
