"""Matching rounds: found by those who may see them, as they are shown, and who takes part in one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select, true

from chassis.bare.message import Fact
from chassis.bare.principal import Principal
from chassis.bare.tables import JobRow
from chassis.running.unit import Unit
from contracts.matching.refusals import RoundNotFound
from contracts.matching.round_events import RoundStarted, SuggestionsShown
from services.matching.model import Contact, MatchingRound, Participant, SuggestedPair
from services.matching.model.base import HOST, VISITOR
from services.matching.model.contact_lifecycle import OPEN_STATES
from services.matching.model.matching_round import COMPUTING, SHOWN
from services.matching.queries import participants, standing
from services.matching.queries.portions import gently

TOLD_AT_ONCE = 200
"""So many are told of their suggestions in one unit: each fact locks its subject's chain until the commit."""


def matching_round(unit: Unit, round_id: UUID, *, seen_by: Principal, to_change: bool = False) -> MatchingRound:
    """A round, if that principal may see it; raises RoundNotFound."""
    statement = select(MatchingRound).where(MatchingRound.id == round_id, _visible_to(seen_by))
    return unit.one(statement.with_for_update() if to_change else statement, RoundNotFound)


def own_round(unit: Unit, round_id: UUID) -> MatchingRound:
    """A round to change it, for this service itself."""
    return unit.session.get_one(MatchingRound, round_id, with_for_update=True)


def partnership_of(unit: Unit, round_id: UUID) -> UUID | None:
    """Whose visitors a round is about; nothing of it is kept from changing."""
    return unit.session.scalars(select(MatchingRound.partnership_id).where(MatchingRound.id == round_id)).one()


def is_computing(unit: Unit, round_id: UUID) -> bool:
    """Whether a round is still to be reckoned; nothing of it is kept from changing."""
    return unit.session.scalars(select(MatchingRound.state).where(MatchingRound.id == round_id)).one() == COMPUTING


def is_shown(unit: Unit, round_id: UUID) -> bool:
    """Whether a round is shown now; it is not replaced by a later one before the unit ends."""
    return unit.session.scalars(select(MatchingRound.state).where(MatchingRound.id == round_id).with_for_update(read=True)).one() == SHOWN


def going(unit: Unit, partnership_id: UUID | None) -> UUID | None:
    """The round of the same visitors that is being reckoned, if any."""
    same = MatchingRound.partnership_id.is_not_distinct_from(partnership_id)
    return unit.session.scalar(select(MatchingRound.id).where(same, MatchingRound.state == COMPUTING).limit(1))


def shown_before(unit: Unit, one: MatchingRound) -> list[MatchingRound]:
    """The rounds of the same visitors that are shown, to change them."""
    same = MatchingRound.partnership_id.is_not_distinct_from(one.partnership_id)
    others = select(MatchingRound).where(same, MatchingRound.state == SHOWN, MatchingRound.id != one.id)
    return list(unit.session.scalars(others.order_by(MatchingRound.id).with_for_update()))


def rounds(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the rounds somebody may see, the newest first."""
    statement = select(MatchingRound).where(_visible_to(who))
    if request["partnership_id"]:
        statement = statement.where(MatchingRound.partnership_id == request["partnership_id"])
    page = unit.page(statement, (MatchingRound.started_at.desc(), MatchingRound.id.desc()), request)
    return {"items": _shown(unit, page["items"], who), "next": page["next"]}


def shown(unit: Unit, one: MatchingRound, who: Principal) -> dict[str, Any]:
    """A round as somebody sees it, with how far it is."""
    return _shown(unit, [one], who)[0]


def pairs(unit: Unit, one: MatchingRound, request: dict[str, Any]) -> dict[str, Any]:
    """A page of a round's pairs, those whose visitor gives up most first."""
    order = (SuggestedPair.visitor_gives_up.desc(), SuggestedPair.id)
    page = unit.page(select(SuggestedPair).where(SuggestedPair.round_id == one.id), order, request)
    ids = {
        each_id
        for each in page["items"]
        for each_id in (each.visitor_participation_id, each.host_participation_id, each.visitor_first_id, each.host_first_id)
    }
    people = {
        each.participation_id: each for each in unit.session.scalars(select(Participant).where(Participant.participation_id.in_(ids)))
    }
    return {"items": [_pair(each, people) for each in page["items"]], "next": page["next"]}


def told_suggestions(unit: Unit, round_id: UUID, role: str = VISITOR, after: str | None = None) -> tuple[list[Fact], dict[str, str] | None]:
    """That partners are suggested, to the next ones of a round in the order of ids, visitors first; once for each participation and role.

    Also from where to go on: the same arguments, or None when everybody is told.
    """
    side = {VISITOR: SuggestedPair.visitor_participation_id, HOST: SuggestedPair.host_participation_id}[role]
    in_round = exists().where(SuggestedPair.round_id == round_id, side == Participant.participation_id)
    found = select(Participant.participation_id, Participant.organisation_id).where(in_round).order_by(Participant.participation_id)
    left = found.where(Participant.participation_id > UUID(after)) if after else found
    rows = unit.session.execute(left.limit(TOLD_AT_ONCE)).all()
    facts = [
        SuggestionsShown.of(each, round_id=round_id, participation_id=each, organisation_id=organisation, role=role)
        for each, organisation in rows
    ]
    if len(rows) == TOLD_AT_ONCE:
        return facts, {"role": role, "after": str(rows[-1][0])}
    return facts, {"role": HOST} if role == VISITOR else None


def suggestions(unit: Unit, one: Participant, role: str) -> list[dict[str, Any]]:
    """Whom rounds that are shown suggest to one in that role, the best first; not those with whom it is in contact."""
    mine, theirs = SuggestedPair.visitor_participation_id, SuggestedPair.host_participation_id
    if role == HOST:
        mine, theirs = theirs, mine
    in_contact = exists().where(
        Contact.visitor_participation_id == SuggestedPair.visitor_participation_id,
        Contact.host_participation_id == SuggestedPair.host_participation_id,
        Contact.state.in_(OPEN_STATES),
    )
    # Much may have changed since the round: what keeps somebody off the lists of today keeps it out of suggestions, too.
    if not unit.session.scalar(select(exists().where(Participant.participation_id == one.participation_id, _is_open_as(role)))):
        return []
    statement = (
        select(SuggestedPair, Participant)
        .join(MatchingRound, MatchingRound.id == SuggestedPair.round_id)
        .join(Participant, Participant.participation_id == theirs)
        .where(MatchingRound.state == SHOWN, mine == one.participation_id, participants.might_be_partner(one, role), ~in_contact)
        .order_by(SuggestedPair.score.desc(), SuggestedPair.id)
    )
    return [
        {"suggestion_id": pair.id, "round_id": pair.round_id, "score": pair.score, "profile": other.public_profile}
        for pair, other in unit.session.execute(statement)
    ]


def open_visitors(unit: Unit, partnership_id: UUID | None) -> list[UUID]:
    """All who look for a host and can still have an exchange as visitor, of one partnership or of all, in the order of ids."""
    of = true() if partnership_id is None else Participant.partnership_id == partnership_id
    open_ones = select(Participant.participation_id).where(_is_open_as(VISITOR), of).order_by(Participant.participation_id)
    return [each for (each,) in gently(unit.session, open_ones)]


def places(unit: Unit, hosts: set[UUID]) -> dict[UUID, int]:
    """How many more exchanges each of these hosts can have."""
    left = select(Participant.participation_id, Participant.capacity - standing.hosted())
    return {each: max(0, count) for each, count in unit.session.execute(left.where(Participant.participation_id.in_(hosts)))}


def _visible_to(who: Principal) -> ColumnElement[bool]:
    if who.has("support_officer"):
        return true()
    return MatchingRound.partnership_id.in_(who.places("registrations"))


def _is_open_as(role: str) -> ColumnElement[bool]:
    return and_(standing.is_listed(), Participant.is_ranked, standing.is_free_as(role))


def _shown(unit: Unit, found: list[MatchingRound], who: Principal) -> list[dict[str, Any]]:
    subjects = {each.id: f"{RoundStarted.subject_kind}/{each.id}" for each in found}
    ordered = (JobRow.kind == RoundStarted.slug(), JobRow.subject.in_(subjects.values()))
    progress = {
        subject: (done, total)
        for subject, done, total in unit.session.execute(select(JobRow.subject, JobRow.done, JobRow.total).where(*ordered))
    }
    names = [column.key for column in MatchingRound.__mapper__.column_attrs]
    return [
        {name: getattr(each, name) for name in names}
        | {"round_id": each.id, "moves": each.moves_for(who)}
        | dict(zip(("done", "total"), progress.get(subjects[each.id], (0, 0)), strict=True))
        for each in found
    ]


def _pair(pair: SuggestedPair, people: dict[UUID, Participant]) -> dict[str, Any]:
    sides = {VISITOR: pair.visitor_participation_id, HOST: pair.host_participation_id}
    return {"suggestion_id": pair.id, "score": pair.score} | {
        side: {
            "participation_id": each,
            "legal_name": people[each].legal_name,
            "country": people[each].country,
            "first_participation_id": (first := getattr(pair, f"{side}_first_id")),
            "first_name": people[first].legal_name,
            "first_score": (score := getattr(pair, f"{side}_first_score")),
            "gives_up": score - pair.score,
        }
        for side, each in sides.items()
    }
