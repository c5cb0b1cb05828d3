"""Matching rounds on a real database: begun, reckoned by the worker, shown to both sides, binding nobody."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import event

from chassis.bare.refusals import ConcurrentChange, MoveNotAllowed, RoleRequired
from chassis.running import background
from contracts.matching import (
    AcceptContact,
    BlockOrganisation,
    ChangeRankingChoice,
    ConfirmMatch,
    DiscardRound,
    ListRoundPairs,
    ListRounds,
    ListSuggestions,
    ProposeMatch,
    ReadRound,
    RoundView,
    ShowRound,
    StartRound,
)
from contracts.matching.refusals import NotAcceptedYet, ParticipationNotFound, RoleNotTaken, RoundElsewhere, RoundGoing, RoundNotFound
from contracts.matching.rounds import RoundPair, RoundSide, Suggestion
from services.matching.queries import rounds
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
    assert matching.room.facts("suggestions_shown") == []
    shown = moved(matching, ShowRound, made)
    assert (shown["state"], shown["moves"]) == ("shown", [])
    (mine,), (theirs,) = suggested(matching), suggested(matching, host_person(), "host", "host")
    assert mine["suggestion_id"] == theirs["suggestion_id"]
    assert mine["profile"]["legal_name"] == "Organisation host" and theirs["profile"]["legal_name"] == "Organisation visitor"
    assert matching.room.facts("contact_requested") == []
    matching.request()
    assert suggested(matching) == suggested(matching, host_person(), "host", "host") == []


def test_both_sides_of_every_pair_are_told_once_each(matching: MatchingRoom) -> None:
    """A host with two guests in the round hears it once; by these facts notices and mails are written."""
    two_visitors(matching)
    matching.change(host_profile(capacity=2), 2)
    made = reckoned(matching)
    moved(matching, ShowRound, made)
    matching.room.run_due()
    hosts = {each["host"]["participation_id"] for each in pairs(matching, made)}
    assert hosts == {str(an_id("host participation"))}
    told = [(fact.data["participation_id"], fact.data["role"]) for fact in matching.room.facts("suggestions_shown")]
    expected = [*((str(an_id(f"{name} participation")), "visitor") for name in ("visitor", "second")), (*hosts, "host")]
    assert sorted(told) == sorted(expected)
    for fact in matching.room.facts("suggestions_shown"):
        assert fact.data["round_id"] == made["round_id"]
        assert fact.data["organisation_id"] in {str(an_id(f"{name} organisation")) for name in ("visitor", "second", "host")}


def test_many_are_told_of_their_suggestions_in_portions(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each portion is a unit of its own, so a stop between two loses and repeats nothing; a round replaced meanwhile tells nobody more."""
    monkeypatch.setattr(rounds, "TOLD_AT_ONCE", 1)
    two_visitors(matching)
    made = reckoned(matching)
    moved(matching, ShowRound, made)
    told: list[int] = []
    while background.do_due(matching.room.frame):
        told.append(len(matching.room.facts("suggestions_shown")))
    assert told == [1, 2, 2, 3, 4, 4]
    everybody = {(fact.data["participation_id"], fact.data["role"]) for fact in matching.room.facts("suggestions_shown")}
    sides = [(each[side]["participation_id"], side) for each in pairs(matching, made) for side in ("visitor", "host")]
    assert everybody == set(sides) and len(sides) == 4
    moved(matching, ShowRound, (second := reckoned(matching)))
    assert background.do_due(matching.room.frame)
    moved(matching, ShowRound, (third := reckoned(matching)))
    matching.room.run_due()
    of_round = Counter(fact.data["round_id"] for fact in matching.room.facts("suggestions_shown"))
    assert of_round == {made["round_id"]: 4, second["round_id"]: 1, third["round_id"]: 4}


def test_who_is_blocked_is_looked_up_for_many_visitors_at_once(matching: MatchingRoom) -> None:
    """Each is kept from those with whom its own organisation has a block, and the database is asked no more often for more visitors."""
    at_desk = {"partnership_id": str(DESK)}
    matching.change(visitor_profile(**at_desk), 2)
    statements: list[str] = []
    event.listen(matching.room.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))

    def asked() -> int:
        statements.clear()
        made = reckoned(matching)
        told = {each["visitor"]["participation_id"]: each["host"]["participation_id"] for each in pairs(matching, made)}
        assert told == expected
        return sum("FROM block" in each for each in statements)

    ids = {name: str(an_id(f"{name} participation")) for name in ("visitor", "second", "third", "host", "other")}
    expected = {ids["visitor"]: ids["host"]}
    of_one = asked()
    for name in ("second", "third"):
        matching.accept(visitor_profile(name, **at_desk))
    matching.accept(host_profile("other", can_teach=["wool dyeing"]))
    for name, blocked in (("visitor", "host"), ("second", "other"), ("third", "host"), ("third", "other")):
        two = {"participation_id": ids[name], "partner_participation_id": ids[blocked]}
        matching.room.ask(BlockOrganisation, representative(an_id(f"{name} organisation")), **two)
    expected = {ids["visitor"]: ids["other"], ids["second"]: ids["host"]}
    assert asked() == of_one > 0


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
    """The second is refused until the first is ready; it can be discarded before, but not shown."""
    started = start(matching)
    assert (started["state"], started["moves"]) == ("computing", ["discard_round"])
    with pytest.raises(RoundGoing):
        start(matching)
    with pytest.raises(MoveNotAllowed):
        moved(matching, ShowRound, started)
    matching.room.run_jobs()
    assert start(matching)["round_id"] != started["round_id"]


def test_a_round_that_is_not_reckoned_can_be_discarded(matching: MatchingRoom) -> None:
    """As after a job that failed for good: the next one begins, and the job of the first finds nothing to do."""
    first = moved(matching, DiscardRound, start(matching))
    second = start(matching)
    assert matching.room.run_jobs() == 2
    assert [(each["state"], each["pairs"]) for each in (moved(matching, ReadRound, of) for of in (first, second))] == [
        ("discarded", 0),
        ("proposed", 1),
    ]
    assert pairs(matching, first) == [] and len(matching.room.facts("round_proposed")) == 1


def test_a_round_discarded_while_it_is_reckoned_stays_so(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job looks once more before it writes."""
    started, places = start(matching), rounds.places

    def meanwhile(unit: Any, hosts: Any) -> dict[Any, int]:
        moved(matching, DiscardRound, started)
        return places(unit, hosts)

    monkeypatch.setattr(rounds, "places", meanwhile)
    assert matching.room.run_jobs() == 1
    assert moved(matching, ReadRound, started)["state"] == "discarded" and pairs(matching, started) == []


@pytest.mark.parametrize("partnership_id", [DESK, None])
def test_two_at_once_neither_begin_nor_show_two_rounds(
    matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch, partnership_id: Any
) -> None:
    """Where both look before either has written, the database refuses the second; of everybody's as of a partnership's."""
    who = support_officer()
    one, other = (reckoned(matching, who, partnership_id) for _ in range(2))
    start(matching, who, partnership_id)
    monkeypatch.setattr(rounds, "going", lambda unit, partnership_id: None)
    with pytest.raises(ConcurrentChange):
        start(matching, who, partnership_id)
    moved(matching, ShowRound, one, who)
    monkeypatch.setattr(rounds, "shown_before", lambda unit, made: [])
    with pytest.raises(ConcurrentChange):
        moved(matching, ShowRound, other, who)


def test_a_page_of_rounds_takes_no_query_for_each(matching: MatchingRoom) -> None:
    """How far they are is read of all at once."""
    statements: list[str] = []
    event.listen(matching.room.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))

    def asked() -> int:
        statements.clear()
        assert all(each["done"] == each["total"] > 0 for each in matching.room.ask(ListRounds, desk())["items"])
        return len(statements)

    reckoned(matching)
    of_one = asked()
    reckoned(matching)
    reckoned(matching)
    assert asked() == of_one


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


def hides(matching: MatchingRoom) -> None:
    """The host is seen by nobody."""
    matching.change(host_profile(visibility="hidden"), 2)


def has_no_place(matching: MatchingRoom) -> None:
    """The host's places are taken."""
    matching.accept(visitor_profile("other"))
    contact = matching.request(representative(an_id("other organisation")), visitor="other")
    contact = matching.move(AcceptContact, host_person(), contact)
    contact = matching.move(ProposeMatch, host_person(), contact)
    matching.move(ConfirmMatch, representative(an_id("other organisation")), contact)


def visits_another(matching: MatchingRoom) -> None:
    """The visitor's visit is agreed with another host."""
    matching.accept(host_profile("other"))
    contact = matching.move(AcceptContact, representative(an_id("other organisation")), matching.request(host="other"))
    contact = matching.move(ProposeMatch, visitor_person(), contact)
    matching.move(ConfirmMatch, representative(an_id("other organisation")), contact)


def blocks(matching: MatchingRoom) -> None:
    """The host does not want to see the visitor."""
    ids = {"participation_id": an_id("host participation"), "partner_participation_id": an_id("visitor participation")}
    matching.room.ask(BlockOrganisation, host_person(), **ids)


def leaves_the_ranking(name: str) -> Any:
    """One of the two does not want to be ranked any more."""
    person = {"visitor": visitor_person, "host": host_person}[name]

    def leave(matching: MatchingRoom) -> None:
        asked = {"participation_id": an_id(f"{name} participation"), "weights": [], "ranked": False}
        matching.room.ask(ChangeRankingChoice, person(), if_match=1, **asked)

    return leave


@pytest.mark.parametrize(
    ("happens", "visitor_sees", "host_sees"),
    [
        (lambda matching: None, 1, 1),
        (hides, 0, 1),
        (has_no_place, 0, 0),
        (visits_another, 0, 0),
        (blocks, 0, 0),
        (leaves_the_ranking("host"), 0, 0),
        (leaves_the_ranking("visitor"), 0, 0),
    ],
)
def test_suggestions_are_held_against_the_lists_of_today(matching: MatchingRoom, happens: Any, visitor_sees: int, host_sees: int) -> None:
    """Who would be on no list any more is suggested to nobody, and nobody to whoever has none."""
    moved(matching, ShowRound, reckoned(matching))
    happens(matching)
    assert (len(suggested(matching)), len(suggested(matching, host_person(), "host", "host"))) == (visitor_sees, host_sees)


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
