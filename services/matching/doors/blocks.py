"""Doors of blocks: an organisation that does not want to see another any more."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers, due
from chassis.running.occasions import Due
from chassis.running.unit import Unit, Units
from contracts.matching import BlockOrganisation, LiftBlock, ListBlocks
from contracts.matching.refusals import AlreadyBlocked, OwnOrganisation
from services.matching.doors.contacts import end_for
from services.matching.doors.searches import plan_news
from services.matching.model import Block
from services.matching.model.block import ACTIVE
from services.matching.queries import blocks, changes, contacts, participants

PARTED = "contacts_blocked"


class BlockDoors:
    """Blocking, and taking it back."""

    unit = Units()

    @answers(BlockOrganisation)
    def block_organisation(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Block; the contacts of the two are ended in a unit of their own, as others lock a contact first."""
        with self.unit() as unit:
            mine = participants.own(unit, request["participation_id"], who)
            other = participants.met(unit, request["partner_participation_id"], of=mine)
            if other.organisation_id == mine.organisation_id:
                raise OwnOrganisation
            if blocks.active(unit, mine.organisation_id, other.organisation_id):
                raise AlreadyBlocked
            block, fact = Block.begin(mine, other, by=who, at=unit.now)
            blocks.keep(unit, block)
            unit.announce(fact)
            unit.plan(PARTED, block.id, unit.now)
            return _reply(unit, block, who)

    @answers(LiftBlock)
    def lift_block(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take a block back."""
        with self.unit() as unit:
            block = blocks.block(unit, request["block_id"], seen_by=who, to_change=True)
            unit.announce(block.lift(by=who, at=unit.now))
            for each in participants.of_organisations(unit, {block.organisation_id, block.blocked_organisation_id}):
                plan_news(unit, each)
            return _reply(unit, block, who)

    @answers(ListBlocks)
    def list_blocks(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show the blocks of one's organisations."""
        with self.unit() as unit:
            page, version = blocks.blocks(unit, who, request), changes.data_version(unit)
            return unit.reply({"items": [_shown(each, who, version) for each in page["items"]], "next": page["next"]})

    @due(PARTED)
    def part_blocked(self, work: Due) -> None:
        """End the contacts of two organisations between which a block stands."""
        with self.unit() as unit:
            block = unit.session.get_one(Block, work.subject_id)
            if block.state == ACTIVE:
                end_for(unit, contacts.open_between(unit, block.organisation_id, block.blocked_organisation_id), block.organisation_id)


def _reply(unit: Unit, block: Block, who: Principal) -> dict[str, Any]:
    unit.session.flush()
    return unit.reply(_shown(block, who, changes.count_change(unit)))


def _shown(block: Block, who: Principal, version: int) -> dict[str, Any]:
    names = ("state", "organisation_id", "blocked_organisation_id", "blocked_name", "blocked_at", "lifted_at")
    about = {"block_id": block.id, "moves": block.moves_for(who), "data_version": version}
    return {name: getattr(block, name) for name in names} | about
