"""`make index-check`: every process of matching is asked, and one that differs makes it fail."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.local import index_check

GOOD = {"loaded": True, "data_version": 9, "participations": 3, "differing": 0, "of": [], "seconds": 0.1}
FAST = "changes come too fast to compare all, 3 participations, 0.1 s"
CASES: list[tuple[dict[str, Any], bool, str]] = [
    (GOOD, True, "no difference (data version 9, 3 participations, 0.1 s)"),
    (GOOD | {"differing": 1, "of": ["an id"]}, False, "1 participations differ (data version 9, 3 participations, 0.1 s): an id"),
    (GOOD | {"data_version": None}, False, f"not all could be compared ({FAST}); try again"),
    (GOOD | {"data_version": None, "differing": 1, "of": ["an id"]}, False, f"1 participations differ ({FAST}): an id"),
    ({"loaded": False}, False, "still loading"),
]


@pytest.mark.parametrize(("found", "right", "words"), CASES)
def test_what_a_process_says_is_judged_and_said(found: dict[str, Any], right: bool, words: str) -> None:
    """Only a comparison without any difference is right."""
    assert (index_check.is_right(found), index_check.said(found)) == (right, words)
