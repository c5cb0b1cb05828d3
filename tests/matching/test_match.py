"""Matches and pairs: what forbids an exchange, and how a match follows its exchange."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bare.refusals import Refusal
from contracts.matching.refusals import (
    HostFull,
    PartnerNotActive,
    RoleNotTaken,
    SameCountry,
    SameOrganisation,
    VisitConsumed,
    VisitorHasExchange,
)
from services.matching.model import Match, Pair
from services.matching.model.match import LIFECYCLE
from tests.builders import A_MONDAY
from tests.matching.contacts import ITSELF, contact, everybody, match, participant
from tests.matching.profiles import an_id, host_profile, visitor_profile
from tests.matrix import Matrix, held

test_a_match_moves_as_its_table_says_and_by_this_service_alone = held(
    Matrix(
        LIFECYCLE,
        subject=lambda state, move: match(state),
        people=lambda match: {name: (who, {"matching"} if name == "itself" else set()) for name, who in everybody().items()},
        make=lambda match, move, who: getattr(match, move)(by=who, at=A_MONDAY),
        kept=lambda match: (match.started_at, match.over_at),
    )
)


def test_agreeing_mints_an_exchange_and_names_both_parties() -> None:
    """The contact carries the exchange's id from then on, and the fact goes to both partnerships."""
    of = contact(state="matched")
    made, fact = Match.agree(of, A_MONDAY)
    assert of.exchange_id == made.exchange_id
    assert (fact.type, fact.subject) == ("match_agreed", f"exchange/{made.exchange_id}")
    assert fact.data["visitor"]["organisation_id"] == str(an_id("visitor organisation"))
    assert len(fact.audience) == 2


def test_a_start_heard_late_still_consumes_the_visit() -> None:
    """Terminated first, started after: the visit took place."""
    made = match("terminated")
    made.start(by=ITSELF, at=A_MONDAY)
    assert made.started_at == A_MONDAY
    assert made.is_over


FREE: dict[str, Any] = {"visit_consumed": False, "is_visiting": False, "hosted": 0}
FORBIDDEN: list[tuple[type[Refusal], dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (RoleNotTaken, {"roles": ["host"]}, {}, {}),
    (RoleNotTaken, {"may_visit": False}, {}, {}),
    (RoleNotTaken, {}, {"roles": ["visitor"]}, {}),
    (RoleNotTaken, {}, {"may_host": False}, {}),
    (SameCountry, {"country": "PT"}, {}, {}),
    (SameOrganisation, {"organisation_id": str(an_id("host organisation"))}, {}, {}),
    (VisitConsumed, {}, {}, {"visit_consumed": True}),
    (VisitorHasExchange, {}, {}, {"is_visiting": True}),
    (HostFull, {}, {}, {"hosted": 1}),
    (HostFull, {}, {"capacity": 0}, {}),
]


def test_two_who_may_have_an_exchange_are_not_refused() -> None:
    """The pair from which every refusal departs."""
    Pair(participant(visitor_profile()), participant(host_profile()), **FREE).check()


@pytest.mark.parametrize(("refusal", "of_visitor", "of_host", "standing"), FORBIDDEN)
def test_what_forbids_an_exchange_is_refused_by_its_name(
    refusal: type[Refusal], of_visitor: dict[str, Any], of_host: dict[str, Any], standing: dict[str, Any]
) -> None:
    """Each obstacle has its own refusal."""
    pair = Pair(participant(visitor_profile(**of_visitor)), participant(host_profile(**of_host)), **FREE | standing)
    with pytest.raises(refusal):
        pair.check()


@pytest.mark.parametrize("state", ["paused", "withdrawn", "expired"])
def test_nobody_has_an_exchange_with_one_who_does_not_take_part_at_present(state: str) -> None:
    """A paused, withdrawn or expired participation is refused on either side."""
    visitor, host = participant(visitor_profile()), participant(host_profile(), state=state)
    with pytest.raises(PartnerNotActive):
        Pair(visitor, host, **FREE).check()
    visitor.state, host.state = state, "accepted"
    with pytest.raises(PartnerNotActive):
        Pair(visitor, host, **FREE).check()
