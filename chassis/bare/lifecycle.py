"""Lifecycles as tables: which move leads from which states to which, and who may make it.

The table is data; a model's rule asks it with `after` and assigns what it answers. Everything the table does not list is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from chassis.bare.refusals import MoveNotAllowed, MoveNotYours


@dataclass(frozen=True)
class Move:
    """One move: `name` is also the name of the model's method that makes it; `by` the roles that may."""

    name: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]


def move(name: str, sources: str | Iterable[str], target: str, by: str | Iterable[str]) -> Move:
    """Write a move with single names or several, whichever it needs."""
    return Move(name, _names(sources), target, _names(by))


def _names(names: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(names.split()) if isinstance(names, str) else tuple(names)


@dataclass(frozen=True)
class Made:
    """One move that was made: of which kind of subject, from which state, and in which of the roles that may."""

    subject: str
    move: str
    state: str
    roles: tuple[str, ...]


_noted: ContextVar[list[Made] | None] = ContextVar("moves_noted", default=None)


@contextmanager
def noting() -> Iterator[list[Made]]:
    """Collect the moves that rules make meanwhile, so that whoever commits them can say by which door they came."""
    made: list[Made] = []
    before = _noted.set(made)
    try:
        yield made
    finally:
        _noted.reset(before)


class Lifecycle:
    """The moves of one kind of subject."""

    def __init__(self, subject: str, initial: str, *moves: Move) -> None:
        self.subject, self.initial, self.moves = subject, initial, moves
        self.states = tuple(dict.fromkeys([initial, *self._mentioned()]))

    def after(self, state: str, name: str, roles: Iterable[str]) -> str:
        """The state that follows; raises MoveNotYours for another's move, MoveNotAllowed in a state without it.

        Whoever may never make the move is told so first: a stranger learns nothing about the state.
        """
        held, named = set(roles), [each for each in self.moves if each.name == name]
        mine = [each for each in named if held & set(each.by)]
        if not mine:
            raise MoveNotYours(move=name, roles=", ".join(sorted({role for each in named for role in each.by})))
        for each in mine:
            if state in each.sources:
                self._note(each, state, held)
                return each.target
        raise MoveNotAllowed(move=name, subject=self.subject, state=state)

    def open_moves(self, state: str, roles: Iterable[str]) -> list[str]:
        """The names of the moves these roles may make now, in the table's order."""
        held = set(roles)
        names = [each.name for each in self.moves if state in each.sources and held & set(each.by)]
        return list(dict.fromkeys(names))

    def roles(self) -> tuple[str, ...]:
        """Every role the table names, sorted."""
        return tuple(sorted({role for each in self.moves for role in each.by}))

    def names(self) -> tuple[str, ...]:
        """Every move's name, in the table's order."""
        return tuple(dict.fromkeys(each.name for each in self.moves))

    def allows(self, state: str, name: str, role: str) -> bool:
        """Whether that role may make that move in that state: what a matrix test compares with."""
        return name in self.open_moves(state, [role])

    def _note(self, made: Move, state: str, held: set[str]) -> None:
        noted = _noted.get()
        if noted is not None:
            noted.append(Made(self.subject, made.name, state, tuple(sorted(held & set(made.by)))))

    def _mentioned(self) -> Iterator[str]:
        for each in self.moves:
            yield from each.sources
            yield each.target
