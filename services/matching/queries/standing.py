"""How participants stand at the moment, as SQL: open exchanges, visits consumed, requests answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, case, cast, exists, extract, func, or_, select
from sqlalchemy.orm import Session

from chassis.running.unit import Unit
from services.matching.model import Contact, Match, Participant
from services.matching.model.listing import OPEN, SUNK
from services.matching.model.match import OPEN_STATES
from services.matching.model.participant import ACCEPTED
from services.matching.ranking.candidate import HOST, VISITOR

NEVER_ASKED = {"asked": 0, "answered": 0, "usual_hours": None}


def is_listed() -> ColumnElement[bool]:
    """Whether the participant is in lists and catalogue at all: it takes part, and has said lately that its profile is true."""
    return and_(Participant.state == ACCEPTED, Participant.listing != SUNK)


def is_visiting() -> ColumnElement[bool]:
    """Whether the participant's organisation has an open exchange as visitor."""
    return exists().where(Match.visitor_organisation_id == Participant.organisation_id, Match.state.in_(OPEN_STATES))


def visit_consumed() -> ColumnElement[bool]:
    """Whether the participant's organisation has made its one visit."""
    return exists().where(Match.visitor_organisation_id == Participant.organisation_id, Match.started_at.is_not(None))


def hosted() -> ColumnElement[int]:
    """How many open exchanges the participant has as host."""
    open_ones = (Match.host_participation_id == Participant.participation_id, Match.state.in_(OPEN_STATES))
    return select(func.count()).select_from(Match).where(*open_ones).correlate(Participant).scalar_subquery()


def hosted_by(unit: Unit, participation_id: UUID) -> int:
    """The same of one participant."""
    return unit.session.scalar(select(hosted()).select_from(Participant).where(Participant.participation_id == participation_id)) or 0


def is_free_as(role: str) -> ColumnElement[bool]:
    """Whether the participant can have one more exchange in that role."""
    takes_part = Participant.roles.contains([role])
    if role == VISITOR:
        return and_(takes_part, ~is_visiting(), ~visit_consumed())
    return and_(takes_part, Participant.hosting == OPEN, hosted() < Participant.capacity)


def responsiveness(session: Session, participations: Iterable[UUID] | None = None) -> dict[UUID, dict[str, Any]]:
    """By participation, how many requests it got and answered, and the usual hours; those never asked are left out.

    A request counts once it is answered or has expired, not if it ended otherwise before; prior agreements are no requests.
    """
    asked = case((Contact.asked_by == VISITOR, Contact.host_participation_id), else_=Contact.visitor_participation_id)
    seconds = cast(extract("epoch", Contact.answered_at - Contact.requested_at), Integer)
    usual = func.percentile_disc(0.5).within_group(seconds)
    counted = select(asked, func.count(), func.count(Contact.answered_at), usual).group_by(asked)
    counted = counted.where(Contact.origin == "request", or_(Contact.answered_at.is_not(None), Contact.state == "expired"))
    if participations is not None:
        these = list(participations)
        sides = ((VISITOR, Contact.host_participation_id), (HOST, Contact.visitor_participation_id))
        # The same as `asked` being one of these, in words for which there are indexes.
        counted = counted.where(or_(*(and_(Contact.asked_by == asker, other.in_(these)) for asker, other in sides)))
    rows = session.execute(counted)
    return {who: {"asked": total, "answered": answered, "usual_hours": _hours(median)} for who, total, answered, median in rows}


def _hours(seconds: int | None) -> int | None:
    return None if seconds is None else (seconds + 1800) // 3600
