"""The ranked list of best partners."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.bare.fields import Choice, Several, Whole
from chassis.bare.message import MOST_PER_PAGE, Query, View
from contracts.matching.exposure import EXPOSURE_SETTINGS
from contracts.matching.refusals import NotAcceptedYet, NotRanked, ParticipationNotFound, RoleNotTaken
from contracts.words import ROLES
from contracts.words.profile import PublicProfile

CRITERIA = {
    "ecosystems": "Industrial ecosystems in common",
    "nace": "Economic activities the same or near each other",
    "topics": "Topics in common",
    "technologies": "Technologies in common",
    "learning": "What one wants to learn and the other can teach",
    "activity_types": "Kinds of activity both wish for",
    "organisation_types": "The kind of organisation wished for",
    "countries": "The countries wished for",
    "languages": "The languages wished for, by how well the other speaks them",
    "common_language": "How well both speak their best common language",
    "group_size": "A visitor's group no larger than the host takes, as `coming/taken`",
    "size": "Organisations of similar size",
    "text": "Words of the motivation that the other's profile takes up",
    "responsiveness": "How often the other answers requests",
}
"""What a score is made of. Clients make the words; the names here are English and for people."""

WEIGHTED = rf"({'|'.join(sorted(CRITERIA))}):(1000|[0-9]{{1,3}})"
"""A criterion and its weight as one text."""

LEAST = {
    "description": "The least data version the answer must take into account: the `data_version` that one's own command answered. "
    "One that is not there yet is waited for shortly, then answered with 503 and Retry-After."
}


class Responsiveness(View):
    """How a participant has answered requests so far; `usual_hours` (half are answered sooner) is null before the first answer."""

    asked = Whole(required=True)
    answered = Whole(required=True)
    usual_hours = Whole(required=True, allow_none=True)

    example: ClassVar = {"asked": 4, "answered": 3, "usual_hours": 20}


class Reason(View):
    """One criterion's part in a score: `points` out of `of`, and the codes or words that earned them.

    Where a preference or the other's value is unknown, `known` is false and the points are half of `of`.
    """

    criterion = Choice(CRITERIA, required=True)
    points = Whole(required=True)
    of = Whole(required=True)
    known = fields.Boolean(required=True)
    values = fields.List(fields.String(), required=True)

    example: ClassVar = {"criterion": "ecosystems", "points": 75, "of": 150, "known": True, "values": ["digital"]}


class Reasons(View):
    """Why the two fit, as each side sees it."""

    visitor = fields.List(fields.Nested(Reason), required=True)
    host = fields.List(fields.Nested(Reason), required=True)

    example: ClassVar = {"visitor": [Reason.example], "host": [Reason.example]}


class CriterionWeight(View):
    """How much a criterion counts: only how weights stand to each other matters."""

    criterion = Choice(CRITERIA, required=True)
    weight = Whole(0, 1000, required=True)

    example: ClassVar = {"criterion": "learning", "weight": 300}


class Missing(View):
    """What the own profile leaves open: `field` of a step of the registration, the criteria that stay unknown for it.

    `points` are those of 1000 that these criteria are worth to the own side and to a partner who goes by the weights of the day.
    """

    step = Choice(("offer", "preferences"), required=True)
    field = fields.String(required=True)
    criteria = fields.List(Choice(CRITERIA), required=True)
    own_points = Whole(0, 1000, required=True)
    partner_points = Whole(0, 1000, required=True)

    example: ClassVar = {"step": "offer", "field": "topics", "criteria": ["topics"], "own_points": 80, "partner_points": 80}


class RankedPartner(View):
    """One place of the ranked list. Scores run from 0 to 1000; `score` is the harmonic mean of the two directed scores.

    `position_by_score` is where it would stand by score alone among those who answer; a host that does not (`answers` is false) stands
    behind all others.
    """

    position = Whole(1, required=True)
    position_by_score = Whole(1, required=True)
    answers = fields.Boolean(required=True)
    score = Whole(0, 1000, required=True)
    visitor_score = Whole(0, 1000, required=True)
    host_score = Whole(0, 1000, required=True)
    reasons = fields.Nested(Reasons, required=True)
    profile = fields.Nested(PublicProfile, required=True)
    responsiveness = fields.Nested(Responsiveness, required=True)

    example: ClassVar = {
        "position": 1,
        "position_by_score": 1,
        "answers": True,
        "score": 612,
        "visitor_score": 640,
        "host_score": 587,
        "reasons": Reasons.example,
        "profile": PublicProfile.example,
        "responsiveness": Responsiveness.example,
    }


class ListFairness(View):
    """How far this list goes by exposure, and what that costs: its scores come to `given_up` less than the `best_total` of the best."""

    setting = Choice(EXPOSURE_SETTINGS, required=True)
    best_total = Whole(required=True)
    given_up = Whole(required=True)

    example: ClassVar = {"setting": "gentle", "best_total": 612, "given_up": 0}


class MatchList(View):
    """The best partners for one participation in one role, best first; but hosts that do not answer stand behind all others.

    `possible` counts all who fulfil the hard rules, without hosts that were shown to others as often as they may be this week; `data_version` counts the changes that the list takes into account, all up to
    that one and none after it. The same data version, `day` and request give the same list, whichever process answers. `weights` are
    those that counted for the own side, made to 1000 together; `missing` is what the own profile leaves open, the dearest first.
    """

    data_version = Whole(required=True)
    day = fields.Date(required=True, metadata={"description": "The day (UTC) from which periods and waits are counted."})
    possible = Whole(required=True)
    weights = fields.List(fields.Nested(CriterionWeight), required=True)
    missing = fields.List(fields.Nested(Missing), required=True)
    fairness = fields.Nested(ListFairness, required=True)
    items = fields.List(fields.Nested(RankedPartner), required=True)

    example: ClassVar = {
        "data_version": 1204,
        "day": "2027-03-01",
        "possible": 1,
        "weights": [CriterionWeight.example],
        "missing": [Missing.example],
        "fairness": ListFairness.example,
        "items": [RankedPartner.example],
    }


class ListMatches(Query):
    """The partners that fit a participation best, by both sides' preferences, with the reasons of each side."""

    service = "matching"
    answers = MatchList
    allowed = ("representative",)
    rule = "A representative of the participation's organisation, once it is accepted."
    refusals = (ParticipationNotFound, NotAcceptedYet, RoleNotTaken, NotRanked)

    class Meta(Query.Meta):
        # A word of the language, which cannot be written as an attribute.
        include: ClassVar = {
            "as": Choice(ROLES, required=True, metadata={"description": "The role in which the participation looks for partners."})
        }

    participation_id = fields.UUID(required=True)
    limit = Whole(1, MOST_PER_PAGE, load_default=20, metadata={"description": "At most so many partners, 1 to 100."})
    weights = Several(
        fields.String(validate=validate.Regexp(rf"^{WEIGHTED}\Z", error="Say `criterion:weight`, the weight from 0 to 1000.")),
        most=len(CRITERIA),
        load_default=list,
        metadata={
            "description": "Try other weights for the own side, as `learning:300`. Criteria not named keep theirs; then all are made to 1000."
        },
    )
    at_least = Whole(load_default=0, metadata=LEAST)

    example: ClassVar = {
        "participation_id": PublicProfile.example["participation_id"],
        "as": "visitor",
        "limit": 20,
        "weights": ["learning:300", "topics:0"],
        "at_least": 0,
    }

    @validates_schema
    def _once(self, data: dict[str, Any], **_: Any) -> None:
        given = data.get("weights") or []
        if len({each.partition(":")[0] for each in given}) < len(given):
            raise ValidationError("The same criterion stands here more than once.", "weights")
