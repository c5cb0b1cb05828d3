"""Reads of the reference tables as they hold on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, or_, select, true

from chassis.bare.refusals import RowAlreadyThere
from chassis.running.dated import valid_rows
from chassis.running.unit import Unit
from contracts.registry import REGISTRATION_FIGURES
from contracts.registry.reference import KINDS
from contracts.words import TOOL_LANGUAGES
from services.registry.model import EcosystemActivity, EligibilityRule, Notice, RuleFigure, Rules, Scheme, Term
from services.registry.model.reference import Dated

OF_ELIGIBILITY = ("eligible-countries", "outermost-regions", "sme-sizes", "cluster-page-hosts")
"""The lists that eligibility goes by."""

D = TypeVar("D", bound=Dated)


def terms(unit: Unit, kind: str, on: date) -> list[Term]:
    """The rows of a list, by code."""
    return list(unit.session.scalars(_on(Term, on).where(Term.kind == kind).order_by(Term.code)))


def ecosystem_activities(unit: Unit, nace: Collection[str], on: date) -> list[EcosystemActivity]:
    """Which divisions belong to which ecosystems, of the divisions named or of all."""
    held = _on(EcosystemActivity, on).order_by(EcosystemActivity.ecosystem, EcosystemActivity.nace)
    return list(unit.session.scalars(held.where(EcosystemActivity.nace.in_(nace)) if nace else held))


def eligibility_rules(unit: Unit, on: date) -> list[EligibilityRule]:
    """The rules of who may visit and host, of each kind the newest that has begun; the kinds in the order they were first written."""
    rules: dict[tuple[str, bool], EligibilityRule] = {}
    for rule in _in_order(unit, EligibilityRule.valid_from <= on):
        rules[rule.kind] = rule
    return [rule for rule in rules.values() if rule.valid_to is None or rule.valid_to >= on]


def every_eligibility_rule(unit: Unit) -> list[EligibilityRule]:
    """All rows there are: those that held, that hold, and that will; of each kind the newest first."""
    return list(reversed(_in_order(unit, true())))


def kinds_to_approve(unit: Unit) -> set[tuple[str, bool]]:
    """The kinds of organisations that host only when approved case by case."""
    return {rule.kind for rule in eligibility_rules(unit, unit.now.date()) if rule.may_host == "pre_approval"}


def add_eligibility_rule(unit: Unit, request: dict[str, Any]) -> EligibilityRule:
    """A new row, announced; raises RowAlreadyThere for a second one of a kind from the same day, RowNotBackdated."""
    names = ("organisation_type", "cluster_member", "valid_from")
    if unit.session.scalar(select(EligibilityRule.id).filter_by(**{name: request[name] for name in names})) is not None:
        raise RowAlreadyThere(name=request["organisation_type"], valid_from=request["valid_from"].isoformat())
    rule, fact = EligibilityRule.add(request, unit.now)
    unit.session.add(rule)
    unit.announce(fact)
    return rule


def notices(unit: Unit, on: date, language: str = TOOL_LANGUAGES[0]) -> list[Notice]:
    """The version of each notice that holds, in a language or else in English, in which every version is written."""
    held = list(unit.session.scalars(_on(Notice, on).where(Notice.language.in_({language, TOOL_LANGUAGES[0]})).order_by(Notice.notice)))
    translated = {(each.notice, each.version): each for each in held if each.language == language}
    return [translated.get((each.notice, each.version), each) for each in held if each.language == TOOL_LANGUAGES[0]]


def _in_order(unit: Unit, wanted: ColumnElement[bool]) -> list[EligibilityRule]:
    return list(unit.session.scalars(select(EligibilityRule).where(wanted).order_by(EligibilityRule.valid_from, EligibilityRule.id)))


def rules(unit: Unit) -> Rules:
    """The figures that hold today."""
    figures = valid_rows(unit, RuleFigure, unit.now.date())
    return Rules(**{name: figures[name].value for name in REGISTRATION_FIGURES})


def scheme(unit: Unit, kinds: Collection[str] = OF_ELIGIBILITY) -> Scheme:
    """The rules of eligibility as they hold today, with the codes of these lists: of all, where chosen codes are looked at, too."""
    today = unit.now.date()
    verdicts = {}
    for rule in eligibility_rules(unit, today):
        kind = (rule.organisation_type, rule.cluster_member)
        verdicts[(*kind, "visitor")], verdicts[(*kind, "host")] = rule.may_visit, rule.may_host
    return Scheme(
        verdicts=verdicts,
        notices={notice.notice: notice.version for notice in notices(unit, today)},
        codes=_codes(unit, kinds, today),
    )


def codes(unit: Unit) -> dict[str, frozenset[str]]:
    """The codes that every list holds today."""
    return _codes(unit, KINDS, unit.now.date())


def _codes(unit: Unit, kinds: Collection[str], on: date) -> dict[str, frozenset[str]]:
    codes: dict[str, set[str]] = {kind: set() for kind in kinds}
    for kind, code in unit.session.execute(_on(Term, on).where(Term.kind.in_(kinds)).with_only_columns(Term.kind, Term.code)):
        codes[kind].add(code)
    return {kind: frozenset(held) for kind, held in codes.items()}


def _on(row: type[D], on: date) -> Select[D]:
    holds: Any = or_(row.valid_to.is_(None), row.valid_to >= on)
    return select(row).where(row.valid_from <= on, holds)
