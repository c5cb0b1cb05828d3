"""Which edits of an accepted participation wait for the contact point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# Who the organisation is and where it sits decides on eligibility and money; so do its roles.
MODERATED: dict[str, Callable[[str], bool]] = {"organisation": lambda name: name != "website", "role": lambda name: name == "roles"}

Answers = dict[str, Any]


def moderated(answers: Mapping[str, Any], organisation: object, form: object) -> tuple[Answers, Answers]:
    """Part answers into those that take effect now and those that wait; what would change nothing does not wait."""
    now: Answers = {}
    later: Answers = {}
    for step, given in answers.items():
        if step not in MODERATED:
            now[step] = given
            continue
        waits, present = MODERATED[step], organisation if step == "organisation" else form
        now[step] = {name: value for name, value in given.items() if not waits(name)}
        later[step] = {name: value for name, value in given.items() if waits(name) and value != getattr(present, name)}
    return now, later
