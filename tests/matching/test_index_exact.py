"""The index finds exactly what the plain ranking finds over all pairs: ids, scores, both directions, and how many are possible."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.matching.index.chunks import CHUNK
from services.matching.ranking import WEIGHTS, Candidate
from services.matching.ranking.order import GEOMETRIC, HARMONIC
from tests.matching.profiles import TODAY
from tests.matching.reference import Draw, filled, ranked, told

# What it looks at is compiled first, which takes longer than all else in `make check`.
pytestmark = pytest.mark.slow

ROLES = ("visitor", "host")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fusion", [HARMONIC, GEOMETRIC])
def test_ids_and_scores_are_those_of_the_plain_ranking(seed: int, fusion: str) -> None:
    """Whoever asks, in either role: the first twenty and all of them, by bounds and by the plain scan."""
    draw = Draw(seed)
    entries = draw.entries(500)
    index, candidates = filled(entries), [each.candidate for each in entries]
    lists = 0
    for asking in candidates[:25]:
        for role in ROLES:
            expected = ranked(asking, role, candidates, fusion=fusion)
            lists += len(expected) > 20
            for most in (20, 400):
                found = index.ranked.best(asking, role, TODAY, most, WEIGHTS, fusion)
                scanned = index.ranked.best(asking, role, TODAY, most, WEIGHTS, fusion, every=True)
                assert told(index, found) == told(index, scanned) == expected[:most]
                assert found.possible == scanned.possible == len(expected)
    assert lists > 5


@pytest.mark.parametrize("size", [1, 2, 21, CHUNK - 1, CHUNK + 1, 5 * CHUNK])
def test_they_are_so_at_every_size(size: int) -> None:
    """Nearly nobody, chunks that are not quite full or hold one more, and several of them: what is looked at later is bounded by what came before."""
    draw = Draw(size)
    entries = [draw.entry(f"{number}", roles=["visitor", "host"]) for number in range(size)]
    index, candidates = filled(entries), [each.candidate for each in entries]
    found = 0
    for asking in candidates[: 4 if size > CHUNK else 10]:
        for role in ROLES:
            expected = ranked(asking, role, candidates)
            found += len(expected)
            best, scanned = (index.ranked.best(asking, role, TODAY, 20, every=every) for every in (False, True))
            assert told(index, best) == told(index, scanned) == expected[:20]
            assert best.possible == scanned.possible == len(expected)
    assert found > size // 4 or size < 21


@pytest.mark.parametrize("seed", range(3))
def test_whoever_is_in_contact_is_left_out_and_not_counted(seed: int) -> None:
    """The ids that the plain ranking avoids, given as slots."""
    draw = Draw(seed)
    entries = draw.entries(200)
    index, candidates = filled(entries), [each.candidate for each in entries]
    for asking in candidates[:30]:
        for role in ROLES:
            first = [each for each, *_ in ranked(asking, role, candidates)][:3]
            others = draw.random.sample([each.participation_id for each in candidates], 3)
            avoiding = replace(asking, avoids=frozenset([*first, *others]))
            found = index.ranked.best(avoiding, role, TODAY, 20, without=index.slots_of([*first, *others]))
            expected = ranked(avoiding, role, candidates)
            assert told(index, found) == expected[:20]
            assert found.possible == len(expected)


def test_bounds_spare_most_of_the_exact_scores() -> None:
    """Otherwise nothing would be won by them."""
    entries = Draw(1).entries(3000)
    index = filled(entries)
    hosts: list[Candidate] = [each.candidate for each in entries if "visitor" in each.candidate.roles][:20]
    found = [index.ranked.best(each, "visitor", TODAY, 20) for each in hosts]
    assert sum(each.scored for each in found) < 0.5 * sum(each.possible for each in found)
