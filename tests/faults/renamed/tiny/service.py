"""The tiny service after its listener was given another name."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import Heard
from chassis.running.doors import listens
from tests.chassis.tiny import contracts
from tests.chassis.tiny.service import Tiny as EarlierTiny


class Tiny(EarlierTiny):
    """As before, but for one name."""

    name = "tiny"
    be_poked: Any = None

    @listens(contracts.ThingPoked)
    def hear_of_a_poke(self, event: Heard) -> None:
        """What `be_poked` did."""
        EarlierTiny.be_poked.__wrapped__(self, event)  # type: ignore[attr-defined]
