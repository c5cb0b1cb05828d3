"""What holds of the scores of any two: weights, both sides alike, and reasons that are the true ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from contracts.nace import NACE_DIVISIONS
from services.matching.ranking import WEIGHTS, Candidate, fit
from services.matching.ranking.candidate import Wishes
from services.matching.ranking.order import FUSIONS
from services.matching.ranking.rules import possible
from services.matching.ranking.scores import CRITERIA, SIZES, Score, directed_score
from services.matching.ranking.tokens import tokens
from tests.matching.profiles import TODAY
from tests.matching.reference import Draw, filled

SEEDS = range(4)


def pairs(seed: int, count: int = 150) -> Iterator[tuple[Draw, Candidate, Candidate]]:
    """Any two, a visitor and a host, possible for each other or not."""
    draw = Draw(seed)
    entries = [each.candidate for each in draw.entries(60)]
    for _ in range(count):
        yield (draw, *draw.random.sample(entries, 2))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fusion", FUSIONS)
def test_a_weight_that_is_raised_lowers_no_score(seed: int, fusion: str) -> None:
    """Of one side or of both, all other weights staying as they are: neither the side's points nor the pair's score fall."""
    for draw, visitor, host in pairs(seed):
        criterion, more = draw.random.choice(list(WEIGHTS)), draw.random.randint(1, 200)
        raised = WEIGHTS | {criterion: WEIGHTS[criterion] + more}
        plain = replace(visitor, weights=WEIGHTS), replace(host, weights=WEIGHTS)
        for changed in ((replace(visitor, weights=raised), plain[1]), (plain[0], replace(host, weights=raised))):
            before, after = fit(*plain, "visitor", fusion=fusion), fit(*changed, "visitor", fusion=fusion)
            assert after.score >= before.score
            assert after.visitor.points >= before.visitor.points and after.host.points >= before.host.points


@pytest.mark.parametrize("seed", SEEDS)
def test_who_meets_a_wish_better_gains_from_its_weight(seed: int) -> None:
    """Of two partners the one with the higher level in a criterion loses nothing against the other when its weight is raised.

    But for a point: each criterion's points are rounded down.
    """
    for draw, one, other in pairs(seed):
        third = draw.entry(f"third {draw.random.random()}").candidate
        criterion, more = draw.random.choice(list(WEIGHTS)), draw.random.randint(1, 200)
        raised = WEIGHTS | {criterion: WEIGHTS[criterion] + more}
        levels = [CRITERIA[criterion](one, each, "visitor").level for each in (other, third)]
        first, second = (500 if level is None else level for level in levels)
        better, worse = (other, third) if first >= second else (third, other)
        before, after = (
            directed_score(one, better, "visitor", each).points - directed_score(one, worse, "visitor", each).points
            for each in (WEIGHTS, raised)
        )
        assert after >= before - 1


@pytest.mark.parametrize("seed", SEEDS)
def test_two_who_are_and_wish_alike_serve_each_other_equally(seed: int) -> None:
    """Mirrored in everything that is compared, both directions have the same points, and the pair that score."""
    for _, one, other in pairs(seed, 60):
        wishes = one.wishes["visitor"]
        alike = replace(one, wishes={"visitor": wishes, "host": wishes}, asked=4, answered=3)
        twin = replace(alike, participation_id=other.participation_id, organisation_id=other.organisation_id)
        found = fit(alike, twin, "visitor")
        assert found.visitor.points == found.host.points == found.score


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pair_has_one_score_whoever_looks(seed: int) -> None:
    """As seen by the visitor and as seen by the host."""
    for _, visitor, host in pairs(seed, 60):
        assert fit(visitor, host, "visitor").score == fit(visitor, host, "host").score


def without(values: frozenset[str], value: str) -> frozenset[str]:
    """Something that nobody else has in the place of the value."""
    return values - {value} | {"nothing that anybody has"}


TAKEN_AWAY: dict[str, Callable[[Candidate, str, Candidate], Candidate]] = {
    "ecosystems": lambda other, value, _: replace(other, ecosystems=without(other.ecosystems, value)),
    "topics": lambda other, value, _: replace(other, topics=without(other.topics, value)),
    "technologies": lambda other, value, _: replace(other, technologies=without(other.technologies, value)),
    "activity_types": lambda other, value, _: replace(
        other,
        wishes={
            role: replace(
                wishes, activity_types=without(wishes.activity_types, value) if value in wishes.activity_types else wishes.activity_types
            )
            for role, wishes in other.wishes.items()
        },
    ),
    "countries": lambda other, value, _: replace(other, country="nowhere"),
    "organisation_types": lambda other, value, _: replace(other, organisation_type="none"),
    "languages": lambda other, value, _: replace(
        other, languages={code: 0 if code == value else level for code, level in other.languages.items()}
    ),
    "common_language": lambda other, value, _: replace(
        other, languages={code: 0 if code == value else level for code, level in other.languages.items()}
    ),
    "learning": lambda other, value, _: replace(
        other, can_teach=tuple((text, words - tokens(value) or frozenset({"else"})) for text, words in other.can_teach)
    ),
    "text": lambda other, value, _: replace(other, offered=without(other.offered, value)),
}


@pytest.mark.parametrize("role", ["visitor", "host"])
@pytest.mark.parametrize("criterion", TAKEN_AWAY)
def test_reasons_are_the_true_ones(criterion: str, role: str) -> None:
    """What is named as a reason, taken away from the partner, leaves fewer points or (where another is as good) as many; never more.

    In either direction: for a visitor who looks at a host, and for a host who looks at a visitor.
    """
    lowered = looked = 0
    for seed in range(12):
        for _, one, other in pairs(seed, 80):
            before = directed_score(one, other, role)
            part = next(each for each in before.parts if each.criterion == criterion)
            for value in part.values:
                changed = directed_score(one, TAKEN_AWAY[criterion](other, value, one), role)
                of_it = next(each for each in changed.parts if each.criterion == criterion)
                assert of_it.points <= part.points, (value, part, of_it)
                looked += 1
                lowered += of_it.points < part.points
    assert lowered > 0.5 * looked > 0


def elsewhere(codes: frozenset[str]) -> str:
    """An activity that is near none of these."""
    sections = {NACE_DIVISIONS[code] for code in codes}
    return next(code for code, section in NACE_DIVISIONS.items() if section not in sections)


ALL_TAKEN_AWAY = TAKEN_AWAY | {
    "nace": lambda other, _, one: replace(other, nace=frozenset({elsewhere(one.nace)})),
    "size": lambda other, _, one: replace(other, size="large" if one.size in ("micro", "small") else "micro"),
    "responsiveness": lambda other, _, one: replace(other, answered=0),
}


def taken_away(criterion: str, role: str) -> Callable[[Candidate, str, Candidate], Candidate]:
    """How a reason is taken away from the partner of somebody in that role; a host takes too few, a visitor comes with too many."""
    if criterion == "group_size":
        return lambda other, _, one: replace(other, group_size=0 if role == "visitor" else one.group_size + 1)
    return ALL_TAKEN_AWAY[criterion]


def scored(one: Candidate, other: Candidate, role: str) -> tuple[Score, int]:
    """The points of whoever looks, in that role, and the pair's score."""
    found = fit(*((one, other) if role == "visitor" else (other, one)), role)
    return (found.visitor if role == "visitor" else found.host), found.score


@pytest.mark.parametrize("role", ["visitor", "host"])
@pytest.mark.parametrize("criterion", CRITERIA)
def test_without_all_that_is_named_the_score_is_lower(criterion: str, role: str) -> None:
    """However many are as good as each other: what a reason names is all there is to it, in its side's points and the pair's score."""
    looked = 0
    for seed in range(12):
        for _, one, drawn in pairs(seed, 80):
            # People's own words seldom are the same by chance.
            other = replace(drawn, topics=drawn.topics | one.topics, technologies=drawn.technologies | one.technologies)
            points, score = scored(one, other, role)
            part = next(each for each in points.parts if each.criterion == criterion)
            if not part.known or not part.points or (criterion == "size" and abs(SIZES[one.size] - SIZES[other.size]) > 1):
                continue
            changed = other
            for value in part.met_by:
                changed = taken_away(criterion, role)(changed, value, one)
            fewer, less = scored(one, changed, role)
            assert fewer.points < points.points, part
            assert less <= score
            looked += 1
    assert looked > 20


def test_hard_rules_are_never_broken_by_a_list() -> None:
    """Nobody on any list breaks a rule, seen from either side."""
    entries = Draw(21).entries(250)
    index, by_id = filled(entries), {each.candidate.participation_id: each.candidate for each in entries}
    shown = 0
    for one in list(by_id.values())[:60]:
        for role in ("visitor", "host"):
            for slot, *_ in index.ranked.best(one, role, TODAY, 20).rows.tolist():
                partner = by_id[index.slots.id_at(slot)]
                assert possible(*((one, partner) if role == "visitor" else (partner, one)), TODAY)
                shown += 1
    assert shown > 100


def test_no_wish_is_neutral() -> None:
    """Whoever wishes nothing gives everybody half of the points of its wishes."""
    for _, visitor, host in pairs(3, 30):
        silent = replace(visitor, wishes={"visitor": Wishes(), "host": Wishes()})
        for part in directed_score(silent, host, "visitor").parts:
            if part.criterion in ("countries", "organisation_types", "activity_types", "languages"):
                assert (part.points, part.known) == (WEIGHTS[part.criterion] // 2, False)
