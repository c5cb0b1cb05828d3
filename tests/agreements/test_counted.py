"""What counting goes by, without a database."""

from __future__ import annotations

import pytest

from contracts.agreements import STATES
from services.agreements.model.counted import REACHED, folded, shown


def test_every_state_is_reached_by_a_fact() -> None:
    """No state is missing in the times, and none is there that an exchange cannot be in."""
    assert set(REACHED.values()) == set(STATES)


def test_no_number_below_five_is_shown() -> None:
    """Neither nought, so that nobody learns that there is at least one."""
    assert [shown(number) for number in (0, 4, 5, 40)] == [None, None, 5, 40]


@pytest.mark.parametrize(
    ("counts", "told", "others"),
    [
        ({}, {}, 0),
        ({"PT": 9, "DE": 6}, {"PT": 9, "DE": 6}, 0),
        ({"PT": 9, "DE": 6, "FR": 3, "IT": 2}, {"PT": 9, "DE": 6}, 5),
        ({"PT": 9, "DE": 6, "FR": 2, "IT": 1}, {"PT": 9}, 9),
        ({"PT": 9, "DE": 6, "FR": 4}, {"PT": 9}, 10),
        ({"PT": 9, "FR": 4}, {}, 13),
        ({"FR": 4}, {}, None),
    ],
)
def test_few_are_counted_with_others_so_that_no_subtraction_tells_them(
    counts: dict[str, int], told: dict[str, int], others: int | None
) -> None:
    """Those below five go together with at least one more, and with as many as make five."""
    assert folded(counts) == (told, others)
