"""The domain clock moves forward by what is said, for everybody at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.bare.clock import Clock
from deploy.local.clock import ClockFile, length
from deploy.local.unusable import Unusable


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10d", timedelta(days=10)),
        ("2w", timedelta(weeks=2)),
        ("3h", timedelta(hours=3)),
        ("90m", timedelta(minutes=90)),
        ("1d12h", timedelta(hours=36)),
    ],
)
def test_length_is_read_as_people_say_it(text: str, meant: timedelta) -> None:
    """Weeks, days, hours, minutes and sums of them."""
    assert length(text) == meant


@pytest.mark.parametrize("text", ["", "10", "d", "-10d", "10 d", "10y", "1.5d", "999999w"])
def test_other_lengths_are_refused(text: str) -> None:
    """Backwards too: what has happened has happened."""
    with pytest.raises(Unusable):
        length(text)


def test_advanced_clock_is_read_by_the_services(tmp_path: Path) -> None:
    """The chassis reads the same file at its next look."""
    file, clock = ClockFile(tmp_path), Clock(tmp_path / "clock")
    file.make()
    file.advance(timedelta(days=10))
    assert abs(clock.now() - datetime.now(UTC) - timedelta(days=10)) < timedelta(seconds=5)


def test_two_advances_at_once_both_count(tmp_path: Path) -> None:
    """Many people of a tour may move the clock."""
    file = ClockFile(tmp_path)
    file.make()
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda _: ClockFile(tmp_path).advance(timedelta(hours=1)), range(24)))
    assert file.path.read_text() == str(24 * 3600)
