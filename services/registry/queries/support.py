"""Reads of the support office's queries and frequently asked questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select, true, update

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.registry import FaqNotFound, QueryNotFound
from services.registry.model import Faq, SupportQuery

FAQ_ORDERS: dict[str, tuple[Any, ...]] = {
    "recent": (Faq.changed_at.desc(), Faq.id.desc()),
    "given": (Faq.language, Faq.position, Faq.id),
}

QUERY_ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": (SupportQuery.received_at.desc(), SupportQuery.id.desc()),
    "oldest": (SupportQuery.received_at, SupportQuery.id),
}


def query(unit: Unit, query_id: UUID, *, seen_by: Principal, to_change: bool = False) -> SupportQuery:
    """A query that this person may see; raises QueryNotFound."""
    statement = select(SupportQuery).where(SupportQuery.id == query_id, _sees(seen_by))
    return unit.one(statement.with_for_update() if to_change else statement, QueryNotFound)


def query_for_mail(unit: Unit, query_id: UUID) -> SupportQuery:
    """A query, for the service that mails; raises QueryNotFound."""
    return unit.one(select(SupportQuery).where(SupportQuery.id == query_id), QueryNotFound)


def queries(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the queries that this person may see, in the order asked for."""
    statement = select(SupportQuery).where(_sees(who))
    if request["state"]:
        statement = statement.where(SupportQuery.state.in_(request["state"]))
    for word in (request["text"] or "").split():
        asked = (column.icontains(word, autoescape=True) for column in (SupportQuery.subject, SupportQuery.question))
        statement = statement.where(or_(*asked))
    return unit.page(statement, QUERY_ORDERS[request["order"]], request)


def faq(unit: Unit, faq_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Faq:
    """One frequently asked question that this person may see; raises FaqNotFound."""
    statement = select(Faq).where(Faq.id == faq_id, _reads(seen_by))
    return unit.one(statement.with_for_update() if to_change else statement, FaqNotFound)


def faqs(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of frequently asked questions in the order asked for; every word searched for is in question or answer."""
    statement = select(Faq).where(_reads(who))
    if request["language"]:
        statement = statement.where(Faq.language == request["language"])
    for word in (request["search"] or "").split():
        statement = statement.where(or_(Faq.question.icontains(word, autoescape=True), Faq.answer.icontains(word, autoescape=True)))
    return unit.page(statement, FAQ_ORDERS[request["order"]], request)


def last_place(unit: Unit, language: str) -> int:
    """The place of a new question, after all of its language."""
    return unit.session.scalars(select(func.coalesce(func.max(Faq.position), 0) + 1).where(Faq.language == language)).one()


def faqs_in_order(unit: Unit, language: str) -> list[UUID]:
    """The questions of a language as they are put, locked."""
    return list(unit.session.scalars(select(Faq.id).where(Faq.language == language).order_by(Faq.position, Faq.id).with_for_update()))


def number_faqs(unit: Unit, faqs: Sequence[UUID]) -> None:
    """Number questions by their new order; who is changing the words of one is not disturbed: its version stays."""
    numbers = case({each: place for place, each in enumerate(faqs, 1)}, value=Faq.id)
    statement = update(Faq).where(Faq.id.in_(faqs)).values(position=numbers)
    unit.session.execute(statement.execution_options(synchronize_session=False))


def _sees(who: Principal) -> ColumnElement[bool]:
    return true() if who.has("support_officer") else SupportQuery.person_id == who.person


def _reads(who: Principal) -> ColumnElement[bool]:
    return true() if who.has("support_officer") else Faq.published.is_(True)
