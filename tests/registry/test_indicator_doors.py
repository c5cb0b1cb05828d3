"""Registrations in figures, with numbers known beforehand."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from contracts.registry import CountRegistrations, RejectRegistration
from tests.builders import administrator, contact_point, person
from tests.registry.conftest import Scene

REJECTION = {"reason": "duplicate", "text": "Your colleague registered last week."}


def test_registrations_are_counted_by_how_far_they_came(scene: Scene) -> None:
    """Begun, handed in, accepted; a rejected one was handed in, and a fresh draft counts for nobody's partnership yet."""
    scene.begin(person())
    scene.draft()
    scene.accepted()
    view, _ = scene.submitted()
    scene.move(RejectRegistration, scene.checker, view, **REJECTION)
    states = {"draft": 1, "accepted": 1, "rejected": 1}
    assert scene.room.ask(CountRegistrations, scene.checker) == {"begun": 3, "submitted": 2, "accepted": 1, "states": states}
    everything = scene.room.ask(CountRegistrations, administrator())
    assert (everything["begun"], everything["states"]["draft"]) == (4, 2)
    assert scene.room.ask(CountRegistrations, contact_point(uuid4()))["begun"] == 0


def test_counted_registrations_keep_to_partnership_and_period(scene: Scene) -> None:
    """The first and the last day belong to the period."""
    scene.submitted()
    scene.room.clock.advance(days=2)
    scene.submitted(at=scene.another_partnership())
    for fields, count in (
        ({"begun_from": date(2026, 11, 2), "begun_to": date(2026, 11, 4)}, 2), ({"begun_to": date(2026, 11, 3)}, 1),
        ({"begun_from": date(2026, 11, 5)}, 0), ({"begun_to": date(9999, 12, 31)}, 2), ({"partnership_id": scene.partnership_id}, 1),
    ):  # fmt: skip
        assert scene.room.ask(CountRegistrations, administrator(), **fields)["begun"] == count, fields
