"""How a participant is listed, as far as it decides that itself: whether it hosts at present, and that its profile is still true."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Whole
from chassis.bare.message import Command, Query, View
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours
from contracts.matching.events import HOST_PARTY
from contracts.matching.refusals import DayIsPast, HostsNobody, NotAcceptedYet, ParticipationNotFound

HOSTING_STATES = {"open": "Takes guests", "paused": "Takes no new guests at present"}
LISTING_STATES = {
    "current": "Confirmed",
    "asked": "Asked whether its profile is still true",
    "sunk": "In neither list nor catalogue until its profile is confirmed",
}
ANSWERING_STATES = {
    "answers": "Answers those who ask it",
    "warned": "Let several requests in a row expire; one more puts it behind all others",
    "silent": "Stands behind all others in visitors' lists until it answers a request, or pauses hosting",
}
OWN = "A representative of the participation's organisation, once it is accepted."


class ListingView(View):
    """How a participant is listed.

    `capacity` is that of its registration, how many it hosts at a time; `places_left` what lists count with, none while hosting is
    paused. `hosting_until` is the day on which hosting goes on by itself; `confirm_by` when the participant sinks unless it confirms.
    `unanswered` requests to it as a host expired one after the other.
    """

    participation_id = fields.UUID(required=True)
    is_host = fields.Boolean(required=True)
    hosting = Choice(HOSTING_STATES, required=True)
    hosting_until = fields.Date(required=True, allow_none=True)
    capacity = Whole(required=True)
    hosted = Whole(required=True)
    places_left = Whole(required=True)
    listing = Choice(LISTING_STATES, required=True)
    confirmed_at = Instant(required=True, allow_none=True)
    confirm_by = Instant(required=True, allow_none=True)
    answering = Choice(ANSWERING_STATES, required=True)
    unanswered = Whole(required=True)
    moves = fields.List(fields.String(), required=True)
    data_version = Whole(required=True)

    example: ClassVar[dict[str, Any]] = {
        "participation_id": HOST_PARTY["participation_id"],
        "is_host": True,
        "hosting": "open",
        "hosting_until": None,
        "capacity": 2,
        "hosted": 1,
        "places_left": 1,
        "listing": "asked",
        "confirmed_at": "2027-01-04T09:30:00Z",
        "confirm_by": "2027-07-18T09:30:00Z",
        "answering": "answers",
        "unanswered": 0,
        "moves": ["pause_hosting", "confirm_listing"],
        "data_version": 1204,
    }


class ReadListing(Query):
    """How one's own participation is listed."""

    service = "matching"
    answers = ListingView
    allowed = ("representative",)
    rule = OWN
    refusals = (ParticipationNotFound, NotAcceptedYet)

    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": HOST_PARTY["participation_id"]}


class PauseHosting(Command):
    """Take no new guests, until a day or until one says so: out of visitors' lists, and nobody asks.

    The role of visitor stays as it is. Whoever was warned for not answering, or stood last for it, stands as before when it takes guests again.
    """

    service = "matching"
    answers = ListingView
    allowed = ("representative",)
    rule = OWN
    refusals = (ParticipationNotFound, NotAcceptedYet, HostsNobody, DayIsPast)

    participation_id = fields.UUID(required=True)
    until = fields.Date(load_default=None, metadata={"description": "The day on which hosting goes on by itself; null: until one says so."})

    example: ClassVar = {"participation_id": HOST_PARTY["participation_id"], "until": "2027-06-01"}


class ResumeHosting(Command):
    """Take guests again."""

    service = "matching"
    answers = ListingView
    allowed = ("representative",)
    rule = OWN
    refusals = (ParticipationNotFound, NotAcceptedYet, MoveNotYours, MoveNotAllowed)

    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": HOST_PARTY["participation_id"]}


class ConfirmListing(Command):
    """Say that the profile is still true: it stays in lists and catalogue, or comes back into them at once."""

    service = "matching"
    answers = ListingView
    allowed = ("representative",)
    rule = OWN
    refusals = (ParticipationNotFound, NotAcceptedYet)

    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": HOST_PARTY["participation_id"]}
