"""Doors for administrators: how the registry is doing, and what it could not apply."""

from __future__ import annotations

from chassis.running.doors import answers
from chassis.running.operating import Operating
from contracts.registry.operations import DropRegistryParked, ListRegistryParked, ReadRegistryWork, ReplayRegistryParked


class OperationDoors(Operating):
    """What every service shows of itself at work."""

    read_work = answers(ReadRegistryWork)(Operating.read_work)
    list_parked = answers(ListRegistryParked)(Operating.list_parked)
    replay_parked = answers(ReplayRegistryParked)(Operating.replay_parked)
    drop_parked = answers(DropRegistryParked)(Operating.drop_parked)
