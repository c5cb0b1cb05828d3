"""The SELECTs that count: exchanges per state, flows between countries, time in each state, how far exchanges came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from chassis.bare.principal import Principal
from chassis.bare.tables import JournalRow
from chassis.running.unit import Unit
from contracts.agreements import CLOSED, COMMITMENT, FINANCIAL, STAGES, STATES
from services.agreements.model import Agreement, Exchange, Participation, Partnership
from services.agreements.model.counted import REACHED, folded, shown

SEE_ALL = ("support_officer", "auditor", "administrator")
OF_EITHER_KIND = ("signature_given", "agreement_signed")
SECONDS_A_DAY = 86_400
VISITING, HOSTING = aliased(Participation), aliased(Participation)


def indicators(unit: Unit, who: Principal, request: dict[str, Any]) -> list[dict[str, Any]]:
    """Counts per state of every partnership the viewer may see, by the visitor's partnership, in the order of acronyms."""
    bodies = select(Partnership).where(_mine(who, Partnership.id)).order_by(Partnership.acronym, Partnership.id)
    if request["partnership_id"] is not None:
        bodies = bodies.where(Partnership.id == request["partnership_id"])
    found = unit.session.scalars(bodies).all()
    counts = _counts(unit, [each.id for each in found], request)
    return [_indicator(each, counts.get(each.id, [])) for each in found]


def flows(unit: Unit, who: Principal, request: dict[str, Any]) -> list[dict[str, Any]]:
    """From which country to which one, the largest flow first."""
    ends = (VISITING.country, HOSTING.country)
    completed = func.count().filter(Exchange.state == "report_validated")
    sums = (func.count().label("exchanges"), func.count(Exchange.started_on).label("started"), completed.label("completed"))
    statement = select(ends[0].label("visitor_country"), ends[1].label("host_country"), *sums).where(*_counted(who, request))
    ordered = _with_sides(statement).group_by(*ends).order_by(sums[0].desc(), *ends)
    return [dict(row) for row in unit.session.execute(ordered).mappings()]


def times(unit: Unit, who: Principal, request: dict[str, Any]) -> list[dict[str, Any]]:
    """How long exchanges were in each state, in the order of a life without incident; none for what nobody was in."""
    stretches = _stretches(who, request)
    days = func.extract("epoch", stretches.c.until - stretches.c.since) / SECONDS_A_DAY
    waiting = func.extract("epoch", literal(unit.now) - stretches.c.since) / SECONDS_A_DAY
    is_over, goes_on = stretches.c.until.is_not(None), stretches.c.until.is_(None)
    statement = select(
        stretches.c.state,
        func.count().filter(is_over).label("left"),
        func.percentile_cont(0.5).within_group(days).filter(is_over).label("median_days"),
        func.percentile_cont(0.9).within_group(days).filter(is_over).label("p90_days"),
        func.count().filter(goes_on).label("now"),
        func.max(waiting).filter(goes_on).label("longest_now_days"),
    ).where(stretches.c.state.not_in(CLOSED))
    found = {row["state"]: row for row in unit.session.execute(statement.group_by(stretches.c.state)).mappings()}
    return [_rounded(found[state]) for state in STATES if state in found]


def stages(unit: Unit, who: Principal, request: dict[str, Any]) -> list[dict[str, Any]]:
    """How many exchanges came as far as each stage, in order."""
    reached = _reached()
    sums = [func.count().filter(reached[stage]).label(stage) for stage in STAGES]
    row = unit.session.execute(select(*sums).select_from(Exchange).where(*_counted(who, request))).mappings().one()
    return [{"stage": stage, "exchanges": row[stage]} for stage in STAGES]


def programme(unit: Unit) -> dict[str, Any]:
    """The whole scheme in figures that everybody may see."""
    completed = func.count().filter(Exchange.state == "report_validated")
    matched, started, finished = unit.session.execute(select(func.count(), func.count(Exchange.started_on), completed)).one()
    sides = {"visiting": _by_country(unit, VISITING.country), "hosting": _by_country(unit, HOSTING.country)}
    return {"matched": shown(matched), "started": shown(started), "completed": shown(finished), **sides}


def _by_country(unit: Unit, country: Any) -> dict[str, Any]:
    rows = unit.session.execute(_with_sides(select(country, func.count()).select_from(Exchange)).group_by(country))
    told, others = folded({row[0]: row[1] for row in rows})
    return {"items": [{"country": code, "exchanges": count} for code, count in told.items()], "others": others}


def _with_sides(statement: Any) -> Any:
    visiting = statement.join(VISITING, VISITING.id == Exchange.visitor_participation_id)
    return visiting.join(HOSTING, HOSTING.id == Exchange.host_participation_id)


def _reached() -> dict[str, ColumnElement[bool]]:
    commitment, financial = Agreement.kind == COMMITMENT, Agreement.kind == FINANCIAL
    started, signed = Exchange.started_on.is_not(None), Exchange.signed_number > 0
    return {
        "matched": true(),
        "submitted": Exchange.agreements.any(commitment),
        "validated": Exchange.agreements.any(and_(commitment, Agreement.validated_at.is_not(None))),
        "signed": signed,
        "agreed": and_(signed, Exchange.agreements.any(and_(financial, Agreement.signed_at.is_not(None)))),
        "started": started,
        # Broken off is no end of a stay.
        "ended": and_(started, Exchange.ended_on.is_not(None), Exchange.state != "terminated"),
        "reported": Exchange.state == "report_validated",
        "paid": and_(Exchange.state == "report_validated", Exchange.payment == "paid"),
    }


def _stretches(who: Principal, request: dict[str, Any]) -> Any:
    """Each time that an exchange was in a state: since when, and until when if it went on."""
    state = case(REACHED, value=JournalRow.type)
    before = func.lag(state).over(partition_by=JournalRow.subject, order_by=JournalRow.subject_version)
    is_commitment = or_(JournalRow.type.not_in(OF_EITHER_KIND), JournalRow.data["kind"].astext == COMMITMENT)
    facts = (
        select(
            JournalRow.subject,
            JournalRow.subject_version,
            JournalRow.at,
            state.label("state"),
            before.label("before"),
        )
        .join(Exchange, JournalRow.subject == func.concat("exchange/", cast(Exchange.id, String)))
        .where(JournalRow.type.in_(REACHED), is_commitment, *_counted(who, request))
        .subquery()
    )
    moves = select(facts).where(facts.c.before.is_distinct_from(facts.c.state)).subquery()
    until = func.lead(moves.c.at).over(partition_by=moves.c.subject, order_by=moves.c.subject_version)
    return select(moves.c.state, moves.c.at.label("since"), until.label("until")).subquery()


def _rounded(row: Any) -> dict[str, Any]:
    names = ("median_days", "p90_days", "longest_now_days")
    return dict(row) | {name: None if row[name] is None else round(float(row[name]), 1) for name in names}


def _counts(unit: Unit, partnership_ids: Sequence[UUID], request: dict[str, Any]) -> dict[UUID, list[Any]]:
    columns = (Exchange.visitor_partnership_id, Exchange.state)
    sums = (func.count(), func.count(Exchange.started_on), func.coalesce(func.sum(Exchange.days_present), 0))
    theirs = (Exchange.visitor_partnership_id.in_(partnership_ids), *_opened(request))
    counts: dict[UUID, list[Any]] = {}
    for row in unit.session.execute(select(*columns, *sums).where(*theirs).group_by(*columns)):
        counts.setdefault(row[0], []).append(row)
    return counts


def _indicator(body: Partnership, rows: list[Any]) -> dict[str, Any]:
    states = {row[1]: row[2] for row in rows}
    return {
        "partnership_id": body.id,
        "acronym": body.acronym,
        "states": states,
        "total": sum(states.values()),
        "started": sum(row[3] for row in rows),
        "completed": states.get("report_validated", 0),
        "working_days": sum(row[4] for row in rows),
    }


def _counted(who: Principal, request: dict[str, Any]) -> list[ColumnElement[bool]]:
    paid_by = [Exchange.visitor_partnership_id == request["partnership_id"]] if request["partnership_id"] else []
    return [_mine(who, Exchange.visitor_partnership_id), *paid_by, *_opened(request)]


def _opened(request: dict[str, Any]) -> list[ColumnElement[bool]]:
    first, last = request["opened_from"], request["opened_to"]
    since = [Exchange.opened_at >= datetime.combine(first, time(), UTC)] if first else []
    until = [Exchange.opened_at <= datetime.combine(last, time.max, UTC)] if last else []
    return [*since, *until]


def _mine(who: Principal, partnership_id: Any) -> ColumnElement[bool]:
    if any((role, None) in who.roles for role in SEE_ALL):
        return true()
    mine: ColumnElement[bool] = partnership_id.in_(who.places("agreements") | who.places("registrations") | who.places("finance"))
    return mine
