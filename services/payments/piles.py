"""The piles of a paying officer's desk: what lies on each, by which day it is due, and how many they are."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from chassis.running.unit import Unit
from contracts.payments import PILES
from services.payments.model import Evidence, Exchange, Payment
from services.payments.model.payment import TO_BE_MADE

OF_EVIDENCE = ("review", "evidence")


def lies_on(pile: str) -> ColumnElement[bool]:
    """Whether a payment, joined with its exchange, lies on that pile."""
    if pile not in OF_EVIDENCE:
        return Payment.state == pile
    to_review = exists().where(Evidence.exchange_id == Exchange.id, Evidence.state == "uploaded").correlate(Exchange)
    open_still = (Payment.state == "awaiting", Exchange.evidence_accepted_at.is_(None))
    return and_(*open_still, to_review if pile == "review" else and_(Exchange.agreed_version.is_not(None), ~to_review))


def due_on(pile: str | None) -> Any:
    """The day by which that has to be done that the pile waits for."""
    return Exchange.evidence_due_on if pile in OF_EVIDENCE else Payment.due_by


def counts(unit: Unit, visible: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Each pile of the payments that can be seen."""
    sums = [each for pile in PILES for each in _sums(pile, unit.now.date())]
    on_any = or_(*(lies_on(pile) for pile in PILES))
    row = unit.session.execute(select(*sums).select_from(Payment).join(Payment.exchange).where(visible, on_any)).one()
    return [
        {"pile": pile, "count": row[3 * place], "late": row[3 * place + 1], "first_due": row[3 * place + 2]}
        for place, pile in enumerate(PILES)
    ]


def _sums(pile: str, today: date) -> tuple[Any, ...]:
    # What was paid too much is due no longer, and what was handed in is late by nobody's day.
    can_be_late = pile in (*TO_BE_MADE, "evidence")
    late = and_(lies_on(pile), due_on(pile) < today) if can_be_late else and_(lies_on(pile), false())
    return func.count().filter(lies_on(pile)), func.count().filter(late), func.min(due_on(pile)).filter(lies_on(pile))
