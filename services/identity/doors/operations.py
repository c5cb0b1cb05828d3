"""Doors for administrators: how the identity service is doing, and what it could not apply."""

from __future__ import annotations

from chassis.running.doors import answers
from chassis.running.operating import Operating
from contracts.identity.operations import DropIdentityParked, ListIdentityParked, ReadIdentityWork, ReplayIdentityParked


class OperationDoors(Operating):
    """What every service shows of itself at work."""

    read_work = answers(ReadIdentityWork)(Operating.read_work)
    list_parked = answers(ListIdentityParked)(Operating.list_parked)
    replay_parked = answers(ReplayIdentityParked)(Operating.replay_parked)
    drop_parked = answers(DropIdentityParked)(Operating.drop_parked)
