"""What the contact point for registrations does: assess, ask for more, accept, reject, and decide on later changes."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from chassis.bare.fields import Choice, Several, Text, Whole
from chassis.bare.message import Command, Contract, View
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours, Refusal
from contracts.registry.events import REJECTION_REASONS
from contracts.registry.refusals import (
    ClusterPageElsewhere,
    CodesNotValid,
    CountryNotEligible,
    HostingNotApproved,
    NoChangeProposed,
    NotAnSme,
    NumberNotValid,
    OrganisationTakesPart,
    RegionElsewhere,
    RegistrationIncomplete,
    RegistrationNotFound,
    RoleNotOpen,
    TownNotPlaced,
)
from contracts.registry.registration_views import ID, RegistrationView

NOT_ELIGIBLE: tuple[type[Refusal], ...] = (
    HostingNotApproved,
    RoleNotOpen,
    CountryNotEligible,
    RegionElsewhere,
    NumberNotValid,
    ClusterPageElsewhere,
    NotAnSme,
)
"""Why an organisation cannot take part as it is on the day of the decision."""


class _Assessment:
    """What all moves of the contact point have in common."""

    service: ClassVar[str] = "registry"
    answers: ClassVar[type[View]] = RegistrationView
    allowed: ClassVar[tuple[str, ...]] = ("registrations",)
    rule: ClassVar[str] = "The contact point for registrations of the partnership that was chosen."
    refusals: ClassVar[tuple[type[Refusal], ...]] = (RegistrationNotFound, MoveNotAllowed, MoveNotYours)
    participation_id = fields.UUID(required=True)

    example: ClassVar[dict[str, Any]] = {"participation_id": ID}


class AcceptRegistration(_Assessment, Command):
    """Accept a submitted registration: the participation appears in the catalogue."""

    if_match = True
    refusals = (RegistrationNotFound, MoveNotAllowed, MoveNotYours, *NOT_ELIGIBLE)


class RequestMoreInformation(_Assessment, Command):
    """Ask the organisation for more before deciding."""

    question = Text(4000, lines=True, required=True)

    example: ClassVar = {"participation_id": ID, "question": "Which cluster are you a member of?"}


class RejectRegistration(_Assessment, Command):
    """Reject a submitted registration, with a reason from the list and a text for the organisation."""

    if_match = True
    reason = Choice(REJECTION_REASONS, required=True)
    text = Text(4000, lines=True, required=True)

    example: ClassVar = {"participation_id": ID, "reason": "duplicate", "text": "Your colleague registered last week."}


class ReopenRegistration(_Assessment, Command):
    """Undo a rejection: the registration is in the queue again."""

    refusals = (RegistrationNotFound, MoveNotAllowed, MoveNotYours, OrganisationTakesPart)


class ApproveHosting(_Assessment, Command):
    """Approve, case by case, that a small or medium-sized enterprise outside any cluster hosts."""


class ApproveChange(_Assessment, Command):
    """Let a proposed change take effect: the public profile follows."""

    if_match = True
    refusals = (
        RegistrationNotFound, MoveNotAllowed, MoveNotYours, NoChangeProposed, *NOT_ELIGIBLE, RegistrationIncomplete, TownNotPlaced, CodesNotValid,
    )  # fmt: skip


class DeclineChange(_Assessment, Command):
    """Decline a proposed change: the answers stay as they are."""

    if_match = True
    refusals = (RegistrationNotFound, MoveNotAllowed, MoveNotYours, NoChangeProposed)
    text = Text(4000, lines=True, required=True)

    example: ClassVar = {"participation_id": ID, "text": "Please send the new register extract first."}


class RegistrationSeen(Contract):
    """A registration to be accepted, in the version that was looked at."""

    participation_id = fields.UUID(required=True)
    version = Whole(1, required=True)

    example: ClassVar = {"participation_id": ID, "version": 4}


def _each_in_one_version(seen: list[dict[str, Any]]) -> None:
    if len({each["participation_id"] for each in seen}) < len(seen):
        raise ValidationError("The same registration stands here more than once.")


class AcceptanceOutcome(View):
    """What became of one registration of a bulk acceptance: accepted, or the refusal's code and sentence."""

    participation_id = fields.UUID(required=True)
    accepted = fields.Boolean(required=True)
    code = fields.String(required=True, allow_none=True)
    sentence = fields.String(required=True, allow_none=True)

    example: ClassVar = {"participation_id": ID, "accepted": True, "code": None, "sentence": None}


class AcceptanceOutcomes(View):
    """What became of each registration of a bulk acceptance, in the order of the request."""

    items = fields.List(fields.Nested(AcceptanceOutcome), required=True)

    example: ClassVar = {"items": [AcceptanceOutcome.example]}


class AcceptRegistrations(Command):
    """Accept several submitted registrations at once, each in the version that was looked at; each that can be is, the others are
    told why not."""

    service = "registry"
    answers = AcceptanceOutcomes
    allowed = ("registrations",)
    rule = "The contact point for registrations of the partnership that was chosen."
    registrations = Several(fields.Nested(RegistrationSeen), fewest=1, most=100, required=True, validate=_each_in_one_version)

    example: ClassVar = {"registrations": [RegistrationSeen.example]}
