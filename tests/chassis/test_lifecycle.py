"""Lifecycles: the table decides, and who may never make a move is told that before anything else."""

from __future__ import annotations

import itertools

import pytest

from chassis.bare.lifecycle import Lifecycle, Made, move, noting
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours

DOOR = Lifecycle(
    "door",
    "closed",
    move("open", "closed", "open", "porter guest"),
    move("close", "open ajar", "closed", "porter"),
    move("lock", "closed", "locked", "porter"),
    move("unlock", "locked", "closed", "porter"),
    move("unlock", "locked", "open", "firefighter"),
)


def test_states_are_those_the_table_names_the_initial_first() -> None:
    """Nothing else lists the states."""
    assert DOOR.states == ("closed", "open", "ajar", "locked")


def test_move_leads_where_the_table_says() -> None:
    """The rule assigns what `after` answers."""
    assert DOOR.after("closed", "open", ["guest"]) == "open"


def test_same_move_may_lead_elsewhere_for_another_role() -> None:
    """The line of the role that acts counts."""
    assert (DOOR.after("locked", "unlock", ["porter"]), DOOR.after("locked", "unlock", ["firefighter"])) == ("closed", "open")


@pytest.mark.parametrize("state", DOOR.states)
def test_stranger_is_told_that_the_move_is_not_theirs_whatever_the_state(state: str) -> None:
    """Somebody who may never make the move learns nothing about the state."""
    with pytest.raises(MoveNotYours) as refused:
        DOOR.after(state, "lock", ["guest"])
    assert refused.value.details == {"move": "lock", "roles": "porter"}


def test_move_in_a_wrong_state_names_state_and_move() -> None:
    """Whoever may make the move is told why not now."""
    with pytest.raises(MoveNotAllowed) as refused:
        DOOR.after("locked", "close", ["porter"])
    assert refused.value.details == {"move": "close", "subject": "door", "state": "locked"}


def test_unknown_move_is_nobodys() -> None:
    """A move that is not in the table is refused rather than found missing."""
    with pytest.raises(MoveNotYours):
        DOOR.after("closed", "paint", ["porter"])


@pytest.mark.parametrize(("state", "name", "role"), list(itertools.product(DOOR.states, DOOR.names(), DOOR.roles())))
def test_open_moves_are_exactly_those_that_after_allows(state: str, name: str, role: str) -> None:
    """What a page offers is what the rule takes: the full matrix."""
    try:
        DOOR.after(state, name, [role])
        possible = True
    except (MoveNotAllowed, MoveNotYours):
        possible = False
    assert possible == DOOR.allows(state, name, role)


def test_open_moves_come_once_and_in_the_tables_order() -> None:
    """Two lines of one move are one button."""
    assert DOOR.open_moves("locked", ["porter", "firefighter"]) == ["unlock"]
    assert DOOR.open_moves("closed", ["porter"]) == ["open", "lock"]


def test_moves_are_noted_where_somebody_wants_to_know_with_the_roles_that_counted() -> None:
    """Whoever commits them says by which door they came; a refusal is no move, and nothing is kept outside."""
    with noting() as made:
        DOOR.after("closed", "open", ["guest", "neighbour", "porter"])
        with pytest.raises(MoveNotAllowed):
            DOOR.after("locked", "open", ["guest"])
        with noting() as inner:
            DOOR.after("open", "close", ["porter"])
    DOOR.after("closed", "lock", ["porter"])
    assert made == [Made("door", "open", "closed", ("guest", "porter"))]
    assert inner == [Made("door", "close", "open", ("porter",))]
