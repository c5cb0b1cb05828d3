"""Load the demonstration data into the running system, or `--check` that every state is there.

`make run` calls it at the first start. A load that was stopped goes on where it was.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from deploy.local.demonstration.checking import look
from deploy.local.demonstration.load import Plot, load
from deploy.local.demonstration.progress import Progress
from deploy.local.demonstration.sign_ins import sign_ins
from deploy.local.demonstration.world import World
from deploy.local.files import write_atomically
from deploy.local.installation import Installation
from deploy.local.lock import running_installation
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, kept_offices, make_administrator, make_offices
from deploy.local.people.partnerships import SIGN_INS, for_demonstration
from deploy.local.settings import read_settings
from deploy.local.unusable import plainly

ABOUT_SO_MANY_PARTS = 640
PREFIX = "demo."


def fill(here: Installation, console: Console) -> int:
    """Load all that is missing; returns 1 if a part could not be done."""
    columns = (TextColumn("demonstration data"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=console) as bar:
        task = bar.add_task("offices", total=ABOUT_SO_MANY_PARTS)
        progress = Progress(here.state, lambda done, doing: bar.update(task, completed=done, description=doing))
        entrance = Entrance(here.url)
        offices = _offices(here, entrance)
        world = World(entrance, offices, progress)
        plot = Plot(world)
        write_atomically(here.state / "demonstration-sign-ins.txt", sign_ins(offices, plot.stories))
        load(world, plot)
        progress.say("finished", finished=True)
    for setback in progress.setbacks[:20]:
        console.print(f"could not be done: {setback}", style="red", highlight=False, markup=False)
    return 1 if progress.setbacks else 0


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
    return check(here, console) if "--check" in sys.argv[1:] else fill(here, console)


if __name__ == "__main__":
    plainly(main)
