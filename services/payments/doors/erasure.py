"""What binds a person to payments, and what payments forgets of one who is erased."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.running.doors import answers, listens
from chassis.running.forgetting import forget_answers
from chassis.running.held import held_about
from contracts.identity.events import PersonErased
from contracts.payments import ReadHeld
from contracts.payments.ties import ReadUnsettledPayments
from services.payments import queries
from services.payments.doors.frame import Doors
from services.payments.model import Base


class ErasureDoors(Doors):
    """Payments of persons who are, or want to be, erased."""

    @answers(ReadUnsettledPayments)
    def read_unsettled_payments(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The payments that stand against an erasure."""
        with self.unit() as unit:
            return unit.reply({"exchange_ids": queries.bound_to(unit, request["person_id"], request["organisation_ids"])})

    @answers(ReadHeld)
    def read_held(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """All that is held here of a person."""
        with self.unit() as unit:
            # The host has no part in the visitor's money.
            tables = held_about(unit, Base.metadata, request["person_id"], not_of=("host_person_id",))
            return unit.reply({"tables": tables, "files": [_evidence(row) for row in tables.get("evidence", []) if "name" in row]})

    @listens(PersonErased)
    def forget_person(self, event: Heard) -> None:
        """Forget what the person was answered.

        Bank details, evidence and the ledger are accounting records: kept for as long as the rules on public money ask (GDPR 17(3)(b)).
        """
        with self.unit() as unit:
            forget_answers(unit, event.data["person_id"])


def _evidence(row: dict[str, Any]) -> dict[str, str]:
    return {"what": str(row["name"]), "link": f"/v1/evidence/{row['id']}/file"}
