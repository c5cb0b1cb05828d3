"""What binds a person to exchanges, and what agreements forgets of one who is erased."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.running.doors import answers, listens
from chassis.running.forgetting import forget_answers
from chassis.running.held import Held, held_about
from contracts.agreements import FINANCIAL, ReadHeld
from contracts.agreements.ties import ReadOpenExchanges
from contracts.identity.events import PersonErased
from services.agreements import queries
from services.agreements.doors.frame import Doors
from services.agreements.model import Base


class ErasureDoors(Doors):
    """Exchanges of persons who are, or want to be, erased."""

    @answers(ReadOpenExchanges)
    def read_open_exchanges(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The exchanges that stand against an erasure."""
        with self.unit() as unit:
            return unit.reply({"exchange_ids": queries.bound_to(unit, request["person_id"], request["organisation_ids"])})

    @answers(ReadHeld)
    def read_held(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """All that is held here of a person."""
        with self.unit() as unit:
            tables = _without_visitors_own(held_about(unit, Base.metadata, request["person_id"]), str(request["person_id"]))
            return unit.reply(
                {"tables": tables, "files": [_document(row) for row in tables.get("agreement", []) if row["document_sha256"]]}
            )

    @listens(PersonErased)
    def forget_person(self, event: Heard) -> None:
        """Forget the visits that were never signed, and whoever was to travel.

        What was signed or validated stays as it is, name and text: it is what public money was given for (GDPR 17(3)(b)).
        """
        person_id = event.data["person_id"]
        with self.unit() as unit:
            words = queries.names_of(unit, person_id)
            for exchange in queries.never_signed(unit, person_id):
                words |= exchange.forget_plan()
            forget_answers(unit, person_id, words)


def _without_visitors_own(tables: Held, person_id: str) -> Held:
    """Without the financial agreements and reports of visits for which somebody else answers on the visitor's side."""
    visits = {row["id"] for row in tables.get("exchange", []) if row["visitor_person_id"] == person_id}
    agreements = [row for row in tables.get("agreement", []) if row["kind"] != FINANCIAL or row["exchange_id"] in visits]
    reports = [row for row in tables.get("closing_report", []) if row["exchange_id"] in visits]
    return tables | {name: rows for name, rows in (("agreement", agreements), ("closing_report", reports)) if name in tables}


def _document(row: dict[str, Any]) -> dict[str, str]:
    kind = str(row["kind"]).replace("_", "-")
    return {"what": f"{kind} {row['number']}", "link": f"/v1/exchanges/{row['exchange_id']}/agreements/{kind}/document"}
