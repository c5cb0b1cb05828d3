"""Crash points: every door has its cases, and a changing sample of them holds what is promised.

`make test-crash-points` goes through all of them.
"""

from __future__ import annotations

import os
import random
import secrets
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from chassis.bare.crash_points import POINTS
from tests.faults.crash_points.cases import KINDS, OF_ALL, OF_WAITERS, Reach, all_doors, reaches
from tests.faults.crash_points.recipes import recipes, without_recipe
from tests.faults.crash_points.run import drive
from tests.faults.crash_points.settings import told

SAMPLE = 24
ROOT = Path(__file__).parents[2]


@cache
def _text_of(file: str) -> str:
    return (ROOT / file).read_text() if (ROOT / file).exists() else ""


def test_every_door_has_points_and_a_test_that_opens_it() -> None:
    """A new door needs a test of its own; `python -m tests.faults.crash_points --record` finds it."""
    assert {*KINDS.values(), *OF_ALL, *OF_WAITERS} == set(POINTS)
    assert {point for door in all_doors() for point in door.points} == {point for points in POINTS.values() for point in points}
    assert all(door.points for door in all_doors())
    assert [str(door) for door in without_recipe(recipes())] == []


def test_every_test_that_opens_a_door_is_still_called_so() -> None:
    """One that was renamed would keep all others of its run from being driven and repeated, too."""
    named = {test.partition("[")[0] for test in recipes().values()}
    assert [test for test in sorted(named) if f"\ndef {test.partition('::')[2]}(" not in _text_of(test.partition("::")[0])] == []


def test_each_time_that_a_point_is_reached_is_a_case() -> None:
    """A door that looks before it acts is ended in its second unit, too; of many messages the first two and the last."""
    unit = ["unit.begun", "unit.before_commit", "unit.after_commit"]
    assert reaches(unit * 2) == [Reach(point, time) for time in (1, 2) for point in unit]
    assert [reach.time for reach in reaches(["carry.before_publish"] * 5)] == [1, 2, 5]


def test_a_process_that_is_to_be_ended_can_be_told_all_it_has_to_know(tmp_path: Path) -> None:
    """A new setting of services has to be given here as well, or no process would come to any point."""
    assert told("postgresql://database", "amqp://broker", tmp_path).is_development


@pytest.mark.slow
def test_every_test_that_opens_a_door_is_found() -> None:
    """With its parameters, as whoever drives or repeats it names it."""
    command = [sys.executable, "-W", "ignore", "-m", "pytest", "-q", "--collect-only", *sorted({*recipes().values()})]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-2000:]


@pytest.mark.slow
def test_processes_that_end_anywhere_lose_nothing_and_do_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """A sample of all doors, another one each time; SEED=... shows it again."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**6))
    outcome = drive(sorted(random.Random(seed).sample(all_doors(), SAMPLE)))
    with capsys.disabled():
        print(f"\nSEED={seed}: {outcome}")
    assert outcome.is_good, "\n".join(outcome.findings)
