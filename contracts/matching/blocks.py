"""Blocks: an organisation that does not want to see another, nor to be seen by it."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Several, Whole
from chassis.bare.message import Command, PageQuery, View, page_of
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours
from contracts.matching.events import BLOCK_ID, HOST_PARTY
from contracts.matching.refusals import AlreadyBlocked, BlockNotFound, NotAcceptedYet, OwnOrganisation, ParticipationNotFound
from contracts.words import Party

BLOCK_STATES = {"active": "In force", "lifted": "Lifted"}


class BlockView(View):
    """A block as the organisation sees it that made it; the other one sees nothing of it."""

    block_id = fields.UUID(required=True)
    state = Choice(BLOCK_STATES, required=True)
    organisation_id = fields.UUID(required=True)
    blocked_organisation_id = fields.UUID(required=True)
    blocked_name = fields.String(required=True)
    blocked_at = Instant(required=True)
    lifted_at = Instant(required=True, allow_none=True)
    moves = fields.List(fields.String(), required=True)
    data_version = Whole(required=True)

    example: ClassVar = {
        "block_id": BLOCK_ID,
        "state": "active",
        "organisation_id": Party.example["organisation_id"],
        "blocked_organisation_id": HOST_PARTY["organisation_id"],
        "blocked_name": "Tejo Valley Makers",
        "blocked_at": "2027-01-04T09:30:00Z",
        "lifted_at": None,
        "moves": ["lift"],
        "data_version": 1204,
    }


class BlockOrganisation(Command):
    """Block the organisation of another participation: neither finds the other in list and catalogue, and neither can ask.

    Open contacts of the two end; an exchange that was agreed goes on, with its conversation.
    """

    service = "matching"
    answers = BlockView
    allowed = ("representative",)
    rule = "A representative of the participation's organisation; of somebody that it sees, or is in contact with."
    refusals = (ParticipationNotFound, NotAcceptedYet, OwnOrganisation, AlreadyBlocked)

    participation_id = fields.UUID(required=True)
    partner_participation_id = fields.UUID(required=True)

    example: ClassVar = {
        "participation_id": Party.example["participation_id"],
        "partner_participation_id": HOST_PARTY["participation_id"],
    }


class LiftBlock(Command):
    """Take a block back: both find each other again."""

    service = "matching"
    answers = BlockView
    allowed = ("representative",)
    rule = "A representative of the organisation that blocked."
    refusals = (BlockNotFound, MoveNotYours, MoveNotAllowed)

    block_id = fields.UUID(required=True)

    example: ClassVar = {"block_id": BLOCK_ID}


class ListBlocks(PageQuery):
    """The blocks of one's organisations, the newest first."""

    service = "matching"
    answers = page_of(BlockView)
    allowed = ("representative",)
    rule = "Those of one's own organisations."

    state = Several(Choice(BLOCK_STATES), load_default=list)

    example: ClassVar = {"state": ["active"]}
