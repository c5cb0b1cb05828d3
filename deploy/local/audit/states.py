"""No state without its journal row: each thing stands where its facts lead by its lifecycle, and each fact has its thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from deploy.local.audit.inspection import Inspection
from deploy.local.audit.lives import LIVES, Life
from deploy.local.audit.merging import side_by_side
from deploy.local.audit.verdict import Verdict

FACTS = """
    SELECT {key}, type, position FROM journal WHERE type = ANY(%s) AND {only} ORDER BY ({key}) COLLATE "C", subject_version"""
ROWS = """SELECT key, state FROM ({rows}) AS things (key, state) ORDER BY key COLLATE "C" """


class Astray(Exception):
    """A fact that the lifecycle does not allow where it stands."""


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """Play every life again."""
    for life in LIVES:
        facts = inspection.books.rows(life.service, FACTS.format(key=life.key, only=life.only), [life.facts])
        rows = inspection.books.rows(life.service, ROWS.format(rows=life.rows))
        for key, told, there in side_by_side(facts, rows):
            verdict.count("things")
            fault = _fault(life, told, there)
            if fault:
                verdict.find(f"{life.service}: {life.what} {key} {fault}")


def _fault(life: Life, told: list[tuple[Any, ...]], there: list[tuple[Any, ...]]) -> str | None:
    if not there:
        return f"is told of by {len(told)} journal rows (the last one {told[-1][1]}), and there is no such thing"
    try:
        expected = _played(life, told)
    except Astray as astray:
        return str(astray)
    if expected is None:
        return f"is '{there[0][0]}' without any journal row"
    return None if there[0][0] == expected else f"is '{there[0][0]}', but its journal says '{expected}'"


def _played(life: Life, told: Iterable[tuple[Any, ...]]) -> str | None:
    state = life.unborn
    for title, position in told:
        following = life.after(state, title)
        if following is None:
            raise Astray(f"cannot have {title} (journal row {position}) while it is '{state}'")
        state = following
    return state
