"""What waits at a contact point's desk, counted by the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.registry import PILES
from services.registry.model import Joining, Organisation, Participation
from services.registry.queries import organisations, reference, registrations


def counts(unit: Unit, who: Principal) -> list[dict[str, Any]]:
    """Each pile with its size, and since when the first on it waits."""
    found = {**_registrations(unit, who), **_joinings(unit, who)}
    return [{"pile": pile, "count": found[pile][0], "oldest": found[pile][1]} for pile in PILES]


def _registrations(unit: Unit, who: Principal) -> dict[str, tuple[int, Any]]:
    waiting = registrations.piles(reference.kinds_to_approve(unit))
    sums = [each for lies in waiting.values() for each in (func.count().filter(lies), func.min(Participation.submitted_at).filter(lies))]
    row: Any = unit.session.execute(
        select(*sums).join(Organisation, Organisation.id == Participation.organisation_id).where(registrations.lies_at(who))
    ).one()
    # A change waits since it was made, which may be long after the registration was submitted.
    return {pile: (row[2 * place], None if pile == "changes" else row[2 * place + 1]) for place, pile in enumerate(waiting)}


def _joinings(unit: Unit, who: Principal) -> dict[str, tuple[int, Any]]:
    waiting = select(func.count(), func.min(Joining.asked_at)).where(*organisations.to_decide(who))
    count, oldest = unit.session.execute(waiting).one()
    return {"joinings": (count, oldest)}
