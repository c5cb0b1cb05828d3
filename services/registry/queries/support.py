"""Reads of the support office's queries and frequently asked questions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.registry import FaqNotFound, QueryNotFound
from services.registry.model import Faq, SupportQuery


def query(unit: Unit, query_id: UUID, *, seen_by: Principal, to_change: bool = False) -> SupportQuery:
    """A query that this person may see; raises QueryNotFound."""
    statement = select(SupportQuery).where(SupportQuery.id == query_id, _sees(seen_by))
    return unit.one(statement.with_for_update() if to_change else statement, QueryNotFound)


def query_for_mail(unit: Unit, query_id: UUID) -> SupportQuery:
    """A query, for the service that mails; raises QueryNotFound."""
    return unit.one(select(SupportQuery).where(SupportQuery.id == query_id), QueryNotFound)


def queries(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the queries that this person may see, the newest first."""
    statement = select(SupportQuery).where(_sees(who))
    if request["state"]:
        statement = statement.where(SupportQuery.state.in_(request["state"]))
    for word in (request["text"] or "").split():
        asked = (column.icontains(word, autoescape=True) for column in (SupportQuery.subject, SupportQuery.question))
        statement = statement.where(or_(*asked))
    return unit.page(statement, (SupportQuery.received_at.desc(), SupportQuery.id.desc()), request)


def faq(unit: Unit, faq_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Faq:
    """One frequently asked question that this person may see; raises FaqNotFound."""
    statement = select(Faq).where(Faq.id == faq_id, _reads(seen_by))
    return unit.one(statement.with_for_update() if to_change else statement, FaqNotFound)


def faqs(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of frequently asked questions, the most recently changed first; every word searched for is in question or answer."""
    statement = select(Faq).where(_reads(who))
    if request["language"]:
        statement = statement.where(Faq.language == request["language"])
    for word in (request["search"] or "").split():
        statement = statement.where(or_(Faq.question.icontains(word, autoescape=True), Faq.answer.icontains(word, autoescape=True)))
    return unit.page(statement, (Faq.changed_at.desc(), Faq.id.desc()), request)


def _sees(who: Principal) -> ColumnElement[bool]:
    return true() if who.has("support_officer") else SupportQuery.person_id == who.person


def _reads(who: Principal) -> ColumnElement[bool]:
    return true() if who.has("support_officer") else Faq.published.is_(True)
