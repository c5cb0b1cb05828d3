"""Blocks between organisations: as a condition for searches, and as their makers see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.matching.refusals import AlreadyBlocked, BlockNotFound
from services.matching.model import Block, Participant
from services.matching.model.block import ACTIVE


def none_with(organisations: Iterable[UUID]) -> ColumnElement[bool]:
    """Whether the participant's organisation neither blocks one of these nor is blocked by one."""
    these = list(organisations)
    mine = and_(Block.organisation_id.in_(these), Block.blocked_organisation_id == Participant.organisation_id)
    theirs = and_(Block.blocked_organisation_id.in_(these), Block.organisation_id == Participant.organisation_id)
    return ~exists().where(Block.state == ACTIVE, or_(mine, theirs))


def blocked_with(unit: Unit, organisations: Iterable[UUID]) -> frozenset[UUID]:
    """The participations with which a block of one of these organisations stands, whichever of the two made it."""
    others = organisations_blocked_with(unit, organisations)
    return frozenset(each for of_one in _participations(unit, others).values() for each in of_one)


def blocked_of_each(unit: Unit, organisations: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The same of each organisation by itself; those without any are left out."""
    pairs = _pairs(unit, organisations)
    there = _participations(unit, {other for _, other in pairs})
    found: dict[UUID, set[UUID]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).update(there.get(other, ()))
    return {one: frozenset(those) for one, those in found.items()}


def organisations_blocked_with(unit: Unit, organisations: Iterable[UUID]) -> set[UUID]:
    """The organisations themselves."""
    mine = set(organisations)
    return {other for _, other in _pairs(unit, mine)} - mine


def _pairs(unit: Unit, organisations: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Each of these organisations with each that it blocks, or that blocks it."""
    of_these = or_(Block.organisation_id.in_(organisations), Block.blocked_organisation_id.in_(organisations))
    rows = unit.session.execute(select(Block.organisation_id, Block.blocked_organisation_id).where(Block.state == ACTIVE, of_these)).all()
    return [pair for one, other in rows for pair in ((one, other), (other, one)) if pair[0] in organisations]


def _participations(unit: Unit, organisations: Collection[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    if organisations:
        # Nearly nobody has any: the participants are many, and need not be looked through.
        these = select(Participant.organisation_id, Participant.participation_id).where(Participant.organisation_id.in_(organisations))
        for organisation, each in unit.session.execute(these):
            found.setdefault(organisation, []).append(each)
    return found


def block(unit: Unit, block_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Block:
    """A block of one's own organisation; raises BlockNotFound."""
    statement = select(Block).where(Block.id == block_id, _made_by(seen_by))
    return unit.one(statement.with_for_update() if to_change else statement, BlockNotFound)


def active(unit: Unit, organisation_id: UUID, blocked_id: UUID) -> Block | None:
    """The block in force that one organisation made against the other, if any."""
    two = (Block.organisation_id == organisation_id, Block.blocked_organisation_id == blocked_id)
    return unit.session.scalar(select(Block).where(*two, Block.state == ACTIVE))


def stands_between(unit: Unit, one: UUID, other: UUID) -> bool:
    """Whether one of the two organisations blocks the other."""
    return active(unit, one, other) is not None or active(unit, other, one) is not None


def keep(unit: Unit, block: Block) -> None:
    """Store a block; raises AlreadyBlocked when the same was made at the same moment."""
    try:
        with unit.session.begin_nested():
            unit.session.add(block)
    except IntegrityError as error:
        raise AlreadyBlocked from error


def blocks(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the blocks of somebody's organisations, the newest first."""
    statement = select(Block).where(_made_by(who))
    if request["state"]:
        statement = statement.where(Block.state.in_(request["state"]))
    return unit.page(statement, (Block.blocked_at.desc(), Block.id.desc()), request)


def _made_by(who: Principal) -> ColumnElement[bool]:
    return Block.organisation_id.in_(who.places("representative"))
