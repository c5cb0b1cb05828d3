"""No bound is below the score that it stands for: whoever is left out because of its bound could not have come in."""

from __future__ import annotations

import numpy as np
import pytest

from services.matching.index import Index
from services.matching.index.chunks import CHUNK
from services.matching.index.possible import passing_of
from services.matching.index.scanning import listed_of
from services.matching.ranking import WEIGHTS, Candidate
from services.matching.ranking.candidate import opposite
from services.matching.ranking.order import GEOMETRIC, HARMONIC
from tests.matching.profiles import TODAY
from tests.matching.reference import Draw, filled, ranked

# What it looks at is compiled first, which takes longer than all else in `make check`.
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("fusion", [HARMONIC, GEOMETRIC])
def test_no_bound_is_below_the_score(seed: int, fusion: str) -> None:
    """Of every pair that is possible, with the plain ranking's score; lists among hundreds would hardly show a bound that is wrong."""
    entries = Draw(seed).entries(300)
    index, candidates = filled(entries), [each.candidate for each in entries]
    pairs = 0
    for asking in candidates[:60]:
        for role in ("visitor", "host"):
            bounds = bounds_of(index, asking, role, fusion)
            expected = ranked(asking, role, candidates, fusion=fusion)
            pairs += len(expected)
            assert [(each, score) for each, score, *_ in expected if bounds[index.slots.find(each)] < score] == []
    assert pairs > 300


def bounds_of(index: Index, asking: Candidate, role: str, fusion: str) -> dict[int, int]:
    """The bound of every partner who passes the hard rules, by slot."""
    side, part = index.ranked.sides[opposite(role)], index.ranked
    one = part._asking(asking, role, TODAY, WEIGHTS, fusion)
    part._make_room(side.count)
    assert side.count <= CHUNK
    overlap, passes, passing, common = (np.empty(CHUNK, kind) for kind in (np.int16, np.uint8, np.int64, np.uint8))
    codes = (np.empty(CHUNK, kind) for kind in (np.uint16, np.uint16, np.uint16, np.uint16, np.int32, np.int64))
    buffers = (common, np.empty(CHUNK, np.uint8), passing, *codes)
    stores = (part.lines, part.lists.numbers, part.lists.start)
    left = passing_of(one, side.columns, *stores, 0, side.count, overlap, common, passes, passing)
    places, bounds = part._scratch
    listed = listed_of(one, side.columns, 0, side.count, left, buffers, places, bounds, 0, np.int64(0))
    return dict(zip(side.columns.slot[places[:listed]].tolist(), bounds[:listed].tolist(), strict=True))
