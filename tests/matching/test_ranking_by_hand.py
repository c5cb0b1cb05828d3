"""The plain ranking, and the index, find what one would find by hand from the profiles themselves."""

from __future__ import annotations

import pytest

from services.matching.index import Entry
from services.matching.ranking import WEIGHTS
from services.matching.ranking.order import FUSIONS
from tests.matching import by_hand
from tests.matching.profiles import TODAY
from tests.matching.reference import Draw, filled, ranked, told

STANDING = ("active", "visit_consumed", "is_visiting", "hosted", "hosting", "asked", "answered", "weights")


def as_told(entry: Entry) -> by_hand.One:
    """A participant as it is stored."""
    return by_hand.One(entry.profile, {name: getattr(entry.candidate, name) for name in STANDING})


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fusion", FUSIONS)
def test_the_plain_ranking_is_what_one_would_find_by_hand(seed: int, fusion: str) -> None:
    """Ids, scores and both sides' points, whoever asks in whichever role."""
    entries, partners = Draw(100 + seed).entries(150), 0
    by_id, candidates = [as_told(each) for each in entries], [each.candidate for each in entries]
    for asking, one in list(zip(candidates, by_id, strict=True))[:12]:
        for role in ("visitor", "host"):
            expected = by_hand.ranked(one, role, by_id, TODAY, WEIGHTS, fusion)
            assert ranked(asking, role, candidates, fusion=fusion) == expected
            partners += len(expected)
    assert partners > 30


@pytest.mark.slow
@pytest.mark.parametrize("fusion", FUSIONS)
def test_the_index_finds_what_one_would_find_by_hand(fusion: str) -> None:
    """Its numbers, marks and bounds are of no account."""
    entries = Draw(77).entries(400)
    index, by_id = filled(entries), [as_told(each) for each in entries]
    for entry, one in list(zip(entries, by_id, strict=True))[:12]:
        for role in ("visitor", "host"):
            found = index.ranked.best(entry.candidate, role, TODAY, 30, WEIGHTS, fusion)
            expected = by_hand.ranked(one, role, by_id, TODAY, WEIGHTS, fusion)
            assert (told(index, found), found.possible) == (expected[:30], len(expected))
