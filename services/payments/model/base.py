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

AGREEMENT = "performing the financial agreement (GDPR 6(1)(b))"
TRAIL = "legal duty to account for public money (GDPR 6(1)(c))"
CONSENT = "explicit consent, by asking for it (GDPR 9(2)(a))"
BOOKS = "until 5 years after the exchange's payment"


class Base(DeclarativeBase):
    """The base of every mapped class of payments."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


def personal(purpose: str, basis: str = AGREEMENT, retention: str = BOOKS) -> dict[str, Any]:
    """What a column with personal data carries as `info`: purpose, legal basis, retention."""
    return {"personal": {"purpose": purpose, "basis": basis, "retention": retention}}


def money(minor: int | None) -> dict[str, Any] | None:
    """Cents as the contracts' Money; None stays None."""
    return None if minor is None else {"minor": minor, "currency": CURRENCY}
