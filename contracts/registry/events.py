"""What the registry announces. Ids and the public profile; names, addresses and reasons in words never."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import EXCLUDE, fields

from chassis.bare.fields import Choice, Text, Whole
from chassis.bare.message import Event
from contracts.words import Country, Party
from contracts.words.profile import PublicProfile

OFFICES = ("support_officer", "auditor")
"""Who reads every registration."""

REJECTION_REASONS = ("not_eligible", "incomplete", "duplicate", "wrong_partnership", "outside_scope", "other")

PARTY: dict[str, Any] = dict(Party.example)
PARTICIPATION: dict[str, Any] = {name: PARTY[name] for name in ("participation_id", "organisation_id", "partnership_id")}


class OrganisationFounded(Event):
    """An organisation's id was minted; the person who began its registration becomes its representative."""

    service, subject_kind, heard_by = "registry", "organisation", ("identity",)
    organisation_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)

    example: ClassVar = {"organisation_id": PARTY["organisation_id"], "person_id": PARTY["person_id"]}


class RepresentativeJoined(OrganisationFounded):
    """A further person was let into an organisation as its representative."""


class JoiningAsked(Event):
    """A person asks to join an organisation as a representative."""

    service, subject_kind = "registry", "joining"
    heard_by: ClassVar[tuple[str, ...]] = ("identity",)
    tells = ("joinings:{joining_id}",)
    concerns = ("representative@organisation_id", "person@person_id")
    joining_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)

    example: ClassVar = {"joining_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c05"} | OrganisationFounded.example


class JoiningAccepted(JoiningAsked):
    """A request to join was accepted."""

    heard_by = ("identity",)


class JoiningDeclined(JoiningAsked):
    """A request to join was declined."""

    heard_by = ("identity",)


class JoiningWithdrawn(JoiningAsked):
    """A request to join was taken back."""

    heard_by = ()


class PartnershipCreated(Event):
    """A partnership exists."""

    service, subject_kind, heard_by = "registry", "partnership", ("agreements", "payments", "matching")
    partnership_id = fields.UUID(required=True)
    acronym = Text(40, required=True)
    name = Text(200, required=True)
    country = Country(required=True)

    example: ClassVar = {
        "partnership_id": PARTY["partnership_id"],
        "acronym": "BLUES",
        "name": "Blue economy clusters",
        "country": "ES",
    }


class PartnershipChanged(PartnershipCreated):
    """A partnership's public data changed; the whole of them."""


class PartnerAccessOpened(Event):
    """A partnership's system was given access to its events."""

    service, subject_kind = "registry", "partner_access"
    tells = ("partnerships:{partnership_id}",)
    concerns = ("registrations@partnership_id", "agreements@partnership_id", "finance@partnership_id")
    partnership_id = fields.UUID(required=True)
    login = fields.String(required=True)

    example: ClassVar = {"partnership_id": PARTY["partnership_id"], "login": "partner.blues-7d1c0a4e3b52"}


class PartnerAccessRotated(PartnerAccessOpened):
    """The access of a partnership's system has a new secret."""


class PartnerAccessRevoked(PartnerAccessOpened):
    """A partnership's system has no access any more."""


class _AboutParty:
    """Something about one registration and the person answering for it."""

    service: ClassVar[str] = "registry"
    subject_kind: ClassVar[str] = "participation"
    tells: ClassVar[tuple[str, ...]] = ("registrations:{participation_id}",)
    concerns: ClassVar[tuple[str, ...]] = ("person@person_id", "representative@organisation_id", "registrations@partnership_id", *OFFICES)
    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True, allow_none=True)
    person_id = fields.UUID(required=True)

    example: ClassVar[dict[str, Any]] = PARTY


class RegistrationBegun(_AboutParty, Event):
    """A draft of a registration was begun; the partnership is not chosen yet."""

    example: ClassVar = PARTY | {"partnership_id": None}


class RegistrationSubmitted(_AboutParty, Event):
    """A registration was submitted to its partnership, for the first time or again."""

    heard_by = ("identity",)


class RegistrationRecalled(_AboutParty, Event):
    """The organisation took its submitted registration back into a draft."""


class RegistrationReturned(_AboutParty, Event):
    """The contact point asks for more before it decides."""

    heard_by = ("identity",)


class RegistrationRejected(_AboutParty, Event):
    """A registration was rejected, with the code of the reason."""

    heard_by = ("identity",)
    reason = Choice(REJECTION_REASONS, required=True)

    example: ClassVar = PARTY | {"reason": "duplicate"}


class RegistrationWithdrawn(_AboutParty, Event):
    """A registration was withdrawn before it was accepted."""

    # It may never have been submitted; then its partnership has not seen it.
    concerns = ("person@person_id", "representative@organisation_id", *OFFICES)


class RegistrationReopened(_AboutParty, Event):
    """The contact point undid its rejection: the registration is in the queue again."""


class HostingPreApproved(_AboutParty, Event):
    """The contact point approved, case by case, that a small firm outside any cluster may host."""


class InterestAsked(_AboutParty, Event):
    """The participant is asked whether it is still interested; silence ends the participation."""

    heard_by = ("identity",)


class InterestConfirmed(_AboutParty, Event):
    """The participant is still interested."""


class ChangeProposed(_AboutParty, Event):
    """An accepted participant changed answers that matter for eligibility; the contact point decides."""

    heard_by = ("identity",)


class ChangeWithdrawn(_AboutParty, Event):
    """An accepted participant took a proposed change back: the answers proposed are those there are."""


class ChangeDeclined(_AboutParty, Event):
    """The contact point declined a proposed change."""

    heard_by = ("identity",)


class ProfileChanged(Event):
    """The public profile of an accepted participation, whole; drop it when its `revision` is not newer than yours."""

    service, subject_kind, heard_by = "registry", "participation", ("matching", "agreements", "payments")
    participation_id = fields.UUID(required=True)
    revision = Whole(1, required=True)
    profile = fields.Nested(PublicProfile, required=True, unknown=EXCLUDE)

    example: ClassVar = {"participation_id": PARTY["participation_id"], "revision": 2, "profile": PublicProfile.example}


class ParticipationAccepted(_AboutParty, Event):
    """A registration was accepted: the participation is in the catalogue as its visibility says."""

    heard_by = ("identity", "matching", "agreements", "payments", "registry")
    for_partnerships = True
    revision = Whole(1, required=True)
    profile = fields.Nested(PublicProfile, required=True, unknown=EXCLUDE)

    example: ClassVar = PARTY | {"revision": 1, "profile": PublicProfile.example}


class _AboutParticipation:
    """A move of an accepted participation."""

    service: ClassVar[str] = "registry"
    subject_kind: ClassVar[str] = "participation"
    heard_by: ClassVar[tuple[str, ...]] = ("matching", "identity")
    tells: ClassVar[tuple[str, ...]] = ("registrations:{participation_id}",)
    concerns: ClassVar[tuple[str, ...]] = ("representative@organisation_id", "registrations@partnership_id", *OFFICES)
    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True)

    example: ClassVar[dict[str, Any]] = PARTICIPATION


class ParticipationPaused(_AboutParticipation, Event):
    """A participation pauses: no new contacts."""

    heard_by = ("matching", "identity", "registry")
    for_partnerships = True


class ParticipationResumed(_AboutParticipation, Event):
    """A paused participation goes on."""

    heard_by = ("matching", "identity", "registry")
    for_partnerships = True


class ParticipationWithdrawn(_AboutParticipation, Event):
    """An accepted participation was withdrawn for good."""

    heard_by = ("matching", "identity", "registry")
    for_partnerships = True


class ParticipationExpired(_AboutParticipation, Event):
    """A participation ended because nobody answered whether the interest goes on."""

    heard_by = ("matching", "identity", "registry")
    for_partnerships = True


class QueryReceived(Event):
    """Somebody sent a query to the support office."""

    service, subject_kind = "registry", "query"
    heard_by: ClassVar[tuple[str, ...]] = ("identity",)
    tells = ("queries:{query_id}",)
    concerns = ("support_officer",)
    query_id = fields.UUID(required=True)

    example: ClassVar = {"query_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c06"}


class QueryAnswered(QueryReceived):
    """The support office answered a query."""


class QueryClosed(QueryReceived):
    """The support office closed a query that needs no answer, or no more."""
