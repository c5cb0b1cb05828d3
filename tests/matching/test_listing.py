"""The lives of hosting, listing, answering, block and complaint, as full matrices of state, move and whoever tries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from contracts.matching.blocks import BLOCK_STATES
from contracts.matching.complaints import COMPLAINT_STATES
from contracts.matching.listings import ANSWERING_STATES, HOSTING_STATES, LISTING_STATES
from services.matching.model import Block, Complaint, Participant
from services.matching.model.answering import ANSWERING, Silence
from services.matching.model.block import BLOCK
from services.matching.model.complaint import COMPLAINT
from services.matching.model.listing import HOSTING, LISTING
from tests.builders import A_MONDAY
from tests.matching.contacts import everybody, host_person, participant, visitor_person
from tests.matching.profiles import host_profile, visitor_profile
from tests.matrix import Matrix, Somebody, held

COMPLAINER = visitor_person()
ARGUMENTS: dict[str, dict[str, Any]] = {
    "pause_hosting": {"until": None},
    "ask_confirmation": {"confirm_by": A_MONDAY + timedelta(21)},
    "confirm_listing": {"at": A_MONDAY},
    "warn_of_silence": {"at": A_MONDAY, "sinks_from": A_MONDAY + timedelta(7)},
    "lift": {"at": A_MONDAY},
    "uphold": {"at": A_MONDAY, "measure": "warning", "words": "We warned them."},
    "dismiss": {"at": A_MONDAY, "words": "We saw nothing wrong."},
}


def make(of: Any, move: str, who: Any) -> Any:
    """Somebody makes a move."""
    return getattr(of, move)(by=who, **ARGUMENTS.get(move, {}))


def standing_as(**states: Any) -> Participant:
    """The usual host, listed as said; where it is asked to confirm, by when."""
    made = participant(host_profile())
    made.confirm_by = A_MONDAY
    for name, state in states.items():
        setattr(made, name, state)
    return made


def with_its_people(of: Any) -> dict[str, Somebody]:
    """Everybody, and what each is to the host's listing."""
    roles = {"host": {"representative"}, "itself": {"matching"}}
    return {name: (who, roles.get(name, set())) for name, who in everybody().items()}


def block(state: str, move: str) -> Block:
    """The host blocks the visitor."""
    made, _ = Block.begin(participant(host_profile()), participant(visitor_profile()), by=host_person(), at=A_MONDAY)
    made.state = state
    return made


def complaint(state: str, move: str) -> Complaint:
    """Somebody of the visitor complaints the host."""
    about = {"kind": "participation", "about_name": "The host"}
    made, _ = Complaint.receive(about, reason="other", text="What they do is not right.", by=COMPLAINER, at=A_MONDAY)
    made.state = state
    return made


def around_complaint(of: Any) -> dict[str, Somebody]:
    """Everybody, and whoever complained."""
    others = {name: (who, {"support_officer"} if name == "support_officer" else set()) for name, who in everybody().items()}
    return others | {"complainer": (COMPLAINER, {"complainer"})}


def blockers(of: Any) -> dict[str, Somebody]:
    """Everybody, the host being who blocked."""
    return {name: (who, {"blocker"} if name == "host" else set()) for name, who in everybody().items()}


test_hosting_moves_as_its_table_says = held(
    Matrix(
        HOSTING, lambda state, move: standing_as(hosting=state), with_its_people, make, lambda of: of.hosting, lambda of: of.hosting_until
    )
)
test_a_listing_moves_as_its_table_says = held(
    Matrix(
        LISTING, lambda state, move: standing_as(listing=state), with_its_people, make, lambda of: of.listing, lambda of: of.confirmed_at
    )
)
test_answering_moves_as_its_table_says = held(
    Matrix(
        ANSWERING,
        lambda state, move: standing_as(answering=state),
        with_its_people,
        make,
        lambda of: of.answering,
        lambda of: of.silence_warned_at,
    )
)
test_a_block_moves_as_its_table_says = held(Matrix(BLOCK, block, blockers, make, kept=lambda of: of.lifted_at))
test_a_complaint_moves_as_its_table_says = held(
    Matrix(COMPLAINT, complaint, around_complaint, make, kept=lambda of: (of.decision, of.measure))
)


def test_the_states_promised_are_the_states_there_are() -> None:
    """Contracts list exactly the tables' states."""
    promised = {
        ANSWERING: ANSWERING_STATES,
        HOSTING: HOSTING_STATES,
        LISTING: LISTING_STATES,
        BLOCK: BLOCK_STATES,
        COMPLAINT: COMPLAINT_STATES,
    }
    assert {table: set(states) for table, states in promised.items()} == {table: set(table.states) for table in promised}


def test_who_hosts_nobody_has_nothing_to_pause() -> None:
    """The visitor is shown no such move."""
    visitor, host = participant(visitor_profile()), participant(host_profile())
    assert visitor.listing_moves(visitor_person()) == ["confirm_listing"]
    assert host.listing_moves(host_person()) == ["pause_hosting", "confirm_listing"]
    assert host.listing_moves(visitor_person()) == []


def missed(host: Participant, day: int) -> str | None:
    """The host lets a request expire on that day; what it is told."""
    fact = host.miss_request(by=everybody()["itself"], at=A_MONDAY + timedelta(day), silence=Silence(3, 7))
    return fact.type if fact else None


def test_a_host_sinks_by_the_third_request_in_a_row_and_never_within_a_week_of_the_warning() -> None:
    """However many expire within that week."""
    host = standing_as()
    assert [missed(host, day) for day in (0, 1, 2, 3, 7)] == [None, "silence_warned", None, None, None]
    assert (host.answering, host.is_silent) == ("warned", False)
    assert (missed(host, 8), host.is_silent, missed(host, 9)) == ("silent_host_sunk", True, None)


def test_one_answer_makes_good_for_all_that_was_missed() -> None:
    """Whoever answers in time is not even told."""
    host = standing_as()
    assert missed(host, 0) is None and host.answer_request(by=host_person()) is None
    assert [missed(host, day) for day in (1, 2)] == [None, "silence_warned"]
    assert host.answer_request(by=host_person()).type == "silent_host_risen"
    assert (host.answering, host.unanswered, host.silence_warned_at) == ("answers", 0, None)
    assert [missed(host, day) for day in (20, 21, 28)] == [None, "silence_warned", "silent_host_sunk"]


def test_who_takes_no_guests_misses_nothing() -> None:
    """Neither while hosting is paused, nor while the participation is."""
    for states in ({"hosting": "paused"}, {"state": "paused"}):
        host = standing_as(**states)
        assert [missed(host, day) for day in (0, 10, 20)] == [None, None, None] and host.unanswered == 0


def test_whatever_the_figures_become_nobody_sinks_without_a_warning() -> None:
    """Fewer requests are enough from today on: the first one after that warns."""
    host = standing_as(unanswered=5)
    assert (missed(host, 0), missed(host, 7)) == ("silence_warned", "silent_host_sunk")


def test_the_words_of_complaints_do_not_travel() -> None:
    """Ids and codes alone."""
    made = complaint("received", "")
    fact = made.uphold(by=everybody()["support_officer"], measure="warning", words="We warned them.", at=A_MONDAY)
    assert "warned them" not in str(fact) and "not right" not in str(fact)
    assert fact.data["measure"] == "warning"
