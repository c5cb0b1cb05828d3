"""The count of changes applied, and the figures valid today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.running.dated import valid_rows
from chassis.running.unit import Unit
from services.matching.model import DataVersion, Fairness, Limits, Match, Participant, ParticipantChange, Setting, Silence
from services.matching.ranking.order import GEOMETRIC, HARMONIC
from services.matching.ranking.scores import CRITERIA

ONE_ROW = 1
FOLLOWED = ("least_working_days",)
"""Figures that another service owns and that are copied."""


def data_version(unit: Unit) -> int:
    """How many changes were applied so far: in a steady unit exactly those that its other statements see, too."""
    return newest(unit.session)


def newest(session: Session) -> int:
    """The same without a unit: for a process that asks itself how far it is."""
    return session.scalar(select(DataVersion.count)) or 0


def changed_after(session: Session, version: int) -> list[UUID]:
    """Whose last change that lists depend on came after that data version."""
    return list(session.scalars(select(ParticipantChange.participation_id).where(ParticipantChange.number > version)))


def line(session: Session) -> str:
    """Whose count of versions it is; empty before the first change."""
    return str(session.scalar(select(DataVersion.line)) or "")


def count_change(unit: Unit, *participations: UUID) -> int:
    """Count one change that lists depend on; returns its number, in the order of commits.

    It is noted for these participations and all others of their organisations: an organisation's exchange concerns each of them.
    Call it last: the row stays locked until the commit, which is what puts changes in one order, and makes others wait.
    """
    first = insert(DataVersion).values(id=ONE_ROW, count=1)
    counted = first.on_conflict_do_update(index_elements=["id"], set_={"count": DataVersion.count + 1}).returning(DataVersion.count)
    unit.session.flush()
    number = unit.session.execute(counted).scalar_one()
    if concerned := _concerned(unit, participations):
        noted = insert(ParticipantChange).values([{"participation_id": each, "number": number} for each in sorted(concerned)])
        unit.session.execute(noted.on_conflict_do_update(index_elements=["participation_id"], set_={"number": number}))
    return number


def _concerned(unit: Unit, participations: Iterable[UUID]) -> set[UUID]:
    named = set(participations)
    if not named:
        return named
    # A match is that of the organisation which made it, wherever the participation belongs to by now.
    organisations = union(
        select(Participant.organisation_id).where(Participant.participation_id.in_(named)),
        select(Match.visitor_organisation_id).where(Match.visitor_participation_id.in_(named)),
    )
    return named | set(unit.session.scalars(select(Participant.participation_id).where(Participant.organisation_id.in_(organisations))))


def limits(unit: Unit) -> Limits:
    """The limits and dates valid today."""
    figures = _figures(unit)
    return Limits(**{field.name: figures[field.name] for field in fields(Limits)})


def fairness(unit: Unit) -> Fairness:
    """How often a host is shown, and how far lists go by exposure, today."""
    figures = _figures(unit)
    return Fairness(**{field.name: figures[field.name] for field in fields(Fairness)})


def silence(unit: Unit) -> Silence:
    """When a host that does not answer sinks, today."""
    figures = _figures(unit)
    return Silence(**{field.name: figures[field.name] for field in fields(Silence)})


def weights(unit: Unit) -> dict[str, int]:
    """The weights of the ranking's criteria valid today."""
    figures = _figures(unit)
    return {criterion: figures[f"weight_{criterion}"] for criterion in CRITERIA}


def fusion(unit: Unit) -> str:
    """How the two directed scores become one today: by the harmonic mean, or by the geometric one if a figure says so."""
    return GEOMETRIC if _figures(unit)["geometric_fusion"] else HARMONIC


def _figures(unit: Unit) -> dict[str, int]:
    return {name: row.value for name, row in valid_rows(unit, Setting, unit.now.date()).items()}
