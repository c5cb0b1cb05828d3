"""Copies of the registry's truth: repeated, late and early events."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.matching import ListMatches, ReadCatalogueEntry
from contracts.matching.refusals import NotAcceptedYet, ParticipationNotFound
from contracts.registry.events import (
    ParticipationAccepted,
    ParticipationExpired,
    ParticipationPaused,
    ParticipationResumed,
    ParticipationWithdrawn,
    PartnershipChanged,
    PartnershipCreated,
)
from services.matching.queries import changes
from tests.builders import support_officer
from tests.matching.conftest import MatchingRoom, changed
from tests.matching.contacts import visitor_person
from tests.matching.profiles import an_id, host_profile

PARTY = {name: an_id(f"host {name[:-3]}") for name in ("participation_id", "organisation_id", "partnership_id")}


def town_of_host(matching: MatchingRoom) -> str:
    """What the catalogue says of the host's town."""
    entry = matching.room.ask(ReadCatalogueEntry, support_officer(), participation_id=PARTY["participation_id"])
    return str(entry["profile"]["town"])


def partners(matching: MatchingRoom) -> list[str]:
    """Who is on the visitor's list."""
    asked: dict[str, Any] = {"participation_id": an_id("visitor participation"), "as": "visitor"}
    found = matching.room.ask(ListMatches, visitor_person(), **asked)
    return [each["profile"]["legal_name"] for each in found["items"]]


def test_the_newest_revision_of_a_profile_wins(matching: MatchingRoom) -> None:
    """Later revisions replace, earlier ones that come late do not."""
    matching.change(host_profile(town="Porto"), 3)
    matching.change(host_profile(town="Braga"), 2)
    assert town_of_host(matching) == "Porto"
    matching.accept(host_profile(town="Lisboa"), revision=1, subject_version=2)
    assert town_of_host(matching) == "Porto"


def test_an_event_heard_twice_counts_once(matching: MatchingRoom) -> None:
    """The same event again changes nothing, not even the data version."""
    fact = changed(host_profile(town="Porto"), 2)
    event_id = matching.room.hear(fact)
    with matching.room.unit() as unit:
        before = changes.data_version(unit)
    matching.room.hear(fact, event_id)
    with matching.room.unit() as unit:
        assert changes.data_version(unit) == before


def test_a_profile_that_comes_before_its_acceptance_waits(matching: MatchingRoom) -> None:
    """It is kept and applied when the acceptance is there."""
    late = host_profile("late", town="Porto")
    matching.change(late, 2)
    assert len(matching.room.waiting()) == 1
    matching.accept(host_profile("late", town="Faro"), revision=1)
    assert matching.room.try_waiting() == 1
    entry = matching.room.ask(ReadCatalogueEntry, support_officer(), participation_id=late["participation_id"])
    assert entry["profile"]["town"] == "Porto"


@pytest.mark.parametrize("event", [ParticipationPaused, ParticipationWithdrawn, ParticipationExpired])
def test_who_does_not_take_part_at_present_is_in_no_list(matching: MatchingRoom, event: Any) -> None:
    """Paused, withdrawn, expired: neither ranked nor in the catalogue."""
    assert partners(matching) == ["Organisation host"]
    matching.room.hear(event.of(an_id("any"), **PARTY), subject_version=2)
    assert partners(matching) == []
    with pytest.raises(ParticipationNotFound):
        town_of_host(matching)


def test_a_participation_resumed_is_back(matching: MatchingRoom) -> None:
    """And a pause that comes late changes nothing."""
    matching.room.hear(ParticipationPaused.of(an_id("any"), **PARTY), subject_version=2)
    matching.room.hear(ParticipationResumed.of(an_id("any"), **PARTY), subject_version=4)
    matching.room.hear(ParticipationPaused.of(an_id("any"), **PARTY), subject_version=3)
    assert partners(matching) == ["Organisation host"]


def test_a_pause_heard_before_the_acceptance_holds(matching: MatchingRoom) -> None:
    """The newest word wins also when the oldest comes last."""
    late = host_profile("late")
    ids = {name: late[name] for name in PARTY}
    matching.room.hear(ParticipationPaused.of(an_id("any"), **ids), subject_version=6)
    matching.accept(late, subject_version=5)
    assert partners(matching) == ["Organisation host"]
    assert matching.room.waiting() == []


def test_a_registration_withdrawn_that_was_never_accepted_leaves_nothing_waiting(matching: MatchingRoom) -> None:
    """Most withdrawn registrations never were in the catalogue."""
    ids = {"participation_id": an_id("draft"), "organisation_id": an_id("its owner"), "partnership_id": an_id("any")}
    matching.room.hear(ParticipationWithdrawn.of(an_id("draft"), **ids))
    assert matching.room.waiting() == []


def test_who_is_paused_sees_no_list(matching: MatchingRoom) -> None:
    """The list is for accepted participations that take part."""
    ids = {name: an_id(f"visitor {name[:-3]}") for name in PARTY}
    matching.room.hear(ParticipationPaused.of(an_id("any"), **ids), subject_version=2)
    with pytest.raises(NotAcceptedYet):
        partners(matching)


def test_a_partnerships_acronym_follows_its_changes(matching: MatchingRoom) -> None:
    """The newest word wins here too."""
    data = {"partnership_id": PARTY["partnership_id"], "name": "x", "country": "PT"}
    matching.room.hear(PartnershipChanged.of(PARTY["partnership_id"], acronym="NEW", **data), subject_version=3)
    matching.room.hear(PartnershipCreated.of(PARTY["partnership_id"], acronym="OLD", **data), subject_version=2)
    entry = matching.room.ask(ReadCatalogueEntry, support_officer(), participation_id=PARTY["participation_id"])
    assert entry["partnership"] == "NEW"


def test_acceptance_is_heard_as_registry_promises_it(matching: MatchingRoom) -> None:
    """Registry's own example can be applied."""
    matching.room.hear(ParticipationAccepted.of(an_id("any"), **ParticipationAccepted.read(ParticipationAccepted.example)))
