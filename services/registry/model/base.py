"""The base of the registry's mapped classes, and how a column says that it holds personal data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.bare.tables import NAMES, TYPES

SCHEME = "carrying out the exchange scheme that the person registered for (GDPR 6(1)(b))"
CONSENT = "the person's own free answer (GDPR 6(1)(a), 9(2)(a))"
ENQUIRY = "answering what the person asked (GDPR 6(1)(f))"


class Base(DeclarativeBase):
    """Every table of the registry."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


def personal(purpose: str, basis: str = SCHEME, retention: str = "until 5 years after the participation ended") -> dict[str, Any]:
    """What a column with personal data carries as `info`: purpose, legal basis, retention."""
    return {"personal": {"purpose": purpose, "basis": basis, "retention": retention}}
