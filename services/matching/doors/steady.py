"""Work in a steady unit whose moment the index can still show, and which is late enough for whoever asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from chassis.bare.refusals import Unavailable
from chassis.running.unit import Unit
from services.matching.queries import changes
from services.matching.queries.following import Past

T = TypeVar("T")

LOOKS, PAUSE_S = 15, 0.1
"""How often, and with which pause, to look whether the data version asked for has arrived."""


def catch_up(open_unit: Any, at_least: int) -> None:
    """Wait shortly until that many changes are applied; raises Unavailable."""
    for look in range(LOOKS if at_least else 0):
        with open_unit() as unit:
            if changes.data_version(unit) >= at_least:
                return
        if look < LOOKS - 1:
            time.sleep(PAUSE_S)
    if at_least:
        raise Unavailable(f"The lists do not know change {at_least} yet.")


def steadily(open_unit: Any, work: Callable[[Unit], T]) -> T:
    """Do the work in a steady unit; anew in another one where the index took in a later change meanwhile. Raises Unavailable."""
    for _ in range(LOOKS):
        try:
            with open_unit(steady=True) as unit:
                return work(unit)
        except Past:
            continue
    raise Unavailable("The lists change too fast just now.")
