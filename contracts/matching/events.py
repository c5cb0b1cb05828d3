"""What matching announces of contacts, matches, rankings and saved searches: ids and codes only."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Whole
from chassis.bare.message import Event
from contracts.words import ROLES, Party

CONTACT_ID = "3f0f1f7e-52d1-4f0e-8f0f-2c8f7f3c9a10"
EXCHANGE_ID = "3f0f1f7e-52d1-4f0e-8f0f-2c8f7f3c9a11"
CONVERSATION_ID = "3f0f1f7e-52d1-4f0e-8f0f-2c8f7f3c9a12"
MESSAGE_ID = "3f0f1f7e-52d1-4f0e-8f0f-2c8f7f3c9a13"
SAVED_SEARCH_ID = "3f0f1f7e-52d1-4f0e-8f0f-2c8f7f3c9a18"
MOMENT = "2027-01-04T10:00:00Z"
"""When things happened, in examples."""

HOST_PARTY: dict[str, Any] = {
    "participation_id": "8e2d1b5f-4c63-4b9f-8b66-7b2a1e9c5d01",
    "organisation_id": "8e2d1b5f-4c63-4b9f-8b66-7b2a1e9c5d02",
    "partnership_id": "8e2d1b5f-4c63-4b9f-8b66-7b2a1e9c5d03",
    "person_id": "8e2d1b5f-4c63-4b9f-8b66-7b2a1e9c5d04",
}
BOTH = ("representative@visitor.organisation_id", "representative@host.organisation_id")
CONTACT_POINTS = tuple(
    f"{permission}@{side}.partnership_id" for side in ("visitor", "host") for permission in ("registrations", "agreements")
)

ABOUT_CONTACT: dict[str, Any] = {"contact_id": CONTACT_ID, "asked_by": "visitor", "visitor": Party.example, "host": HOST_PARTY}
DECLINE_REASONS = {
    "no_time": "No time in the period asked for",
    "cannot_help": "Cannot help with what is looked for",
    "out_of_date": "The profile is out of date",
    "other": "Another reason",
}
"""Why a request is declined (domain, section 5)."""

OTHER_WAYS = {
    "e_mail": "By e-mail",
    "telephone": "By telephone",
    "meeting": "At a meeting",
    "other": "In another way",
}
"""How a request was answered outside of the tool."""
COMPLAINT_KINDS = {
    "message": "One message",
    "conversation": "A conversation",
    "contact": "A contact request",
    "participation": "A participant",
}
COMPLAINT_REASONS = {
    "advertising": "Advertising, or the same words to many",
    "offensive": "Offensive or threatening",
    "untrue": "Untrue about who they are or what they offer",
    "personal_data": "Personal data of somebody who did not agree",
    "fraud": "Fraud, or asking for money",
    "other": "Another reason",
}
MEASURES = {
    "warning": "The organisation was warned",
    "message_hidden": "The message was hidden; an organisation that wrote it was warned, a contact point was not",
    "contact_closed": "The contact was ended, and the organisation warned",
}
"""What the support office does about a complaint that it upholds."""
BLOCK_ID = "3f0f1f7e-52d1-4f0e-8f0f-2c8f7f3c9a14"
COMPLAINT_ID = "3f0f1f7e-52d1-4f0e-8f0f-2c8f7f3c9a15"
ATTACHMENT_ID = "3f0f1f7e-52d1-4f0e-8f0f-2c8f7f3c9a16"


AFTER_MATCH = (*BOTH, *CONTACT_POINTS, "support_officer", "auditor")
"""Contact points and auditors read a contact once it became a match."""


class _ContactEvent(Event):
    """Something that happened to a contact between a visitor and a host; `asked_by` is the side that asked for it."""

    service = "matching"
    subject_kind = "contact"
    tells: ClassVar[tuple[str, ...]] = ("contacts:{contact_id}",)
    concerns: ClassVar[tuple[str, ...]] = (*BOTH, "support_officer")

    contact_id = fields.UUID(required=True)
    asked_by = Choice(ROLES, required=True)
    visitor = fields.Nested(Party, required=True)
    host = fields.Nested(Party, required=True)

    example: ClassVar = ABOUT_CONTACT


class ContactRequested(_ContactEvent):
    """One participant asked another for a contact."""

    heard_by = ("identity",)


class ContactAccepted(_ContactEvent):
    """The request was accepted; the two may write to each other."""

    heard_by = ("identity",)
    tells = ("contacts:{contact_id}", "conversations")


class ContactDeclined(_ContactEvent):
    """The request was declined."""

    heard_by = ("identity",)

    reason = Choice(DECLINE_REASONS, required=True)

    example: ClassVar = {**ABOUT_CONTACT, "reason": "no_time"}


class ContactAnsweredElsewhere(_ContactEvent):
    """One side (`by`) said that the request was answered outside of the tool; it counts as answered if the side that was asked said so."""

    heard_by = ("identity",)

    by = Choice(ROLES, required=True)
    way = Choice(OTHER_WAYS, required=True)

    example: ClassVar = {**ABOUT_CONTACT, "by": "host", "way": "telephone"}


class ContactExpired(_ContactEvent):
    """The request went without an answer for too long."""

    heard_by = ("identity",)


class ContactWithdrawn(_ContactEvent):
    """Whoever asked took the request back, or takes part no more."""

    heard_by = ("identity",)


class ContactReminded(_ContactEvent):
    """The side that was asked is reminded to answer."""

    heard_by = ("identity",)


class ContactClosed(_ContactEvent):
    """One of the two ended the contact without a match, or takes part no more."""

    heard_by = ("identity",)


class ContactReopened(_ContactEvent):
    """The exchange that came of the contact was refused or cancelled; the two may agree anew."""

    concerns = AFTER_MATCH


class ContactFinished(_ContactEvent):
    """The exchange that came of the contact is over."""

    concerns = AFTER_MATCH


class MatchProposed(_ContactEvent):
    """One side (`by`) proposed the match, or brought in an agreement made outside; the other one is asked to confirm it."""

    heard_by = ("identity",)

    by = Choice(ROLES, required=True)

    example: ClassVar = {**ABOUT_CONTACT, "by": "visitor"}


class ProposalWithdrawn(_ContactEvent):
    """The side that proposed the match (`by`) took the proposal back."""

    heard_by = ("identity",)

    by = Choice(ROLES, required=True)

    example: ClassVar = {**ABOUT_CONTACT, "by": "visitor"}


class ProposalRefused(_ContactEvent):
    """The side that was to confirm the match (`by`) did not agree to it."""

    heard_by = ("identity",)

    by = Choice(ROLES, required=True)

    example: ClassVar = {**ABOUT_CONTACT, "by": "host"}


class MatchConfirmed(_ContactEvent):
    """The other side (`by`) confirmed the match; `match_agreed` tells of the exchange that begins."""

    by = Choice(ROLES, required=True)

    example: ClassVar = {**ABOUT_CONTACT, "by": "host"}


class MatchAgreed(Event):
    """Both sides confirmed the match: the exchange begins, under an id that is never reused."""

    service = "matching"
    subject_kind = "exchange"
    heard_by = ("agreements", "identity", "registry")
    for_partnerships = True
    tells = ("contacts:{contact_id}", "conversations")
    concerns = AFTER_MATCH

    exchange_id = fields.UUID(required=True)
    contact_id = fields.UUID(required=True)
    visitor = fields.Nested(Party, required=True)
    host = fields.Nested(Party, required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID, "contact_id": CONTACT_ID, "visitor": Party.example, "host": HOST_PARTY}


class RankingChosen(Event):
    """A participant moved its weights, went back to those of the day, left the ranking or came back to it."""

    service = "matching"
    subject_kind = "participation"

    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    ranked = fields.Boolean(required=True)
    moved = fields.Boolean(required=True)

    example: ClassVar = {
        "participation_id": HOST_PARTY["participation_id"],
        "organisation_id": HOST_PARTY["organisation_id"],
        "ranked": True,
        "moved": True,
    }


class SavedSearchFitted(Event):
    """Participants newly fit a search that a person saved and wants to be told of; `count` is how many."""

    service = "matching"
    subject_kind = "saved_search"
    heard_by = ("identity",)
    tells: ClassVar[tuple[str, ...]] = ("saved-searches:{saved_search_id}",)
    concerns: ClassVar[tuple[str, ...]] = ("person@person_id",)

    saved_search_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    count = Whole(1, required=True)

    example: ClassVar = {"saved_search_id": SAVED_SEARCH_ID, "person_id": Party.example["person_id"], "count": 2}
