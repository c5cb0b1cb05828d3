"""The door that agreements asks for the money's part of an exchange's dossier."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import PERSON, Principal
from chassis.running.doors import answers
from chassis.running.unit import Unit
from contracts.payments import ReadExchangeMoney
from services.payments import queries, shown
from services.payments.doors.frame import Doors
from services.payments.model import BankDetails, Exchange
from services.payments.vault import open_vault


class DossierDoors(Doors):
    """All of it at one look."""

    @answers(ReadExchangeMoney)
    def read_exchange_money(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Everything as the person who reads it may see it; that the account was shown, masked, is there for its holder to see."""
        reader = Principal(PERSON, str(request["person_id"]), roles=frozenset({(request["role"], None)}))
        with self.unit(traced=True) as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=reader)
            if exchange.bank_details:
                exchange.bank_details.record_access(reader.person, unit.now, "dossier")
            return unit.reply(_money(unit, exchange, reader))


def _money(unit: Unit, exchange: Exchange, reader: Principal) -> dict[str, Any]:
    names = queries.names(unit, [exchange])
    return {
        "exchange_id": exchange.id,
        "assistances": exchange.assistances,
        "bank_details": _masked(exchange.bank_details),
        "evidence": shown.all_evidence(exchange, reader),
        "payment": shown.payment(exchange.payment, reader, names) | {"ledger": exchange.payment.ledger},
    }


def _masked(details: BankDetails | None) -> dict[str, Any] | None:
    return shown.bank_details(details, open_vault().open(details.content, details.exchange_id)) if details else None
