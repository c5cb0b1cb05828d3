"""`make exchange`: play the tour against the running system.

N exchanges (1), C people at work at a time (8), SAVE a folder for what they could download, STATE the system's folder.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from rich.console import Console

from deploy.local.demonstration.turns import wait_for_a_load
from deploy.local.exchange.cast import Group, cast
from deploy.local.exchange.dates import a_week_for
from deploy.local.exchange.keeping import keep
from deploy.local.exchange.play import is_paid, play
from deploy.local.exchange.stage import SETBACKS, Stage
from deploy.local.exchange.telling import Teller
from deploy.local.installation import Installation
from deploy.local.lock import running_installation
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, kept_offices, make_administrator, make_offices
from deploy.local.people.partnerships import SIGN_INS, TOUR_SIGN_INS, for_tour
from deploy.local.settings import read_settings
from deploy.local.unusable import Unusable, plainly


def main() -> int:
    """Play, tell, and say whether every exchange was paid."""
    here = running_installation(read_settings())
    number, places = _count("N", 1), _count("C", 8)
    console = Console(width=None if sys.stdout.isatty() else 160)
    wait_for_a_load(here.state, console.print)
    teller = Teller(console, every_request=number == 1)
    paid = tour(here, number, places, teller, os.environ.get("SAVE"))
    console.print(teller.table())
    print(f"{paid}/{number} paid")
    return 0 if paid == number else 1


def tour(here: Installation, number: int, places: int, teller: Teller, save: str | None = None) -> int:
    """Play so many exchanges with so many people at a time; returns how many were paid."""
    entrance = Entrance(here.url, teller.note)
    groups = cast(entrance, offices_of(here, entrance), number)
    stage = Stage(entrance, groups, places, teller.act_over)
    countries = {each.host.profile.country for each in stage.exchanges}
    play(stage, a_week_for(countries, datetime.fromisoformat(entrance.now())))
    if save:
        for group in groups:
            keep(group, Path(save).expanduser())
    return _paid(groups)


def offices_of(here: Installation, entrance: Entrance) -> Offices:
    """The offices of the demonstration data; without them, offices made for tours."""
    for file in (here.state / SIGN_INS, here.state / TOUR_SIGN_INS):
        if (found := kept_offices(file)) and found.are_at(entrance):
            return found
    administrator = make_administrator(here.environment("identity"), "tour.administrator")
    made = make_offices(entrance, administrator, for_tour(), prefix="tour.")
    made.keep(here.state / TOUR_SIGN_INS)
    return made


def _paid(groups: list[Group]) -> int:
    paid = 0
    for exchange in (each for group in groups for each in group.exchanges):
        try:
            done = exchange.failure is None and is_paid(exchange.visitor)
        except SETBACKS as setback:
            done, exchange.failure = False, str(setback)
        if not done:
            print(f"not paid: {exchange.mark}: {exchange.failure or 'its payment is not paid'}")
        paid += done
    return paid


def _count(name: str, otherwise: int) -> int:
    text = os.environ.get(name) or str(otherwise)
    if not text.isdigit() or int(text) < 1:
        raise Unusable(f"{name} is {text!r}; it has to be a number from 1 on.")
    return int(text)


if __name__ == "__main__":
    plainly(main)
