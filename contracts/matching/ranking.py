"""What a participant chooses of the ranking: how much each criterion counts for it, and whether it is ranked at all."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.bare.fields import Several, Whole
from chassis.bare.message import Command, Query, View
from contracts.matching.catalogue import CRITERIA, CriterionWeight
from contracts.matching.refusals import NotAcceptedYet, ParticipationNotFound
from contracts.words.profile import PublicProfile


class RankingChoice(View):
    """A participation's own choice. `weights` are as they were chosen (only their proportions count), `moved` whether any were.

    Where none were moved they are those of the day (`day_weights`). Whoever is not `ranked` stands in the catalogue only: it has no
    ranked list and is on nobody else's. `data_version` is the count of changes with which the choice is in the lists.
    """

    participation_id = fields.UUID(required=True)
    version = Whole(1, required=True)
    ranked = fields.Boolean(required=True)
    moved = fields.Boolean(required=True)
    weights = fields.List(fields.Nested(CriterionWeight), required=True)
    day_weights = fields.List(fields.Nested(CriterionWeight), required=True)
    data_version = Whole(required=True)

    example: ClassVar = {
        "participation_id": PublicProfile.example["participation_id"],
        "version": 2,
        "ranked": True,
        "moved": True,
        "weights": [CriterionWeight.example],
        "day_weights": [CriterionWeight.example | {"weight": 180}],
        "data_version": 1204,
    }


BY_REPRESENTATIVES = "A representative of the participation's organisation, once it was accepted."


class ReadRankingChoice(Query):
    """How much each criterion counts for a participation, and whether it is ranked."""

    service = "matching"
    answers = RankingChoice
    allowed = ("representative",)
    rule = BY_REPRESENTATIVES
    refusals = (ParticipationNotFound, NotAcceptedYet)

    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": PublicProfile.example["participation_id"]}


class ChangeRankingChoice(Command):
    """Move the weights for good, go back to those of the day (an empty list), or leave the ranking and come back.

    Criteria that are not named count nothing. The other side's list goes by its own weights for its own direction.
    """

    service = "matching"
    answers = RankingChoice
    allowed = ("representative",)
    rule = BY_REPRESENTATIVES
    refusals = (ParticipationNotFound, NotAcceptedYet)
    if_match = True

    participation_id = fields.UUID(required=True)
    weights = Several(fields.Nested(CriterionWeight), most=len(CRITERIA), required=True)
    ranked = fields.Boolean(required=True)

    example: ClassVar = {
        "participation_id": PublicProfile.example["participation_id"],
        "weights": [{"criterion": "learning", "weight": 300}, {"criterion": "topics", "weight": 100}],
        "ranked": True,
    }

    @validates_schema
    def _count(self, data: dict[str, Any], **_: Any) -> None:
        given = data.get("weights") or []
        if len({each["criterion"] for each in given}) < len(given):
            raise ValidationError("The same criterion stands here more than once.", "weights")
        if given and not any(each["weight"] for each in given):
            raise ValidationError("One criterion at least has to count.", "weights")
