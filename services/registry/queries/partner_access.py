"""Reads of partnership systems' accesses."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.dialects.postgresql import insert

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.registry import NoPartnerAccess, PartnershipNotFound
from contracts.registry.partner_access import CONTACT_POINTS, OFFICES, places_of
from services.registry.model import FeedReceiver, Guess, PartnerAccess, Partnership


def own_partnership(unit: Unit, who: Principal, partnership_id: UUID) -> Partnership:
    """The partnership, locked, for its own contact points; raises PartnershipNotFound."""
    mine = Partnership.id.in_(_places(who))
    return unit.one(select(Partnership).where(Partnership.id == partnership_id, mine).with_for_update(), PartnershipNotFound)


def access_of(unit: Unit, partnership_id: UUID) -> PartnerAccess | None:
    """A partnership's access, locked, if it ever had one."""
    return unit.session.scalar(select(PartnerAccess).where(PartnerAccess.partnership_id == partnership_id).with_for_update())


def access(unit: Unit, who: Principal, partnership_id: UUID) -> PartnerAccess:
    """The access that this person may change, locked; raises NoPartnerAccess."""
    statement = select(PartnerAccess).where(PartnerAccess.partnership_id == partnership_id, _sees(who))
    return unit.one(statement.with_for_update(), NoPartnerAccess)


def accesses(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the accesses that this person may see, by login."""
    statement = select(PartnerAccess).where(_sees(who))
    if request["partnership_id"]:
        statement = statement.where(PartnerAccess.partnership_id == request["partnership_id"])
    if request["state"]:
        statement = statement.where(PartnerAccess.state.in_(request["state"]))
    return unit.page(statement, (PartnerAccess.login.asc(),), request)


def open_access_of_login(unit: Unit, login: str) -> PartnerAccess | None:
    """The open access with that login, if there is one."""
    return unit.session.scalar(select(PartnerAccess).where(PartnerAccess.login == login, PartnerAccess.state == "open"))


def all_accesses(unit: Unit) -> list[PartnerAccess]:
    """Every access, open or revoked."""
    return list(unit.session.scalars(select(PartnerAccess).order_by(PartnerAccess.login)))


def with_news(unit: Unit) -> list[PartnerAccess]:
    """The open accesses with events in the feed that are not in their queue yet."""
    news = exists().where(FeedReceiver.partnership_id == PartnerAccess.partnership_id, FeedReceiver.position > PartnerAccess.carried)
    return list(unit.session.scalars(select(PartnerAccess).where(PartnerAccess.state == "open", PartnerAccess.made > 0, news)))


def readable_partnership(unit: Unit, who: Principal, named: UUID | None) -> UUID:
    """Whose events are meant: the named partnership if they are this person's to read, else the only one that is.

    Raises PartnershipNotFound for another's, and for somebody who acts for several and names none.
    """
    mine = places_of(who.roles)
    if named is None and len(mine) == 1:
        return next(iter(mine))
    if named not in mine:
        raise PartnershipNotFound
    return named


def _sees(who: Principal) -> ColumnElement[bool]:
    return true() if who.role_names() & set(OFFICES) else PartnerAccess.partnership_id.in_(_places(who))


def _places(who: Principal) -> set[UUID]:
    return {place for role in CONTACT_POINTS for place in who.places(role)}


def guess(unit: Unit, key: str, at: datetime) -> Guess:
    """The count of failures under a key, locked; made at its first use."""
    unit.session.execute(insert(Guess).values(key=key, failures=0, last_at=at).on_conflict_do_nothing())
    return unit.session.scalars(select(Guess).where(Guess.key == key).with_for_update()).one()
