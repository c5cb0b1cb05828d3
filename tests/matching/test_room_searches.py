"""Saved searches on a real database: kept, run again, and told of when somebody newly fits, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from chassis.bare.principal import service
from chassis.bare.refusals import IfMatchRequired, InvalidFields, LogInRequired, StaleVersion, Unavailable
from contracts.agreements.events import ExchangeCancelled
from contracts.identity.events import PersonErased, RoleRevoked
from contracts.matching import (
    AcceptContact,
    AnswerElsewhere,
    BlockOrganisation,
    ChangeSavedSearch,
    ConfirmListing,
    DeleteSavedSearch,
    LiftBlock,
    ListSavedSearches,
    PauseHosting,
    ReadHeld,
    ReadSavedSearch,
    ResumeHosting,
    RunSavedSearch,
    SavedSearchFitted,
    SaveSearch,
)
from contracts.matching.browsing import FROM_WHERE
from contracts.matching.refusals import NotAcceptedYet, RoleNotTaken, SavedSearchNotFound, SearchTooWide, TooManySavedSearches
from contracts.matching.searches import SavedSearchResults, SavedSearchView
from contracts.registry.events import ParticipationExpired, ParticipationPaused, ParticipationResumed, ParticipationWithdrawn
from services.matching.model import KnownFit, SavedSearch
from services.matching.model import search as rules
from services.matching.model.listing import SUNK
from services.matching.queries import changes, participants, searches
from tests.builders import person, representative, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile, visitor_profile

ME = visitor_person()
"""The same person in all of them: what is saved is a person's own."""
WELDING: dict[str, Any] = {"name": "Welders", "criteria": {"text": "weld", "role": "host"}, "alert": "at_once"}


def save(matching: MatchingRoom, who: Any = None, **fields: Any) -> dict[str, Any]:
    """Save a search, as the visitor unless somebody else is named."""
    return matching.room.ask(SaveSearch, who or ME, **(WELDING | fields))


def told(matching: MatchingRoom) -> list[int]:
    """How many newly fitted, of each time that somebody was told."""
    matching.room.run_due()
    return [fact.data["count"] for fact in matching.room.facts(SavedSearchFitted.slug())]


def results(matching: MatchingRoom, saved: dict[str, Any], who: Any = None, **fields: Any) -> dict[str, Any]:
    """What the saved search finds now."""
    return matching.room.ask(RunSavedSearch, who or ME, saved_search_id=saved["saved_search_id"], **fields)


def names(found: dict[str, Any]) -> list[str]:
    """Who was found."""
    return [each["profile"]["legal_name"].removeprefix("Organisation ") for each in found["items"]]


def set_state(matching: MatchingRoom, contract: Any, name: str, subject_version: int) -> None:
    """Have the registry say that a participation was paused or goes on."""
    ids = {key: value for key, value in host_profile(name).items() if key in contract._declared_fields}
    matching.room.hear(contract.of(an_id("any"), **ids), subject_version=subject_version)


def test_a_search_is_kept_run_renamed_and_deleted(matching: MatchingRoom) -> None:
    """Everything promised of it is there, each time in a newer version."""
    saved = save(matching)
    assert set(saved) == {("as" if name == "as_" else name) for name in SavedSearchView._declared_fields}
    assert (saved["name"], saved["alert"], saved["version"], saved["told"]) == ("Welders", "at_once", 1, 0)
    assert saved["criteria"]["text"] == "weld"
    found = results(matching, saved)
    assert set(found) == set(SavedSearchResults._declared_fields) and names(found) == ["host"]
    changed = matching.room.ask(
        ChangeSavedSearch, ME, if_match=1, saved_search_id=saved["saved_search_id"], **(WELDING | {"name": "All welders"})
    )
    assert (changed["name"], changed["version"]) == ("All welders", 2)
    assert matching.room.ask(ReadSavedSearch, ME, saved_search_id=saved["saved_search_id"]) == changed
    assert matching.room.ask(ListSavedSearches, ME)["items"] == [changed]
    matching.room.ask(DeleteSavedSearch, ME, saved_search_id=saved["saved_search_id"])
    assert matching.room.ask(ListSavedSearches, ME)["items"] == []


def test_anothers_search_is_not_there(matching: MatchingRoom) -> None:
    """Not to be read, run, changed or deleted."""
    saved = save(matching)["saved_search_id"]
    for contract in (ReadSavedSearch, RunSavedSearch, DeleteSavedSearch):
        with pytest.raises(SavedSearchNotFound):
            matching.room.ask(contract, host_person(), saved_search_id=saved)
    with pytest.raises(SavedSearchNotFound):
        matching.room.ask(ChangeSavedSearch, host_person(), if_match=1, saved_search_id=saved, **WELDING)
    assert matching.room.ask(ListSavedSearches, host_person())["items"] == []
    with pytest.raises(LogInRequired):
        matching.room.ask(ListSavedSearches)


def test_a_stale_or_missing_version_changes_nothing(matching: MatchingRoom) -> None:
    """Two pages open at once do not overwrite each other."""
    saved = save(matching)["saved_search_id"]
    with pytest.raises(StaleVersion):
        matching.room.ask(ChangeSavedSearch, ME, if_match=7, saved_search_id=saved, **WELDING)
    with pytest.raises(IfMatchRequired):
        matching.room.ask(ChangeSavedSearch, ME, saved_search_id=saved, **WELDING)


def test_nobody_saves_without_seeing_the_catalogue(matching: MatchingRoom) -> None:
    """Neither before acceptance nor for a role not taken; an order by match needs a participation."""
    for who in (person(), representative(an_id("draft organisation"))):
        with pytest.raises(NotAcceptedYet):
            save(matching, who)
    with pytest.raises(RoleNotTaken):
        save(matching, for_participation_id=an_id("visitor participation"), **{"as": "host"})
    for wrong in ({"sort": "match"}, {"as": "host"}, {"criteria": {"within_km": 5}}, {"alert": "hourly"}):
        with pytest.raises(InvalidFields):
            save(matching, **wrong)


def test_the_one_search_too_many_is_refused(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is the alert of one that too many fit; without alert it is saved."""
    monkeypatch.setattr(rules, "MOST_SAVED", 2)
    monkeypatch.setattr(rules, "MOST_KNOWN", 1)
    matching.accept(host_profile("other", can_teach=["wool dyeing"]))
    with pytest.raises(SearchTooWide):
        save(matching, criteria={})
    save(matching, criteria={}, alert="none")
    save(matching)
    with pytest.raises(TooManySavedSearches):
        save(matching)


def test_whoever_newly_fits_is_told_of_at_once_and_once(matching: MatchingRoom) -> None:
    """Not whoever fitted before; not twice, though it changes, pauses and comes back."""
    saved = save(matching)
    assert told(matching) == []
    matching.accept(host_profile("new"))
    assert told(matching) == [1]
    matching.change(host_profile("new", town="Elsewhere"), 2)
    set_state(matching, ParticipationPaused, "new", 2)
    set_state(matching, ParticipationResumed, "new", 3)
    set_state(matching, ParticipationPaused, "host", 2)
    set_state(matching, ParticipationResumed, "host", 3)
    matching.accept(host_profile("weaver", can_teach=["weaving"]))
    assert told(matching) == [1]
    found = results(matching, saved)
    assert names(found) == ["host", "new"]
    assert [each["participation_id"] for each in found["told"]] == [str(an_id("new participation"))]
    assert matching.room.ask(ReadSavedSearch, ME, saved_search_id=saved["saved_search_id"])["told"] == 1


def test_a_changed_profile_that_fits_now_is_told_of(matching: MatchingRoom) -> None:
    """The weaver learns to weld."""
    matching.accept(host_profile("weaver", can_teach=["weaving"]))
    save(matching)
    matching.change(host_profile("weaver", can_teach=["weaving", "welding"]), 2)
    assert told(matching) == [1]


def test_a_host_whose_place_is_free_again_is_told_of(matching: MatchingRoom) -> None:
    """It was full when the search was saved."""
    exchange = matching.matched()["exchange_id"]
    save(matching, support_officer())
    matching.room.hear(
        ExchangeCancelled.of(UUID(exchange), **{**ExchangeCancelled.read(ExchangeCancelled.example), "exchange_id": UUID(exchange)})
    )
    assert told(matching) == [1]


def test_a_host_that_takes_guests_again_is_told_of(matching: MatchingRoom) -> None:
    """Because it says so, or because the day has come until which it paused; a listing confirmed that had not sunk is no news."""
    for name, until in (("host", None), ("later", matching.room.clock.now().date() + timedelta(days=3))):
        matching.accept(host_profile(name))
        matching.room.ask(
            PauseHosting, representative(an_id(f"{name} organisation")), participation_id=an_id(f"{name} participation"), until=until
        )
    save(matching)
    matching.room.ask(ConfirmListing, host_person(), participation_id=an_id("host participation"))
    assert told(matching) == []
    matching.room.ask(ResumeHosting, host_person(), participation_id=an_id("host participation"))
    assert told(matching) == [1]
    matching.room.clock.advance(days=4)
    matching.room.run_due()
    assert told(matching) == [1, 1]


def test_a_host_that_answers_faster_than_before_is_told_of(matching: MatchingRoom) -> None:
    """A search for those who answer within a day; an answer of the asker's own changes nothing."""
    save(matching, criteria={"answers_within_hours": 24, "role": "host"})
    contact = matching.request()
    matching.move(AnswerElsewhere, ME, contact, way="telephone")
    assert told(matching) == []
    matching.move(AcceptContact, host_person(), contact)
    assert told(matching) == [1]


@pytest.mark.parametrize("blocker", ["visitor", "host"])
def test_whoever_is_blocked_no_more_is_told_of(matching: MatchingRoom, blocker: str) -> None:
    """Whichever side takes the block back; a host that came while it stood was not seen."""
    names = {"visitor": ME, "host": host_person()}
    ids = {name: an_id(f"{name} participation") for name in names}
    other = next(each for each in names if each != blocker)
    block = matching.room.ask(BlockOrganisation, names[blocker], participation_id=ids[blocker], partner_participation_id=ids[other])
    save(matching)
    assert told(matching) == []
    matching.room.ask(LiftBlock, names[blocker], block_id=block["block_id"])
    assert told(matching) == [1]


def test_whoever_has_withdrawn_is_known_no_more(matching: MatchingRoom) -> None:
    """What is known of searches does not grow with all who ever took part; who pauses or expires may come back, and is no news then."""
    save(matching)
    for name in ("left", "expired"):
        matching.accept(host_profile(name))
    assert told(matching) == [1, 1] and counted(matching, KnownFit) == 3
    set_state(matching, ParticipationExpired, "expired", 2)
    set_state(matching, ParticipationWithdrawn, "left", 2)
    assert counted(matching, KnownFit) == 2
    matching.accept(host_profile("expired"), revision=2, subject_version=3)
    assert told(matching) == [1, 1]


def test_many_who_fit_are_known_all_of_them(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written down a few at a time: others have their turn in between."""
    monkeypatch.setattr(searches, "AT_ONCE_WRITTEN", 2)
    for number in range(6):
        matching.accept(host_profile(f"host {number}"))
    save(matching, alert="daily")
    assert counted(matching, KnownFit) == 7
    matching.room.clock.advance(days=1)
    assert told(matching) == []


def test_a_distance_from_nowhere_is_named_where_it_stands(matching: MatchingRoom) -> None:
    """Among the criteria, and not as a field of the search itself."""
    with pytest.raises(InvalidFields) as refused:
        save(matching, criteria={"within_km": 5})
    assert refused.value.details["fields"] == {"criteria": {"within_km": [FROM_WHERE]}}
    with pytest.raises(InvalidFields) as refused:
        save(matching, criteria={"within_km": 5}, sort="distance")
    assert set(refused.value.details["fields"]) == {"sort"}


def test_whoever_confirms_its_profile_after_it_sank_is_told_of(matching: MatchingRoom) -> None:
    """It was in no list when the search was saved."""
    with matching.room.unit() as unit:
        participants.copy(unit, an_id("host participation")).listing = SUNK
        changes.count_change(unit, an_id("host participation"))
    save(matching)
    matching.room.ask(ConfirmListing, host_person(), participation_id=an_id("host participation"))
    assert told(matching) == [1]


@pytest.mark.parametrize(("alert", "days"), [("daily", 1), ("weekly", 7)])
def test_news_come_together_when_their_day_has_come(matching: MatchingRoom, alert: str, days: int) -> None:
    """Two in one go, nothing before, nothing when nobody is new, and on the next day again."""
    save(matching, alert=alert)
    for name in ("a", "b"):
        matching.accept(host_profile(name))
    assert told(matching) == []
    matching.room.clock.advance(days=days)
    assert told(matching) == [2]
    matching.room.clock.advance(days=days)
    assert told(matching) == [2]
    matching.accept(host_profile("c"))
    matching.room.clock.advance(days=days)
    assert told(matching) == [2, 1]


def test_no_alert_tells_nothing_and_one_begun_later_begins_then(matching: MatchingRoom) -> None:
    """Whoever came before the alert was asked for is known."""
    saved = save(matching, alert="none")
    matching.accept(host_profile("a"))
    matching.room.clock.advance(days=8)
    assert told(matching) == []
    matching.room.ask(ChangeSavedSearch, ME, if_match=1, saved_search_id=saved["saved_search_id"], **WELDING)
    assert told(matching) == []
    matching.accept(host_profile("b"))
    assert told(matching) == [1]


def test_other_criteria_begin_anew_but_tell_nobody_twice(matching: MatchingRoom) -> None:
    """Weavers are known when the search turns to them; a welder told of before is not told of again."""
    saved = save(matching)
    matching.accept(host_profile("welder"))
    assert told(matching) == [1]
    matching.accept(host_profile("weaver", can_teach=["weaving"]))
    for version, text in ((2, "weav"), (3, "weld")):
        fields = WELDING | {"criteria": {"text": text, "role": "host"}}
        matching.room.ask(ChangeSavedSearch, ME, if_match=version, saved_search_id=saved["saved_search_id"], **fields)
    matching.change(host_profile("welder", town="Elsewhere"), 2)
    assert told(matching) == [1]


def test_nothing_is_told_that_the_person_may_not_see(matching: MatchingRoom) -> None:
    """Neither hidden ones, nor those of another partnership, nor anything once the role is gone."""
    save(matching)
    matching.accept(host_profile("hidden", visibility="hidden"))
    matching.accept(host_profile("far", visibility="partnerships"))
    assert told(matching) == []
    who = ME
    matching.room.hear(RoleRevoked.of(who.person, person_id=who.person, role="representative", place=an_id("visitor organisation")))
    matching.accept(host_profile("new"))
    assert told(matching) == []


def test_a_participation_that_ended_is_told_nothing(matching: MatchingRoom) -> None:
    """The visitor pauses: nothing is told; it goes on: the next one is."""
    save(matching)
    set_state(matching, ParticipationPaused, "visitor", 2)
    matching.accept(host_profile("meanwhile"))
    assert told(matching) == []
    set_state(matching, ParticipationResumed, "visitor", 3)
    matching.accept(host_profile("after"))
    assert told(matching) == [1]


def test_a_deleted_search_tells_nothing(matching: MatchingRoom) -> None:
    """And nothing is left of it."""
    for alert in ("at_once", "daily"):
        saved = save(matching, alert=alert)
        matching.room.ask(DeleteSavedSearch, ME, saved_search_id=saved["saved_search_id"])
    matching.accept(host_profile("new"))
    matching.room.clock.advance(days=2)
    assert told(matching) == []
    assert counted(matching, KnownFit) == 0


def test_an_erased_person_has_no_searches(matching: MatchingRoom) -> None:
    """They are part of what is held about the person until then."""
    save(matching)
    who = ME
    held = matching.room.ask(ReadHeld, service("identity"), person_id=who.person)
    assert "Welders" in str(held)
    matching.room.hear(PersonErased.of(who.person, person_id=who.person))
    assert counted(matching, SavedSearch) == 0


def test_a_distance_is_counted_from_the_participation_named(matching: MatchingRoom) -> None:
    """Only those near the visitor are found and told of."""
    own = {"for_participation_id": an_id("visitor participation"), "criteria": {"within_km": 100}, "sort": "distance"}
    saved = save(matching, **own)
    matching.accept(host_profile("far", latitude=60.2, longitude=24.9))
    matching.accept(host_profile("near", latitude=43.4, longitude=-8.4))
    assert told(matching) == [1]
    assert names(results(matching, saved))[-1] == "near"


@pytest.mark.parametrize(("alert", "days"), [("at_once", 0), ("daily", 1)])
def test_nobody_is_near_a_participation_that_takes_no_part(matching: MatchingRoom, alert: str, days: int) -> None:
    """Its organisation goes on looking with another one, and would be told of everybody everywhere if the distance were left out."""
    matching.accept(visitor_profile("second", organisation_id=str(an_id("visitor organisation"))))
    save(matching, for_participation_id=an_id("visitor participation"), criteria={"within_km": 100}, alert=alert)
    set_state(matching, ParticipationPaused, "visitor", 2)
    matching.accept(host_profile("far", latitude=60.2, longitude=24.9))
    matching.room.clock.advance(days=days)
    assert told(matching) == []


@pytest.mark.parametrize(("alert", "days"), [("at_once", 0), ("daily", 1)])
def test_nobody_is_told_of_itself(matching: MatchingRoom, alert: str, days: int) -> None:
    """A host that looks how others teach what it teaches, and has paused meanwhile."""
    mine = {"participation_id": an_id("host participation")}
    matching.room.ask(PauseHosting, host_person(), **mine)
    save(matching, host_person(), alert=alert)
    matching.room.ask(ResumeHosting, host_person(), **mine)
    matching.room.clock.advance(days=days)
    assert told(matching) == []
    matching.accept(host_profile("new"))
    matching.room.clock.advance(days=days)
    assert told(matching) == [1]


def test_nobody_blocked_is_told_of(matching: MatchingRoom) -> None:
    """Whichever side made the block; others are all the same."""
    two = {"participation_id": an_id("host participation"), "partner_participation_id": an_id("visitor participation")}
    matching.room.ask(BlockOrganisation, host_person(), **two)
    save(matching)
    matching.change(host_profile(town="Elsewhere"), 2)
    assert told(matching) == []
    matching.accept(host_profile("new"))
    assert told(matching) == [1]


def test_a_search_is_run_on_what_its_asker_has_seen_already(matching: MatchingRoom) -> None:
    """Or says that it does not know so much yet."""
    saved = save(matching)
    version = results(matching, saved)["data_version"]
    assert results(matching, saved, at_least=version)["data_version"] == version
    with pytest.raises(Unavailable):
        results(matching, saved, at_least=version + 1)


def test_pages_of_results_follow_each_other(matching: MatchingRoom) -> None:
    """In the order that was saved."""
    for name in "abc":
        matching.accept(host_profile(name))
    saved = save(matching, sort="newest")
    first = results(matching, saved, limit=3)
    assert len(names(first) + names(results(matching, saved, limit=3, after=first["next"]))) == 4


def counted(matching: MatchingRoom, table: Any) -> int:
    """How many rows there are."""
    with matching.room.unit() as unit:
        return unit.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_search_that_is_not_there_is_not_found(matching: MatchingRoom) -> None:
    """Nor is a profile of nobody's told of."""
    with pytest.raises(SavedSearchNotFound):
        matching.room.ask(ReadSavedSearch, ME, saved_search_id=uuid4())
    matching.accept(visitor_profile("another"))
    assert told(matching) == []
