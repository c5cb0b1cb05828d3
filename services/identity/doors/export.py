"""Doors of access and portability: a person gets all that is held of that person."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from chassis.bare.principal import Principal
from chassis.running.calls import Calls
from chassis.running.doors import answers
from chassis.running.held import held_about
from chassis.running.unit import Units
from contracts.agreements import ReadHeld as ReadHeldByAgreements
from contracts.identity.export import ExportMe
from contracts.matching import ReadHeld as ReadHeldByMatching
from contracts.payments import ReadHeld as ReadHeldByPayments
from contracts.registry import ReadHeld as ReadHeldByRegistry
from services.identity.model import Account, Base

OTHERS = (ReadHeldByRegistry, ReadHeldByMatching, ReadHeldByAgreements, ReadHeldByPayments)


class ExportDoors:
    """One file of everything."""

    unit = Units()
    ask = Calls()

    @answers(ExportMe)
    def export_me(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """What identity holds, and what the others say."""
        held = {contract.service: self.ask(contract, person_id=who.person) for contract in OTHERS}
        with self.unit() as unit:
            held["identity"] = {"tables": held_about(unit, Base.metadata, who.person, Account.__table__.c.id), "files": []}
            content = json.dumps({"person_id": str(who.person), "at": unit.now.isoformat(), "held": held}, ensure_ascii=False, indent=1)
            return unit.reply(_file(content))


def _file(content: str) -> dict[str, Any]:
    raw = content.encode()
    about = {"name": "all-that-is-held-of-me.json", "media_type": "application/json", "size": len(raw)}
    return {"sha256": hashlib.sha256(raw).hexdigest(), "content": content, **about}
