"""What agreements keeps of the registry's truth: the newest word, in whatever order words come."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from uuid import uuid4

import pytest

from contracts.registry.events import PartnershipChanged, PartnershipCreated
from services.agreements import queries
from tests.room import Room


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_a_partnership_has_its_newest_name_in_whatever_order_it_is_told(rooms: Callable[[str], Room], order: tuple[int, ...]) -> None:
    """A retry brings an older fact after a newer one."""
    room, place = rooms("agreements"), uuid4()
    for number in order:
        event = PartnershipCreated if number == 1 else PartnershipChanged
        told = {"partnership_id": place, "acronym": f"B{number}", "name": f"Name {number}", "country": "ES"}
        room.hear(event.of(place, **told), subject_version=number)
    with room.unit() as unit:
        known = queries.partnership(unit, place)
        assert known is not None
        assert (known.name, known.acronym) == ("Name 3", "B3")
