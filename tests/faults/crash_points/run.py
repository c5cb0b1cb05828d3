"""Choosing doors, running their tests with the plugin that drives them, and telling how it went."""

from __future__ import annotations

import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.installation import SERVICES
from tests.faults.crash_points.cases import SEEN, Door, all_doors
from tests.faults.crash_points.recipes import recipes, without_recipe, write

ROOT = Path(__file__).parents[3]
PYTEST = (sys.executable, "-W", "ignore", "-m", "pytest", "-q")
ROOMS = [*(f"tests/{service}" for service in SERVICES), "tests/partners"]


@dataclass
class Outcome:
    """How the doors fared: how many were driven, how many processes ended in them, and what was found."""

    doors: int
    hit: int = 0
    driven: int = 0
    seconds: float = 0
    slowest: list[tuple[float, str]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every promise held and every door was driven."""
        return not self.findings and self.driven == self.doors

    def __str__(self) -> str:
        slowest = ", ".join(f"{door} {seconds:.0f}" for seconds, door in sorted(self.slowest, reverse=True)[:3])
        driven = f"{self.driven}/{self.doors} doors driven, {self.hit} processes ended, {len(self.findings)} findings"
        return f"{driven}, {self.seconds:.0f} s (slowest {slowest})"


def run(sample: int | None, seed: int | None, only: str, part: str, processes: int) -> int:
    """Drive the doors, print what was found and the counts; 0 when all is well."""
    doors = part_of([each for each in all_doors() if str(each).startswith(only)], part)
    if sample:
        seed = secrets.randbelow(10**6) if seed is None else seed
        print(f"SEED={seed} shows these {sample} doors again", flush=True)
        doors = sorted(random.Random(seed).sample(doors, min(sample, len(doors))))
    outcome = drive(doors, processes)
    print(*outcome.findings, outcome, sep="\n", flush=True)
    return 0 if outcome.is_good else 1


def part_of(doors: list[Door], part: str) -> list[Door]:
    """The k-th of n parts (`k/n`), doors of one test together; all of them without a part."""
    if not part:
        return doors
    number, parts = map(int, part.split("/"))
    known = recipes()
    in_order = sorted(doors, key=lambda door: (known.get(str(door), ""), door))
    return in_order[len(doors) * (number - 1) // parts : len(doors) * number // parts]


def drive(doors: list[Door], processes: int = 2) -> Outcome:
    """Run the tests that open these doors, each with its doors driven; once more for those that another door stood in the way of."""
    began = time.monotonic()
    lines, said = _drive_at_once(doors, processes)
    driven = {line.get("door") for line in lines}
    if left := [door for door in doors if str(door) not in driven and driven != {None}]:
        more, said_then = _drive_at_once(left, processes)
        lines, said = [line for line in lines if "unopened" not in line] + more, said + said_then
    outcome = _outcome(doors, lines)
    outcome.seconds = time.monotonic() - began
    if not outcome.driven:
        outcome.findings.append(said)
    return outcome


def _drive_at_once(doors: list[Door], processes: int) -> tuple[list[dict[str, Any]], str]:
    """Several processes with some of the doors each, and a broker and database of its own; whole tests stay together."""
    several = min(processes, len(doors))
    parts = [part_of(doors, f"{number}/{several}") for number in range(1, several + 1)]
    with ThreadPoolExecutor(max(several, 1)) as threads:
        came = list(threads.map(_drive_once, parts))
    return [line for lines, _ in came for line in lines], "".join(said for _, said in came)


def _drive_once(doors: list[Door]) -> tuple[list[dict[str, Any]], str]:
    """What the plugin reported, and what pytest said where it could not run."""
    aims: dict[str, list[str]] = defaultdict(list)
    known = recipes()
    for door in doors:
        if str(door) in known:
            aims[known[str(door)]].append(str(door))
    with tempfile.TemporaryDirectory(prefix="crash-points-") as folder:
        wanted, report = Path(folder) / "aims.json", Path(folder) / "report.jsonl"
        wanted.write_text(json.dumps(aims))
        report.touch()
        environment = {**os.environ, "CRASH_AIMS": str(wanted), "CRASH_REPORT": str(report)}
        command = [*PYTEST, "-p", "tests.faults.crash_points.plugin", "--tb=short", *aims]
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        lines = [json.loads(line) for line in report.read_text().splitlines()]
    if ended.returncode not in (0, 1):
        lines.append({"test": "pytest", "failed": f"it ended with {ended.returncode}: {ended.stdout[-2000:]}{ended.stderr[-2000:]}"})
    return lines, ended.stdout[-2000:] + ended.stderr[-2000:]


def record(some: list[str]) -> int:
    """Watch all tests of the services, and write the recipes anew; or some, for the doors that have none."""
    with tempfile.TemporaryDirectory(prefix="crash-points-") as folder:
        seen = Path(folder) / "seen.jsonl"
        seen.touch()
        command = [*PYTEST, "-n", "2", "--dist", "loadfile", "-p", "tests.faults.crash_points.watching"]
        subprocess.run([*command, *(some or ROOMS)], cwd=ROOT, env={**os.environ, SEEN: str(seen)})
        write(seen, recipes() if some else {})
    missing = without_recipe(recipes())
    print(f"{len(recipes())} doors have a test that opens them; without: {', '.join(map(str, missing)) or 'none'}")
    return 1 if missing else 0


def _outcome(doors: list[Door], lines: list[dict[str, Any]]) -> Outcome:
    outcome = Outcome(len(doors))
    if missing := [str(each) for each in without_recipe(recipes()) if each in doors]:
        outcome.findings.append(f"no test opens {', '.join(missing)}; write one, then `python -m tests.faults.crash_points --record`")
    for line in lines:
        if "door" not in line:
            outcome.findings.append(f"{line['test']}: {line.get('failed') or line['unopened'] + ' was not opened in it'}")
            continue
        outcome.driven += 1
        outcome.hit += len(line["hit"])
        outcome.slowest.append((line["seconds"], line["door"]))
        outcome.findings += [f"{line['door']} ({line['test']}): {each}" for each in line["findings"]]
    return outcome
