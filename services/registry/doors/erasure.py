"""What the registry forgets of a person who is erased."""

from __future__ import annotations

from typing import Any, Protocol

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.running.doors import answers, listens
from chassis.running.forgetting import forget_answers
from chassis.running.held import held_about
from chassis.running.unit import Units
from contracts.identity.events import PersonErased
from contracts.registry import ReadHeld
from services.registry.model import Base
from services.registry.queries import erasure


class Named(Protocol):
    """What names a person."""

    @property
    def telling(self) -> list[str]:
        """What the person is known by there, and hardly anybody else."""

    @property
    def known(self) -> list[str]:
        """What others may be called or have written, too."""


class ErasureDoors:
    """Registrations, requests to join and queries of erased persons."""

    unit = Units()

    @answers(ReadHeld)
    def read_held(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """All that is held here of a person."""
        with self.unit() as unit:
            tables = held_about(unit, Base.metadata, request["person_id"])
            return unit.reply({"tables": tables, "files": [_cv(row) for row in tables.get("participation", []) if row["cv_sha256"]]})

    @listens(PersonErased)
    def forget_person(self, event: Heard) -> None:
        """End the person's registrations that go on, and forget who it was; what was consented to, and when, is kept as proof."""
        person_id = event.data["person_id"]
        with self.unit() as unit:
            joinings, queries = erasure.joinings(unit, person_id), erasure.queries(unit, person_id)
            registrations = erasure.registrations(unit, person_id)
            theirs: list[Named] = [*registrations, *joinings, *queries]
            telling, known = [word for each in theirs for word in each.telling], [word for each in theirs for word in each.known]
            for registration in registrations:
                unit.announce(registration.end_for_erasure(by=unit.who, at=unit.now))
                registration.forget_person()
            for joining in joinings:
                unit.announce(joining.forget_person(at=unit.now))
            for query in queries:
                query.forget_person()
            forget_answers(unit, person_id, telling, known)


def _cv(row: dict[str, Any]) -> dict[str, str]:
    return {"what": str(row["cv_name"]), "link": f"/v1/registrations/{row['id']}/cv"}
