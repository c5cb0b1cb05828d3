"""The door to the dossier: everything of an exchange, with what payments and matching keep of it."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import Query
from chassis.bare.principal import Principal
from chassis.bare.refusals import RefusedElsewhere, Unavailable
from chassis.running.doors import answers
from contracts.agreements import ReadDossier
from contracts.matching import ReadExchangeConversation
from contracts.payments import ReadExchangeMoney
from services.agreements import queries
from services.agreements.doors.frame import Doors
from services.agreements.model.lifecycle import AUDITOR, SUPPORT
from services.agreements.shown import dossier


class DossierDoors(Doors):
    """What auditors and the support office read at one look."""

    @answers(ReadDossier)
    def read_dossier(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Everything; a part whose service does not answer is named as missing, and the rest is shown."""
        exchange_id, role = request["exchange_id"], AUDITOR if who.has(AUDITOR) else SUPPORT
        # Whoever may not see the exchange is told so before anybody else is asked about it.
        with self.unit(reading=True) as unit:
            queries.exchange(unit, exchange_id, seen_by=who)
        missing: list[dict[str, str]] = []
        money = self._part(missing, "money", ReadExchangeMoney, exchange_id=exchange_id, person_id=who.person, role=role)
        about = {"exchange_id": exchange_id, "reads_hidden": who.has(SUPPORT)}
        conversation = self._part(missing, "conversation", ReadExchangeConversation, **about)
        with self.unit() as unit:
            exchange = queries.exchange(unit, exchange_id, seen_by=who)
            own = dossier(exchange, who, unit.now, unit.history(f"exchange/{exchange_id}"))
            return unit.reply(own | {"money": money, "conversation": conversation, "missing": missing})

    def _part(self, missing: list[dict[str, str]], part: str, contract: type[Query], **fields: Any) -> dict[str, Any] | None:
        try:
            return contract.answers.read(self.ask(contract, **fields))
        except Unavailable as away:
            missing.append({"part": part, "code": away.code, "sentence": str(away)})
        except RefusedElsewhere as refusal:
            missing.append({"part": part, "code": refusal.as_message()["code"], "sentence": refusal.sentence})
        return None
