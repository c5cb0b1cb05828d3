"""The rules of a matching round, without a database."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bare.principal import Principal
from contracts.matching.refusals import RoundElsewhere
from services.matching.model.matching_round import LIFECYCLE, MatchingRound
from services.matching.ranking.assignment import Edge, Proposal, firsts
from tests.builders import A_MONDAY, auditor, contact_point, person, support_officer
from tests.matching.contacts import ITSELF, visitor_person
from tests.matching.profiles import an_id
from tests.matrix import Matrix, held

DESK = an_id("visitor partnership")


def a_round(state: str = "computing") -> MatchingRound:
    """A round of the usual visitor's partnership, put into a state."""
    made, _ = MatchingRound.start(DESK, by=contact_point(DESK), at=A_MONDAY)
    made.state = state
    return made


def make(of: MatchingRound, move: str, who: Principal) -> Any:
    """Make a move, the proposal with nobody in it."""
    if move == "propose":
        return of.propose(Proposal([], {}, {}, 0), visitors=0, data_version=1, by=who)
    return getattr(of, move)(by=who)


test_a_round_moves_as_its_table_says = held(
    Matrix(
        LIFECYCLE,
        subject=lambda state, move: a_round(state),
        people=lambda of: {
            "desk": (contact_point(DESK, "registrations"), {"maker"}),
            "support_officer": (support_officer(), {"maker"}),
            "paying_officer": (contact_point(DESK, "finance"), set()),
            "other_desk": (contact_point(an_id("host partnership")), set()),
            "visitor": (visitor_person(), set()),
            "auditor": (auditor(), set()),
            "itself": (ITSELF, {"matching"}),
        },
        make=make,
    )
)


def test_a_round_of_everybody_is_the_support_offices() -> None:
    """A contact point has none of its own."""
    with pytest.raises(RoundElsewhere):
        MatchingRound.start(None, by=contact_point(DESK), at=A_MONDAY)
    with pytest.raises(RoundElsewhere):
        MatchingRound.start(DESK, by=person(), at=A_MONDAY)
    assert MatchingRound.start(None, by=support_officer(), at=A_MONDAY)[0].partnership_id is None


def test_what_each_gives_up_is_held_against_its_own_first_choice() -> None:
    """Of two visitors with the same first choice one has it, and the sums say so."""
    a, b, x, y = (an_id(name) for name in "abxy")
    edges = [Edge(a, x, 900), Edge(a, y, 890), Edge(b, x, 800), Edge(b, y, 100)]
    made = a_round()
    proposal = Proposal([edges[1], edges[2]], *firsts(edges), hosts=2)
    pairs, fact = made.propose(proposal, visitors=3, data_version=7, by=ITSELF)
    assert fact.type == "round_proposed"
    assert (made.visitors, made.hosts, made.pairs, made.score_total, made.first_total) == (3, 2, 2, 1690, 1700)
    of_a, of_b = pairs
    assert (of_a.visitor_first_id, of_a.visitor_first_score, of_a.visitor_gives_up) == (x, 900, 10)
    assert (of_a.host_first_id, of_a.host_first_score) == (a, 890)
    assert (of_b.visitor_gives_up, of_b.host_first_id, of_b.host_first_score) == (0, a, 900)
