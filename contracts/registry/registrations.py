"""Registrations: begun as a draft, filled in by steps, submitted; and the participation that an accepted one is.

One id all along: the registration's id is the participation's id.
"""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Several, Text
from chassis.bare.files import Download, StoredFile, Upload
from chassis.bare.message import SIGNED_IN, Command, FullPageQuery, PageQuery, Query, View, page_of
from chassis.bare.refusals import InvalidFields, MoveNotAllowed, MoveNotYours, Refusal, StaleVersion
from contracts.registry.organisations import OrganisationNotFound
from contracts.registry.partnerships import PartnershipNotFound
from contracts.registry.piles import OF_REGISTRATIONS
from contracts.registry.refusals import (
    ClusterPageElsewhere,
    CodesNotValid,
    ConsentOutdated,
    CountryNotEligible,
    NoCv,
    NoPartnershipOpen,
    NotAnSme,
    NumberNotValid,
    OrganisationTakesPart,
    PartnershipClosed,
    PartnershipFixed,
    RegionElsewhere,
    RegistrationIncomplete,
    RegistrationNotFound,
    RoleNotOpen,
    TownNotPlaced,
)
from contracts.registry.registration_views import (
    ID,
    STATES,
    PartnershipSuggestions,
    RegistrationHistory,
    RegistrationSummary,
    RegistrationView,
)
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
from contracts.words import ORGANISATION_TYPES, Country


class BeginRegistration(Command):
    """Begin a registration as a draft.

    Without `organisation_id` a new organisation is founded, with you as its representative; look for likely duplicates first.
    With it, an organisation that you represent and that has no registration going begins another one.
    """

    service = "registry"
    answers = RegistrationView
    allowed = (SIGNED_IN,)
    rule = "An organisation that is there already: by its representatives only."
    refusals = (OrganisationNotFound, OrganisationTakesPart)
    organisation_id = fields.UUID(load_default=None, allow_none=True)

    example: ClassVar = {"organisation_id": None}


class ReadRegistration(Query):
    """Read a registration with all its answers, the missing ones, the moves open to you, and its place in the queue."""

    service = "registry"
    answers = RegistrationView
    allowed = (SIGNED_IN,)
    rule = "Its organisation; once submitted, the contact point for registrations of its partnership, support office, auditors."
    refusals = (RegistrationNotFound,)
    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": ID}


RegistrationPage = page_of(RegistrationSummary)
REGISTRATION_ORDERS = ("newest", "oldest")


class ListRegistrations(PageQuery):
    """List the registrations you may see, the newest first unless asked for otherwise; `mine` leaves only those of organisations you represent.

    For a contact point `pile=registrations&order=oldest` is what it has to assess. `change_waiting` leaves those whose edit waits for a decision.
    """

    service = "registry"
    answers = RegistrationPage
    allowed = (SIGNED_IN,)
    rule = "One's own organisations; submitted ones of one's partnership; support office and auditors all submitted ones."
    mine = fields.Boolean(load_default=False)
    state = Several(Choice(STATES), load_default=list)
    country = Several(Country(), load_default=list)
    organisation_type = Several(Choice(ORGANISATION_TYPES), load_default=list)
    partnership_id = fields.UUID(load_default=None)
    text = Text(100, load_default=None, metadata={"description": "A part of the organisation's name."})
    flagged = fields.Boolean(load_default=None, metadata={"description": "true: only those that may be duplicates."})
    pile = Choice(OF_REGISTRATIONS, load_default=None, metadata={"description": "Only those on this pile of the viewer's desk."})
    change_waiting = fields.Boolean(load_default=None)
    hosting_waiting = fields.Boolean(
        load_default=None, metadata={"description": "true: only those whose hosting needs an approval of its own and has none yet."}
    )
    order = Choice(
        REGISTRATION_ORDERS,
        load_default="newest",
        metadata={"description": "By when it was begun, or what was submitted first at the top."},
    )

    example: ClassVar = {"state": ["submitted"], "country": ["ES", "PT"]}


class ReviseRegistration(Command):
    """Fill in or change answers: any steps, any fields of them; what is left out stays.

    In a draft and when more was asked for, everything may change. After acceptance most answers change at once; those that
    matter for eligibility or money (the organisation's, but for its website; the roles) wait for the contact point.
    """

    service = "registry"
    answers = RegistrationView
    allowed = (SIGNED_IN,)
    rule = "Its organisation."
    refusals = (
        RegistrationNotFound,
        StaleVersion,
        MoveNotAllowed,
        MoveNotYours,
        InvalidFields,
        PartnershipNotFound,
        PartnershipFixed,
        CodesNotValid,
        RegistrationIncomplete,
    )
    if_match = True
    participation_id = fields.UUID(required=True)
    organisation = fields.Nested(OrganisationStep)
    person = fields.Nested(PersonStep)
    role = fields.Nested(RoleStep)
    offer = fields.Nested(OfferStep)
    preferences = fields.Nested(PreferencesStep)
    period = fields.Nested(PeriodStep)
    partnership = fields.Nested(PartnershipStep)
    consents = Several(fields.Nested(ConsentStep), most=10)

    example: ClassVar = {"participation_id": ID, "role": RoleStep.example, "consents": [ConsentStep.example]}


class UploadCv(Command):
    """Upload the person's CV as PDF, at most 5 MB; a new one takes the place of the old one. Visitors need one."""

    service = "registry"
    answers = RegistrationView
    allowed = (SIGNED_IN,)
    rule = "Its organisation."
    refusals = (RegistrationNotFound, MoveNotAllowed, MoveNotYours)
    if_match_again = True
    participation_id = fields.UUID(required=True)
    cv = Upload(("application/pdf",), longest=5 * 1024 * 1024, required=True)

    example: ClassVar = {"participation_id": ID, "cv": StoredFile.example}


class DownloadCv(Query):
    """Download the person's CV."""

    service = "registry"
    answers = Download
    file_types = ("application/pdf",)
    allowed = (SIGNED_IN,)
    rule = "Its organisation; once submitted, the contact point for registrations of its partnership, support office, auditors."
    refusals = (RegistrationNotFound, NoCv)
    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": ID}


class _Move:
    """What all moves of a registration have in common."""

    service: ClassVar[str] = "registry"
    answers: ClassVar[type[View]] = RegistrationView
    participation_id = fields.UUID(required=True)

    example: ClassVar[dict[str, Any]] = {"participation_id": ID}


class _OwnMove(_Move):
    """A move that its own organisation makes."""

    allowed: ClassVar[tuple[str, ...]] = (SIGNED_IN,)
    rule: ClassVar[str] = "Its organisation."
    refusals: ClassVar[tuple[type[Refusal], ...]] = (RegistrationNotFound, MoveNotAllowed, MoveNotYours)


class SubmitRegistration(_OwnMove, Command):
    """Submit a draft, or again after more was asked for, to its partnership; everything must be filled in."""

    if_match = True
    refusals = (
        RegistrationNotFound,
        MoveNotAllowed,
        MoveNotYours,
        RegistrationIncomplete,
        CodesNotValid,
        CountryNotEligible,
        RegionElsewhere,
        NumberNotValid,
        ClusterPageElsewhere,
        RoleNotOpen,
        NotAnSme,
        ConsentOutdated,
        TownNotPlaced,
        PartnershipClosed,
        NoPartnershipOpen,
    )


class RecallRegistration(_OwnMove, Command):
    """Take a submitted registration back into a draft, to correct it."""


class PauseParticipation(_OwnMove, Command):
    """Pause: no new contacts until it is resumed."""

    rule = "Its organisation, or the contact point for registrations."


class ResumeParticipation(_OwnMove, Command):
    """Go on after a pause."""

    rule = "Its organisation, or the contact point for registrations."


class WithdrawRegistration(_OwnMove, Command):
    """Withdraw for good; the organisation may register anew later."""


class ConfirmInterest(_OwnMove, Command):
    """Say that the interest in taking part goes on."""


class SuggestPartnerships(Query):
    """Suggest partnerships by the registration's ecosystems and country."""

    service = "registry"
    answers = PartnershipSuggestions
    allowed = (SIGNED_IN,)
    rule = "As reading the registration."
    refusals = (RegistrationNotFound,)
    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": ID}


class ReadRegistrationHistory(FullPageQuery):
    """Read what happened to a registration, the oldest first."""

    service = "registry"
    answers = RegistrationHistory
    allowed = (SIGNED_IN,)
    rule = "As reading the registration."
    refusals = (RegistrationNotFound,)
    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": ID}
