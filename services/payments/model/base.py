"""What all mapped classes of payments stand on, and the capacities in which somebody acts on an exchange's money."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.bare.principal import service
from chassis.bare.tables import NAMES, TYPES
from contracts.words import CURRENCY

VISITOR, FINANCE, SUPPORT, AUDITOR, SERVICE = "visitor", "finance", "support_officer", "auditor", "service"
MONEY_ROLES = (FINANCE, SUPPORT)
ITSELF = service("payments")
"""Who acts when one thing follows from another."""


class Base(DeclarativeBase):
    """The base of every mapped class of payments."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


def money(minor: int | None) -> dict[str, Any] | None:
    """Cents as the contracts' Money; None stays None."""
    return None if minor is None else {"minor": minor, "currency": CURRENCY}
