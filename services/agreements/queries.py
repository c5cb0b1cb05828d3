"""Every SELECT of the agreements service; whoever is no party to an exchange does not find it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, aliased, defer, selectinload

from chassis.bare.principal import SERVICE, Principal
from chassis.bare.tables import JournalRow
from chassis.running.dated import valid_rows
from chassis.running.unit import Unit
from contracts.agreements import CLOSED, COMMITMENT, EXCHANGE_FIGURES, AgreementNotFound, ExchangeNotFound
from services.agreements.model import Agreement, Exchange, Participation, Partnership, RuleFigure, RuleMethod, Rules
from services.agreements.model.agreement import Signature, Validation

SEE_ALL = {"support_officer", "auditor"}
ABOUT_MONEY = ("financial_agreement_drafted",)
"""Facts that name the amount: not for the host's side."""

WHOLE = (
    selectinload(Exchange.visiting),
    selectinload(Exchange.hosting),
    selectinload(Exchange.visitor_body),
    selectinload(Exchange.host_body),
    selectinload(Exchange.draft),
    selectinload(Exchange.report),
    selectinload(Exchange.agreements).selectinload(Agreement.signatures),
    selectinload(Exchange.agreements).selectinload(Agreement.validations),
)

# A list shows no texts: they stay in the database.
LISTED = (
    *WHOLE[:4],
    selectinload(Exchange.report),
    selectinload(Exchange.agreements).options(
        defer(Agreement.text, raiseload=True), selectinload(Agreement.signatures), selectinload(Agreement.validations)
    ),
)


def exchange(unit: Unit, exchange_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Exchange:
    """The exchange with all that belongs to it, locked if it is to be changed; raises ExchangeNotFound."""
    statement: Any = select(Exchange).where(Exchange.id == exchange_id, visible_to(seen_by)).options(*WHOLE)
    found: Exchange = unit.one(statement.with_for_update() if to_change else statement, ExchangeNotFound)
    return found


def exchanges(
    unit: Unit, who: Principal, request: dict[str, Any], waiting: tuple[ColumnElement[bool], Any] | None = None
) -> dict[str, Any]:
    """A page of the exchanges the viewer has to do with, the latest opened first.

    With `waiting`, only those for which that holds, in the order of its second part: since when they wait.
    """
    statement: Any = select(Exchange).where(visible_to(who), *_filters(request)).options(*LISTED)
    order: tuple[Any, ...] = (Exchange.opened_at.desc(), Exchange.id.desc())
    if waiting:
        statement, order = statement.where(waiting[0]), (waiting[1], Exchange.id)
    if request["country"] or request["text"]:
        statement = _of_sides(statement, request["country"], request["text"])
    return unit.page(statement, order, request)


def history(unit: Unit, exchange: Exchange, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the journal rows of an exchange that this viewer may see, the oldest first."""
    rows = select(JournalRow).where(JournalRow.subject == f"exchange/{exchange.id}")
    if not exchange.sees_money(who):
        rows = rows.where(JournalRow.type.not_in(ABOUT_MONEY))
    return unit.page(rows, (JournalRow.subject_version,), request)


def versions(unit: Unit, exchange: Exchange, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the submitted versions of the commitment, the oldest first."""
    mine = (Agreement.exchange_id == exchange.id, Agreement.kind == COMMITMENT)
    return unit.page(select(Agreement).where(*mine), (Agreement.number,), request)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The tenant: whose exchanges these are. Paying officers see those that their own partnership pays."""
    if who.kind == SERVICE or any((role, None) in who.roles for role in SEE_ALL):
        return true()
    organisations, partnerships = who.places("representative"), who.places("agreements")
    return or_(
        Exchange.visitor_organisation_id.in_(organisations),
        Exchange.host_organisation_id.in_(organisations),
        Exchange.visitor_partnership_id.in_(partnerships | who.places("finance")),
        Exchange.host_partnership_id.in_(partnerships),
    )


def agreement(session: Session, exchange_id: UUID, kind: str, number: int) -> Agreement:
    """One text with its trail, as the worker that renders it needs it; raises AgreementNotFound."""
    mine = (Agreement.exchange_id == exchange_id, Agreement.kind == kind, Agreement.number == number)
    trail = (selectinload(Agreement.signatures), selectinload(Agreement.validations))
    found = session.scalar(select(Agreement).where(*mine).options(*trail))
    if found is None:
        raise AgreementNotFound
    return found


def rules(unit: Unit) -> Rules:
    """The figures and the method that hold today."""
    today = unit.now.date()
    figures = {name: row.value for name, row in valid_rows(unit, RuleFigure, today).items()}
    counted = valid_rows(unit, RuleMethod, today)["working_days"]
    return Rules(
        **{name: figures[name] for name in EXCHANGE_FIGURES}, working_days_method=counted.value, working_days_source=counted.source
    )


def participation(unit: Unit, participation_id: UUID, *, to_change: bool = False) -> Participation | None:
    """The copy of a participation, if its acceptance was heard."""
    return unit.session.get(Participation, participation_id, with_for_update=to_change)


def partnership(unit: Unit, partnership_id: UUID) -> Partnership | None:
    """The copy of a partnership, if it was heard of."""
    return unit.session.get(Partnership, partnership_id)


def lock_organisation(unit: Unit, organisation_id: UUID) -> None:
    """Let one match after the other decide on an organisation's visits, so that none fails on the unique index."""
    mine = select(Participation.id).where(Participation.organisation_id == organisation_id)
    unit.session.execute(mine.order_by(Participation.id).with_for_update())


def obstacle_in_scheme(unit: Unit, organisation_id: UUID) -> str | None:
    """Why an organisation cannot begin another visit: `visit_consumed`, `exchange_open`, or None."""
    mine = select(Exchange.id).where(Exchange.visitor_organisation_id == organisation_id)
    if unit.session.scalar(mine.where(Exchange.started_on.is_not(None)).limit(1)):
        return "visit_consumed"
    return "exchange_open" if unit.session.scalar(mine.where(Exchange.state.not_in(CLOSED)).limit(1)) else None


def _filters(request: dict[str, Any]) -> list[ColumnElement[bool]]:
    partnership_id, organisation_id = request["partnership_id"], request["organisation_id"]
    given = [
        (request["state"], lambda: Exchange.state.in_(request["state"])),
        (partnership_id, lambda: or_(Exchange.visitor_partnership_id == partnership_id, Exchange.host_partnership_id == partnership_id)),
        (
            organisation_id,
            lambda: or_(Exchange.visitor_organisation_id == organisation_id, Exchange.host_organisation_id == organisation_id),
        ),
        (request["starts_from"], lambda: Exchange.start >= request["starts_from"]),
        (request["starts_to"], lambda: Exchange.start <= request["starts_to"]),
    ]
    refused = {True: [Exchange.assistance_refused.is_not(None)], False: [Exchange.assistance_refused.is_(None)]}
    return [condition() for value, condition in given if value] + refused.get(request["assistance_refused"], [])


def _of_sides(statement: Any, country: str | None, text: str | None) -> Any:
    visiting, hosting = aliased(Participation), aliased(Participation)
    joined = statement.join(visiting, visiting.id == Exchange.visitor_participation_id)
    joined = joined.join(hosting, hosting.id == Exchange.host_participation_id)
    if country:
        joined = joined.where(or_(visiting.country == country, hosting.country == country))
    if text:
        joined = joined.where(or_(*(side.legal_name.icontains(text, autoescape=True) for side in (visiting, hosting))))
    return joined


def bound_to(unit: Unit, person_id: UUID, organisation_ids: Sequence[UUID]) -> list[UUID]:
    """The exchanges that go on and that a person, or one of these organisations, takes part in."""
    open_ones = select(Exchange.id).where(
        Exchange.state.not_in(CLOSED), or_(_answered_for_by(person_id), _of_organisations(organisation_ids))
    )
    return list(unit.session.scalars(open_ones.order_by(Exchange.id)))


def never_signed(unit: Unit, person_id: UUID) -> list[Exchange]:
    """The visits for which a person answered that are over, and whose texts were signed and validated by nobody, locked."""
    signed = Exchange.agreements.any(or_(Agreement.signatures.any(), Agreement.validations.any()))
    over = (_answered_for_by(person_id), Exchange.state.in_(CLOSED), ~signed)
    return list(unit.session.scalars(select(Exchange).where(*over).options(*WHOLE).order_by(Exchange.id).with_for_update(of=Exchange)))


def names_of(unit: Unit, person_id: UUID) -> set[str]:
    """The names under which a person signed or validated."""
    return {name for row in (Signature, Validation) for name in unit.session.scalars(select(row.name).where(row.person_id == person_id))}


def _answered_for_by(person_id: UUID) -> ColumnElement[bool]:
    return or_(Exchange.visitor_person_id == person_id, Exchange.host_person_id == person_id)


def _of_organisations(organisation_ids: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(Exchange.visitor_organisation_id.in_(organisation_ids), Exchange.host_organisation_id.in_(organisation_ids))
