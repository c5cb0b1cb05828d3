"""The hearer's door."""

from __future__ import annotations

from chassis.bare.message import Heard
from chassis.running.doors import listens
from chassis.running.unit import Units
from tests.load.speaker.contracts import Said


class Hearer:
    """Hears things."""

    name = "hearer"
    unit = Units()

    @listens(Said)
    def hear(self, event: Heard) -> None:
        """A unit that writes nothing but when the event was heard, which the frame does."""
        with self.unit():
            pass
