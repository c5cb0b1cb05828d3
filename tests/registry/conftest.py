"""A registry with a partnership in it, and ways to bring registrations to a state as in life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.bare.message import Command
from chassis.bare.principal import Principal
from contracts.identity.events import RoleGranted
from contracts.registry import (
    AcceptRegistration,
    BeginRegistration,
    CreatePartnership,
    ReadRegistration,
    ReviseRegistration,
    SubmitRegistration,
    UploadCv,
)
from tests.builders import administrator, contact_point, person
from tests.registry.forms import CV, answers, loaded
from tests.room import Room


@dataclass
class Scene:
    """A room with one open partnership and its contact point for registrations."""

    room: Room
    partnership_id: UUID
    checker: Principal

    def begin(self, author: Principal, **fields: Any) -> dict[str, Any]:
        """A draft of that person."""
        return self.room.ask(BeginRegistration, author, **fields)

    def draft(self, author: Principal | None = None, **steps: Any) -> tuple[dict[str, Any], Principal]:
        """A draft with everything filled in, and its author."""
        author = author or person()
        view = self.begin(author)
        given = loaded(answers(steps.pop("at", self.partnership_id), **steps))
        self.room.ask(ReviseRegistration, author, if_match=view["version"], participation_id=view["participation_id"], **given)
        return self.room.ask(UploadCv, author, participation_id=view["participation_id"], cv=CV), author

    def submitted(self, author: Principal | None = None, **steps: Any) -> tuple[dict[str, Any], Principal]:
        """A submitted registration and its author."""
        view, author = self.draft(author, **steps)
        return self.move(SubmitRegistration, author, view), author

    def accepted(self, **steps: Any) -> tuple[dict[str, Any], Principal]:
        """An accepted participation and its author."""
        view, author = self.submitted(**steps)
        self.move(AcceptRegistration, self.checker, view)
        return self.read(author, view), author

    def move(self, contract: Any, who: Principal, view: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Ask for a move of a registration; where a version is to be named, of the one that this person reads now."""
        if issubclass(contract, Command) and contract.if_match:
            fields = {"if_match": self.read(who, view)["version"], **fields}
        return self.room.ask(contract, who, participation_id=view["participation_id"], **fields)

    def read(self, who: Principal, view: dict[str, Any]) -> dict[str, Any]:
        """Read a registration."""
        return self.move(ReadRegistration, who, view)

    def revise(self, who: Principal, view: dict[str, Any], **steps: Any) -> dict[str, Any]:
        """Change answers of the version that the view shows."""
        return self.room.ask(ReviseRegistration, who, if_match=view["version"], participation_id=view["participation_id"], **steps)

    def another_partnership(self, **content: Any) -> UUID:
        """A further partnership."""
        content = CreatePartnership.example | {"acronym": f"P-{uuid4().hex[:8]}"} | content
        return UUID(self.room.ask(CreatePartnership, administrator(), **content)["partnership_id"])


@pytest.fixture
def scene(rooms: Callable[[str], Room]) -> Scene:
    """A clean registry with one partnership."""
    scene = Scene(rooms("registry"), uuid4(), person())
    scene.partnership_id = scene.another_partnership(acronym="BLUES")
    scene.checker = contact_point(scene.partnership_id, "registrations")
    granted = {"person_id": scene.checker.person, "role": "registrations", "place": scene.partnership_id}
    scene.room.hear(RoleGranted.of(scene.checker.person, **granted))
    return scene
