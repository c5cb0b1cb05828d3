"""The speaker's doors."""

from __future__ import annotations

import time
from typing import Any

from chassis.bare.message import new_id
from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Units
from contracts.registry import RegistrationView
from tests.load.speaker.contracts import Announce, Said, Say

ORGANISATION = RegistrationView.read(RegistrationView.example)


class Speaker:
    """Says things."""

    name = "speaker"
    unit = Units()

    @answers(Say)
    def say(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """All that a read does, but for the database: a unit without a statement takes no connection."""
        with self.unit() as unit:
            return unit.reply(ORGANISATION)

    @answers(Announce)
    def announce(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """One fact a unit, at its time, or at once when that has passed."""
        began, number = time.monotonic(), 0
        while (at := number / request["per_second"]) < request["seconds"]:
            time.sleep(max(0.0, began + at - time.monotonic()))
            with self.unit() as unit:
                unit.announce(Said.of(new_id(), number=number))
            number += 1
        with self.unit() as unit:
            return unit.reply({"facts": number, "seconds": time.monotonic() - began})
