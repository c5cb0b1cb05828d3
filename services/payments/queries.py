"""The reads of payments: every SELECT, each with the tenant in it; what is not for somebody is not found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import selectinload, undefer
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from chassis.bare.principal import SERVICE, Principal
from chassis.bare.refusals import NotFound
from chassis.running.dated import valid_rows
from chassis.running.unit import Unit
from contracts.payments.refusals import BatchNotFound, EvidenceNotFound, ExchangeNotFound, PartnershipNotFound, PaymentNotFound
from services.payments import piles
from services.payments.assistance import Figure
from services.payments.model import (
    BankDetails,
    Batch,
    BatchLine,
    Evidence,
    Exchange,
    Participation,
    Partnership,
    PayingOfficer,
    Payment,
    Rate,
    RuleFigure,
    RuleMethod,
    Supplement,
    Tariff,
)
from services.payments.model.payment import SETTLED

NO_DATE = date(9999, 12, 31)

# one exchange, whole


def exchange(unit: Unit, exchange_id: UUID, seen_by: Principal, to_change: bool = False) -> Exchange:
    """An exchange with all of its money, locked if it is to be changed; raises ExchangeNotFound."""
    return _exchange(unit, Exchange.id == exchange_id, seen_by, to_change, ExchangeNotFound)


def exchange_of_payment(unit: Unit, payment_id: UUID, seen_by: Principal, to_change: bool = False) -> Exchange:
    """The exchange that a payment belongs to; raises PaymentNotFound."""
    found = select(Payment.exchange_id).where(Payment.id == payment_id).scalar_subquery()
    return _exchange(unit, Exchange.id == found, seen_by, to_change, PaymentNotFound)


def evidence(unit: Unit, evidence_id: UUID, seen_by: Principal, to_change: bool = False) -> Evidence:
    """A file of evidence with its exchange; raises EvidenceNotFound."""
    found = select(Evidence.exchange_id).where(Evidence.id == evidence_id).scalar_subquery()
    whole = _exchange(unit, Exchange.id == found, seen_by, to_change, EvidenceNotFound)
    return next(each for each in whole.evidence if each.id == evidence_id)


def is_known(unit: Unit, exchange_id: UUID) -> bool:
    """Whether an exchange was opened here."""
    # The id alone: a row read before it is locked would stay in the session as it was.
    return unit.session.scalar(select(Exchange.id).where(Exchange.id == exchange_id)) is not None


def _exchange(unit: Unit, which: ColumnElement[bool], seen_by: Principal, to_change: bool, refusal: type[NotFound]) -> Exchange:
    statement = select(Exchange).where(which, visible_to(seen_by)).options(*_whole())
    # The root alone is locked: all changes of an exchange's money begin with it, so the rest cannot move meanwhile.
    return _rooted(unit.one(statement.with_for_update(of=Exchange) if to_change else statement, refusal))


def _rooted(found: Exchange) -> Exchange:
    # The session holds its rows weakly: without this a part would lose the root that only it still needs.
    for part in (found.payment, found.supplement, found.bank_details, *found.evidence):
        if part is not None:
            set_committed_value(part, "exchange", found)
    return found


def _whole() -> list[ORMOption]:
    return [
        selectinload(Exchange.payment).selectinload(Payment.ledger),
        selectinload(Exchange.assistances),
        selectinload(Exchange.supplement),
        selectinload(Exchange.bank_details).selectinload(BankDetails.accesses),
        selectinload(Exchange.paying_officers),
        selectinload(Exchange.evidence).selectinload(Evidence.accesses),
    ]


def visible_to(who: Principal) -> ColumnElement[bool]:
    """Whose money it is: the visiting organisation's and its partnership's paying officers'; support office and auditors see all."""
    if who.kind == SERVICE or who.has("support_officer") or who.has("auditor"):
        return true()
    return or_(
        Exchange.visitor_organisation_id.in_(who.places("representative")),
        Exchange.visitor_partnership_id.in_(who.places("finance")),
    )


# lists


def payments(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the payments somebody may see, those due first at the top; what waits for evidence, by when that is due."""
    statement = select(Payment).join(Payment.exchange).where(visible_to(who))
    due = piles.due_on(request["pile"])
    if request["pile"]:
        statement = statement.where(piles.lies_on(request["pile"]))
    if request["state"]:
        statement = statement.where(Payment.state.in_(request["state"]))
    if request["due_before"]:
        statement = statement.where(due < request["due_before"])
    if request["partnership_id"]:
        statement = statement.where(Exchange.visitor_partnership_id == request["partnership_id"])
    if request["batch_id"]:
        statement = statement.where(Payment.id.in_(select(BatchLine.payment_id).where(BatchLine.batch_id == request["batch_id"])))
    if request["text"]:
        statement = statement.where(_named(request["text"]))
    shown = selectinload(Payment.exchange).options(selectinload(Exchange.bank_details), selectinload(Exchange.paying_officers))
    loaded = statement.options(shown)
    return unit.page(loaded, (func.coalesce(due, NO_DATE), Payment.id), request)


def _named(text: str) -> ColumnElement[bool]:
    """Payments whose visitor's name or reference has this in it."""
    visitors = select(Participation.id).where(Participation.legal_name.icontains(text, autoescape=True))
    return or_(Exchange.visitor_participation_id.in_(visitors), Payment.reference.icontains(text, autoescape=True))


def supplements(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the requests for another base that are this paying officer's to decide, the oldest first."""
    mine = Exchange.visitor_partnership_id.in_(who.places("finance"))
    statement = select(Supplement).join(Supplement.exchange).where(mine, Supplement.state.in_(request["state"]))
    return unit.page(statement.options(selectinload(Supplement.exchange)), (Supplement.requested_at, Supplement.exchange_id), request)


def all_evidence(unit: Unit, exchange: Exchange, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the evidence of an exchange that was read whole before, the oldest first."""
    statement = select(Evidence).where(Evidence.exchange_id == exchange.id)
    for column, wanted in ((Evidence.state, request["state"]), (Evidence.kind, request["kind"])):
        statement = statement.where(column.in_(wanted)) if wanted else statement
    return unit.page(statement, (Evidence.uploaded_at, Evidence.id), request)


def names(unit: Unit, exchanges: Iterable[Exchange]) -> dict[UUID, str]:
    """The visitors' names by participation."""
    wanted = {each.visitor_participation_id for each in exchanges}
    rows = unit.session.execute(select(Participation.id, Participation.legal_name).where(Participation.id.in_(wanted)))
    return {row.id: row.legal_name for row in rows}


def bound_to(unit: Unit, person_id: UUID, organisation_ids: list[UUID]) -> list[UUID]:
    """The exchanges whose payment is not settled and that a person, or one of these organisations, takes part in as visitor."""
    theirs = or_(Exchange.visitor_person_id == person_id, Exchange.visitor_organisation_id.in_(organisation_ids))
    unsettled = select(Exchange.id).join(Exchange.payment).where(theirs, Payment.state.not_in(SETTLED))
    return list(unit.session.scalars(unsettled.order_by(Exchange.id)))


# payment lists


def partnership(unit: Unit, partnership_id: UUID, paid_by: Principal) -> Partnership:
    """A partnership for which somebody makes payments, locked so that its lists are numbered in turn; raises PartnershipNotFound."""
    if not paid_by.has("finance", partnership_id):
        raise PartnershipNotFound
    return unit.one(select(Partnership).where(Partnership.id == partnership_id).with_for_update(), PartnershipNotFound)


def ordered(unit: Unit, partnership_id: UUID) -> list[Exchange]:
    """The exchanges of a partnership whose payment is ordered, locked, those due first at the top."""
    is_ordered = select(Payment.exchange_id).where(Payment.state == "ordered")
    statement = select(Exchange).where(Exchange.visitor_partnership_id == partnership_id, Exchange.id.in_(is_ordered))
    # Locked in one order everywhere, so that two lists cannot wait for each other.
    locked = statement.order_by(Exchange.id).options(*_whole()).with_for_update(of=Exchange)
    found = [_rooted(each) for each in unit.session.scalars(locked) if each.payment.state == "ordered"]
    return sorted(found, key=lambda each: (each.payment.due_by or NO_DATE, each.id))


def next_number(unit: Unit, partnership_id: UUID) -> int:
    """The number of a partnership's next list."""
    newest = select(func.coalesce(func.max(Batch.number), 0)).where(Batch.partnership_id == partnership_id)
    return unit.session.scalars(newest).one() + 1


def batch(unit: Unit, batch_id: UUID, seen_by: Principal) -> Batch:
    """A payment list with its lines; raises BatchNotFound."""
    return unit.one(_batches(seen_by).where(Batch.id == batch_id).options(selectinload(Batch.lines)), BatchNotFound)


def own_batch(unit: Unit, batch_id: UUID, paid_by: Principal) -> Batch:
    """A payment list with its file, for a paying officer of its partnership and nobody else; raises BatchNotFound.

    Whoever is paying officer elsewhere, and sees all lists as support office or auditor, does not see accounts by that.
    """
    mine = (Batch.id == batch_id, Batch.partnership_id.in_(paid_by.places("finance")))
    return unit.one(select(Batch).where(*mine).options(selectinload(Batch.lines), undefer(Batch.sealed)), BatchNotFound)


def batches(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the payment lists somebody may see, the newest first."""
    statement = _batches(who)
    if request["partnership_id"]:
        statement = statement.where(Batch.partnership_id == request["partnership_id"])
    if request["made_from"]:
        statement = statement.where(Batch.created_at >= datetime.combine(request["made_from"], time.min, UTC))
    if request["made_to"]:
        statement = statement.where(Batch.created_at < datetime.combine(request["made_to"], time.max, UTC))
    return unit.page(statement, (Batch.created_at.desc(), Batch.id.desc()), request)


def accounts_on(unit: Unit, listed: Batch) -> list[BankDetails]:
    """The bank details of every payment on a list."""
    ids = [line.exchange_id for line in listed.lines]
    statement = select(BankDetails).where(BankDetails.exchange_id.in_(ids)).options(selectinload(BankDetails.accesses))
    return list(unit.session.scalars(statement))


def _batches(who: Principal) -> Select[Batch]:
    sees_all = who.has("support_officer") or who.has("auditor")
    mine = true() if sees_all else Batch.partnership_id.in_(who.places("finance"))
    return select(Batch).where(mine)


# reference rows and copies


def tariff(unit: Unit, on: date) -> Tariff:
    """The reference rows that hold on a day: of each the newest that is valid."""
    rates = {row.applies_to: Figure(row.amount_minor, row.source) for row in _valid_rates(unit, on)}
    figures = {name: Figure(row.value, row.source) for name, row in valid_rows(unit, RuleFigure, on).items()}
    measured = valid_rows(unit, RuleMethod, on)["distance"]
    return Tariff(rates, figures, measured.value, measured.source)


def rates(unit: Unit, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the rates, by what they apply to, the newest first."""
    statement = select(Rate)
    if request["applies_to"]:
        statement = statement.where(Rate.applies_to == request["applies_to"])
    return unit.page(statement, (Rate.applies_to, Rate.valid_from.desc(), Rate.id), request)


def has_rate(unit: Unit, applies_to: str, valid_from: date) -> bool:
    """Whether there is a rate from that very day."""
    same = (Rate.applies_to == applies_to, Rate.valid_from == valid_from)
    return unit.session.scalar(select(Rate.id).where(*same)) is not None


def participation(unit: Unit, participation_id: UUID) -> Participation | None:
    """The copy of a participation, if it arrived."""
    return unit.session.get(Participation, participation_id)


def keep_participation(unit: Unit, profile: dict[str, Any], revision: int) -> None:
    """Take over a public profile, unless the copy is as new or newer."""
    columns = ("legal_name", "country", "outermost_region", "latitude", "longitude")
    values = {name: profile[name] for name in columns} | {"revision": revision}
    statement = insert(Participation).values(id=profile["participation_id"], **values)
    newer = Participation.revision < statement.excluded.revision
    unit.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values, where=newer))


def keep_partnership(unit: Unit, partnership_id: UUID, acronym: str, name: str, heard_version: int) -> None:
    """Take over a partnership's names, unless the copy is as new or newer."""
    values = {"acronym": acronym, "name": name, "heard_version": heard_version}
    statement = insert(Partnership).values(id=partnership_id, **values)
    newer = Partnership.heard_version < statement.excluded.heard_version
    unit.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values, where=newer))


def keep_paying_officer(unit: Unit, partnership_id: UUID, person_id: UUID, is_one: bool, heard_version: int) -> None:
    """Take over whether a person is paying officer of a partnership, unless the copy is as new or newer."""
    values = {"is_one": is_one, "heard_version": heard_version}
    statement = insert(PayingOfficer).values(partnership_id=partnership_id, person_id=person_id, **values)
    newer = PayingOfficer.heard_version < statement.excluded.heard_version
    unit.session.execute(statement.on_conflict_do_update(index_elements=["partnership_id", "person_id"], set_=values, where=newer))


def _valid_rates(unit: Unit, on: date) -> list[Rate]:
    begun = select(Rate).where(Rate.valid_from <= on).ext(distinct_on(Rate.applies_to)).order_by(Rate.applies_to, Rate.valid_from.desc())
    return list(unit.session.scalars(begun))
