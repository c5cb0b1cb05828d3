"""Doors for administrators: how payments is doing, and what it could not apply."""

from __future__ import annotations

from chassis.running.doors import answers
from chassis.running.operating import Operating
from contracts.payments.operations import DropPaymentsParked, ListPaymentsParked, ReadPaymentsWork, ReplayPaymentsParked


class OperationDoors(Operating):
    """What every service shows of itself at work."""

    read_work = answers(ReadPaymentsWork)(Operating.read_work)
    list_parked = answers(ListPaymentsParked)(Operating.list_parked)
    replay_parked = answers(ReplayPaymentsParked)(Operating.replay_parked)
    drop_parked = answers(DropPaymentsParked)(Operating.drop_parked)
