"""Which edits of an accepted participation wait for the contact point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# Who the organisation is and where it sits decides on eligibility and money; so do its roles.
MODERATED: dict[str, Callable[[str], bool]] = {"organisation": lambda name: name != "website", "role": lambda name: name == "roles"}

Answers = dict[str, Any]


def moderated(answers: Mapping[str, Any]) -> tuple[Answers, Answers]:
    """Part answers into those that take effect now and those that are to wait."""
    now: Answers = {}
    later: Answers = {}
    for step, given in answers.items():
        waits = MODERATED.get(step)
        now[step] = {name: value for name, value in given.items() if not waits(name)} if waits else given
        if waits:
            later[step] = {name: value for name, value in given.items() if waits(name)}
    return now, later


def proposal(before: Answers | None, later: Answers, organisation: object, form: object) -> Answers | None:
    """The change that waits now: what waited before with the newer answers on top, without what would change nothing."""
    present = {"organisation": organisation, "role": form}
    answers = {step: (before or {}).get(step, {}) | later.get(step, {}) for step in MODERATED}
    changes = {
        step: {name: value for name, value in given.items() if not _same(value, getattr(present[step], name))}
        for step, given in answers.items()
    }
    return changes if any(changes.values()) else None


def _same(one: Any, other: Any) -> bool:
    # Lists are sets of codes here: their order says nothing.
    return sorted(one) == sorted(other) if isinstance(one, list) else bool(one == other)
