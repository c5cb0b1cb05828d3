"""Hints: that something changed, and whom it concerns; never what. They let a page fetch anew what its reader may see.

An event says in its contract which words it tells (`tells`) and to whom (`concerns`). A hint is lost without harm: whoever listens
fetches all anew when a connection comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from chassis.bare.message import Event, kinds_of
from chassis.bare.principal import PERSON, Principal


@dataclass(frozen=True)
class Hint:
    """Words of what changed (`exchanges:<id>`), and who may hear them (`role@place`, `person@id`; nothing behind the @: everywhere)."""

    words: tuple[str, ...]
    to: frozenset[str]

    def as_message(self) -> dict[str, list[str]]:
        """As it travels."""
        return {"words": list(self.words), "to": sorted(self.to)}

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> Hint:
        """As it arrived; raises KeyError or TypeError for anything else."""
        return cls(tuple(str(each) for each in message["words"]), frozenset(str(each) for each in message["to"]))


def hint_of(event: type[Event] | None, data: dict[str, Any]) -> Hint | None:
    """The hint of something that happened, if its contract has one; `data` as they are on the wire."""
    if event is None or not event.tells:
        return None
    to = frozenset(each for concern in event.concerns for each in _places(concern, data))
    return Hint(tuple(word.format(**data) for word in event.tells), to) if to else None


def hears(who: Principal) -> list[str]:
    """What concerns this person: itself, and the roles it holds."""
    own = [f"{PERSON}@{who.id}"] if who.kind == PERSON else []
    return own + sorted(f"{role}@{place or ''}" for role, place in who.roles)


@cache
def event_called(title: str) -> type[Event] | None:
    """The contract of an event by its type; who announces it has loaded it, so the answer stays."""
    return next((event for event in kinds_of(Event) if event.slug() == title), None)


def _places(concern: str, data: dict[str, Any]) -> Iterator[str]:
    role, _, path = concern.partition("@")
    for place in _all_at(data, path) if path else [""]:
        yield f"{role}@{place}"


def _all_at(data: dict[str, Any], path: str) -> Iterable[str]:
    """The ids there: one, several, or none where there is null."""
    found: Any = data
    for name in path.split("."):
        found = found[name]
    return found if isinstance(found, list) else [found] if found else []
