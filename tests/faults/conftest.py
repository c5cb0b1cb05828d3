"""Whole systems to break, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, make_administrator, make_offices
from deploy.local.people.partnerships import TOUR_SIGN_INS, for_tour
from deploy.local.settings import Settings
from deploy.local.system import Running, system


@contextmanager
def fresh_system(state: Path, pairs: int = 1) -> Iterator[tuple[Running, Entrance, Offices]]:
    """A system in a fresh state with its offices: so many pairs of partnerships, a support office, an auditor."""
    with system(state, Settings(state)) as running:
        entrance = Entrance(running.url)
        administrator = make_administrator(running.environment("identity"), "faults.administrator")
        offices = make_offices(entrance, administrator, for_tour()[: 2 * pairs], "faults.")
        offices.keep(running.here.state / TOUR_SIGN_INS)
        yield running, entrance, offices
        entrance.close()
