"""The evidence of an exchange: each file, and all of it as a whole."""

from __future__ import annotations

import pytest

from contracts.payments.refusals import (
    EvidenceComplete,
    NoEvidence,
    StayNotOver,
    TooManyFiles,
)
from contracts.payments.words import EVIDENCE_STATES, SUPPLEMENT_STATES
from services.payments.model import DOSSIER, EVIDENCE, SUPPLEMENT, Evidence
from services.payments.model.evidence import MOST_FILES
from tests.builders import A_MONDAY
from tests.matrix import Matrix, held
from tests.payments.exchanges import (
    EVERYBODY,
    FILE,
    FIRST,
    VISITOR,
    opened,
)


def with_file(state="uploaded"):
    """An exchange that has ended, with one file of evidence in that state."""
    exchange = opened(stage="ended")
    exchange.add_evidence(Evidence.upload("boarding_pass", FILE, VISITOR.person, A_MONDAY), VISITOR)
    exchange.evidence[0].state = state
    return exchange


def test_the_contract_names_every_state_of_a_request_and_of_a_file():
    """What clients are told of and what the tables know is the same."""
    assert set(SUPPLEMENT_STATES) == set(SUPPLEMENT.states)
    assert set(EVIDENCE_STATES) == set(EVIDENCE.states)


def move_file(file, move, who):
    """Make a move of a file of evidence."""
    reason = {"reason": "unreadable", "comment": None} if move == "send_back" else {}
    return getattr(file, move)(who, A_MONDAY, **reason)


test_a_file_moves_as_its_table_says = held(
    Matrix(
        EVIDENCE,
        subject=lambda state, move: with_file(state).evidence[0],
        people=lambda file: EVERYBODY,
        make=move_file,
        kept=lambda file: (file.decided_by, file.decided_at, file.reason),
    )
)


def all_evidence(state, move):
    """The evidence of an exchange, still collected or accepted."""
    exchange = with_file()
    exchange.evidence_accepted_at = A_MONDAY if state == "accepted" else None
    return exchange


def move_all(exchange, move, who):
    """Add one more file, or accept all of them."""
    if move == "add_evidence":
        return exchange.add_evidence(Evidence.upload("other", FILE, VISITOR.person, A_MONDAY), who)
    return exchange.accept_evidence(who, A_MONDAY)


test_evidence_as_a_whole_moves_as_its_table_says = held(
    Matrix(
        DOSSIER,
        all_evidence,
        people=lambda exchange: EVERYBODY,
        make=move_all,
        state=lambda exchange: exchange.evidence_state,
        kept=lambda exchange: [each.state for each in exchange.evidence],
    )
)


def test_accepting_all_accepts_what_was_not_decided_yet():
    """One step for the paying officer; what was returned stays returned."""
    exchange = with_file()
    exchange.add_evidence(Evidence.upload("other", FILE, VISITOR.person, A_MONDAY), VISITOR)
    exchange.evidence[1].state = "returned"
    facts = exchange.accept_evidence(FIRST, A_MONDAY)
    assert [fact.type for fact in facts] == ["evidence_file_accepted", "evidence_accepted"]
    assert [each.state for each in exchange.evidence] == ["accepted", "returned"]


@pytest.mark.parametrize("stage", ["opened", "ready", "running", "cancelled", "terminated", "no_show"])
def test_evidence_is_not_accepted_as_a_whole_before_the_stay_is_over(stage):
    """It would be shut before the journey home; it is not offered either."""
    exchange = with_file()
    exchange.stage = stage
    with pytest.raises(StayNotOver):
        exchange.accept_evidence(FIRST, A_MONDAY)
    assert (exchange.evidence_state, exchange.evidence[0].state, exchange.evidence_moves(FIRST)) == ("collecting", "uploaded", [])
    exchange.stage = "ended"
    assert exchange.evidence_moves(FIRST) == ["accept_evidence"]


@pytest.mark.parametrize("exchange", [opened(stage="ended"), with_file("returned"), with_file("withdrawn")])
def test_no_evidence_is_not_accepted(exchange):
    """Something must be there that counts."""
    with pytest.raises(NoEvidence):
        exchange.accept_evidence(FIRST, A_MONDAY)
    assert exchange.evidence_accepted_at is None


@pytest.mark.parametrize(("name", "who"), [("withdraw", VISITOR), ("accept", FIRST), ("send_back", FIRST)])
def test_complete_evidence_is_not_changed(name, who):
    """What the payment rests on stays."""
    exchange = with_file()
    exchange.evidence_accepted_at = A_MONDAY
    reason = {"reason": "unreadable", "comment": None} if name == "send_back" else {}
    with pytest.raises(EvidenceComplete):
        getattr(exchange.evidence[0], name)(who, A_MONDAY, **reason)
    assert exchange.evidence[0].open_moves(who) == []


def test_a_returned_file_says_why():
    """The visitor reads reason and comment; the fact carries the reason's code alone."""
    exchange = with_file()
    fact = exchange.evidence[0].send_back(FIRST, A_MONDAY, "wrong_dates", "It is of last year.")
    assert (exchange.evidence[0].reason, exchange.evidence[0].comment) == ("wrong_dates", "It is of last year.")
    assert "last year" not in str(fact)


def test_an_exchange_holds_so_many_files_and_no_more():
    """A quota that withdrawing does not lift."""
    exchange = with_file()
    exchange.evidence += [Evidence.upload("other", FILE, VISITOR.person, A_MONDAY) for _ in range(MOST_FILES - 1)]
    with pytest.raises(TooManyFiles):
        exchange.add_evidence(Evidence.upload("other", FILE, VISITOR.person, A_MONDAY), VISITOR)
    exchange.evidence[0].withdraw(VISITOR, A_MONDAY)
    with pytest.raises(TooManyFiles):
        exchange.add_evidence(Evidence.upload("other", FILE, VISITOR.person, A_MONDAY), VISITOR)
