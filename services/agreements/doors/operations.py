"""Doors for administrators: how agreements is doing, and what it could not apply."""

from __future__ import annotations

from chassis.running.doors import answers
from chassis.running.operating import Operating
from contracts.agreements.operations import DropAgreementsParked, ListAgreementsParked, ReadAgreementsWork, ReplayAgreementsParked


class OperationDoors(Operating):
    """What every service shows of itself at work."""

    read_work = answers(ReadAgreementsWork)(Operating.read_work)
    list_parked = answers(ListAgreementsParked)(Operating.list_parked)
    replay_parked = answers(ReplayAgreementsParked)(Operating.replay_parked)
    drop_parked = answers(DropAgreementsParked)(Operating.drop_parked)
