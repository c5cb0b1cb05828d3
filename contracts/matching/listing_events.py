"""What matching announces of listings, blocks and complaints: ids, dates and codes only."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice
from chassis.bare.message import Event
from contracts.matching.events import BLOCK_ID, COMPLAINT_ID, COMPLAINT_KINDS, COMPLAINT_REASONS, HOST_PARTY, MEASURES
from contracts.words import Party

MINE = {name: HOST_PARTY[name] for name in ("participation_id", "organisation_id")}


class _ListingEvent(Event):
    """Something about how a participant is listed, which it decides itself."""

    service = "matching"
    subject_kind = "listing"
    tells: ClassVar[tuple[str, ...]] = ("participations:{participation_id}",)
    concerns: ClassVar[tuple[str, ...]] = ("representative@organisation_id",)

    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)

    example: ClassVar = MINE


class HostingPaused(_ListingEvent):
    """A host takes no new guests for the time being: until a day, or until it says so (`until` is null)."""

    until = fields.Date(required=True, allow_none=True)

    example: ClassVar = {**MINE, "until": "2027-06-01"}


class HostingResumed(_ListingEvent):
    """A host takes guests again; by itself when its day has come."""

    heard_by = ("identity",)


class ListingConfirmationAsked(_ListingEvent):
    """A participant is asked whether its profile is still true; without an answer it sinks out of lists at `confirm_by`."""

    heard_by = ("identity",)

    confirm_by = fields.Date(required=True)

    example: ClassVar = {**MINE, "confirm_by": "2027-06-15"}


class ListingConfirmationReminded(ListingConfirmationAsked):
    """The same once more, before it sinks."""


class ListingSunk(_ListingEvent):
    """Nobody confirmed the profile: the participant is in neither list nor catalogue until somebody does."""

    heard_by = ("identity",)


class ListingConfirmed(_ListingEvent):
    """Somebody of the participant confirmed its profile, or changed it."""


class SilenceWarned(_ListingEvent):
    """A host let several requests in a row expire: unless it answers, or pauses hosting, the next one puts it behind all others.

    It stays where it is at least until `sinks_from`.
    """

    heard_by = ("identity",)

    sinks_from = fields.Date(required=True)

    example: ClassVar = {**MINE, "sinks_from": "2027-06-15"}


class SilentHostSunk(_ListingEvent):
    """A host that was warned let one more request expire: it stands behind all others in lists until it answers one."""

    heard_by = ("identity",)


class SilentHostRisen(_ListingEvent):
    """A host that was warned, or had sunk, answered a request or paused hosting: it stands where its score puts it."""

    heard_by = ("identity",)


class _BlockEvent(Event):
    """Something about a block. The organisation that is blocked is not told."""

    service = "matching"
    subject_kind = "block"
    tells: ClassVar[tuple[str, ...]] = ("blocks",)
    concerns: ClassVar[tuple[str, ...]] = ("representative@organisation_id", "support_officer")

    block_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    blocked_organisation_id = fields.UUID(required=True)

    example: ClassVar = {
        "block_id": BLOCK_ID,
        "organisation_id": HOST_PARTY["organisation_id"],
        "blocked_organisation_id": Party.example["organisation_id"],
    }


class OrganisationBlocked(_BlockEvent):
    """One organisation blocked another: neither finds the other any more."""


class BlockLifted(_BlockEvent):
    """The organisation that blocked took it back."""


ABOUT_COMPLAINT = {"complaint_id": COMPLAINT_ID, "person_id": Party.example["person_id"], "kind": "message", "reason": "advertising"}


class _ComplaintEvent(Event):
    """Something about a complaint to the support office; `person_id` is who complained."""

    service = "matching"
    subject_kind = "complaint"
    tells: ClassVar[tuple[str, ...]] = ("complaints:{complaint_id}",)
    concerns: ClassVar[tuple[str, ...]] = ("person@person_id", "support_officer")

    complaint_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    kind = Choice(COMPLAINT_KINDS, required=True)
    reason = Choice(COMPLAINT_REASONS, required=True)

    example: ClassVar = ABOUT_COMPLAINT


class ComplaintReceived(_ComplaintEvent):
    """Somebody complained of a message, a conversation, a contact or a participant to the support office."""

    heard_by = ("identity",)


class ComplaintUpheld(_ComplaintEvent):
    """The support office agreed and did something about it; whoever complained is told."""

    heard_by = ("identity",)

    measure = Choice(MEASURES, required=True)

    example: ClassVar = {**ABOUT_COMPLAINT, "measure": "warning"}


class ComplaintDismissed(_ComplaintEvent):
    """The support office saw nothing wrong; whoever complained is told."""

    heard_by = ("identity",)


class ComplaintWithdrawn(_ComplaintEvent):
    """Whoever complained took it back."""


class OrganisationWarned(Event):
    """The support office warned an organisation after a complaint; who complained is not told."""

    service = "matching"
    subject_kind = "organisation"
    heard_by = ("identity",)
    tells: ClassVar[tuple[str, ...]] = ("contacts",)
    concerns: ClassVar[tuple[str, ...]] = ("representative@organisation_id",)

    organisation_id = fields.UUID(required=True)
    reason = Choice(COMPLAINT_REASONS, required=True)
    measure = Choice(MEASURES, required=True)

    example: ClassVar = {"organisation_id": HOST_PARTY["organisation_id"], "reason": "advertising", "measure": "warning"}
