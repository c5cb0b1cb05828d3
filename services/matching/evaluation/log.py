"""Decisions out of an installation's own log: who was shown to whom, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from chassis.running.unit import Unit
from services.matching.evaluation.decisions import Decision, Side
from services.matching.model import Contact, OpenedEntry, Participant, Rating, ShownList
from services.matching.model.contact_lifecycle import ACCEPTED_STATES
from services.matching.queries import changes, standing
from services.matching.ranking import Candidate, read_candidate
from services.matching.ranking.candidate import VISITOR, opposite
from services.matching.ranking.scores import CRITERIA

Answers = dict[tuple[UUID, UUID], list[tuple[Contact, bool]]]
"""The requests of each visitor and host, and whether each was accepted."""


class Funnel(NamedTuple):
    """How far it came: lists shown, entries opened, requests made and answered, accepted, exchanges rated (and the mean, of 5)."""

    shown: int
    opened: int
    contacted: int
    answered: int
    accepted: int
    rated: int
    usefulness: float | None


@dataclass(frozen=True)
class _Showing:
    first_at: datetime
    positions: list[tuple[datetime, int]]

    def position(self, until: datetime | None) -> int:
        """Where it stood when it was last shown before that moment."""
        before = [place for at, place in self.positions if until is None or at <= until]
        return before[-1] if before else self.positions[0][1]


def funnel(unit: Unit) -> Funnel:
    """The counts over the whole log."""
    count = lambda of, *where: unit.session.scalar(select(func.count()).select_from(of).where(*where)) or 0  # noqa: E731
    requests = Contact.origin == "request"
    mean = unit.session.scalar(select(func.avg(Rating.usefulness)))
    return Funnel(
        count(ShownList),
        count(OpenedEntry),
        count(Contact, requests),
        count(Contact, requests, Contact.answered_at.is_not(None)),
        count(Contact, requests, _was_accepted()),
        count(Rating, Rating.usefulness.is_not(None)),
        None if mean is None else float(mean),
    )


def decisions(unit: Unit) -> Iterator[Decision]:
    """Every pair that was shown, with what both decided afterwards; profiles and weights are those of today."""
    showings = _showings(unit)
    people = _people(unit, {each for one, _, other in showings for each in (one, other)})
    answers, weights = _answers(unit), changes.weights(unit)
    for (one, role, other), showing in showings.items():
        if one in people and other in people:
            yield _decision(people[one], role, people[other], showing, answers, weights)


def _decision(one: Candidate, role: str, other: Candidate, showing: _Showing, answers: Answers, weights: dict[str, int]) -> Decision:
    visitor, host = (one, other) if role == VISITOR else (other, one)
    of_pair = answers[visitor.participation_id, host.participation_id]
    since = [(contact, accepted) for contact, accepted in of_pair if contact.requested_at >= showing.first_at]
    said_yes = {side for contact, accepted in since for side in _said_yes(contact, accepted=accepted)}
    asked_at = min((contact.requested_at for contact, _ in since), default=None)
    return Decision(
        f"{one.participation_id}/{role}",
        str(other.participation_id),
        _side(one, other, role, weights),
        _side(other, one, opposite(role), weights),
        role in said_yes,
        opposite(role) in said_yes,
        showing.position(asked_at),
    )


def _said_yes(contact: Contact, *, accepted: bool) -> set[str]:
    asked = {contact.asked_by}
    return asked | {opposite(contact.asked_by)} if accepted else asked


def _was_accepted() -> ColumnElement[bool]:
    # Of a contact that was closed it is known by the answer: what was answered elsewhere may have been a no.
    closed_later = and_(Contact.state == "closed", Contact.answered_at.is_not(None), Contact.answered_way.is_(None))
    return or_(Contact.state.in_(ACCEPTED_STATES), closed_later)


def _side(one: Candidate, other: Candidate, role: str, weights: dict[str, int]) -> Side:
    return Side(one.weights or weights, {name: CRITERIA[name](one, other, role).level for name in CRITERIA})


def _showings(unit: Unit) -> dict[tuple[UUID, str, UUID], _Showing]:
    found: dict[tuple[UUID, str, UUID], _Showing] = {}
    for shown in unit.session.scalars(select(ShownList).order_by(ShownList.at, ShownList.id)):
        for partner in shown.partners:
            key = (shown.participation_id, shown.role, UUID(partner["participation_id"]))
            found.setdefault(key, _Showing(shown.at, [])).positions.append((shown.at, partner["position"]))
    return found


def _people(unit: Unit, ids: set[UUID]) -> dict[UUID, Candidate]:
    answered = standing.responsiveness(unit.session)
    told = lambda each: {name: answered.get(each, standing.NEVER_ASKED)[name] for name in ("asked", "answered")}  # noqa: E731
    return {
        each.participation_id: read_candidate(each.profile, weights=each.own_weights(CRITERIA), **told(each.participation_id))
        for each in unit.session.scalars(select(Participant))
        if each.participation_id in ids
    }


def _answers(unit: Unit) -> Answers:
    found: Answers = defaultdict(list)
    requests = select(Contact, _was_accepted()).where(Contact.origin == "request").order_by(Contact.requested_at, Contact.id)
    for contact, accepted in unit.session.execute(requests):
        found[contact.visitor_participation_id, contact.host_participation_id].append((contact, accepted))
    return found
