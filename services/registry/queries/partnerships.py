"""Reads of partnerships and their contact points."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from chassis.running.unit import Unit
from contracts.registry import PartnershipNotFound
from services.registry.model import ContactPoint, Participation, Partnership
from services.registry.queries import reference

MOST_SUGGESTIONS = 10


def partnership(unit: Unit, partnership_id: UUID | None, *, to_change: bool = False) -> Partnership:
    """One partnership; raises PartnershipNotFound."""
    statement = select(Partnership).where(Partnership.id == partnership_id)
    return unit.one(statement.with_for_update() if to_change else statement, PartnershipNotFound)


def of_acronym(unit: Unit, acronym: str) -> Partnership:
    """The partnership with that acronym, locked; raises PartnershipNotFound."""
    return unit.one(select(Partnership).where(Partnership.acronym == acronym).with_for_update(), PartnershipNotFound)


def is_acronym_taken(unit: Unit, acronym: str, by_other_than: UUID | None = None) -> bool:
    """Whether another partnership has that acronym; asked by one at a time, so that two cannot both take it."""
    unit.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("acronym of a partnership"))))
    taken = select(Partnership.id).where(Partnership.acronym == acronym, Partnership.id != by_other_than)
    return unit.session.scalar(taken) is not None


def partnerships(unit: Unit, request: dict[str, Any]) -> dict[str, Any]:
    """A page of partnerships by acronym."""
    statement = select(Partnership)
    if request["ecosystem"]:
        statement = statement.where(Partnership.ecosystems.contains([request["ecosystem"]]))
    if request["country"]:
        statement = statement.where(Partnership.countries.contains([request["country"]]))
    if request["partnership_id"]:
        statement = statement.where(Partnership.id.in_(request["partnership_id"]))
    if request["text"]:
        named = (column.icontains(request["text"], autoescape=True) for column in (Partnership.acronym, Partnership.name))
        statement = statement.where(or_(*named))
    for name in ("wave", "open_for_registration"):
        if request[name] is not None:
            statement = statement.where(getattr(Partnership, name) == request[name])
    return unit.page(statement, (Partnership.acronym.asc(),), request)


def contact_points(unit: Unit, partnership_id: UUID) -> list[dict[str, Any]]:
    """The contact points of a partnership, each with its permissions."""
    rows = unit.session.scalars(select(ContactPoint).where(ContactPoint.partnership_id == partnership_id))
    permissions: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        permissions[row.person_id].append(row.permission)
    return [{"person_id": person, "permissions": sorted(held)} for person, held in sorted(permissions.items())]


def suggestions(unit: Unit, participation: Participation) -> list[dict[str, Any]]:
    """The open partnerships that suit a participation, the most suitable first; ties by acronym, so that all see one order."""
    open_ones = unit.session.scalars(select(Partnership).where(Partnership.open_for_registration))
    today = reference.rules(unit)
    suited = [each.suits(participation.ecosystems, participation.organisation.country, today) for each in open_ones]
    return sorted(suited, key=lambda each: (-each["score"], each["acronym"]))[:MOST_SUGGESTIONS]
