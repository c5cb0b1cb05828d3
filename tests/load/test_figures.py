"""Figures, their targets, and the page that they are put into."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from deploy.local.program import ROOT
from tests.load import __main__ as bench
from tests.load.cpu import used
from tests.load.figures import Figure, Target, middle, percentile, rounded
from tests.load.page import update

ABOUT = {
    "date": "2027-01-08T09:00:00+00:00", "commit": "0123456789",
    "machine": {"cores": 2, "model": "A processor", "memory_gib": 24.0, "load_before": 0.1},
    "versions": {"python": "3.11.7", "rabbitmq": "3.10.8 on Erlang 25.2", "postgresql": "16.2"},
}  # fmt: skip
SLOW = Figure("facts", "delay", {"p99_ms": 250.0}, targets=(Target("under 200 ms", 250.0, most=200),))


def test_percentile_is_a_value_that_was_measured() -> None:
    """The nearest rank, and an error for nothing measured: a 0 would look like a very good figure."""
    assert percentile([4, 1, 3, 2], 50) == 2 and percentile(range(1, 101), 99) == 99 and percentile([7], 99) == 7
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


def test_rounds_are_joined_by_their_median() -> None:
    """One disturbed round changes nothing."""
    assert middle([{"ms": 1.0}, {"ms": 900.0}, {"ms": 2.0}]) == {"ms": 2.0}


def test_rounding_leaves_three_digits() -> None:
    """And never takes digits before the point away."""
    assert [rounded(value) for value in (0.0012345, 1.23456, 12345.6, 0.0)] == [0.00123, 1.23, 12346.0, 0.0]


@pytest.mark.parametrize(("target", "met"), [
    (Target("least", 0.5, least=0.5), True), (Target("least", 0.49, least=0.5), False),
    (Target("most", 200, most=200), True), (Target("most", 201, most=200), False),
])  # fmt: skip
def test_target_says_whether_it_is_met(target: Target, met: bool) -> None:
    """On its own side of the limit."""
    assert target.is_met is met


def test_line_says_the_figure_where_it_was_taken_and_what_was_promised() -> None:
    """In one line that a program can read."""
    line = SLOW.line(ABOUT)
    told = json.loads(line)
    assert "\n" not in line and told["figure"] == "facts: delay" and told["values"] == {"p99_ms": 250.0}
    assert told["targets"] == [{"promise": "under 200 ms", "value": 250.0, "met": False}]
    assert told["machine"]["cores"] == 2 and told["versions"]["rabbitmq"] and told["commit"] and told["date"]


def test_page_gets_new_tables_and_keeps_its_prose(tmp_path: Path) -> None:
    """Twice, so that the second run finds the place again; other parts' tables stay as they are."""
    page = tmp_path / "page.md"
    page.write_text("Before.\n<!-- figures: facts -->\nold\n<!-- end -->\nAfter.\n<!-- figures: recovery -->\nkept\n<!-- end -->\n")
    update(page, [SLOW], ABOUT)
    update(page, [Figure("facts", "delay", {"p99_ms": 150.0}, targets=(Target("under 200 ms", 150.0, most=200),))], ABOUT)
    text = page.read_text()
    assert text.startswith("Before.\n") and "After.\n" in text and "kept" in text and "old" not in text
    assert "| delay | 150 |" in text and "250" not in text and "**met**" in text and "2 cores A processor" in text


def test_page_without_a_place_for_a_part_is_refused(tmp_path: Path) -> None:
    """Figures that nobody would see are an error."""
    page = tmp_path / "page.md"
    page.write_text("Nothing.\n")
    with pytest.raises(ValueError, match="facts"):
        update(page, [SLOW], ABOUT)


def test_real_page_has_a_place_for_every_part(tmp_path: Path) -> None:
    """A new part is not forgotten there."""
    page = tmp_path / "page.md"
    page.write_text(bench.PAGE.read_text())
    update(page, [Figure(part, "something", {"ms": 1.0}) for part in bench.parts(quick=True)], ABOUT)
    assert page.read_text().count("| something | 1 |") == len(bench.parts(quick=True))


def test_processor_time_of_a_process_is_counted() -> None:
    """What this process burns shows, with what ended below it."""
    before, until = used(os.getpid()), time.process_time() + 0.3
    while time.process_time() < until:
        sum(range(1000))
    assert used(os.getpid()) - before >= 0.2


def test_part_that_there_is_not_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is started."""
    monkeypatch.setenv("PARTS", "nonsense")
    with pytest.raises(SystemExit) as ended:
        bench.plainly(bench.main)
    assert ended.value.code == 1 and "PARTS names nonsense" in capsys.readouterr().err


def test_bench_measures_the_code_that_lies_here() -> None:
    """The page is the repository's own."""
    assert bench.PAGE == ROOT / "docs" / "benchmarks.md"
