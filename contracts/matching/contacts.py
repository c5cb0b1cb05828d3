"""Contacts between a visitor and a host: from the request over the answer to the match."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Several, Text, Whole
from chassis.bare.message import SIGNED_IN, Command, PageQuery, Query, View, page_of
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours, Refusal
from contracts.matching.catalogue import Responsiveness
from contracts.matching.events import CONTACT_ID, CONVERSATION_ID, DECLINE_REASONS, HOST_PARTY, OTHER_WAYS
from contracts.matching.refusals import (
    AlreadyInContact,
    AskedBefore,
    ContactNotFound,
    HostFull,
    HostPaused,
    NotAcceptedYet,
    ParticipationNotFound,
    PartnerNotActive,
    RoleNotTaken,
    SameCountry,
    SameOrganisation,
    SameTextToMany,
    TooManyOpenRequests,
    TooManyRequestsToday,
    VisitConsumed,
    VisitorHasExchange,
)
from contracts.words import ORGANISATION_TYPES, ROLES, Country, Party

CONTACT_STATES = (
    "pending", "accepted", "answered_elsewhere", "declined", "expired", "withdrawn", "proposed", "brought_in", "matched", "closed", "finished",
)  # fmt: skip
ORIGINS = {"request": "Asked for through the catalogue", "outside": "An agreement made outside and brought in"}
IMPOSSIBLE: tuple[type[Refusal], ...] = (
    RoleNotTaken,
    PartnerNotActive,
    SameOrganisation,
    SameCountry,
    VisitConsumed,
    VisitorHasExchange,
    HostFull,
    HostPaused,
)
"""Why a visitor and a host cannot have an exchange with each other, whatever they wish."""

BY_REPRESENTATIVES = "Made by a representative of one of the two organisations; the contact's `moves` name what the reader may do now."
MOMENT = "2027-01-04T09:30:00Z"


class ContactSide(Party):
    """One side of a contact: its ids, what its organisation is, and how it answers."""

    legal_name = Text(200, required=True)
    organisation_type = Choice(ORGANISATION_TYPES, required=True)
    country = Country(required=True)
    town = Text(120, required=True)
    responsiveness = fields.Nested(Responsiveness, required=True)

    example: ClassVar = {
        **Party.example,
        "legal_name": "Blue Harbour Cluster",
        "organisation_type": "cluster_organisation",
        "country": "ES",
        "town": "A Coruna",
        "responsiveness": Responsiveness.example,
    }


class ContactView(View):
    """A contact as its two sides see it. `moves` are those the reader may make now.

    `answered_way` says how a request was answered outside of the tool. `expires_at` is set while an answer is awaited; `exchange_id` from the moment the match is agreed. `data_version` is the
    count of changes with which this contact is in the lists.
    """

    contact_id = fields.UUID(required=True)
    version = Whole(1, required=True)
    state = Choice(CONTACT_STATES, required=True)
    moves = fields.List(fields.String(), required=True)
    origin = Choice(ORIGINS, required=True)
    asked_by = Choice(ROLES, required=True)
    proposed_by = Choice(ROLES, required=True, allow_none=True)
    visitor = fields.Nested(ContactSide, required=True)
    host = fields.Nested(ContactSide, required=True)
    reason = Text(2000, required=True, lines=True)
    decline_reason = Choice(DECLINE_REASONS, required=True, allow_none=True)
    decline_text = Text(2000, required=True, lines=True, allow_none=True)
    answered_way = Choice(OTHER_WAYS, required=True, allow_none=True)
    requested_at = Instant(required=True)
    answered_at = Instant(required=True, allow_none=True)
    expires_at = Instant(required=True, allow_none=True)
    exchange_id = fields.UUID(required=True, allow_none=True)
    conversation_id = fields.UUID(required=True, allow_none=True)
    data_version = Whole(required=True)

    example: ClassVar[dict[str, Any]] = {
        "contact_id": CONTACT_ID,
        "version": 2,
        "state": "accepted",
        "moves": ["propose_match", "close"],
        "origin": "request",
        "asked_by": "visitor",
        "proposed_by": None,
        "visitor": ContactSide.example,
        "host": {**ContactSide.example, **HOST_PARTY, "legal_name": "Tejo Valley Makers", "country": "PT", "town": "Santarem"},
        "reason": "We would like to learn how you finance shared equipment.",
        "decline_reason": None,
        "decline_text": None,
        "answered_way": None,
        "requested_at": MOMENT,
        "answered_at": MOMENT,
        "expires_at": None,
        "exchange_id": None,
        "conversation_id": CONVERSATION_ID,
        "data_version": 1204,
    }


class ContactPerson(View):
    """Whom to reach on one side."""

    name = fields.String(required=True)
    e_mail = fields.String(required=True)

    example: ClassVar = {"name": "Representative", "e_mail": "representative@cluster.example"}


class ContactDetail(ContactView):
    """A contact with whom to reach on each side: null before the request is accepted, and while identity does not answer."""

    visitor_person = fields.Nested(ContactPerson, required=True, allow_none=True)
    host_person = fields.Nested(ContactPerson, required=True, allow_none=True)

    example: ClassVar = {**ContactView.example, "visitor_person": ContactPerson.example, "host_person": ContactPerson.example}


class RequestContact(Command):
    """Ask another participant for a contact, saying why; `as` is the role the asking side would have."""

    service = "matching"
    answers = ContactView
    allowed = ("representative",)
    rule = "A representative of the asking participation's organisation."
    refusals = (
        ParticipationNotFound, NotAcceptedYet, *IMPOSSIBLE, AlreadyInContact, AskedBefore, SameTextToMany, TooManyRequestsToday,
        TooManyOpenRequests,
    )  # fmt: skip

    class Meta(Command.Meta):
        # A word of the language, which cannot be written as an attribute.
        include: ClassVar = {"as": Choice(ROLES, required=True, metadata={"description": "The role the asking side would have."})}

    participation_id = fields.UUID(required=True)
    partner_participation_id = fields.UUID(required=True)
    reason = Text(2000, 10, required=True, lines=True)

    example: ClassVar = {
        "participation_id": Party.example["participation_id"],
        "partner_participation_id": HOST_PARTY["participation_id"],
        "as": "visitor",
        "reason": "We would like to learn how you finance shared equipment.",
    }


class BringInPriorAgreement(RequestContact):
    """Bring in a match agreed outside: it becomes one when the partner named confirms it. `reason` says what was agreed."""

    refusals = (ParticipationNotFound, NotAcceptedYet, *IMPOSSIBLE, AlreadyInContact, TooManyRequestsToday, TooManyOpenRequests)


class _ContactMove(Command):
    """A move of a contact."""

    service = "matching"
    answers = ContactView
    allowed = ("representative",)
    rule = BY_REPRESENTATIVES
    refusals: ClassVar[tuple[type[Refusal], ...]] = (ContactNotFound, MoveNotYours, MoveNotAllowed)

    contact_id = fields.UUID(required=True)

    example: ClassVar = {"contact_id": CONTACT_ID}


class AcceptContact(_ContactMove):
    """Accept a request: a conversation opens, and both see whom to reach."""


class DeclineContact(_ContactMove):
    """Decline a request with one of the reasons; a text for the other side is optional."""

    reason = Choice(DECLINE_REASONS, required=True)
    text = Text(2000, lines=True, load_default=None)

    example: ClassVar = {"contact_id": CONTACT_ID, "reason": "no_time"}


class AnswerElsewhere(_ContactMove):
    """Say that a request was answered outside of the tool, as either side may: nobody is reminded any more.

    It counts as answered if the side that was asked says so. That side takes it up here, by accepting or by proposing a match.
    """

    way = Choice(OTHER_WAYS, required=True)

    example: ClassVar = {"contact_id": CONTACT_ID, "way": "telephone"}


class WithdrawContact(_ContactMove):
    """Take one's own request back before it is answered."""


class CloseContact(_ContactMove):
    """End an accepted contact that leads to no match."""


class ProposeMatch(_ContactMove):
    """Propose that the two agree on an exchange; the other side confirms it."""

    refusals = (ContactNotFound, MoveNotYours, MoveNotAllowed, *IMPOSSIBLE)


class WithdrawProposal(_ContactMove):
    """Take one's own proposal (or prior agreement brought in) back before it is confirmed."""


class RefuseProposal(_ContactMove):
    """Do not agree to the other side's proposal; the contact goes on. A prior agreement refused ends it."""


class ConfirmMatch(_ContactMove):
    """Confirm the other side's proposal: the match is agreed, and the exchange begins under `exchange_id`."""

    refusals = (ContactNotFound, MoveNotYours, MoveNotAllowed, *IMPOSSIBLE)


class ReadContact(Query):
    """One contact."""

    service = "matching"
    answers: ClassVar[type[View]] = ContactDetail
    allowed = (SIGNED_IN,)
    rule = "Representatives of both organisations and the support office; contact points of both partnerships once it became a match."
    refusals = (ContactNotFound,)

    contact_id = fields.UUID(required=True)

    example: ClassVar = {"contact_id": CONTACT_ID}


class ListContacts(PageQuery):
    """The contacts the reader may see, the newest first."""

    service = "matching"
    answers = page_of(ContactView)
    allowed = (SIGNED_IN,)
    rule = ReadContact.rule

    states = Several(Choice(CONTACT_STATES), load_default=list)
    direction = Choice(("made", "received"), load_default=None, metadata={"description": "Asked by the reader's organisation, or of it."})
    participation_id = fields.UUID(load_default=None)
    partnership_id = fields.UUID(load_default=None, metadata={"description": "Visitor's or host's partnership."})

    example: ClassVar = {"states": ["pending"], "direction": "received", "limit": 25}
