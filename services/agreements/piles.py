"""The SELECTs of a contact point's desk: which exchanges wait for the viewer's partnerships, and since when.

They say in SQL what `Exchange.moves` says of one exchange, so that thousands need not be loaded to be counted; a test holds the two
against each other.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.agreements import COMMITMENT, FINANCIAL, HOST_PARTNERSHIP, PILES, VISITOR_PARTNERSHIP
from services.agreements import queries
from services.agreements.model import Agreement, Exchange
from services.agreements.model.agreement import Signature, Validation

SIDES: dict[str, InstrumentedAttribute[UUID]] = {
    VISITOR_PARTNERSHIP: Exchange.visitor_partnership_id,
    HOST_PARTNERSHIP: Exchange.host_partnership_id,
}
MISSED = case(
    (Exchange.state == "ready", Exchange.start),
    (Exchange.state == "running", Exchange.end),
    (Exchange.state.in_(("ended", "report_returned")), Exchange.report_due_on),
)
"""The day that an exchange has to keep next."""


def counts(unit: Unit, who: Principal) -> list[dict[str, Any]]:
    """Each pile with its size, and since when the first on it waits."""
    on = {pile: _lies_on(pile, who, unit.now.date()) for pile in PILES}
    sums = [value for pile in PILES for value in (func.count().filter(on[pile]), func.min(_since(pile)).filter(on[pile]))]
    row = unit.session.execute(select(*sums).where(queries.visible_to(who), or_(*on.values()))).one()
    return [{"pile": pile, "count": row[2 * place], "oldest": _moment(row[2 * place + 1])} for place, pile in enumerate(PILES)]


def waiting(pile: str | None, who: Principal, today: date) -> tuple[ColumnElement[bool], Any] | None:
    """Which exchanges lie on a pile of the viewer's, and since when each waits; None for no pile."""
    return (_lies_on(pile, who, today), _since(pile)) if pile else None


def _lies_on(pile: str, who: Principal, today: date) -> ColumnElement[bool]:
    mine = who.places("agreements")
    if pile == "validate":
        return and_(Exchange.state == "submitted", _is_missing(COMMITMENT, Validation, mine, SIDES))
    if pile == "sign":
        return or_(
            and_(Exchange.state.in_(("validated", "signing")), _is_missing(COMMITMENT, Signature, mine, SIDES)),
            and_(Exchange.state.in_(("validated", "signing", "signed")), _is_missing(FINANCIAL, Signature, mine, (VISITOR_PARTNERSHIP,))),
        )
    if pile == "report":
        return and_(Exchange.state == "report_submitted", Exchange.visitor_partnership_id.in_(mine))
    return today > MISSED


def _since(pile: str) -> Any:
    return MISSED if pile == "late" else Exchange.changed_at


def _is_missing(kind: str, given: type[Signature | Validation], mine: Set[UUID], parties: Any) -> ColumnElement[bool]:
    """Whether the standing text of a kind lacks what one of these partnerships has to give."""
    lacking = [and_(SIDES[party].in_(mine), ~exists().where(given.agreement_id == Agreement.id, given.party == party)) for party in parties]
    return exists().where(Agreement.exchange_id == Exchange.id, *_standing(kind), or_(*lacking)).correlate(Exchange)


def _standing(kind: str) -> tuple[ColumnElement[bool], ...]:
    mine = (Agreement.kind == kind, Agreement.commitment_number == Exchange.commitment_number)
    if kind == COMMITMENT:
        return mine
    newer = aliased(Agreement)
    same = (newer.exchange_id == Agreement.exchange_id, newer.kind == kind, newer.commitment_number == Agreement.commitment_number)
    return (*mine, ~exists().where(*same, newer.number > Agreement.number))


def _moment(value: date | datetime | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time.min, UTC)
