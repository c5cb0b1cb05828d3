"""How the identity service is doing, and what it could not apply; for administrators."""

from __future__ import annotations

from contracts.operations import DropParked, ListParked, ReadWork, ReplayParked


class ReadIdentityWork(ReadWork):
    """How the identity service is doing."""

    service = "identity"


class ListIdentityParked(ListParked):
    """The messages that the identity service could not apply, the first of them; looking takes nothing out."""

    service = "identity"


class ReplayIdentityParked(ReplayParked):
    """Put a message that the identity service could not apply back into its queue; it is applied once, however often that is done."""

    service = "identity"


class DropIdentityParked(DropParked):
    """Throw a message that the identity service could not apply away; what it was, who did so and why is written down before."""

    service = "identity"
