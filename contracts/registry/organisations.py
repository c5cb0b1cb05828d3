"""Organisations: likely duplicates, and persons who join one that is there already."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Several, Text, Whole
from chassis.bare.message import SERVICES, SIGNED_IN, Command, PageQuery, Query, View, page_of
from chassis.bare.refusals import Conflict, MoveNotAllowed, MoveNotYours, NotFound, Refusal
from contracts.words import Country

ID = "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c02"
LIKENESSES = ("registration_number", "name", "web_domain")
JOINING_STATES = ("asked", "accepted", "declined", "withdrawn")


class OrganisationNotFound(NotFound):
    """There is no organisation under this address that you may see. Look for it among the likely duplicates, or begin a registration."""


class JoiningNotFound(NotFound):
    """There is no request to join under this address that you may see. Look for it in the list of requests to join."""


class AlreadyRepresentative(Conflict):
    """You already represent this organisation, or your request to join it is still open. See your roles at /v1/me, and your requests at
    /v1/joinings.
    """


class LikelyDuplicate(View):
    """An organisation that may be the same one; `likenesses` says by what. Ask to join it rather than register it twice."""

    organisation_id = fields.UUID(required=True)
    legal_name = Text(200, required=True)
    town = Text(120, required=True, allow_none=True)
    country = Country(required=True, allow_none=True)
    likenesses = fields.List(Choice(LIKENESSES), required=True)

    example: ClassVar = {
        "organisation_id": ID,
        "legal_name": "Blue Harbour Cluster",
        "town": "Vigo",
        "country": "ES",
        "likenesses": ["name"],
    }


class LikelyDuplicates(View):
    """The organisations that may be the same one."""

    items = fields.List(fields.Nested(LikelyDuplicate), required=True)

    example: ClassVar = {"items": [LikelyDuplicate.example]}


class FindLikelyDuplicates(Query):
    """Look whether an organisation takes part already: by register number, by name and country, by web domain."""

    service = "registry"
    answers = LikelyDuplicates
    allowed = (SIGNED_IN,)
    legal_name = Text(200, load_default=None)
    country = Country(load_default=None)
    registration_number = Text(40, load_default=None)
    website = Text(500, load_default=None)

    example: ClassVar = {"legal_name": "Blue Harbour Cluster", "country": "ES"}


class JoiningView(View):
    """A person's request to join an organisation."""

    joining_id = fields.UUID(attribute="id", required=True)
    organisation_id = fields.UUID(required=True)
    legal_name = Text(200, required=True)
    person_id = fields.UUID(required=True)
    person_name = Text(200, required=True, shortest=0)
    note = Text(1000, required=True, lines=True)
    state = Choice(JOINING_STATES, required=True)
    version = Whole(1, required=True)
    asked_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    moves = fields.List(fields.String(), required=True)

    example: ClassVar = {
        "joining_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c05",
        "organisation_id": ID,
        "legal_name": "Blue Harbour Cluster",
        "person_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c04",
        "person_name": "Project officer",
        "note": "I work in the same office.",
        "state": "asked",
        "version": 1,
        "asked_at": "2027-01-08T09:00:00Z",
        "decided_at": None,
        "moves": [],
    }


class JoinOrganisation(Command):
    """Ask to join an organisation as a further representative; a representative or its contact point decides."""

    service = "registry"
    answers = JoiningView
    allowed = (SIGNED_IN,)
    refusals = (OrganisationNotFound, AlreadyRepresentative)
    organisation_id = fields.UUID(required=True)
    note = Text(1000, required=True, lines=True)

    example: ClassVar = {"organisation_id": ID, "note": "I work in the same office."}


class OrganisationName(View):
    """What an organisation is called."""

    organisation_id = fields.UUID(required=True)
    legal_name = fields.String(required=True)

    example: ClassVar = {"organisation_id": JoiningView.example["organisation_id"], "legal_name": "Harbour Cluster"}


class OrganisationNames(View):
    """Names; an id that nobody goes by is left out."""

    items = fields.List(fields.Nested(OrganisationName), required=True)

    example: ClassVar = {"items": [OrganisationName.example]}


class NameOrganisations(Query):
    """The names of organisations whose ids one has, as from the roles of persons, in one call."""

    service = "registry"
    answers = OrganisationNames
    allowed = ("administrator", "support_officer", "auditor")
    organisation_id = Several(fields.UUID(), fewest=1, most=100, required=True)

    example: ClassVar = {"organisation_id": [JoiningView.example["organisation_id"]]}


class ListJoinings(PageQuery):
    """List requests to join: your own, and those that you may decide; the newest first, or of those to decide the oldest."""

    service = "registry"
    answers = page_of(JoiningView)
    allowed = (SIGNED_IN,)
    rule = "One's own, those of organisations one represents, and those of organisations in one's partnership."
    organisation_id = fields.UUID(load_default=None)
    state = Several(Choice(JOINING_STATES), load_default=list)
    to_decide = fields.Boolean(load_default=False, metadata={"description": "true: only those that wait for your decision."})

    example: ClassVar = {"state": ["asked"]}


class _JoiningMove:
    """What all decisions about a request to join have in common."""

    service: ClassVar[str] = "registry"
    answers: ClassVar[type[View]] = JoiningView
    allowed: ClassVar[tuple[str, ...]] = (SIGNED_IN,)
    refusals: ClassVar[tuple[type[Refusal], ...]] = (JoiningNotFound, MoveNotAllowed, MoveNotYours)
    joining_id = fields.UUID(required=True)

    example: ClassVar = {"joining_id": JoiningView.example["joining_id"]}


class AcceptJoining(_JoiningMove, Command):
    """Let the person join: they become a representative of the organisation."""

    rule = "A representative of the organisation, or the contact point for registrations of its partnership."


class DeclineJoining(_JoiningMove, Command):
    """Do not let the person join."""

    rule = "A representative of the organisation, or the contact point for registrations of its partnership."


class WithdrawJoining(_JoiningMove, Command):
    """Take back one's own request to join."""

    rule = "The person who asked."


class OrganisationDetails(View):
    """Name, register number, registered address and representative: what documents and payments name a party by."""

    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    legal_name = Text(200, required=True)
    registration_number = Text(40, required=True)
    street = Text(140, required=True)
    house_number = Text(16, required=True)
    postcode = Text(16, required=True)
    town = Text(120, required=True)
    country = Country(required=True)
    representative_name = Text(240, required=True)
    representative_function = Text(120, required=True)

    example: ClassVar = {
        "participation_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c01",
        "organisation_id": ID,
        "legal_name": "Blue Harbour Cluster",
        "registration_number": "ESB76048354",
        "street": "Rua do Porto",
        "house_number": "12",
        "postcode": "15001",
        "town": "Vigo",
        "country": "ES",
        "representative_name": "Ms Given Family",
        "representative_function": "Project officer",
    }


class ReadOrganisationDetails(Query):
    """Read how a document or a payment names the organisation of a participation; for services only."""

    service = "registry"
    answers = OrganisationDetails
    allowed = (SERVICES,)
    asked_by = ("agreements",)
    refusals = (OrganisationNotFound,)
    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c01"}
