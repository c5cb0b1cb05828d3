"""Participants: copies to change, who looks for partners and who might be one, pairs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.matching.refusals import NotAcceptedYet, ParticipationNotFound
from services.matching.model import Contact, Limits, Pair, Participant, Partnership, Standing
from services.matching.model.contact_lifecycle import OPEN_STATES
from services.matching.model.listing import SUNK
from services.matching.model.participant import ACCEPTED
from services.matching.queries import blocks, entries, standing
from services.matching.ranking import Candidate
from services.matching.ranking.candidate import VISITOR, opposite


def copy(unit: Unit, participation_id: UUID) -> Participant | None:
    """The copy of a participation, to change it, if there is one."""
    return unit.session.get(Participant, participation_id, with_for_update={"key_share": True})


def by_id(unit: Unit, participations: Sequence[UUID]) -> list[Participant]:
    """The copies of these participations, not to be changed, in the order of ids."""
    these = select(Participant).where(Participant.participation_id.in_(participations))
    return list(unit.session.scalars(these.order_by(Participant.participation_id)))


def of_organisations(unit: Unit, organisations: Collection[UUID]) -> list[UUID]:
    """The accepted participations of these organisations."""
    theirs = (Participant.organisation_id.in_(organisations), Participant.state == ACCEPTED)
    return list(unit.session.scalars(select(Participant.participation_id).where(*theirs).order_by(Participant.participation_id)))


def standing_of(unit: Unit, participation_id: UUID) -> Standing:
    """Where a participation stands, to change it; a new row stands nowhere yet."""
    found = unit.session.get(Standing, participation_id, with_for_update=True)
    if found is None:
        found = Standing(participation_id=participation_id, state="", heard_version=0)
        unit.session.add(found)
    return found


def partnership_copy(unit: Unit, partnership_id: UUID) -> Partnership:
    """The copy of a partnership, to change it; a new one is empty."""
    found = unit.session.get(Partnership, partnership_id, with_for_update=True)
    if found is None:
        found = Partnership(partnership_id=partnership_id, heard_version=None)
        unit.session.add(found)
    return found


def own(unit: Unit, participation_id: UUID, who: Principal, *, to_change: bool = False) -> Participant:
    """The asker's own accepted participation.

    Raises NotAcceptedYet when it is not (or no longer) accepted, ParticipationNotFound when it is another organisation's.
    """
    mine = Participant.organisation_id.in_(who.places("representative"))
    statement = select(Participant).where(Participant.participation_id == participation_id, mine)
    found = unit.session.scalar(statement.with_for_update(key_share=True) if to_change else statement)
    if found is None:
        # Whose a draft is is not known here. The answer goes by the asker alone, so it tells nothing about a foreign participation.
        raise ParticipationNotFound if accepted_partnerships(unit, who) else NotAcceptedYet
    if not found.is_active:
        raise NotAcceptedYet
    return found


def own_copy(unit: Unit, participation_id: UUID, who: Principal, *, to_change: bool = False) -> Participant:
    """The asker's own participation that was accepted once, also while it is paused; raises as `own` does."""
    mine = Participant.organisation_id.in_(who.places("representative"))
    statement = select(Participant).where(Participant.participation_id == participation_id, mine)
    found = unit.session.scalar(statement.with_for_update(key_share=True) if to_change else statement)
    if found is None:
        raise ParticipationNotFound if accepted_partnerships(unit, who) else NotAcceptedYet
    return found


def partner(unit: Unit, participation_id: UUID, *, of: Participant, seen: bool = True) -> Participant:
    """The participation chosen as a partner, if no block stands between the two; raises ParticipationNotFound.

    Only one that lets itself be seen, unless `seen` says that it need not.
    """
    statement = select(Participant).where(Participant.participation_id == participation_id, blocks.none_with({of.organisation_id}))
    if seen:
        statement = statement.where(is_visible_to({of.partnership_id}), Participant.listing != SUNK)
    return unit.one(statement, ParticipationNotFound)


def met(unit: Unit, participation_id: UUID, *, of: Participant) -> Participant:
    """A participation that one sees, or is or was in contact with; raises ParticipationNotFound."""
    mine, theirs = of.organisation_id, participation_id
    two = [
        and_(Contact.visitor_organisation_id == mine, Contact.host_participation_id == theirs),
        and_(Contact.host_organisation_id == mine, Contact.visitor_participation_id == theirs),
    ]
    seen = or_(is_visible_to({of.partnership_id}), exists().where(or_(*two)))
    return unit.one(select(Participant).where(Participant.participation_id == participation_id, seen), ParticipationNotFound)


def is_visible_to(partnerships: set[UUID], *, contact_point: bool = False) -> Any:
    """Whether participants of these partnerships see the participant; contact points see all that is not hidden."""
    if contact_point:
        return Participant.visibility != "hidden"
    same = and_(Participant.visibility == "partnerships", Participant.partnership_id.in_(partnerships)) if partnerships else false()
    return or_(Participant.visibility == "all", same)


def accepted_partnerships(unit: Unit, who: Principal) -> set[UUID]:
    """The partnerships of the accepted participations that somebody represents; none means: not accepted anywhere."""
    own_ones = Participant.organisation_id.in_(who.places("representative"))
    return set(unit.session.scalars(select(Participant.partnership_id).where(own_ones, Participant.state == ACCEPTED)))


def pair(unit: Unit, visitor_id: UUID, host_id: UUID) -> Pair:
    """Visitor and host, both locked (in one order everywhere) so that nobody else counts their exchanges meanwhile."""
    ids = Participant.participation_id.in_([visitor_id, host_id])
    locked = select(Participant).where(ids).order_by(Participant.participation_id).with_for_update(key_share=True)
    unit.session.execute(locked.execution_options(populate_existing=True)).all()
    # Counted after the locks are held: a count taken in the locking statement may be of before.
    counts = select(Participant, standing.visit_consumed(), standing.is_visiting(), standing.hosted()).where(ids)
    rows = {row[0].participation_id: row for row in unit.session.execute(counts)}
    if len(rows) < 2:
        raise ParticipationNotFound
    (visitor, consumed, visiting, _), (host, _, _, hosted) = rows[visitor_id], rows[host_id]
    return Pair(visitor, host, consumed, visiting, hosted)


def candidate(unit: Unit, participant: Participant, role: str, limits: Limits) -> Candidate:
    """Whoever looks for partners, as the ranking sees it."""
    return candidates(unit, [participant], role, limits)[0]


def candidates(unit: Unit, looking: Sequence[Participant], role: str, limits: Limits) -> list[Candidate]:
    """The same of several, in their order; the profiles are read here and now, so not of too many at once."""
    found = {
        each.candidate.participation_id: each.candidate for each in entries.entries(unit.session, [one.participation_id for one in looking])
    }
    in_contact, blocked = (
        _in_contact(unit, list(found), role, limits),
        blocks.blocked_of_each(unit, {one.organisation_id for one in looking}),
    )
    return [
        replace(
            candidate := found[one.participation_id],
            # Whoever has not confirmed its profile is out of others' lists, and sees its own all the same.
            active=one.is_active,
            avoids=frozenset(in_contact.get(one.participation_id, ())) | blocked.get(one.organisation_id, frozenset()),
            # No pair stays shorter than either side wants, so it is enough that one of them wants no less than the scheme.
            min_days=max(candidate.min_days, limits.least_working_days),
        )
        for one in looking
    ]


def might_be_partner(one: Participant, role: str) -> ColumnElement[bool]:
    """Whether the participant may be on a list of `one` in that role, as far as the database tells."""
    return and_(
        standing.is_listed(),
        Participant.is_ranked,
        blocks.none_with({one.organisation_id}),
        Participant.country != one.country,
        Participant.organisation_id != one.organisation_id,
        Participant.languages.overlap(one.languages),
        is_visible_to({one.partnership_id}),
        standing.is_free_as(opposite(role)),
    )


def profiles(unit: Unit, participations: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """The public profiles of these participations, by id."""
    found = unit.session.scalars(select(Participant).where(Participant.participation_id.in_(participations)))
    return {each.participation_id: each.public_profile for each in found}


def _in_contact(unit: Unit, participations: Sequence[UUID], role: str, limits: Limits) -> dict[UUID, list[UUID]]:
    """With whom each is in contact in that role, or was declined lately by either side."""
    mine, theirs = Contact.visitor_participation_id, Contact.host_participation_id
    if role != VISITOR:
        mine, theirs = theirs, mine
    declined = and_(Contact.state == "declined", Contact.answered_at >= limits.waits_since(unit.now))
    found: dict[UUID, list[UUID]] = {}
    asked = select(mine, theirs).where(mine.in_(participations), or_(Contact.state.in_(OPEN_STATES), declined))
    for one, other in unit.session.execute(asked):
        found.setdefault(one, []).append(other)
    return found
