"""The parts of `make test`, one after the other, each with the minutes it may take on two cores, and what it took."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass

PYTEST = (sys.executable, "-m", "pytest")
TWO_AT_A_TIME = ("-n", "2", "--dist", "loadfile")
WHOLE_SYSTEM = ("deploy", "journeys", "faults", "replicas")
"""Folders of tests that start the whole system, which wants both cores for itself."""

APART = ("cluster", "load")
"""What has commands of its own: it needs root, or a machine for itself."""

DEMONSTRATION = "tests/deploy/test_demonstration.py"
LONG_ONES = (DEMONSTRATION, "tests/journeys/test_random_moves.py")
"""The one has a part of its own, and random moves are played when somebody asks for them."""

STEADY = ("audit", "parking", "poison", "watchdog", "traps", "backup")
"""The tests of faults that every run takes; those that kill at random have commands of their own (`make` lists them)."""


@dataclass(frozen=True)
class Part:
    """Some of the tests; `budget` in minutes says when a part has grown too long for those who wait, and fails nothing."""

    name: str
    budget: int
    command: tuple[str, ...]


PARTS = (
    Part("check", 1, ("make", "--no-print-directory", "check")),
    Part("rooms", 8, (*PYTEST, *TWO_AT_A_TIME, "-m", "slow", *(f"--ignore=tests/{folder}" for folder in (*WHOLE_SYSTEM, *APART)), "tests")),
    Part("journeys", 10, (*PYTEST, "-m", "slow", "tests/deploy", "tests/journeys", *(f"--ignore={each}" for each in LONG_ONES))),
    Part("demonstration", 6, (*PYTEST, "-m", "slow", DEMONSTRATION)),
    Part("faults", 15, (*PYTEST, "-m", "slow", *(f"tests/faults/test_{name}.py" for name in STEADY))),
)


def main() -> int:
    """Run all parts, also after one that failed; the exit code says whether all went well."""
    ended = [(part, *_run(part)) for part in PARTS]
    print("\npart           minutes  of budget")
    for part, good, minutes in ended:
        remark = ("" if good else "  FAILED") + ("  over its budget" if minutes > part.budget else "")
        print(f"{part.name:13}  {minutes:7.1f}  {part.budget:9}{remark}")
    return 0 if all(good for _, good, _ in ended) else 1


def _run(part: Part) -> tuple[bool, float]:
    print(f"\n== {part.name} (budget {part.budget} min)", flush=True)
    began = time.monotonic()
    ended = subprocess.run(part.command, check=False)
    return ended.returncode == 0, (time.monotonic() - began) / 60


if __name__ == "__main__":
    sys.exit(main())
