"""Load the demonstration data into the running system, or `--check` that every state is there.

`make run` calls it at the first start, shows its bar for a minute and lets it go on behind. A load that was stopped goes on where it
was.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from deploy.local.demonstration.checking import look
from deploy.local.demonstration.load import Plot, load
from deploy.local.demonstration.progress import Progress
from deploy.local.demonstration.sign_ins import sign_ins
from deploy.local.demonstration.turns import alone
from deploy.local.demonstration.world import World
from deploy.local.files import write_atomically
from deploy.local.installation import Installation
from deploy.local.lock import running_installation
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, kept_offices, make_administrator, make_offices
from deploy.local.people.partnerships import SIGN_INS, for_demonstration
from deploy.local.settings import read_settings
from deploy.local.unusable import plainly

ABOUT_SO_MANY_PARTS = 600
SHOWN_S = 60
MOST_SETBACKS = 20
PREFIX = "demo."


class Shown:
    """The bar for whoever waits; after a while it goes, and the load goes on behind."""

    def __init__(self, console: Console) -> None:
        columns = (
            TextColumn("demonstration data"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
        )
        self._bar, self._began, self._live = Bar(*columns, console=console), time.monotonic(), True
        self._task = self._bar.add_task("offices", total=ABOUT_SO_MANY_PARTS)
        self._bar.start()

    def tell(self, done: int, doing: str) -> None:
        """So many parts are done, and this is going on."""
        self._bar.update(self._task, completed=done, description=doing)
        if time.monotonic() - self._began > SHOWN_S:
            self.stop()

    def stop(self) -> None:
        """Take the bar away."""
        if self._live:
            self._live = False
            self._bar.stop()

    def leave(self) -> None:
        """Take the bar away and end at once."""
        self.stop()
        os._exit(143)


def fill(here: Installation, console: Console) -> int:
    """Load all that is missing; returns 1 if a part could not be done."""
    shown = Shown(console)
    # Parts under way are left as they are: done once more, they act only once.
    signal.signal(signal.SIGTERM, lambda *_: shown.leave())
    progress = Progress(here.state, shown.tell)
    try:
        _fill(here, progress)
    finally:
        shown.stop()
    for setback in progress.setbacks[:MOST_SETBACKS]:
        console.print(f"could not be done: {setback}", style="red", highlight=False, markup=False)
    return 1 if progress.setbacks else 0


def _fill(here: Installation, progress: Progress) -> None:
    entrance = Entrance(here.url)
    offices = _offices(here, entrance)
    world = World(entrance, offices, progress)
    plot = Plot(world)
    write_atomically(here.state / "demonstration-sign-ins.txt", sign_ins(offices, plot.stories))
    load(world, plot)
    progress.say("finished", finished=True)


def check(here: Installation, console: Console) -> int:
    """Print which states are reached by how many; returns 1 if one is not."""
    table = Table("service", "lifecycle", "state", "subjects")
    found = list(look(here))
    for each in found:
        count = str(each.count) if each.count or not each.excuse else f"none: {each.excuse}"
        table.add_row(each.service, each.subject, each.state, count, style="red" if each.is_missing else None)
    console.print(table)
    return 1 if any(each.is_missing for each in found) else 0


def _offices(here: Installation, entrance: Entrance) -> Offices:
    file: Path = here.state / SIGN_INS
    known = kept_offices(file)
    if known is None or not known.are_at(entrance):
        administrator = make_administrator(here.environment("identity"), f"{PREFIX}administrator")
        known = make_offices(entrance, administrator, for_demonstration(), PREFIX)
        known.keep(file)
    return known


def main() -> int:
    """Load or check."""
    here, console = running_installation(read_settings()), Console()
    if "--check" in sys.argv[1:]:
        return check(here, console)
    with alone(here.state):
        return fill(here, console)


if __name__ == "__main__":
    plainly(main)
