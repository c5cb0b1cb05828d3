"""How agreements is doing, and what it could not apply; for administrators."""

from __future__ import annotations

from contracts.operations import DropParked, ListParked, ReadWork, ReplayParked


class ReadAgreementsWork(ReadWork):
    """How agreements is doing."""

    service = "agreements"


class ListAgreementsParked(ListParked):
    """The messages that agreements could not apply, the first of them; looking takes nothing out."""

    service = "agreements"


class ReplayAgreementsParked(ReplayParked):
    """Put a message that agreements could not apply back into its queue; it is applied once, however often that is done."""

    service = "agreements"


class DropAgreementsParked(DropParked):
    """Throw a message that agreements could not apply away; what it was, who did so and why is written down before."""

    service = "agreements"
