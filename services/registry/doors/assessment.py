"""Doors of the contact point for registrations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.bare.principal import Principal
from chassis.bare.refusals import Refusal, StaleVersion
from chassis.running.doors import answers
from chassis.running.unit import Unit, Units
from contracts.registry import (
    AcceptRegistration,
    AcceptRegistrations,
    ApproveChange,
    ApproveHosting,
    DeclineChange,
    OrganisationTakesPart,
    RejectRegistration,
    ReopenRegistration,
    RequestMoreInformation,
)
from contracts.registry.reference import KINDS
from services.registry.doors.registrations import shown
from services.registry.model import Organisation, Participation
from services.registry.queries import partnerships, reference, registrations
from services.registry.towns import find_town


class AssessmentDoors:
    """Registrations in a partnership's queue, and changes that wait for it."""

    unit = Units()

    @answers(AcceptRegistration)
    def accept_registration(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Let it into the scheme."""
        with self.unit() as unit:
            participation = _to_assess(unit, who, request["participation_id"])
            unit.expect(participation)
            _accept(unit, who, participation)
            return shown(unit, participation, who)

    @answers(AcceptRegistrations)
    def accept_registrations(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Let several into the scheme; each that can be."""
        with self.unit() as unit:
            # In one order everywhere, so that two bulk acceptances cannot wait for each other's locks.
            seen = {each["participation_id"]: each["version"] for each in request["registrations"]}
            outcomes = {each: _try_to_accept(unit, who, each, seen[each]) for each in sorted(seen)}
            return unit.reply({"items": [outcomes[each["participation_id"]] for each in request["registrations"]]})

    @answers(RequestMoreInformation)
    def request_more_information(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Ask for more."""
        with self.unit() as unit:
            participation = _to_assess(unit, who, request["participation_id"])
            unit.announce(participation.request_info(who, request["question"], unit.now))
            return shown(unit, participation, who)

    @answers(RejectRegistration)
    def reject_registration(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Do not let it into the scheme."""
        with self.unit() as unit:
            participation = _to_assess(unit, who, request["participation_id"])
            unit.expect(participation)
            unit.announce(participation.reject(who, request["reason"], request["text"], unit.now))
            return shown(unit, participation, who)

    @answers(ReopenRegistration)
    def reopen_registration(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Undo a rejection, unless the organisation began another registration since."""
        with self.unit() as unit:
            participation = _to_assess(unit, who, request["participation_id"])
            unit.session.get_one(Organisation, participation.organisation_id, with_for_update=True, populate_existing=True)
            if participation.state == "rejected" and registrations.takes_part(unit, participation.organisation_id):
                raise OrganisationTakesPart
            unit.announce(participation.reopen(by=who, at=unit.now))
            return shown(unit, participation, who)

    @answers(ApproveHosting)
    def approve_hosting(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Approve that a small firm outside any cluster hosts."""
        with self.unit() as unit:
            participation = _to_assess(unit, who, request["participation_id"])
            unit.announce(participation.approve_hosting(by=who, at=unit.now))
            return shown(unit, participation, who)

    @answers(ApproveChange)
    def approve_change(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Let a proposed change take effect."""
        with self.unit() as unit:
            participation = _to_assess(unit, who, request["participation_id"])
            unit.expect(participation)
            rules = reference.scheme(unit, KINDS), partnerships.partnership(unit, participation.partnership_id)
            unit.announce(participation.approve_change(who, unit.now, *rules, find_town))
            return shown(unit, participation, who)

    @answers(DeclineChange)
    def decline_change(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Leave the answers as they are."""
        with self.unit() as unit:
            participation = _to_assess(unit, who, request["participation_id"])
            unit.expect(participation)
            unit.announce(participation.decline_change(who, request["text"], unit.now))
            return shown(unit, participation, who)


def _accept(unit: Unit, who: Principal, participation: Participation) -> None:
    partnership = partnerships.partnership(unit, participation.partnership_id)
    unit.announce(participation.accept(who, unit.now, reference.scheme(unit), partnership))
    unit.plan("interest_question", participation.id, partnership.asks_interest_at(unit.now))


def _try_to_accept(unit: Unit, who: Principal, participation_id: UUID, version: int) -> dict[str, Any]:
    # A rule refuses before it changes anything, so what was refused leaves no trace in this unit.
    try:
        participation = _to_assess(unit, who, participation_id)
        if participation.version != version:
            raise StaleVersion(version=participation.version)
        _accept(unit, who, participation)
    except Refusal as refusal:
        return {"participation_id": participation_id, "accepted": False, "code": refusal.code(), "sentence": refusal.sentence}
    return {"participation_id": participation_id, "accepted": True, "code": None, "sentence": None}


def _to_assess(unit: Unit, who: Principal, participation_id: UUID) -> Participation:
    return registrations.participation_to_assess(unit, participation_id, who)
