"""Hosting paused and profiles confirmed, on a real database."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bare.principal import Principal
from chassis.bare.refusals import MoveNotAllowed, RoleRequired
from contracts.matching import (
    AcceptContact,
    ConfirmListing,
    ConfirmMatch,
    ListCatalogue,
    ListingView,
    ListMatches,
    PauseHosting,
    ProposeMatch,
    ReadCatalogueEntry,
    ReadListing,
    ResumeHosting,
)
from contracts.matching.refusals import DayIsPast, HostPaused, HostsNobody, NotAcceptedYet, ParticipationNotFound
from contracts.registry.events import ParticipationPaused, ParticipationResumed, ParticipationWithdrawn
from services.matching.queries import changes
from tests.builders import contact_point, representative, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile

HOST = {"participation_id": an_id("host participation")}
HOSTS = {name: an_id(f"host {name[:-3]}") for name in ("participation_id", "organisation_id", "partnership_id")}


def mine(matching: MatchingRoom, contract: Any = ReadListing, who: Principal | None = None, **fields: Any) -> dict[str, Any]:
    """The host looks at its listing, or changes it."""
    return matching.room.ask(contract, who or host_person(), **(HOST | fields))


def partners(matching: MatchingRoom) -> list[str]:
    """Whom the visitor's list shows."""
    asked = {"participation_id": an_id("visitor participation"), "as": "visitor"}
    return [each["profile"]["participation_id"] for each in matching.room.ask(ListMatches, visitor_person(), **asked)["items"]]


def in_catalogue(matching: MatchingRoom, **filters: Any) -> set[str]:
    """Whom the catalogue shows."""
    found = matching.room.ask(ListCatalogue, support_officer(), **filters)["items"]
    return {each["profile"]["participation_id"] for each in found}


def test_a_host_that_pauses_is_on_no_list_until_it_goes_on(matching: MatchingRoom) -> None:
    """Nobody asks it; each change is a data version; its role of visitor, and what goes on already, stay."""
    before = mine(matching)
    assert (before["hosting"], before["places_left"], before["moves"]) == ("open", before["capacity"], ["pause_hosting", "confirm_listing"])
    paused = mine(matching, PauseHosting)
    assert (paused["hosting"], paused["places_left"]) == ("paused", 0)
    assert paused["moves"] == ["pause_hosting", "resume_hosting", "confirm_listing"]
    assert paused["data_version"] > before["data_version"]
    assert partners(matching) == [] and str(HOST["participation_id"]) not in in_catalogue(matching, role="host")
    with pytest.raises(HostPaused):
        matching.request()
    resumed = mine(matching, ResumeHosting)
    assert resumed["hosting"] == "open" and resumed["data_version"] > paused["data_version"]
    assert partners(matching) == [str(HOST["participation_id"])]
    matching.request()
    assert [fact.type for fact in matching.room.facts()][:2] == ["hosting_paused", "hosting_resumed"]


def test_a_host_that_also_visits_stays_in_the_catalogue_as_visitor(matching: MatchingRoom) -> None:
    """Without places."""
    matching.change(host_profile(roles=["host", "visitor"], may_visit=True), 2)
    mine(matching, PauseHosting)
    entry = matching.room.ask(ReadCatalogueEntry, support_officer(), **HOST)
    assert (entry["places_left"], entry["may_still_visit"]) == (0, True)


def test_a_pause_with_a_day_ends_by_itself(matching: MatchingRoom) -> None:
    """On that day, not before; a later word of the host counts instead."""
    today = matching.room.clock.now().date()
    mine(matching, PauseHosting, until=today.replace(day=today.day + 2))
    matching.room.clock.advance(days=1)
    matching.room.run_due()
    assert mine(matching)["hosting"] == "paused"
    matching.room.clock.advance(days=1)
    matching.room.run_due()
    assert (mine(matching)["hosting"], mine(matching)["hosting_until"]) == ("open", None)
    mine(matching, PauseHosting, until=today.replace(day=today.day + 5))
    assert mine(matching, PauseHosting)["hosting_until"] is None
    matching.room.clock.advance(days=30)
    matching.room.run_due()
    assert mine(matching)["hosting"] == "paused"


def test_a_pause_stops_a_match_from_being_agreed_and_ends_no_contact(matching: MatchingRoom) -> None:
    """The two go on writing to each other; the match waits."""
    contact = matching.move(ProposeMatch, visitor_person(), matching.accepted())
    mine(matching, PauseHosting)
    with pytest.raises(HostPaused):
        matching.move(ConfirmMatch, host_person(), contact)
    mine(matching, ResumeHosting)
    assert matching.move(ConfirmMatch, host_person(), contact)["state"] == "matched"


def test_listings_are_changed_by_their_own_people(matching: MatchingRoom) -> None:
    """Others find nothing; what makes no sense is refused."""
    for contract in (ReadListing, PauseHosting, ResumeHosting, ConfirmListing):
        with pytest.raises(ParticipationNotFound):
            mine(matching, contract, visitor_person())
        with pytest.raises(NotAcceptedYet):
            mine(matching, contract, representative(an_id("stranger")))
        with pytest.raises(RoleRequired):
            mine(matching, contract, contact_point(an_id("host partnership")))
    with pytest.raises(MoveNotAllowed):
        mine(matching, ResumeHosting)
    with pytest.raises(DayIsPast):
        mine(matching, PauseHosting, until=matching.room.clock.now().date())
    with pytest.raises(HostsNobody):
        matching.room.ask(PauseHosting, visitor_person(), participation_id=an_id("visitor participation"))


def after(matching: MatchingRoom, days: int) -> dict[str, Any]:
    """So many days later; the host's listing then."""
    matching.room.clock.advance(days=days)
    matching.room.run_due()
    return mine(matching)


def test_a_profile_nobody_confirms_sinks_after_a_question_and_a_reminder_and_comes_back_with_a_click(matching: MatchingRoom) -> None:
    """Asked after half a year, reminded a week later, out of lists and catalogue two weeks after that; its own people go on."""
    assert after(matching, 179)["listing"] == "current"
    asked = after(matching, 1)
    assert (asked["listing"], len(matching.room.facts("listing_confirmation_reminded"))) == ("asked", 0)
    after(matching, 7)
    reminders = matching.room.facts("listing_confirmation_reminded")
    assert {fact.data["participation_id"] for fact in reminders} == {str(HOST["participation_id"]), str(an_id("visitor participation"))}
    matching.room.ask(ConfirmListing, visitor_person(), participation_id=an_id("visitor participation"))
    assert partners(matching) == [str(HOST["participation_id"])]
    sunk = after(matching, 14)
    assert (sunk["listing"], sunk["moves"]) == ("sunk", ["pause_hosting", "confirm_listing"])
    assert sunk["data_version"] > asked["data_version"]
    assert partners(matching) == [] and in_catalogue(matching) == {str(an_id("visitor participation"))}
    with pytest.raises(ParticipationNotFound):
        matching.request()
    assert matching.request(role="host")["state"] == "pending"
    confirmed = mine(matching, ConfirmListing)
    assert (confirmed["listing"], confirmed["confirm_by"]) == ("current", None)
    assert confirmed["data_version"] > sunk["data_version"]
    assert str(HOST["participation_id"]) in in_catalogue(matching)
    assert after(matching, 179)["listing"] == "current" and after(matching, 1)["listing"] == "asked"


@pytest.mark.parametrize("days", [0, 180, 201], ids=["current", "asked", "sunk"])
def test_a_changed_profile_is_a_confirmed_one(matching: MatchingRoom, days: int) -> None:
    """Whoever was asked has answered; the question comes half a year after the change."""
    for part in (180, 21)[: 0 if not days else 1 if days == 180 else 2]:
        after(matching, part)
    matching.change(host_profile(town="Porto"), 2)
    assert mine(matching)["listing"] == "current"
    assert after(matching, 179)["listing"] == "current" and after(matching, 1)["listing"] == "asked"


def test_a_click_at_any_time_confirms(matching: MatchingRoom) -> None:
    """Before it is asked for as well; the days begin anew."""
    after(matching, 100)
    assert mine(matching, ConfirmListing)["confirmed_at"] == matching.room.clock.now().isoformat().replace("+00:00", "Z")
    assert after(matching, 179)["listing"] == "current"


def test_who_takes_no_part_is_not_asked(matching: MatchingRoom) -> None:
    """Somebody paused is asked when it is back; somebody who left never."""
    matching.room.hear(ParticipationPaused.of(an_id("any"), **HOSTS), subject_version=2)
    matching.room.clock.advance(days=180)
    matching.room.run_due()
    assert {fact.data["participation_id"] for fact in matching.room.facts()} == {str(an_id("visitor participation"))}
    matching.room.hear(ParticipationResumed.of(an_id("any"), **HOSTS), subject_version=3)
    assert after(matching, 180)["listing"] == "asked"
    matching.room.hear(ParticipationWithdrawn.of(an_id("any"), **HOSTS), subject_version=4)
    matching.room.clock.advance(days=30)
    matching.room.run_due()
    told = [fact.type for fact in matching.room.facts() if fact.data.get("participation_id") == str(HOST["participation_id"])]
    assert told.count("listing_confirmation_asked") == 1 and "listing_confirmation_reminded" not in told


def asked_and_then(matching: MatchingRoom, event: Any) -> None:
    """The host is asked; then the registry says something of it, and the day comes by which it should have answered."""
    assert after(matching, 180)["listing"] == "asked"
    matching.room.hear(event.of(an_id("any"), **HOSTS), subject_version=2)
    matching.room.clock.advance(days=21)
    matching.room.run_due()


def test_who_left_while_asked_is_told_nothing_more(matching: MatchingRoom) -> None:
    """There is nothing to bring back with a click."""
    asked_and_then(matching, ParticipationWithdrawn)
    sunk = {fact.data["participation_id"] for fact in matching.room.facts("listing_sunk")}
    assert sunk == {str(an_id("visitor participation"))}


def test_who_paused_while_asked_has_longer(matching: MatchingRoom) -> None:
    """It cannot answer while it takes no part; back again it is reminded, confirms, or sinks."""
    asked_and_then(matching, ParticipationPaused)
    matching.room.hear(ParticipationResumed.of(an_id("any"), **HOSTS), subject_version=3)
    longer = mine(matching)
    assert (longer["listing"], longer["confirm_by"] > matching.room.clock.now().isoformat()) == ("asked", True)
    after(matching, 7)
    reminded = [fact.data["participation_id"] for fact in matching.room.facts("listing_confirmation_reminded")]
    assert reminded.count(str(HOST["participation_id"])) == 1
    assert after(matching, 14)["listing"] == "sunk"


def test_every_field_promised_of_a_listing_is_there(matching: MatchingRoom) -> None:
    """Nothing promised is left out; what is due changes the data version too."""
    assert set(mine(matching)) == set(ListingView._declared_fields)
    with matching.room.unit() as unit:
        before = changes.data_version(unit)
    mine(matching, PauseHosting, until=matching.room.clock.now().date().replace(day=28))
    matching.room.clock.advance(days=28)
    matching.room.run_due()
    with matching.room.unit() as unit:
        assert changes.data_version(unit) >= before + 2
    matching.move(AcceptContact, host_person(), matching.request())
