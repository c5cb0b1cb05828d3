"""Weights that a participant moves, what its profile leaves open, and leaving the ranking, on a real database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from chassis.bare.refusals import IfMatchRequired, InvalidFields, RoleRequired, StaleVersion
from contracts.matching import AddMatchingFigure, ChangeRankingChoice, ListCatalogue, RankingChoice, ReadRankingChoice
from contracts.matching.catalogue import CRITERIA
from contracts.matching.refusals import NotAcceptedYet, NotRanked, ParticipationNotFound
from contracts.registry.events import ParticipationPaused
from services.matching.model import ShownList
from services.matching.ranking import WEIGHTS
from services.matching.ranking.order import geometric_mean, harmonic_mean
from tests.builders import administrator, contact_point, representative, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile, visitor_profile
from tests.matching.test_room_lists import matches

ONLY = {name: [f"{each}:{1000 if each == name else 0}" for each in CRITERIA] for name in CRITERIA}
"""For each criterion the weights by which nothing else counts."""


def choice(matching: MatchingRoom, who: Any = None, name: str = "visitor") -> dict[str, Any]:
    """What a participation has chosen."""
    return matching.room.ask(ReadRankingChoice, who or visitor_person(), participation_id=an_id(f"{name} participation"))


def choose(
    matching: MatchingRoom,
    weights: dict[str, int] | None = None,
    *,
    who: Any = None,
    name: str = "visitor",
    ranked: bool = True,
    version: int | None = None,
) -> dict[str, Any]:
    """Choose anew, by the version that is there unless another is named."""
    who = who or visitor_person()
    chosen = [{"criterion": each, "weight": weight} for each, weight in (weights or {}).items()]
    seen = version or choice(matching, who, name)["version"]
    asked = {"participation_id": an_id(f"{name} participation"), "weights": chosen, "ranked": ranked}
    return matching.room.ask(ChangeRankingChoice, who, if_match=seen, **asked)


def order(matching: MatchingRoom, **asked: Any) -> list[str]:
    """Whom the visitor's list shows, in order."""
    return [each["profile"]["legal_name"].removeprefix("Organisation ") for each in matches(matching, **asked)["items"]]


def two_hosts(matching: MatchingRoom) -> None:
    """One teaches what the visitor wants to learn, the other shares its topics."""
    blank: dict[str, Any] = {"technologies": [], "nace": [], "topics": ["something else"]}
    matching.accept(host_profile("teacher", **blank, can_teach=["robot welding"]))
    matching.accept(host_profile("topical", **blank | {"topics": visitor_profile()["topics"]}, can_teach=["wool dyeing"]))


def test_weights_tried_change_the_list_and_nothing_else(matching: MatchingRoom) -> None:
    """By learning alone the one comes before the other, by topics alone the other way; the next list is as before."""
    two_hosts(matching)
    before = matches(matching)
    by_learning, by_topics = order(matching, weights=ONLY["learning"]), order(matching, weights=ONLY["topics"])
    assert by_learning.index("teacher") < by_learning.index("topical")
    assert by_topics.index("topical") < by_topics.index("teacher")
    assert matches(matching) == before
    assert {each["criterion"]: each["weight"] for each in before["weights"]} == WEIGHTS


def test_weights_tried_are_made_to_a_thousand(matching: MatchingRoom) -> None:
    """Those not named keep theirs, and the bars say how much each counts."""
    found = matches(matching, weights=["learning:1000"])
    parts = {each["criterion"]: each["of"] for each in found["items"][0]["reasons"]["visitor"]}
    assert parts == {each["criterion"]: each["weight"] for each in found["weights"]}
    assert sum(parts.values()) == 1000
    assert parts["learning"] > 5 * parts["ecosystems"]


def test_weights_tried_stand_beside_those_that_are_saved_as_they_were_moved(matching: MatchingRoom) -> None:
    """Two saved as 3 and 1 with a third tried as 4 are 375, 125 and 500 of 1000: what was scaled is not mixed with what is not."""
    choose(matching, {"topics": 3, "size": 1})
    found = matches(matching, weights=["learning:4"])
    assert {each["criterion"]: each["weight"] for each in found["weights"] if each["weight"]} == {
        "learning": 500,
        "topics": 375,
        "size": 125,
    }


def test_a_list_by_weights_that_are_only_tried_is_not_logged(matching: MatchingRoom) -> None:
    """What was shown is learnt from as shown with the own weights."""
    matches(matching, weights=ONLY["topics"])
    with matching.room.unit() as unit:
        assert unit.session.scalars(select(ShownList)).all() == []
    matches(matching)
    with matching.room.unit() as unit:
        assert unit.session.scalars(select(ShownList)).one().weights is None


def test_the_other_side_goes_by_its_own_weights(matching: MatchingRoom) -> None:
    """What the visitor tries leaves the host's direction alone; what the host saved is in the visitor's list."""
    before = matches(matching)["items"][0]
    tried = matches(matching, weights=ONLY["size"])["items"][0]
    assert (tried["host_score"], tried["reasons"]["host"]) == (before["host_score"], before["reasons"]["host"])
    saved = choose(matching, {"learning": 2, "size": 2}, who=host_person(), name="host")
    after = matches(matching, at_least=saved["data_version"])["items"][0]
    assert {each["criterion"]: each["of"] for each in after["reasons"]["host"] if each["of"]} == {"learning": 500, "size": 500}
    assert after["reasons"]["visitor"] == before["reasons"]["visitor"]


@pytest.mark.parametrize(
    "weights", [["fame:10"], ["learning:1001"], ["learning:-1"], ["learning"], ["learning:1", "learning:2"], [f"{c}:0" for c in CRITERIA]]
)
def test_weights_that_mean_nothing_are_refused(matching: MatchingRoom, weights: list[str]) -> None:
    """Unknown criteria, wrong numbers, twice the same, nothing at all."""
    with pytest.raises(InvalidFields) as refused:
        matches(matching, weights=weights)
    assert list(refused.value.details["fields"]) == ["weights"]


def test_weights_saved_count_until_they_are_given_up(matching: MatchingRoom) -> None:
    """Saved as they were chosen, counted as a change that lists depend on, announced without the weights; an empty list goes back."""
    two_hosts(matching)
    before = choice(matching)
    assert (before["moved"], before["weights"]) == (False, before["day_weights"])
    saved = choose(matching, {"topics": 3, "size": 1})
    assert (saved["moved"], saved["version"], saved["data_version"]) == (True, before["version"] + 1, before["data_version"] + 1)
    assert {each["criterion"]: each["weight"] for each in saved["weights"] if each["weight"]} == {"topics": 3, "size": 1}
    found = matches(matching, at_least=saved["data_version"])
    assert {each["criterion"]: each["weight"] for each in found["weights"] if each["weight"]} == {"topics": 750, "size": 250}
    assert matching.room.facts("ranking_chosen")[-1].data["moved"] is True
    with matching.room.unit() as unit:
        assert unit.session.scalars(select(ShownList)).one().weights == {"topics": 750, "size": 250} | dict.fromkeys(
            set(WEIGHTS) - {"topics", "size"}, 0
        )
    assert choose(matching)["moved"] is False
    assert {each["criterion"]: each["weight"] for each in matches(matching)["weights"]} == WEIGHTS


@pytest.mark.parametrize("weights", [{"fame": 1}, {"learning": 1001}, {"learning": 0, "topics": 0}])
def test_a_choice_that_means_nothing_is_refused(matching: MatchingRoom, weights: dict[str, int]) -> None:
    """Nothing is saved."""
    with pytest.raises(InvalidFields):
        choose(matching, weights)
    assert choice(matching)["moved"] is False


def test_a_choice_is_changed_by_the_version_seen(matching: MatchingRoom) -> None:
    """Two of one organisation do not overwrite each other."""
    choose(matching, {"learning": 1})
    with pytest.raises(StaleVersion):
        choose(matching, {"topics": 1}, version=1)
    asked = {"participation_id": an_id("visitor participation"), "weights": [], "ranked": True}
    with pytest.raises(IfMatchRequired):
        matching.room.ask(ChangeRankingChoice, visitor_person(), **asked)


def test_administrators_choose_the_mean_by_which_both_sides_become_one(matching: MatchingRoom) -> None:
    """The harmonic one until then; lists and the catalogue's matches go by the geometric one from the figure's day on, in a new data version."""
    two_hosts(matching)
    seen = []
    for mean in (harmonic_mean, geometric_mean):
        listed = matches(matching)
        assert all(each["score"] == mean(each["visitor_score"], each["host_score"]) for each in listed["items"])
        assert len(listed["items"]) == 3
        mine = {"for_participation_id": an_id("visitor participation"), "as": "visitor", "sort": "match"}
        found = matching.room.ask(ListCatalogue, visitor_person(), **mine)["items"]
        by_id = {each["profile"]["participation_id"]: each["score"] for each in listed["items"]}
        assert [each["match"]["score"] for each in found[:3]] == sorted(by_id.values(), reverse=True)
        seen.append((listed["data_version"], sorted(by_id.values())))
        if mean is harmonic_mean:
            figure = {"name": "geometric_fusion", "value": 1, "valid_from": matching.room.clock.now().date(), "source": "a decision"}
            matching.room.ask(AddMatchingFigure, administrator(), **figure)
    (before, harmonic), (after, geometric) = seen
    assert after > before and geometric > harmonic


def test_a_choice_is_the_organisations_own(matching: MatchingRoom) -> None:
    """Others do not find it, drafts have none, offices do not ask."""
    with pytest.raises(ParticipationNotFound):
        choice(matching, host_person())
    with pytest.raises(ParticipationNotFound):
        choose(matching, {"learning": 1}, who=host_person(), version=1)
    with pytest.raises(NotAcceptedYet):
        choice(matching, representative(an_id("draft organisation")), "draft")
    for who in (contact_point(an_id("visitor partnership")), support_officer()):
        with pytest.raises(RoleRequired):
            choice(matching, who)


def test_who_leaves_the_ranking_is_in_the_catalogue_only(matching: MatchingRoom) -> None:
    """No list of its own, on nobody's; found in the catalogue as before, and back in the ranking when it says so."""
    left = choose(matching, ranked=False)
    with pytest.raises(NotRanked):
        matches(matching, at_least=left["data_version"])
    assert matches(matching, host_person(), "host", "host")["items"] == []
    catalogue = matching.room.ask(ListCatalogue, host_person())["items"]
    assert "Organisation visitor" in [each["profile"]["legal_name"] for each in catalogue]
    assert matching.room.facts("ranking_chosen")[-1].data["ranked"] is False
    choose(matching, ranked=True)
    assert len(matches(matching)["items"]) == 1 and len(matches(matching, host_person(), "host", "host")["items"]) == 1


def in_catalogue(matching: MatchingRoom, name: str, role: str) -> dict[str, Any]:
    """What the catalogue, in the order of match, shows of everybody else's match with one, by name."""
    who = visitor_person() if name == "visitor" else host_person()
    asked = {"for_participation_id": an_id(f"{name} participation"), "as": role, "sort": "match"}
    return {each["profile"]["legal_name"]: each["match"] for each in matching.room.ask(ListCatalogue, who, **asked)["items"]}


def test_the_catalogue_matches_by_the_weights_of_the_ranked_list(matching: MatchingRoom) -> None:
    """With those of the day, and with those that were moved."""
    two_hosts(matching)
    for weights in ({}, {"learning": 5, "size": 1}):
        choose(matching, weights)
        listed = {each["profile"]["legal_name"]: each["score"] for each in matches(matching)["items"]}
        assert listed == {name: match["score"] for name, match in in_catalogue(matching, "visitor", "visitor").items() if match}


def test_who_leaves_the_ranking_is_matched_in_no_catalogue_either(matching: MatchingRoom) -> None:
    """Neither in its own, which is then by name, nor in those of others."""
    assert in_catalogue(matching, "visitor", "visitor")["Organisation host"]
    assert in_catalogue(matching, "host", "host")["Organisation visitor"]
    choose(matching, ranked=False)
    assert in_catalogue(matching, "visitor", "visitor") == {"Organisation host": None, "Organisation visitor": None}
    assert in_catalogue(matching, "host", "host")["Organisation visitor"] is None


def test_who_left_the_ranking_may_still_ask_and_be_asked(matching: MatchingRoom) -> None:
    """Being asked through the catalogue is no profiling."""
    choose(matching, ranked=False)
    assert matching.request()["state"] == "pending"


def test_the_choice_outlives_a_pause_and_a_new_profile(matching: MatchingRoom) -> None:
    """It is chosen while the participation is paused, too."""
    ids = {name: an_id(f"visitor {name.removesuffix('_id')}") for name in ("participation_id", "organisation_id", "partnership_id")}
    paused = ParticipationPaused.read(ParticipationPaused.example) | ids
    matching.room.hear(ParticipationPaused.of(an_id("visitor participation"), **paused), subject_version=2)
    choose(matching, {"topics": 1}, ranked=False)
    matching.change(visitor_profile(town="Vigo"), 2)
    assert (choice(matching)["ranked"], choice(matching)["moved"]) == (False, True)


def test_every_field_promised_of_a_choice_is_there(matching: MatchingRoom) -> None:
    """Nothing promised is left out."""
    assert set(choice(matching)) == set(RankingChoice._declared_fields)


def test_what_the_own_profile_leaves_open_is_told_with_its_worth(matching: MatchingRoom) -> None:
    """Nothing while all is filled in; then the dearest first, by the own weights for oneself and those of the day for partners."""
    full = visitor_profile(technologies=["robots"], topics=["ports"])
    matching.change(full, 2)
    assert matches(matching)["missing"] == []
    bare = {"want_to_learn": [], "can_teach": [], "topics": []}
    matching.change({**full, **bare}, 3)
    found = {each["field"]: each for each in matches(matching)["missing"]}
    assert list(found) == ["can_teach", "want_to_learn", "topics"]
    assert found["want_to_learn"] == {
        "step": "offer", "field": "want_to_learn", "criteria": ["learning"], "own_points": 180, "partner_points": 0,
    }  # fmt: skip
    assert (found["can_teach"]["own_points"], found["can_teach"]["partner_points"]) == (0, 180)
    assert (found["topics"]["own_points"], found["topics"]["partner_points"]) == (80, 80)
    assert matches(matching, weights=ONLY["topics"])["missing"][0]["field"] == "topics"


def test_what_is_filled_in_is_known_afterwards(matching: MatchingRoom) -> None:
    """The criterion that was said to be unknown for it is known once the field says something."""
    matching.change(visitor_profile(topics=[]), 2)
    (open_one,) = [each for each in matches(matching)["missing"] if each["field"] == "topics"]
    assert open_one["criteria"] == ["topics"]
    known = lambda: next(  # noqa: E731
        each["known"] for each in matches(matching)["items"][0]["reasons"]["visitor"] if each["criterion"] == "topics"
    )
    assert not known()
    matching.change(visitor_profile(topics=["port logistics"]), 3)
    assert known()
    assert "topics" not in [each["field"] for each in matches(matching)["missing"]]
