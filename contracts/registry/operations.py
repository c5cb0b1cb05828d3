"""How the registry is doing, and what it could not apply; for administrators."""

from __future__ import annotations

from contracts.operations import DropParked, ListParked, ReadWork, ReplayParked


class ReadRegistryWork(ReadWork):
    """How the registry is doing."""

    service = "registry"


class ListRegistryParked(ListParked):
    """The messages that the registry could not apply, the first of them; looking takes nothing out."""

    service = "registry"


class ReplayRegistryParked(ReplayParked):
    """Put a message that the registry could not apply back into its queue; it is applied once, however often that is done."""

    service = "registry"


class DropRegistryParked(DropParked):
    """Throw a message that the registry could not apply away; what it was, who did so and why is written down before."""

    service = "registry"
