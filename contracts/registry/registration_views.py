"""What is shown of a registration: whole, in a list, its queue, its history, the partnerships that suit it."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import EXCLUDE, fields

from chassis.bare.fields import Choice, Instant, Text, Whole
from chassis.bare.files import StoredFile
from chassis.bare.message import Page, View
from contracts.registry.events import REJECTION_REASONS
from contracts.registry.organisations import LikelyDuplicate
from contracts.registry.steps import (
    ConsentStep,
    OfferStep,
    OrganisationStep,
    PartnershipStep,
    PeriodStep,
    PersonStep,
    PreferencesStep,
    RoleStep,
)
from contracts.words import ORGANISATION_TYPES, ROLES, Country, Party

ID: str = Party.example["participation_id"]

STATES = ("draft", "submitted", "more_info_requested", "accepted", "rejected", "paused", "expired", "withdrawn")
"""The states of a registration; accepted and paused ones are participations in the scheme."""


class ConsentView(ConsentStep):
    """A consent that was given."""

    class Meta:
        unknown = EXCLUDE

    example: ClassVar = ConsentStep.example | {"given_at": "2027-01-08T09:00:00Z"}


class Decision(View):
    """What the contact point decided last; the text is for the organisation."""

    reason = Choice(REJECTION_REASONS, required=True, allow_none=True)
    text = Text(4000, required=True, allow_none=True, lines=True)
    at = Instant(required=True)

    example: ClassVar = {"reason": "duplicate", "text": "Your colleague registered last week.", "at": "2027-01-10T09:00:00Z"}


class QueuePlace(View):
    """Where a submitted registration stands: 1 is next; the usual delay is the median in days, null where none is known."""

    position = Whole(1, required=True)
    usual_days = fields.Float(required=True, allow_none=True)

    example: ClassVar = {"position": 3, "usual_days": 4.5}


class ProposedChange(View):
    """An edit after acceptance that matters for eligibility and waits for the contact point; steps and fields as in the form."""

    organisation = fields.Nested(OrganisationStep, required=True, unknown=EXCLUDE)
    role = fields.Nested(RoleStep, required=True, unknown=EXCLUDE)

    example: ClassVar[dict[str, Any]] = {"organisation": {"size": "medium"}, "role": {}}


class RegistrationView(View):
    """A registration with all its answers, as its organisation and its contact point see it."""

    participation_id = fields.UUID(attribute="id", required=True)
    organisation_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    state = Choice(STATES, required=True)
    version = Whole(1, required=True)
    revision = Whole(0, required=True)
    moves = fields.List(fields.String(), required=True)
    organisation = fields.Nested(OrganisationStep, required=True, unknown=EXCLUDE)
    person = fields.Nested(PersonStep, required=True, unknown=EXCLUDE)
    role = fields.Nested(RoleStep, required=True, unknown=EXCLUDE)
    offer = fields.Nested(OfferStep, required=True, unknown=EXCLUDE)
    preferences = fields.Nested(PreferencesStep, required=True, unknown=EXCLUDE)
    period = fields.Nested(PeriodStep, required=True, unknown=EXCLUDE)
    partnership = fields.Nested(PartnershipStep, required=True, unknown=EXCLUDE)
    consents = fields.List(fields.Nested(ConsentView), required=True)
    cv = fields.Nested(StoredFile, required=True, allow_none=True)
    missing = fields.List(fields.String(), required=True)
    question = Text(4000, required=True, allow_none=True, lines=True)
    decision = fields.Nested(Decision, required=True, allow_none=True)
    hosting_approved = fields.Boolean(required=True)
    hosting_waiting = fields.Boolean(required=True)
    proposed_change = fields.Nested(ProposedChange, required=True, allow_none=True)
    likely_duplicates = fields.List(fields.Nested(LikelyDuplicate), required=True)
    queue = fields.Nested(QueuePlace, required=True, allow_none=True)
    begun_at = Instant(required=True)
    submitted_at = Instant(required=True, allow_none=True)
    interest_due_by = Instant(required=True, allow_none=True)

    example: ClassVar[dict[str, Any]] = {
        "participation_id": ID,
        "organisation_id": Party.example["organisation_id"],
        "person_id": Party.example["person_id"],
        "state": "submitted",
        "version": 4,
        "revision": 0,
        "moves": ["recall", "withdraw"],
        "organisation": OrganisationStep.example,
        "person": PersonStep.example,
        "role": RoleStep.example,
        "offer": OfferStep.example,
        "preferences": PreferencesStep.example,
        "period": PeriodStep.example,
        "partnership": PartnershipStep.example,
        "consents": [ConsentStep.example],
        "cv": StoredFile.example,
        "missing": [],
        "question": None,
        "decision": None,
        "hosting_approved": False,
        "hosting_waiting": False,
        "proposed_change": None,
        "likely_duplicates": [],
        "queue": QueuePlace.example,
        "begun_at": "2027-01-08T09:00:00Z",
        "submitted_at": "2027-01-09T09:00:00Z",
        "interest_due_by": None,
    }


class RegistrationSummary(View):
    """A registration in a list; `flagged`: it may be a duplicate; `change_waiting`: an edit, `hosting_waiting`: its hosting waits for approval."""

    participation_id = fields.UUID(attribute="id", required=True)
    organisation_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True, allow_none=True)
    legal_name = Text(200, attribute="organisation.legal_name", required=True, allow_none=True)
    organisation_type = Choice(ORGANISATION_TYPES, attribute="organisation.organisation_type", required=True, allow_none=True)
    country = Country(attribute="organisation.country", required=True, allow_none=True)
    roles = fields.List(Choice(ROLES), required=True)
    state = Choice(STATES, required=True)
    version = Whole(1, required=True)
    flagged = fields.Boolean(required=True)
    change_waiting = fields.Boolean(required=True)
    hosting_waiting = fields.Boolean(required=True)
    begun_at = Instant(required=True)
    submitted_at = Instant(required=True, allow_none=True)

    example: ClassVar[dict[str, Any]] = {
        "participation_id": ID,
        "organisation_id": Party.example["organisation_id"],
        "partnership_id": Party.example["partnership_id"],
        "legal_name": "Blue Harbour Cluster",
        "organisation_type": "cluster_organisation",
        "country": "ES",
        "roles": ["host", "visitor"],
        "state": "submitted",
        "version": 4,
        "flagged": False,
        "change_waiting": False,
        "hosting_waiting": False,
        "begun_at": "2027-01-08T09:00:00Z",
        "submitted_at": "2027-01-09T09:00:00Z",
    }


class PartnershipSuggestion(View):
    """A partnership that suits a registration, and by what: shared ecosystems, and whether it covers the country."""

    partnership_id = fields.UUID(required=True)
    acronym = Text(40, required=True)
    name = Text(200, required=True)
    country = Country(required=True)
    shared_ecosystems = fields.List(fields.String(), required=True)
    covers_country = fields.Boolean(required=True)
    score = Whole(0, required=True)

    example: ClassVar = {
        "partnership_id": Party.example["partnership_id"],
        "acronym": "BLUES",
        "name": "Blue economy clusters",
        "country": "ES",
        "shared_ecosystems": ["mobility"],
        "covers_country": True,
        "score": 5,
    }


class PartnershipSuggestions(View):
    """The partnerships open for registration, the most suitable first, at most ten."""

    items = fields.List(fields.Nested(PartnershipSuggestion), required=True)

    example: ClassVar = {"items": [PartnershipSuggestion.example]}


class RegistrationHistoryEntry(View):
    """Something that happened to a registration: what, when, by whom (`person:<id>` or `service:<name>`)."""

    type = Text(80, required=True)
    subject_version = Whole(1, required=True)
    at = Instant(required=True)
    actor = Text(120, required=True)

    example: ClassVar = {
        "type": "registration_submitted",
        "subject_version": 2,
        "at": "2027-01-09T09:00:00Z",
        "actor": f"person:{Party.example['person_id']}",
    }


class RegistrationHistory(Page):
    """A page of what happened to a registration, the oldest first."""

    items = fields.List(fields.Nested(RegistrationHistoryEntry), required=True)

    example: ClassVar = {"items": [RegistrationHistoryEntry.example], "next": None}
