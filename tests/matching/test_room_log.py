"""The log of lists on a real database: shown, opened, contacted, answered, rated; and what is evaluated by it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from chassis.bare.refusals import InvalidFields
from contracts.agreements.events import ExchangeRated, ReportSubmitted
from contracts.matching import AcceptContact, AnswerElsewhere, CloseContact, DeclineContact, ReadCatalogueEntry
from contracts.matching.refusals import ParticipationNotFound
from contracts.registry.events import ParticipationPaused
from services.matching.evaluation import log
from services.matching.evaluation.decisions import Decision
from services.matching.model import OpenedEntry, Rating
from services.matching.queries import logged
from tests.builders import representative, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile, visitor_profile
from tests.matching.test_room_lists import matches
from tests.matching.test_room_matches import follow


def opened(matching: MatchingRoom, name: str = "host", who: Any = None, one: str = "visitor", role: str | None = "visitor") -> None:
    """Open an entry for one's own participation."""
    looking: dict[str, Any] = {"for_participation_id": an_id(f"{one} participation")} | ({"as": role} if role else {})
    matching.room.ask(ReadCatalogueEntry, who or visitor_person(), participation_id=an_id(f"{name} participation"), **looking)


def entries(matching: MatchingRoom) -> list[OpenedEntry]:
    """What is logged as opened."""
    with matching.room.unit() as unit:
        return list(unit.session.scalars(select(OpenedEntry).order_by(OpenedEntry.at)))


def decided(matching: MatchingRoom) -> dict[str, Decision]:
    """The decisions that the log tells of the visitor's lists, by the host's id."""
    with matching.room.unit() as unit:
        return {each.other: each for each in log.decisions(unit) if each.one.endswith("/visitor")}


def test_an_entry_opened_is_logged_with_its_place(matching: MatchingRoom) -> None:
    """Where it stood on the list that showed it last; without a list there is no place."""
    opened(matching)
    matching.accept(host_profile("other", can_teach=["wool dyeing"]))
    matching.room.clock.advance(seconds=1)
    version = matches(matching)["data_version"]
    matching.room.clock.advance(seconds=1)
    opened(matching, "other")
    before, after = entries(matching)
    assert (before.shown_list_id, before.position) == (None, None)
    assert (after.participation_id, after.role) == (an_id("visitor participation"), "visitor")
    assert (after.partner_participation_id, after.position, after.data_version) == (an_id("other participation"), 2, version)
    assert after.shown_list_id is not None


def test_who_only_browses_opens_nothing_in_the_log(matching: MatchingRoom) -> None:
    """The office, and a participant who does not say for which role it looks."""
    matching.room.ask(ReadCatalogueEntry, support_officer(), participation_id=an_id("host participation"))
    opened(matching, role=None)
    assert entries(matching) == []


def test_an_entry_is_looked_for_on_the_newest_lists_only(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the log is."""
    monkeypatch.setattr(logged, "LOOK_BACK", 2)
    matches(matching)
    matching.accept(host_profile("better", can_teach=["robot welding", "wool dyeing"]))
    for _ in range(2):
        matching.room.clock.advance(seconds=1)
        matches(matching, limit=1)
    (shown,) = matches(matching, limit=1)["items"]
    absent = "host" if shown["profile"]["legal_name"] == "Organisation better" else "better"
    opened(matching, absent)
    opened(matching, {"host": "better", "better": "host"}[absent])
    assert {each.partner_participation_id: each.position for each in entries(matching)} == {
        an_id(f"{absent} participation"): None,
        UUID(shown["profile"]["participation_id"]): 1,
    }


def test_an_old_link_shows_its_entry_and_logs_nothing(matching: MatchingRoom) -> None:
    """For a role that the participation has not (any more), and for one that is paused."""
    opened(matching, role="host")
    paused = {
        "participation_id": "visitor participation",
        "organisation_id": "visitor organisation",
        "partnership_id": "visitor partnership",
    }
    about = ParticipationPaused.read(ParticipationPaused.example) | {name: an_id(each) for name, each in paused.items()}
    second = {"organisation_id": str(an_id("visitor organisation")), "person_id": str(an_id("visitor person"))}
    matching.accept(visitor_profile("second", **second))
    matching.room.hear(ParticipationPaused.of(an_id("visitor participation"), **about), subject_version=2)
    opened(matching)
    assert entries(matching) == []
    opened(matching, one="second")
    assert len(entries(matching)) == 1


def test_opening_for_anothers_participation_is_refused(matching: MatchingRoom) -> None:
    """It is not logged."""
    with pytest.raises(ParticipationNotFound):
        opened(matching, one="host")
    with pytest.raises(InvalidFields):
        matching.room.ask(ReadCatalogueEntry, visitor_person(), participation_id=an_id("host participation"), **{"as": "visitor"})
    assert entries(matching) == []


def test_the_last_rating_of_each_side_is_kept(matching: MatchingRoom) -> None:
    """The host's own and the visitor's in its report; one that comes late does not undo a later one."""
    contact = matching.matched()
    follow(matching, ExchangeRated, contact, usefulness=4)
    fact = matching.room.facts("match_agreed")[-1]
    parties = {side: fact.data[side] for side in ("visitor", "host")}
    said = lambda usefulness: ReportSubmitted.of(  # noqa: E731
        contact["exchange_id"], exchange_id=contact["exchange_id"], usefulness=usefulness, **parties
    )
    matching.room.hear(said(5), subject_version=9)
    matching.room.hear(said(2), subject_version=8)
    with matching.room.unit() as unit:
        assert {each.side: each.usefulness for each in unit.session.scalars(select(Rating))} == {"host": 4, "visitor": 5}


def test_the_log_becomes_decisions_and_counts(matching: MatchingRoom) -> None:
    """One host is shown, asked and says yes, one is shown and says no, one is only shown."""
    for name in ("asked", "ignored"):
        matching.accept(host_profile(name))
    shown = [each["profile"]["participation_id"] for each in matches(matching)["items"]]
    opened(matching)
    matching.room.clock.advance(hours=1)
    matching.move(AcceptContact, host_person(), matching.request())
    declined = matching.request(host="asked")
    matching.move(DeclineContact, _person_of("asked"), declined, reason="no_time")
    matching.room.clock.advance(hours=1)
    matches(matching)
    found = decided(matching)
    yes, no, neither = (found[str(an_id(f"{name} participation"))] for name in ("host", "asked", "ignored"))
    assert (yes.one_decision, yes.other_decision, yes.is_mutual) == (True, True, True)
    assert (no.one_decision, no.other_decision) == (True, False)
    assert (neither.one_decision, neither.other_decision) == (False, False)
    assert yes.position == shown.index(str(an_id("host participation"))) + 1
    assert sum(yes.ones.weights.values()) == 1000 and yes.ones.levels["learning"] == 1000
    with matching.room.unit() as unit:
        assert log.funnel(unit) == log.Funnel(2, 1, 2, 2, 1, 0, None)


@pytest.mark.parametrize("closed", [False, True])
def test_a_request_answered_elsewhere_is_no_yes(matching: MatchingRoom, closed: bool) -> None:
    """What was said outside of the tool is not known; also when the contact is closed later."""
    matches(matching)
    contact = matching.move(AnswerElsewhere, host_person(), matching.request(), way="telephone")
    if closed:
        matching.move(CloseContact, host_person(), contact)
    one = decided(matching)[str(an_id("host participation"))]
    assert (one.one_decision, one.other_decision) == (True, False)
    with matching.room.unit() as unit:
        assert log.funnel(unit)[2:5] == (1, 1, 0)


def test_a_yes_stays_one_after_the_contact_was_closed(matching: MatchingRoom) -> None:
    """The other accepted, and nothing came of it."""
    matches(matching)
    matching.move(CloseContact, visitor_person(), matching.accepted())
    assert decided(matching)[str(an_id("host participation"))].is_mutual
    with matching.room.unit() as unit:
        assert log.funnel(unit)[2:5] == (1, 1, 1)


def test_what_was_decided_before_it_was_shown_is_no_outcome(matching: MatchingRoom) -> None:
    """A request made without any list says nothing of lists."""
    matching.move(DeclineContact, host_person(), matching.request(), reason="no_time")
    matching.room.clock.advance(days=31)
    matches(matching)
    assert not decided(matching)[str(an_id("host participation"))].one_decision


def _person_of(name: str) -> Any:
    return representative(an_id(f"{name} organisation"))
