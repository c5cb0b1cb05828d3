"""Conversations, copies and limits, without I/O."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.matching.refusals import AskedBefore, ReadingOnly, TooManyOpenRequests, TooManyRequestsToday, WritingNotPossible
from services.matching.model import Base, Limits, Partnership, Standing
from tests.builders import A_MONDAY, contact_point
from tests.matching.contacts import conversation, everybody, participant, visitor_person
from tests.matching.profiles import an_id, visitor_profile

LIMITS = Limits(2, 3, 30, 3, 7, 14, 3, 5, 7, 30, 180, 7, 21)


@pytest.mark.parametrize(("of_exchange", "writers"), [(False, 2), (True, 4)])
def test_only_those_who_take_part_write(of_exchange: bool, writers: int) -> None:
    """Visitor and host; in an exchange's conversation both contact points as well; nobody else."""
    talk, sides = conversation(of_exchange=of_exchange), []
    for who in everybody().values():
        try:
            sides.append(talk.send("Hello", by=who, at=A_MONDAY)[0].side)
        except ReadingOnly:
            continue
    assert sides == ["visitor", "host", "visitor_partnership", "host_partnership"][:writers]
    assert talk.messages == writers


def test_a_paying_officer_is_no_contact_point() -> None:
    """Finance alone gives no word in an exchange's conversation."""
    with pytest.raises(ReadingOnly):
        conversation(of_exchange=True).send("Hello", by=contact_point(an_id("host partnership"), "finance"), at=A_MONDAY)


@pytest.mark.parametrize("state", ["closed", "declined", "expired", "withdrawn", "pending"])
def test_nothing_is_written_in_a_contact_that_is_not_accepted_or_has_ended(state: str) -> None:
    """A conversation needs an accepted contact."""
    with pytest.raises(WritingNotPossible):
        conversation(state=state).send("Hello", by=visitor_person(), at=A_MONDAY)


def test_a_message_is_announced_by_ids_alone() -> None:
    """Neither name nor text travels."""
    _, fact = conversation(of_exchange=True).send("Between us", by=visitor_person(name="Somebody"), at=A_MONDAY)
    assert "Between us" not in str(fact) and "Somebody" not in str(fact)
    assert len(fact.data["organisation_ids"]) == len(fact.data["partnership_ids"]) == 2


def test_a_contacts_conversation_is_no_affair_of_partnerships() -> None:
    """Only the exchange's has contact points in it."""
    _, fact = conversation().send("Hello", by=visitor_person(), at=A_MONDAY)
    assert (fact.data["partnership_ids"], fact.audience) == ([], ())


def test_requests_are_limited_by_day_and_by_how_many_wait() -> None:
    """The last one allowed passes, one more does not."""
    LIMITS.check_counts(made_within_a_day=1, waiting=2)
    with pytest.raises(TooManyRequestsToday):
        LIMITS.check_counts(made_within_a_day=2, waiting=0)
    with pytest.raises(TooManyOpenRequests):
        LIMITS.check_counts(made_within_a_day=0, waiting=3)


def test_who_declined_is_left_in_peace_for_a_while() -> None:
    """Asking again is refused until the days are over."""
    LIMITS.check_asking_again(None, A_MONDAY)
    LIMITS.check_asking_again(A_MONDAY - timedelta(days=30), A_MONDAY)
    with pytest.raises(AskedBefore):
        LIMITS.check_asking_again(A_MONDAY - timedelta(days=29), A_MONDAY)


def test_columns_with_personal_data_say_why_on_what_ground_and_how_long() -> None:
    """Persons' ids and names, and what people write to each other."""
    written = {"name", "text", "reason", "decline_text"}
    columns = [
        each
        for table in ("contact", "message", "read_mark", "participant")
        for each in Base.metadata.tables[table].columns
        if each.name.endswith("person_id") or each.name in written
    ]
    assert len(columns) == 9
    assert all(set(each.info["personal"]) == {"purpose", "basis", "retention"} for each in columns)


def test_a_profile_that_is_not_newer_is_dropped() -> None:
    """The newest revision wins, whatever the order of arrival."""
    copy = participant(visitor_profile(town="Vigo"), revision=3)
    assert not copy.take_over(visitor_profile(town="Lugo"), 3)
    assert not copy.take_over(visitor_profile(town="Lugo"), 2)
    assert copy.profile["town"] == "Vigo"
    assert copy.take_over(visitor_profile(town="Lugo"), 4)
    assert copy.profile["town"] == "Lugo"


def test_a_copy_knows_only_the_roles_somebody_is_eligible_for() -> None:
    """A wish to visit without eligibility is no role."""
    assert participant(visitor_profile(roles=["host", "visitor"], may_visit=False)).roles == ["host"]


def test_an_older_state_that_comes_late_is_dropped() -> None:
    """Paused after resumed, delivered the other way round, leaves it resumed."""
    standing = Standing(participation_id=an_id("one"), state="accepted", heard_version=5)
    assert not standing.hear("paused", 4)
    assert standing.state == "accepted"
    assert standing.hear("paused", 6)


def test_an_older_word_of_a_partnership_is_dropped() -> None:
    """Partnerships are copied whole, the newest wins."""
    copy = Partnership(partnership_id=an_id("one"))
    copy.take_over({"acronym": "NEW", "name": "New", "country": "ES"}, 2)
    copy.take_over({"acronym": "OLD", "name": "Old", "country": "ES"}, 1)
    assert copy.acronym == "NEW"
