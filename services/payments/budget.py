"""The SELECTs that add up money: planned, agreed, ordered and paid, by partnership and month."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, case, cast, func, select, true, union_all

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.words import CURRENCY
from services.payments.model import Exchange, Partnership, Payment
from services.payments.model.assistance import Assistance
from services.payments.model.ledger import LedgerEntry

PLANNED, FROM_THE_LEDGER = "planned", ("agreed", "ordered", "paid")
SEE_ALL = ("support_officer", "auditor", "administrator")


def budget(unit: Unit, who: Principal, request: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each partnership and month in which something happened, by acronym and month."""
    lines = union_all(_planned(who, request), _booked(who, request)).subquery()
    sums = [
        func.coalesce(func.sum(lines.c.minor).filter(lines.c.kind == kind), 0).label(f"{kind}_minor")
        for kind in (PLANNED, *FROM_THE_LEDGER)
    ]
    statement = select(lines.c.partnership_id, Partnership.acronym, lines.c.month, *sums)
    named = statement.outerjoin(Partnership, Partnership.id == lines.c.partnership_id)
    grouped = named.group_by(lines.c.partnership_id, Partnership.acronym, lines.c.month)
    rows = unit.session.execute(grouped.order_by(Partnership.acronym, lines.c.partnership_id, lines.c.month)).mappings()
    return [dict(row) | {"currency": CURRENCY} for row in rows]


def _booked(who: Principal, request: dict[str, Any]) -> Select[Any]:
    is_taken_back = LedgerEntry.kind == "reversed"
    kind = case((is_taken_back, LedgerEntry.reverses), else_=LedgerEntry.kind)
    minor = case((is_taken_back, -LedgerEntry.amount_minor), else_=LedgerEntry.amount_minor)
    statement = _lines(kind, minor, LedgerEntry.at).join(LedgerEntry, LedgerEntry.exchange_id == Exchange.id).join(Exchange.payment)
    return statement.where(kind.in_(FROM_THE_LEDGER), *_counted(who, request, LedgerEntry.at))


def _planned(who: Principal, request: dict[str, Any]) -> Select[Any]:
    newest = select(func.max(Assistance.commitment_version)).where(Assistance.exchange_id == Exchange.id).correlate(Exchange)
    statement = _lines(func.concat(PLANNED), Assistance.amount_minor, Assistance.computed_at).join(
        Assistance, Assistance.exchange_id == Exchange.id
    )
    stands = (Assistance.commitment_version == newest.scalar_subquery(), Assistance.amount_minor.is_not(None))
    return statement.join(Exchange.payment).where(Payment.agreed_minor.is_(None), *stands, *_counted(who, request, Assistance.computed_at))


def _lines(kind: Any, minor: Any, at: Any) -> Select[Any]:
    month = cast(func.date_trunc("month", func.timezone("UTC", at)), Date)
    return select(
        Exchange.visitor_partnership_id.label("partnership_id"), month.label("month"), kind.label("kind"), minor.label("minor")
    ).select_from(Exchange)


def _counted(who: Principal, request: dict[str, Any], at: Any) -> list[ColumnElement[bool]]:
    first, last, partnership_id = request["booked_from"], request["booked_to"], request["partnership_id"]
    paid_by = [Exchange.visitor_partnership_id == partnership_id] if partnership_id else []
    since = [at >= datetime.combine(first, time(), UTC)] if first else []
    until = [at <= datetime.combine(last, time.max, UTC)] if last else []
    return [_mine(who), Payment.state != "void", *paid_by, *since, *until]


def _mine(who: Principal) -> ColumnElement[bool]:
    if any(who.has(role) for role in SEE_ALL):
        return true()
    return Exchange.visitor_partnership_id.in_(who.places("finance") | who.places("agreements"))
