"""What matching announces of matching rounds and of what they suggest: ids and codes only."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice
from chassis.bare.message import Event
from contracts.matching.events import HOST_PARTY
from contracts.words import ROLES, Party

ROUND_ID = "3f0f1f7e-52d1-4f0e-8f0f-2c8f7f3c9a17"


class _RoundEvent(Event):
    """Something that happened to a matching round."""

    service = "matching"
    subject_kind = "matching_round"
    tells: ClassVar[tuple[str, ...]] = ("matching-rounds:{round_id}",)
    concerns: ClassVar[tuple[str, ...]] = ("registrations@partnership_id", "support_officer")

    round_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True, allow_none=True)

    example: ClassVar = {"round_id": ROUND_ID, "partnership_id": Party.example["partnership_id"]}


class RoundStarted(_RoundEvent):
    """A contact point began a round; a worker reckons it."""


class RoundProposed(_RoundEvent):
    """The round is reckoned."""


class RoundShown(_RoundEvent):
    """Both sides of each pair see that they are suggested to each other."""


class SuggestionsShown(Event):
    """A round that is shown now suggests partners to a participation in that role; it may ask for a contact, or let it be."""

    service = "matching"
    subject_kind = "suggestions"
    heard_by = ("identity",)
    tells: ClassVar[tuple[str, ...]] = ("participations:{participation_id}",)
    concerns: ClassVar[tuple[str, ...]] = ("representative@organisation_id",)

    round_id = fields.UUID(required=True)
    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    role = Choice(ROLES, required=True)

    example: ClassVar = {
        "round_id": ROUND_ID,
        "participation_id": HOST_PARTY["participation_id"],
        "organisation_id": HOST_PARTY["organisation_id"],
        "role": "host",
    }


class RoundDiscarded(_RoundEvent):
    """The round is not used."""


class RoundReplaced(_RoundEvent):
    """A later round of the same visitors is shown in its place."""
