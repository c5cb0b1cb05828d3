"""Choosing tests, running them with the plugin that delivers everything again, and telling how it went."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.crash_points.cases import Door, all_doors
from tests.faults.crash_points.recipes import recipes

ROOT = Path(__file__).parents[3]
AT_ONCE = ("-n", "2", "--dist", "loadfile")
"""Two processes, each with a broker and database of its own."""


@dataclass
class Outcome:
    """How it went: doors that were to be repeated, those that were, deliveries altogether, what did not hold."""

    doors: set[str]
    repeated: set[str] = field(default_factory=set)
    again: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether everything held, of every door."""
        return not self.findings and self.doors <= self.repeated

    def __str__(self) -> str:
        return f"{len(self.doors & self.repeated)}/{len(self.doors)} doors repeated, {self.again} deliveries more, {len(self.findings)} findings"


def repeatable() -> list[Door]:
    """The doors to be repeated: calls and listeners."""
    return [door for door in all_doors() if door.kind in ("call", "event")]


def repeat(doors: list[Door], seed: int) -> Outcome:
    """Run the tests that open these doors, with everything they deliver delivered again."""
    known = recipes()
    tests = sorted({known[str(door)] for door in doors if str(door) in known})
    with tempfile.TemporaryDirectory(prefix="repeats-") as folder:
        report = Path(folder) / "report.jsonl"
        report.touch()
        environment = {**os.environ, "REPEATS_REPORT": str(report), "REPEATS_SEED": str(seed)}
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "pytest",
            "-q",
            *AT_ONCE,
            "-p",
            "tests.faults.repeats.plugin",
            "--tb=short",
            *tests,
        ]
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        outcome = Outcome({str(door) for door in doors})
        for line in map(json.loads, report.read_text().splitlines()):
            outcome.repeated.add(line.get("door", ""))
            outcome.again += line.get("again", 0)
            outcome.findings += [f"{line['test']}: {line['finding']}"] if "finding" in line else []
    if ended.returncode not in (0, 1) or not outcome.again:
        outcome.findings.append(f"pytest ended with {ended.returncode}: {ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    return outcome


def sample(number: int, seed: int) -> list[Door]:
    """So many of the doors, those of this seed."""
    return sorted(random.Random(seed).sample(repeatable(), number))
