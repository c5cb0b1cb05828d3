"""The parts of `make test`, one after the other, each with the minutes it may take on two cores, and what it took."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass

PYTEST = (sys.executable, "-m", "pytest")
TWO_AT_A_TIME = ("-n", "2", "--dist", "loadfile")
EVERY_MOVE = ("-p", "tests.every_move")
"""All rooms together make every move of every lifecycle; this fails where they do not."""
WHOLE_SYSTEM = ("deploy", "journeys", "faults", "replicas", "browser")
"""Folders of tests that start the whole system, which wants both cores for itself."""

APART = ("cluster", "load")
"""What has commands of its own: it needs root, or a machine for itself."""

DEMONSTRATION = "tests/deploy/test_demonstration.py"
"""Loads the whole demonstration, which takes minutes."""

SURFACE = ("tests/faults/test_malformed.py", "tests/faults/test_served_contract.py")
"""What is wrong with requests, not with machines: every address, every role, everything that does not fit."""

ONE_PROCESS = tuple(f"tests/faults/test_{name}.py" for name in ("parking", "poison", "traps", "watchdog"))
"""What breaks with a process or two, and mostly waits: it leaves room for another."""

OPERATION = ("tests/faults/test_audit.py", "tests/faults/test_backup.py", "tests/replicas")
"""What operators do: an audit, a backup, a restore, more and fewer processes of a service."""


def ignoring(*paths: str) -> list[str]:
    """Pytest's way of leaving these out."""
    return [f"--ignore={each}" for each in paths]


@dataclass(frozen=True)
class Part:
    """Some of the tests; `budget` in minutes says when a part has grown too long for those who wait, and fails nothing."""

    name: str
    budget: int
    commands: tuple[tuple[str, ...], ...]


PARTS = (
    Part("check", 1, (("make", "--no-print-directory", "check"),)),
    Part(
        "rooms",
        8,
        ((*PYTEST, *TWO_AT_A_TIME, *EVERY_MOVE, "-m", "slow", *ignoring(*(f"tests/{each}" for each in (*WHOLE_SYSTEM, *APART))), "tests"),),
    ),
    Part("journeys", 10, ((*PYTEST, "-m", "slow", "tests/deploy", "tests/journeys", *ignoring(DEMONSTRATION)),)),
    Part("demonstration", 6, ((*PYTEST, "-m", "slow", DEMONSTRATION),)),
    Part("surface", 5, ((*PYTEST, "-m", "slow", *SURFACE),)),
    Part("operation", 8, ((*PYTEST, "-m", "slow", *OPERATION),)),
    Part(
        "faults",
        15,
        (
            (*PYTEST, *TWO_AT_A_TIME, "-m", "slow", *ONE_PROCESS),
            (*PYTEST, "-m", "slow", "tests/faults", *ignoring(*SURFACE, *OPERATION, *ONE_PROCESS)),
        ),
    ),
    # Brings the pages and Debian's Chromium, which nothing else needs.
    Part("browser", 20, (("make", "--no-print-directory", "test-browser"),)),
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
    codes = [subprocess.run(each, check=False).returncode for each in part.commands]
    return not any(codes), (time.monotonic() - began) / 60


if __name__ == "__main__":
    sys.exit(main())
