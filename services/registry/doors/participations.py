"""Doors of accepted participations: pauses, continued interest, the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers, due
from chassis.running.occasions import Due
from chassis.running.unit import Units
from contracts.registry import ConfirmInterest, PauseParticipation, ResumeParticipation, WithdrawRegistration
from services.registry.doors.registrations import shown
from services.registry.model.registration import IN_SCHEME
from services.registry.queries import partnerships, registrations


class ParticipationDoors:
    """Participations in the scheme, until they end."""

    unit = Units()

    @answers(PauseParticipation)
    def pause_participation(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take no new contacts for a while."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who, to_change=True)
            unit.announce(participation.pause(by=who, at=unit.now))
            return shown(unit, participation, who)

    @answers(ResumeParticipation)
    def resume_participation(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Go on."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who, to_change=True)
            unit.announce(participation.resume(by=who, at=unit.now))
            return shown(unit, participation, who)

    @answers(WithdrawRegistration)
    def withdraw_registration(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """End it for good."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who, to_change=True)
            unit.announce(participation.withdraw(by=who, at=unit.now))
            unit.unplan("interest_question", participation.id)
            unit.unplan("interest_expiry", participation.id)
            return shown(unit, participation, who)

    @answers(ConfirmInterest)
    def confirm_interest(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The interest goes on; it is asked for again later."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who, to_change=True)
            unit.announce(participation.confirm_interest(by=who, at=unit.now))
            partnership = partnerships.partnership(unit, participation.partnership_id)
            unit.unplan("interest_expiry", participation.id)
            unit.unplan("interest_question", participation.id)
            unit.plan("interest_question", participation.id, partnership.asks_interest_at(unit.now))
            return shown(unit, participation, who)

    @due("interest_question")
    def ask_interest(self, work: Due) -> None:
        """Ask whether the interest goes on, where the participation still goes on itself."""
        with self.unit() as unit:
            participation = registrations.participation_due(unit, work.subject_id)
            if participation.state not in IN_SCHEME:
                return
            partnership = partnerships.partnership(unit, participation.partnership_id)
            due_by = unit.now + timedelta(days=partnership.interest_answer_days)
            unit.announce(participation.ask_interest(unit.who, due_by, unit.now))
            unit.plan("interest_expiry", participation.id, due_by)

    @due("interest_expiry")
    def expire(self, work: Due) -> None:
        """End a participation for which nobody answered."""
        with self.unit() as unit:
            participation = registrations.participation_due(unit, work.subject_id)
            if participation.state in IN_SCHEME and participation.interest_due_by:
                unit.announce(participation.expire(unit.who, unit.now))
