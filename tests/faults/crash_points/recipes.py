"""How each door is brought to open: the test of its service that does it, found out by watching the tests.

`python -m tests.faults.crash_points --record` watches them all and writes the list anew; `--record tests/payments` watches some, for
doors that have none yet.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.faults.crash_points.cases import Door, all_doors

FILE = Path(__file__).with_name("recipes.json")


def recipes() -> dict[str, str]:
    """The test (pytest's id) by the door."""
    return dict(json.loads(FILE.read_text()))


def without_recipe(known: dict[str, str]) -> list[Door]:
    """The doors that no test is known to open."""
    return [door for door in all_doors() if str(door) not in known]


def write(seen: Path, kept: dict[str, str]) -> None:
    """Choose the shortest test for each door from what was watched, a JSON line `[door, test, seconds]` each; `kept` stay as they are."""
    best: dict[str, tuple[float, str]] = {}
    for line in seen.read_text().splitlines():
        door, test, seconds = json.loads(line)
        best[door] = min(best.get(door, (seconds, test)), (seconds, test))
    known = {str(door) for door in all_doors()}
    chosen = {door: test for door, (_, test) in best.items()} | kept
    FILE.write_text(json.dumps({door: test for door, test in sorted(chosen.items()) if door in known}, indent=0) + "\n")
