"""Doors for administrators: how matching is doing, and what it could not apply."""

from __future__ import annotations

from chassis.running.doors import answers
from chassis.running.operating import Operating
from contracts.matching.operations import DropMatchingParked, ListMatchingParked, ReadMatchingWork, ReplayMatchingParked


class OperationDoors(Operating):
    """What every service shows of itself at work."""

    read_work = answers(ReadMatchingWork)(Operating.read_work)
    list_parked = answers(ListMatchingParked)(Operating.list_parked)
    replay_parked = answers(ReplayMatchingParked)(Operating.replay_parked)
    drop_parked = answers(DropMatchingParked)(Operating.drop_parked)
