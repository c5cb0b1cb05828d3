"""`make bench`: measure, print a line of JSON per figure on standard output, and write the tables of docs/benchmarks.md.

PARTS=requests,facts measures these alone; QUICK=1 tries everything with small counts and leaves the page alone. Progress goes to
standard error. The exit code is 1 when something could not be measured; a missed target is a figure like any other.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from deploy.local.program import ROOT
from deploy.local.unusable import Unusable, plainly
from tests.load import exchanges, facts, lists, overload, recovery, requests
from tests.load.figures import Figure
from tests.load.machine import about
from tests.load.page import update
from tests.load.stand import Stand, stand

PAGE = ROOT / "docs" / "benchmarks.md"

Part = Callable[[Stand, Callable[[str], None]], Iterator[Figure]]


def parts(quick: bool) -> dict[str, Part]:
    """What is measured, in order: the kills and the overload last, for they stir things up."""
    reading = requests.Extent(1, 1.0) if quick else requests.Extent(5, 4.0)
    touring = exchanges.Extent(2, 4) if quick else exchanges.Extent(20, 8)
    hearing = facts.Extent(3.0, 100, 2.0, 200) if quick else facts.Extent(30.0, 50, 8.0, 1000)
    ranking = lists.Extent(2000, 20, 1, 2.0, 5) if quick else lists.Extent(100_000, 200, 3, 8.0, 50)
    killing = recovery.Extent(1) if quick else recovery.Extent(3)
    crowding = overload.Extent(3.0) if quick else overload.Extent(40.0)
    return {
        requests.PART: lambda stand, say: requests.figures(stand, reading, say),
        facts.PART: lambda stand, say: facts.figures(stand, hearing, say),
        exchanges.PART: lambda stand, say: exchanges.figures(stand, touring, say),
        lists.PART: lambda stand, say: lists.figures(stand, ranking, say),
        overload.PART: lambda stand, say: overload.figures(stand, crowding, say),
        recovery.PART: lambda stand, say: recovery.figures(stand, killing, say),
    }


def main() -> int:
    """Measure what was asked for."""
    quick, began = os.environ.get("QUICK", "0") not in ("", "0"), time.monotonic()
    wanted = _wanted(parts(quick))

    def say(what: str) -> None:
        print(f"  {time.monotonic() - began:6.1f} s  {what}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="clusterxchange-bench-") as folder:
        say("starting the system")
        with stand(Path(folder)) as found:
            told = about(found.here)
            figures, failures = _measured(wanted, found, say, told)
    if figures and not quick:
        update(PAGE, figures, told)
        say(f"wrote {PAGE.relative_to(ROOT)}")
    for figure in figures:
        for target in figure.targets:
            say(f"{'met' if target.is_met else 'MISSED'}: {target.promise}: {target.value:g}")
    return 1 if failures else 0


def _wanted(known: dict[str, Part]) -> dict[str, Part]:
    """The parts that PARTS names; raises Unusable for one that there is not."""
    names = [name for name in os.environ.get("PARTS", "").replace(" ", "").split(",") if name] or list(known)
    if unknown := set(names) - set(known):
        raise Unusable(f"PARTS names {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    return {name: part for name, part in known.items() if name in names}


def _measured(wanted: dict[str, Part], found: Stand, say: Callable[[str], None], told: dict[str, Any]) -> tuple[list[Figure], int]:
    """Each part's figures, said as they come; a part that fails is told of, and the others go on."""
    figures, failures = [], 0
    for name, part in wanted.items():
        try:
            for figure in part(found, say):
                print(figure.line(told), flush=True)
                figures.append(figure)
        except Exception:
            failures += 1
            say(f"{name} could not be measured:\n{traceback.format_exc()}")
    return figures, failures


if __name__ == "__main__":
    plainly(main)
