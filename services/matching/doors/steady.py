"""Work in a steady unit whose moment the index can still show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from chassis.bare.refusals import Unavailable
from chassis.running.unit import Unit
from services.matching.queries.following import Past

T = TypeVar("T")

TRIES = 15


def steadily(open_unit: Any, work: Callable[[Unit], T]) -> T:
    """Do the work in a steady unit; anew in another one where the index took in a later change meanwhile. Raises Unavailable."""
    for _ in range(TRIES):
        try:
            with open_unit(steady=True) as unit:
                return work(unit)
        except Past:
            continue
    raise Unavailable("The lists change too fast just now.")
