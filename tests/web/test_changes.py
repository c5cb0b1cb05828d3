"""What differs between the text that was read and the one that stands now, line by line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from deploy.local.node import find_node

WRITER = Path(__file__).with_name("print_changes.mjs")
MODULES = Path(__file__).parents[2] / "web" / "node_modules" / "typescript"

pytestmark = pytest.mark.skipif(not MODULES.exists(), reason="the pages' modules are brought by `make web`")


def changes(was: list[str], now: list[str]) -> list[dict[str, str]]:
    """As the page of an agreement shows them."""
    asked = json.dumps({"was": "\n".join(was), "now": "\n".join(now)}).encode()
    said = subprocess.run([*find_node().node, str(WRITER)], input=asked, capture_output=True, check=True, timeout=60).stdout
    return list(json.loads(said))


@pytest.mark.parametrize(
    ("was", "now", "differ"),
    [
        (["a", "b", "c"], ["a", "b", "c"], []),
        (["a", "b", "c"], ["a", "B", "c"], [("b", "B")]),
        (["a", "c"], ["a", "b", "c"], [("", "b")]),
        (["a", "b", "c"], ["a", "c"], [("b", "")]),
        (["a", "b", "c", "d", "e"], ["A", "b", "c", "e", "f"], [("a", "A"), ("d", ""), ("", "f")]),
        (["a", "b", "c"], ["x", "y"], [("a\nb\nc", "x\ny")]),
        (["same", "b", "same"], ["same", "same", "b", "same"], [("", "same")]),
    ],
)
def test_lines_that_stay_are_left_out_and_those_that_went_and_came_together_stand_together(
    was: list[str], now: list[str], differ: list[tuple[str, str]]
) -> None:
    """Added lines have nothing before them, removed ones nothing after."""
    assert [(each["was"], each["now"]) for each in changes(was, now)] == differ
