"""Contacts in figures, with numbers known beforehand."""

from __future__ import annotations

from datetime import date

from contracts.matching import AcceptContact, CountContacts, DeclineContact
from tests.builders import administrator, contact_point
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person
from tests.matching.profiles import an_id

NOTHING = {"requested": 0, "answered": 0, "accepted": 0, "matched": 0, "usual_hours": None}


def test_contacts_are_counted_by_how_far_they_came(matching: MatchingRoom) -> None:
    """Asked for, answered after a day, accepted, matched; a declined one is answered and not accepted."""
    room = matching.room
    assert room.ask(CountContacts, administrator()) == NOTHING
    declined = matching.request()
    room.clock.advance(hours=12)
    matching.move(DeclineContact, host_person(), declined, reason="no_time")
    room.clock.advance(days=40)
    accepted = matching.request()
    room.clock.advance(hours=36)
    matching.move(AcceptContact, host_person(), accepted)
    counts = {"requested": 2, "answered": 2, "accepted": 1, "matched": 0, "usual_hours": 24}
    assert room.ask(CountContacts, administrator()) == counts
    assert room.ask(CountContacts, contact_point(an_id("visitor partnership"))) == counts
    assert room.ask(CountContacts, contact_point(an_id("host partnership"))) == NOTHING
    first = date(2026, 11, 2)
    for period, count in (({"requested_to": first}, 1), ({"requested_from": first}, 2), ({"requested_to": date(9999, 12, 31)}, 2)):
        assert room.ask(CountContacts, administrator(), **period)["requested"] == count, period
