"""How matching is doing, and what it could not apply; for administrators."""

from __future__ import annotations

from contracts.operations import DropParked, ListParked, ReadWork, ReplayParked


class ReadMatchingWork(ReadWork):
    """How matching is doing."""

    service = "matching"


class ListMatchingParked(ListParked):
    """The messages that matching could not apply, the first of them; looking takes nothing out."""

    service = "matching"


class ReplayMatchingParked(ReplayParked):
    """Put a message that matching could not apply back into its queue; it is applied once, however often that is done."""

    service = "matching"


class DropMatchingParked(DropParked):
    """Throw a message that matching could not apply away; what it was, who did so and why is written down before."""

    service = "matching"
