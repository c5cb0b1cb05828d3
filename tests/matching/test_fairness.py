"""What holds of the order for exposure and of its cost, against the slow, obvious way; and that silent hosts stand last, exactly."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from services.matching.evaluation.measures import gini as exact_gini
from services.matching.queries.best import look
from services.matching.ranking import WEIGHTS
from services.matching.ranking.fairness import SETTINGS, WAYS, choose, considered, counting, gini, week_of
from services.matching.ranking.order import FUSIONS
from tests.matching.profiles import TODAY
from tests.matching.reference import Draw, filled, ranked

SEEDS = range(20)
each_setting = pytest.mark.parametrize("setting", SETTINGS)
in_the_index = pytest.mark.slow
"""Compiling what the index is asked takes longer than all else in `make check`."""


def scores(draw: random.Random, count: int) -> list[tuple[int, int]]:
    """Somebody's partners in the order of score, ties by id."""
    drawn = [(number, draw.choice((0, 1, 500, 500, 501, draw.randint(0, 1000)))) for number in range(count)]
    return sorted(drawn, key=lambda each: (-each[1], each[0]))


def exposures(draw: random.Random, count: int) -> dict[int, int]:
    """How often some of them were shown: most hardly, a few very often."""
    return {number: draw.choice((1, 1, 2, 5, 100)) for number in draw.sample(range(count), draw.randint(0, count))}


def cases(count: int = 260) -> Any:
    """Partners, some of whom come last, exposure and what is usual, and how many are shown."""
    for seed in SEEDS:
        draw = random.Random(seed)
        found = scores(draw, draw.randint(0, count))
        silent = set(draw.sample([each for each, _ in found], min(len(found), draw.randint(0, 5))))
        best, last = [each for each in found if each[0] not in silent], [each for each in found if each[0] in silent]
        yield best, last, exposures(draw, len(found)), draw.randint(1, 30), draw.randint(1, 100)


def obvious(best: Any, last: Any, exposure: Any, usual: int, setting: str, limit: int) -> list[tuple[int, int]]:
    """Pick one after the other whoever counts most among those considered, the better score and then the smaller id first."""
    most = {"off": 0, "gentle": 50, "strong": 150}[setting]
    considered = best[: max(limit, {"off": 0, "gentle": 100, "strong": 200}[setting])]
    left, picked = list(considered), []
    while left:
        count = lambda each: each[1] * (1000 - most * exposure.get(each[0], 0) // (exposure.get(each[0], 0) + usual)) // 1000  # noqa: E731
        left.sort(key=lambda each: (-count(each), -each[1], each[0]))
        picked.append(left.pop(0))
    return [*picked, *last][:limit]


@each_setting
def test_who_is_shown_is_exactly_whom_the_obvious_way_finds(setting: str) -> None:
    """Ids, scores and order, for every setting."""
    for best, last, exposure, usual, limit in cases():
        chosen = choose(best[: considered(setting, limit)], last, exposure, usual, setting, limit)
        assert chosen.shown == obvious(best, last, exposure, usual, setting, limit)


def test_off_is_the_order_of_scores() -> None:
    """Whatever was shown before, and for nothing."""
    for best, last, exposure, usual, limit in cases():
        chosen = choose(best, last, exposure, usual, "off", limit)
        assert chosen.shown == [*best, *last][:limit]
        assert (chosen.given_up, chosen.by_score) == (0, list(range(1, len(chosen.shown) + 1)))


@each_setting
def test_the_cost_told_is_the_score_lost(setting: str) -> None:
    """The scores shown against those of the best as many; never a gain, and never more than the setting allows of each place."""
    for best, last, exposure, usual, limit in cases():
        chosen = choose(best[: considered(setting, limit)], last, exposure, usual, setting, limit)
        pure = choose(best, last, exposure, usual, "off", limit)
        of = lambda each: sum(score for _, score in each.shown)  # noqa: E731
        assert chosen.best_total == of(pure) and chosen.given_up == of(pure) - of(chosen)
        assert 0 <= chosen.given_up <= of(pure) * WAYS[setting].most // 1000 + len(chosen.shown)


@each_setting
def test_a_longer_list_begins_as_a_shorter_one(setting: str) -> None:
    """Whoever asks for more sees the same at the top."""
    for best, last, exposure, usual, limit in cases():
        shorter = choose(best[: considered(setting, limit)], last, exposure, usual, setting, limit)
        longer = choose(best[: considered(setting, 100)], last, exposure, usual, setting, 100)
        assert longer.shown[: len(shorter.shown)] == shorter.shown


@each_setting
def test_to_be_shown_more_brings_nobody_up(setting: str) -> None:
    """Of one score, whoever was shown less counts at least as much; nobody counts more than the score, or less than the setting leaves."""
    draw = random.Random(1)
    for _ in range(500):
        score, usual, shown = draw.randint(0, 1000), draw.randint(1, 50), sorted(draw.sample(range(1000), 2))
        less, more = (counting(score, each, usual, setting) for each in shown)
        assert score >= less >= more >= score * (1000 - WAYS[setting].most) // 1000


def test_nobody_shown_before_means_the_order_of_scores() -> None:
    """Before the first count every setting is the same."""
    for best, last, _, usual, limit in cases():
        assert len({tuple(choose(best, last, {}, usual, each, limit).shown) for each in SETTINGS}) == 1


def test_a_stronger_setting_spreads_exposure_more() -> None:
    """Many who all find the same few best: simulated day by day, with the exposure of the days before."""
    spread = {}
    for setting in SETTINGS:
        draw, shown = random.Random(3), dict.fromkeys(range(150), 0)
        likes = {host: draw.randint(560, 640) for host in shown}
        for _ in range(8):
            seen = {host: times for host, times in shown.items() if times}
            usual = max(1, sum(seen.values()) // max(1, len(seen)))
            for _ in range(40):
                found = sorted(((host, score + draw.randint(-5, 5)) for host, score in likes.items()), key=lambda each: (-each[1], each[0]))
                for host, _ in choose(found[: considered(setting, 10)], [], seen, usual, setting, 10).shown:
                    shown[host] += 1
        spread[setting] = gini(list(shown.values()))
    assert spread["strong"] < spread["gentle"] < spread["off"]


def test_the_gini_of_thousandths_is_the_exact_one_rounded_down() -> None:
    """Beside the one with a fraction that orders are evaluated by."""
    draw = random.Random(2)
    for _ in range(200):
        counts = [draw.choice((0, 1, 3, 40)) for _ in range(draw.randint(1, 60))]
        assert 0 <= 1000 * exact_gini(counts) - gini(counts) < 1.0001
    assert (gini([]), gini([0, 0]), gini([2, 2]), gini([0, 0, 0, 4])) == (0, 0, 0, 750)


def test_weeks_begin_on_mondays() -> None:
    """Sunday belongs to the week before."""
    days = [date(2027, 2, 28), date(2027, 3, 1), date(2027, 3, 7), date(2027, 3, 8)]
    assert [week_of(each).isoformat() for each in days] == ["2027-02-22", "2027-03-01", "2027-03-01", "2027-03-08"]


@in_the_index
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fusion", FUSIONS)
def test_silent_hosts_stand_behind_all_others_and_are_counted_all_the_same(seed: int, fusion: str) -> None:
    """Out of the index, against the plain ranking of everybody: those who answer, then the others, each in the order of scores."""
    draw = Draw(seed)
    entries = draw.entries(250)
    index, candidates = filled(entries), [each.candidate for each in entries]
    fell_last = 0
    for asking in candidates[:40]:
        everybody = ranked(asking, "visitor", candidates, fusion=fusion)
        silent = frozenset(draw.random.sample([each.participation_id for each in candidates], draw.random.choice((0, 20, 150, 250))))
        ways = {"role": "visitor", "on": TODAY, "weights": WEIGHTS, "fusion": fusion}
        for limit, most in ((20, 20), (20, 100), (100, 100)):
            found = look(index, asking, silent, limit, most, ways)
            answering = [(each, score) for each, score, *_ in everybody if each not in silent]
            others = [(each, score) for each, score, *_ in everybody if each in silent]
            assert (found.best, found.possible) == (answering[:most], len(everybody))
            assert found.last == others[: max(0, limit - len(answering))]
            fell_last += bool(found.last)
    assert fell_last > 5


@in_the_index
def test_who_is_not_looked_for_is_possible_all_the_same() -> None:
    """By bounds and by the plain scan; whoever is both is not possible."""
    entries = Draw(5).entries(150)
    index, candidates = filled(entries), [each.candidate for each in entries]
    for asking in candidates[:30]:
        everybody = [each for each, *_ in ranked(asking, "visitor", candidates)]
        without, besides = index.slots_of(everybody[:2]), index.slots_of(everybody[1:4])
        for every in (False, True):
            found = index.ranked.best(asking, "visitor", TODAY, 150, without=without, besides=besides, every=every)
            assert [index.slots.id_at(slot) for slot in found.rows[:, 0]] == everybody[4:]
            assert found.possible == max(0, len(everybody) - 2)
