"""What payments keeps of the registry's truth: the newest word, in whatever order words come."""

from __future__ import annotations

from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from contracts.payments import ReadPayment
from contracts.registry.events import PartnershipChanged, PartnershipCreated, ProfileChanged
from contracts.words.profile import PublicProfile
from services.payments.model import Participation, Partnership
from tests.payments.course import LISBON, MADRID, Course
from tests.room import Room


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_a_partnership_has_its_newest_name_in_whatever_order_it_is_told(payments: Room, order: tuple[int, ...]) -> None:
    """A retry brings an older fact after a newer one."""
    place = uuid4()
    for number in order:
        event = PartnershipCreated if number == 1 else PartnershipChanged
        told = {"partnership_id": place, "acronym": f"B{number}", "name": f"Name {number}", "country": "ES"}
        payments.hear(event.of(place, **told), subject_version=number)
    with payments.unit() as unit:
        assert unit.session.scalars(select(Partnership.name).where(Partnership.id == place)).all() == ["Name 3"]


def test_a_profile_that_changed_is_followed_and_an_older_one_dropped(course: Course) -> None:
    """The lump sum goes by where the participation is now."""
    course.known()
    for revision, name in ((3, "Third"), (2, "Second")):
        profile = course.profile(course.visitor, LISBON if revision == 3 else MADRID, legal_name=name).data["profile"]
        profile = PublicProfile.read(profile)
        told: dict[str, Any] = {"participation_id": course.visitor["participation_id"], "revision": revision, "profile": profile}
        course.room.hear(ProfileChanged.of(course.visitor["participation_id"], **told))
    with course.room.unit() as unit:
        known = unit.session.get_one(Participation, course.visitor["participation_id"])
        assert (known.legal_name, known.country, known.revision) == ("Third", "PT", 3)


def test_a_payment_is_read_by_its_own_id(course: Course) -> None:
    """As by its exchange."""
    payment = course.payable().payment()
    assert course.room.ask(ReadPayment, course.first, payment_id=payment["payment_id"])["payment_id"] == payment["payment_id"]
