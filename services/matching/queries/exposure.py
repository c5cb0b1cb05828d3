"""Who was shown to whom: the cap on hosts, the counts that lists go by, and both in figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.bare.message import new_id
from chassis.running.unit import Unit
from services.matching.model import Exposure, ExposureCount, Fairness, Participant, Showing, ShownInWeek, ShownList
from services.matching.model.answering import SILENT, WARNED
from services.matching.model.base import HOST
from services.matching.queries import changes, standing
from services.matching.queries.portions import ids_of
from services.matching.ranking.fairness import DAYS, gini_of, week_of

KEPT_DAYS = 28
"""So long it is remembered who was shown to whom."""
COUNT = "exposure_count"


class Fair(NamedTuple):
    """What a list goes by, of one data version: who has to rest from it, and who stands last."""

    resting: frozenset[UUID]
    silent: frozenset[UUID]


class Lately(NamedTuple):
    """How often some were shown before the last count, and how often is usual."""

    shown: dict[UUID, int]
    usual: int


def fair(unit: Unit, participation_id: UUID, partner_role: str, fairness: Fairness) -> Fair:
    """Hosts shown as often as they may be this week, but for those whom this participation has seen already; and silent ones."""
    if partner_role != HOST:
        return Fair(frozenset(), frozenset())
    week = week_of(unit.now.date())
    # Nobody is shown any more who has reached the cap: who has seen it until then is settled by the same data version.
    seen = exists().where(
        Showing.week == week,
        Showing.role == HOST,
        Showing.participation_id == ShownInWeek.participation_id,
        Showing.to_participation_id == participation_id,
    )
    full = select(ShownInWeek.participation_id).where(ShownInWeek.week == week, ShownInWeek.count >= fairness.host_shown_per_week, ~seen)
    silent = select(Participant.participation_id).where(Participant.answering == SILENT)
    return Fair(ids_of(unit.session, full), ids_of(unit.session, silent))


def lately(unit: Unit, role: str, participations: Sequence[UUID]) -> Lately:
    """How often these were shown in that role."""
    of_these = select(Exposure.participation_id, Exposure.shown).where(Exposure.role == role, Exposure.participation_id.in_(participations))
    count = last_count(unit)
    return Lately(dict(unit.session.execute(of_these).all()), ((count and count.usual) or {}).get(role, 1))


def last_count(unit: Unit) -> ExposureCount | None:
    """The count of exposure that holds."""
    made = select(ExposureCount).where(ExposureCount.counted_at.is_not(None)).order_by(ExposureCount.day.desc())
    return unit.session.scalar(made.limit(1))


def not_yet_shown(unit: Unit, to: UUID, role: str, participations: Sequence[UUID]) -> list[UUID]:
    """Those who were not shown to that participation this week, in the order of ids."""
    shown = select(Showing.participation_id).where(
        Showing.week == week_of(unit.now.date()),
        Showing.role == role,
        Showing.to_participation_id == to,
        Showing.participation_id.in_(participations),
    )
    return sorted(set(participations) - set(unit.session.scalars(shown)))


def note_shown(unit: Unit, to: UUID, role: str, participations: Sequence[UUID]) -> bool:
    """Note that these are shown to that participation; False, and nothing noted, if a host among them was meanwhile shown often enough.

    Whoever reaches the cap by this raises the data version. Others who show the same hosts wait until the unit ends.
    """
    week, cap = week_of(unit.now.date()), changes.fairness(unit).host_shown_per_week
    fresh, counts = not_yet_shown(unit, to, role, participations), {}
    # A list seen again, which most are, waits for nobody.
    if fresh and role == HOST:
        counts = _held(unit, week, fresh)
        # Once more under the locks: the same participant may look twice at once.
        fresh = not_yet_shown(unit, to, role, fresh)
    if any(counts.get(each, 0) >= cap for each in fresh):
        return False
    if fresh:
        rows = [{"week": week, "role": role, "participation_id": each, "to_participation_id": to, "at": unit.now} for each in fresh]
        unit.session.execute(insert(Showing).on_conflict_do_nothing(), rows)
        if role == HOST:
            counted = update(ShownInWeek).where(ShownInWeek.week == week, ShownInWeek.participation_id.in_(fresh))
            unit.session.execute(counted.values(count=ShownInWeek.count + 1))
        plan_count(unit)
    if any(counts.get(each, 0) + 1 >= cap for each in fresh if role == HOST):
        changes.count_change(unit)
    return True


def plan_count(unit: Unit) -> None:
    """Have exposure counted when the next day begins, unless that is planned."""
    tomorrow = unit.now.date() + timedelta(days=1)
    planned = insert(ExposureCount).values(id=new_id(), day=tomorrow, hosts=0, hosts_shown=0, gini=0, lists=0, best_total=0, given_up=0)
    made = unit.session.scalar(planned.on_conflict_do_nothing(index_elements=["day"]).returning(ExposureCount.id))
    if made is not None:
        unit.plan(COUNT, made, datetime.combine(tomorrow, time.min, UTC))


def count(unit: Unit, count_id: UUID) -> None:
    """Count how often everybody was shown lately: from now on lists go by it, as of a new data version."""
    made = unit.session.get(ExposureCount, count_id, with_for_update=True)
    if made is None or made.counted_at is not None:
        return
    since = unit.now - timedelta(days=DAYS)
    shown = func.count(func.distinct(Showing.to_participation_id))
    of_each = (
        select(Showing.role, Showing.participation_id, shown).where(Showing.at > since).group_by(Showing.role, Showing.participation_id)
    )
    unit.session.execute(delete(Exposure))
    unit.session.execute(insert(Exposure).from_select(["role", "participation_id", "shown"], of_each))
    _sum_up(unit, made, since)
    made.counted_at = unit.now
    unit.session.execute(delete(Showing).where(Showing.week < unit.now.date() - timedelta(days=KEPT_DAYS)))
    unit.session.execute(delete(ShownInWeek).where(ShownInWeek.week < unit.now.date() - timedelta(days=KEPT_DAYS)))
    if any(made.usual.values() if made.usual else ()):
        plan_count(unit)
    changes.count_change(unit)


def figures(unit: Unit) -> dict[str, Any]:
    """How fair lists are today, in figures."""
    fairness, last, week = changes.fairness(unit), last_count(unit), week_of(unit.now.date())
    resting = select(func.count()).where(ShownInWeek.week == week, ShownInWeek.count >= fairness.host_shown_per_week)
    of = lambda state: unit.session.scalar(select(func.count()).where(Participant.answering == state)) or 0  # noqa: E731
    names = ("hosts", "hosts_shown", "gini", "lists", "best_total", "given_up")
    return {
        "setting": fairness.setting, "host_shown_per_week": fairness.host_shown_per_week, "resting": unit.session.scalar(resting) or 0,
        "warned": of(WARNED), "silent": of(SILENT), "counted_at": last.counted_at if last else None,
    } | {name: getattr(last, name) if last else 0 for name in names}  # fmt: skip


def _held(unit: Unit, week: date, hosts: Sequence[UUID]) -> dict[UUID, int]:
    """Each host's count of the week, locked in the order of ids, as everywhere."""
    rows = [{"week": week, "participation_id": each, "count": 0} for each in sorted(hosts)]
    if rows:
        unit.session.execute(insert(ShownInWeek).on_conflict_do_nothing(), rows)
    held = select(ShownInWeek.participation_id, ShownInWeek.count).where(ShownInWeek.week == week, ShownInWeek.participation_id.in_(hosts))
    return dict(unit.session.execute(held.order_by(ShownInWeek.participation_id).with_for_update()).all())


def _sum_up(unit: Unit, made: ExposureCount, since: datetime) -> None:
    """What the count says as a whole, of hosts and of the lists shown."""
    usual = unit.session.execute(select(Exposure.role, func.sum(Exposure.shown), func.count()).group_by(Exposure.role)).all()
    made.usual = {role: max(1, int(total) // many) for role, total, many in usual}
    listed = and_(standing.is_listed(), Participant.is_ranked, Participant.roles.contains([HOST]))
    of_host = and_(Exposure.role == HOST, Exposure.participation_id == Participant.participation_id)
    shown = func.coalesce(Exposure.shown, 0)
    # How many were shown how often, and not how often each of them: hosts are many, and the event loop has other work.
    counted = select(shown, func.count()).select_from(Participant).outerjoin(Exposure, of_host).where(listed).group_by(shown)
    many: dict[int, int] = dict(unit.session.execute(counted).all())
    made.hosts, made.hosts_shown, made.gini = sum(many.values()), sum(many.values()) - many.get(0, 0), gini_of(many)
    total = lambda of: func.coalesce(func.sum(of), 0)  # noqa: E731
    lists = select(func.count(), total(ShownList.best_total), total(ShownList.given_up)).where(ShownList.at > since)
    made.lists, made.best_total, made.given_up = (int(each) for each in unit.session.execute(lists).one())
