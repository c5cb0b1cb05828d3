"""Lifecycles as full matrices: each state x move x whoever might try, held against the table that the rules themselves ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import pytest

from chassis.bare.lifecycle import Lifecycle
from chassis.bare.principal import Principal
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours, Refusal

Somebody = tuple[Principal, Set[str]]
"""Who tries, and in which of the table's roles: said by the test, without asking the subject."""
Case = tuple[str, str, str]
"""State, move, and whoever tries."""


@dataclass(frozen=True)
class Matrix:
    """One lifecycle, how to put a subject into each of its states, who tries, and how each move is made.

    `subject` gets the state and the move that is to be tried, `people` the subject. `kept` is what a refusal leaves alone. What another
    rule than the table refuses is in `refused`, with its refusal; what leads elsewhere than the table says at first, because others
    have to follow, in `leads`; `nothing_there` are states without anything that the move could be tried on.
    """

    lifecycle: Lifecycle
    subject: Callable[[str, str], Any]
    people: Callable[[Any], Mapping[str, Somebody]]
    make: Callable[[Any, str, Principal], Any]
    state: Callable[[Any], str] = attrgetter("state")
    kept: Callable[[Any], Any] = lambda subject: None
    refused: Mapping[Case, type[Refusal]] = field(default_factory=dict)
    leads: Mapping[tuple[str, str], str] = field(default_factory=dict)
    nothing_there: Set[tuple[str, str]] = frozenset()

    def hold(self, move: str) -> None:
        """Have everybody try the move in every state; raises AssertionError with each case that is not as the table has it."""
        wrong = [said for state in self.lifecycle.states for said in self._tried(state, move)]
        assert not wrong, "\n".join(wrong)

    def roles_tried(self) -> list[set[str]]:
        """The table's roles of whoever tries in some state, one set for each; empty for somebody who is a stranger to the table."""
        subjects = [self.subject(state, self.lifecycle.names()[0]) for state in self.lifecycle.states]
        people = [each for subject in subjects for each in self.people(subject).values()]
        return [set(roles) & set(self.lifecycle.roles()) for _, roles in people]

    def _tried(self, state: str, move: str) -> list[str]:
        if (state, move) in self.nothing_there:
            return [f"{move} in {state}: the table has it"] if self._is_listed(state, move) else []
        # Whoever is refused changes nothing, so all who are refused share one subject.
        standing, wrong = self.subject(state, move), []
        for name in self.people(standing):
            problem = self._try(standing, (state, move, name))
            wrong += [f"{move} in {state} by {name}: {problem}"] if problem else []
        return wrong

    def _try(self, standing: Any, case: Case) -> str | None:
        state, move, name = case
        _, roles = self.people(standing)[name]
        if case in self.refused:
            return self._refusal(standing, case, self.refused[case])
        if move in self.lifecycle.open_moves(state, roles):
            return self._made(case)
        ever = any(move in self.lifecycle.open_moves(each, roles) for each in self.lifecycle.states)
        return self._refusal(standing, case, MoveNotAllowed if ever else MoveNotYours)

    def _made(self, case: Case) -> str | None:
        state, move, name = case
        subject = self.subject(state, move)
        who, roles = self.people(subject)[name]
        if self.state(subject) != state:
            return f"the subject was in {self.state(subject)}"
        try:
            self.make(subject, move, who)
        except Refusal as refusal:
            return f"refused with {refusal.code()}"
        expected = self.leads.get((state, move)) or self.lifecycle.after(state, move, roles)
        return None if self.state(subject) == expected else f"led to {self.state(subject)}, not to {expected}"

    def _refusal(self, subject: Any, case: Case, expected: type[Refusal]) -> str | None:
        state, move, name = case
        before = (state, self.kept(subject))
        try:
            self.make(subject, move, self.people(subject)[name][0])
        except expected:
            after = (self.state(subject), self.kept(subject))
            return None if after == before else f"refused, but it left {after} of {before}"
        except Refusal as refusal:
            return f"refused with {refusal.code()}, not with {expected.code()}"
        return f"made, led to {self.state(subject)}"

    def _is_listed(self, state: str, move: str) -> bool:
        return any(each.name == move and state in each.sources for each in self.lifecycle.moves)


def held(*matrices: Matrix) -> Callable[[str], None]:
    """A test of one lifecycle for a module to name: every move of it, held against each of these matrices."""

    @pytest.mark.parametrize("move", matrices[0].lifecycle.names())
    def test(move: str) -> None:
        for matrix in matrices:
            matrix.hold(move)

    test.matrices = matrices  # type: ignore[attr-defined]
    return test
