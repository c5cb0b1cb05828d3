"""How payments is doing, and what it could not apply; for administrators."""

from __future__ import annotations

from contracts.operations import DropParked, ListParked, ReadWork, ReplayParked


class ReadPaymentsWork(ReadWork):
    """How payments is doing."""

    service = "payments"


class ListPaymentsParked(ListParked):
    """The messages that payments could not apply, the first of them; looking takes nothing out."""

    service = "payments"


class ReplayPaymentsParked(ReplayParked):
    """Put a message that payments could not apply back into its queue; it is applied once, however often that is done."""

    service = "payments"


class DropPaymentsParked(DropParked):
    """Throw a message that payments could not apply away; what it was, who did so and why is written down before."""

    service = "payments"
