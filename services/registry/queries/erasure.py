"""Everything that names one person, to be changed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from chassis.running.unit import Unit
from services.registry.model import Joining, Participation, SupportQuery
from services.registry.queries.registrations import whole


def registrations(unit: Unit, person_id: UUID) -> list[Participation]:
    """The registrations that the person began, with all their answers."""
    mine = whole().where(Participation.person_id == person_id).order_by(Participation.id)
    return list(unit.session.scalars(mine.with_for_update(of=Participation)).unique())


def joinings(unit: Unit, person_id: UUID) -> list[Joining]:
    """The person's requests to join an organisation."""
    return list(unit.session.scalars(select(Joining).where(Joining.person_id == person_id).order_by(Joining.id).with_for_update()))


def queries(unit: Unit, person_id: UUID) -> list[SupportQuery]:
    """What the person asked the support office, logged in."""
    mine = select(SupportQuery).where(SupportQuery.person_id == person_id)
    return list(unit.session.scalars(mine.order_by(SupportQuery.id).with_for_update()))
