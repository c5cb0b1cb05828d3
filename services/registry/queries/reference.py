"""Reads of the reference tables as they hold on a day."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, or_, select

from chassis.running.unit import Unit
from services.registry.model import EligibilityRule, Notice, Scheme, Term
from services.registry.model.reference import Dated

D = TypeVar("D", bound=Dated)


def terms(unit: Unit, kind: str, on: date) -> list[Term]:
    """The rows of a list, by code."""
    return list(unit.session.scalars(_on(Term, on).where(Term.kind == kind).order_by(Term.code)))


def eligibility_rules(unit: Unit, on: date) -> list[EligibilityRule]:
    """The rules of who may visit and host, in the order they were written."""
    return list(unit.session.scalars(_on(EligibilityRule, on).order_by(EligibilityRule.id)))


def notices(unit: Unit, on: date) -> list[Notice]:
    """The version of each notice that holds."""
    return list(unit.session.scalars(_on(Notice, on).order_by(Notice.notice)))


def scheme(unit: Unit) -> Scheme:
    """The rules of eligibility as they hold today."""
    today = unit.now.date()
    verdicts = {}
    for rule in eligibility_rules(unit, today):
        kind = (rule.organisation_type, rule.cluster_member)
        verdicts[(*kind, "visitor")], verdicts[(*kind, "host")] = rule.may_visit, rule.may_host
    return Scheme(
        eligible_countries=frozenset(term.code for term in terms(unit, "eligible-countries", today)),
        outermost_regions=tuple(term.code for term in terms(unit, "outermost-regions", today)),
        sme_sizes=frozenset(term.code for term in terms(unit, "sme-sizes", today)),
        cluster_page_hosts=tuple(term.code for term in terms(unit, "cluster-page-hosts", today)),
        verdicts=verdicts,
        notices={notice.notice: notice.version for notice in notices(unit, today)},
    )


def _on(row: type[D], on: date) -> Select[D]:
    holds: Any = or_(row.valid_to.is_(None), row.valid_to >= on)
    return select(row).where(row.valid_from <= on, holds)
