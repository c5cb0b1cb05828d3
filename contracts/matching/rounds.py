"""Matching rounds: all open visitors proposed to hosts at once, for contact points; nothing binds before the two agree."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Whole
from chassis.bare.message import Command, Page, PageQuery, Query, View, page_of
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours
from contracts.matching.refusals import (
    NotAcceptedYet,
    ParticipationNotFound,
    RoleNotTaken,
    RoundElsewhere,
    RoundGoing,
    RoundNotFound,
)
from contracts.matching.round_events import ROUND_ID
from contracts.words import ROLES, Country
from contracts.words.profile import PublicProfile

ROUND_STATES = {
    "computing": "Being reckoned",
    "proposed": "Reckoned; seen by nobody but the desk",
    "shown": "Each side sees its suggestion",
    "discarded": "Not used",
    "replaced": "A later round is shown in its place",
}
MAKERS = ("registrations", "support_officer")
RULE = "Contact points make and see rounds of their own partnership's visitors; the support office those of everybody's."


class RoundView(View):
    """A round: how far it is, and what it comes to.

    `done` of `total` steps are made. `score_total` is the sum of the scores of all pairs, `first_total` what it would be if every
    visitor that has a pair got its first choice, whoever else wants that host.
    """

    round_id = fields.UUID(required=True)
    version = Whole(1, required=True)
    state = Choice(ROUND_STATES, required=True)
    moves = fields.List(fields.String(), required=True)
    partnership_id = fields.UUID(required=True, allow_none=True)
    started_at = Instant(required=True)
    done = Whole(required=True)
    total = Whole(required=True)
    data_version = Whole(required=True, allow_none=True)
    visitors = Whole(required=True)
    hosts = Whole(required=True)
    pairs = Whole(required=True)
    score_total = Whole(required=True)
    first_total = Whole(required=True)

    example: ClassVar[dict[str, Any]] = {
        "round_id": ROUND_ID,
        "version": 2,
        "state": "proposed",
        "moves": ["show_round", "discard_round"],
        "partnership_id": PublicProfile.example["partnership_id"],
        "started_at": "2027-03-01T09:00:00Z",
        "done": 3,
        "total": 3,
        "data_version": 1204,
        "visitors": 12,
        "hosts": 9,
        "pairs": 11,
        "score_total": 6710,
        "first_total": 6904,
    }


class RoundSide(View):
    """One side of a pair. `first` is the partner it would like best of the round, `gives_up` what this pair's score lacks against it."""

    participation_id = fields.UUID(required=True)
    legal_name = fields.String(required=True)
    country = Country(required=True)
    first_participation_id = fields.UUID(required=True)
    first_name = fields.String(required=True)
    first_score = Whole(0, 1000, required=True)
    gives_up = Whole(0, 1000, required=True)

    example: ClassVar = {
        "participation_id": PublicProfile.example["participation_id"],
        "legal_name": "Blue Harbour Cluster",
        "country": "ES",
        "first_participation_id": "8e2d1b5f-4c63-4b9f-8b66-7b2a1e9c5d01",
        "first_name": "Tejo Valley Makers",
        "first_score": 640,
        "gives_up": 28,
    }


class RoundPair(View):
    """A visitor and a host that the round proposes to each other."""

    suggestion_id = fields.UUID(required=True)
    score = Whole(0, 1000, required=True)
    visitor = fields.Nested(RoundSide, required=True)
    host = fields.Nested(RoundSide, required=True)

    example: ClassVar = {"suggestion_id": ROUND_ID, "score": 612, "visitor": RoundSide.example, "host": RoundSide.example}


class Suggestion(View):
    """A partner that a matching round suggests; it binds nobody: ask for a contact, or let it be."""

    suggestion_id = fields.UUID(required=True)
    round_id = fields.UUID(required=True)
    score = Whole(0, 1000, required=True)
    profile = fields.Nested(PublicProfile, required=True)

    example: ClassVar = {"suggestion_id": ROUND_ID, "round_id": ROUND_ID, "score": 612, "profile": PublicProfile.example}


class StartRound(Command):
    """Begin a round: for all open visitors of a partnership, or of everybody's where none is named. Reckoning takes a while."""

    service = "matching"
    answers = RoundView
    allowed = MAKERS
    rule = RULE
    refusals = (RoundElsewhere, RoundGoing)

    partnership_id = fields.UUID(load_default=None, allow_none=True)

    example: ClassVar = {"partnership_id": PublicProfile.example["partnership_id"]}


class ListRounds(PageQuery):
    """The rounds that the reader may see, the newest first."""

    service = "matching"
    answers = page_of(RoundView)
    allowed = MAKERS
    rule = RULE

    partnership_id = fields.UUID(load_default=None)

    example: ClassVar = {"limit": 25}


class ReadRound(Query):
    """One round."""

    service = "matching"
    answers = RoundView
    allowed = MAKERS
    rule = RULE
    refusals = (RoundNotFound,)

    round_id = fields.UUID(required=True)

    example: ClassVar = {"round_id": ROUND_ID}


class RoundPairs(Page):
    """A page of the pairs of a round, those whose visitor gives up most first."""

    items = fields.List(fields.Nested(RoundPair), required=True)

    example: ClassVar = {"items": [RoundPair.example], "next": None}


class ListRoundPairs(PageQuery):
    """The pairs that a round proposes, with what each side gives up against its own first choice."""

    service = "matching"
    answers = RoundPairs
    allowed = MAKERS
    rule = RULE
    refusals = (RoundNotFound,)

    round_id = fields.UUID(required=True)

    example: ClassVar = {"round_id": ROUND_ID}


class _MoveOfRound(Command):
    service = "matching"
    answers = RoundView
    allowed = MAKERS
    rule = RULE
    refusals = (RoundNotFound, MoveNotAllowed, MoveNotYours)

    round_id = fields.UUID(required=True)

    example: ClassVar = {"round_id": ROUND_ID}


class ShowRound(_MoveOfRound):
    """Show both sides of each pair that they are suggested to each other; an earlier round of the same visitors is shown no more."""


class DiscardRound(_MoveOfRound):
    """Do not use a round, be it reckoned or not."""


class Suggestions(View):
    """The partners suggested to a participation in a role, the best first."""

    items = fields.List(fields.Nested(Suggestion), required=True)

    example: ClassVar = {"items": [Suggestion.example]}


class ListSuggestions(Query):
    """Who is suggested to one's own participation by a round that is shown; not whoever is in contact already or would be on no list today."""

    service = "matching"
    answers = Suggestions
    allowed = ("representative",)
    rule = "A representative of the participation's organisation, once it is accepted."
    refusals = (ParticipationNotFound, NotAcceptedYet, RoleNotTaken)

    class Meta(Query.Meta):
        # A word of the language, which cannot be written as an attribute.
        include: ClassVar = {
            "as": Choice(ROLES, required=True, metadata={"description": "The role in which the participation looks for partners."})
        }

    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": PublicProfile.example["participation_id"], "as": "visitor"}
