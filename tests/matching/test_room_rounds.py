"""Matching rounds on a real database: begun, reckoned by the worker, shown to both sides, binding nobody."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bare.refusals import MoveNotAllowed, RoleRequired
from contracts.matching import (
    ChangeRankingChoice,
    DiscardRound,
    ListRoundPairs,
    ListRounds,
    ListSuggestions,
    ReadRound,
    RoundView,
    ShowRound,
    StartRound,
)
from contracts.matching.refusals import NotAcceptedYet, ParticipationNotFound, RoleNotTaken, RoundElsewhere, RoundGoing, RoundNotFound
from contracts.matching.rounds import RoundPair, RoundSide, Suggestion
from tests.builders import auditor, contact_point, representative, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile, visitor_profile
from tests.matching.test_room_lists import matches

DESK = an_id("visitor partnership")


def desk() -> Any:
    """The contact point of the usual visitor's partnership."""
    return contact_point(DESK)


def start(matching: MatchingRoom, who: Any = None, partnership_id: Any = DESK) -> dict[str, Any]:
    """Begin a round."""
    return matching.room.ask(StartRound, who or desk(), partnership_id=partnership_id)


def reckoned(matching: MatchingRoom, who: Any = None, partnership_id: Any = DESK) -> dict[str, Any]:
    """A round that the worker has done."""
    started = start(matching, who, partnership_id)
    assert matching.room.run_jobs() == 1
    return matching.room.ask(ReadRound, who or desk(), round_id=started["round_id"])


def moved(matching: MatchingRoom, contract: Any, made: dict[str, Any], who: Any = None) -> dict[str, Any]:
    """A round after a move."""
    return matching.room.ask(contract, who or desk(), round_id=made["round_id"])


def pairs(matching: MatchingRoom, made: dict[str, Any]) -> list[dict[str, Any]]:
    """What a round proposes."""
    return matching.room.page_by_page(ListRoundPairs, desk(), round_id=made["round_id"])


def suggested(matching: MatchingRoom, who: Any = None, name: str = "visitor", role: str = "visitor") -> list[dict[str, Any]]:
    """Who is suggested to a participation."""
    asked: dict[str, Any] = {"participation_id": an_id(f"{name} participation"), "as": role}
    found: list[dict[str, Any]] = matching.room.ask(ListSuggestions, who or visitor_person(), **asked)["items"]
    return found


def two_visitors(matching: MatchingRoom) -> None:
    """Both would like the usual host best, which has one place; another host is there for who gives up least."""
    at_desk = {"partnership_id": str(DESK)}
    matching.change(visitor_profile(**at_desk), 2)
    matching.accept(visitor_profile("second", country="FR", **at_desk))
    matching.accept(host_profile("other", can_teach=["wool dyeing"]))


def test_a_round_assigns_all_visitors_under_capacity(matching: MatchingRoom) -> None:
    """Each visitor one host and no host more than it takes; the scores are those of the lists; what is given up adds up."""
    two_visitors(matching)
    lists = {
        name: {each["profile"]["participation_id"]: each["score"] for each in matches(matching, who, name)["items"]}
        for name, who in (("visitor", visitor_person()), ("second", representative(an_id("second organisation"))))
    }
    made = reckoned(matching)
    assert (made["state"], made["visitors"], made["hosts"], made["pairs"]) == ("proposed", 2, 2, 2)
    assert made["done"] == made["total"] > 0
    found = pairs(matching, made)
    assert len({each["visitor"]["participation_id"] for each in found}) == len({each["host"]["participation_id"] for each in found}) == 2
    for each in found:
        name = "visitor" if each["visitor"]["participation_id"] == str(an_id("visitor participation")) else "second"
        assert each["score"] == lists[name][each["host"]["participation_id"]]
        assert each["visitor"]["first_score"] == max(lists[name].values())
        for side in ("visitor", "host"):
            assert each[side]["gives_up"] == each[side]["first_score"] - each["score"]
    assert made["score_total"] == sum(each["score"] for each in found)
    assert made["first_total"] == sum(each["visitor"]["first_score"] for each in found)
    hosts = [str(an_id(f"{name} participation")) for name in ("host", "other")]
    straight = lists["visitor"][hosts[0]] + lists["second"][hosts[1]]
    crossed = lists["visitor"][hosts[1]] + lists["second"][hosts[0]]
    assert made["score_total"] == max(straight, crossed)


def test_nothing_is_seen_before_it_is_shown_and_nothing_binds(matching: MatchingRoom) -> None:
    """Then each side sees its suggestion, and may ask; who is in contact sees it no more."""
    made = reckoned(matching)
    assert suggested(matching) == suggested(matching, host_person(), "host", "host") == []
    shown = moved(matching, ShowRound, made)
    assert (shown["state"], shown["moves"]) == ("shown", [])
    (mine,), (theirs,) = suggested(matching), suggested(matching, host_person(), "host", "host")
    assert mine["suggestion_id"] == theirs["suggestion_id"]
    assert mine["profile"]["legal_name"] == "Organisation host" and theirs["profile"]["legal_name"] == "Organisation visitor"
    assert matching.room.facts("contact_requested") == []
    matching.request()
    assert suggested(matching) == suggested(matching, host_person(), "host", "host") == []


def test_a_later_round_takes_the_place_of_an_earlier(matching: MatchingRoom) -> None:
    """One suggestion, not two."""
    first = moved(matching, ShowRound, reckoned(matching))
    second = reckoned(matching)
    assert suggested(matching)[0]["round_id"] == first["round_id"]
    moved(matching, ShowRound, second)
    assert [each["round_id"] for each in suggested(matching)] == [second["round_id"]]
    assert matching.room.ask(ReadRound, desk(), round_id=first["round_id"])["state"] == "replaced"
    assert matching.room.facts("round_replaced")[-1].data["round_id"] == first["round_id"]


def test_a_round_discarded_is_not_used(matching: MatchingRoom) -> None:
    """Neither shown later."""
    made = moved(matching, DiscardRound, reckoned(matching))
    assert made["state"] == "discarded"
    with pytest.raises(MoveNotAllowed):
        moved(matching, ShowRound, made)
    assert suggested(matching) == []


def test_one_round_of_the_same_visitors_is_reckoned_at_a_time(matching: MatchingRoom) -> None:
    """The second is refused until the first is ready; it can neither be shown nor discarded before."""
    started = start(matching)
    assert (started["state"], started["moves"]) == ("computing", [])
    with pytest.raises(RoundGoing):
        start(matching)
    for contract in (ShowRound, DiscardRound):
        with pytest.raises(MoveNotAllowed):
            moved(matching, contract, started)
    matching.room.run_jobs()
    assert start(matching)["round_id"] != started["round_id"]


def test_rounds_are_their_partnerships_own(matching: MatchingRoom) -> None:
    """Another contact point neither makes nor sees them; the support office makes those of everybody; others have none."""
    made = reckoned(matching)
    other = contact_point(an_id("host partnership"))
    for wrong in (DESK, None):
        with pytest.raises(RoundElsewhere):
            start(matching, other, wrong)
    for contract in (ReadRound, ListRoundPairs, ShowRound, DiscardRound):
        with pytest.raises(RoundNotFound):
            matching.room.ask(contract, other, round_id=made["round_id"])
    assert matching.room.ask(ListRounds, other)["items"] == []
    assert [each["round_id"] for each in matching.room.ask(ListRounds, desk(), partnership_id=DESK)["items"]] == [made["round_id"]]
    everybodys = reckoned(matching, support_officer(), None)
    assert (everybodys["partnership_id"], everybodys["visitors"]) == (None, 1)
    assert len(matching.room.ask(ListRounds, support_officer())["items"]) == 2
    with pytest.raises(RoundNotFound):
        matching.room.ask(ReadRound, desk(), round_id=everybodys["round_id"])
    for who in (visitor_person(), auditor(), contact_point(DESK, "finance")):
        with pytest.raises(RoleRequired):
            start(matching, who)


def test_who_left_the_ranking_is_in_no_round(matching: MatchingRoom) -> None:
    """Not being profiled means by desks, too."""
    asked = {"participation_id": an_id("visitor participation"), "weights": [], "ranked": False}
    matching.room.ask(ChangeRankingChoice, visitor_person(), if_match=1, **asked)
    made = reckoned(matching)
    assert (made["visitors"], made["pairs"]) == (0, 0)


def test_suggestions_are_ones_own(matching: MatchingRoom) -> None:
    """Of one's own participation, in a role it takes, once it is accepted."""
    with pytest.raises(ParticipationNotFound):
        suggested(matching, host_person())
    with pytest.raises(RoleNotTaken):
        suggested(matching, role="host")
    with pytest.raises(NotAcceptedYet):
        suggested(matching, representative(an_id("draft organisation")), "draft")
    with pytest.raises(RoleRequired):
        suggested(matching, desk())


def test_every_field_promised_of_rounds_is_there(matching: MatchingRoom) -> None:
    """Nothing promised is left out."""
    made = moved(matching, ShowRound, reckoned(matching))
    assert set(made) == set(RoundView._declared_fields)
    (pair,) = pairs(matching, made)
    assert set(pair) == set(RoundPair._declared_fields) and set(pair["host"]) == set(RoundSide._declared_fields)
    assert set(suggested(matching)[0]) == set(Suggestion._declared_fields)
