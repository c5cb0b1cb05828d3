"""The demonstration's plot, before anything of it is loaded: who is in it, who meets whom, and that no state was forgotten."""

from __future__ import annotations

from collections import Counter

import pytest

from contracts.registry import OrganisationStep
from contracts.words import ORGANISATION_TYPES
from deploy.local.demonstration.checking import ASIDE, OUT_OF_REACH, WHERE_KEPT, Found, lifecycles
from deploy.local.demonstration.desks import ROUNDS
from deploy.local.demonstration.exchanges import AHEAD, OVER, RUNNING
from deploy.local.demonstration.pairs import pairs
from deploy.local.demonstration.scheme import EARLY_FATES, LATE_FATES, organisations
from deploy.local.installation import SERVICES
from deploy.local.people.partnerships import for_demonstration
from deploy.local.people.profiles import places, words
from services.registry.model.eligibility import is_profile
from services.registry.reference_data import PILOT, UNION, cluster_page_hosts
from services.registry.towns import find_town


def test_the_scheme_is_about_two_hundred_organisations_of_every_type_from_every_eligible_country() -> None:
    """And all fifteen partnerships have members."""
    everybody = organisations()
    assert len(everybody) == 200
    assert {each.profile.organisation_type for each in everybody} == set(ORGANISATION_TYPES)
    assert {each.profile.country for each in everybody} == set(f"{UNION} {PILOT}".split())
    assert len({each.acronym for each in everybody}) == len(for_demonstration()) == 15


def test_every_organisation_has_a_name_and_an_address_of_its_own() -> None:
    """Likely duplicates would be flagged."""
    slugs = Counter(each.profile.slug for each in organisations())
    assert [slug for slug, count in slugs.items() if count > 1] == []


def test_every_organisation_answers_as_the_form_asks() -> None:
    """Each has a number of its own, a VAT number where the Union has them, and a cluster's page on the platform if it is in one."""
    answers = [each.profile.answers(None, ("2027-03-01", "2027-05-31"), []) for each in organisations()]
    steps = [OrganisationStep.read(each["organisation"]) for each in answers]
    assert len({step["registration_number"] for step in steps}) == len(steps)
    assert {step["country"] for step in steps if step["number_kind"] == "vat"} == set(UNION.split())
    hosts = [row["code"] for row in cluster_page_hosts()]
    assert all(is_profile(step["cluster_page"], hosts) for step in steps if step["cluster_member"])


def test_every_fate_is_somebodys() -> None:
    """So that each state of a registration is reached."""
    met = Counter(each.fate for each in organisations())
    assert {fate: met[fate] for fate in EARLY_FATES | LATE_FATES} == EARLY_FATES | LATE_FATES
    assert met["accepted"] > 150
    assert met["expired"] == 2


@pytest.mark.parametrize("country", sorted(words("countries")))
def test_every_town_is_known_to_the_system(country: str) -> None:
    """Nobody has to give a latitude by hand."""
    assert [place.town for place in places(country) if find_town(country, place.town) is None] == []


def test_there_are_pairs_for_all_stories_each_across_a_border() -> None:
    """Every visitor travels once; no host has more guests than places; some pairs belong to one partnership."""
    dealt = list(pairs(organisations()))
    assert len(dealt) > sum(sum(each.values()) for each in (OVER, RUNNING, AHEAD)) + 30
    assert all(each.visitor.profile.country != each.host.profile.country for each in dealt)
    assert len({each.visitor.name for each in dealt}) == len(dealt)
    assert max(Counter(each.host.name for each in dealt).values()) <= 3
    assert any(each.visitor.acronym == each.host.acronym for each in dealt)


def test_rounds_are_those_of_partnerships_that_exist() -> None:
    """A name that nobody has would end the load."""
    assert set(ROUNDS) <= {each["acronym"] for each in for_demonstration()}


@pytest.mark.parametrize("service", SERVICES)
def test_the_check_knows_where_every_lifecycle_keeps_its_state(service: str) -> None:
    """A new lifecycle has to be looked at, too."""
    assert [each.subject for each in lifecycles(service) if (service, each.subject) not in WHERE_KEPT] == []


def test_the_check_excuses_only_states_that_exist() -> None:
    """An excuse for a state that was renamed would hide another one."""
    known = {(service, each.subject, state) for service in SERVICES for each in lifecycles(service) for state in each.states}
    assert set(OUT_OF_REACH) <= known


def test_the_check_misses_a_state_that_nobody_is_in() -> None:
    """Unless it is excused."""
    assert Found("registry", "registration", "expired", 0).is_missing
    assert not Found("registry", "registration", "expired", 1).is_missing
    assert not Found("matching", "match", "refused", 0).is_missing


def test_the_check_looks_for_every_story_that_ends_beside_the_states() -> None:
    """An outcome that is no state of exchange or payment is counted by a look of its own; one that neither has is nowhere seen."""
    states = {state for service in ("agreements", "payments") for each in lifecycles(service) for state in each.states}
    beside = set(OVER) | set(RUNNING) | set(AHEAD) - {"amended"}
    assert beside - states == {what for _, _, what in ASIDE} == {"shortened"}
    assert all(Found(*each, 0).is_missing for each in ASIDE)
