"""NUTS regions: which there are, and what is said of the others."""

from __future__ import annotations

import pytest

from contracts.regions import REGIONS, WITH_REGIONS, region_problem
from deploy.local.people.profiles import places, words
from services.registry.reference_data import OUTERMOST, PILOT, UNION


def test_union_has_as_many_regions_as_the_regulation_counts() -> None:
    """NUTS 2024 has 92 regions of level 1, 244 of level 2 and 1165 of level 3."""
    union = [code for code in REGIONS if code[:2] in UNION.split()]
    assert [sum(len(code) == length for code in union) for length in (3, 4, 5)] == [92, 244, 1165]
    assert set(UNION.split()) <= WITH_REGIONS and set(PILOT.split()) - WITH_REGIONS == {"AM", "MD"}


def test_every_region_lies_in_one_of_the_level_above() -> None:
    """And none is extra-regio."""
    assert all(len(code) == 3 or code[:-1] in REGIONS for code in REGIONS)
    assert not any(code[2] == "Z" for code in REGIONS)


def test_outermost_regions_are_regions() -> None:
    """The rule that decides on the base compares with these codes."""
    assert set(OUTERMOST) <= REGIONS


@pytest.mark.parametrize("country", sorted(words("countries")))
def test_demonstration_lies_in_regions_that_are_there(country: str) -> None:
    """Every town of it, in the smallest region there is."""
    assert [problem for each in places(country) if (problem := region_problem(each.nuts, country))] == []


@pytest.mark.parametrize(
    ("code", "country", "problem"),
    [
        ("ES114", "PT", "another country"),
        ("ES", "ES", "divided further"),
        ("ES11", "ES", "ES111, ES112, ES113, ES114"),
        ("EE007", "EE", "no region EE007"),
        ("ESZZZ", "ES", "no region ESZZZ"),
        ("AM1", "AM", "Write AM alone"),
        ("BA0", "BA", "BA01, BA02, BA03"),
    ],
)
def test_what_is_wrong_with_a_region_is_said_with_what_to_do(code: str, country: str, problem: str) -> None:
    """Elsewhere, too large, of an older edition, nobody's, or where there are none."""
    assert problem in (region_problem(code, country) or "")


@pytest.mark.parametrize(
    ("code", "country"), [("ES114", "ES"), ("FRY10", "FR"), ("BA01", "BA"), ("AM", "AM"), ("UA733", "UA"), ("UKN06", "UK")]
)
def test_smallest_regions_are_taken(code: str, country: str) -> None:
    """Of the level that the country has."""
    assert region_problem(code, country) is None
