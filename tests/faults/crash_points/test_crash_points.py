"""Crash points: every door has its cases, and a changing sample of them holds what is promised.

`make test-crash-points` goes through all of them.
"""

from __future__ import annotations

import os
import random
import secrets

import pytest

from chassis.bare.crash_points import POINTS
from tests.faults.crash_points.cases import KINDS, OF_ALL, all_doors
from tests.faults.crash_points.recipes import recipes, without_recipe
from tests.faults.crash_points.run import drive

SAMPLE = 16


def test_every_door_has_points_and_a_test_that_opens_it() -> None:
    """A new door needs a test of its own; `python -m tests.faults.crash_points --record` finds it."""
    assert {*KINDS.values(), *OF_ALL} == set(POINTS)
    assert all(door.points for door in all_doors())
    assert [str(door) for door in without_recipe(recipes())] == []


@pytest.mark.slow
def test_processes_that_end_anywhere_lose_nothing_and_do_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """A sample of all doors, another one each time; CRASH_SEED=... shows it again."""
    seed = int(os.environ.get("CRASH_SEED") or secrets.randbelow(10**6))
    outcome = drive(sorted(random.Random(seed).sample(all_doors(), SAMPLE)))
    with capsys.disabled():
        print(f"\nCRASH_SEED={seed}: {outcome}")
    assert outcome.is_good, "\n".join(outcome.findings)
