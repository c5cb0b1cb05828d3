"""A matching room with participants in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chassis.bare.message import Fact
from contracts.identity.accounts import ReadPersons
from contracts.matching import AcceptContact, ConfirmMatch, ProposeMatch, RequestContact
from contracts.registry.events import ParticipationAccepted, PartnershipCreated, ProfileChanged
from contracts.words.profile import PublicProfile
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile, visitor_profile
from tests.room import Room

REASON = "We would like to learn how you weld with robots."


def changed(profile: dict[str, Any], revision: int) -> Fact:
    """What the registry says when a profile changed."""
    ids = {"participation_id": profile["participation_id"]}
    return ProfileChanged.of(an_id("any"), **ids, revision=revision, profile=PublicProfile.read(profile))


class MatchingRoom:
    """The room, and the steps that most tests begin with."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def accept(self, profile: dict[str, Any], revision: int = 1, subject_version: int = 1) -> None:
        """Have the registry say that a participation with that profile was accepted."""
        party = {name: profile[name] for name in ("participation_id", "organisation_id", "partnership_id", "person_id")}
        self.room.hear(
            ParticipationAccepted.of(an_id("any"), **party, revision=revision, profile=PublicProfile.read(profile)),
            subject_version=subject_version,
        )

    def change(self, profile: dict[str, Any], revision: int) -> None:
        """Have the registry say that a profile changed."""
        self.room.hear(changed(profile, revision))

    def request(
        self, who: Any = None, visitor: str = "visitor", host: str = "host", role: str = "visitor", **fields: Any
    ) -> dict[str, Any]:
        """One asks the other; the visitor asks the host unless `role` says otherwise."""
        two = {"participation_id": an_id(f"{visitor} participation"), "partner_participation_id": an_id(f"{host} participation")}
        if role == "host":
            two = dict(zip(two, reversed(two.values()), strict=True))
        asker = who or (visitor_person() if role == "visitor" else host_person())
        return self.room.ask(RequestContact, asker, **({"reason": REASON, "as": role} | two | fields))

    def move(self, contract: Any, who: Any, contact: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Somebody makes a move of a contact."""
        return self.room.ask(contract, who, contact_id=contact["contact_id"], **fields)

    def accepted(self) -> dict[str, Any]:
        """The usual two in an accepted contact."""
        return self.move(AcceptContact, host_person(), self.request())

    def matched(self) -> dict[str, Any]:
        """The usual two with a match agreed."""
        contact = self.move(ProposeMatch, visitor_person(), self.accepted())
        return self.move(ConfirmMatch, host_person(), contact)


@pytest.fixture
def matching(rooms: Callable[[str], Room]) -> MatchingRoom:
    """The usual visitor and host, accepted; their partnerships known; identity's persons have names."""
    made = MatchingRoom(rooms("matching"))
    for name in ("visitor", "host"):
        partnership = an_id(f"{name} partnership")
        made.room.hear(
            PartnershipCreated.of(partnership, partnership_id=partnership, acronym=name.upper(), name=f"The {name}'s", country="ES")
        )
    made.accept(visitor_profile())
    made.accept(host_profile())
    names = {an_id("visitor person"): "Visitor's representative", an_id("host person"): "Host's representative"}
    cards = lambda ids: [{"id": each, "name": names[each], "e_mail": "office@example.org"} for each in ids if each in names]  # noqa: E731
    made.room.answers_from({ReadPersons: lambda who, request: {"items": cards(request["person_ids"])}})
    return made
