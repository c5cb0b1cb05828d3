"""The domain clock: movable, shared by all processes, never backwards."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.bare.clock import Clock, StillClock, advance, duration


def test_without_a_file_domain_time_is_real_time() -> None:
    """Production knows no other."""
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_clock_whose_file_is_not_there_yet_shows_real_time(tmp_path: Path) -> None:
    """The first start has no file."""
    assert Clock(tmp_path / "clock").offset() == timedelta()


def test_moved_clock_is_seen_at_the_next_look(tmp_path: Path) -> None:
    """Every process reads the file each time."""
    seen = Clock(tmp_path / "clock")
    told = advance(tmp_path / "clock", timedelta(days=10))
    assert seen.offset() == timedelta(days=10) and abs(seen.now() - told) < timedelta(seconds=1)


def test_moves_add_up(tmp_path: Path) -> None:
    """Ten days and three hours are both counted."""
    advance(tmp_path / "clock", timedelta(days=10))
    advance(tmp_path / "clock", timedelta(hours=3))
    assert Clock(tmp_path / "clock").offset() == timedelta(days=10, hours=3)


def _move(file: str) -> None:
    for _ in range(10):
        advance(Path(file), timedelta(hours=1))


def test_moves_of_two_processes_at_once_both_count(tmp_path: Path) -> None:
    """Read, add and replace is one step."""
    spawning = multiprocessing.get_context("spawn")
    movers = [spawning.Process(target=_move, args=(str(tmp_path / "clock"),)) for _ in range(3)]
    for mover in movers:
        mover.start()
    for mover in movers:
        mover.join()
    assert Clock(tmp_path / "clock").offset() == timedelta(hours=30)


def test_move_beyond_the_calendar_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    """A file that says so would stop every process at its next look."""
    with pytest.raises(ValueError, match="calendar"):
        advance(tmp_path / "clock", timedelta(days=4_000_000))
    assert Clock(tmp_path / "clock").offset() == timedelta()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2w", timedelta(weeks=2)),
        ("10d", timedelta(days=10)),
        ("3h", timedelta(hours=3)),
        ("90m", timedelta(minutes=90)),
        ("1d12h", timedelta(days=1, hours=12)),
    ],
)
def test_duration_reads_weeks_days_hours_and_minutes(text: str, meant: timedelta) -> None:
    """And sums of them."""
    assert duration(text) == meant


@pytest.mark.parametrize("text", ["", "d", "-1d", "1", "1y", "1.5d", "1d ", "1d\n", "999999d", "1D", "None"])
def test_duration_refuses_everything_else(text: str) -> None:
    """Going back included."""
    with pytest.raises(ValueError):
        duration(text)


def test_still_clock_stands_until_it_is_moved() -> None:
    """What tests use."""
    clock = StillClock(datetime(2026, 11, 2, tzinfo=UTC))
    clock.advance(days=1, hours=2)
    assert clock.now() == clock.now() == datetime(2026, 11, 3, 2, tzinfo=UTC)
